//! Offering entries to the lists of those that they are like.

use std::collections::{BTreeSet, HashMap, HashSet};

use courant_domain::{
    id::EntryId,
    related::{KEPT, MOST},
};
use courant_persistence::related::{Dropped, Offered};

use super::rank::Ranking;

/// To how many lists an entry is offered, those of what it is most like.
const OFFERED_TO: usize = 30;

/// What lists get, and what they lose for it.
#[derive(Debug, Default)]
pub(super) struct Offers {
    pub(super) offers: Vec<Offered>,
    pub(super) drops: Vec<Dropped>,
}

impl Offers {
    /// Leaves out lists that are made anew.
    pub(super) fn leave_out(&mut self, lists: &[EntryId]) {
        self.offers.retain(|offer| !lists.contains(&offer.list));
        self.drops.retain(|drop| !lists.contains(&drop.list));
    }
}

/// Offers the entries of a ranking to the lists of the others. `theirs` is what is in those lists, the most alike first, without these
/// entries; what is taken is in them then.
pub(super) fn of(
    ranking: &Ranking,
    own: &BTreeSet<EntryId>,
    theirs: &mut HashMap<EntryId, Vec<(EntryId, i32)>>,
) -> Offers {
    let mut made = Offers::default();
    for (entry, profile, alike) in ranking.listed() {
        let others = alike.iter().filter(|other| !own.contains(&other.entry));
        let repeats = |other: EntryId| ranking.profile(other).is_some_and(|other| other.repeats(profile));
        // Whatever says the same shares its words, and is among those that it is like.
        let same: HashSet<EntryId> = alike.iter().map(|other| other.entry).filter(|other| repeats(*other)).collect();
        for other in others.take(OFFERED_TO) {
            let is_said = |said: &EntryId| *said == entry || same.contains(said);
            let chosen = ranking.profile(other.entry).into_iter().flat_map(|other| &other.chosen);
            if same.contains(&other.entry) || chosen.into_iter().any(|chosen| *chosen != entry && is_said(chosen)) {
                continue;
            }
            let list = theirs.entry(other.entry).or_default();
            take(list, &mut made, Offered { list: other.entry, entry, likeness: other.likeness }, &same);
        }
    }
    made
}

/// Puts an entry into a list, if it belongs there.
fn take(list: &mut Vec<(EntryId, i32)>, made: &mut Offers, offer: Offered, same: &HashSet<EntryId>) {
    let place = (offer.likeness, offer.entry);
    let is_better = |(entry, likeness): &(EntryId, i32)| (*likeness, *entry) > place;
    if list.iter().any(|known| same.contains(&known.0) && is_better(known)) {
        return;
    }
    let before = list.iter().filter(|known| is_better(known)).count();
    if before >= KEPT {
        return;
    }
    let lose = |(entry, _): &(EntryId, i32), made: &mut Offers| {
        made.offers.retain(|made| (made.list, made.entry) != (offer.list, *entry));
        made.drops.push(Dropped { list: offer.list, entry: *entry });
    };
    list.retain(|known| {
        let stays = !same.contains(&known.0);
        if !stays {
            lose(known, made);
        }
        stays
    });
    list.insert(before.min(list.len()), (offer.entry, offer.likeness));
    made.offers.push(offer);
    while list.len() > MOST {
        let last = list.pop();
        if let Some(last) = last {
            lose(&last, made);
        }
    }
}
