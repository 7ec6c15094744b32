//! What there is for search engines: the addresses of the site, month by month.
//!
//! A sitemap is longer than a page of a list may be for clients, and nobody asks for one but by its address; so this reads lists as
//! the readers' loaders do, and notes what it has read, without being a field of the schema.
//!
//! How many texts a month has, and when what is said of them last changed, is kept day by day while texts are published
//! (`persistence/src/live/publish/sitemaps.rs`): which sitemaps there are is known without looking at a text. A month of very many texts
//! has several, each of whole days, unless a single day has too many.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{
    address,
    entry::EntryKind,
    id::EntryId,
    list::{Filter, List, Order},
    locale::Locale,
    page::{Direction, PageRequest, Position},
    site::Site,
    zone::ZoneName,
};
use courant_persistence::{
    ListRequest, Reads, Result, SitemapDay, Stamp, Store,
    publication::{Parts, Publication},
};
use jiff::{SignedDuration, Timestamp, civil::Date};

/// How many addresses one sitemap has: fewer than it may have, so that none is made for long.
pub const PART: u32 = 10_000;
/// How many entries' languages are read by one statement.
const ENTRIES: usize = 1_000;
/// How many names one sitemap of them has.
const NAMES: usize = 10_000;
/// How old the oldest news are.
const NEWS: SignedDuration = SignedDuration::from_hours(48);
const MOST_NEWS: usize = 1_000;

/// As of when something was read, and what it was made of.
pub type MadeOf = (Stamp, Reads);

/// A sitemap of the texts of one language that carry a date in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// The language.
    pub locale: Locale,
    /// The month, by its first day, in UTC.
    pub month: Date,
    /// Which part of it, from 1 on: months of many texts have several.
    pub number: u32,
}

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its path.
    pub path: String,
    /// When what readers see of it last changed, where it is a text.
    pub updated_at: Option<Timestamp>,
    /// The same in each language that there is of it, its own included.
    pub languages: Vec<(Locale, String)>,
}

/// An article of the last two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Its path.
    pub path: String,
    /// The headline.
    pub title: String,
    /// The date it carries.
    pub published_at: Timestamp,
}

/// The texts of a language itself, without those that its readers get in another one.
fn list_of(
    site: &Site,
    locale: Locale,
    kinds: &[EntryKind],
    (from, before): (Option<Timestamp>, Option<Timestamp>),
    order: Order,
) -> List {
    // Where there is no other one, that need not be seen to.
    let exact_locale = site.chain(locale).nth(1).is_some();
    let filter = Filter { exact_locale, published_from: from, published_before: before, ..Filter::default() };
    List { locale, kinds: kinds.to_vec(), filter, order }
}

/// When a day begins, and when the day after another one does.
fn bounds(first: Date, last: Date) -> (Timestamp, Timestamp) {
    let utc = ZoneName::default();
    // After the last day that there is comes the end of time.
    (utc.day_begins(first), last.tomorrow().map_or(Timestamp::MAX, |next| utc.day_begins(next)))
}

/// What one sitemap of a month has: so many texts of some days, after some that are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    first: Date,
    last: Date,
    skipped: usize,
    changed_at: Timestamp,
}

