//! What was scheduled and is due.

use courant_domain::{
    access::{Permission, Viewer},
    audit::{Act, AuditSubject, Whereabouts},
    problem::ProblemCode,
    workflow::{Standing, State, Step},
};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Scheduled, VersionKey, live::GoLive, unpublish::not_live};
use crate::{
    change_log::NOW,
    command::{Allowed, Command, Done, WriteError, Written},
    db::{
        connect::Dialect,
        convert::{locale, micros, timestamp},
        entity::standing,
        entries::touch,
    },
    error::Result,
    newsroom::Newsroom,
};

/// What became of one thing that was due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DueDone {
    /// It went live.
    Published,
    /// It ended.
    Unpublished,
    /// It could not go live and is a draft again, or could not end and has no set end any more; the audit log says so,
    /// too.
    Refused(String),
    /// Somebody else had done it, or it was no longer due.
    Nothing,
}

/// What is ahead on the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueNext {
    /// When the next thing is due.
    pub at: Option<Timestamp>,
    /// What the database's clock says, which is the same for all nodes. An embedded database has none but ours.
    pub now: Timestamp,
}

/// A set time that has come.
struct Due {
    key: VersionKey,
    at: Timestamp,
    what: Scheduled,
}

/// Somebody else has done it.
const NOTHING: Done<DueDone> = Done::Nothing(DueDone::Nothing);

impl Newsroom {
    /// Does what is due at a time, each in a transaction of its own, in the order of the planned times: what was
    /// scheduled goes live with the time it was planned for, what was set to end ends. Any node may do it, as often
    /// as it likes: nothing is done twice.
    ///
    /// # Errors
    /// When the database fails; what was done before stays done.
    pub async fn due_run(&self, now: Timestamp) -> Result<Vec<(VersionKey, DueDone)>> {
        const AT_ONCE: usize = 100;
        let mut done = Vec::new();
        loop {
            let due = self.due(now, AT_ONCE as u64).await?;
            let mut more = due.len() == AT_ONCE;
            let before = done.len();
            for due in due {
                let outcome = self.due_do(&due, now).await?;
                done.push((due.key, outcome));
            }
            // What somebody else did meanwhile is no reason to look again.
            more &= done[before..].iter().any(|(_, outcome)| *outcome != DueDone::Nothing);
            if !more {
                return Ok(done);
            }
        }
    }

