//! Publishing.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    id::EntryId,
    locale::Locale,
    revision::RevisionNumber,
    workflow::Step,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{
    VersionKey,
    live::{GoLive, note},
};
use crate::{
    command::{Command, Done, Work, Written},
    newsroom::Newsroom,
};

/// A language of an entry to make live.
#[derive(Debug, Clone, Serialize)]
pub struct EntryPublish {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// The newest revision, as the publisher has read it; whatever is newest when none is given.
    pub revision: Option<RevisionNumber>,
    /// A public note, which makes this a major publish.
    pub change_note: Option<String>,
    /// The date it shall carry, not later than now. What was published before keeps its date when none is given.
    pub published_at: Option<Timestamp>,
}

impl Newsroom {
    /// Makes the newest revision of one language live. Other languages stay as they are.
    ///
    /// # Errors
    /// When something readers need is missing, the slug is taken, it is archived, another revision was meant, the
    /// viewer may not, or not alone, or the database fails.
    pub async fn entry_publish(&self, command: Command<'_>, input: &EntryPublish) -> Written<VersionKey> {
        self.store
            .change(command, Act::PublishEntry, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::PublishEntry, found, input.locale)?;
                if input.published_at.is_some() {
                    work.require(Permission::Backdate, &found.target(&[input.locale]))?;
                }
                let before = found.written(input.locale)?;
                Work::require_newest("revision", input.revision, before.newest)?;
                let standing = before.after(Step::Publish)?;
                work.require_agreed(&found, input.locale, before, Some(&work.command.by.actor)).await?;
                let revision = work.tx.newest(key, &standing).await?;
                let at = work.tx.now;
                let note = note(input.change_note.as_deref());
                let with = GoLive { at, published_at: input.published_at, note: note.clone() };
                work.go_live(&found, &revision, with).await?;
                work.tx.standing_put(&found, &standing, &revision).await?;
                let detail = json!({
                    "revision": revision.number,
                    "changeNote": note,
                    "publishedAt": input.published_at,
                });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}
