//! Who is told of changes: a hub, and search engines.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use courant_outbound::{Bounds, Destinations, Endpoint, Outbound};
use courant_server::{Feeds, Service};
use courant_tests::{
    Dialect, Portal, TestDatabase, apply, both_databases,
    receiver::{Receiver, Reply},
};
use courant_workers::{
    Follower, WorkError,
    followers::{
        Ping, Pinging,
        ping::{IndexNow, Site, Told},
    },
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimePrinter};
use serde_json::{Value, json};

use crate::support::{Desk, ORIGIN, config, get, portal};

const KEY: &str = "0123456789abcdef";

fn pinging(told: Told) -> Pinging {
    Pinging { told: vec![Arc::new(told)], outbound: Outbound::new(Destinations::All, Bounds::default()).unwrap() }
}

/// Everything that a server does by itself, told to tell somebody.
pub(crate) async fn service(portal: &Portal, told: Told) -> Service {
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

/// What the newsroom sees of the hub or the search engine, as soon as it is as wanted.
async fn reach(desk: &Desk<'_>, entry: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let query = format!(
        "{{ editorial {{ entry(id: {entry}) {{ versions {{ reach {{ isComplete confirmations {{
            kind name state waitingSince seenAt takenAt problem retryAt }} }} }} }} }} }}"
    );
    let mut last = Value::Null;
    let seen = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let answer = desk.admin.query(&query).await;
            let confirmations = &answer.data()["editorial"]["entry"]["versions"][0]["reach"]["confirmations"];
            let outside = |it: &&Value| ["HUB", "SEARCH_ENGINE"].contains(&it["kind"].as_str().unwrap_or_default());
            last = confirmations.as_array().into_iter().flatten().find(outside).cloned().unwrap_or_default();
            if wanted(&last) {
                return last.clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    seen.unwrap_or_else(|_| panic!("it comes no further: {last}"))
}

/// A site whose newsroom knows that somebody is told.
async fn telling(portal: Portal, told: Told) -> Portal {
    let Portal { database, store, .. } = portal;
    Portal::configured(database, store, courant_server::Config { pinging: Some(pinging(told)), ..config() }).await
}

#[apply(both_databases)]
#[tokio::test]
async fn a_hub_that_asks_to_be_left_alone_is_and_the_newsroom_sees_it(dialect: Dialect) {
    let portal = portal(dialect).await;
    // It says for how long in both ways that there are.
    let asked: Arc<Mutex<Vec<(Instant, SystemTime)>>> = Arc::default();
    let came = Arc::clone(&asked);
    let hub = Receiver::answering(move |_, before| {
        let (at, now) = (Instant::now(), SystemTime::now());
        match before {
            0 => {
                came.lock().unwrap().push((at + Duration::from_secs(2), now));
                Reply::Status(503, "Retry-After: 2\r\n".to_owned())
            }
            1 => {
                let until = Timestamp::try_from(now).unwrap() + SignedDuration::from_secs(2);
                let until = Timestamp::from_second(until.as_second()).unwrap();
                let seconds = u64::try_from(until.as_second()).unwrap();
                came.lock().unwrap().push((at, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)));
                let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&until).unwrap();
                Reply::Status(429, format!("Retry-After: {date}\r\n"))
            }
            _ => {
                came.lock().unwrap().push((at, now));
                Reply::status(202)
            }
        }
    })
    .await;
    let told = || Told::hub(Endpoint::parse(&hub.url()).unwrap(), Site::new(ORIGIN));
    let portal = telling(portal, told()).await;
    let service = service(&portal, told()).await;
    let desk = Desk::of(&portal).await;
    let entry = desk.publish("waits", "Waits", json!({})).await;
    let waits = reach(&desk, &entry, |it| it["state"] == "FAILING").await;
    assert_eq!((&waits["kind"], &waits["name"]), (&json!("HUB"), &json!(hub.address.to_string())), "{waits}");
    assert!(waits["retryAt"].is_string() && waits["waitingSince"].is_string(), "{waits}");
    assert!(waits["problem"].as_str().unwrap().starts_with(['5', '4']), "{waits}");
    assert_eq!((&waits["takenAt"], &waits["seenAt"]), (&Value::Null, &Value::Null));
    let taken = reach(&desk, &entry, |it| it["state"] == "CONFIRMED").await;
    assert!(taken["takenAt"].is_string(), "{taken}");
    assert_eq!((&taken["problem"], &taken["retryAt"]), (&Value::Null, &Value::Null));
    let [first, second, third] = asked.lock().unwrap()[..] else { panic!("it was told {} times", hub.got().len()) };
    assert!(second.0 >= first.0, "it was left alone for two seconds");
    // The servers' clock is the database's, as far as that can be read.
    assert!(third.1 + Duration::from_millis(500) >= second.1, "it was left alone until the time it said");
    service.stop().await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn who_asks_for_years_is_left_alone_for_a_day_by_every_server(dialect: Dialect) {
    let portal = portal(dialect).await;
    let hub = Receiver::answering(|_, _| Reply::Status(503, "Retry-After: 99999999999\r\n".to_owned())).await;
    let told = || Arc::new(Told::hub(Endpoint::parse(&hub.url()).unwrap(), Site::new(ORIGIN)));
    let outbound = Outbound::new(Destinations::All, Bounds::default()).unwrap();
    let (before, desk) = (portal.store.log_head().await.unwrap(), Desk::of(&portal).await);
    desk.publish("years", "Years", json!({})).await;
    let changes = portal.store.changes(before, 100).await.unwrap();
    let day = Duration::from_secs(24 * 3600);
    // The second is another server, or this one after a new start.
    for _ in 0..2 {
        let store = TestDatabase::of_the_same(&portal.database).open().await;
        match Ping::new(told(), outbound.clone(), store).apply(&changes).await {
            Err(WorkError::AskedToWait { wait, .. }) => assert!(wait <= day && wait > day / 2, "{wait:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(hub.got().len(), 1, "it was asked once");
    // The day is over.
    let long_ago = "UPDATE ping SET waits_until = 1";
    courant_tests::write_by_hand(&portal.database.options.url, long_ago).await;
    assert!(Ping::new(told(), outbound, portal.store.clone()).apply(&changes).await.is_err());
    assert_eq!(hub.got().len(), 2);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_a_search_engine_refuses_is_seen_until_it_takes_something(dialect: Dialect) {
    let portal = portal(dialect).await;
    let engine = Receiver::answering(|_, before| Reply::status(if before == 0 { 403 } else { 200 })).await;
    let told = || {
        let (at, key) = (Endpoint::parse(&engine.url()).unwrap(), IndexNow::new(KEY).unwrap());
        Told::index_now(at, Site::new(ORIGIN), key)
    };
    let portal = telling(portal, told()).await;
    let service = service(&portal, told()).await;
    let desk = Desk::of(&portal).await;
    let refused = desk.publish("refused", "Refused", json!({})).await;
    let seen = reach(&desk, &refused, |it| it["problem"] == "403 Forbidden").await;
    assert_eq!((&seen["kind"], &seen["state"]), (&json!("SEARCH_ENGINE"), &json!("FAILING")));
    let taken = desk.publish("taken", "Taken", json!({})).await;
    let seen = reach(&desk, &taken, |it| it["state"] == "CONFIRMED").await;
    assert!(seen["takenAt"].is_string() && seen["problem"].is_null(), "{seen}");
    // It does not know of the first one all the same.
    reach(&desk, &refused, |it| it["state"] == "FAILING").await;
    service.stop().await.unwrap();
}
