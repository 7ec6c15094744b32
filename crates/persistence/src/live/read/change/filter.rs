//! Which changes somebody follows.

use std::collections::BTreeSet;

use courant_domain::{
    address::Address,
    change::{Change, ChangeKey, Places, Subject, Touched},
    entry::EntryKind,
    feed::FeedOrder,
    id::{CategoryId, FeedId, TagId},
    list::{Filter, List, Order, Scope},
    locale::Locale,
};

use crate::{
    live::{reads::ListReads, scope::TimelineKey},
    reference::Reference,
};

/// What changes are followed. What is empty does not matter; what is given must all be true.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ChangeFilter {
    /// Of these subjects.
    pub subjects: Vec<Subject>,
    /// Of publications of these kinds, and of nothing else.
    pub kinds: Vec<EntryKind>,
    /// Of what readers of this locale get, fallbacks included.
    pub locale: Option<Locale>,
    /// Of what is, or was before the change, filed in one of these, and of these themselves.
    pub categories: Vec<CategoryId>,
    /// Or below one of them.
    pub include_descendants: bool,
    /// Of what has, or had, one of these, and of these themselves.
    pub tags: Vec<TagId>,
    /// Of what is, or was, in this feed as it is now, and of the feed itself.
    pub feed: Option<FeedId>,
    /// And of the categories, tags and feeds that have, or had before the change, one of these names in addresses: whoever follows
    /// one by its name is told when it loses it.
    pub names: Vec<(Subject, String)>,
}

impl ChangeFilter {
    /// Whether nothing matters but the subjects, if those do.
    pub(super) fn is_of_subjects_alone(&self) -> bool {
        self.kinds.is_empty() && self.locale.is_none() && !self.is_of_lists()
    }

    fn is_of_lists(&self) -> bool {
        !self.categories.is_empty() || !self.tags.is_empty() || self.feed.is_some()
    }

    fn names(&self, change: &Change) -> bool {
        let has = |name: &str| change.name() == Some(name) || change.name_before() == Some(name);
        self.names.iter().any(|(subject, name)| *subject == change.key.subject() && has(name))
    }
}

/// A filter with the numbers of the timelines that it means, as of some reference data.
#[derive(Debug, Clone)]
pub struct FollowedLists<'a> {
    filter: &'a ChangeFilter,
    /// Each is a way to be followed: to be in a timeline of each of its sets. None when that does not matter.
    ways: Option<Vec<Vec<BTreeSet<i32>>>>,
    /// The timelines that it means and that are not there yet.
    unmade: Vec<TimelineKey>,
}

impl<'a> FollowedLists<'a> {
    /// As of these reference data. Timelines are made as they are needed, so that it has to be made anew with newer ones.
    #[must_use]
    pub fn new(filter: &'a ChangeFilter, reference: &Reference) -> Self {
        let is_any = !filter.is_of_lists() && filter.locale.is_none();
        let mut unmade = Vec::new();
        let ways = (!is_any).then(|| ways(filter, reference, &mut unmade));
        Self { filter, ways, unmade }
    }

    /// What is read where it is asked for all that was ever in the lists; none where it is asked for everything.
    pub(in crate::live) fn reads(&self) -> Option<Vec<ListReads>> {
        let boxed = |timelines: &BTreeSet<i32>| timelines.iter().copied().collect::<Box<[i32]>>();
        let reads = self.ways.as_ref()?.iter().filter_map(|way| {
            let (scanned, probes) = way.split_first()?;
            Some(ListReads {
                timelines: boxed(scanned),
                probes: probes.iter().map(boxed).collect(),
                unmade: self.unmade.clone().into(),
                from: None,
                to: None,
                by_day: false,
                number: None,
                counted: false,
            })
        });
        Some(reads.collect())
    }

