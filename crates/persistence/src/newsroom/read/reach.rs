//! How far a change has come: which change it was, and who has said that they know of it.

use std::{collections::HashMap, time::Duration};

use courant_domain::{change::ChangeSeq, id::EntryId, locale::Locale};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    change_log::pings::PingStatus,
    db::convert::{locale, micros, timestamp},
    error::Result,
    live::read::{KEYS, entry_locales, key_condition},
    newsroom::Newsroom,
};

/// For how long a server is asked about that has gone silent: it may have been ended without a word.
const MISSED_FOR: Duration = Duration::from_secs(15 * 60);

/// A change of what readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeMade {
    /// Its number in the change log: of several that were made at once, the last.
    pub seq: ChangeSeq,
    /// When it was made.
    pub at: Timestamp,
}

/// What servers and followers have said of the change log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confirmations {
    /// The servers, the one that has been there for longest first.
    pub nodes: Vec<NodeStatus>,
    /// How far followers are that run once for all servers, by their names.
    pub followers: HashMap<String, ChangeSeq>,
    /// What those outside last answered that followers tell of changes, by the followers' names.
    pub pings: HashMap<String, PingStatus>,
}

/// A server, as it has said itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeStatus {
    /// Its id; each start is another one.
    pub id: Uuid,
    /// What it has taken in of the change log.
    pub seq: ChangeSeq,
    /// When it last gave a sign of life.
    pub seen_at: Timestamp,
    /// Whether that is so lately that it is taken to be alive.
    pub is_alive: bool,
}

