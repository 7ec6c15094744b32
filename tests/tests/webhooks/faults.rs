//! Receivers that are down, slow, rude or malicious.

use std::time::Duration;

use courant_domain::{
    access::Viewer,
    webhook::{AttemptError, AttemptResult, DeliveryState, WebhookState},
};
use courant_persistence::Command;
use courant_tests::{
    Dialect, apply, both_databases,
    receiver::{Receiver, Reply},
};
use jiff::Timestamp;
use serde_json::json;

use crate::support::{Site, done};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_told_apart_and_kept_within_bounds(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let target = Receiver::good().await;
    let inwards = format!("HTTP/1.1 307 X\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", target.url());
    let cases: Vec<(Reply, Option<u16>, AttemptError)> = vec![
        (Reply::status(500), Some(500), AttemptError::ServerError),
        (Reply::status(404), Some(404), AttemptError::Refused),
        (Reply::Raw(inwards.into_bytes()), Some(307), AttemptError::Redirected),
        (Reply::Status(301, "location: http://169.254.169.254/\r\n".to_owned()), Some(301), AttemptError::Redirected),
        (Reply::Raw(b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec()), None, AttemptError::Broken),
        (Reply::Raw(Vec::new()), None, AttemptError::Broken),
        (Reply::Raw(vec![0xff; 100_000]), None, AttemptError::Broken),
        (Reply::Trickle, None, AttemptError::TimedOut),
        (Reply::Silence, None, AttemptError::TimedOut),
    ];
    for (number, (reply, status, error)) in cases.into_iter().enumerate() {
        let answer = reply.clone();
        let receiver = Receiver::answering(move |_, _| answer.clone()).await;
        let hook = site.hook(&receiver.url()).await;
        site.change("/en/articles/one", number).await;
        let attempts = site.attempts_until(hook, 1).await;
        assert_eq!(
            (attempts[0].result.status, attempts[0].result.error),
            (status, Some(error)),
            "{dialect:?}: {reply:?}"
        );
        assert!(attempts[0].took.as_secs() < 30, "{reply:?}");
        let waiting = site.deliveries(hook).await;
        assert!(waiting.iter().all(|delivery| delivery.state == DeliveryState::Waiting), "{reply:?}");
        site.store().webhooks().delete(Command::of(&Viewer::program()), hook).await.unwrap();
    }
    assert!(target.got().is_empty(), "no redirect is followed");
    // Nobody listens there any more.
    let hook = site.hook(&target.url()).await;
    target.down().await;
    site.change("/en/articles/two", 2).await;
    assert_eq!(site.attempts_until(hook, 1).await[0].result.error, Some(AttemptError::Unreachable));
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn of_an_endless_answer_a_piece_is_read_and_a_smaller_one_kept(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::answering(|_, _| Reply::Flood).await);
    let hook = site.hook(&receiver.url()).await;
    site.change("/en/articles/one", 1).await;
    let deliveries = site.settled(hook).await;
    assert!(
        deliveries.iter().all(|delivery| delivery.state == DeliveryState::Delivered),
        "{dialect:?}: it has said 200"
    );
    let answer = site.attempts(hook).await[0].result.answer.clone().unwrap();
    assert_eq!(answer.len(), AttemptResult::KEPT_ANSWER);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_asks_for_time_is_given_it(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let receiver = Receiver::answering(|_, number| match number {
        0 => Reply::Status(429, "retry-after: 7\r\n".to_owned()),
        _ => Reply::status(200),
    })
    .await;
    let hook = site.hook(&receiver.url()).await;
    site.change("/en/articles/one", 1).await;
    let first = site.attempts_until(hook, 1).await.remove(0);
    assert_eq!(first.result.error, Some(AttemptError::TooManyRequests));
    assert_eq!(first.result.retry_after.map(|wait| wait.as_secs()), Some(7));
    // It is the endpoint that asked: nothing else is sent to it, either.
    site.change("/en/articles/two", 2).await;
    receiver.takes(2).await;
    site.settled(hook).await;
    for later in &site.attempts(hook).await[1..] {
        assert!(later.at.duration_since(first.at).as_millis() >= 7000, "{dialect:?}");
    }
    // A date; and more than a day is not waited for.
    let far = "retry-after: Tue, 31 Dec 2999 23:59:59 GMT\r\n".to_owned();
    let greedy = Receiver::answering(move |_, _| Reply::Status(503, far.clone())).await;
    let hook = site.hook(&greedy.url()).await;
    site.change("/en/articles/three", 3).await;
    site.attempts_until(hook, 1).await;
    let due = site.deliveries(hook).await[0].due_at.unwrap();
    let hours = due.duration_since(Timestamp::now()).as_secs_f64() / 3600.0;
    assert!((23.9..24.1).contains(&hours), "{dialect:?}: {hours}");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_gone_is_told_nothing_more_and_somebody_learns_of_it(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::answering(|_, _| Reply::status(410)).await);
    let admin = site.admin().await;
    let hook = site.hook(&receiver.url()).await;
    site.change("/en/articles/one", 1).await;
    let stopped = site.webhook_until(hook, |hook| hook.state == WebhookState::Gone).await;
    assert!(stopped.stopped_at.is_some() && stopped.stopped_after.is_some());
    site.change("/en/articles/two", 2).await;
    let query = "{ editorial { auditLog(filter: { acts: [DISABLE_WEBHOOK] }) { nodes { subject subjectId actorName \
                 detail { name value } } } } }";
    let answer = admin.query(query).await;
    let records = answer.data()["editorial"]["auditLog"]["nodes"].as_array().unwrap();
    assert_eq!(records.len(), 1, "{dialect:?}");
    assert_eq!((&records[0]["subject"], &records[0]["subjectId"]), (&json!("WEBHOOK"), &json!(hook.to_string())));
    // Somebody has seen to it: what waits is sent, and what was missed is replayed from where it stopped.
    let address = receiver.down().await;
    let receiver = Receiver::at(address, |_, _| Reply::status(204)).await;
    let selection = "webhook { webhookState toldUpTo } userErrors { code field message }";
    let on = done(&admin, "updateWebhook", json!({ "id": hook.to_string(), "active": true }), selection).await;
    assert_eq!(on["webhook"]["webhookState"], "ACTIVE");
    receiver.takes(1).await;
    let from = stopped.stopped_after.unwrap().to_string();
    let what = json!({ "id": hook.to_string(), "what": { "changes": { "after": from } } });
    done(&admin, "replayWebhook", what, "count userErrors { code field message }").await;
    let got = receiver.until(|got| got.iter().any(|got| got.path().ends_with("/two"))).await;
    assert!(got.iter().any(|got| got.path().ends_with("/one")), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn after_three_days_of_failure_a_message_is_given_up_and_the_endpoint_turned_off(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::answering(|_, _| Reply::status(503)).await);
    let hook = site.hook(&receiver.url()).await;
    site.change("/en/articles/one", 1).await;
    site.attempts_until(hook, 1).await;
    let url = &site.portal.database.options.url;
    // As if three days had passed.
    let before = Timestamp::now().as_microsecond() - 73 * 3600 * 1_000_000;
    courant_tests::write_by_hand(url, &format!("UPDATE webhook_delivery SET first_tried_at = {before}")).await;
    site.now().await;
    let deliveries = site.settled(hook).await;
    assert_eq!(deliveries[0].state, DeliveryState::Failed, "{dialect:?}");
    assert_eq!(site.webhook(hook).await.state, WebhookState::Active, "it has failed for seconds alone");
    site.change("/en/articles/two", 2).await;
    courant_tests::write_by_hand(url, &format!("UPDATE webhook SET failing_since = {before}")).await;
    site.now().await;
    let stopped = site.webhook_until(hook, |hook| hook.state == WebhookState::Disabled).await;
    assert!(stopped.failing_since.is_some());
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_down_gets_what_waits_once_it_is_back_and_holds_up_nobody(dialect: Dialect) {
    const MESSAGES: usize = 30;
    let site = Site::new(dialect).await;
    let down = Receiver::answering(|_, _| Reply::Silence).await;
    let hook = site.hook(&down.url()).await;
    for number in 0..MESSAGES {
        site.change(&format!("/en/articles/{number}"), number).await;
    }
    // Whoever is well gets theirs meanwhile.
    let well = Receiver::good().await;
    site.hook(&well.url()).await;
    for number in 0..MESSAGES {
        site.change(&format!("/en/articles/more-{number}"), number).await;
    }
    well.takes(MESSAGES).await;
    site.webhook_until(hook, courant_domain::webhook::Webhook::is_failing).await;
    let address = down.down().await;
    let back = Receiver::at(address, |_, _| Reply::status(204)).await;
    // One of them is tried every few seconds, and when it gets through, all are.
    let got = tokio::time::timeout(Duration::from_secs(60), back.takes(2 * MESSAGES)).await.unwrap();
    assert!(got.len() >= 2 * MESSAGES, "{dialect:?}");
    let hook = site.webhook_until(hook, |hook| hook.failing_since.is_none()).await;
    assert_eq!(hook.failures, 0);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_allowed_is_told_at_once_or_when_it_is_sent_to(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let admin = site.admin().await;
    for url in [
        "http://10.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "http://example.org/",
        "https://me:pw@example.org/",
        "x",
    ] {
        let answer =
            admin.mutate("createWebhook", json!({ "url": url, "name": "x" }), "userErrors { code field }").await;
        assert_eq!(answer.user_errors(), ["INVALID"], "{dialect:?}: {url}: {}", answer.text);
    }
    for name in ["", " ", "\u{200b}\u{2060}"] {
        let input = json!({ "url": "https://example.org/", "name": name });
        let answer = admin.mutate("createWebhook", input, "userErrors { code field }").await;
        let expected = json!([{ "code": "INVALID", "field": ["name"] }]);
        assert_eq!(answer.data()["createWebhook"]["userErrors"], expected, "{dialect:?}: {name:?}");
    }
    // What the configuration allowed once, and a name that leads inwards.
    let names = ["https://10.0.0.1/", "https://0x7f000002:8443/", "https://127.0.0.3/"];
    for (number, url) in names.into_iter().enumerate() {
        let hook = site.hook(url).await;
        site.change("/en/articles/one", number).await;
        let attempts = site.attempts_until(hook, 1).await;
        assert_eq!(attempts[0].result.error, Some(AttemptError::Forbidden), "{dialect:?}: {url}");
    }
}
