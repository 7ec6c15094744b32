//! Lists of what was read most within a window of time: their order, their pages, and what time does to them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use courant_domain::{
    entry::EntryKind,
    id::{CategoryId, EntryId},
    list::{Filter, List, Order},
    locale::Locale,
    page::{Direction, PageRequest},
    reading::{EditionName, ReadingWindow},
    workflow::State,
};
use courant_persistence::{Dialect, ListRequest, ReferenceData, Store, publication::Parts};
use courant_tests::{
    Portal, TestDatabase, apply, both_databases,
    incoming::{article, category},
};
use jiff::Timestamp;

const DAY: Order = Order::MostReadDesc(ReadingWindow::Day);
const WEEK: Order = Order::MostReadDesc(ReadingWindow::Week);
const MONTH: Order = Order::MostReadDesc(ReadingWindow::Month);

/// A store with articles of these names, in one category.
struct Newsstand {
    store: Store,
    entries: Vec<(String, EntryId)>,
    category: CategoryId,
    readers: u64,
}

impl Newsstand {
    async fn new(database: &TestDatabase, names: &[String]) -> Self {
        let store = database.open().await;
        let news = category("news");
        let reference = ReferenceData { categories: vec![news.clone()], ..ReferenceData::default() };
        store.newsroom().reference_put(&reference).await.unwrap();
        let incoming: Vec<_> = names.iter().map(|name| article(name, news.id, name, State::Published)).collect();
        let entries = names.iter().cloned().zip(incoming.iter().map(|entry| entry.id)).collect();
        courant_import::merge(&store, incoming, "test").await.unwrap();
        Self { store, entries, category: news.id, readers: 0 }
    }

    /// Has so many more readers read an article at a time.
    async fn read(&mut self, name: &str, readers: u64, at: &str) {
        let (_, entry) = self.entries.iter().find(|(known, _)| known == name).unwrap();
        let edition = EditionName { entry: *entry, locale: Locale::ENGLISH, kind: EntryKind::Article };
        let prints = (self.readers..self.readers + readers).collect();
        self.readers += readers;
        let at: Timestamp = at.parse().unwrap();
        let added =
            self.store.views().add(&[(edition, prints)], &HashSet::new(), i64::MAX, u64::MAX, at).await.unwrap();
        assert_eq!(added.counted, readers);
    }

    async fn let_go(&self, now: &str) {
        self.store.views().let_go(now.parse().unwrap()).await.unwrap();
    }

