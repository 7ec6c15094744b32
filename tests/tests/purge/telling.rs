//! When a cache is told, and what.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use courant_persistence::{NodeId, SITE_KEY, Store};
use courant_tests::{Dialect, Portal, apply, both_databases};
use courant_workers::followers::purge::Form;

use crate::{
    node::{Desk, Node, purging},
    scribe::Scribe,
};

/// The names of what the last change has touched.
async fn keys_of_last(store: &Store) -> Vec<String> {
    let head = store.log_head().await.unwrap();
    store.refresh().await.unwrap();
    store.surrogate_keys_of(&store.changes(head - 1, 1).await.unwrap()).into_iter().collect()
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_told_twice_and_everything_at_the_beginning(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    let scribe = Scribe::start().await;
    let told = purging(Form::Json, &scribe.url, Duration::from_secs(1));
    let names = [told.caches[0].name(), told.caches[0].name_again()];
    let node = Node::start(&portal.database, 0, Some(told)).await;
    for name in names {
        node.has_followed(name).await;
    }
    let first = scribe.told();
    assert_eq!(first.len(), 2);
    assert!(first.iter().all(|told| told.keys == [SITE_KEY.clone()] && told.authorization == "Bearer t0ken"));

    let begun = Instant::now();
    desk.publish("Told of").await;
    let keys = keys_of_last(&node.store).await;
    for name in names {
        node.has_followed(name).await;
    }
    let told = scribe.told().split_off(2);
    assert_eq!(told.iter().map(|told| &told.keys).collect::<Vec<_>>(), [&keys, &keys], "{dialect:?}");
    // What was on its way has had its second.
    assert!(told[1].at - begun >= Duration::from_secs(1));
    node.stop().await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_told_is_told_later_by_whoever_is_there(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    let scribe = Scribe::start().await;
    let told = || Some(purging(Form::Json, &scribe.url, Duration::ZERO));
    let name = told().unwrap().caches[0].name();
    let node = Node::start(&portal.database, 0, told()).await;
    node.has_followed(name).await;

    scribe.answers(StatusCode::SERVICE_UNAVAILABLE, 2);
    desk.publish("Not told at first").await;
    node.has_followed(name).await;
    let keys = keys_of_last(&node.store).await;
    let told_of: Vec<StatusCode> = scribe.told().iter().skip(1).map(|told| told.answered).collect();
    assert_eq!(told_of, [StatusCode::SERVICE_UNAVAILABLE, StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]);
    assert!(scribe.told().iter().skip(1).all(|told| told.keys == keys));

    // The server ends while the cache is away, and more happens while there is none.
    scribe.answers(StatusCode::FOUND, 1_000);
    desk.publish("Not told before the end").await;
    let before = keys_of_last(&node.store).await;
    scribe.hears(4, |told| told.keys == before).await;
    node.stop().await;
    desk.publish("Not told by anybody").await;
    let after = keys_of_last(&portal.store).await;
    let heard = scribe.told().len();
    scribe.all_is_well();
    let node = Node::start(&portal.database, 0, told()).await;
    let all = scribe.hears(heard, |_| true).await;
    assert!(before.iter().chain(&after).all(|key| all.keys.contains(key)), "{dialect:?}: {all:?}");
    assert!(!all.keys.contains(&SITE_KEY), "nothing else was touched");
    node.has_followed(name).await;
    node.stop().await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_behind_is_waited_for(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    let scribe = Scribe::start().await;
    let told = purging(Form::Json, &scribe.url, Duration::ZERO);
    let name = told.caches[0].name();
    let node = Node::start(&portal.database, 0, Some(told)).await;
    node.has_followed(name).await;

    // One that is there, and says nothing: for no longer than it could give anything old.
    let behind = NodeId::new();
    node.store.node_seen(behind, 0).await.unwrap();
    let heard = scribe.told().len();
    let begun = Instant::now();
    desk.publish("Held back").await;
    let told = scribe.hears(heard, |_| true).await;
    assert!(told.at - begun >= Duration::from_secs(1), "{dialect:?}: {:?}", told.at - begun);
    node.has_followed(name).await;

    // One that says something once it knows.
    let heard = scribe.told().len();
    node.store.node_seen(behind, 0).await.unwrap();
    desk.publish("Held back for a moment").await;
    let head = node.store.log_head().await.unwrap();
    assert!(node.store.is_a_node_behind(head).await.unwrap());
    node.store.node_seen(behind, head).await.unwrap();
    scribe.hears(heard, |_| true).await;
    node.stop().await;
}

/// One statement of many changes at once.
#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_told_in_few_requests(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let scribe = Scribe::start().await;
    let told = purging(Form::Json, &scribe.url, Duration::ZERO);
    let name = told.caches[0].name();
    let node = Node::start(&portal.database, 0, Some(told)).await;
    node.has_followed(name).await;
    // It is held up, while more and more happens.
    let behind = NodeId::new();
    node.store.node_seen(behind, 0).await.unwrap();
    for number in 0..200 {
        portal.store.newsroom().redirect_put(&format!("/en/articles/{number}"), None).await.unwrap();
    }
    node.has_followed(name).await;
    let told = scribe.told().split_off(1);
    assert!(told.len() < 50, "{dialect:?}: {} requests", told.len());
    let keys: std::collections::BTreeSet<&String> = told.iter().flat_map(|told| &told.keys).collect();
    // A name each, one for all paths, and the log's.
    assert_eq!(keys.len(), 202, "{dialect:?}");
    node.stop().await;
}
