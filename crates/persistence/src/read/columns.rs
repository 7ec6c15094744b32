//! Which columns of an edition a statement selects, and how they become a [`Publication`].

use courant_domain::{
    entry::EntryKind,
    publication::{Body, DecreeFacts, History, Parts, Publication},
};
use sea_orm::{QueryResult, TryGetable};

use crate::{
    convert::{date, from_document, from_word, locale, timestamp},
    error::{Result, corrupt},
    publish::force_of,
};

/// What is selected whatever was asked for.
const ALWAYS: &str = "e.entry_id, e.locale, e.kind, e.category_id, e.slug, e.title, e.published_at";

/// The optional columns, in the order in which [`read`] takes them.
const OPTIONAL: [(Parts, &str); 10] = [
    (Parts::SUMMARY, "e.summary"),
    (Parts::HISTORY, "e.first_published_at, e.updated_at, e.version"),
    (Parts::DECREE, "e.number, e.signed_day, e.partly_from_day, e.from_day, e.partly_until_day, e.until_day"),
    (Parts::DETAILS, "e.details"),
    (Parts::HTML, "e.html"),
    (Parts::TEXT, "e.plain"),
    (Parts::SOURCE, "e.format, e.source"),
    (Parts::OUTLINE, "e.outline"),
    (Parts::WORD_COUNT, "e.word_count"),
    (Parts::VIEWS, "coalesce(v.views, 0)"),
];

/// The select list for these parts of the edition `e`.
pub(super) fn select(parts: Parts) -> String {
    let mut list = ALWAYS.to_owned();
    for (part, columns) in OPTIONAL {
        if parts.contains(part) {
            list.push_str(", ");
            list.push_str(columns);
        }
    }
    list
}

/// The join that the counts need, if they are asked for.
pub(super) const fn join(parts: Parts) -> &'static str {
    if parts.contains(Parts::VIEWS) { " LEFT JOIN view_count v ON v.entry_id = e.entry_id" } else { "" }
}

/// Takes the columns of a row one after the other.
pub(super) struct Cursor<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(row: &'a QueryResult) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn take<T: TryGetable>(&mut self) -> Result<T> {
        let value = self.row.try_get_by_index(self.next)?;
        self.next += 1;
        Ok(value)
    }
}

/// Reads the columns that [`select`] lists.
pub(super) fn read(columns: &mut Cursor<'_>, parts: Parts) -> Result<Publication> {
    let entry: uuid::Uuid = columns.take()?;
    let language: String = columns.take()?;
    let kind: String = columns.take()?;
    let category: uuid::Uuid = columns.take()?;
    let mut publication = Publication {
        parts,
        entry: entry.into(),
        locale: locale(&language)?,
        kind: entry_kind(&kind)?,
        category: category.into(),
        slug: columns.take()?,
        title: columns.take()?,
        published_at: timestamp(columns.take()?)?,
        summary: None,
        history: None,
        decree: None,
        details: None,
        body: None,
        views: None,
    };
    if parts.contains(Parts::SUMMARY) {
        publication.summary = columns.take()?;
    }
    if parts.contains(Parts::HISTORY) {
        publication.history = Some(History {
            first_published_at: timestamp(columns.take()?)?,
            updated_at: timestamp(columns.take()?)?,
            version: columns.take()?,
        });
    }
    if parts.contains(Parts::DECREE) {
        publication.decree = read_decree(columns)?;
    }
    if parts.contains(Parts::DETAILS) {
        publication.details = Some(Box::new(from_document(&columns.take::<String>()?)?));
    }
    publication.body = read_body(columns, parts)?;
    if parts.contains(Parts::VIEWS) {
        publication.views = Some(columns.take()?);
    }
    Ok(publication)
}

fn entry_kind(word: &str) -> Result<EntryKind> {
    EntryKind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| corrupt(format!("kind {word}")))
}

fn read_decree(columns: &mut Cursor<'_>) -> Result<Option<DecreeFacts>> {
    let number: Option<String> = columns.take()?;
    let signed_day: Option<i32> = columns.take()?;
    let force = force_of((columns.take()?, columns.take()?, columns.take()?, columns.take()?))?;
    Ok(match (number, signed_day) {
        (Some(number), Some(signed_day)) => Some(DecreeFacts { number, signed_on: date(signed_day)?, force }),
        _ => None,
    })
}

fn read_body(columns: &mut Cursor<'_>, parts: Parts) -> Result<Option<Box<Body>>> {
    let mut body = Body::default();
    if parts.contains(Parts::HTML) {
        body.html = Some(columns.take()?);
    }
    if parts.contains(Parts::TEXT) {
        body.text = Some(columns.take()?);
    }
    if parts.contains(Parts::SOURCE) {
        let format: String = columns.take()?;
        body.source = Some((from_word(&format)?, columns.take()?));
    }
    if parts.contains(Parts::OUTLINE) {
        body.outline = Some(from_document(&columns.take::<String>()?)?);
    }
    if parts.contains(Parts::WORD_COUNT) {
        body.word_count = Some(u32::try_from(columns.take::<i32>()?).map_err(corrupt)?);
    }
    Ok((body != Body::default()).then(|| Box::new(body)))
}
