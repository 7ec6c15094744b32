//! Lists of what goes with each entry. One server makes them for all, and puts them into the database.
//!
//! A change makes the list of its entry anew, and offers the entry to those that it is most like: likeness is the same from both sides, so
//! that theirs need not be made anew. All lists are made in portions, each one transaction that says how far it is, so that a server that
//! ends meanwhile loses one. It is given what [`Live`] reads and nothing else; and what is in a list is shown only while it is live.

mod offers;
mod profile;
mod rank;

use std::collections::{BTreeSet, HashMap};

use courant_domain::{
    change::{Change, ChangeCursor, ChangeKey, ChangeSeq},
    id::EntryId,
    related::{KEPT, Profile},
};
use courant_persistence::{
    Live, Store,
    publication::Parts,
    related::{Building, Known, List, Phase, Related, Update},
};
use courant_search::GISTS;

use self::rank::Ranking;
use crate::{Follower, Result, Runs};

/// How many entries are looked at in one transaction while all lists are made.
const PROFILES: u32 = 100;
/// For how many entries lists are made at once.
const LISTS: u32 = 20;
/// How many lists are looked at that an entry was in: what more there are lose it, and get nothing in its place until their turn comes.
const NAMING: u32 = 1_000;
/// How many lists are made anew because they have become short.
const SHORT: usize = 50;

/// Keeps the lists.
#[derive(Debug)]
pub struct RelatedLists {
    store: Store,
    live: Live,
    related: Related,
    /// Whether it has gone on with what there was, in this process.
    is_resumed: bool,
    /// Whether what is there is known to be of this version.
    is_known: bool,
}

