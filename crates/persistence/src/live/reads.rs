//! What an answer to a reader was made of.
//!
//! *Invariant*: everything that readers' loaders and the reference data are asked for is noted, what was found and what was not; a
//! change after which the answer might be another one touches something of it. So an answer holds until a change touches it, or
//! its time is over ([`Reads::until`]).

mod surrogate;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use courant_domain::{
    change::{Change, ChangeKey, Places, Touched},
    entry::EntryKind,
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    list::Scope,
    locale::Locale,
};
use jiff::Timestamp;

pub use self::surrogate::SITE_KEY;
use super::{read::ListRequest, scope::TimelineKey};

/// What an answer was made of: its read set.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    editions: HashSet<(EntryId, Option<Locale>)>,
    missed: HashSet<(EntryKind, Locale, String)>,
    relations: HashSet<EntryId>,
    related: HashSet<EntryId>,
    paths: HashSet<String>,
    lists: Vec<ListReads>,
    tags: Names<TagId>,
    persons: Names<PersonId>,
    categories: Names<CategoryId>,
    /// Which categories are at the top.
    roots: bool,
    feeds: Names<FeedId>,
    views: bool,
    /// The change log itself.
    log: bool,
    until: Option<Timestamp>,
}

/// Which of the site's names of a sort.
#[derive(Debug, Clone)]
struct Names<T> {
    all: bool,
    some: HashSet<T>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { all: false, some: HashSet::new() }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Names<T> {
    fn has(&self, name: &T) -> bool {
        self.all || self.some.contains(name)
    }

    fn add(&mut self, other: &Self) {
        self.all |= other.all;
        self.some.extend(&other.some);
    }
}

/// What a page of a list, or its count, was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReads {
    /// The timelines that were scanned.
    pub(crate) timelines: Box<[i32]>,
    /// Entries are also in one of each of these sets.
    pub(crate) probes: Box<[Box<[i32]>]>,
    /// Timelines that there would have been more in, were they there.
    pub(crate) unmade: Box<[TimelineKey]>,
    /// The keys between which it was read, both among them; open where there is none.
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
    /// Whether these are days of signing, and not the timelines' own keys.
    pub(crate) by_day: bool,
    /// The number that its acts have, if it is one of those of a number.
    pub(crate) number: Option<String>,
    /// Whether it was counted alone: what stays in the list does not matter.
    pub(crate) counted: bool,
}

impl ListReads {
    fn is_touched_by(&self, touched: &Touched) -> bool {
        if touched.throughout.iter().any(|timeline| self.timelines.contains(timeline)) {
            return true;
        }
        if self.number.as_ref().is_some_and(|number| !touched.numbers.contains(number)) {
            return false;
        }
        if self.by_day && !touched.signed.iter().any(|day| self.reaches(Some(i64::from(*day)))) {
            return false;
        }
        let is_here = |places: &Places| places.timelines.iter().any(|timeline| self.timelines.contains(timeline));
        let mut here = touched.places.iter().filter(|places| is_here(places));
        let is_touched = if self.counted {
            here.clone().any(|places| self.reaches(places.before) != self.reaches(places.after))
                || (here.next().is_some() && self.probes.iter().any(|probe| is_left_or_joined(touched, probe)))
        } else {
            here.any(|places| self.by_day || self.reaches(places.before) || self.reaches(places.after))
        };
        // What is in none of a set, before and after, is not in the list.
        is_touched && self.probes.iter().all(|probe| touched.is_in_any(probe))
    }

    /// Whether a key is among those that were read.
    fn reaches(&self, key: Option<i64>) -> bool {
        key.is_some_and(|key| self.from.is_none_or(|from| key >= from) && self.to.is_none_or(|to| key <= to))
    }

    fn bytes(&self) -> usize {
        let number = self.number.as_ref().map_or(0, String::capacity);
        let probes: usize = self.probes.iter().map(|probe| 16 + size_of_val(&**probe)).sum();
        size_of::<Self>() + number + size_of_val(&*self.timelines) + probes + size_of_val(&*self.unmade)
    }
}

