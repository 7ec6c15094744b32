//! Setting the minute something goes live, and taking such times away again.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
    revision::RevisionNumber,
    workflow::Step,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{VersionKey, live::note};
use crate::{
    entries::touch,
    newsroom::{Begun, Command, Work, WriteError, Written},
    store::Store,
};

/// A language of an entry to go live later.
#[derive(Debug, Clone, Serialize)]
pub struct EntrySchedule {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// When; it is also the date it will carry, unless it was published before.
    pub at: Timestamp,
    /// The newest revision, as the publisher has read it; whatever is newest when none is given.
    pub revision: Option<RevisionNumber>,
    /// The public note it will carry.
    pub change_note: Option<String>,
}

/// What can be scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Scheduled {
    /// Going live.
    Publishing,
    /// The end of what is live.
    Expiry,
}

/// A set time to take away.
#[derive(Debug, Clone, Serialize)]
pub struct EntryUnschedule {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Which of its times.
    pub scheduled: Scheduled,
}

impl Store {
    /// Sets the time at which the newest revision of one language goes live. It must be complete now.
    ///
    /// # Errors
    /// As for [`Store::entry_publish`], and when the time is past or it is scheduled already.
    pub async fn entry_schedule(&self, mut command: Command<'_>, input: &EntrySchedule) -> Written<VersionKey> {
        let work = match Work::begin(self, &mut command, Act::ScheduleEntry, input).await? {
            Begun::Work(work) => work,
            Begun::Done(key) => return Ok(key),
        };
        let key = VersionKey { entry: input.entry, locale: input.locale };
        let found = work.entry(input.entry).await?;
        work.require_for(Permission::PublishEntry, &found, input.locale)?;
        let before = found.written(input.locale)?;
        Work::require_newest("revision", input.revision, before.newest)?;
        let mut standing = before.after(Step::Schedule)?;
        work.require_agreed(&found, input.locale, before, Some(&work.command.by.actor)).await?;
        let too_late = standing.expiry.as_ref().is_some_and(|expiry| expiry.at <= input.at);
        if input.at <= work.tx.now || too_late {
            let message = "the time must lie in the future, and before the time it ends";
            return Err(WriteError::refused(ProblemCode::Invalid, "at", message));
        }
        let revision = work.tx.newest(key, &standing).await?;
        work.require_publishable(&found, &revision).await?;
        standing.scheduled_at = Some(input.at);
        standing.scheduled_by = Some(command.by.actor.clone());
        standing.scheduled_note = note(input.change_note.as_deref());
        work.tx.standing_put(&standing, &revision).await?;
        touch(&work.tx, key.entry, false).await?;
        let detail = json!({ "revision": revision.number, "at": input.at, "changeNote": standing.scheduled_note });
        work.finish((AuditSubject::Entry, key.entry.uuid()), Some(key.locale), &detail, key).await
    }

    /// Takes a set time away: what was to go live is a draft again, what was to end stays.
    ///
    /// # Errors
    /// When no such time is set, the viewer may not, or the database fails.
    pub async fn entry_unschedule(&self, mut command: Command<'_>, input: &EntryUnschedule) -> Written<VersionKey> {
        let work = match Work::begin(self, &mut command, Act::UnscheduleEntry, input).await? {
            Begun::Work(work) => work,
            Begun::Done(key) => return Ok(key),
        };
        let key = VersionKey { entry: input.entry, locale: input.locale };
        let found = work.entry(input.entry).await?;
        let before = found.written(input.locale)?;
        let standing = match input.scheduled {
            Scheduled::Publishing => {
                work.require_for(Permission::PublishEntry, &found, input.locale)?;
                found.unscheduled(input.locale, before)?
            }
            Scheduled::Expiry => {
                work.require_for(Permission::UnpublishEntry, &found, input.locale)?;
                if before.expiry.is_none() {
                    return Err(WriteError::refused(ProblemCode::WrongState, "scheduled", "no end is set"));
                }
                let mut standing = before.clone();
                standing.expiry = None;
                standing
            }
        };
        let newest = work.tx.newest(key, &standing).await?;
        work.tx.standing_put(&standing, &newest).await?;
        touch(&work.tx, key.entry, false).await?;
        let detail = json!({ "scheduled": input.scheduled });
        work.finish((AuditSubject::Entry, key.entry.uuid()), Some(key.locale), &detail, key).await
    }
}