impl RelatedLists {
    /// Of this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { live: store.live(), related: store.related(), store, is_resumed: false, is_known: false }
    }

    /// Makes all lists, or goes on making them where another one stopped. Says as of which change they are.
    async fn build(&mut self, anew: bool) -> Result<ChangeSeq> {
        self.is_known = false;
        self.store.refresh().await?;
        let mut state = self.related.state().await?;
        let mut building = state.building;
        let is_ours = !anew && building.made_by == GISTS && self.is_of_this_history(&building).await?;
        if !is_ours || building.phase == Phase::None {
            let seq = self.store.reference().seq;
            let micros = self.micros_of(seq).await?;
            building = Building { made_by: GISTS, phase: Phase::Profiles, seq, micros, after: None };
            self.related.begin(state.version, building).await?;
            tracing::info!(seq, "makes the lists of what goes with each entry");
        }
        while building.phase != Phase::Done {
            state = self.related.state().await?;
            building = match building.phase {
                Phase::Lists => self.make_lists(state.version, building).await?,
                _ => self.look_at_entries(state.version, building).await?,
            };
            self.related.refresh().await?;
        }
        self.is_known = true;
        Ok(building.seq)
    }

    async fn is_of_this_history(&self, building: &Building) -> Result<bool> {
        let is_here = self.store.log_head().await? >= building.seq;
        Ok(is_here && self.micros_of(building.seq).await? == building.micros)
    }

    /// When a change was written.
    async fn micros_of(&self, seq: ChangeSeq) -> Result<i64> {
        let change = self.store.changes(seq - 1, 1).await?.into_iter().find(|change| change.seq == seq);
        Ok(change.map_or(0, |change| ChangeCursor::of(&change).micros))
    }

    /// The first half: what is compared of each entry.
    async fn look_at_entries(&self, version: i64, building: Building) -> Result<Building> {
        let entries = self.live.entries_after(building.after, PROFILES).await?;
        let Some(last) = entries.last() else {
            let building = Building { phase: Phase::Lists, after: None, ..building };
            self.related.begin(version, building).await?;
            return Ok(building);
        };
        let building = Building { after: Some(*last), ..building };
        let entries = self.changed(&entries).await?;
        self.related.write(version, &Update { entries, building: Some(building), ..Update::default() }).await?;
        Ok(building)
    }

    /// The second half: the lists. What was left of entries that are live no longer goes.
    async fn make_lists(&self, version: i64, building: Building) -> Result<Building> {
        let entries = self.related.entries_after(building.after, LISTS).await?;
        let Some(last) = entries.last() else {
            let building = Building { phase: Phase::Done, after: None, ..building };
            self.related.begin(version, building).await?;
            tracing::info!(building.seq, "the lists of what goes with each entry are made");
            return Ok(building);
        };
        let building = Building { after: Some(*last), ..building };
        let live = self.live.publications_of_entries(&entries, Parts::NONE).await?;
        let profiles = self.related.profiles(&entries).await?;
        let (mut gone, mut owners) = (Vec::new(), Vec::new());
        for (entry, profile) in profiles {
            if live.contains_key(&entry) {
                owners.push((entry, profile));
            } else {
                gone.push(Known { entry, old: Some(profile), new: None });
            }
        }
        let now = gone.iter().map(|known| (known.entry, None)).collect();
        let ranking = Ranking::of(&self.store, owners, now).await?;
        let lists = ranking.lists();
        self.related
            .write(version, &Update { entries: gone, lists, building: Some(building), ..Update::default() })
            .await?;
        Ok(building)
    }

    /// Those of these entries of which something else is known now.
    async fn changed(&self, entries: &[EntryId]) -> Result<Vec<Known>> {
        let mut old = self.related.profiles(entries).await?;
        let mut new = profile::profiles(&self.live, entries).await?;
        let known = entries.iter().map(|entry| Known { entry: *entry, old: old.remove(entry), new: new.remove(entry) });
        Ok(known.filter(|known| known.old != known.new).collect())
    }

    /// Takes in what has changed of some entries.
    async fn take_in(&self, entries: &[EntryId]) -> Result<()> {
        let version = self.related.state().await?.version;
        let changed = self.changed(entries).await?;
        if changed.is_empty() {
            return Ok(());
        }
        let ids: BTreeSet<EntryId> = changed.iter().map(|known| known.entry).collect();
        let now: HashMap<EntryId, Option<Profile>> =
            changed.iter().map(|known| (known.entry, known.new.clone())).collect();
        let owners = changed.iter().filter_map(|known| Some((known.entry, known.new.clone()?))).collect();
        let ranking = Ranking::of(&self.store, owners, now.clone()).await?;
        let mut lists = ranking.lists();
        let mut naming = self.related.naming(&ids.iter().copied().collect::<Vec<_>>(), NAMING).await?;
        naming.retain(|list| !ids.contains(list));
        let neighbours: BTreeSet<EntryId> =
            ranking.neighbours().filter(|list| !ids.contains(list)).chain(naming.iter().copied()).collect();
        let mut theirs = self.related.lists(&neighbours.into_iter().collect::<Vec<_>>()).await?;
        theirs.values_mut().for_each(|others| others.retain(|(other, _)| !ids.contains(other)));
        let mut offers = offers::of(&ranking, &ids, &mut theirs);
        let is_short = |list: &EntryId| theirs.get(list).map_or(0, Vec::len) < KEPT / 2;
        let short: Vec<EntryId> = naming.into_iter().filter(is_short).take(SHORT).collect();
        if !short.is_empty() {
            let owners = self.related.profiles(&short).await?.into_iter().collect();
            let made: Vec<List> = Ranking::of(&self.store, owners, now).await?.lists();
            offers.leave_out(&short);
            lists.extend(made);
        }
        let update = Update { entries: changed, lists, drops: offers.drops, offers: offers.offers, building: None };
        self.related.write(version, &update).await?;
        Ok(())
    }
}

impl Follower for RelatedLists {
    const NAME: &'static str = Related::FOLLOWER;
    const RUNS: Runs = Runs::OneNode;

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        if !self.is_known {
            let building = self.related.state().await?.building;
            if building.made_by == GISTS && building.phase == Phase::Done {
                self.is_known = true;
            } else {
                self.build(false).await?;
            }
        }
        let entries: BTreeSet<EntryId> = changes
            .iter()
            .filter_map(|change| match change.key {
                ChangeKey::Edition { entry, .. } => Some(entry),
                _ => None,
            })
            .collect();
        let entries: Vec<EntryId> = entries.into_iter().collect();
        for entries in entries.chunks(LISTS as usize) {
            self.take_in(entries).await?;
        }
        self.related.refresh().await?;
        Ok(())
    }

    /// What was made is gone on with once. Whoever has to build again has met a log that is not whole.
    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        let anew = std::mem::replace(&mut self.is_resumed, true) && self.is_known;
        self.build(anew).await
    }
}
