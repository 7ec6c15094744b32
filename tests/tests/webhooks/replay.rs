//! Sending again: one message, a range of changes, a time, all that were given up.

use courant_domain::webhook::DeliveryState;
use courant_tests::{
    Dialect, apply, both_databases,
    receiver::{Receiver, Reply},
};
use jiff::Timestamp;
use serde_json::json;

use crate::support::{Site, cursor_of, done};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_sent_again_in_order_and_under_its_id(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let admin = site.admin().await;
    let hook = site.hook(&receiver.url()).await;
    for number in 0..4 {
        site.change("/en/articles/one", number).await;
    }
    let first = receiver.takes(4).await;
    let deliveries = site.settled(hook).await;
    let replay = async |what| {
        let input = json!({ "id": hook.to_string(), "what": what });
        done(&admin, "replayWebhook", input, "count webhook { id } userErrors { code field message }").await["count"]
            .clone()
    };
    // One.
    assert_eq!(replay(json!({ "delivery": deliveries[2].id.to_string() })).await, 1);
    let got = receiver.until(|got| got.len() == 5).await;
    assert_eq!(got[4].header("webhook-id"), first[2].header("webhook-id"));
    assert_eq!(got[4].body, first[2].body);
    site.settled(hook).await;
    // A range: those after the first, up to the third.
    let log = site.store().changes(0, 10_000).await.unwrap();
    let place = |got: &courant_tests::receiver::Got| got.json()["data"]["cursor"].clone();
    let range = json!({ "changes": { "after": place(&first[0]), "upTo": place(&first[2]) } });
    assert_eq!(replay(range).await, 2);
    let got = receiver.until(|got| got.len() == 7).await;
    let ids = |got: &[courant_tests::receiver::Got]| {
        got.iter().map(|got| got.header("webhook-id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&got[5..]), ids(&first[1..3]), "{dialect:?}");
    site.settled(hook).await;
    // A time, with what it was never told of: it came later, and was not there when the samples were.
    let last = log.last().unwrap();
    assert_eq!(cursor_of(last), place(&first[3]).as_str().unwrap());
    let from = log.iter().rev().nth(4).unwrap().at;
    let count = replay(json!({ "time": { "from": from.to_string() } })).await.as_u64().unwrap();
    assert!(count >= 5, "{count}");
    receiver.until(|got| got.len() >= 12).await;
    site.settled(hook).await;
    // What never was, and what is too much.
    let none = json!({ "id": hook.to_string(), "what": { "delivery": uuid::Uuid::nil().to_string() } });
    assert_eq!(admin.mutate("replayWebhook", none, "userErrors { code }").await.user_errors(), ["NOT_FOUND"]);
    let elsewhere = courant_domain::change::ChangeCursor { seq: 1, micros: 1 }.to_string();
    let none = json!({ "id": hook.to_string(), "what": { "changes": { "after": elsewhere } } });
    assert_eq!(admin.mutate("replayWebhook", none, "userErrors { code }").await.user_errors(), ["NOT_FOUND"]);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn all_that_were_given_up_are_sent_again(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let admin = site.admin().await;
    let (is_well, turn) = tokio::sync::watch::channel(false);
    let receiver =
        Receiver::answering(move |_, _| if *turn.borrow() { Reply::status(204) } else { Reply::status(500) }).await;
    let hook = site.hook(&receiver.url()).await;
    for number in 0..3 {
        site.change(&format!("/en/articles/{number}"), number).await;
    }
    site.attempts_until(hook, 3).await;
    let before = Timestamp::now().as_microsecond() - 73 * 3600 * 1_000_000;
    let url = &site.portal.database.options.url;
    courant_tests::write_by_hand(url, &format!("UPDATE webhook_delivery SET first_tried_at = {before}")).await;
    for _ in 0..500 {
        site.now().await;
        if site.deliveries(hook).await.iter().all(|delivery| delivery.state == DeliveryState::Failed) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    is_well.send_replace(true);
    let input = json!({ "id": hook.to_string(), "what": { "failed": true } });
    let selection = "count webhook { failedCount waitingCount } userErrors { code field message }";
    assert_eq!(done(&admin, "replayWebhook", input, selection).await["count"], 3, "{dialect:?}");
    site.now().await;
    receiver.takes(3).await;
    let again = site.settled(hook).await;
    assert!(again.iter().all(|delivery| delivery.state == DeliveryState::Delivered && delivery.tries == 1));
}
