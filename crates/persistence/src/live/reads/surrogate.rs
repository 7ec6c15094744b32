//! Surrogate keys: the names under which a cache between the server and its readers keeps an answer, and by which a change says
//! which answers it may keep no longer.
//!
//! A name is eight characters of a hash. What has too many of them has coarser ones instead, and every change names both.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::{
    change::{Change, ChangeKey},
    entry::EntryKind,
    id::EntryId,
    locale::Locale,
};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::{ListReads, Reads};
use crate::{live::scope::TimelineKey, store::Store};

/// How long all names of an answer may be together, with what stands between them: Fastly and Cloudflare take more, other caches' headers
/// do not.
const MOST_BYTES: usize = 4_000;
const KEY_BYTES: usize = 8 + 1;

/// A list has a name for each month of what it shows, up to so many.
const MOST_MONTHS: i64 = 12;

/// The name that everything is kept under.
pub static SITE_KEY: LazyLock<String> = LazyLock::new(|| Name::Site.key());

/// What is named. The first is one for all of its sort.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Site,
    /// The change log.
    Log,
    Any(Sort),
    Edition(EntryId, Option<Locale>),
    Missing(EntryKind, Locale, String),
    Relations(EntryId),
    Path(String),
    Timeline(i32, Part),
    /// One that is not there yet, which has no number to be named by.
    Unmade(TimelineKey),
    Tag(uuid::Uuid),
    Person(uuid::Uuid),
    Category(uuid::Uuid),
    Roots,
    Feed(uuid::Uuid),
}

/// A part of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// That of a month.
    Month(i64),
    /// For what shows all of it, or an end of it: every change in it is one here.
    Anywhere,
    /// For how many are in it: only what enters, leaves or moves is a change here.
    Count,
    /// For what shows months, and is another one when all of it is.
    Throughout,
}

/// The sorts of names of which there may be many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Edition,
    Timeline,
    Path,
    Tag,
    Person,
    Category,
    Feed,
}

impl Name {
    fn sort(&self) -> Option<Sort> {
        match self {
            Self::Edition(..) | Self::Missing(..) | Self::Relations(_) => Some(Sort::Edition),
            Self::Timeline(..) | Self::Unmade(_) => Some(Sort::Timeline),
            Self::Path(_) => Some(Sort::Path),
            Self::Tag(_) => Some(Sort::Tag),
            Self::Person(_) => Some(Sort::Person),
            Self::Category(_) => Some(Sort::Category),
            Self::Feed(_) => Some(Sort::Feed),
            Self::Site | Self::Log | Self::Any(_) | Self::Roots => None,
        }
    }

    fn key(&self) -> String {
        URL_SAFE_NO_PAD.encode(&Sha256::digest(format!("{self:?}"))[..6])
    }
}

fn keys(names: &BTreeSet<Name>) -> Vec<String> {
    names.iter().map(Name::key).collect()
}

impl Reads {
    /// The names to keep it under.
    #[must_use]
    pub fn surrogate_keys(&self) -> Vec<String> {
        let mut names = BTreeSet::from([Name::Site]);
        names.extend(self.editions.iter().map(|(entry, locale)| Name::Edition(*entry, *locale)));
        names.extend(self.missed.iter().map(|(kind, locale, slug)| Name::Missing(*kind, *locale, slug.clone())));
        names.extend(self.relations.iter().map(|act| Name::Relations(*act)));
        names.extend(self.paths.iter().cloned().map(Name::Path));
        names.extend(self.tags.some.iter().map(|tag| Name::Tag(tag.uuid())));
        names.extend(self.persons.some.iter().map(|person| Name::Person(person.uuid())));
        names.extend(self.tags.all.then_some(Name::Any(Sort::Tag)));
        names.extend(self.persons.all.then_some(Name::Any(Sort::Person)));
        names.extend(self.categories.some.iter().map(|category| Name::Category(category.uuid())));
        names.extend(self.categories.all.then_some(Name::Any(Sort::Category)));
        names.extend(self.roots.then_some(Name::Roots));
        names.extend(self.log.then_some(Name::Log));
        names.extend(self.feeds.some.iter().map(|feed| Name::Feed(feed.uuid())));
        names.extend(self.feeds.all.then_some(Name::Any(Sort::Feed)));
        for list in &self.lists {
            names.extend(list.unmade.iter().copied().map(Name::Unmade));
            for timeline in &list.timelines {
                names.extend(parts(list).into_iter().map(|part| Name::Timeline(*timeline, part)));
            }
        }
        while names.len() * KEY_BYTES > MOST_BYTES {
            let count = |sort: Sort| names.iter().filter(|name| name.sort() == Some(sort)).count();
            let sorts =
                [Sort::Edition, Sort::Timeline, Sort::Path, Sort::Tag, Sort::Person, Sort::Category, Sort::Feed];
            let Some(most) = sorts.into_iter().max_by_key(|sort| count(*sort)) else { break };
            names.retain(|name| name.sort() != Some(most));
            names.insert(Name::Any(most));
        }
        keys(&names)
    }
}

