//! How tantivy cuts texts up, in the threads that write: into stems, and into words as they are spelled.

use std::{collections::HashMap, str::Split};

use tantivy::{
    Index,
    tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer},
};

use crate::analysis::{Language, Written, exact};

/// What the schema calls the two.
pub(crate) const STEMS: &str = "stems";
pub(crate) const WORDS: &str = "words";

/// Between two texts of a field. In a text it is no word either.
const NEXT: char = '\u{1d}';
/// So many words are between the last one of a text and the first one of the next: no phrase goes from one to the other.
const GAP: usize = 10;
/// Of so many words of a language it is remembered what they are filed under. Most words of a text are among few.
const KNOWN: usize = 16_384;

/// Texts of a field, as the tokenizers take them: in front is by which language's rules their words go.
pub(crate) fn field<'a>(language: Language, texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut field = String::from(language.mark());
    for (index, text) in texts.into_iter().enumerate() {
        if index > 0 {
            field.push(NEXT);
        }
        field.push_str(text);
    }
    field
}

/// Makes the tokenizers known to an index that is going to be written.
pub(crate) fn register(index: &Index) {
    for (name, is_stems) in [(STEMS, true), (WORDS, false)] {
        index.tokenizers().register(name, TextAnalyzer::from(Cut { is_stems, known: HashMap::new() }));
    }
}

/// What a word is filed under.
type Filed = (String, Option<String>);

#[derive(Clone)]
struct Cut {
    is_stems: bool,
    known: HashMap<Language, HashMap<String, Filed>>,
}

impl Tokenizer for Cut {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, field: &'a str) -> Tokens<'a> {
        let mut rest = field.chars();
        let language = rest.next().map_or(Language::Other, Language::of_mark);
        let mut texts = rest.as_str().split(NEXT);
        Tokens {
            is_stems: self.is_stems,
            language,
            known: self.known.entry(language).or_default(),
            words: Written::of(texts.next().unwrap_or_default()),
            texts,
            begins: 0,
            second: None,
            token: Token { position: 0, ..Token::default() },
        }
    }
}

struct Tokens<'a> {
    is_stems: bool,
    language: Language,
    known: &'a mut HashMap<String, Filed>,
    texts: Split<'a, char>,
    words: Written<'a>,
    /// The place of the text's first word.
    begins: usize,
    /// What else the last word is filed under.
    second: Option<String>,
    token: Token,
}

impl Tokens<'_> {
    fn file(&mut self, written: &str) {
        if !self.known.contains_key(written) {
            if self.known.len() == KNOWN {
                self.known.clear();
            }
            let exact = exact(written);
            let filed = if self.is_stems { self.language.stems(&exact) } else { (exact, None) };
            self.known.insert(written.to_owned(), filed);
        }
        self.token.text.clear();
        if let Some((first, second)) = self.known.get(written) {
            self.token.text.push_str(first);
            self.second.clone_from(second);
        }
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        if let Some(second) = self.second.take() {
            self.token.text = second;
            return true;
        }
        loop {
            if let Some((at, written)) = self.words.next() {
                self.token.position = self.begins + at;
                self.file(written);
                return true;
            }
            let Some(text) = self.texts.next() else { return false };
            self.words = Written::of(text);
            self.begins = self.token.position + GAP;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(is_stems: bool, language: Language, texts: &[&str]) -> Vec<(usize, String)> {
        let mut cut = Cut { is_stems, known: HashMap::new() };
        let field = field(language, texts.iter().copied());
        let mut tokens = cut.token_stream(&field);
        let mut all = Vec::new();
        while tokens.advance() {
            all.push((tokens.token().position, tokens.token().text.clone()));
        }
        all
    }

    #[test]
    fn words_have_their_places_and_texts_a_gap_between_them() {
        let places = |texts: &[&str]| of(false, Language::English, texts);
        let placed = |words: &[(usize, &str)]| -> Vec<(usize, String)> {
            words.iter().map(|(at, word)| (*at, (*word).to_owned())).collect()
        };
        assert_eq!(
            places(&["The Ferries", "Two, two"]),
            placed(&[(0, "the"), (1, "ferries"), (11, "two"), (12, "two")])
        );
        assert_eq!(places(&["", "one"]), placed(&[(10, "one")]));
        assert_eq!(places(&[]), []);
    }

    #[test]
    fn a_word_with_marks_is_filed_twice_at_its_place() {
        let stems = of(true, Language::Turkmen, &["sözler soz", "sözler"]);
        let both: Vec<String> = Language::Turkmen.sought("sözler").into_iter().map(|sought| sought.term).collect();
        let [with_marks, without, ..] = &both[..] else { panic!("{both:?}") };
        assert_eq!(stems.iter().filter(|(_, term)| term == with_marks).map(|(at, _)| *at).collect::<Vec<_>>(), [0, 11]);
        assert_eq!(stems.iter().filter(|(_, term)| term == without).map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1, 11]);
    }

    #[test]
    fn more_words_than_are_remembered_are_filed_as_ever() {
        let text: String = (0..3 * KNOWN).map(|number| format!("Word{number} ")).collect();
        let words = of(false, Language::English, &[&text]);
        assert_eq!(words.len(), 3 * KNOWN);
        assert!(words.iter().all(|(at, word)| *word == format!("word{at}")));
    }
}
