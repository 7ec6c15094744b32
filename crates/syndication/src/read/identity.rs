//! What can be decided of the items of a source once all of them are known: which are one, what each is known by, and
//! its slug. Of each item so much is kept as these decisions take, for a source may have any number.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use courant_domain::{locale::Locale, slug::Slug};
use jiff::Timestamp;
use url::Url;

use crate::read::{
    detect::SourceFormat,
    import::{Item, ItemStatus, Problem},
};

/// An item, before it has an origin and a slug.
pub(crate) struct UnidentifiedItem {
    pub(crate) item: Item,
    /// What it is known by in its source.
    pub(crate) id: String,
    /// Whether its source says so.
    pub(crate) has_id: bool,
    /// The slug it has if that is free.
    pub(crate) slug: Slug,
    /// Whether its source says so.
    pub(crate) is_given: bool,
}

/// The items of a source, as far as they have been met.
#[derive(Debug, Default)]
pub(crate) struct Outlines {
    items: Vec<Outline>,
    /// Of a feed of Atom, of which only the newest state of an entry is taken: when each changed, if it has an id.
    changes: Vec<Option<(Option<Timestamp>, Box<str>)>>,
    /// The slugs that several items have.
    shared: HashMap<u64, (Slug, Option<Locale>)>,
    slugs: HashSet<u64>,
    /// The language of all items so far.
    language: Option<Common>,
    /// The further categories of items.
    pub(crate) further: Vec<Slug>,
    known_further: HashSet<Slug>,
}

#[derive(Debug)]
struct Outline {
    id: u64,
    slug: u64,
    /// Who has an address keeps it: first what is published under one, then what is meant to be, then what gets one only
    /// now.
    rank: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Common {
    One(Locale),
    None,
}

impl Outlines {
    /// Takes an item in.
    pub(crate) fn add(&mut self, found: &UnidentifiedItem, format: SourceFormat) {
        let UnidentifiedItem { item, id, has_id, slug, is_given } = found;
        let language = &item.language;
        // Each language has addresses of its own.
        let hash = hash(&(slug, language));
        if !self.slugs.insert(hash) {
            self.shared.entry(hash).or_insert_with(|| (slug.clone(), *language));
        }
        let rank = u8::from(!is_given) * 2 + u8::from(item.status != ItemStatus::Published);
        self.items.push(Outline { id: self::hash(id), slug: hash, rank });
        if format == SourceFormat::Atom {
            self.changes.push(has_id.then(|| (item.updated_at, item.place.as_str().into())));
        }
        // What is gone is in no language.
        self.language = match (self.language, language) {
            (language, _) if item.status == ItemStatus::Gone => language,
            (None, Some(own)) => Some(Common::One(*own)),
            (Some(Common::One(known)), Some(own)) if known == *own => Some(Common::One(known)),
            _ => Some(Common::None),
        };
        for slug in item.categories.iter().skip(1) {
            if self.known_further.insert(slug.clone()) {
                self.further.push(slug.clone());
            }
        }
    }

    /// The language all items say they are in.
    pub(crate) fn language(&self) -> Option<Locale> {
        match self.language {
            Some(Common::One(locale)) => Some(locale),
            _ => None,
        }
    }

    /// Decides what there is to decide.
    pub(crate) fn decide(self) -> Identities {
        let superseded = self.superseded();
        let mut times: HashMap<u64, u32> = HashMap::with_capacity(self.items.len());
        let kept = self.items.iter().enumerate().filter(|(index, _)| !superseded.contains_key(index));
        for (_, item) in kept.clone() {
            *times.entry(item.id).or_default() += 1;
        }
        // What each of those is called that cannot be called what it is, by rank.
        let mut order: Vec<(u64, u8, usize)> = kept
            .filter(|(_, item)| self.shared.contains_key(&item.slug))
            .map(|(index, item)| (item.slug, item.rank, index))
            .collect();
        order.sort_unstable();
        let mut slugs = self.slugs;
        let (mut numbered, mut last) = (HashMap::new(), None);
        for (slug, _, index) in order {
            let number = match last {
                Some((last, number)) if last == slug => number,
                // The first has it.
                _ => {
                    last = Some((slug, 1));
                    continue;
                }
            };
            let Some((wanted, language)) = self.shared.get(&slug) else { continue };
            let free = (number + 1..).map(|number| (number, wanted.numbered(number)));
            // The slug of another, further on, is not free.
            let free = free.into_iter().find(|(_, slug)| slugs.insert(hash(&(slug, language))));
            if let Some((number, free)) = free {
                last = Some((slug, number));
                numbered.insert(index, free);
            }
        }
        let has_doubles = times.values().any(|times| *times > 1);
        Identities {
            count: (self.items.len() - superseded.len()) as u64,
            times: if has_doubles { times } else { HashMap::new() },
            superseded,
            slugs: numbered,
            ..Identities::default()
        }
    }

