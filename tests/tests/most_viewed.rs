//! Lists in another order than their timelines' own, with many entries and with few.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    entry::EntryKind,
    list::{Filter, List, Order},
    locale::Locale,
    page::{Direction, PageRequest},
    workflow::State,
};
use courant_persistence::{Dialect, ListRequest, ReferenceData, Store, publication::Parts};
use courant_tests::{
    TestDatabase, apply, both_databases,
    incoming::{article, category},
};
use jiff::{SignedDuration, Timestamp};

/// More than are sorted at once, in a category that has many of them and in one that has few.
const ARTICLES: u32 = 1_300;

fn published(number: u32) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(i64::from(number))
}

/// In no order; each count comes three times.
fn views(number: u32) -> i64 {
    i64::from(number.wrapping_mul(2_654_435_761) % 433)
}

const fn is_of_few(number: u32) -> bool {
    number.is_multiple_of(13)
}

async fn titles(store: &Store, filter: &Filter, size: u32) -> Vec<String> {
    let list = List {
        locale: Locale::ENGLISH,
        kinds: vec![EntryKind::Article],
        filter: filter.clone(),
        order: Order::ViewsDesc,
    };
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = PageRequest { direction: Direction::Forward, size, after, before: None };
        let mut wanted = ListRequest::new(list.clone(), page);
        wanted.more = true;
        let (page, _) = store.live().lists(&[&wanted], Parts::TITLE).await.unwrap().remove(0);
        found.extend(page.items.iter().map(|(_, publication)| publication.title.clone().unwrap()));
        after = page.items.last().map(|(place, _)| *place);
        if !page.has_next {
            return found;
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn the_most_viewed_are_the_same_whether_few_are_sorted_or_many_scanned(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let categories = ["many", "few"].map(category);
    let [many, few] = categories.each_ref().map(|category| category.id);
    store
        .newsroom()
        .reference_put(&ReferenceData { categories: categories.to_vec(), ..Default::default() })
        .await
        .unwrap();
    let (mut made, mut incoming) = (Vec::new(), Vec::new());
    for number in 0..ARTICLES {
        let category = if is_of_few(number) { few } else { many };
        let mut entry = article(&number.to_string(), category, &format!("a{number}"), State::Published);
        entry.views = views(number);
        entry.versions[0].published_at = Some(published(number));
        made.push((number, entry.id, entry.views));
        incoming.push(entry);
    }
    courant_import::merge(&store, incoming, "test").await.unwrap();
    made.sort_by_key(|(_, id, views)| std::cmp::Reverse((*views, *id)));
    let expected = |is_wanted: &dyn Fn(u32) -> bool| -> Vec<String> {
        let wanted = made.iter().filter(|(number, _, _)| is_wanted(*number));
        wanted.map(|(number, _, _)| format!("The title of a{number}")).collect()
    };
    let of = |category| Filter { categories: vec![category], ..Filter::default() };
    let span = |from: u32, before: u32, filter: Filter| Filter {
        published_from: Some(published(from)),
        published_before: Some(published(before)),
        ..filter
    };
    for (filter, is_wanted) in [
        (Filter::default(), &(|_| true) as &dyn Fn(u32) -> bool),
        (of(many), &|number| !is_of_few(number)),
        (of(few), &is_of_few),
        (span(100, 200, Filter::default()), &|number| (100..200).contains(&number)),
        (span(0, 1_250, Filter::default()), &|number| number < 1_250),
        (span(900, 1_000, of(many)), &|number| (900..1_000).contains(&number) && !is_of_few(number)),
        (span(ARTICLES, 2 * ARTICLES, of(few)), &|_| false),
    ] {
        for size in [7, 100] {
            let found = titles(&store, &filter, size).await;
            assert_eq!(found, expected(is_wanted), "{dialect:?} {filter:?} by {size}");
        }
    }
}
