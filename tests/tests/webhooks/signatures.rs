//! What is sent holds for others' libraries.

use courant_identity::webhook::VerifyingKey;
use courant_tests::{Dialect, apply, both_databases, receiver::Receiver};
use serde_json::json;

use crate::support::{Site, done, id, is_about_now, sent_at};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn messages_hold_for_another_library_and_for_both_keys_while_they_overlap(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let admin = site.admin().await;
    let selection = "secret webhook { id keys { publicKey until } } userErrors { code field message }";
    let input = json!({ "url": receiver.url(), "name": "A search engine" });
    let made = done(&admin, "createWebhook", input, selection).await;
    let hook = made["webhook"]["id"].as_str().unwrap().to_owned();
    site.change("/en/articles/one", 1).await;
    receiver.takes(1).await;

    let rotated = done(&admin, "rotateWebhookSecret", json!({ "id": hook, "overlapHours": 1 }), selection).await;
    assert_ne!(made["secret"], rotated["secret"]);
    assert_eq!(rotated["webhook"]["keys"].as_array().unwrap().len(), 2);
    site.change("/en/articles/two", 2).await;
    receiver.takes(2).await;
    let last = done(&admin, "rotateWebhookSecret", json!({ "id": hook, "overlapHours": 0 }), selection).await;
    site.change("/en/articles/three", 3).await;
    let got = receiver.takes(3).await;

    // Which of the three hold for the secrets and public keys, one after the other.
    let holds = [&made, &rotated, &last].map(|keys| {
        got.iter()
            .map(|got| {
                let secret = keys["secret"].as_str().unwrap();
                let public = keys["webhook"]["keys"][0]["publicKey"].as_str().unwrap();
                let theirs = standardwebhooks::Webhook::new(secret).unwrap();
                let mut headers = http::HeaderMap::new();
                for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
                    headers.insert(http::HeaderName::from_static(name), got.header(name).parse().unwrap());
                }
                let shared = theirs.verify(&got.body, &headers).is_ok();
                let ours = VerifyingKey::parse(public).unwrap().verify(
                    got.header("webhook-id"),
                    got.header("webhook-timestamp"),
                    got.header("webhook-signature"),
                    &got.body,
                    sent_at(got),
                );
                assert_eq!(shared, ours.is_ok(), "both signatures are by keys of one age");
                shared
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(holds, [[true, true, false], [false, true, false], [false, false, true]]);
    for got in &got {
        assert!(is_about_now(sent_at(got)));
        assert_eq!(got.header("content-type"), "application/json");
        assert!(got.header("user-agent").starts_with("Courant/"));
        assert!(got.header("webhook-id").starts_with("msg_") && !got.header("webhook-id").contains('.'));
    }
    let deliveries = site.settled(id(&json!(hook))).await;
    assert_eq!(deliveries.len(), 3, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_says_what_changed_and_nothing_of_drafts(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let admin = site.admin().await;
    site.hook(&receiver.url()).await;
    let category = crate::support::category(&site, "politics").to_string();
    let tag = json!({ "slug": "hush", "name": [{ "locale": "en", "text": "Hush" }] });
    done(&admin, "createTag", tag, "tag { id } userErrors { code }").await;
    let entry = crate::support::publish(&admin, &category, "a-bridge", "en").await;
    let draft = json!({ "entryId": entry, "locale": "en", "basedOn": 1,
                        "content": { "slug": "a-bridge", "title": "Not yet", "body": { "source": "Not yet." } } });
    done(&admin, "saveArticle", draft, "entry { id } userErrors { code field message }").await;
    let taken = json!({ "entryId": entry, "locale": "en", "ending": { "notice": "It fell." } });
    done(&admin, "unpublishEntry", taken, "entry { id } userErrors { code field message }").await;
    let gone = json!({ "entryId": entry, "locale": "en", "ending": { "gone": true } });
    done(&admin, "unpublishEntry", gone, "entry { id } userErrors { code field message }").await;
    let got = receiver.until(|got| got.iter().any(|got| got.event() == "publication.removed")).await;
    let of_entry: Vec<_> = got.iter().filter(|got| got.json()["data"]["entryId"] == entry).collect();
    let events: Vec<String> = of_entry.iter().map(|got| got.event()).collect();
    assert_eq!(events, ["publication.published", "publication.withdrawn", "publication.removed"], "{dialect:?}");
    let first = of_entry[0].json();
    let log = site.store().changes(0, 10_000).await.unwrap();
    assert_eq!(first["data"]["kind"], "ARTICLE");
    assert_eq!(first["data"]["locale"], "en");
    assert_eq!(first["data"]["path"], "/en/articles/a-bridge");
    assert_eq!(first["data"]["action"], "PUT");
    let node = json!({ "query": "query ($id: ID!) { node(id: $id) { __typename } }", "variables": { "id": first["data"]["id"] } });
    assert_eq!(site.portal.post(&node).await.data()["node"], json!(null), "by now it is gone");
    assert!(log.iter().any(|change| first["timestamp"] == change.at.to_string()));
    for got in &got {
        let text = String::from_utf8(got.body.clone()).unwrap();
        assert!(!text.contains("Not yet") && !text.contains("Bridge") && !got.event().starts_with("tag."), "{text}");
        assert!(got.body.len() < 600, "{text}");
    }
}
