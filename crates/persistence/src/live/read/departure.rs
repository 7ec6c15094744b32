//! What was taken back of late, for those who follow lists: feeds tell of it.
//!
//! It is kept in memory as of a change, and brought up to a later one by the changes that this process has taken in, so that nobody
//! who asks for a feed makes the database look for it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use courant_domain::{
    change::{Action, Change, ChangeKey, ChangeSeq},
    id::EntryId,
    locale::Locale,
};
use jiff::Timestamp;

use super::change::{COLUMNS, ChangeFilter, FollowedLists, read};
use crate::{
    error::Result,
    live::{Live, reads::ListReads},
    reference::Reference,
};

/// How many are remembered, of all lists together.
const REMEMBERED: usize = 1_000;

/// The last editions that are live no more.
#[derive(Debug, Default)]
pub(crate) struct Departures(Mutex<Option<Known>>);

#[derive(Debug, Clone)]
struct Known {
    epoch: u64,
    as_of: ChangeSeq,
    /// The first one first.
    gone: VecDeque<Arc<Change>>,
}

impl Live {
    /// The last changes by which editions that readers saw in these lists came to be live no more and are not live again, since a
    /// time, the last first, so many at the most. Those of long ago that many others followed are forgotten. And what knowing it
    /// depends on; none where it depends on everything.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn departures(
        &self,
        filter: &ChangeFilter,
        since: Timestamp,
        most: usize,
        reference: &Reference,
    ) -> Result<(Vec<Arc<Change>>, Option<Vec<ListReads>>)> {
        let gone = self.gone(reference).await?;
        let followed = FollowedLists::new(filter, reference);
        let is_told = |change: &&Arc<Change>| change.seq <= reference.seq && change.at >= since && followed.has(change);
        Ok((gone.iter().rev().filter(is_told).take(most).cloned().collect(), followed.reads()))
    }

    async fn gone(&self, reference: &Reference) -> Result<VecDeque<Arc<Change>>> {
        let known = self.store.known_departures();
        let (epoch, _) = self.store.recent().between(reference.seq, reference.seq);
        {
            let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.as_mut().filter(|known| known.epoch == epoch) {
                if known.as_of >= reference.seq {
                    return Ok(known.gone.clone());
                }
                let (still, newer) = self.store.recent().between(known.as_of, reference.seq);
                if let Some(newer) = newer.filter(|_| still == epoch) {
                    newer.into_iter().for_each(|change| known.take_in(change));
                    known.as_of = reference.seq;
                    return Ok(known.gone.clone());
                }
            }
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log c WHERE subject = 'EDITION' AND action = 'REMOVED' AND seq <= $1 \
             AND NOT EXISTS (SELECT 1 FROM edition e WHERE e.entry_id = c.subject_id AND e.locale = c.locale) \
             ORDER BY seq DESC LIMIT {REMEMBERED}"
        );
        let rows = self.store.rows(sql, vec![reference.seq.into()], read).await?;
        let mut read = Known { epoch, as_of: reference.seq, gone: VecDeque::new() };
        rows.into_iter().rev().for_each(|change| read.take_in(change));
        let gone = read.gone.clone();
        *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(gone)
    }
}

impl Known {
    fn take_in(&mut self, change: Change) {
        let Some(edition) = edition(&change) else { return };
        // What is taken back again is told of by the last time, and what is live again not at all.
        self.gone.retain(|gone| self::edition(gone) != Some(edition));
        if change.action == Action::Removed {
            self.gone.push_back(Arc::new(change));
            if self.gone.len() > REMEMBERED {
                self.gone.pop_front();
            }
        }
    }
}

const fn edition(change: &Change) -> Option<(EntryId, Locale)> {
    match change.key {
        ChangeKey::Edition { entry, locale, .. } => Some((entry, locale)),
        _ => None,
    }
}