    /// Whether a change is followed. Where it does not say what it touched, it is if it may be.
    #[must_use]
    pub fn has(&self, change: &Change) -> bool {
        let filter = self.filter;
        if !filter.subjects.is_empty() && !filter.subjects.contains(&change.key.subject()) {
            return false;
        }
        match &change.key {
            ChangeKey::Site => true,
            ChangeKey::Edition { kind, .. } => {
                (filter.kinds.is_empty() || filter.kinds.contains(kind))
                    && change.touched.as_ref().is_none_or(|touched| self.is_in_lists(touched))
            }
            _ if !filter.kinds.is_empty() => false,
            ChangeKey::Redirect { path } => {
                let locale = Address::parse(path).map(|address| address.locale);
                !filter.is_of_lists() && filter.locale.is_none_or(|wanted| locale.is_none_or(|is| is == wanted))
            }
            _ if !filter.is_of_lists() || filter.names(change) => true,
            ChangeKey::Category(category) => {
                let above = change.told.as_ref().map(|told| told.above.as_slice());
                let is_below = || above.is_none_or(|above| above.iter().any(|above| filter.categories.contains(above)));
                filter.categories.contains(category)
                    || (filter.include_descendants && !filter.categories.is_empty() && is_below())
            }
            ChangeKey::Tag(tag) => filter.tags.contains(tag),
            ChangeKey::Feed(feed) => filter.feed == Some(*feed),
            ChangeKey::Person(_) => false,
        }
    }

    /// Whether it was in the lists before the change, or is after it.
    fn is_in_lists(&self, touched: &Touched) -> bool {
        let Some(ways) = &self.ways else { return true };
        let sides: [fn(&Places) -> Option<i64>; 2] = [|places| places.before, |places| places.after];
        ways.iter().any(|way| {
            sides.iter().any(|side| {
                way.iter().all(|timelines| {
                    let mut there = touched.places.iter().filter(|places| side(places).is_some());
                    there.any(|places| places.timelines.iter().any(|timeline| timelines.contains(timeline)))
                        || touched.throughout.iter().any(|timeline| timelines.contains(timeline))
                })
            })
        })
    }
}

fn ways(filter: &ChangeFilter, reference: &Reference, unmade: &mut Vec<TimelineKey>) -> Vec<Vec<BTreeSet<i32>>> {
    let locales: Vec<Locale> = match filter.locale {
        Some(locale) => vec![locale],
        None => reference.site.locales.iter().map(|locale| locale.tag).collect(),
    };
    let own = |locale| List {
        locale,
        kinds: Vec::new(),
        filter: Filter {
            categories: filter.categories.clone(),
            include_descendants: filter.include_descendants,
            tags_any: filter.tags.clone(),
            ..Filter::default()
        },
        order: Order::default(),
    };
    let feed = filter.feed.map(|id| (id, reference.feed(id)));
    let mut ways = Vec::new();
    for locale in locales {
        let mut timelines = |clause: &[Scope], kinds: &[EntryKind]| {
            let keys = clause.iter().flat_map(|scope| {
                kinds.iter().flat_map(|kind| {
                    [false, true]
                        .map(|is_withdrawn| TimelineKey { is_withdrawn, ..TimelineKey::listed(locale, *kind, *scope) })
                })
            });
            let mut known = BTreeSet::new();
            for key in keys {
                match reference.timeline(&key) {
                    Some(timeline) => drop(known.insert(timeline)),
                    None => unmade.push(key),
                }
            }
            known
        };
        let mut sets = |clauses: &[Vec<Scope>], kinds: &[EntryKind]| -> Vec<BTreeSet<i32>> {
            clauses.iter().map(|clause| timelines(clause, kinds)).collect()
        };
        let own = sets(&own(locale).clauses(), &EntryKind::ALL);
        match feed {
            None => ways.push(own),
            // Nothing is in a feed that is not there.
            Some((_, None)) => {}
            Some((id, Some(feed))) => {
                let kinds = if feed.kinds.is_empty() { EntryKind::ALL.to_vec() } else { feed.kinds.clone() };
                let list = Filter {
                    categories: feed.categories.clone(),
                    include_descendants: feed.include_descendants,
                    tags_any: feed.tags.clone(),
                    ..Filter::default()
                };
                let list = List { locale, kinds: kinds.clone(), filter: list, order: Order::default() };
                if feed.order != FeedOrder::Editorial {
                    ways.push([own.clone(), sets(&list.clauses(), &kinds)].concat());
                }
                ways.push([own, sets(&[vec![Scope::Pinned(id)]], &EntryKind::ALL)].concat());
            }
        }
    }
    ways
}
