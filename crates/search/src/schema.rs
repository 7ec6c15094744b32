//! What the index holds of an edition.

use tantivy::{
    TantivyDocument,
    schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions},
};
use uuid::Uuid;

use crate::{
    analysis::{ANALYSIS, Language},
    tokens::{self, STEMS, WORDS},
};

/// The version of the fields. An index that was made by another one is built anew.
const FIELDS: u32 = 2;

/// The name of an index that this version can read.
pub(crate) fn version() -> String {
    format!("v{FIELDS}.{ANALYSIS}")
}

/// What is indexed of one live edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The entry.
    pub entry: Uuid,
    /// The language of the edition, as a BCP 47 tag.
    pub locale: String,
    /// The locales of those readers who get this edition of the entry, by fallbacks too.
    pub readers: Vec<String>,
    /// What it is: `ARTICLE`, `DECREE`.
    pub kind: String,
    /// Where it is filed.
    pub category: Uuid,
    /// Its subjects.
    pub tags: Vec<Uuid>,
    /// Who signed it.
    pub signatory: Option<Uuid>,
    /// The year it is of.
    pub year: i16,
    /// The date it carries, in microseconds since 1970.
    pub published: i64,
    /// Its number, as printed.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// Its standfirst.
    pub summary: Option<String>,
    /// Its text.
    pub text: String,
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// The entry, to take it out.
    pub(crate) entry: Field,
    /// The entry and the language.
    pub(crate) edition: Field,
    /// The entry's id in two halves.
    pub(crate) high: Field,
    pub(crate) low: Field,
    pub(crate) locale: Field,
    pub(crate) readers: Field,
    pub(crate) kind: Field,
    pub(crate) category: Field,
    pub(crate) tag: Field,
    pub(crate) signatory: Field,
    pub(crate) year: Field,
    pub(crate) published: Field,
    /// Stems of the title, of the text.
    pub(crate) title: Field,
    pub(crate) text: Field,
    /// Words of the title, the number included, and of the text, as they are spelled.
    pub(crate) exact_title: Field,
    pub(crate) exact_text: Field,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut builder = SchemaBuilder::default();
        let tokens = |tokenizer, record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let stems = tokens(STEMS, IndexRecordOption::WithFreqs);
        let exact = tokens(WORDS, IndexRecordOption::WithFreqsAndPositions);
        Self {
            entry: builder.add_text_field("entry", STRING),
            edition: builder.add_text_field("edition", STRING),
            high: builder.add_u64_field("high", FAST),
            low: builder.add_u64_field("low", FAST),
            locale: builder.add_text_field("locale", STRING | FAST),
            readers: builder.add_text_field("readers", STRING),
            kind: builder.add_text_field("kind", STRING | FAST),
            category: builder.add_text_field("category", STRING | FAST),
            tag: builder.add_text_field("tag", STRING | FAST),
            signatory: builder.add_text_field("signatory", STRING | FAST),
            year: builder.add_text_field("year", STRING | FAST),
            published: builder.add_i64_field("published", FAST | INDEXED),
            title: builder.add_text_field("title", stems.clone()),
            text: builder.add_text_field("text", stems),
            exact_title: builder.add_text_field("exact_title", exact.clone()),
            exact_text: builder.add_text_field("exact_text", exact),
            schema: builder.build(),
        }
    }

    /// A document as tantivy takes it. No text is stored: hits are read from the database.
    pub(crate) fn document(&self, edition: &Document) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        let (high, low) = edition.entry.as_u64_pair();
        document.add_text(self.entry, edition.entry.simple().to_string());
        document.add_text(self.edition, edition_term(edition.entry, &edition.locale));
        document.add_u64(self.high, high);
        document.add_u64(self.low, low);
        document.add_text(self.locale, &edition.locale);
        for reader in &edition.readers {
            document.add_text(self.readers, reader);
        }
        document.add_text(self.kind, &edition.kind);
        document.add_text(self.category, edition.category.simple().to_string());
        for tag in &edition.tags {
            document.add_text(self.tag, tag.simple().to_string());
        }
        if let Some(signatory) = edition.signatory {
            document.add_text(self.signatory, signatory.simple().to_string());
        }
        document.add_text(self.year, edition.year.to_string());
        document.add_i64(self.published, edition.published);
        let language = Language::of(&edition.locale);
        let title =
            tokens::field(language, [Some(edition.title.as_str()), edition.number.as_deref()].into_iter().flatten());
        document.add_text(self.title, &title);
        document.add_text(self.exact_title, &title);
        let text = tokens::field(language, [edition.summary.as_deref(), Some(&edition.text)].into_iter().flatten());
        document.add_text(self.text, &text);
        document.add_text(self.exact_text, &text);
        document
    }
}

/// What an edition is found by, to leave it out.
pub(crate) fn edition_term(entry: Uuid, locale: &str) -> String {
    format!("{} {locale}", entry.simple())
}
