//! All that is live, for what is built of it; and what is live no more.

use std::collections::{BTreeSet, HashSet};

use courant_domain::{
    change::{ChangeKey, ChangeSeq},
    id::EntryId,
    locale::Locale,
};
use uuid::Uuid;

use crate::{
    error::Result,
    live::{Live, publication::Parts},
};

/// How many changes are looked at for what is gone. Who is further behind is told nothing of the others.
const LOOKED_AT: u64 = 1000;

impl Live {
    /// The entries of which something is live, in the order of their ids: so many after one of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_after(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<EntryId>> {
        let after = after.map_or_else(Uuid::nil, EntryId::uuid);
        let sql = "SELECT DISTINCT e.entry_id FROM edition e WHERE e.entry_id > $1 ORDER BY e.entry_id LIMIT $2";
        let values = vec![after.into(), i64::from(limit).into()];
        self.store.rows(sql.to_owned(), values, |mut row| Ok(row.take::<Uuid>()?.into())).await
    }

    /// How many editions are live.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn editions_count(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM edition".to_owned();
        let counts = self.store.rows(sql, Vec::new(), |mut row| row.take::<i64>()).await?;
        Ok(counts.first().map_or(0, |count| u64::try_from(*count).unwrap_or_default()))
    }

    /// The editions that a change after this one was about and that are not live now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn editions_gone_since(&self, seq: ChangeSeq) -> Result<Vec<(EntryId, Locale)>> {
        let head = *self.store.head().borrow();
        if head <= seq {
            return Ok(Vec::new());
        }
        let changes = self.store.changes(seq, LOOKED_AT).await?;
        let changed: BTreeSet<(EntryId, Locale)> = changes
            .into_iter()
            .filter_map(|change| match change.key {
                ChangeKey::Edition { entry, locale, .. } => Some((entry, locale)),
                _ => None,
            })
            .collect();
        let mut changed: Vec<_> = changed.into_iter().collect();
        let live = self.publications_by_edition(&changed, Parts::NONE).await?;
        let live: HashSet<_> = live.into_keys().collect();
        changed.retain(|edition| !live.contains(edition));
        Ok(changed)
    }
}
