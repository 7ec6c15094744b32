//! Taking back what is live.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject, Whereabouts},
    edition::Ending,
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
    workflow::{Expiry, State, Step},
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::VersionKey;
use crate::{
    command::{Command, Done, WriteError, Written},
    db::entries::touch,
    newsroom::Newsroom,
};

/// What is live of a language, to be taken back.
#[derive(Debug, Clone, Serialize)]
pub struct EntryUnpublish {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// What readers get from then on.
    pub ending: Ending,
    /// When: a time to come, or now when none is given.
    pub at: Option<Timestamp>,
}

impl Newsroom {
    /// Takes back what is live of one language, now or at a set time. What is in work behind it stays in work.
    ///
    /// # Errors
    /// When nothing is live (nor scheduled to be, where a time is given), the time is past, the target of a redirect
    /// leads nowhere, the viewer may not, or the database fails.
    pub async fn entry_unpublish(&self, command: Command<'_>, input: &EntryUnpublish) -> Written<VersionKey> {
        self.store
            .change(command, Act::UnpublishEntry, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::UnpublishEntry, found, input.locale)?;
                let before = found.written(input.locale)?;
                let live = found.live(input.locale);
                let path = work.tx.path(key, live.map_or(before.newest, |live| live.revision)).await?;
                work.require_ending(&input.ending, &path).await?;
                let mut standing;
                if let Some(at) = input.at {
                    if live.is_none() && before.state != State::Scheduled {
                        return Err(not_live());
                    }
                    if at <= work.tx.now || before.scheduled_at.is_some_and(|from| at <= from) {
                        let message = "the time must lie in the future, and behind the time it goes live";
                        return Err(WriteError::refused(ProblemCode::Invalid, "at", message));
                    }
                    standing = before.clone();
                    standing.expiry =
                        Some(Expiry { at, by: work.command.by.actor.clone(), ending: input.ending.clone() });
                    touch(&work.tx, input.entry, Some(input.locale), false).await?;
                } else {
                    let live = live.ok_or_else(not_live)?;
                    standing = before.after(Step::Unpublish)?;
                    let now = work.tx.now;
                    work.take_back(&found, live, &input.ending, now).await?;
                }
                let newest = work.tx.newest(key, &standing).await?;
                work.tx.standing_put(&found, &standing, &newest).await?;
                // What only ends later leaves nobody's sight yet.
                let was = input.at.is_none().then(|| found.whereabouts());
                let detail = json!({ "ending": input.ending, "at": input.at, (Whereabouts::KEY): was });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}

pub(super) fn not_live() -> WriteError {
    WriteError::refused(ProblemCode::NotLive, "locale", "nothing is live in this language")
}
