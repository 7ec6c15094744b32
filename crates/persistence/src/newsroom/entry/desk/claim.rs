//! Who has a language of an entry open: it tells others, and binds nobody.

use courant_domain::{
    access::{ActorId, Permission},
    audit::{Act, AuditSubject},
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
};
use jiff::SignedDuration;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::Serialize;
use serde_json::json;

use crate::{
    command::{Command, Done, WriteError, Written},
    db::{convert::micros, entity::open_claim},
    newsroom::{Newsroom, entry::VersionKey},
};

/// So many minutes a claim holds at most, if it is not made again.
pub const LONGEST_CLAIM: u32 = 60;

/// A language of an entry that somebody has open.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct EntryClaim {
    /// Of which entry.
    pub entry: EntryId,
    /// Which language.
    pub locale: Locale,
    /// For how long, if it is not said again.
    pub minutes: u32,
    /// Whether it is taken from somebody else who has it open.
    pub take_over: bool,
}

impl Newsroom {
    /// Says that the viewer has a language of an entry open, or still has. It ends by itself.
    ///
    /// # Errors
    /// When somebody else has it open, the viewer may not edit it, or the database fails.
    pub async fn entry_claim(&self, command: Command<'_>, input: &EntryClaim) -> Written<VersionKey> {
        self.store
            .change(command, Act::ClaimEntry, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::EditEntry, found, input.locale)?;
                work.require_locale(input.locale)?;
                let now = micros(work.tx.now);
                let by = work.command.by.actor.clone();
                let id = (key.entry.uuid(), key.locale.to_string());
                let held = open_claim::Entity::find_by_id(id).one(work.tx.connection()).await?;
                let held = held.filter(|claim| claim.until > now);
                let own = held.as_ref().filter(|claim| claim.owner == by.as_str());
                if let Some(other) = held.as_ref().filter(|_| own.is_none() && !input.take_over) {
                    let owner = ActorId::from(other.owner.clone());
                    let account = match owner.as_user() {
                        Some(user) => work.account(user).await?,
                        None => None,
                    };
                    let name = account.map_or_else(|| owner.to_string(), |account| account.user.name);
                    let message = format!("{name} has it open; say takeOver to take it");
                    return Err(WriteError::refused(ProblemCode::Taken, "entryId", message));
                }
                let until = work.tx.now.checked_add(SignedDuration::from_mins(input.minutes.into()));
                let until = until.map_err(crate::error::invalid)?;
                let row = open_claim::ActiveModel {
                    entry_id: Set(key.entry.uuid()),
                    locale: Set(key.locale.to_string()),
                    owner: Set(by.to_string()),
                    since: Set(own.map_or(now, |claim| claim.since)),
                    until: Set(micros(until)),
                };
                use open_claim::Column::{EntryId, Locale, Owner, Since, Until};
                open_claim::Entity::insert(row)
                    .on_conflict(
                        OnConflict::columns([EntryId, Locale]).update_columns([Owner, Since, Until]).to_owned(),
                    )
                    .exec_without_returning(work.tx.connection())
                    .await?;
                if own.is_some() {
                    return Ok(Done::quietly(&found, key));
                }
                let detail = json!({ "until": until, "takenFrom": held.map(|claim| claim.owner) });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }

    /// Says that the viewer has a language of an entry open no more.
    ///
    /// # Errors
    /// When the viewer does not see it, or the database fails.
    pub async fn entry_release(&self, command: Command<'_>, key: VersionKey) -> Written<VersionKey> {
        self.store
            .change(command, Act::ReleaseEntry, &key, async |work| {
                let found = work.entry(key.entry).await?;
                let found = work.require_for(Permission::ReadDrafts, found, key.locale)?;
                work.require_locale(key.locale)?;
                let id = (key.entry.uuid(), key.locale.to_string());
                let held = open_claim::Entity::find_by_id(id.clone()).one(work.tx.connection()).await?;
                let now = micros(work.tx.now);
                let own =
                    |claim: &open_claim::Model| claim.owner == work.command.by.actor.as_str() && claim.until > now;
                if !held.is_some_and(|claim| own(&claim)) {
                    return Ok(Done::unchanged(&found, key));
                }
                open_claim::Entity::delete_by_id(id).exec(work.tx.connection()).await?;
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), json!({}), key).in_locale(key.locale))
            })
            .await
    }
}