    /// Of the entries with one id, all but the one that changed last, with the place of that: they are states of one entry
    /// (RFC 4287 §4.1.1).
    fn superseded(&self) -> BTreeMap<usize, Box<str>> {
        let mut newest: HashMap<u64, usize> = HashMap::new();
        let changed = |index: usize| self.changes[index].as_ref().and_then(|(changed, _)| *changed);
        let with_ids = || self.changes.iter().enumerate().filter(|(_, change)| change.is_some());
        for (index, _) in with_ids() {
            let taken = newest.entry(self.items[index].id).or_insert(index);
            if changed(index) > changed(*taken) {
                *taken = index;
            }
        }
        let older = with_ids().filter_map(|(index, _)| {
            let newest = newest.get(&self.items[index].id).filter(|newest| **newest != index)?;
            let (_, place) = self.changes[*newest].as_ref()?;
            Some((index, place.clone()))
        });
        older.collect()
    }
}

/// What was decided of the items of a source, for each in its turn.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    /// How many items there are, each state of an entry but the newest left aside.
    pub(crate) count: u64,
    /// How often there is each id, if any is there more than once.
    times: HashMap<u64, u32>,
    superseded: BTreeMap<usize, Box<str>>,
    /// The slugs of those that do not have their own.
    slugs: HashMap<usize, Slug>,
    /// How many items were identified.
    next: usize,
    numbers: HashMap<String, u32>,
    given: HashSet<String>,
}

impl Identities {
    /// The next item, as what it is known; `None` for an older state of an entry.
    pub(crate) fn identify(
        &mut self,
        found: UnidentifiedItem,
        (identity, format): (Option<&str>, SourceFormat),
        problems: &mut Vec<Problem>,
    ) -> Option<Item> {
        let index = self.next;
        self.next += 1;
        let place = found.item.place.clone();
        let mut problem = |message: String| problems.push(Problem { place: place.clone(), message });
        if let Some(newest) = self.superseded.get(&index) {
            problem(format!("{newest} has the same id ({}) and changed last; only that one is taken", found.id));
            return None;
        }
        let own_id = self.own(&found);
        if self.is_doubled(&found.id) {
            problem(format!("another item has the same id ({}); both are taken", found.id));
        }
        let UnidentifiedItem { mut item, id, slug, .. } = found;
        let own = self.slugs.remove(&index).unwrap_or_else(|| slug.clone());
        if own != slug {
            problem(format!("another item has the slug {slug}; it gets {own}"));
        }
        item.origin = origin(&id, &own_id, identity, format);
        item.content.slug = Some(own);
        Some(item)
    }

    fn is_doubled(&self, id: &str) -> bool {
        self.times.get(&hash(id)).is_some_and(|times| *times > 1)
    }

    /// What an item is known by among all of its source.
    fn own(&mut self, item: &UnidentifiedItem) -> String {
        if !self.is_doubled(&item.id) {
            return item.id.clone();
        }
        // What tells them apart wherever they stand in the source; numbers are for what nothing does.
        let content = &item.item.content;
        let by = content.canonical_url.as_ref().filter(|url| **url != item.id).or(content.title.as_ref());
        let id = match by.filter(|by| **by != item.id) {
            Some(by) => format!("{}#{by}", item.id),
            None => item.id.clone(),
        };
        let number = self.numbers.entry(id.clone()).or_default();
        loop {
            *number += 1;
            let numbered = if *number == 1 { id.clone() } else { format!("{id}#{number}") };
            if self.times.get(&hash(numbered.as_str())).is_none_or(|times| *times > 1)
                && self.given.insert(numbered.clone())
            {
                return numbered;
            }
        }
    }
}

/// What an item is known by everywhere: the id it has in its source, and what it is known by there.
pub(crate) fn origin(id: &str, own_id: &str, identity: Option<&str>, format: SourceFormat) -> String {
    match identity.filter(|_| !is_universal(id)) {
        Some(identity) => format!("{}:{identity} {own_id}", format.prefix()),
        None => format!("{}:{own_id}", format.prefix()),
    }
}

pub(super) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Whether an id is nobody else's in the world; others are their feed's.
fn is_universal(id: &str) -> bool {
    let starts = |scheme: &str| id.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    !id.contains(char::is_whitespace)
        && (starts("tag:") || starts("urn:") || (id.contains("://") && Url::parse(id).is_ok()))
}