/// Divides a month among sitemaps. Days stay whole, so that what comes and goes on one moves none of the others, unless the day has more
/// than a sitemap. A sitemap has changed when what is said of its texts has, and may have when days before it, or the one after it, have
/// gained or lost texts: then it may have other days.
fn shares(days: &[SitemapDay]) -> Vec<Share> {
    let mut shares: Vec<(Share, u64)> = Vec::new();
    let mut moved_before = None;
    for day in days {
        if let Some((last, _)) = shares.last_mut() {
            // It may have been in there.
            last.changed_at = last.changed_at.max(day.moved_at);
        }
        let changed_at = moved_before.map_or(day.changed_at, |moved: Timestamp| moved.max(day.changed_at));
        moved_before = Some(moved_before.map_or(day.moved_at, |moved: Timestamp| moved.max(day.moved_at)));
        match shares.last_mut() {
            Some((last, texts)) if *texts + day.texts <= u64::from(PART) => {
                last.last = day.day;
                last.changed_at = last.changed_at.max(changed_at);
                *texts += day.texts;
            }
            _ => {
                let share = |number: u64| {
                    let skipped = usize::try_from(number * u64::from(PART)).unwrap_or(usize::MAX);
                    Share { first: day.day, last: day.day, skipped, changed_at }
                };
                let most = u64::from(PART);
                let numbers = 0..day.texts.div_ceil(most);
                // Nothing is added to a part of a day.
                let texts = if day.texts > most { most } else { day.texts };
                shares.extend(numbers.map(|number| (share(number), texts)));
            }
        }
    }
    shares.into_iter().map(|(share, _)| share).collect()
}

/// All sitemaps of texts, by language and then by time, when each last changed, and what they depend on.
///
/// # Errors
/// When the database cannot be read.
pub async fn parts(store: &Store) -> Result<(Vec<(Part, Timestamp)>, MadeOf)> {
    let (reference, stamp) = store.view();
    let mut reads = Reads::default();
    let (months, lists) = store.live().sitemap_months(u64::from(PART)).await?;
    reads.lists(lists);
    let mut parts = Vec::new();
    for locale in reference.site.locales.iter().map(|locale| locale.tag) {
        for month in months.iter().filter(|month| month.locale == locale) {
            let part = |number: u32| Part { locale, month: month.month, number };
            if month.days.is_empty() {
                parts.push((part(1), month.changed_at));
            }
            parts.extend((1..).zip(shares(&month.days)).map(|(number, share)| (part(number), share.changed_at)));
        }
    }
    Ok((parts, (stamp, reads)))
}

/// The texts of a list that are at their own address, in its order: those after a place, and no more than so many.
async fn own(
    store: &Store,
    list: List,
    parts: Parts,
    (mut after, most): (Option<Position>, usize),
    reads: &mut Reads,
) -> Result<Vec<Arc<Publication>>> {
    let (live, mut found) = (store.live(), Vec::new());
    loop {
        let page = PageRequest { size: PART, direction: Direction::Forward, after, before: None };
        let request = ListRequest::new(list.clone(), page);
        let Some((page, read)) = live.lists(&[&request], parts.union(Parts::DETAILS)).await?.pop() else { break };
        reads.list(&request, read);
        after = page.items.last().map(|(place, _)| *place);
        let is_last = page.items.len() < PART as usize;
        for (_, text) in page.items {
            if is_at_home(&text) && found.len() < most {
                found.push(text);
            }
        }
        if is_last || found.len() >= most {
            break;
        }
    }
    Ok(found)
}

/// Whether sitemaps list a text.
fn is_at_home(text: &Publication) -> bool {
    text.details.as_ref().is_none_or(|details| details.is_at_home())
}

