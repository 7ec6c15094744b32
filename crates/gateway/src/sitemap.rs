//! What there is for search engines: the addresses of the site, month by month.
//!
//! A sitemap is longer than a page of a list may be for clients, and nobody asks for one but by its address; so this reads lists as
//! the readers' loaders do, and notes what it has read, without being a field of the schema.
//!
//! How many texts a month has is counted once and known until a change touches it: a new text has its own month counted anew, and no
//! other.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

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
    ListRequest, Reads, Result, Stamp, Store,
    publication::{Parts, Publication},
};
use jiff::{SignedDuration, Timestamp, civil::Date};

/// How many addresses one sitemap has: fewer than it may have, so that none is made for long.
pub const PART: u32 = 10_000;
/// How many months are counted by one statement.
const COUNTED: usize = 24;
/// More than this a month of one language does not have.
const BOUND: u64 = 50_000_000;
/// How many entries' languages are read by one statement.
const ENTRIES: usize = 1_000;
/// How many names one sitemap of them has.
const NAMES: usize = 10_000;
/// How old the oldest news are.
const NEWS: SignedDuration = SignedDuration::from_hours(48);
const MOST_NEWS: u32 = 1_000;

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

/// How many texts each month has, as far as it was counted.
#[derive(Debug, Default)]
pub struct Months(Mutex<HashMap<(Locale, Date), (u64, MadeOf)>>);