/// The parts of timelines that a list shows something of.
fn parts(list: &ListReads) -> Vec<Part> {
    match (list.from.map(month), list.to.map(month)) {
        (Some(from), Some(to)) if !list.by_day && to - from < MOST_MONTHS => {
            (from..=to).map(Part::Month).chain([Part::Throughout]).collect()
        }
        _ if list.counted && !list.by_day => vec![Part::Count],
        _ => vec![Part::Anywhere],
    }
}

/// The number of the month that a key is in.
fn month(key: i64) -> i64 {
    let at = Timestamp::from_microsecond(key).unwrap_or(Timestamp::UNIX_EPOCH);
    let day = TimeZone::UTC.to_datetime(at).date();
    i64::from(day.year()) * 12 + i64::from(day.month())
}

impl Store {
    /// The names of what changes have made stale, each once. This process has taken them in.
    #[must_use]
    pub fn surrogate_keys_of(&self, changes: &[Change]) -> BTreeSet<String> {
        let touched = changes.iter().filter_map(|change| change.touched.as_deref());
        let timelines = touched.flat_map(|touched| {
            touched.places.iter().flat_map(|places| &places.timelines).chain(&touched.throughout).copied()
        });
        let known = self.reference().timeline_keys(&timelines.collect());
        changes.iter().flat_map(|change| surrogate_keys_of(change, &known)).collect()
    }
}

/// The names of what a change has made stale, with what the timelines are of that it touches: any of them may have been made by it.
pub(super) fn surrogate_keys_of(change: &Change, known: &BTreeMap<i32, TimelineKey>) -> Vec<String> {
    let mut names = BTreeSet::from([Name::Log]);
    match &change.key {
        ChangeKey::Site => {
            names.insert(Name::Site);
        }
        ChangeKey::Edition { entry, locale, kind } => match &change.touched {
            // It may show anywhere.
            None => {
                names.insert(Name::Site);
            }
            Some(touched) => {
                names.extend([
                    Name::Any(Sort::Edition),
                    Name::Edition(*entry, Some(*locale)),
                    Name::Edition(*entry, None),
                ]);
                names.extend(touched.relations.iter().chain([entry]).map(|act| Name::Relations(*act)));
                names.extend(touched.slug.iter().map(|slug| Name::Missing(*kind, *locale, slug.clone())));
                let is_moved = touched.places.iter().any(|places| places.before != places.after);
                for places in &touched.places {
                    let months = [places.before, places.after].into_iter().flatten().map(|key| Part::Month(month(key)));
                    for part in months.chain([Part::Anywhere]).chain(is_moved.then_some(Part::Count)) {
                        names.extend(places.timelines.iter().map(|timeline| Name::Timeline(*timeline, part)));
                    }
                }
                for part in [Part::Anywhere, Part::Count, Part::Throughout] {
                    names.extend(touched.throughout.iter().map(|timeline| Name::Timeline(*timeline, part)));
                }
                let timelines = touched.places.iter().flat_map(|places| &places.timelines).chain(&touched.throughout);
                names.extend(timelines.filter_map(|timeline| known.get(timeline)).copied().map(Name::Unmade));
                let any =
                    touched.places.iter().any(|places| !places.timelines.is_empty()) || !touched.throughout.is_empty();
                names.extend(any.then_some(Name::Any(Sort::Timeline)));
            }
        },
        // Whether it is at the top, it does not say.
        ChangeKey::Category(category) => {
            names.extend([Name::Any(Sort::Category), Name::Roots, Name::Category(category.uuid())]);
        }
        ChangeKey::Feed(feed) => names.extend([Name::Any(Sort::Feed), Name::Feed(feed.uuid())]),
        ChangeKey::Tag(tag) => names.extend([Name::Any(Sort::Tag), Name::Tag(tag.uuid())]),
        ChangeKey::Person(person) => names.extend([Name::Any(Sort::Person), Name::Person(person.uuid())]),
        ChangeKey::Redirect { path } => names.extend([Name::Any(Sort::Path), Name::Path(path.clone())]),
    }
    keys(&names)
}
