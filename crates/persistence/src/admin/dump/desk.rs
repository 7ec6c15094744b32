//! What lies on the desk of an entry, in dumps: working copies and comments were acknowledged as kept. Who has what open is not in
//! them: that ends by itself within minutes.

use std::collections::HashSet;

use courant_domain::{
    bounds::Bound,
    desk::{Comment, Settled, WorkingCopy},
    problem::Problem,
    text::is_blank,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{EntryRecord, RecordError};
use crate::{
    db::{
        convert::{from_document, locale, micros, timestamp, to_document},
        entity::{remark, working_copy},
        transaction::{Transaction, chunks},
    },
    error::{Result, corrupt, invalid},
};

/// What lies on the desk of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskRecord {
    /// What people have written and not saved as a revision yet, by language and owner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub working_copies: Vec<WorkingCopy>,
    /// What was said of revisions, in the order it was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
}

impl DeskRecord {
    /// Whether nothing lies there.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.working_copies.is_empty() && self.comments.is_empty()
    }
}

/// Checks that what lies on the desk of an entry fits it.
pub(super) fn validate(record: &EntryRecord) -> Result<(), RecordError> {
    let DeskRecord { working_copies, comments } = &record.desk;
    let has = |locale, number| record.revisions.iter().any(|it| it.locale == locale && it.number == number);
    let mut seen = HashSet::new();
    for copy in working_copies {
        if copy.entry != record.entry.id {
            return Err(RecordError::Foreign);
        }
        if !seen.insert((copy.locale, &copy.owner)) {
            return Err(RecordError::Twice("a working copy"));
        }
        let content = copy.content.as_ref().filter(|content| content.kind() == record.entry.kind);
        let content = content.ok_or(RecordError::DeskUnfit(copy.locale))?;
        if copy.based_on.is_some_and(|number| !has(copy.locale, number)) {
            return Err(RecordError::DeskUnfit(copy.locale));
        }
        if let Some(Problem { field, message, .. }) = content.text_problems().into_iter().next() {
            return Err(RecordError::Text { locale: copy.locale, field: field.join("."), message });
        }
    }
    let mut seen = HashSet::new();
    for comment in comments {
        if comment.entry != record.entry.id {
            return Err(RecordError::Foreign);
        }
        if !seen.insert(comment.id) {
            return Err(RecordError::Twice("a comment"));
        }
        if !has(comment.locale, comment.revision) || is_blank(&comment.text) {
            return Err(RecordError::DeskUnfit(comment.locale));
        }
        Bound::NOTE.check(&comment.text).map_err(|error| RecordError::Text {
            locale: comment.locale,
            field: "comments".to_owned(),
            message: error.to_string(),
        })?;
    }
    Ok(())
}

/// Puts down what lay on the desks of entries that are there by now.
pub(crate) async fn put_down(tx: &Transaction, records: &[EntryRecord]) -> Result<()> {
    let copies = records.iter().flat_map(|record| &record.desk.working_copies).map(copy_row);
    for rows in chunks(copies.collect::<Result<Vec<_>>>()?) {
        working_copy::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    let comments = records.iter().flat_map(|record| &record.desk.comments).map(comment_row);
    for rows in chunks(comments.collect::<Result<Vec<_>>>()?) {
        remark::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// The working copies of these entries, by language and owner.
pub(super) async fn working_copies<C: ConnectionTrait>(db: &C, entries: &[Uuid]) -> Result<Vec<WorkingCopy>> {
    let rows = working_copy::Entity::find()
        .filter(working_copy::Column::EntryId.is_in(entries.iter().copied()))
        .all(db)
        .await?;
    let read = |row: working_copy::Model| {
        Ok(WorkingCopy {
            entry: row.entry_id.into(),
            locale: locale(&row.locale)?,
            owner: row.owner.into(),
            based_on: row.based_on.map(|number| u32::try_from(number).map_err(corrupt)).transpose()?,
            created_at: timestamp(row.created_at)?,
            saved_at: timestamp(row.saved_at)?,
            content: Some(from_document(&row.content)?),
        })
    };
    let mut copies = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    // The databases' collations differ; bytes do not.
    copies.sort_by(|a, b| (a.locale, &a.owner).cmp(&(b.locale, &b.owner)));
    Ok(copies)
}

/// The comments on these entries, in the order they were made.
pub(super) async fn comments<C: ConnectionTrait>(db: &C, entries: &[Uuid]) -> Result<Vec<Comment>> {
    let rows = remark::Entity::find()
        .filter(remark::Column::EntryId.is_in(entries.iter().copied()))
        .order_by_asc(remark::Column::CreatedAt)
        .order_by_asc(remark::Column::Id)
        .all(db)
        .await?;
    let read = |row: remark::Model| {
        let at = row.resolved_at.map(timestamp).transpose()?;
        Ok(Comment {
            id: row.id.into(),
            entry: row.entry_id.into(),
            locale: locale(&row.locale)?,
            revision: u32::try_from(row.revision).map_err(corrupt)?,
            passage: row.passage.as_deref().map(from_document).transpose()?,
            text: row.words,
            mentions: from_document(&row.mentions)?,
            created_by: row.created_by.into(),
            created_at: timestamp(row.created_at)?,
            resolved: row.resolved_by.zip(at).map(|(by, at)| Settled { by: by.into(), at }),
        })
    };
    rows.into_iter().map(read).collect()
}

fn copy_row(copy: &WorkingCopy) -> Result<working_copy::ActiveModel> {
    let content = copy.content.as_ref().ok_or_else(|| invalid("a working copy without what it holds"))?;
    Ok(working_copy::ActiveModel {
        entry_id: Set(copy.entry.uuid()),
        locale: Set(copy.locale.to_string()),
        owner: Set(copy.owner.to_string()),
        based_on: Set(copy.based_on.map(|number| i32::try_from(number).map_err(invalid)).transpose()?),
        content: Set(to_document(content)?),
        created_at: Set(micros(copy.created_at)),
        saved_at: Set(micros(copy.saved_at)),
    })
}

fn comment_row(comment: &Comment) -> Result<remark::ActiveModel> {
    Ok(remark::ActiveModel {
        id: Set(comment.id.uuid()),
        entry_id: Set(comment.entry.uuid()),
        locale: Set(comment.locale.to_string()),
        revision: Set(i32::try_from(comment.revision).map_err(invalid)?),
        passage: Set(comment.passage.as_ref().map(to_document).transpose()?),
        words: Set(comment.text.clone()),
        mentions: Set(to_document(&comment.mentions)?),
        created_by: Set(comment.created_by.to_string()),
        created_at: Set(micros(comment.created_at)),
        resolved_by: Set(comment.resolved.as_ref().map(|settled| settled.by.to_string())),
        resolved_at: Set(comment.resolved.as_ref().map(|settled| micros(settled.at))),
    })
}
