//! Who is told of changes: a hub, and search engines.

use std::{sync::Arc, time::Duration};

use courant_outbound::{Bounds, Destinations, Endpoint, Outbound};
use courant_server::{Feeds, Service};
use courant_tests::{
    Dialect, Portal, TestDatabase, apply, both_databases,
    receiver::{Receiver, Reply},
};
use courant_workers::followers::{
    Pinging,
    ping::{IndexNow, Site, Told},
};
use serde_json::{Value, json};

use crate::support::{Desk, ORIGIN, config, get, portal};

const KEY: &str = "0123456789abcdef";

fn pinging(told: Told) -> Pinging {
    Pinging { told: vec![Arc::new(told)], outbound: Outbound::new(Destinations::All, Bounds::default()).unwrap() }
}

/// Everything that a server does by itself, told to tell somebody.
async fn service(portal: &Portal, told: Told) -> Service {
    let name = told.name();
    let store = TestDatabase::of_the_same(&portal.database).open().await;
    let service = Service::start(store.clone(), courant_server::Config { pinging: Some(pinging(told)), ..config() });
    let service = service.await.unwrap();
    // It tells what comes after it has begun.
    let begun = async {
        while store.follower_seq(name).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), begun).await.is_ok(), "{name} does not begin");
    service
}

#[apply(both_databases)]
#[tokio::test]
async fn a_hub_that_is_down_is_told_once_it_is_there_and_delays_nobody(dialect: Dialect) {
    let portal = portal(dialect).await;
    let hub = Receiver::answering(|_, before| Reply::status(if before < 2 { 503 } else { 204 })).await;
    let at = Endpoint::parse(&hub.url()).unwrap();
    let service = service(&portal, Told::hub(at, Site::new(ORIGIN))).await;
    let desk = Desk::of(&portal).await;
    // It is published whatever the hub does.
    desk.publish("told", "Told", json!({})).await;
    get(&portal, "/en/feed.rss").await.has("<title>Told</title>");
    let got = hub.until(|got| got.iter().any(|got| got.taken)).await;
    let taken = got.iter().find(|got| got.taken).unwrap();
    let body = String::from_utf8(taken.body.clone()).unwrap();
    assert!(body.starts_with("hub.mode=publish&hub.url="), "{body}");
    for stem in ["feed", "feeds%2Flast-news", "categories%2Fpolitics"] {
        for format in ["rss", "atom", "json"] {
            assert!(body.contains(&format!("https%3A%2F%2Fnews.example.org%2Fen%2F{stem}.{format}")), "{stem} {body}");
        }
    }
    assert!(!body.contains("culture"), "{body}");
    assert_eq!(got.iter().filter(|got| !got.taken).count(), 2, "it was tried again");
    service.stop().await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn search_engines_are_told_of_pages_and_see_whose_key_it_is(dialect: Dialect) {
    let portal = portal(dialect).await;
    let engine = Receiver::answering(|_, before| Reply::status(if before == 0 { 422 } else { 200 })).await;
    let (at, key) = (Endpoint::parse(&engine.url()).unwrap(), IndexNow::new(KEY).unwrap());
    let service = service(&portal, Told::index_now(at, Site::new(ORIGIN), key.clone())).await;
    let desk = Desk::of(&portal).await;
    // What it does not take once is not told again.
    desk.publish("refused", "Refused", json!({})).await;
    engine.until(|got| got.len() == 1).await;
    let entry = desk.publish("indexed", "Indexed", json!({})).await;
    desk.take_back(&entry, json!({ "gone": true })).await;
    let told = |body: &[u8]| -> Value { serde_json::from_slice(body).unwrap() };
    let path = format!("{ORIGIN}/en/articles/indexed");
    let got = engine.until(|got| got.iter().any(|got| got.taken)).await;
    for got in got.iter().filter(|got| got.taken) {
        let body = told(&got.body);
        assert_eq!((&body["host"], &body["key"]), (&json!("news.example.org"), &json!(KEY)));
        assert_eq!(body["urlList"], json!([path]), "{dialect:?}");
    }
    service.stop().await.unwrap();
    let feeds = Feeds { hub: None, index_now: Some(key) };
    let Portal { database, store, .. } = portal;
    let portal = Portal::configured(database, store, courant_server::Config { feeds, ..config() }).await;
    assert_eq!(get(&portal, &format!("/{KEY}.txt")).await.text(), KEY);
}
