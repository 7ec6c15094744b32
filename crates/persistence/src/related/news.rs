//! Which lists have changed of late, for whoever keeps what was made of them: in a version of their own, beside the change log's.

use std::{
    collections::{HashSet, VecDeque},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use courant_domain::id::EntryId;
use uuid::Uuid;

use super::{Related, version};
use crate::error::Result;

/// How many lists are remembered that have changed. What was made before the first of them does not hold any more.
const REMEMBERED: usize = 4096;

/// The lists that have changed, as far as this process knows.
#[derive(Debug)]
pub(crate) struct RelatedNews {
    /// The last version that is known.
    version: AtomicI64,
    log: RwLock<Log>,
}

#[derive(Debug)]
struct Log {
    /// Nothing that was made before this version holds.
    floor: i64,
    lists: VecDeque<(i64, EntryId)>,
}

impl RelatedNews {
    pub(crate) const fn new(version: i64) -> Self {
        let log = Log { floor: version, lists: VecDeque::new() };
        Self { version: AtomicI64::new(version), log: RwLock::new(log) }
    }

    /// The last version that this process knows of; none made any list yet where it is zero.
    pub(crate) fn version(&self) -> i64 {
        self.version.load(Ordering::Acquire)
    }

    /// Whether none of these lists has changed since a version. Says as of which version that is so.
    pub(crate) fn hold(&self, since: i64, lists: &HashSet<EntryId>) -> Option<i64> {
        if self.version() == since {
            return Some(since);
        }
        let log = self.log.read().unwrap_or_else(PoisonError::into_inner);
        let known = self.version();
        // What is remembered is not quite in the order of versions: what changed while it was read comes before its turn.
        let holds = (log.floor..=known).contains(&since)
            && !log.lists.iter().any(|(at, list)| *at > since && lists.contains(list));
        holds.then_some(known)
    }

    fn take_in(&self, known: i64, lists: Vec<(i64, EntryId)>) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        log.lists.extend(lists);
        while log.lists.len() > REMEMBERED {
            let forgotten = log.lists.pop_front().map_or(known, |(at, _)| at);
            log.floor = log.floor.max(forgotten);
        }
        self.version.fetch_max(known, Ordering::AcqRel);
    }

    /// Forgets everything: too much has changed, or the database is an older state of itself.
    fn start_over(&self, known: i64) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        *log = Log { floor: known, lists: VecDeque::new() };
        self.version.store(known, Ordering::Release);
    }
}

impl Related {
    /// Takes in which lists have changed since, by this process or another. Costs one small statement when none has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        let news = self.store.related_news();
        let known = news.version();
        let now = version(self.store.reader()).await?;
        if now == known {
            return Ok(());
        }
        if now < known {
            news.start_over(now);
            return Ok(());
        }
        let sql = "SELECT l.version, l.entry_id FROM related_list l WHERE l.version > $1 ORDER BY l.version LIMIT $2";
        let limit = i64::try_from(REMEMBERED).unwrap_or(i64::MAX);
        let rows = self.store.read(sql, vec![known.into(), limit.into()]).await?;
        if rows.len() >= REMEMBERED {
            news.start_over(now);
            return Ok(());
        }
        let lists: Result<Vec<(i64, EntryId)>> =
            rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Uuid>(1)?.into()))).collect();
        news.take_in(now, lists?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u128) -> EntryId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn what_changed_since_does_not_hold() {
        let news = RelatedNews::new(5);
        let one = HashSet::from([entry(1)]);
        assert_eq!(news.hold(5, &one), Some(5));
        news.take_in(7, vec![(6, entry(2)), (7, entry(1))]);
        assert_eq!(news.hold(5, &one), None);
        assert_eq!(news.hold(7, &one), Some(7));
        assert_eq!(news.hold(5, &HashSet::from([entry(3)])), Some(7));
        assert_eq!(news.hold(4, &HashSet::from([entry(3)])), None, "what was before it is not known");
        news.start_over(3);
        assert_eq!(news.hold(7, &HashSet::from([entry(3)])), None, "what was made of a later state is not of this one");
    }

    #[test]
    fn what_is_forgotten_does_not_hold() {
        let news = RelatedNews::new(0);
        let many = i64::try_from(REMEMBERED).unwrap() + 10;
        news.take_in(many, (1..=many).map(|at| (at, entry(u128::from(at.unsigned_abs())))).collect());
        let none = HashSet::from([entry(1 << 20)]);
        assert_eq!(news.hold(9, &none), None);
        assert_eq!(news.hold(10, &none), Some(many));
    }
}
