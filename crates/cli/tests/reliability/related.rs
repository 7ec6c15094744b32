//! The server is killed while it makes lists of what goes with each entry, and started again, time after time: in the end as much is known of
//! each entry as if nothing had ever happened, and nothing else is in a list.

use std::{collections::HashMap, time::Duration};

use courant_domain::{id::EntryId, related::Profile};
use courant_persistence::Dialect;
use courant_workers::{Follower, followers::RelatedLists};
use serde_json::{Value, json};

use crate::{
    desk::{Desk, Machine},
    kill::rounds,
    mirror::Restless,
    random::Random,
    searching::{followed, listed},
    server::{Server, verified},
};

async fn what_is_known_is_what_is_live(dialect: Dialect) {
    let mut random = Random::new(&format!("related on {dialect:?}"));
    let desk = Desk::new(dialect).await;
    courant_fixtures::samples::seed(&desk.store).await.unwrap();
    let mut restless = Restless::new(desk.client(), random.split());
    let mut shown = 0;
    for _ in 0..rounds().min(100) {
        let server = Server::start(&desk.database);
        let work = async {
            loop {
                restless.deed(&server.url).await.unwrap();
            }
        };
        // Somewhere within what is under way then: of the first lists of all, or of what has changed.
        drop(tokio::time::timeout(Duration::from_millis(100 + random.next() % 900), work).await);
        server.kill();
        verified(&desk.database);
        // As if it had been silent for as long as others wait for it.
        courant_tests::write_by_hand(&desk.database.options.url, "DELETE FROM node").await;
    }
    let server = Server::start(&desk.database);
    followed(&server.url, "related").await;
    shown += compared(&desk.client(), &server.url).await;
    server.kill();
    verified(&desk.database);
    assert!(restless.made > 5 && shown > restless.made, "{} entries, {shown} shown", restless.made);

    let known = profiles(&desk).await;
    courant_tests::write_by_hand(&desk.database.options.url, "UPDATE related_state SET made_by = 0").await;
    let mut anew = RelatedLists::new(desk.store.clone());
    anew.rebuild().await.unwrap();
    assert_eq!(known, profiles(&desk).await);
    assert!(known.len() > 5);
    println!("{dialect:?}: {} entries, {shown} shown", restless.made);
}

/// What is known of each entry.
async fn profiles(desk: &Desk) -> HashMap<EntryId, Profile> {
    let (mut known, mut after) = (HashMap::new(), None);
    let related = desk.store.related();
    loop {
        let entries = related.entries_after(after, 100).await.unwrap();
        let Some(last) = entries.last() else { return known };
        after = Some(*last);
        known.extend(related.profiles(&entries).await.unwrap());
    }
}

/// Sees that what goes with each article is live, is another one, and is there once. Says how much it is.
async fn compared(machine: &Machine, url: &str) -> usize {
    let live: Vec<String> =
        listed(machine, url).await.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect();
    let mut shown = 0;
    for id in &live {
        let query = "query ($id: ID!) { node(id: $id) { ... on Article { related(first: 20) { id } } } }";
        let answer = machine.post(url, &json!({ "query": query, "variables": { "id": id } })).await.unwrap();
        assert!(answer["errors"].is_null(), "{answer}");
        let related = answer["data"]["node"]["related"].as_array().cloned().unwrap_or_default();
        let ids: Vec<&str> = related.iter().filter_map(|it| Value::as_str(&it["id"])).collect();
        assert!(!ids.contains(&id.as_str()), "{id} goes with itself");
        let mut distinct = ids.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), ids.len(), "{ids:?}");
        shown += ids.len();
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_what_is_live_on_sqlite() {
    what_is_known_is_what_is_live(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_what_is_live_on_postgres() {
    what_is_known_is_what_is_live(Dialect::Postgres).await;
}
