//! Which columns of an edition a statement selects, and how they become a [`Publication`].

use std::sync::Arc;

use courant_domain::{entry::EntryKind, locale::Locale};
use jiff::Timestamp;

use crate::{
    db::{
        connect::Dialect,
        convert::{date, from_document, from_word, locale, timestamp},
        row::Cursor,
    },
    error::{Result, corrupt},
    live::{
        publication::{Body, DecreeFacts, History, Parts, Publication},
        publish::force_of,
    },
};

/// What is known of editions by where they were looked for, and so is no column of the statement.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub(super) locale: Option<Locale>,
    pub(super) kind: Option<EntryKind>,
    pub(super) published_at: Option<Timestamp>,
}

/// Nothing is known.
pub(super) const NONE: Known = Known { locale: None, kind: None, published_at: None };

/// What a statement selects of editions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Select {
    pub(super) parts: Parts,
    pub(super) known: Known,
}

/// The columns of the parts, in the order in which [`read`] takes them.
const COLUMNS: [(Parts, &[&str]); 14] = [
    (Parts::CATEGORY, &["e.category_id"]),
    (Parts::SLUG, &["e.slug"]),
    (Parts::TITLE, &["e.title"]),
    (Parts::SUMMARY, &["e.summary"]),
    (Parts::HISTORY, &["e.first_published_at", "e.updated_at", "e.version"]),
    (
        Parts::DECREE,
        &["e.number", "e.signed_day", "e.partly_from_day", "e.from_day", "e.partly_until_day", "e.until_day"],
    ),
    (Parts::DETAILS, &["e.details"]),
    (Parts::HTML, &["e.html"]),
    (Parts::TEXT, &["e.plain"]),
    (Parts::SOURCE, &["e.format", "e.source"]),
    (Parts::OUTLINE, &["e.outline"]),
    (Parts::EMBEDS, &["e.embeds"]),
    (Parts::WORD_COUNT, &["e.word_count"]),
    (Parts::VIEWS, &["coalesce(v.views, 0)"]),
];

/// The select list for these parts of the edition `e`, of which nothing is known.
pub(super) fn select(parts: Parts) -> String {
    Select { parts, known: NONE }.list()
}

impl Select {
    /// The select list for the edition `e`, without what is known.
    pub(super) fn list(&self) -> String {
        self.columns().join(", ")
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.columns().len()
    }

    fn columns(&self) -> Vec<&'static str> {
        let Self { parts, known } = *self;
        let mut columns = vec!["e.entry_id"];
        let mut add = |wanted: bool, more: &[&'static str]| {
            if wanted {
                columns.extend(more);
            }
        };
        add(known.locale.is_none(), &["e.locale"]);
        add(known.kind.is_none(), &["e.kind"]);
        add(parts.contains(Parts::PUBLISHED_AT) && known.published_at.is_none(), &["e.published_at"]);
        for (part, more) in COLUMNS {
            add(parts.contains(part), more);
        }
        columns
    }
}

/// The join that the counts need, if they are asked for.
pub(super) const fn join(parts: Parts) -> &'static str {
    if parts.contains(Parts::VIEWS) { " LEFT JOIN view_count v ON v.entry_id = e.entry_id" } else { "" }
}

/// The joins to the edition with this id, in SQL. The locale that is known of editions comes from what is
/// in memory of the site; here it is made sure of, for the site's languages may just have changed.
pub(super) fn join_edition(dialect: Dialect, id: &str, select: &Select) -> String {
    let locale = select.known.locale.map(|locale| format!(" AND e.locale = '{locale}'")).unwrap_or_default();
    format!("{} edition e ON e.id = {id}{locale}{}", dialect.join(), join(select.parts))
}

/// Reads the columns that [`select`] lists for the same parts, where the same is known. Shared at once: it is handed on a few times, by
/// whoever sorts it in and whoever shows it.
pub(super) fn read(columns: &mut Cursor<'_>, parts: Parts, known: Known) -> Result<Arc<Publication>> {
    let entry: uuid::Uuid = columns.take()?;
    let mut publication = Publication {
        parts,
        entry: entry.into(),
        locale: known.locale.map_or_else(|| locale(&columns.take::<String>()?), Ok)?,
        kind: known.kind.map_or_else(|| entry_kind(&columns.take::<String>()?), Ok)?,
        category: None,
        slug: None,
        title: None,
        published_at: None,
        summary: None,
        history: None,
        decree: None,
        details: None,
        body: None,
        views: None,
        preview: None,
    };
    if parts.contains(Parts::PUBLISHED_AT) {
        publication.published_at = Some(known.published_at.map_or_else(|| timestamp(columns.take()?), Ok)?);
    }
    if parts.contains(Parts::CATEGORY) {
        publication.category = Some(columns.take::<uuid::Uuid>()?.into());
    }
    if parts.contains(Parts::SLUG) {
        publication.slug = Some(columns.take()?);
    }
    if parts.contains(Parts::TITLE) {
        publication.title = Some(columns.take()?);
    }
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
    if BODY.into_iter().any(|part| parts.contains(part)) {
        publication.body = read_body(columns, parts)?;
    }
    if parts.contains(Parts::VIEWS) {
        publication.views = Some(columns.take()?);
    }
    Ok(Arc::new(publication))
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

/// The parts of a body.
const BODY: [Parts; 6] = [Parts::HTML, Parts::TEXT, Parts::SOURCE, Parts::OUTLINE, Parts::EMBEDS, Parts::WORD_COUNT];

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
    if parts.contains(Parts::EMBEDS) {
        body.embeds = Some(from_document(&columns.take::<String>()?)?);
    }
    if parts.contains(Parts::WORD_COUNT) {
        body.word_count = Some(u32::try_from(columns.take::<i32>()?).map_err(corrupt)?);
    }
    Ok((body != Body::default()).then(|| Box::new(body)))
}
