//! Where changes of editions show: in which timelines, at which address, in whose relations.
//!
//! *Invariant*: whatever a reader's statement finds by something else than the edition's own id is named here, so that whoever keeps
//! an answer knows from the change log alone whether it still holds.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{
    change::{ChangeSeq, Places, Touched},
    entry::EntryKind,
    id::EntryId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    filing::{Filings, LiveRow},
    pins::pinned_keys,
};
use crate::{
    db::{
        entity::decree_relation,
        transaction::{Transaction, chunks},
    },
    error::Result,
    live::scope::TimelineKey,
};

/// The editions that one step of a transaction has changed, by the change of each.
#[derive(Default)]
pub(super) struct Changed(BTreeMap<(EntryId, i64), ChangeSeq>);

impl Changed {
    /// This edition of this entry.
    pub(super) fn add(&mut self, entry: EntryId, edition: i64, change: ChangeSeq) {
        self.0.insert((entry, edition), change);
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this edition of this entry is one of them.
    pub(super) fn has(&self, entry: EntryId, edition: i64) -> bool {
        self.0.contains_key(&(entry, edition))
    }

    /// Has the changes say where they show, once the timelines are made that the editions are filed under. `before` and `after` are
    /// all live rows of their entries.
    pub(super) async fn show(self, tx: &mut Transaction, before: &[LiveRow], after: &[LiveRow]) -> Result<()> {
        let [old, new] = [before, after].map(|rows| Filings::of(rows, &tx.reference).timelines);
        let mut places: BTreeMap<EntryId, BTreeMap<TimelineKey, [Place; 2]>> = BTreeMap::new();
        for (side, rows) in [old, new].into_iter().enumerate() {
            for row in rows {
                let place = places.entry(row.entry).or_default().entry(row.key).or_default();
                place[side] = Some((row.sort_key, row.edition));
            }
        }
        let acts = before.iter().chain(after).filter(|row| row.kind == EntryKind::Decree);
        let relations = related(tx, &acts.collect::<Vec<_>>()).await?;
        let mut told: BTreeSet<EntryId> = BTreeSet::new();
        for ((entry, edition), change) in &self.0 {
            let slug_in = |rows: &[LiveRow]| rows.iter().find(|row| row.id == *edition).map(|row| row.slug.clone());
            let mut touched = Touched { slug: slug_in(after), ..Touched::default() };
            let is_first = told.insert(*entry);
            let mut by_place: BTreeMap<[Option<i64>; 2], Vec<i32>> = BTreeMap::new();
            for (key, place) in places.get(entry).into_iter().flatten() {
                // Whoever follows a list alone is told of each edition that was or is in it; what no changed one is, once.
                let mut shown = place.iter().flatten().map(|(_, edition)| *edition);
                let shown_anew = shown.clone().any(|shown| self.has(*entry, shown));
                let is_told = shown.any(|shown| shown == *edition) || (is_first && !shown_anew && place[0] != place[1]);
                if let (true, Some(timeline)) = (is_told, tx.reference.timeline(key)) {
                    by_place.entry(place.map(|place| Some(place?.0))).or_default().push(timeline);
                }
            }
            touched.places =
                by_place.into_iter().map(|([before, after], timelines)| Places { timelines, before, after }).collect();
            let rows = || before.iter().chain(after).filter(|row| row.entry == *entry);
            touched.numbers = rows().filter_map(|row| row.number.clone()).collect();
            touched.signed = rows().filter_map(|row| row.signed_day).collect();
            touched.numbers.sort_unstable();
            touched.numbers.dedup();
            touched.signed.sort_unstable();
            touched.signed.dedup();
            touched.throughout = pinned(tx, *entry);
            if is_first {
                touched.relations = relations.get(entry).into_iter().flatten().copied().collect();
            }
            tx.touches(*change, touched, slug_in(before).as_deref());
        }
        Ok(())
    }
}

/// A place in a timeline, and the edition there.
type Place = Option<(i64, i64)>;

/// The timelines of the feeds that pin an entry: places there are counted among what is live, so that one pin moves the others.
fn pinned(tx: &Transaction, entry: EntryId) -> Vec<i32> {
    let feeds = tx.reference.feeds().iter().filter(|feed| feed.pinned.contains(&entry));
    let locales = tx.locales();
    let keys = feeds.flat_map(|feed| pinned_keys(&locales, feed));
    keys.filter_map(|key| tx.reference.timeline(&key)).collect()
}

/// The acts on the other side of what these did or do to others, and others to them.
async fn related(tx: &Transaction, acts: &[&LiveRow]) -> Result<BTreeMap<EntryId, BTreeSet<EntryId>>> {
    let mut related: BTreeMap<EntryId, BTreeSet<EntryId>> = BTreeMap::new();
    for act in acts {
        let targets = act.details.relations.iter().map(|relation| relation.target);
        related.entry(act.entry).or_default().extend(targets);
    }
    for targets in chunks(related.keys().map(|act| act.uuid()).collect()) {
        use decree_relation::Column::{SourceId, TargetId};
        let query = decree_relation::Entity::find().filter(TargetId.is_in(targets));
        let query = query.select_only().columns([SourceId, TargetId]).distinct();
        for (source, target) in query.into_tuple::<(Uuid, Uuid)>().all(tx.connection()).await? {
            related.entry(target.into()).or_default().insert(source.into());
        }
    }
    Ok(related)
}