impl Newsroom {
    /// The last change of what readers see of languages of entries: the one that made what is live what it is, or the one that took
    /// it back. What was never live has none, and what was taken back before the audit log begins neither.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_changes(&self, keys: &[(EntryId, Locale)]) -> Result<HashMap<(EntryId, Locale), ChangeMade>> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let key = key_condition(&["e.entry_id", "e.locale"], keys.len());
            let sql = format!(
                "SELECT e.entry_id, e.locale, c.seq, c.at FROM edition e JOIN change_log c ON c.seq = e.version WHERE {key}"
            );
            let rows = self.store.rows(sql, entry_locales(keys), |mut columns| {
                let (entry, language): (Uuid, String) = (columns.take()?, columns.take()?);
                let made = ChangeMade { seq: columns.take()?, at: timestamp(columns.take()?)? };
                Ok(((entry.into(), locale(&language)?), made))
            });
            found.extend(rows.await?);
        }
        let gone: Vec<_> = keys.iter().filter(|key| !found.contains_key(key)).copied().collect();
        if !gone.is_empty() {
            found.extend(self.changes_that_took_back(&gone).await?);
        }
        Ok(found)
    }

    /// The last changes of what readers see no more, by when the audit log says that something was done to it.
    async fn changes_that_took_back(
        &self,
        keys: &[(EntryId, Locale)],
    ) -> Result<HashMap<(EntryId, Locale), ChangeMade>> {
        let mut done: Vec<((EntryId, Locale), Timestamp)> = Vec::new();
        for keys in keys.chunks(KEYS) {
            let key = key_condition(&["t.subject_id", "t.locale"], keys.len());
            let sql = format!(
                "SELECT t.subject_id, t.locale, t.at FROM audit_log t WHERE t.subject = 'ENTRY' \
                 AND t.act IN ('PUBLISH_ENTRY', 'UNPUBLISH_ENTRY') AND {key}"
            );
            let rows = self.store.rows(sql, entry_locales(keys), |mut columns| {
                let (entry, language): (Uuid, String) = (columns.take()?, columns.take()?);
                Ok(((entry.into(), locale(&language)?), timestamp(columns.take()?)?))
            });
            done.extend(rows.await?);
        }
        let times: Vec<Timestamp> = done.iter().map(|(_, at)| *at).collect();
        let made = self.changes_made_at(&times).await?;
        let mut last: HashMap<(EntryId, Locale), ChangeMade> = HashMap::new();
        for (key, at) in done {
            let Some(made) = made.get(&at) else { continue };
            last.entry(key).and_modify(|last| *last = if made.seq > last.seq { *made } else { *last }).or_insert(*made);
        }
        Ok(last)
    }

    /// The changes that were made at these moments, which are those of records in the audit log: both are written in one transaction,
    /// with one time. What changed nothing that readers see has none. The log has no index by time; but times follow one another as
    /// numbers do, so that a number is found by halving.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes_made_at(&self, times: &[Timestamp]) -> Result<HashMap<Timestamp, ChangeMade>> {
        let mut times = times.to_vec();
        times.sort_unstable();
        times.dedup();
        let mut found = HashMap::with_capacity(times.len());
        for times in times.chunks(KEYS) {
            let asked: Vec<String> = (1..=times.len()).map(|at| format!("(CAST(${at} AS bigint))")).collect();
            let sql = format!(
                "WITH RECURSIVE asked(at) AS (VALUES {}), halved(at, low, high) AS (\
                 SELECT a.at, (SELECT min(seq) FROM change_log), (SELECT max(seq) + 1 FROM change_log) FROM asked a \
                 UNION ALL \
                 SELECT h.at, \
                 CASE WHEN (SELECT c.at FROM change_log c WHERE c.seq = (h.low + h.high) / 2) <= h.at \
                 THEN (h.low + h.high) / 2 + 1 ELSE h.low END, \
                 CASE WHEN (SELECT c.at FROM change_log c WHERE c.seq = (h.low + h.high) / 2) <= h.at \
                 THEN h.high ELSE (h.low + h.high) / 2 END \
                 FROM halved h WHERE h.low < h.high) \
                 SELECT c.seq, c.at FROM halved h JOIN change_log c ON c.seq = h.low - 1 AND c.at = h.at \
                 WHERE h.low = h.high",
                asked.join(", ")
            );
            let values = times.iter().map(|at| micros(*at).into()).collect();
            let rows = self.store.rows(sql, values, |mut columns| {
                Ok(ChangeMade { seq: columns.take()?, at: timestamp(columns.take()?)? })
            });
            found.extend(rows.await?.into_iter().map(|made| (made.at, made)));
        }
        Ok(found)
    }

    /// What servers and followers have said of the change log. A server that has been silent for a quarter of an hour is forgotten.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn confirmations(&self) -> Result<Confirmations> {
        let (now, since) = (self.store.time(), self.store.alive_since());
        let micros_of = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT n.id, n.seq, n.seen_at, n.seen_at > {since} FROM node n WHERE n.seen_at > {now} - $1 \
             ORDER BY n.started_at, n.id"
        );
        let values = vec![micros_of(MISSED_FOR).into()];
        let nodes = self.store.rows(sql, values, |mut columns| {
            let (id, seq) = (columns.take()?, columns.take()?);
            Ok(NodeStatus { id, seq, seen_at: timestamp(columns.take()?)?, is_alive: columns.take()? })
        });
        let sql = "SELECT f.name, f.seq, p.taken_at, p.refused_from, p.refused_to, p.problem, p.waits_until \
                   FROM follower f LEFT JOIN ping p ON p.name = f.name WHERE f.seq IS NOT NULL";
        let followers = self.store.rows(sql.to_owned(), Vec::new(), |mut columns| {
            let (name, seq): (String, ChangeSeq) = (columns.take()?, columns.take()?);
            let time = |micros: Option<i64>| micros.map(timestamp).transpose();
            let taken_at = time(columns.take()?)?;
            let (from, to): (Option<ChangeSeq>, Option<ChangeSeq>) = (columns.take()?, columns.take()?);
            let (problem, waits_until) = (columns.take()?, time(columns.take()?)?);
            Ok((name, seq, PingStatus { taken_at, refused: from.zip(to), problem, waits_until }))
        });
        let (nodes, mut all) = (nodes.await?, Confirmations::default());
        for (name, seq, ping) in followers.await? {
            if ping != PingStatus::default() {
                all.pings.insert(name.clone(), ping);
            }
            all.followers.insert(name, seq);
        }
        Ok(Confirmations { nodes, ..all })
    }
}
