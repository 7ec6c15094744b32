//! What the newsroom reads from the store, against a plain walk through all there is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod expected;

use courant_domain::{
    access::ActorId,
    id::{EntryId, UserId},
    locale::Locale,
    newsroom::EntryOrder,
    page::{Direction, PageRequest, Position},
};
use courant_persistence::{Dialect, EntryListRequest, RevisionParts, RevisionsRequest, Store, dump::EntryRecord};
use courant_tests::{Portal, Statements, apply, both_databases, desk};

use crate::expected::{expected, filters, viewers};

struct Desk {
    portal: Portal,
    records: Vec<EntryRecord>,
    ana: ActorId,
}

async fn desk(dialect: courant_persistence::Dialect) -> Desk {
    let portal = Portal::with_samples(dialect).await;
    let (ana, bo) = (ActorId::user(UserId::generate()), ActorId::user(UserId::generate()));
    let records = desk::entries(&portal.store.reference(), &[ana.clone(), bo], 48);
    portal.store.admin().entries_create(&records).await.unwrap();
    let records = portal.store.admin().snapshot().await.unwrap().entries(None, 10_000).await.unwrap();
    Desk { portal, records, ana }
}

/// The whole list, page by page.
async fn walk(store: &Store, wanted: &EntryListRequest, size: u32, direction: Direction) -> Vec<EntryId> {
    let mut found: Vec<EntryId> = Vec::new();
    let mut at: Option<Position> = None;
    for _ in 0..500 {
        let (after, before) = match direction {
            Direction::Forward => (at, None),
            Direction::Backward => (None, at),
        };
        let page = PageRequest { size, direction, after, before };
        let page = store.newsroom().entries_list(&EntryListRequest { page, ..wanted.clone() }).await.unwrap();
        let mut ids: Vec<EntryId> = page.items.iter().map(|(_, entry)| entry.entry.id).collect();
        let more = match direction {
            Direction::Forward => {
                at = page.items.last().map(|(place, _)| *place);
                page.has_next
            }
            Direction::Backward => {
                ids.reverse();
                at = page.items.first().map(|(place, _)| *place);
                page.has_previous
            }
        };
        found.extend(ids);
        if !more {
            if direction == Direction::Backward {
                found.reverse();
            }
            return found;
        }
    }
    panic!("the list has no end");
}

#[apply(both_databases)]
#[tokio::test]
async fn lists_hold_what_the_filter_and_the_table_of_permissions_say(dialect: Dialect) {
    let Desk { portal, records, ana } = desk(dialect).await;
    let reference = portal.store.reference();
    let (mut some, mut none) = (0, 0);
    for viewer in viewers(&reference, &ana) {
        for filter in filters(&reference, &ana) {
            let orders = [
                EntryOrder::ChangedAsc,
                EntryOrder::CreatedAsc,
                EntryOrder::CreatedDesc,
                EntryOrder::ScheduledAsc,
                EntryOrder::ScheduledDesc,
                EntryOrder::PublishedAsc,
                EntryOrder::PublishedDesc,
            ];
            for (turn, order) in orders.into_iter().enumerate() {
                let expected = expected(&records, &viewer, (&filter, order), &reference);
                let (viewer, sights) = (viewer.actor.clone(), viewer.sights(&reference.categories));
                let wanted =
                    EntryListRequest { filter: filter.clone(), viewer, sights, order, page: PageRequest::first(0) };
                let direction = if turn % 2 == 0 { Direction::Forward } else { Direction::Backward };
                let found = walk(&portal.store, &wanted, 9, direction).await;
                assert_eq!(found, expected, "{dialect:?} {sights:?} {filter:?} {order:?}", sights = wanted.sights);
            }
            let expected = expected(&records, &viewer, (&filter, EntryOrder::default()), &reference);
            *(if expected.is_empty() { &mut none } else { &mut some }) += 1;
            let wanted = EntryListRequest {
                order: EntryOrder::default(),
                filter: filter.clone(),
                viewer: viewer.actor.clone(),
                sights: viewer.sights(&reference.categories),
                page: PageRequest::first(0),
            };
            let what = format!("{dialect:?} {:?} {filter:?}", viewer.grants);
            for (size, direction) in [(100, Direction::Forward), (5, Direction::Forward), (7, Direction::Backward)] {
                let found = walk(&portal.store, &wanted, size, direction).await;
                assert_eq!(found, expected, "{what} by {size}, {direction:?}");
            }
            let count = portal.store.newsroom().entries_count(&wanted, 1_000).await.unwrap();
            assert_eq!(count, expected.len() as u64, "{what}");
            let bound = portal.store.newsroom().entries_count(&wanted, 3).await.unwrap();
            assert_eq!(bound, 3.min(expected.len() as u64), "{what}");
        }
    }
    assert!(some > 100 && none > 60, "{some} lists with entries, {none} without");
}

