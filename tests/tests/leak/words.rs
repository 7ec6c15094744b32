//! Words that stand nowhere else, so that one that is found where it should not be says what leaked.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{
    article::{ArticleContent, Delivery, Genre, LeadImage, Source},
    decree::{DecreeContent, DocumentType, Relation, Signatory},
    id::{EntryId, PersonId},
    rich_text::{Format, RichText},
    slug::Slug,
};

/// What every word begins with that readers shall find.
pub(crate) const PUBLIC: &str = "publicword";
/// What every word begins with that they shall not.
pub(crate) const HIDDEN: &str = "hiddenword";

/// The words of one sort that were planted, each with the label of what it was planted in.
pub(crate) struct Words {
    prefix: &'static str,
    planted: BTreeMap<String, Place>,
}

/// Where a word was planted.
pub(crate) struct Place {
    /// In what.
    pub(crate) label: String,
    /// In which field of it.
    pub(crate) field: String,
    /// In which language.
    pub(crate) locale: String,
}

impl Words {
    pub(crate) fn new(prefix: &'static str) -> Self {
        Self { prefix, planted: BTreeMap::new() }
    }

    /// A new word for a field of something: `hiddenworddrafttitleen`.
    pub(crate) fn word(&mut self, label: &str, field: &str, locale: &str) -> String {
        let word = format!("{}{label}{field}{locale}", self.prefix);
        let [label, field, locale] = [label, field, locale].map(str::to_owned);
        let before = self.planted.insert(word.clone(), Place { label, field, locale });
        assert!(before.is_none() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{word}");
        word
    }

    pub(crate) fn all(&self) -> BTreeSet<String> {
        self.planted.keys().cloned().collect()
    }

    /// Each word, and where it was planted.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.planted.iter().map(|(word, place)| (word.as_str(), place))
    }

    /// The words planted in one thing.
    pub(crate) fn of<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(_, place)| place.label == label).map(|(word, _)| word)
    }
}

/// Every word with this beginning that a text holds, in whatever case it is written.
pub(crate) fn words_in(prefix: &str, text: &str) -> BTreeSet<String> {
    let text = text.to_ascii_lowercase();
    text.match_indices(prefix)
        .map(|(at, _)| text[at..].chars().take_while(char::is_ascii_alphanumeric).collect())
        .collect()
}

/// An article with a word in every field that takes text.
pub(crate) fn article(
    words: &mut Words,
    label: &str,
    locale: &str,
    authors: &[PersonId],
    covers: &[EntryId],
) -> ArticleContent {
    let mut word = |field: &str| words.word(label, field, locale);
    ArticleContent {
        slug: Some(slug(&word("slug"))),
        genre: Genre::default(),
        kicker: Some(word("kicker")),
        title: Some(format!("On {}", word("title"))),
        summary: Some(word("summary")),
        dateline: Some(word("dateline")),
        body: Some(body(&mut word)),
        authors: authors.to_vec(),
        lead_image: Some(LeadImage {
            url: format!("https://example.org/{}.jpg", word("image")),
            alt: Some(word("alt")),
            caption: Some(word("caption")),
            width: Some(640),
            height: Some(480),
        }),
        source: Some(Source { name: word("source"), url: Some(format!("https://example.org/{}", word("sourceurl"))) }),
        canonical_url: Some(format!("https://example.org/{}", word("canonical"))),
        rights: Some(word("rights")),
        covers: covers.to_vec(),
        delivery: Some(Box::new(Delivery {
            on: Some(jiff::civil::date(2026, 1, 14)),
            place: Some(word("place")),
            note: Some(word("delivery")),
        })),
        related: covers.to_vec(),
    }
}

/// A decree with a word in every field that takes text; its relations have theirs from whoever makes them.
pub(crate) fn decree(
    words: &mut Words,
    label: &str,
    locale: &str,
    signatory: PersonId,
    relations: Vec<Relation>,
) -> DecreeContent {
    let mut word = |field: &str| words.word(label, field, locale);
    DecreeContent {
        slug: Some(slug(&word("slug"))),
        number: Some(word("number")),
        document_type: DocumentType::Law,
        title: Some(format!("On {}", word("title"))),
        summary: Some(word("summary")),
        signed_on: Some(jiff::civil::date(2026, 1, 15)),
        effective_on: Some(jiff::civil::date(2026, 2, 1)),
        signatory: Some(Signatory { person: signatory, office: Some(word("office")) }),
        body: Some(body(&mut word)),
        related: relations.iter().map(|relation| relation.target).collect(),
        relations,
        ..Default::default()
    }
}

fn body(word: &mut impl FnMut(&str) -> String) -> RichText {
    let (heading, text, link) = (word("heading"), word("body"), word("link"));
    let (film, called, script, instead) = (word("film"), word("filmtitle"), word("script"), word("instead"));
    let gone = word("gone");
    RichText::new(
        Format::Markdown,
        format!(
            "## {heading}\n\nThere is **{text}** [here](https://example.org/{link}).\n\n\
             <video src=\"https://example.org/{film}\" title=\"{called}\">{instead}</video>\n\n\
             <input value=\"{gone}\"><script src=\"https://example.org/{script}\"></script>\n"
        ),
    )
}

pub(crate) fn slug(word: &str) -> Slug {
    Slug::parse(word).unwrap()
}
