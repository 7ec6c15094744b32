//! The change log and the audit log.

use std::collections::HashMap;

use courant_domain::{
    change::{Action, ChangeSeq, Subject, Told},
    entry::EntryKind,
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::{Check, Rule, or_none};
use crate::{
    db::convert::{from_document, timestamp},
    error::Result,
};

const ROWS: u64 = 5000;

/// No time zone is further ahead of UTC.
const FURTHEST_EAST: SignedDuration = SignedDuration::from_hours(15);

impl Check<'_> {
    /// Sees that the change log is whole, and that what it says is live is what is live.
    pub(super) async fn change_log(&mut self) -> Result<()> {
        let sql = format!(
            "SELECT c.seq, c.subject, c.subject_id, c.locale, c.action, e.version, c.told, c.kind, c.at FROM change_log c \
             LEFT JOIN edition e ON e.entry_id = c.subject_id AND e.locale = c.locale AND c.subject = '{}' \
             WHERE c.seq > $1 ORDER BY c.seq LIMIT {ROWS}",
            Subject::Edition.as_str()
        );
        // What went live and is not: the log has still to say that it was taken back.
        let mut gone: HashMap<(Uuid, String), ChangeSeq> = HashMap::new();
        let mut after = ChangeSeq::MIN;
        let mut expected = 1;
        loop {
            let rows = self.rows(sql.as_str(), [after.into()]).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let seq: ChangeSeq = row.try_get_by_index(0)?;
                self.checked.changes += 1;
                if seq != expected {
                    self.broken(Rule::ChangeLogNumbers, "the change log", format!("number {expected}"), seq);
                }
                expected = seq + 1;
                after = seq;
                let (subject, action): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(4)?);
                if subject != Subject::Edition.as_str() {
                    continue;
                }
                let told: Option<String> = row.try_get_by_index(6)?;
                let Ok(told) = told.as_deref().map(from_document::<Told>).transpose() else {
                    let found = told.unwrap_or_default();
                    self.broken(Rule::Readable, format!("change {seq}"), "what readers are told of it", found);
                    continue;
                };
                if let Some(day) = told.and_then(|told| told.day) {
                    let (kind, at): (Option<String>, i64) = (row.try_get_by_index(7)?, row.try_get_by_index(8)?);
                    self.change_by_day(seq, day, kind.as_deref(), timestamp(at)?);
                    continue;
                }
                let id: Uuid = row.try_get_by_index(2)?;
                let locale = row.try_get_by_index::<Option<String>>(3)?.unwrap_or_default();
                let live: Option<ChangeSeq> = row.try_get_by_index(5)?;
                match live {
                    Some(version) if seq > version => {
                        let what = format!("entry {id} in {locale}");
                        let expected = format!("version {seq}, of its last change ({action})");
                        self.broken(Rule::LiveAsLogged, what, expected, format!("version {version}"));
                    }
                    Some(_) => {}
                    None if action == Action::Put.as_str() => {
                        gone.insert((id, locale), seq);
                    }
                    None => {
                        gone.remove(&(id, locale));
                    }
                }
            }
        }
        for ((id, locale), seq) in gone {
            let what = format!("entry {id} in {locale}");
            self.broken(Rule::LiveAsLogged, what, format!("a live edition, by change {seq}"), "none");
        }
        let head = self.rows("SELECT seq FROM change_head WHERE id = 1", []).await?;
        let head: Option<ChangeSeq> = head.first().map(|row| row.try_get_by_index(0)).transpose()?;
        if head != Some(expected - 1) {
            self.broken(Rule::ChangeLogNumbers, "the change log's head", expected - 1, or_none(head));
        }
        Ok(())
    }

    /// Sees that what a day has brought is of an act, and was not told before it was that day anywhere.
    fn change_by_day(&mut self, seq: ChangeSeq, day: Date, kind: Option<&str>, at: Timestamp) {
        let what = format!("change {seq}");
        if kind != Some(EntryKind::Decree.as_str()) {
            self.broken(Rule::ChangeLogDays, what, "a decree", or_none(kind));
        } else if day > TimeZone::UTC.to_datetime(at + FURTHEST_EAST).date() {
            self.broken(Rule::ChangeLogDays, what, format!("a day that had come by {at}"), day);
        }
    }

    /// Sees that no record of the audit log is missing.
    pub(super) async fn audit_log(&mut self) -> Result<()> {
        let rows = self.rows("SELECT count(*), min(seq) FROM audit_log", []).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let count: i64 = row.try_get_by_index(0)?;
        let first: Option<i64> = row.try_get_by_index(1)?;
        self.checked.audits = u64::try_from(count).unwrap_or_default();
        if let Some(first) = first.filter(|first| *first != 1) {
            self.broken(Rule::AuditLogNumbers, "the audit log", "number 1 first", first);
        }
        let gaps = self
            .rows(
                "SELECT seq, next FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS next FROM audit_log) AS pairs \
                 WHERE next <> seq + 1",
                [],
            )
            .await?;
        for row in gaps {
            let (before, next): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            self.broken(Rule::AuditLogNumbers, "the audit log", format!("number {}", before + 1), next);
        }
        Ok(())
    }
}