/// The texts of a language itself, without those that its readers get in another one.
fn list(
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

/// When a month begins, and when the next one does.
fn bounds(month: Date) -> Option<(Timestamp, Timestamp)> {
    let utc = ZoneName::default();
    Some((utc.day_begins(month), utc.day_begins(next(month)?)))
}

fn next(month: Date) -> Option<Date> {
    month.checked_add(jiff::Span::new().months(1)).ok()
}

fn month_of(at: Timestamp) -> Date {
    ZoneName::default().day(at).first_of_month()
}

/// All sitemaps of texts, by language and then by time, and what they depend on.
///
/// # Errors
/// When the database cannot be read.
pub async fn parts(store: &Store, known: &Months) -> Result<(Vec<Part>, MadeOf)> {
    let (reference, stamp) = store.view();
    let (mut reads, mut parts) = (Reads::default(), Vec::new());
    for locale in reference.site.locales.iter().map(|locale| locale.tag) {
        let mut from = None;
        // Centuries in which nothing was written are passed over.
        while let Some(mut month) = first_since(store, &reference.site, locale, from, &mut reads).await? {
            loop {
                let next_month = |month: &Date| next(*month);
                let months: Vec<(Locale, Date)> =
                    std::iter::successors(Some(month), next_month).take(COUNTED).map(|month| (locale, month)).collect();
                let counts = counts(store, &reference.site, known, &months, &mut reads).await?;
                parts.extend(months.iter().zip(&counts).flat_map(|((_, month), count)| {
                    let most = u32::try_from(count.div_ceil(u64::from(PART))).unwrap_or(u32::MAX);
                    (1..=most).map(|number| Part { locale, month: *month, number })
                }));
                let after = months.last().and_then(|(_, last)| next(*last));
                from = after.and_then(|after| Some(bounds(after)?.0));
                match after {
                    Some(after) if counts.iter().any(|count| *count > 0) => month = after,
                    _ => break,
                }
            }
            if from.is_none() {
                break;
            }
        }
    }
    Ok((parts, (stamp, reads)))
}

/// The month of the first text of a language that carries a date at a time or later.
async fn first_since(
    store: &Store,
    site: &Site,
    locale: Locale,
    from: Option<Timestamp>,
    reads: &mut Reads,
) -> Result<Option<Date>> {
    let list = list(site, locale, &EntryKind::ALL, (from, None), Order::PublishedAtAsc);
    let request = ListRequest::new(list, PageRequest::first(1));
    let Some((page, read)) = store.live().lists(&[&request], Parts::PUBLISHED_AT).await?.pop() else {
        return Ok(None);
    };
    reads.list(&request, read);
    Ok(page.items.first().and_then(|(_, text)| text.published_at).map(month_of))
}

/// How many texts there are in months.
async fn counts(
    store: &Store,
    site: &Site,
    known: &Months,
    months: &[(Locale, Date)],
    reads: &mut Reads,
) -> Result<Vec<u64>> {
    let mut counted: Vec<Option<u64>> = {
        let known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |month: &(Locale, Date)| {
            let (count, (stamp, made_of)) = known.get(month)?;
            store.holds(stamp, made_of).then(|| {
                reads.add(made_of);
                *count
            })
        };
        months.iter().map(count).collect()
    };
    let wanted = months.iter().zip(&counted).enumerate().filter(|(_, (_, count))| count.is_none());
    let wanted = wanted.filter_map(|(at, ((locale, month), _))| {
        let (from, before) = bounds(*month)?;
        let list = list(site, *locale, &EntryKind::ALL, (Some(from), Some(before)), Order::PublishedAtAsc);
        Some((at, ListRequest::new(list, PageRequest::first(0))))
    });
    let wanted: Vec<(usize, ListRequest)> = wanted.collect();
    if !wanted.is_empty() {
        let requests: Vec<&ListRequest> = wanted.iter().map(|(_, request)| request).collect();
        let stamps: Vec<Stamp> = wanted.iter().map(|_| store.view().1).collect();
        let found = store.live().list_counts(&requests, BOUND).await?;
        let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (((at, request), (count, read)), stamp) in wanted.iter().zip(found).zip(stamps) {
            let mut made_of = Reads::default();
            made_of.list(request, read);
            reads.add(&made_of);
            counted[*at] = Some(count);
            known.insert(months[*at], (count, (stamp, made_of)));
        }
    }
    Ok(counted.into_iter().map(Option::unwrap_or_default).collect())
}

/// The texts of one sitemap; none where there is no such sitemap.
///
/// # Errors
/// When the database cannot be read.
pub async fn texts(store: &Store, part: Part) -> Result<(Vec<Address>, MadeOf)> {
    let (reference, stamp) = store.view();
    let (mut reads, live) = (Reads::default(), store.live());
    let Some((from, before)) = bounds(part.month) else { return Ok((Vec::new(), (stamp, reads))) };
    let list = list(&reference.site, part.locale, &EntryKind::ALL, (Some(from), Some(before)), Order::PublishedAtAsc);
    let mut after: Option<Position> = None;
    // The parts before this one are passed over, of which nothing is read but where they are.
    for _ in 1..part.number {
        let page = PageRequest { size: PART, direction: Direction::Forward, after, before: None };
        let request = ListRequest::new(list.clone(), page);
        let Some((page, read)) = live.lists(&[&request], Parts::NONE).await?.pop() else { break };
        reads.list(&request, read);
        after = page.items.last().map(|(place, _)| *place);
        if page.items.len() < PART as usize {
            return Ok((Vec::new(), (stamp, reads)));
        }
    }
    let page = PageRequest { size: PART, direction: Direction::Forward, after, before: None };
    let request = ListRequest::new(list, page);
    let parts = Parts::SLUG.union(Parts::HISTORY);
    let Some((page, read)) = live.lists(&[&request], parts).await?.pop() else {
        return Ok((Vec::new(), (stamp, reads)));
    };
    reads.list(&request, read);
    let entries: Vec<EntryId> = page.items.iter().map(|(_, text)| text.entry).collect();
    let mut languages: HashMap<EntryId, Vec<(Locale, String)>> = HashMap::new();
    for entries in entries.chunks(ENTRIES) {
        entries.iter().for_each(|entry| reads.entry(*entry));
        for (entry, texts) in live.publications_of_entries(entries, Parts::SLUG).await? {
            let path = |text: &Publication| {
                Some((text.locale, address::entry_path(text.locale, text.kind, text.slug.as_deref()?)))
            };
            languages.insert(entry, texts.iter().filter_map(|text| path(text)).collect());
        }
    }
    let mut address = |text: &Publication| {
        let languages = languages.remove(&text.entry).unwrap_or_default();
        let path = address::entry_path(text.locale, text.kind, text.slug.as_deref()?);
        Some(Address { path, updated_at: text.history.map(|history| history.updated_at), languages })
    };
    let addresses = page.items.iter().filter_map(|(_, text)| address(text)).collect();
    Ok((addresses, (stamp, reads)))
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
    let from = store.now().checked_sub(NEWS).unwrap_or(Timestamp::MIN);
    let list = list(&reference.site, locale, &[EntryKind::Article], (Some(from), None), Order::PublishedAtDesc);
    let request = ListRequest::new(list, PageRequest::first(MOST_NEWS));
    let parts = Parts::SLUG.union(Parts::TITLE).union(Parts::PUBLISHED_AT);
    let mut news = Vec::new();
    if let Some((page, read)) = store.live().lists(&[&request], parts).await?.pop() {
        reads.list(&request, read);
        for (_, text) in page.items {
            let (Some(slug), Some(title), Some(published_at)) = (&text.slug, &text.title, text.published_at) else {
                continue;
            };
            // It holds until the oldest is no news any more.
            reads.ends(published_at.checked_add(NEWS).unwrap_or(published_at));
            let path = address::entry_path(text.locale, text.kind, slug);
            news.push(News { path, title: title.clone(), published_at });
        }
    }
    Ok((news, (stamp, reads)))
}
