//! What lies on the desk beside revisions: working copies, comments, and who has what open.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{
    access::ActorId,
    desk::{Claim, Comment, Settled, WorkingCopy},
    id::{CommentId, EntryId},
    locale::Locale,
};
use sea_orm::Value;

use crate::{
    db::{
        convert::{from_document, locale, micros, timestamp},
        row::Cursor,
    },
    error::{Result, corrupt},
    live::read::{KEYS, entry_locales, key_condition},
    newsroom::Newsroom,
};

/// A language of an entry.
type Key = (EntryId, Locale);

fn key(row: &Cursor<'_>) -> Result<Key> {
    Ok((row.get::<uuid::Uuid>("entry_id")?.into(), locale(&row.get::<String>("locale")?)?))
}

const COMMENTS: &str = "SELECT t.id, t.entry_id, t.locale, t.revision, t.passage, t.words, t.mentions, t.created_by, \
                        t.created_at, t.resolved_by, t.resolved_at FROM remark t";

fn read_comment(row: &Cursor<'_>) -> Result<Comment> {
    let (entry, locale) = key(row)?;
    let by = row.get::<Option<String>>("resolved_by")?.map(ActorId::from);
    let at = row.get::<Option<i64>>("resolved_at")?.map(timestamp).transpose()?;
    Ok(Comment {
        id: row.get::<uuid::Uuid>("id")?.into(),
        entry,
        locale,
        revision: u32::try_from(row.get::<i32>("revision")?).map_err(corrupt)?,
        passage: row.get::<Option<String>>("passage")?.as_deref().map(from_document).transpose()?,
        text: row.get("words")?,
        mentions: from_document(&row.get::<String>("mentions")?)?,
        created_by: row.get::<String>("created_by")?.into(),
        created_at: timestamp(row.get("created_at")?)?,
        resolved: by.zip(at).map(|(by, at)| Settled { by, at }),
    })
}

impl Newsroom {
    /// The working copies of languages of entries, the last saved first: of the viewer's own with what they hold, of others that they
    /// are there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn working_copies(&self, keys: &[Key], viewer: &ActorId) -> Result<HashMap<Key, Vec<Arc<WorkingCopy>>>> {
        let mut found: HashMap<Key, Vec<Arc<WorkingCopy>>> = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let condition = key_condition(&["t.entry_id", "t.locale"], keys.len());
            let mut values = entry_locales(keys);
            values.push(Value::from(viewer.as_str()));
            let sql = format!(
                "SELECT t.entry_id, t.locale, t.owner, t.based_on, t.created_at, t.saved_at, \
                 CASE WHEN t.owner = ${} THEN t.content END AS content FROM working_copy t WHERE {condition} \
                 ORDER BY t.saved_at DESC, t.owner",
                values.len()
            );
            let read = |row: Cursor<'_>| {
                let (entry, locale) = key(&row)?;
                let number = |number: i32| u32::try_from(number).map_err(corrupt);
                Ok(WorkingCopy {
                    entry,
                    locale,
                    owner: row.get::<String>("owner")?.into(),
                    based_on: row.get::<Option<i32>>("based_on")?.map(number).transpose()?,
                    created_at: timestamp(row.get("created_at")?)?,
                    saved_at: timestamp(row.get("saved_at")?)?,
                    content: row.get::<Option<String>>("content")?.as_deref().map(from_document).transpose()?,
                })
            };
            for copy in self.store.rows(sql, values, read).await? {
                found.entry((copy.entry, copy.locale)).or_default().push(Arc::new(copy));
            }
        }
        Ok(found)
    }

    /// The comments on languages of entries, the first first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn comments(&self, keys: &[Key]) -> Result<HashMap<Key, Vec<Arc<Comment>>>> {
        let mut found: HashMap<Key, Vec<Arc<Comment>>> = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let condition = key_condition(&["t.entry_id", "t.locale"], keys.len());
            let sql = format!("{COMMENTS} WHERE {condition} ORDER BY t.created_at, t.id");
            for comment in self.store.rows(sql, entry_locales(keys), |row| read_comment(&row)).await? {
                found.entry((comment.entry, comment.locale)).or_default().push(Arc::new(comment));
            }
        }
        Ok(found)
    }

    /// One comment, by its id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn comment(&self, id: CommentId) -> Result<Option<Comment>> {
        let found = self
            .store
            .rows(format!("{COMMENTS} WHERE t.id = $1"), vec![id.uuid().into()], |row| read_comment(&row))
            .await?;
        Ok(found.into_iter().next())
    }

    /// Who has languages of entries open now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn claims(&self, keys: &[Key]) -> Result<HashMap<Key, Arc<Claim>>> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let condition = key_condition(&["t.entry_id", "t.locale"], keys.len());
            let mut values = entry_locales(keys);
            values.push(Value::from(micros(self.store.now())));
            let sql = format!(
                "SELECT t.entry_id, t.locale, t.owner, t.since, t.until FROM open_claim t WHERE {condition} AND t.until > ${}",
                values.len()
            );
            let read = |row: Cursor<'_>| {
                let (entry, locale) = key(&row)?;
                let owner = row.get::<String>("owner")?.into();
                let (since, until) = (timestamp(row.get("since")?)?, timestamp(row.get("until")?)?);
                Ok(Claim { entry, locale, owner, since, until })
            };
            for claim in self.store.rows(sql, values, read).await? {
                found.insert((claim.entry, claim.locale), Arc::new(claim));
            }
        }
        Ok(found)
    }
}