    /// When the next thing is due, and what time it is for all nodes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due_next(&self) -> Result<DueNext> {
        let clock = match self.store.dialect() {
            Dialect::Postgres => NOW,
            Dialect::Sqlite => "NULL",
        };
        let sql = format!(
            "SELECT min(at), {clock} FROM (\
             SELECT min(scheduled_at) AS at FROM standing WHERE scheduled_at IS NOT NULL AND state = 'SCHEDULED' \
             UNION ALL SELECT min(expires_at) FROM standing WHERE expires_at IS NOT NULL) AS due"
        );
        let rows = self.store.read(sql, Vec::new()).await?;
        let row = rows.first().ok_or_else(|| crate::error::corrupt("no row of an aggregate"))?;
        let at: Option<i64> = row.try_get_by_index(0)?;
        let now: Option<i64> = row.try_get_by_index(1)?;
        Ok(DueNext {
            at: at.map(timestamp).transpose()?,
            now: now.map(timestamp).transpose()?.unwrap_or_else(|| self.store.now()),
        })
    }

    /// What is due, in the order of its times.
    async fn due(&self, now: Timestamp, limit: u64) -> Result<Vec<Due>> {
        use standing::Column::{EntryId, ExpiresAt, Locale, ScheduledAt, State as InState};
        let scheduled = standing::Entity::find().filter(InState.eq(State::Scheduled.as_str()));
        let mut due = Vec::new();
        for (query, column, what) in
            [(scheduled, ScheduledAt, Scheduled::Publishing), (standing::Entity::find(), ExpiresAt, Scheduled::Expiry)]
        {
            let rows: Vec<(uuid::Uuid, String, Option<i64>)> = query
                .filter(column.lte(micros(now)))
                .order_by_asc(column)
                .order_by_asc(EntryId)
                .order_by_asc(Locale)
                .limit(limit)
                .select_only()
                .columns([EntryId, Locale, column])
                .into_tuple()
                .all(self.store.reader())
                .await?;
            for (entry, language, at) in rows {
                let key = VersionKey { entry: entry.into(), locale: locale(&language)? };
                due.push(Due { key, at: timestamp(at.unwrap_or_default())?, what });
            }
        }
        due.sort_by_key(|due| (due.at, due.what));
        due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(due)
    }

    async fn due_do(&self, due: &Due, now: Timestamp) -> Result<DueDone> {
        let program = Viewer::program();
        let outcome = match due.what {
            Scheduled::Publishing => self.due_publish(&program, due, now).await,
            Scheduled::Expiry => self.due_unpublish(&program, due, now).await,
        };
        match outcome {
            Ok(done) => Ok(done),
            Err(WriteError::Store(error)) => Err(error),
            Err(refused) => {
                let reason = refused.to_string();
                match self.due_give_up(&program, due, &reason).await {
                    Ok(done) => Ok(done),
                    Err(WriteError::Store(error)) => Err(error),
                    Err(other) => Err(crate::error::corrupt(other)),
                }
            }
        }
    }

    async fn due_publish(&self, program: &Viewer, due: &Due, now: Timestamp) -> Written<DueDone> {
        self.store
            .change(Command::of(program), Act::PublishEntry, &(), async |work| {
                let Some(found) = work.tx.entry_in_work(due.key.entry).await? else { return Ok(NOTHING) };
                let found = Allowed::to_anybody(found);
                let Some(before) = found.standing(due.key.locale) else { return Ok(NOTHING) };
                if due.at > now || !due.is_set(before) {
                    return Ok(NOTHING);
                }
                let by = before.scheduled_by.as_ref();
                work.require_planner(by, Permission::PublishEntry, &found, due.key.locale).await?;
                work.require_agreed(&found, due.key.locale, before, by).await?;
                let standing = before.after(Step::Publish)?;
                let revision = work.tx.newest(due.key, &standing).await?;
                let with = GoLive { at: due.at, published_at: None, note: before.scheduled_note.clone() };
                work.go_live(&found, &revision, with).await?;
                work.tx.standing_put(&found, &standing, &revision).await?;
                let detail = json!({
                    "revision": revision.number,
                    "changeNote": before.scheduled_note,
                    "scheduledAt": due.at,
                    "scheduledBy": before.scheduled_by,
                });
                Ok(Done::new(&found, (AuditSubject::Entry, due.key.entry.uuid()), detail, DueDone::Published)
                    .in_locale(due.key.locale))
            })
            .await
    }

    async fn due_unpublish(&self, program: &Viewer, due: &Due, now: Timestamp) -> Written<DueDone> {
        self.store
            .change(Command::of(program), Act::UnpublishEntry, &(), async |work| {
                let Some(found) = work.tx.entry_in_work(due.key.entry).await? else { return Ok(NOTHING) };
                let found = Allowed::to_anybody(found);
                let Some(before) = found.standing(due.key.locale) else { return Ok(NOTHING) };
                let Some(expiry) = before.expiry.as_ref().filter(|_| due.at <= now && due.is_set(before)) else {
                    return Ok(NOTHING);
                };
                work.require_planner(Some(&expiry.by), Permission::UnpublishEntry, &found, due.key.locale).await?;
                let live = found.live(due.key.locale).ok_or_else(not_live)?;
                let standing = before.after(Step::Unpublish)?;
                let path = work.tx.path(due.key, live.revision).await?;
                let ending = work.ending_now(&expiry.ending, &path).await?;
                work.take_back(&found, live, &ending, due.at).await?;
                let newest = work.tx.newest(due.key, &standing).await?;
                work.tx.standing_put(&found, &standing, &newest).await?;
                let planned = (ending != expiry.ending).then_some(&expiry.ending);
                let detail = json!({
                    "ending": ending,
                    "planned": planned,
                    "scheduledAt": due.at,
                    "scheduledBy": expiry.by,
                    (Whereabouts::KEY): found.whereabouts(),
                });
                Ok(Done::new(&found, (AuditSubject::Entry, due.key.entry.uuid()), detail, DueDone::Unpublished)
                    .in_locale(due.key.locale))
            })
            .await
    }

    /// What cannot be done as planned is not tried for ever: it is a draft again, or stays live. Another node may have
    /// given it up before, and somebody may have set another time: then there is nothing to give up.
    async fn due_give_up(&self, program: &Viewer, due: &Due, reason: &str) -> Written<DueDone> {
        self.store
            .change(Command::of(program), Act::UnscheduleEntry, &(), async |work| {
                let Some(found) = work.tx.entry_in_work(due.key.entry).await? else { return Ok(NOTHING) };
                let found = Allowed::to_anybody(found);
                let Some(before) = found.standing(due.key.locale).filter(|before| due.is_set(before)) else {
                    return Ok(NOTHING);
                };
                let standing = match due.what {
                    Scheduled::Publishing => found.unscheduled(due.key.locale, before)?,
                    Scheduled::Expiry => Standing { expiry: None, ..before.clone() },
                };
                let newest = work.tx.newest(due.key, &standing).await?;
                work.tx.standing_put(&found, &standing, &newest).await?;
                touch(&work.tx, due.key.entry, Some(due.key.locale), false).await?;
                let by = match due.what {
                    Scheduled::Publishing => before.scheduled_by.as_ref(),
                    Scheduled::Expiry => before.expiry.as_ref().map(|expiry| &expiry.by),
                };
                let detail = json!({
                    "code": ProblemCode::WrongState,
                    "reason": reason,
                    "scheduledAt": due.at,
                    "scheduledBy": by,
                });
                Ok(Done::new(
                    &found,
                    (AuditSubject::Entry, due.key.entry.uuid()),
                    detail,
                    DueDone::Refused(reason.to_owned()),
                )
                .in_locale(due.key.locale))
            })
            .await
    }
}

impl Due {
    /// Whether this is still what is set: not done, not given up, and not set to another time.
    fn is_set(&self, standing: &Standing) -> bool {
        let at = match self.what {
            Scheduled::Publishing => standing.scheduled_at.filter(|_| standing.state == State::Scheduled),
            Scheduled::Expiry => standing.expiry.as_ref().map(|expiry| expiry.at),
        };
        // The time of an end is kept as it was given, which may be finer than what is searched for.
        at.map(micros) == Some(micros(self.at))
    }
}