/// The texts of one sitemap; none where there is no such sitemap.
///
/// # Errors
/// When the database cannot be read.
pub async fn texts(store: &Store, part: Part) -> Result<(Vec<Address>, MadeOf)> {
    let (reference, stamp) = store.view();
    let mut reads = Reads::default();
    let (days, list) = store.live().sitemap_days(part.locale, part.month).await?;
    reads.lists(vec![list]);
    let share = usize::try_from(part.number.max(1) - 1).ok().and_then(|number| shares(&days).get(number).copied());
    let Some(share) = share else { return Ok((Vec::new(), (stamp, reads))) };
    let (from, before) = bounds(share.first, share.last);
    let list =
        list_of(&reference.site, part.locale, &EntryKind::ALL, (Some(from), Some(before)), Order::PublishedAtAsc);
    let after = store.live().sitemap_place(part.locale, (from, before), share.skipped).await?;
    if after.is_none() && share.skipped > 0 {
        // There were more of them a moment ago.
        return Ok((Vec::new(), (stamp, reads)));
    }
    let parts = Parts::SLUG.union(Parts::HISTORY);
    let found = own(store, list, parts, (after, PART as usize), &mut reads).await?;
    let entries: Vec<EntryId> = found.iter().map(|text| text.entry).collect();
    let mut languages: HashMap<EntryId, Vec<(Locale, String)>> = HashMap::new();
    for entries in entries.chunks(ENTRIES) {
        entries.iter().for_each(|entry| reads.entry(*entry));
        let parts = Parts::SLUG.union(Parts::DETAILS);
        for (entry, texts) in store.live().publications_of_entries(entries, parts).await? {
            let path = |text: &Publication| {
                Some((text.locale, address::entry_path(text.locale, text.kind, text.slug.as_deref()?)))
            };
            let texts = texts.iter().filter(|text| is_at_home(text));
            languages.insert(entry, texts.filter_map(|text| path(text)).collect());
        }
    }
    let mut address = |text: &Publication| {
        let languages = languages.remove(&text.entry).unwrap_or_default();
        let path = address::entry_path(text.locale, text.kind, text.slug.as_deref()?);
        Some(Address { path, updated_at: text.history.map(|history| history.updated_at), languages })
    };
    let addresses = found.iter().filter_map(|text| address(text)).collect();
    Ok((addresses, (stamp, reads)))
}

/// When the sitemaps of [`pages`] last changed.
///
/// # Errors
/// When the database cannot be read.
pub async fn pages_changed_at(store: &Store) -> Result<Option<Timestamp>> {
    store.live().names_changed_at().await
}

/// The pages that list texts, in one language: the front page, the register, the feeds, and those of categories, tags and persons.
/// `number` counts the sitemaps of them from 1 on; also says whether there is another one after it.
#[must_use]
pub fn pages(store: &Store, locale: Locale, number: u32) -> (Vec<Address>, bool, MadeOf) {
    let (reference, stamp) = store.view();
    let mut reads = Reads::default();
    reads.categories();
    reads.roots();
    reads.feeds();
    reads.tags();
    reads.persons();
    let locales: Vec<Locale> = reference.site.locales.iter().map(|locale| locale.tag).collect();
    let tree = &reference.categories;
    let categories = tree.iter().filter_map(|category| tree.path(category.id));
    let fixed = ["", "/decrees", "/feeds"].into_iter().map(str::to_owned);
    let all = fixed
        .chain(categories.map(|path| format!("/categories/{path}")))
        .chain(reference.feeds().iter().map(|feed| format!("/feeds/{}", feed.slug)))
        .chain(reference.live_tags().rows().iter().map(|tag| format!("/tags/{}", tag.slug)))
        .chain(reference.live_persons().rows().iter().map(|person| format!("/people/{}", person.slug)));
    let skipped = (number.max(1) as usize - 1).saturating_mul(NAMES);
    let mut rest = all.skip(skipped);
    let addresses = rest.by_ref().take(NAMES).map(|rest| Address {
        path: format!("/{locale}{rest}"),
        updated_at: None,
        languages: locales.iter().map(|locale| (*locale, format!("/{locale}{rest}"))).collect(),
    });
    let addresses = addresses.collect();
    let more = rest.next().is_some();
    (addresses, more, (stamp, reads))
}