#[apply(both_databases)]
#[tokio::test]
async fn pages_of_many_languages_revisions_are_one_statement_each_way(dialect: Dialect) {
    let Desk { portal, records, .. } = desk(dialect).await;
    let place = |number| Some(Position { key: number, entry: EntryId::generate() });
    let forward = PageRequest { size: 2, direction: Direction::Forward, after: None, before: None };
    let requests: Vec<RevisionsRequest> = records
        .iter()
        .flat_map(|record| record.standings.iter().map(move |it| (record.entry.id, it.locale)))
        .enumerate()
        .map(|(n, (entry, locale))| {
            let page = match n % 4 {
                0 => forward,
                1 => PageRequest { after: place(3), ..forward },
                2 => PageRequest { direction: Direction::Backward, before: place(1), size: 3, ..forward },
                _ => PageRequest { direction: Direction::Backward, size: 1, ..forward },
            };
            RevisionsRequest { entry, locale, page }
        })
        .collect();
    let requests: Vec<&RevisionsRequest> = requests.iter().collect();
    let parts = RevisionParts { title: true, content: false };
    let log = Statements::begin().await;
    let pages = portal.store.newsroom().revisions_pages(&requests, parts).await.unwrap();
    // Other tests of this process run statements, too.
    let statements = log.end().into_iter().filter(|it| it.contains("FROM p CROSS JOIN revision")).count();
    assert_eq!(statements, 2, "{dialect:?}");
    let mut seen = 0;
    for (request, page) in requests.iter().zip(&pages) {
        let record = records.iter().find(|record| record.entry.id == request.entry).unwrap();
        let mut all: Vec<_> = record.revisions.iter().filter(|it| it.locale == request.locale).collect();
        all.sort_by_key(|revision| std::cmp::Reverse(revision.number));
        let PageRequest { size, direction, after, before } = request.page;
        all.retain(|it| after.is_none_or(|place| i64::from(it.number) < place.key));
        all.retain(|it| before.is_none_or(|place| i64::from(it.number) > place.key));
        let (size, len) = (size as usize, all.len());
        let cut = match direction {
            Direction::Forward => &all[..size.min(len)],
            Direction::Backward => &all[len - size.min(len)..],
        };
        let numbers: Vec<u32> = cut.iter().map(|it| it.number).collect();
        assert_eq!(page.items.iter().map(|(_, row)| row.number).collect::<Vec<_>>(), numbers, "{dialect:?}");
        let more = match direction {
            Direction::Forward => page.has_next,
            Direction::Backward => page.has_previous,
        };
        assert_eq!(more, len > size, "{dialect:?} {request:?}");
        for ((_, row), revision) in page.items.iter().zip(cut) {
            assert_eq!(row.title.as_deref(), revision.content.title());
            assert!(row.content.is_none());
            assert_eq!((row.entry, row.locale, row.based_on), (revision.entry, revision.locale, revision.based_on));
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
    let keys: Vec<_> = requests.iter().map(|request| (request.entry, request.locale)).collect();
    let counts = portal.store.newsroom().revisions_counts(&keys, 3).await.unwrap();
    for ((entry, locale), count) in keys.into_iter().zip(counts) {
        let all = records.iter().flat_map(|record| &record.revisions);
        let all = all.filter(|it| it.entry == entry && it.locale == locale).count() as u64;
        assert_eq!(count, all.min(3), "{dialect:?}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn titles_are_read_without_texts_and_contents_with_them(dialect: Dialect) {
    let Desk { portal, records, .. } = desk(dialect).await;
    let keys: Vec<_> = records
        .iter()
        .flat_map(|record| record.revisions.iter().map(|it| (it.entry, it.locale, it.number)))
        .chain([(EntryId::generate(), Locale::ENGLISH, 1), (records[0].entry.id, Locale::ENGLISH, u32::MAX)])
        .collect();
    for parts in [
        RevisionParts::default(),
        RevisionParts { title: true, content: false },
        RevisionParts { title: false, content: true },
    ] {
        let log = Statements::begin().await;
        let found = portal.store.newsroom().revisions_by_number(&keys, parts).await.unwrap();
        let statements = log.end().into_iter().filter(|it| it.contains("FROM revision t WHERE (t.entry_id")).count();
        assert_eq!(statements, 1, "{dialect:?}");
        assert_eq!(found.len(), keys.len() - 2, "{dialect:?}");
        for revision in records.iter().flat_map(|record| &record.revisions) {
            let row = &found[&(revision.entry, revision.locale, revision.number)];
            let title = revision.content.title().filter(|_| parts != RevisionParts::default());
            assert_eq!(row.title.as_deref(), title, "{dialect:?}");
            assert_eq!(row.content.as_ref(), parts.content.then_some(&revision.content));
            assert_eq!(row.created_by.as_str(), revision.created_by);
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn live_editions_are_as_they_were_put(dialect: Dialect) {
    let Desk { portal, records, .. } = desk(dialect).await;
    let keys: Vec<_> =
        records.iter().flat_map(|record| record.standings.iter().map(|it| (record.entry.id, it.locale))).collect();
    let found = portal.store.newsroom().live_editions(&keys).await.unwrap();
    let editions: Vec<_> = records.iter().flat_map(|record| &record.editions).collect();
    assert_eq!(found.len(), editions.len(), "{dialect:?}");
    for edition in editions {
        assert_eq!(found[&(edition.entry, edition.locale)].edition, *edition, "{dialect:?}");
    }
}
