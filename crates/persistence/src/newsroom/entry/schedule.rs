//! Setting the minute something goes live, and taking such times away again.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    id::EntryId,
    locale::Locale,
    patch::Patch,
    problem::ProblemCode,
    revision::RevisionNumber,
    workflow::{Standing, Step},
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{VersionKey, live::note};
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::entries::touch,
    newsroom::Newsroom,
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
    /// The public note it will carry. When nothing is said of it, what is moved to another time keeps its own.
    pub change_note: Patch<Option<String>>,
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

impl Newsroom {
    /// Sets the time at which the newest revision of one language goes live, or moves it. It must be complete now.
    ///
    /// # Errors
    /// As for [`Newsroom::entry_publish`], and when the time is past.
    pub async fn entry_schedule(&self, command: Command<'_>, input: &EntrySchedule) -> Written<VersionKey> {
        self.store
            .change(command, Act::ScheduleEntry, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::PublishEntry, found, input.locale)?;
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
                if let Some(given) = input.change_note.value() {
                    standing.scheduled_note = note(given.as_deref());
                }
                if standing == *before {
                    return Ok(Done::unchanged(&found, key));
                }
                standing.scheduled_by = Some(work.command.by.actor.clone());
                work.tx.standing_put(&found, &standing, &revision).await?;
                touch(&work.tx, key.entry, Some(key.locale), false).await?;
                let mut detail =
                    json!({ "revision": revision.number, "at": input.at, "changeNote": standing.scheduled_note });
                if let Some(at) = before.scheduled_at {
                    detail["before"] = json!({ "at": at, "changeNote": before.scheduled_note });
                }
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }

    /// Takes a set time away: what was to go live is a draft again, what was to end stays.
    ///
    /// # Errors
    /// When no such time is set, the viewer may not, or the database fails.
    pub async fn entry_unschedule(&self, command: Command<'_>, input: &EntryUnschedule) -> Written<VersionKey> {
        self.store
            .change(command, Act::UnscheduleEntry, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let permission = match input.scheduled {
                    Scheduled::Publishing => Permission::PublishEntry,
                    Scheduled::Expiry => Permission::UnpublishEntry,
                };
                let found = work.require_for(permission, found, input.locale)?;
                let before = found.written(input.locale)?;
                let standing = match input.scheduled {
                    Scheduled::Publishing => found.unscheduled(input.locale, before)?,
                    Scheduled::Expiry if before.expiry.is_none() => {
                        return Err(WriteError::refused(ProblemCode::WrongState, "scheduled", "no end is set"));
                    }
                    Scheduled::Expiry => Standing { expiry: None, ..before.clone() },
                };
                let newest = work.tx.newest(key, &standing).await?;
                work.tx.standing_put(&found, &standing, &newest).await?;
                touch(&work.tx, key.entry, Some(key.locale), false).await?;
                let detail = json!({ "scheduled": input.scheduled });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}
