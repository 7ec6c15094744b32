//! Showing a revision before it is live.

use courant_domain::{
    access::{Permission, Target},
    audit::{Act, AuditSubject},
    id::EntryId,
    locale::Locale,
    publication::Publication,
    revision::RevisionNumber,
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::VersionKey;
use crate::{
    entity::{entry, revision, view_count},
    entries::{edition_rows, read_entry, read_revision},
    error::Result,
    newsroom::{Begun, Command, Work, WriteError, Written},
    store::Store,
};

/// A revision to make a preview link for.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewCreate {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Which revision; the newest when none is given.
    pub revision: Option<RevisionNumber>,
    /// For how many minutes. It is for whoever signs the link, and a part of what an idempotency key remembers.
    pub minutes: u32,
}

/// What a preview link shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewOf {
    /// Which language of which entry.
    #[serde(flatten)]
    pub key: VersionKey,
    /// Which revision.
    pub revision: RevisionNumber,
}

impl Store {
    /// Sees that the viewer may give out a link to a revision, and records that they did.
    ///
    /// # Errors
    /// When there is no such revision, the viewer may not read it, or the database fails.
    pub async fn preview_create(&self, command: Command<'_>, input: &PreviewCreate) -> Written<PreviewOf> {
        let work = match Work::begin(self, command, Act::CreatePreview, input).await? {
            Begun::Work(work) => work,
            Begun::Done(PreviewOf { key, revision }) => {
                let row = entry::Entity::find_by_id(key.entry.uuid()).one(self.reader()).await?;
                let entry = read_entry(row.ok_or_else(|| WriteError::not_found("entryId", "entry"))?)?;
                let own = entry.created_by.as_ref() == Some(&command.by.actor);
                let target = Target { category: Some(entry.category), locales: &[key.locale], own };
                self.still_may(&command, Permission::ReadDrafts, &target)?;
                return Ok(PreviewOf { key, revision });
            }
        };
        let found = work.entry(input.entry).await?;
        work.require_for(Permission::ReadDrafts, &found, input.locale)?;
        let key = VersionKey { entry: input.entry, locale: input.locale };
        let revision = input.revision.unwrap_or(found.written(input.locale)?.newest);
        if work.tx.revision(key, revision).await?.is_none() {
            return Err(WriteError::not_found("revision", "revision"));
        }
        let detail = json!({ "revision": revision });
        let preview = PreviewOf { key, revision };
        work.finish((AuditSubject::Entry, input.entry.uuid()), Some(input.locale), &detail, preview).await
    }

    /// What readers would see of a revision; none when it is there no more. Whoever asks must have shown a link to it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn preview(&self, PreviewOf { key, revision: number }: PreviewOf) -> Result<Option<Publication>> {
        let db = self.reader();
        let Ok(number) = i32::try_from(number) else { return Ok(None) };
        let id = (key.entry.uuid(), key.locale.to_string(), number);
        let Some(row) = revision::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let revision = read_revision(row)?;
        let Some(row) = entry::Entity::find_by_id(key.entry.uuid()).one(db).await? else { return Ok(None) };
        let entry = read_entry(row)?;
        let live = edition_rows(db, &[key.entry.uuid()]).await?;
        let live = live.iter().find(|live| live.locale == key.locale);
        let views = view_count::Entity::find_by_id(key.entry.uuid()).one(db).await?.map_or(0, |count| count.views);
        Ok(Some(Publication::preview(&entry, &revision, live, views, self.now())))
    }
}
