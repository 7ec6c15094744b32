//! What some entries are like: where like ones are looked for, and how alike they are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use courant_domain::{
    category::CategoryTree,
    id::{CategoryId, EntryId, TagId},
    related::{Profile, Ranked, Rarity, Word, choose, likeness},
    site::Site,
};
use courant_persistence::{
    Store,
    related::{List, Place},
};

use crate::Result;

/// Among how many of an entry's tags like ones are looked for, the rarest.
const TAGS: usize = 4;
/// Among how many of its words.
const WORDS: usize = 12;
/// How many before and after it are looked at in each place: of the newest, there is nothing after it.
const AROUND: u32 = 20;

/// Entries, and those that each may be like.
pub(super) struct Ranking {
    owners: BTreeMap<EntryId, Vec<Alike>>,
    /// What is compared of all of them, and of those that were chosen.
    profiles: HashMap<EntryId, Profile>,
    site: Site,
}

/// An entry that another one is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alike {
    pub(super) entry: EntryId,
    pub(super) likeness: i32,
}

impl Ranking {
    /// Of these entries. What is not in the database yet is in `now`: none for what is live no longer.
    pub(super) async fn of(
        store: &Store,
        owners: Vec<(EntryId, Profile)>,
        now: HashMap<EntryId, Option<Profile>>,
    ) -> Result<Self> {
        let (related, reference) = (store.related(), store.reference());
        let tags: BTreeSet<TagId> = owners.iter().flat_map(|(_, own)| own.tags.iter().copied()).collect();
        let words: BTreeSet<Word> =
            owners.iter().flat_map(|(_, own)| own.texts.iter().flat_map(|(_, gist)| gist.words())).collect();
        let rarity = related.rarity(&tags, &words).await?;
        let mut places: BTreeMap<(Place, i64), Vec<EntryId>> = BTreeMap::new();
        for (entry, own) in &owners {
            for place in places_of(own, &rarity, &reference.categories) {
                places.entry((place, own.published_at)).or_default().push(*entry);
            }
        }
        let asked: Vec<(Place, i64)> = places.keys().copied().collect();
        let found = related.around(&asked, AROUND).await?;
        // What changed at the same time is not where it will be yet.
        let mut candidates: HashMap<EntryId, HashSet<EntryId>> =
            owners.iter().map(|(entry, _)| (*entry, now.keys().copied().collect())).collect();
        for (askers, found) in places.values().zip(&found) {
            for asker in askers {
                candidates.entry(*asker).or_default().extend(found);
            }
        }
        let chosen = owners.iter().flat_map(|(_, own)| own.chosen.iter());
        let wanted: HashSet<EntryId> = candidates.values().flatten().chain(chosen).copied().collect();
        let missing: Vec<EntryId> = wanted.into_iter().filter(|entry| !now.contains_key(entry)).collect();
        let mut profiles = related.profiles(&missing).await?;
        profiles.extend(now.into_iter().filter_map(|(entry, profile)| Some((entry, profile?))));
        profiles.extend(owners.iter().cloned());
        let mut ranking = Self { owners: BTreeMap::new(), profiles, site: reference.site.clone() };
        for (entry, own) in owners {
            let others = candidates.remove(&entry).unwrap_or_default();
            let others = others.into_iter().filter(|other| *other != entry);
            let alike = others.filter_map(|other| {
                let likeness = likeness(&own, ranking.profiles.get(&other)?, &rarity, &reference.categories)?;
                Some(Alike { entry: other, likeness })
            });
            let mut alike: Vec<Alike> = alike.collect();
            alike.sort_unstable_by_key(|alike| std::cmp::Reverse((alike.likeness, alike.entry)));
            ranking.owners.insert(entry, alike);
        }
        Ok(ranking)
    }

    /// The lists of these entries.
    pub(super) fn lists(&self) -> Vec<List> {
        self.owners.keys().map(|entry| List { entry: *entry, others: self.list(*entry) }).collect()
    }

    fn list(&self, entry: EntryId) -> Vec<(EntryId, i32)> {
        let Some((own, alike)) = self.profiles.get(&entry).zip(self.owners.get(&entry)) else { return Vec::new() };
        let of = |entry: &EntryId| Some((*entry, self.profiles.get(entry)?));
        let chosen: Vec<(EntryId, &Profile)> = own.chosen.iter().filter_map(of).collect();
        let ranked = alike.iter().filter_map(|alike| {
            let profile = self.profiles.get(&alike.entry)?;
            Some(Ranked { entry: alike.entry, likeness: alike.likeness, profile })
        });
        let readers = |profile: &Profile| {
            let live: Vec<_> = profile.texts.iter().map(|(locale, _)| *locale).collect();
            self.site.resolve(&live).map(|(reader, _)| reader).collect()
        };
        let kept = choose(own, &chosen, ranked.collect(), readers);
        kept.into_iter().map(|kept| (kept.entry, kept.likeness)).collect()
    }

    /// All entries that one of them is like.
    pub(super) fn neighbours(&self) -> impl Iterator<Item = EntryId> {
        self.owners.values().flatten().map(|alike| alike.entry)
    }

    /// Each of them that lists show, and what it is like, the most alike first.
    pub(super) fn listed(&self) -> impl Iterator<Item = (EntryId, &Profile, &[Alike])> {
        self.owners.iter().filter_map(|(entry, alike)| {
            let profile = self.profiles.get(entry)?;
            profile.is_listed().then_some((*entry, profile, alike.as_slice()))
        })
    }

    /// What is compared of one of those that were looked at.
    pub(super) fn profile(&self, entry: EntryId) -> Option<&Profile> {
        self.profiles.get(&entry)
    }
}

/// Where those may be that are like an entry.
fn places_of(own: &Profile, rarity: &Rarity, categories: &CategoryTree) -> Vec<Place> {
    let above = |category: CategoryId| categories.get(category).and_then(|category| category.parent);
    let mut tags: Vec<(u32, TagId)> =
        own.tags.iter().map(|tag| (rarity.tags.get(tag).copied().unwrap_or_default(), *tag)).collect();
    tags.sort_unstable();
    let known = own.texts.iter().flat_map(|(_, gist)| gist.words());
    let counted = known.map(|word| (rarity.words.get(&word).copied().unwrap_or_default(), word));
    // What nobody else has leads nowhere.
    let mut words: Vec<(u32, Word)> = counted.filter(|(count, _)| *count > 0).collect();
    words.sort_unstable();
    words.dedup();
    let tags = tags.into_iter().take(TAGS).map(|(_, tag)| Place::Tag(tag));
    let words = words.into_iter().take(WORDS).map(|(_, word)| Place::Word(word));
    [Place::Category(own.category), Place::Subtree(above(own.category).unwrap_or(own.category))]
        .into_iter()
        .chain(tags)
        .chain(words)
        .collect()
}
