//! The follower: whenever it ends, it goes on, and what it makes is the same.

use std::{future::Future, pin::pin, task::Poll};

use courant_domain::{access::Viewer, edition::Ending, locale::Locale};
use courant_fixtures::generate::{DataSet, Generator};
use courant_persistence::{Command, Dialect, EntryUnpublish, Store, StoreError};
use courant_tests::{
    TestDatabase,
    alike::{Alike, lists},
    apply, both_databases, write_by_hand,
};
use courant_workers::{Follower, Runs, Statuses, WorkError, Workers, followers::RelatedLists};

use crate::support::{Room, Story, story};

/// Forgets all lists, as a database that never had any.
async fn forget(database: &TestDatabase) {
    let sql = "DELETE FROM related; DELETE FROM related_list; DELETE FROM related_word; DELETE FROM related_profile; \
               UPDATE related_state SET phase = 'NONE', after_id = NULL; DELETE FROM follower";
    write_by_hand(&database.options.url, sql).await;
}

async fn generated(dialect: Dialect, articles: u64) -> (TestDatabase, Store) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let set = DataSet { articles, seed: 7, locales: vec![Locale::ENGLISH] };
    let (generator, reference) = Generator::new(set, &store.reference());
    store.newsroom().reference_put(&reference).await.unwrap();
    store.admin().entries_create(&generator.articles(0..articles).unwrap()).await.unwrap();
    (database, store)
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn whenever_it_ends_the_same_lists_are_made(dialect: Dialect) {
    assert_eq!(RelatedLists::RUNS, Runs::OneNode);
    let (database, store) = generated(dialect, 250).await;
    RelatedLists::new(store.clone()).rebuild().await.unwrap();
    let whole = lists(&database).await;
    assert_eq!(whole.len(), 250);
    assert!(whole.values().all(|list| list.len() >= 5), "each has company");
    forget(&database).await;
    let mut lives = 0;
    let mut sizes = Vec::new();
    // Each is ended after some more polls: at any place of its work, in the middle of a transaction, too.
    for polls in 1.. {
        let mut follower = RelatedLists::new(store.clone());
        let mut building = pin!(follower.rebuild());
        let mut is_done = false;
        for _ in 0..polls {
            let now = std::future::poll_fn(|context| Poll::Ready(building.as_mut().poll(context)));
            if let Poll::Ready(done) = now.await {
                // What was ended may have been written all the same, a moment later.
                is_done = done.is_ok();
                assert!(is_done || matches!(done, Err(WorkError::Store(StoreError::Busy))));
                break;
            }
            tokio::task::yield_now().await;
            // Lets the database do something.
            store.ping().await.unwrap();
        }
        lives += 1;
        if is_done {
            break;
        }
        sizes.push(lists(&database).await.len());
    }
    assert!(lives > 3, "it was ended {lives} times");
    assert!(sizes.iter().any(|size| (1..250).contains(size)), "it went on with what there was: {sizes:?}");
    assert_eq!(lists(&database).await, whole, "{dialect:?}");
    assert_eq!(database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn what_comes_again_changes_nothing(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![story("own", room.news, 5), story("other", room.news, 4)]).await;
    let (news, tags) = (room.news, room.tags.clone());
    let mut alike = Alike::over(room.database, room.store).await;
    let before = *alike.portal.store.head().borrow();
    let store = alike.portal.store.clone();
    let stories = (0..45).map(|number| story(&format!("story{number}"), news, number).tagged(&tags[..1])).collect();
    courant_import::merge(&store, stories, "test").await.unwrap();
    alike.follow().await;
    let once = lists(&alike.portal.database).await;
    assert_eq!(once.len(), 47);
    let version = store.related().state().await.unwrap().version;
    alike.follow_again(before).await;
    assert_eq!(lists(&alike.portal.database).await, once, "{dialect:?}");
    assert_eq!(store.related().state().await.unwrap().version, version, "nothing was written");
    assert_eq!(alike.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_made_of_something_older_is_not_written(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![story("own", room.news, 5)]).await;
    let related = room.store.related();
    let state = related.state().await.unwrap();
    related.begin(state.version, state.building).await.unwrap();
    let refused = related.begin(state.version, state.building).await.unwrap_err();
    assert!(matches!(refused, StoreError::Busy), "{dialect:?}: {refused}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_list_that_loses_what_it_had_is_filled_again(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let near: Vec<_> = (0..20).map(|number| story(&format!("near{number}"), room.city, 100 + number)).collect();
    let beside: Vec<_> = (0..25).map(|number| story(&format!("beside{number}"), room.land, 90 - number)).collect();
    let ids: Vec<_> = near.iter().map(|story| story.id).collect();
    room.publish(near.into_iter().chain(beside).chain([story("own", room.city, 100)]).collect()).await;
    let mut alike = Alike::over(room.database, room.store).await;
    let titles = alike.titles("own", "en", 40).await;
    assert!(titles[0].starts_with("near") && titles.len() >= 15, "{dialect:?}: {titles:?}");
    for entry in ids {
        let input = EntryUnpublish { entry, locale: Locale::ENGLISH, ending: Ending::Gone, at: None };
        let done = alike.portal.store.newsroom().entry_unpublish(Command::of(&Viewer::program()), &input).await;
        done.unwrap();
    }
    alike.follow().await;
    let titles = alike.titles("own", "en", 40).await;
    assert!(titles.len() >= 10 && titles.iter().all(|title| title.starts_with("beside")), "{dialect:?}: {titles:?}");
    assert_eq!(alike.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_makes_them_by_itself(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![story("own", room.news, 5), story("other", room.news, 4)]).await;
    let store = room.store.clone();
    let mut workers = Workers::start(store.clone(), Statuses::default());
    workers.follow(RelatedLists::new(store.clone()));
    has_lists(&room.database, 2).await;
    courant_import::merge(&store, vec![story("fresh", room.news, 5)], "test").await.unwrap();
    has_lists(&room.database, 3).await;
    workers.stop().await;
}

/// Waits until so many lists are made.
async fn has_lists(database: &TestDatabase, count: usize) {
    while lists(database).await.len() < count {
        tokio::task::yield_now().await;
    }
}
