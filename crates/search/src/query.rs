//! The query language: what somebody types, taken for what it most likely means. Nothing in it is an error.

mod build;

use uuid::Uuid;

pub(crate) use self::build::{Breadth, can_widen, having, narrowed, relevance, rest};
use crate::analysis::{Word, sought_words};

/// More than this of a query is passed over, in characters.
const LONGEST: usize = 1000;
/// More parts than this are passed over.
const MOST: usize = 32;

/// What somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ask {
    /// What is looked for in texts.
    pub(crate) parts: Vec<Part>,
    /// What field words narrow it to, or leave out.
    pub(crate) narrowed: Vec<(Narrowed, bool)>,
}

/// A word, or several that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    /// As they are spelled.
    pub(crate) words: Vec<String>,
    pub(crate) form: Form,
    /// Only in titles and numbers.
    pub(crate) in_title: bool,
    /// Not to be there.
    pub(crate) excluded: bool,
    /// To be there, whatever else is.
    pub(crate) required: bool,
    /// Whether it is a word that was typed as such, and nothing that it stands in means something else: only then another spelling of it is
    /// a proposal.
    pub(crate) is_plain: bool,
    /// Where it stands in what was typed, in bytes.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// How a part is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// In all its forms.
    Word,
    /// Word for word.
    Phrase,
    /// As the beginning of a word.
    Prefix,
}

/// Which hits are wanted. What is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<String>>,
    /// Filed in one of these categories.
    pub categories: Option<Vec<Uuid>>,
    /// With one of these tags.
    pub tags: Option<Vec<Uuid>>,
    /// Signed by one of these persons.
    pub signatories: Option<Vec<Uuid>>,
    /// Of one of these years.
    pub years: Option<Vec<i16>>,
    /// In one of these languages.
    pub locales: Option<Vec<String>>,
    /// Published at this time or later, in microseconds since 1970.
    pub from: Option<i64>,
    /// Published before this time.
    pub before: Option<i64>,
}

/// A word before a colon that says what the word after it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldWord {
    /// A kind: `kind:decree`.
    Kind,
    /// A category, by its path: `category:politics/parliament`.
    Category,
    /// A tag, by its slug.
    Tag,
    /// Who signed, by their slug.
    Signatory,
    /// A year.
    Year,
    /// A language.
    Language,
}

/// What a field word narrows a search to: one of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Narrowed {
    /// Kinds.
    Kinds(Vec<String>),
    /// Categories.
    Categories(Vec<Uuid>),
    /// Tags.
    Tags(Vec<Uuid>),
    /// Persons who signed.
    Signatories(Vec<Uuid>),
    /// Years.
    Years(Vec<i16>),
    /// Languages.
    Locales(Vec<String>),
}

impl Ask {
    /// Reads what was typed. `narrow` says what a field word with its value stands for; what it knows nothing of is looked for as words.
    pub fn read(typed: &str, mut narrow: impl FnMut(FieldWord, &str) -> Option<Narrowed>) -> Self {
        let end = typed.char_indices().nth(LONGEST).map_or(typed.len(), |(at, _)| at);
        let typed = &typed[..end];
        let mut ask = Self::default();
        for Raw { from, text, quoted, sign, field } in raw(typed) {
            if ask.parts.len() + ask.narrowed.len() >= MOST {
                break;
            }
            let excluded = sign == Some('-');
            let mut in_title = false;
            let (mut text, mut from) = (text, from);
            match field.and_then(Field::of) {
                Some(Field::Title) => in_title = true,
                Some(Field::Narrow(word)) => {
                    if let Some(narrowed) = narrow(word, text) {
                        ask.narrowed.push((narrowed, excluded));
                        continue;
                    }
                    (text, from) = with_field(typed, from, text, field);
                }
                None => (text, from) = with_field(typed, from, text, field),
            }
            let spelled: Vec<Word> = sought_words(text).collect();
            let (begins, ends) =
                spelled.first().zip(spelled.last()).map_or((0, 0), |(first, last)| (first.from, last.to));
            let found: Vec<String> = spelled.into_iter().map(|word| word.exact).collect();
            if found.is_empty() {
                continue;
            }
            let is_code = found.len() > 1 && found.iter().any(|word| word.chars().any(char::is_numeric));
            let form = match quoted || is_code {
                true => Form::Phrase,
                false if text.ends_with('*') => Form::Prefix,
                false => Form::Word,
            };
            let required = sign == Some('+') || form == Form::Phrase || in_title;
            let is_plain = form == Form::Word && !text.contains([':', '*', '/', '@']);
            let (from, to) = (from + begins, from + ends);
            ask.parts.push(Part { words: found, form, in_title, excluded, required, is_plain, from, to });
        }
        ask
    }

    /// Whether it asks for nothing in texts: then everything is meant that its field words leave.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.wanted().next().is_none()
    }

    pub(crate) fn wanted(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.excluded)
    }
}

/// The value with the word before its colon, which is no field word.
fn with_field<'a>(typed: &'a str, from: usize, text: &'a str, field: Option<&str>) -> (&'a str, usize) {
    let Some(field) = field else { return (text, from) };
    let begins = typed[..from].rfind(field).unwrap_or(from);
    (&typed[begins..from + text.len()], begins)
}

enum Field {
    Title,
    Narrow(FieldWord),
}

