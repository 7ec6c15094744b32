//! Decrees among the generated articles, so that the feed "last news" has two kinds to mix, as on a real portal.

use anyhow::{Context, Result};
use courant_domain::{
    content::Content,
    decree::{DecreeContent, DocumentType},
    edition::Edition,
    entry::{Entry, EntryKind},
    id::EntryId,
    revision::Revision,
    rich_text::{Format, RichText},
    slug::Slug,
    workflow::{LocaleStanding, Standing, State},
};
use courant_persistence::{
    Options, Store,
    dump::{DeskRecord, EntryRecord},
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::database::{Columns, Database, Dialect, Postgres, Sqlite};

/// How many go in in one transaction.
const BATCH: u32 = 500;

/// Adds so many decrees, spread evenly over the time that the articles are from.
///
/// # Errors
/// When there are no articles, or the database fails.
pub async fn add(url: &str, count: u32) -> Result<()> {
    let span = match Dialect::of(url) {
        Dialect::Sqlite => span(&Sqlite::open(url, "").await?).await?,
        Dialect::Postgres => span(&Postgres::open(url, "").await?).await?,
    };
    let store = Store::open(&Options::parse(url)?).await?;
    for first in (0..count).step_by(BATCH as usize) {
        let numbers = first..count.min(first + BATCH);
        let records = numbers.map(|number| decree(&store, number, count, span)).collect::<Result<Vec<_>>>()?;
        store.admin().entries_create(&records).await?;
    }
    Ok(store.close().await?)
}

/// The seconds between which articles were published.
async fn span<D: Database>(database: &D) -> Result<(i64, i64)> {
    let rows = database.rows("SELECT min(published_at), max(published_at) FROM edition", &[]).await?;
    let row = rows.first().context("there are no articles")?;
    Ok((row.long(0)? / 1_000_000, row.long(1)? / 1_000_000))
}

fn decree(store: &Store, number: u32, count: u32, (from, until): (i64, i64)) -> Result<EntryRecord> {
    let reference = store.reference();
    let categories: Vec<_> = reference.categories.iter().collect();
    let at = Timestamp::from_second(from + (until - from) * i64::from(number + 1) / i64::from(count))?;
    let entry = Entry {
        id: EntryId::from(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("decree {number} of {count}").as_bytes())),
        kind: EntryKind::Decree,
        category: categories.get(number as usize % categories.len().max(1)).context("there are no categories")?.id,
        tags: Vec::new(),
        created_at: at,
        created_by: None,
        was_published: true,
        origin: None,
    };
    let body = "The Government resolves:\n\n1. To take note of the report.\n2. To publish this decree in the gazette.";
    let content = DecreeContent {
        slug: Some(Slug::parse(&format!("decree-on-matters-of-common-interest-{number}"))?),
        number: Some(format!("{number}-D")),
        document_type: DocumentType::Decree,
        title: Some(format!("Decree No. {number} on matters of common interest and their order")),
        summary: Some("Takes note of the report and orders its publication.".to_owned()),
        signed_on: Some(TimeZone::UTC.to_datetime(at).date()),
        body: Some(RichText::new(Format::Markdown, body)),
        ..DecreeContent::default()
    };
    let locale = reference.site.default_locale;
    let revision = Revision {
        entry: entry.id,
        locale,
        number: 1,
        based_on: None,
        created_at: at,
        created_by: "benchmark".to_owned(),
        comment: None,
        content: Content::Decree(content),
    };
    let edition = Edition::publish(&entry, None, &revision, at, Some(at), None)?;
    let standing = Standing::new(State::Published, 1);
    Ok(EntryRecord {
        entry,
        views: i64::from(number % 5000),
        standings: vec![LocaleStanding { locale, standing }],
        revisions: vec![revision],
        editions: vec![edition],
        desk: DeskRecord::default(),
        waiting_paths: Vec::new(),
    })
}
