//! How far a change has come, as the newsroom sees it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use courant_persistence::NodeId;
use courant_tests::{Dialect, Portal, apply, both_databases};
use courant_workers::followers::purge::Form;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    node::{Desk, Node, PATIENCE, purging},
    scribe::Scribe,
};

const REACH: &str = "reach { change at isComplete confirmations { kind name state waitingSince seenAt } }";

/// How far the last change of an article has come.
async fn reach(node: &Node, desk: &Desk<'_>, entry: &Value) -> Value {
    let query = format!("{{ editorial {{ entry(id: {entry}) {{ versions {{ {REACH} }} }} }} }}");
    node.ask(&desk.admin.token, &query).await["editorial"]["entry"]["versions"][0]["reach"].clone()
}

/// Waits until it has come so far.
async fn comes(node: &Node, desk: &Desk<'_>, entry: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let reach = reach(node, desk, entry).await;
        if wanted(&reach) {
            return reach;
        }
        assert!(begun.elapsed() < PATIENCE, "it comes no further: {reach}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Who has confirmed a change, and who has not: `SERVER CONFIRMED`.
fn states(reach: &Value) -> Vec<String> {
    let confirmations = reach["confirmations"].as_array().unwrap().iter();
    confirmations.map(|it| format!("{} {}", it["kind"].as_str().unwrap(), it["state"].as_str().unwrap())).collect()
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn the_newsroom_sees_who_has_a_change_and_who_has_not(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    let scribe = Scribe::start().await;
    let told = purging(Form::Json, &scribe.url, Duration::from_millis(100));
    let again = told.caches[0].name_again();
    let node = Node::start(&portal.database, 0, Some(told)).await;
    node.has_followed(again).await;

    let entry = desk.publish("Gone far").await;
    let first = comes(&node, &desk, &entry, |reach| reach["isComplete"] == true).await;
    assert_eq!(states(&first), ["SERVER CONFIRMED", "CACHE CONFIRMED"], "{dialect:?}");
    assert_eq!(first["change"], node.store.log_head().await.unwrap().to_string());
    assert_eq!(first["confirmations"][1]["name"], scribe.url.trim_start_matches("http://"));
    assert!(first["confirmations"].as_array().unwrap().iter().all(|it| it["waitingSince"].is_null()));
    assert!(first["confirmations"][0]["seenAt"].is_string() && first["confirmations"][1]["seenAt"].is_null());

    // The cache is away, one server says nothing, and one has not for a while.
    scribe.answers(StatusCode::BAD_GATEWAY, 1_000);
    node.store.node_seen(NodeId::new(), 1).await.unwrap();
    let by_hand = "UPDATE node SET seen_at = seen_at - 20000000 WHERE seq = 1";
    courant_tests::write_by_hand(&portal.database.options.url, by_hand).await;
    node.store.node_seen(NodeId::new(), 2).await.unwrap();
    desk.correct(&entry, 1, json!({ "title": "Gone further" })).await;
    // That webhooks wait for it goes, too, once it is known that there are none.
    let far = ["SERVER CONFIRMED", "SERVER FAILING", "SERVER WAITING", "CACHE WAITING"];
    let second = comes(&node, &desk, &entry, |reach| states(reach) == far).await;
    assert_eq!((&second["isComplete"], &second["confirmations"][3]["waitingSince"]), (&json!(false), &second["at"]));
    scribe.all_is_well();
    courant_tests::write_by_hand(&portal.database.options.url, "DELETE FROM node WHERE seq < 3").await;
    comes(&node, &desk, &entry, |reach| reach["isComplete"] == true).await;

    // What was taken back is a change, too, and each has its row.
    desk.done("unpublishEntry", &entry, json!({ "ending": { "gone": true } })).await;
    let third = comes(&node, &desk, &entry, |reach| reach["isComplete"] == true).await;
    assert_eq!(states(&third), ["SERVER CONFIRMED", "CACHE CONFIRMED"]);
    let query = format!(
        "{{ editorial {{ entry(id: {entry}) {{ history(first: 10) {{ nodes {{ act reach {{ change isComplete }} }} }} }} }} }}"
    );
    let rows = node.ask(&desk.admin.token, &query).await["editorial"]["entry"]["history"]["nodes"].clone();
    let rows: Vec<(&str, &Value)> =
        rows.as_array().unwrap().iter().map(|row| (row["act"].as_str().unwrap(), &row["reach"]["change"])).collect();
    assert_eq!(
        rows,
        [
            ("UNPUBLISH_ENTRY", &third["change"]),
            ("PUBLISH_ENTRY", &second["change"]),
            ("SAVE_ENTRY", &Value::Null),
            ("PUBLISH_ENTRY", &first["change"]),
            ("CREATE_ENTRY", &Value::Null),
        ],
        "{dialect:?}"
    );
    node.stop().await;
}

#[apply(both_databases)]
#[tokio::test]
async fn each_change_is_found_by_its_time(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    desk.publish("One more").await;
    let mut last = BTreeMap::new();
    for change in portal.store.changes(0, 1_000).await.unwrap() {
        last.insert(change.at, change.seq);
    }
    assert!(last.len() > 2, "{dialect:?}");
    let times: Vec<Timestamp> = last.keys().copied().collect();
    let beside = times.iter().flat_map(|at| [-1, 1].map(|off| *at + jiff::SignedDuration::from_micros(off)));
    let asked: Vec<Timestamp> = times.iter().copied().chain(beside).collect();
    let found = portal.store.newsroom().changes_made_at(&asked).await.unwrap();
    let found: BTreeMap<Timestamp, i64> = found.into_iter().map(|(at, made)| (at, made.seq)).collect();
    assert_eq!(found, last, "{dialect:?}");
}