/// Whether an entry was in one of these timelines and is not, or the other way round.
fn is_left_or_joined(touched: &Touched, timelines: &[i32]) -> bool {
    let moved = touched.places.iter().filter(|places| places.before.is_some() != places.after.is_some());
    moved.flat_map(|places| &places.timelines).any(|timeline| timelines.contains(timeline))
}

impl Reads {
    /// The edition of an entry in a locale, be it there or not.
    pub fn edition(&mut self, entry: EntryId, locale: Locale) {
        self.editions.insert((entry, Some(locale)));
    }

    /// Whatever is live of an entry: its languages, or the one that a reader gets.
    pub fn entry(&mut self, entry: EntryId) {
        self.editions.insert((entry, None));
    }

    /// That there is no edition with a slug.
    pub fn missing(&mut self, kind: EntryKind, locale: Locale, slug: String) {
        self.missed.insert((kind, locale, slug));
    }

    /// The relations of an act to others, and of others to it.
    pub fn relations(&mut self, act: EntryId) {
        self.relations.insert(act);
        self.entry(act);
    }

    /// The list of what goes with an entry, or that it has none. Such lists change in a version of their own, and not by the change log.
    pub fn related_to(&mut self, entry: EntryId) {
        self.related.insert(entry);
    }

    /// The entries of whose lists it was made; none where it was made of none.
    pub(crate) fn related(&self) -> Option<&HashSet<EntryId>> {
        (!self.related.is_empty()).then_some(&self.related)
    }

    /// What the rules say of a path, or that they say nothing.
    pub fn path(&mut self, path: String) {
        self.paths.insert(path);
    }

    /// A page of a list, or its count, which depends on what it is filed under.
    pub fn list(&mut self, request: &ListRequest, reads: ListReads) {
        let list = &request.list;
        for feed in request.feed.into_iter().chain(request.pinned) {
            self.feed(feed);
        }
        for scope in list.clauses().iter().flatten() {
            match scope {
                Scope::Category(category) | Scope::Subtree(category) => self.category(*category),
                Scope::Tag(tag) => self.tag(*tag),
                Scope::Person(person) => self.person(*person),
                Scope::Pinned(feed) => self.feed(*feed),
                Scope::All | Scope::Covers(_) | Scope::Genre(_) | Scope::DocumentType(_) => {}
            }
        }
        if list.order.is_by_views() {
            self.views();
        }
        if !self.lists.contains(&reads) {
            self.lists.push(reads);
        }
    }

    /// All that was or is in some lists, whatever they are filed under.
    pub fn lists(&mut self, reads: Vec<ListReads>) {
        for list in reads {
            if !self.lists.contains(&list) {
                self.lists.push(list);
            }
        }
    }

    /// A category: its own, its path, and which categories are above and directly below it.
    pub fn category(&mut self, category: CategoryId) {
        self.categories.some.insert(category);
    }

    /// All categories, or that there is none at a path.
    pub const fn categories(&mut self) {
        self.categories.all = true;
    }

    /// Which categories are at the top.
    pub const fn roots(&mut self) {
        self.roots = true;
    }

    /// A feed that is there.
    pub fn feed(&mut self, feed: FeedId) {
        self.feeds.some.insert(feed);
    }

    /// All feeds, or that there is none of a name.
    pub const fn feeds(&mut self) {
        self.feeds.all = true;
    }

    /// A tag that is there.
    pub fn tag(&mut self, tag: TagId) {
        self.tags.some.insert(tag);
    }

    /// All tags, or that there is none of a name.
    pub const fn tags(&mut self) {
        self.tags.all = true;
    }

    /// The change log, up to the change that the answer is as of.
    pub const fn log(&mut self) {
        self.log = true;
    }

