//! Which of the entries that are like one are shown with it.

use std::collections::HashMap;

use super::{KEPT, MOST, Profile};
use crate::{id::EntryId, locale::Locale};

/// An entry that is like another one.
#[derive(Debug, Clone, Copy)]
pub struct Ranked<'a> {
    /// Which.
    pub entry: EntryId,
    /// How much: see [`likeness`](super::likeness).
    pub likeness: i32,
    /// What is compared of it.
    pub profile: &'a Profile,
}

/// Those that are kept of an entry, the most alike first, those that are alike alike the newest first: none that lists do not show, none
/// that says the same as the entry, as one that was chosen, or as one before it, and enough for the readers of each language.
/// `readers` says who gets something of what is live in these languages.
#[must_use]
pub fn choose<'a>(
    own: &Profile,
    chosen: &[(EntryId, &Profile)],
    mut ranked: Vec<Ranked<'a>>,
    readers: impl Fn(&Profile) -> Vec<Locale>,
) -> Vec<Ranked<'a>> {
    ranked.retain(|ranked| ranked.profile.is_listed());
    sort(&mut ranked);
    let mut kept: Vec<Ranked<'a>> = Vec::with_capacity(KEPT);
    let mut counts: HashMap<Locale, usize> = HashMap::new();
    for candidate in ranked {
        if kept.len() == MOST {
            break;
        }
        let readers = readers(candidate.profile);
        if readers.iter().all(|reader| counts.get(reader).is_some_and(|count| *count >= KEPT)) {
            continue;
        }
        // What was chosen for one language may rank by itself in the others.
        let chosen = chosen.iter().filter(|(entry, _)| *entry != candidate.entry).map(|(_, profile)| *profile);
        let mut said = std::iter::once(own).chain(chosen).chain(kept.iter().map(|kept| kept.profile));
        let is_said = said.any(|said| said.repeats(candidate.profile));
        if !is_said {
            readers.into_iter().for_each(|reader| *counts.entry(reader).or_default() += 1);
            kept.push(candidate);
        }
    }
    kept
}

/// The most alike first; of those that are alike alike, the newest.
fn sort(ranked: &mut [Ranked<'_>]) {
    ranked.sort_by_key(|ranked| std::cmp::Reverse((ranked.likeness, ranked.profile.published_at, ranked.entry)));
}
