//! What administrators are shown: what may be wrong with an address, when a message is tried next, from where to replay.

use courant_tests::{
    Dialect, Person, apply, both_databases,
    receiver::{Receiver, Reply},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Site, done};

const ERRORS: &str = "userErrors { code field message }";

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_knows_is_taken_with_a_warning(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let admin = site.admin().await;
    let selection = format!("webhook {{ id url }} warnings {{ code field message }} {ERRORS}");
    // Nobody ever has a name below this one (RFC 6761, §6.4).
    let input = json!({ "url": "https://hooks.invalid/courant", "name": "Not there yet" });
    let made = done(&admin, "createWebhook", input, &selection).await;
    let warning = &made["warnings"][0];
    assert_eq!((&warning["code"], &warning["field"]), (&json!("UNKNOWN_HOST"), &json!(["url"])), "{dialect:?}: {made}");
    assert!(warning["message"].as_str().unwrap().contains("hooks.invalid"), "{warning}");
    let id = &made["webhook"]["id"];
    let there = done(&admin, "updateWebhook", json!({ "id": id, "url": receiver.url() }), &selection).await;
    assert_eq!((&there["webhook"]["url"], &there["warnings"]), (&json!(receiver.url()), &json!([])));
    let renamed = done(&admin, "updateWebhook", json!({ "id": id, "name": "There" }), &selection).await;
    assert_eq!(renamed["warnings"], json!([]));
    let away = json!({ "id": id, "url": "https://elsewhere.invalid/" });
    let away = done(&admin, "updateWebhook", away, &selection).await;
    assert_eq!(away["warnings"][0]["code"], "UNKNOWN_HOST");
    // What is refused is not warned of.
    let nothing = json!({ "url": "https://hooks.invalid/", "name": " " });
    let nothing = admin.mutate("createWebhook", nothing, &selection).await;
    assert_eq!((nothing.user_errors(), &nothing.data()["createWebhook"]["warnings"]), (vec!["INVALID"], &json!([])));
}

/// When each message to a webhook is tried next, the oldest first.
async fn next(admin: &Person<'_>, hook: &str) -> Vec<Option<Timestamp>> {
    let nodes = "nodes { nextAttemptAt deliveryState }";
    let query = format!("{{ editorial {{ webhookDeliveries(webhook: \"{hook}\", last: 100) {{ {nodes} }} }} }}");
    let answer = admin.query(&query).await;
    let nodes = answer.data()["editorial"]["webhookDeliveries"]["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["deliveryState"] == "WAITING"), "{nodes:?}");
    nodes.iter().rev().map(|node| node["nextAttemptAt"].as_str().map(|at| at.parse().unwrap())).collect()
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn the_next_try_is_told_of_what_has_its_turn(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let receiver = Receiver::answering(|_, _| Reply::status(500)).await;
    let admin = site.admin().await;
    let id = site.hook(&receiver.url()).await;
    let hook = id.to_string();
    for number in 0..3 {
        site.change("/en/articles/one", number).await;
    }
    site.attempts_until(id, 1).await;
    // They have all been told of by now, or will be.
    while site.deliveries(id).await.len() < 3 {
        tokio::task::yield_now().await;
    }
    let before = site.store().now();
    let tried = next(&admin, &hook).await;
    assert!(tried[0].is_some_and(|at| at >= before), "{dialect:?}: {tried:?} {before}");
    assert_eq!(tried[1..], [None, None], "{dialect:?}: they wait for the first");
    // The endpoint asks to be left alone for longer.
    let url = &site.portal.database.options.url;
    let later = site.store().now().as_microsecond() + 3_600_000_000;
    courant_tests::write_by_hand(url, &format!("UPDATE webhook SET paused_until = {later}")).await;
    assert_eq!(next(&admin, &hook).await[0].map(Timestamp::as_microsecond), Some(later), "{dialect:?}");
    done(&admin, "updateWebhook", json!({ "id": hook, "active": false }), ERRORS).await;
    assert_eq!(next(&admin, &hook).await, [None; 3], "{dialect:?}: it is turned off");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_replayed_from_where_it_was_told_up_to(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    // As long as another one is told, the log goes on.
    let other = Receiver::good().await;
    site.hook(&other.url()).await;
    let admin = site.admin().await;
    let hook = site.hook(&receiver.url()).await.to_string();
    site.change("/en/articles/one", 1).await;
    receiver.takes(1).await;
    other.takes(1).await;
    let selection = format!("toldUpTo webhook {{ webhookState toldUpTo }} {ERRORS}");
    let off = done(&admin, "updateWebhook", json!({ "id": hook, "active": false }), &selection).await;
    let told_up_to = off["webhook"]["toldUpTo"].clone();
    assert!(told_up_to.is_string() && off["toldUpTo"].is_null(), "{dialect:?}: {off}");
    site.change("/en/articles/two", 2).await;
    other.takes(2).await;
    let on = done(&admin, "updateWebhook", json!({ "id": hook, "active": true }), &selection).await;
    assert_eq!((&on["toldUpTo"], &on["webhook"]["toldUpTo"]), (&told_up_to, &Value::Null), "{dialect:?}");
    let again = done(&admin, "updateWebhook", json!({ "id": hook, "active": true }), &selection).await;
    assert_eq!(again["toldUpTo"], Value::Null, "{dialect:?}: it was on");
    let what = json!({ "changes": { "after": told_up_to } });
    done(&admin, "replayWebhook", json!({ "id": hook, "what": what }), &format!("count {ERRORS}")).await;
    let got = receiver.until(|got| got.iter().any(|got| got.path().ends_with("/two"))).await;
    assert!(got.iter().any(|got| got.path().ends_with("/two")), "{dialect:?}");
}