/// The articles of the last two days in one language, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn news(store: &Store, locale: Locale) -> Result<(Vec<News>, MadeOf)> {
    let (reference, stamp) = store.view();
    let mut reads = Reads::default();
    let from = oldest_news(store);
    let list = list_of(&reference.site, locale, &[EntryKind::Article], (Some(from), None), Order::PublishedAtDesc);
    let parts = Parts::SLUG.union(Parts::TITLE).union(Parts::PUBLISHED_AT);
    let mut news = Vec::new();
    for text in own(store, list, parts, (None, MOST_NEWS), &mut reads).await? {
        let (Some(slug), Some(title), Some(published_at)) = (&text.slug, &text.title, text.published_at) else {
            continue;
        };
        // It holds until the oldest is no news any more.
        reads.ends(published_at.checked_add(NEWS).unwrap_or(published_at));
        let path = address::entry_path(text.locale, text.kind, slug);
        news.push(News { path, title: title.clone(), published_at });
    }
    Ok((news, (stamp, reads)))
}

/// When the sitemap of news of a language last changed: when something was said of an article that is new enough, or when the last one
/// grew too old; and what that depends on.
///
/// # Errors
/// When the database cannot be read.
pub async fn news_changed_at(store: &Store, locale: Locale) -> Result<(Option<Timestamp>, MadeOf)> {
    let (reference, stamp) = store.view();
    let (mut reads, from) = (Reads::default(), oldest_news(store));
    let changed = store.live().sitemap_changed_since(locale, EntryKind::Article, from).await?;
    let list = list_of(&reference.site, locale, &[EntryKind::Article], (None, Some(from)), Order::PublishedAtDesc);
    let request = ListRequest::new(list, PageRequest::first(1));
    let mut old = None;
    if let Some((page, read)) = store.live().lists(&[&request], Parts::PUBLISHED_AT).await?.pop() {
        reads.list(&request, read);
        old = page.items.first().and_then(|(_, text)| text.published_at?.checked_add(NEWS).ok());
    }
    Ok((changed.max(old), (stamp, reads)))
}

/// The date that the oldest news carry.
fn oldest_news(store: &Store) -> Timestamp {
    store.now().checked_sub(NEWS).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Days of a month, each with so many texts, of which one came or went, and one changed, at these seconds.
    fn divided(days: &[(u64, i64, i64)]) -> Vec<(i8, i8, usize, i64)> {
        let day = |(number, (texts, moved, changed)): (i8, &(u64, i64, i64))| SitemapDay {
            day: date(2026, 11, number),
            texts: *texts,
            moved_at: at(*moved),
            changed_at: at(*changed),
        };
        let days: Vec<SitemapDay> = (1..).zip(days).map(day).collect();
        let share = |share: Share| (share.first.day(), share.last.day(), share.skipped, share.changed_at.as_second());
        shares(&days).into_iter().map(share).collect()
    }

    #[test]
    fn a_month_is_divided_by_whole_days() {
        assert_eq!(divided(&[]), []);
        assert_eq!(divided(&[(0, 5, 5)]), []);
        assert_eq!(divided(&[(9_000, 1, 7), (1_000, 2, 3)]), [(1, 2, 0, 7)]);
        assert_eq!(divided(&[(9_000, 1, 7), (1_001, 2, 3)]), [(1, 1, 0, 7), (2, 2, 0, 3)]);
        // The day after may have been in the first one; what comes and goes before may have moved the second one.
        assert_eq!(divided(&[(9_000, 1, 7), (1_001, 9, 9)]), [(1, 1, 0, 9), (2, 2, 0, 9)]);
        assert_eq!(divided(&[(9_000, 8, 8), (1_001, 2, 3)]), [(1, 1, 0, 8), (2, 2, 0, 8)]);
        // What is corrected changes one of them.
        assert_eq!(
            divided(&[(9_000, 1, 50), (9_000, 1, 1), (9_000, 1, 60)]),
            [(1, 1, 0, 50), (2, 2, 0, 1), (3, 3, 0, 60)]
        );
        assert_eq!(
            divided(&[(100, 1, 1), (25_000, 1, 2), (100, 1, 1)]),
            [(1, 1, 0, 1), (2, 2, 0, 2), (2, 2, 10_000, 2), (2, 2, 20_000, 2), (3, 3, 0, 1),]
        );
    }
}
