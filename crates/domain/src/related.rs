//! What goes with an entry: how alike two entries are, and which of those that are alike are shown.
//!
//! *Invariants*: likeness is symmetric, so that what is known of an entry's neighbours says also where it belongs among theirs. An entry is
//! all of its languages: nothing here compares two languages of one story. `docs/related.md` explains the numbers.

mod choose;
mod gist;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

pub use self::{
    choose::{Ranked, choose},
    gist::{Gist, GistError, Print, Word},
};
use crate::{
    category::CategoryTree,
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
};

/// How many of those related to an entry are kept for the readers of each language.
pub const KEPT: usize = 20;
/// How many are kept of an entry at the most, where readers of different languages get different ones.
pub const MOST: usize = 40;

/// Shared tags together count no more than this; each counts its rarity, 1 at most.
const TAGS_AT_MOST: f64 = 2.0;
/// What it counts to be filed in the same category.
const SAME_CATEGORY: f64 = 0.5;
/// What it counts to be filed right above, right below, or beside one another.
const NEIGHBOUR: f64 = 0.25;
/// What texts count that share so many words that are rare and central to both.
const TEXT: f64 = 1.5;
const WORDS_FOR_ALL: f64 = 3.0;
/// What it counts to be published at the same time, and after how many days it is half of that.
const TIME: f64 = 0.3;
const HALF_AFTER_DAYS: f64 = 30.0;

/// What is compared of an entry, of all that is live of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Where it is filed.
    #[serde(rename = "c")]
    pub category: CategoryId,
    /// Its subjects.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    /// When the first of its languages was published, in microseconds since 1970.
    #[serde(rename = "p")]
    pub published_at: i64,
    /// What its texts are about, of each language that lists show. None of them where it was taken back with a notice: then it has a list of
    /// its own, and is in nobody else's.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<(Locale, Gist)>,
    /// What editors chose to go with it, in any of its languages.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<EntryId>,
}

impl Profile {
    /// Whether lists show it.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        !self.texts.is_empty()
    }

    /// The words by which it is found, in the order of their numbers, each once.
    #[must_use]
    pub fn words(&self) -> Vec<Word> {
        let mut words: Vec<Word> = self.texts.iter().flat_map(|(_, gist)| gist.words()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Whether it says the same as another one in a language that both have: most of its runs of words are the other's.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        self.texts.iter().any(|(locale, gist)| {
            other.texts.iter().any(|(others, other)| locale == others && gist.print.repeats(&other.print))
        })
    }
}

/// How rare tags and words are among a number of entries.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    /// How many entries there are; counted up to [`Rarity::COUNTED`].
    pub entries: u32,
    /// How many have a tag.
    pub tags: HashMap<TagId, u32>,
    /// How many have a word among those that are central to them.
    pub words: HashMap<Word, u32>,
}

impl Rarity {
    /// Up to how many entries are counted: what more than that have in common says nothing.
    pub const COUNTED: u32 = 1_000;
    /// What it says at the least.
    const LEAST: f64 = 0.02;

    fn of(&self, with: Option<&u32>) -> f64 {
        let all = f64::from(self.entries.clamp(2, Self::COUNTED));
        let with = f64::from(with.copied().unwrap_or_default().clamp(1, Self::COUNTED)).min(all);
        (((1.0 + all) / (1.0 + with)).ln() / (1.0 + all).ln()).max(Self::LEAST)
    }
}

/// How alike two entries are, in thousandths; none where all they have in common is the time.
#[must_use]
pub fn likeness(one: &Profile, other: &Profile, rarity: &Rarity, categories: &CategoryTree) -> Option<i32> {
    let tags: HashSet<TagId> = one.tags.iter().copied().collect();
    let shared: HashSet<TagId> = other.tags.iter().copied().filter(|tag| tags.contains(tag)).collect();
    // In an order of their own: sums of fractions depend on it.
    let mut shared: Vec<TagId> = shared.into_iter().collect();
    shared.sort_unstable();
    let tags: f64 = shared.iter().map(|tag| rarity.of(rarity.tags.get(tag))).sum();
    let score = tags.min(TAGS_AT_MOST)
        + category(one.category, other.category, categories)
        + TEXT * (text(one, other, rarity) / WORDS_FOR_ALL).min(1.0);
    (score > 0.0).then(|| thousandths(score + time(one, other)))
}

fn category(one: CategoryId, other: CategoryId, categories: &CategoryTree) -> f64 {
    if one == other {
        return SAME_CATEGORY;
    }
    let parent = |id| categories.get(id).and_then(|category| category.parent);
    let (above_one, above_other) = (parent(one), parent(other));
    let is_near =
        above_one == Some(other) || above_other == Some(one) || (above_one.is_some() && above_one == above_other);
    if is_near { NEIGHBOUR } else { 0.0 }
}

/// What the texts share, in the language in which they share most.
fn text(one: &Profile, other: &Profile, rarity: &Rarity) -> f64 {
    let mut most: f64 = 0.0;
    for (locale, gist) in &one.texts {
        for (_, other) in other.texts.iter().filter(|(others, _)| others == locale) {
            let shared = gist.shared(other).map(|(word, weight)| weight * rarity.of(rarity.words.get(&word)));
            most = most.max(shared.sum());
        }
    }
    most
}

fn time(one: &Profile, other: &Profile) -> f64 {
    const DAY: f64 = 86_400_000_000.0;
    #[expect(clippy::cast_precision_loss, reason = "days, to some digits")]
    let days = one.published_at.abs_diff(other.published_at) as f64 / DAY;
    TIME / (1.0 + days / HALF_AFTER_DAYS)
}

#[expect(clippy::cast_possible_truncation, reason = "it is less than 10")]
fn thousandths(score: f64) -> i32 {
    (score * 1_000.0).round() as i32
}
