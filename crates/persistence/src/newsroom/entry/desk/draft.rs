//! Working copies: kept over and over by whoever writes, and saved as a revision when they say so.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    content::{Content, ContentPatch},
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
    revision::RevisionNumber,
};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::Serialize;
use serde_json::json;

use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::{
        convert::{from_document, micros, to_document},
        entity::working_copy,
    },
    error::{corrupt, invalid},
    newsroom::{
        Newsroom,
        entry::{VersionKey, save::Saved},
    },
};

/// A working copy to keep.
#[derive(Debug, Clone, Serialize)]
pub struct DraftKeep {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// The newest revision, as its author had it before them; one that is there keeps its own when none is given.
    pub based_on: Option<RevisionNumber>,
    /// What shall be different about its content.
    pub content: ContentPatch,
}

/// A working copy to save as a revision.
#[derive(Debug, Clone, Serialize)]
pub struct DraftSave {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Why, in the author's words.
    pub comment: Option<String>,
}

impl Newsroom {
    /// Keeps a working copy over the one that is there. It begins with the content of the newest revision; what it is based on may be
    /// old by the time it is kept again, but not by the time it is saved.
    ///
    /// # Errors
    /// When it is begun, or brought up to a revision, that is not the newest, something it names does not exist, the viewer may not
    /// edit, or the database fails.
    pub async fn draft_keep(&self, command: Command<'_>, input: &DraftKeep) -> Written<VersionKey> {
        self.store
            .change(command, Act::KeepDraft, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::EditEntry, found, input.locale)?;
                work.require_locale(input.locale)?;
                if input.content.kind() != found.entry.kind {
                    let message = "this entry is of the other kind";
                    return Err(WriteError::refused(ProblemCode::Invalid, "entryId", message));
                }
                let copy = work.working_copy(key).await?;
                let newest = work.newest_of(&found, key).await?;
                let number = newest.as_ref().map(|newest| newest.number);
                let newest = newest.map(|newest| newest.content);
                let (before, based_on, created_at) = match &copy {
                    Some(copy) => {
                        let old = copy.based_on.map(|number| u32::try_from(number).map_err(corrupt)).transpose()?;
                        let mut before: Content = from_document(&copy.content)?;
                        if input.based_on.is_some() && input.based_on != old {
                            Work::require_base(number, input.based_on)?;
                            // What its owner has not touched is as others have made it since.
                            let base = match old {
                                Some(old) => Some(work.revision_of(key, old).await?.content),
                                None => None,
                            };
                            before = ContentPatch::between(base, before).applied_to(newest.clone());
                        }
                        (Some(before), input.based_on.or(old), copy.created_at)
                    }
                    None => {
                        Work::require_base(number, input.based_on)?;
                        (newest.clone(), number, micros(work.tx.now))
                    }
                };
                let mut known = newest.as_ref().map(Content::names).unwrap_or_default();
                known.extend(before.iter().flat_map(Content::names));
                let content = input.content.clone().applied_to(before);
                work.require_content(Some(input.entry), &content, &known).await?;
                let row = working_copy::ActiveModel {
                    entry_id: Set(key.entry.uuid()),
                    locale: Set(key.locale.to_string()),
                    owner: Set(work.command.by.actor.to_string()),
                    based_on: Set(based_on.map(|number| i32::try_from(number).map_err(invalid)).transpose()?),
                    content: Set(to_document(&content)?),
                    created_at: Set(created_at),
                    saved_at: Set(micros(work.tx.now)),
                };
                use working_copy::Column::{BasedOn, Content as Document, EntryId, Locale, Owner, SavedAt};
                working_copy::Entity::insert(row)
                    .on_conflict(
                        OnConflict::columns([EntryId, Locale, Owner])
                            .update_columns([BasedOn, Document, SavedAt])
                            .to_owned(),
                    )
                    .exec_without_returning(work.tx.connection())
                    .await?;
                if copy.is_some() {
                    return Ok(Done::quietly(&found, key));
                }
                let subject = (AuditSubject::Entry, key.entry.uuid());
                Ok(Done::new(&found, subject, json!({ "basedOn": based_on }), key).in_locale(key.locale))
            })
            .await
    }

    /// Saves one's working copy as a revision, and ends it.
    ///
    /// # Errors
    /// When there is none, it is not based on the newest revision, and as for [`Newsroom::entry_save`].
    pub async fn draft_save(&self, command: Command<'_>, input: &DraftSave) -> Written<VersionKey> {
        self.store
            .change(command, Act::SaveDraft, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::EditEntry, found, input.locale)?;
                let copy = work.working_copy(key).await?.ok_or_else(no_draft)?;
                let newest = work.newest_of(&found, key).await?;
                let based_on = copy.based_on.map(|number| u32::try_from(number).map_err(corrupt)).transpose()?;
                Work::require_base(newest.as_ref().map(|newest| newest.number), based_on)?;
                let content: Content = from_document(&copy.content)?;
                work.require_content(Some(input.entry), &content, &content.names()).await?;
                let source = work.translation_source(&found, key, None).await?;
                let saved = work.append(&found, key, newest.as_ref(), content, input.comment.clone(), source).await?;
                work.working_copy_end(key).await?;
                Ok(match saved {
                    Saved::Nothing => Done::quietly(&found, key),
                    saved => saved.done(&found, key, json!({ "begunAt": copy.created_at })),
                })
            })
            .await
    }

    /// Throws one's working copy away.
    ///
    /// # Errors
    /// When there is none, or the database fails.
    pub async fn draft_discard(&self, command: Command<'_>, key: VersionKey) -> Written<VersionKey> {
        self.store
            .change(command, Act::DiscardDraft, &key, async |work| {
                let found = work.entry(key.entry).await?;
                // Who may not edit any more still throws away what is theirs.
                let found = work.require_for(Permission::ReadDrafts, found, key.locale)?;
                let copy = work.working_copy(key).await?.ok_or_else(no_draft)?;
                work.working_copy_end(key).await?;
                let detail = json!({ "basedOn": copy.based_on });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}

fn no_draft() -> WriteError {
    WriteError::not_found("entryId", "working copy of yours")
}

impl Work<'_> {
    fn copy_of(&self, key: VersionKey) -> (uuid::Uuid, String, String) {
        (key.entry.uuid(), key.locale.to_string(), self.command.by.actor.to_string())
    }

    /// The viewer's own working copy.
    async fn working_copy(&self, key: VersionKey) -> Written<Option<working_copy::Model>> {
        Ok(working_copy::Entity::find_by_id(self.copy_of(key)).one(self.tx.connection()).await?)
    }

    async fn working_copy_end(&self, key: VersionKey) -> Written<()> {
        working_copy::Entity::delete_by_id(self.copy_of(key)).exec(self.tx.connection()).await?;
        Ok(())
    }
}
