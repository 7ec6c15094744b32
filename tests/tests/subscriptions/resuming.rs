//! Going on where one was: each change once, in order, or the word that all has to be read anew.

use courant_domain::locale::Locale;
use courant_fixtures::generate::{DataSet, put};
use courant_persistence::Dialect;
use courant_tests::both_databases;
use macro_rules_attribute::apply;
use serde_json::{Value, json};

use crate::support::Served;

fn cursor(event: &Value) -> String {
    event["publicationChanged"]["cursor"].as_str().unwrap().to_owned()
}

fn path(event: &Value) -> &str {
    event["publicationChanged"]["change"]["path"].as_str().unwrap()
}

fn query(after: &str) -> String {
    format!("subscription {{ publicationChanged(after: \"{after}\") {{ cursor mustReread change {{ path }} }} }}")
}

#[apply(both_databases)]
#[tokio::test]
async fn who_comes_back_is_told_each_change_once(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let mut socket = served.ready().await;
    served.follow(&mut socket, "1", "", "cursor").await;
    served.publish("before-it", "politics").await;
    let seen = cursor(&socket.event("1").await);
    drop(socket);
    for slug in ["missed-one", "missed-two"] {
        served.publish(slug, "politics").await;
    }
    // On another server, too.
    let other = served.beside().await;
    for address in [served.address, other] {
        let mut socket = served.ready_at(address).await;
        socket.subscribe("1", &query(&seen)).await;
        assert_eq!(path(&socket.event("1").await), "/en/articles/missed-one");
        assert_eq!(path(&socket.event("1").await), "/en/articles/missed-two");
        socket.silent().await;
    }
    let mut socket = served.ready().await;
    socket.subscribe("1", &query(&seen)).await;
    served.publish("live-again", "politics").await;
    for expected in ["missed-one", "missed-two", "live-again"] {
        assert_eq!(path(&socket.event("1").await), format!("/en/articles/{expected}"));
    }
    socket.silent().await;
}

#[apply(both_databases)]
#[tokio::test]
async fn a_place_that_the_log_does_not_have_is_refused(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let mut socket = served.ready().await;
    // The first change, at another time than it was made.
    socket.subscribe("1", &query("AQAAAAAAAAABAAAAAAAAAAE")).await;
    let message = socket.hear().await;
    assert_eq!(
        (&message["type"], &message["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("STALE_CURSOR"))
    );
}

#[apply(both_databases)]
#[tokio::test]
async fn who_has_missed_too_much_reads_anew(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let seen = served.head().await;
    let set = DataSet { articles: 1_100, seed: 1, locales: vec![Locale::parse("en").unwrap()] };
    put(&served.portal.store, set, |_| {}).await.unwrap();
    served.publish("after-it", "politics").await;
    let mut socket = served.ready().await;
    socket.subscribe("1", &query(&seen)).await;
    let event = socket.event("1").await;
    assert_eq!(event["publicationChanged"]["mustReread"], true);
    assert_eq!(event["publicationChanged"]["change"], Value::Null);
    served.publish("once-more", "politics").await;
    // From there on each is told; whether the last one before is among them, only the place says.
    let log = format!("{{ changes(first: 10, after: \"{}\") {{ nodes {{ path }} }} }}", cursor(&event));
    let log = served.portal.query(&log).await;
    for change in log.data()["changes"]["nodes"].as_array().unwrap() {
        assert_eq!(path(&socket.event("1").await), change["path"]);
    }
    socket.silent().await;
    assert_eq!(log.data()["changes"]["nodes"].as_array().unwrap().last().unwrap()["path"], "/en/articles/once-more");
}