    /// A person who is there.
    pub fn person(&mut self, person: PersonId) {
        self.persons.some.insert(person);
    }

    /// All persons, or that there is nobody of a name.
    pub const fn persons(&mut self) {
        self.persons.all = true;
    }

    /// How often something was viewed.
    pub const fn views(&mut self) {
        self.views = true;
    }

    /// Whether it says how often something was viewed.
    #[must_use]
    pub const fn has_views(&self) -> bool {
        self.views
    }

    /// That it holds until then at the longest.
    pub fn ends(&mut self, at: Timestamp) {
        self.until = Some(self.until.map_or(at, |until| until.min(at)));
    }

    /// Until when it holds at the longest; none when nothing but a change ends it.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Takes in what something else was made of.
    pub fn add(&mut self, other: &Self) {
        let Self {
            editions,
            missed,
            relations,
            related,
            paths,
            lists,
            tags,
            persons,
            categories,
            roots,
            feeds,
            views,
            log,
            until,
        } = other;
        self.editions.extend(editions);
        self.missed.extend(missed.iter().cloned());
        self.relations.extend(relations);
        self.related.extend(related);
        self.paths.extend(paths.iter().cloned());
        for list in lists {
            if !self.lists.contains(list) {
                self.lists.push(list.clone());
            }
        }
        self.tags.add(tags);
        self.persons.add(persons);
        self.categories.add(categories);
        self.roots |= roots;
        self.feeds.add(feeds);
        self.views |= views;
        self.log |= log;
        if let Some(until) = until {
            self.ends(*until);
        }
    }

    /// Whether it may be another one after a change. The site's own changes touch everything.
    #[must_use]
    pub fn is_touched_by(&self, change: &Change) -> bool {
        match &change.key {
            _ if self.log => true,
            ChangeKey::Site => true,
            ChangeKey::Edition { entry, locale, kind } => {
                let Some(touched) = &change.touched else { return true };
                self.editions.contains(&(*entry, Some(*locale)))
                    || self.editions.contains(&(*entry, None))
                    || touched.relations.iter().any(|act| self.relations.contains(act))
                    || (!self.missed.is_empty()
                        && touched
                            .slug
                            .as_ref()
                            .is_some_and(|slug| self.missed.contains(&(*kind, *locale, slug.clone()))))
                    || self.lists.iter().any(|list| list.is_touched_by(touched))
            }
            ChangeKey::Category(category) => self.categories.has(category),
            ChangeKey::Feed(feed) => self.feeds.has(feed),
            ChangeKey::Tag(tag) => self.tags.has(tag),
            ChangeKey::Person(person) => self.persons.has(person),
            ChangeKey::Redirect { path } => self.paths.contains(path),
        }
    }

    /// Whether it shows which categories are at the top.
    pub(crate) const fn has_roots(&self) -> bool {
        self.roots
    }

    /// Whether there would be more in a list, now that these timelines were made.
    pub(crate) fn lacks_any(&self, made: &[TimelineKey]) -> bool {
        self.lists.iter().any(|list| list.unmade.iter().any(|key| made.contains(key)))
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let texts =
            self.missed.iter().map(|(_, _, slug)| slug.capacity()).chain(self.paths.iter().map(String::capacity));
        size_of::<Self>()
            + self.editions.capacity() * (size_of::<(EntryId, Option<Locale>)>() + 1)
            + self.missed.capacity() * (size_of::<(EntryKind, Locale, String)>() + 1)
            + (self.relations.capacity() + self.related.capacity()) * (size_of::<EntryId>() + 1)
            + self.paths.capacity() * (size_of::<String>() + 1)
            + texts.sum::<usize>()
            + self.lists.iter().map(ListReads::bytes).sum::<usize>()
            + (self.tags.some.capacity() + self.persons.some.capacity()) * (size_of::<TagId>() + 1)
            + (self.categories.some.capacity() + self.feeds.some.capacity()) * (size_of::<TagId>() + 1)
    }
}