impl Field {
    /// Field words in the three languages.
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_lowercase().as_str() {
            "title" | "number" | "заголовок" | "номер" | "at" | "belgi" => Self::Title,
            "kind" | "вид" | "görnüş" | "gornus" => Self::Narrow(FieldWord::Kind),
            "category" | "рубрика" | "bölüm" | "bolum" => Self::Narrow(FieldWord::Category),
            "tag" | "тег" | "belgilik" => Self::Narrow(FieldWord::Tag),
            "signatory" | "подписал" | "gol" => Self::Narrow(FieldWord::Signatory),
            "year" | "год" | "ýyl" | "yyl" => Self::Narrow(FieldWord::Year),
            "language" | "lang" | "язык" | "dil" => Self::Narrow(FieldWord::Language),
            _ => return None,
        })
    }
}

/// A part as it was typed.
struct Raw<'a> {
    /// Where its text begins.
    from: usize,
    text: &'a str,
    quoted: bool,
    sign: Option<char>,
    field: Option<&'a str>,
}

const OPENING: [char; 4] = ['"', '«', '“', '„'];
const CLOSING: [char; 4] = ['"', '»', '”', '“'];

/// Cuts what was typed at spaces and quotation marks. A quotation that is not closed goes to the end.
fn raw(typed: &str) -> Vec<Raw<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begins) = typed[at..].find(|c: char| !c.is_whitespace() && !c.is_control()) {
        at += begins;
        let mut sign = None;
        if let Some(first) = typed[at..].chars().next().filter(|first| ['-', '+'].contains(first)) {
            let next = typed[at + 1..].chars().next();
            if next.is_some_and(|next| next.is_alphanumeric() || OPENING.contains(&next)) {
                sign = Some(first);
                at += 1;
            }
        }
        let stops = |c: char| c.is_whitespace() || c.is_control() || OPENING.contains(&c);
        let mut end = at + typed[at..].find(stops).unwrap_or(typed.len() - at);
        let mut field = None;
        if let Some(colon) = typed[at..end].find(':')
            && (at + colon + 1 < end || typed[end..].starts_with(OPENING))
            && colon > 0
        {
            field = Some(&typed[at..at + colon]);
            at += colon + 1;
        }
        let opening = typed[at..].chars().next().filter(|first| OPENING.contains(first));
        if let Some(opening) = opening {
            let from = at + opening.len_utf8();
            let length = typed[from..].find(CLOSING);
            let to = length.map_or(typed.len(), |length| from + length);
            found.push(Raw { from, text: &typed[from..to], quoted: true, sign, field });
            at = typed[to..].chars().next().map_or(to, |closing| to + closing.len_utf8());
            continue;
        }
        end = end.max(at);
        if end > at {
            found.push(Raw { from: at, text: &typed[at..end], quoted: false, sign, field });
        }
        // Something always goes on, whatever stands there.
        at = if end > at { end } else { at + typed[at..].chars().next().map_or(1, char::len_utf8) };
        if at >= typed.len() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(typed: &str) -> Vec<(String, Form, bool, bool)> {
        let ask = Ask::read(typed, |_, _| None);
        ask.parts.into_iter().map(|part| (part.words.join(" "), part.form, part.in_title, part.excluded)).collect()
    }

    #[test]
    fn each_thing_is_taken_for_what_it_most_likely_means() {
        let word = |text: &str| (text.to_owned(), Form::Word, false, false);
        assert_eq!(of("tax  Reform"), [word("tax"), word("reform")]);
        assert_eq!(
            of("\"tax reform\" -sugar"),
            [("tax reform".to_owned(), Form::Phrase, false, false), ("sugar".to_owned(), Form::Word, false, true)]
        );
        assert_eq!(of("«гербовый сбор"), [("гербовый сбор".to_owned(), Form::Phrase, false, false)]);
        assert_eq!(of("№ PP-117"), [("pp 117".to_owned(), Form::Phrase, false, false)]);
        assert_eq!(
            of("title:water wat*"),
            [("water".to_owned(), Form::Word, true, false), ("wat".to_owned(), Form::Prefix, false, false)]
        );
        assert_eq!(of("time:now"), [word("time now")]);
        assert_eq!(of("tag:nowhere"), [word("tag nowhere")]);
        assert_eq!(of("- -- \" : :: \"\" -\" tag: *"), [word("tag")]);
    }

    #[test]
    fn field_words_narrow() {
        let ask = Ask::read("year:2024 -tag:water rain", |field, value| match field {
            FieldWord::Year => Some(Narrowed::Years(vec![value.parse().ok()?])),
            FieldWord::Tag => Some(Narrowed::Tags(vec![])),
            _ => None,
        });
        assert_eq!(ask.narrowed, [(Narrowed::Years(vec![2024]), false), (Narrowed::Tags(vec![]), true)]);
        assert_eq!(ask.parts.len(), 1);
        assert_eq!(Ask::read("год:2024", |_, _| Some(Narrowed::Years(vec![1]))).narrowed.len(), 1);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(of(&"word ".repeat(2000)).len(), MOST);
        // Longer than any that is in an index: so it is found nowhere, and not everywhere.
        let long = of(&"ў".repeat(10_000));
        assert!(long.len() == 1 && long[0].0.chars().count() == 65, "{long:?}");
    }

    proptest! {
        #[test]
        fn nothing_is_an_error(typed in "[\\PC\"«»:+*\\- \\x00-\\x1f]{0,60}") {
            let ask = Ask::read(&typed, |_, value| value.is_empty().then(|| Narrowed::Years(vec![])));
            for part in &ask.parts {
                prop_assert!(!part.words.is_empty());
                prop_assert!(typed.get(part.from..part.to).is_some(), "{:?}", part);
            }
        }
    }
}