    /// The names in an order, page by page.
    async fn names(&self, order: Order, filter: &Filter, size: u32) -> Vec<String> {
        let list = List { locale: Locale::ENGLISH, kinds: vec![EntryKind::Article], filter: filter.clone(), order };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = PageRequest { direction: Direction::Forward, size, after, before: None };
            let mut wanted = ListRequest::new(list.clone(), page);
            wanted.more = true;
            let (page, reads) = self.store.live().lists(&[&wanted], Parts::SLUG).await.unwrap().remove(0);
            let mut noted = courant_persistence::Reads::default();
            noted.list(&wanted, reads);
            assert!(noted.has_views(), "it may lag, and be no older than that");
            found.extend(page.items.iter().map(|(_, publication)| publication.slug.as_ref().unwrap().to_string()));
            after = page.items.last().map(|(place, _)| *place);
            if !page.has_next {
                return found;
            }
        }
    }

    async fn first(&self, order: Order, many: usize) -> Vec<String> {
        let scanned = self.names(order, &Filter::default(), 2).await;
        // A category of few is sorted; that gives the same.
        let of_category = Filter { categories: vec![self.category], ..Filter::default() };
        assert_eq!(self.names(order, &of_category, 100).await, scanned);
        assert_eq!(scanned.len(), self.entries.len(), "what nobody has read comes last, but it comes");
        scanned.into_iter().take(many).collect()
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn windows_hold_what_was_read_in_them(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let names = ["old", "lately", "today", "unread"].map(str::to_owned);
    let mut stand = Newsstand::new(&database, &names).await;
    stand.read("old", 5_000, "2026-10-25T12:00:00Z").await;
    stand.read("lately", 300, "2026-11-20T12:00:00Z").await;
    stand.read("today", 2, "2026-11-29T10:00:00Z").await;

    stand.let_go("2026-11-29T12:00:00Z").await;
    assert_eq!(stand.first(DAY, 1).await, ["today"], "{dialect:?}");
    assert_eq!(stand.first(WEEK, 1).await, ["today"]);
    assert_eq!(stand.first(MONTH, 2).await, ["lately", "today"], "a month ago is over");
    assert_eq!(stand.first(Order::ViewsDesc, 3).await, ["old", "lately", "today"], "but not for ever");

    // A day later nothing was read within a day: then the newest comes first, as of all that nobody has read.
    stand.let_go("2026-11-30T12:00:00Z").await;
    let [day, week] = [stand.names(DAY, &Filter::default(), 9).await, stand.first(WEEK, 1).await];
    assert_eq!(week, ["today"]);
    let mut newest = stand.entries.clone();
    newest.sort_by_key(|(_, entry)| std::cmp::Reverse(*entry));
    assert_eq!(day, newest.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
    stand.let_go("2027-01-30T12:00:00Z").await;
    assert_eq!(stand.names(MONTH, &Filter::default(), 9).await, day);
    let reads = stand.store.admin().snapshot().await.unwrap().reads(None, 10).await.unwrap();
    assert!(reads.is_empty(), "nothing is kept for longer than a window needs: {reads:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn later_reads_weigh_more_and_add_up(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let names = ["morning", "noon"].map(str::to_owned);
    let mut stand = Newsstand::new(&database, &names).await;
    stand.read("morning", 10, "2026-11-29T00:30:00Z").await;
    stand.read("noon", 4, "2026-11-29T12:30:00Z").await;
    assert_eq!(stand.first(DAY, 2).await, ["noon", "morning"], "ten weigh like two and a half by now");
    assert_eq!(stand.first(Order::ViewsDesc, 2).await, ["morning", "noon"]);
    stand.read("morning", 7, "2026-11-29T00:31:00Z").await;
    assert_eq!(stand.first(DAY, 2).await, ["morning", "noon"], "{dialect:?}: seventeen like more than four");
    // What is made anew of its buckets is what was added up.
    stand.read("noon", 1, "2026-11-28T13:00:00Z").await;
    let before = stand.names(WEEK, &Filter::default(), 1).await;
    stand.let_go("2026-11-29T14:00:00Z").await;
    assert_eq!(stand.first(DAY, 2).await, ["morning", "noon"]);
    assert_eq!(stand.names(WEEK, &Filter::default(), 1).await, before);
}

#[apply(both_databases)]
#[tokio::test]
async fn many_are_scanned_in_their_order_and_let_go_in_pieces(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let names: Vec<String> = (0..1_200).map(|number| format!("a{number}")).collect();
    let mut stand = Newsstand::new(&database, &names).await;
    let mut reads = Vec::new();
    let mut readers = 0;
    for (number, (_, entry)) in stand.entries.iter().enumerate() {
        let edition = EditionName { entry: *entry, locale: Locale::ENGLISH, kind: EntryKind::Article };
        // Each another number, as the one is no part of the other.
        let more = (number as u64 * 7_919) % 1_201 + 1;
        reads.push((edition, (readers..readers + more).collect()));
        readers += more;
    }
    let at: Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
    for part in reads.chunks(500) {
        stand.store.views().add(part, &HashSet::new(), i64::MAX, 1_000, at).await.unwrap();
    }
    stand.readers = readers;
    let mut expected: Vec<(usize, String)> =
        reads.iter().zip(&names).map(|((_, prints), name)| (prints.len(), name.clone())).collect();
    expected.sort_by(|a, b| b.cmp(a));
    let expected: Vec<String> = expected.into_iter().map(|(_, name)| name).collect();
    let of_category = Filter { categories: vec![stand.category], ..Filter::default() };
    for (order, filter) in [(DAY, &Filter::default()), (DAY, &of_category), (MONTH, &of_category)] {
        assert_eq!(stand.names(order, filter, 100).await, expected, "{dialect:?} {order:?}");
    }
    stand.let_go("2026-11-30T11:00:00Z").await;
    assert_eq!(stand.names(MONTH, &of_category, 100).await, expected, "a day later they are still of the month");
    stand.read("a17", 1, "2026-11-30T11:00:00Z").await;
    assert_eq!(stand.names(DAY, &of_category, 100).await[0], "a17", "{dialect:?}");
    assert_eq!(database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_place_in_one_window_is_none_in_another(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let page = |order: &str, after: &str| {
        format!(
            "{{ articles(locale: \"en\", first: 2, orderBy: {order}, after: {after}) {{ pageInfo {{ endCursor }} }} }}"
        )
    };
    let answer = portal.query(&page("MOST_READ_WEEK", "null")).await;
    let cursor = answer.data()["articles"]["pageInfo"]["endCursor"].to_string();
    portal.query(&page("MOST_READ_WEEK", &cursor)).await.data();
    for other in ["MOST_READ_DAY", "MOST_READ_MONTH", "MOST_READ_EVER", "PUBLISHED_AT_DESC"] {
        assert_eq!(portal.query(&page(other, &cursor)).await.code(), "BAD_CURSOR", "{dialect:?} {other}");
    }
    let ever = portal.query(&page("MOST_READ_EVER", "null")).await.body;
    let counts = portal.query(&page("VIEW_COUNT_DESC", "null")).await.body;
    assert_eq!(ever, counts);
}
