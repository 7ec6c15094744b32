//! Revisions. What they are about is read apart from what was written: a list of titles loads no texts.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{
    access::ActorId,
    content::Content,
    id::EntryId,
    locale::Locale,
    page::{Page, PageRequest, Position},
    revision::RevisionNumber,
};
use jiff::Timestamp;
use sea_orm::Value;

use super::children::{Children, Parent};
use crate::{
    db::{
        connect::Dialect,
        convert::{from_document, locale, timestamp},
        row::Cursor,
    },
    error::{Result, corrupt},
    live::read::{KEYS, key_condition},
    newsroom::Newsroom,
};

/// What of a revision is wanted beyond who saved it when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionParts {
    /// Its title.
    pub title: bool,
    /// Its whole content, the title included.
    pub content: bool,
}

impl RevisionParts {
    /// What either wants.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self { title: self.title || other.title, content: self.content || other.content }
    }

    /// Whether this holds all that the other wants.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        (self.content || !other.content) && (self.title || self.content || !other.title)
    }
}

/// A revision, with the parts that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// The parts it was read with.
    pub parts: RevisionParts,
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Its number.
    pub number: RevisionNumber,
    /// The revision its author had before them.
    pub based_on: Option<RevisionNumber>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// Who saved it.
    pub created_by: ActorId,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// Its title, if it has one and it was asked for.
    pub title: Option<String>,
    /// Its content, if it was asked for.
    pub content: Option<Content>,
}

/// A page of the revisions of one language of an entry that is wanted: newest first. A place's key is a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RevisionsRequest {
    /// The entry.
    pub entry: EntryId,
    /// The language.
    pub locale: Locale,
    /// Which page.
    pub page: PageRequest,
}

const REVISIONS: Children = Children { table: "revision", key: "number", on: "t.entry_id = p.a AND t.locale = p.b" };

fn parent(entry: EntryId, locale: Locale) -> Parent {
    [entry.uuid().into(), locale.as_str().into()]
}

fn columns(dialect: Dialect, parts: RevisionParts) -> String {
    let mut columns = "t.entry_id, t.locale, t.number, t.based_on, t.created_at, t.created_by, t.comment".to_owned();
    if parts.content {
        columns.push_str(", t.content");
    } else if parts.title {
        let json = match dialect {
            Dialect::Sqlite => "t.content",
            Dialect::Postgres => "t.content::jsonb",
        };
        columns
            .push_str(&format!(", coalesce({json} -> 'ARTICLE' ->> 'title', {json} -> 'DECREE' ->> 'title') AS title"));
    }
    columns
}

fn read(row: &Cursor<'_>, parts: RevisionParts) -> Result<RevisionRow> {
    let number = |number: i32| u32::try_from(number).map_err(corrupt);
    let entry: uuid::Uuid = row.get("entry_id")?;
    let content: Option<Content> =
        if parts.content { Some(from_document(&row.get::<String>("content")?)?) } else { None };
    let title = match &content {
        Some(content) => content.title().map(str::to_owned),
        None if parts.title => row.get("title")?,
        None => None,
    };
    Ok(RevisionRow {
        parts,
        entry: entry.into(),
        locale: locale(&row.get::<String>("locale")?)?,
        number: number(row.get("number")?)?,
        based_on: row.get::<Option<i32>>("based_on")?.map(number).transpose()?,
        created_at: timestamp(row.get("created_at")?)?,
        created_by: row.get::<String>("created_by")?.into(),
        comment: row.get("comment")?,
        title,
        content,
    })
}

impl Newsroom {
    /// Revisions by their numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn revisions_by_number(
        &self,
        keys: &[(EntryId, Locale, RevisionNumber)],
        parts: RevisionParts,
    ) -> Result<HashMap<(EntryId, Locale, RevisionNumber), Arc<RevisionRow>>> {
        // A number beyond the column's is no revision's.
        let keys: Vec<(EntryId, Locale, i32)> = keys
            .iter()
            .filter_map(|(entry, locale, number)| Some((*entry, *locale, i32::try_from(*number).ok()?)))
            .collect();
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let key = key_condition(&["t.entry_id", "t.locale", "t.number"], keys.len());
            let sql = format!("SELECT {} FROM revision t WHERE {key}", columns(self.store.dialect(), parts));
            let values = keys
                .iter()
                .flat_map(|(entry, locale, number)| {
                    [Value::from(entry.uuid()), locale.as_str().into(), (*number).into()]
                })
                .collect();
            for revision in self.store.rows(sql, values, |row| read(&row, parts)).await? {
                found.insert((revision.entry, revision.locale, revision.number), Arc::new(revision));
            }
        }
        Ok(found)
    }

    /// Pages of the revisions of languages of entries, newest first, in the order of the requests.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn revisions_pages(
        &self,
        requests: &[&RevisionsRequest],
        parts: RevisionParts,
    ) -> Result<Vec<Page<Arc<RevisionRow>>>> {
        let wanted: Vec<_> =
            requests.iter().map(|request| (parent(request.entry, request.locale), &request.page)).collect();
        let columns = columns(self.store.dialect(), parts);
        REVISIONS
            .pages(&self.store, &columns, &wanted, |row| {
                let revision = read(row, parts)?;
                let place = Position { key: revision.number.into(), entry: revision.entry };
                Ok((place, Arc::new(revision)))
            })
            .await
    }

    /// How many revisions languages of entries have: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn revisions_counts(&self, keys: &[(EntryId, Locale)], bound: u64) -> Result<Vec<u64>> {
        let parents: Vec<Parent> = keys.iter().map(|(entry, locale)| parent(*entry, *locale)).collect();
        REVISIONS.counts(&self.store, &parents, bound).await
    }
}
