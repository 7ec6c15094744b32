//! Looking after webhooks: who may, what is shown once, what is asked twice.

use courant_domain::{access::Role, webhook::WebhookState};
use courant_persistence::dump::Extent;
use courant_tests::{Answer, Dialect, TestDatabase, apply, both_databases, receiver::Receiver};
use serde_json::json;

use crate::support::{Site, done};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_look_after_webhooks(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let hook = site.hook(&receiver.url()).await.to_string();
    for role in [Role::Reader, Role::Author, Role::Editor, Role::Publisher] {
        let person = site.portal.as_role(role).await;
        let inputs = [
            ("createWebhook", json!({ "url": receiver.url(), "name": "x" })),
            ("updateWebhook", json!({ "id": hook, "active": false })),
            ("deleteWebhook", json!({ "id": hook })),
            ("rotateWebhookSecret", json!({ "id": hook })),
            ("testWebhook", json!({ "id": hook })),
            ("replayWebhook", json!({ "id": hook, "what": { "failed": true } })),
        ];
        for (mutation, input) in inputs {
            let answer = person.mutate(mutation, input, "userErrors { code }").await;
            assert_eq!(answer.code(), "FORBIDDEN", "{dialect:?}: {role:?} {mutation}");
        }
        for query in [
            "{ editorial { webhooks { id url } } }".to_owned(),
            format!("{{ editorial {{ webhook(id: \"{hook}\") {{ url }} }} }}"),
            format!("{{ editorial {{ webhookDeliveries(webhook: \"{hook}\") {{ totalCount }} }} }}"),
            format!("{{ editorial {{ webhookAttempts(webhook: \"{hook}\") {{ nodes {{ at }} }} }} }}"),
        ] {
            assert_eq!(person.query(&query).await.code(), "FORBIDDEN", "{role:?}: {query}");
        }
        let node = person.query(&format!("{{ node(id: \"{hook}\") {{ id }} }}")).await;
        assert_eq!(node.data()["node"], json!(null), "{role:?}");
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_stands_nowhere(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let admin = site.admin().await;
    let selection = "secret webhook { id } userErrors { code field message }";
    let input = json!({ "url": receiver.url(), "name": "Mirror", "idempotencyKey": "k" });
    let made = done(&admin, "createWebhook", input.clone(), selection).await;
    let again = done(&admin, "createWebhook", input, selection).await;
    assert_eq!(made["webhook"]["id"], again["webhook"]["id"]);
    assert_eq!(again["secret"], json!(null), "{dialect:?}");
    let (hook, secret) = (made["webhook"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let rotate = json!({ "id": hook, "idempotencyKey": "r" });
    let rotated = done(&admin, "rotateWebhookSecret", rotate.clone(), selection).await;
    let again = done(&admin, "rotateWebhookSecret", rotate, selection).await;
    assert!(rotated["secret"].as_str().unwrap().starts_with("whsec_") && again["secret"] == json!(null));
    // Neither in what the audit log says, nor in a dump, which has the webhook all the same.
    let audit = admin.query("{ editorial { auditLog(first: 100) { nodes { detail { name value } } } } }").await.text;
    let mut dump = Vec::new();
    let admin_store = site.store().admin();
    admin_store.write_dump(Extent::All, &mut dump, |_, _| {}).await.unwrap();
    let dump = String::from_utf8(dump).unwrap();
    for text in [&audit, &dump] {
        assert!(!text.contains("whsec_") && !text.contains(&secret[6..20]), "{text}");
        assert!(text.contains("Mirror"));
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_is_listed_by_pages_and_found_by_its_id(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let admin = site.admin().await;
    let hook = site.hook(&receiver.url()).await;
    for number in 0..5 {
        site.change(&format!("/en/articles/{number}"), number).await;
    }
    let ping =
        done(&admin, "testWebhook", json!({ "id": hook.to_string() }), "delivery { id event } userErrors { code }")
            .await;
    receiver.takes(6).await;
    site.settled(hook).await;
    let page = |after: &str| {
        format!(
            "{{ editorial {{ webhookDeliveries(webhook: \"{hook}\", first: 4{after}) {{ totalCount pageInfo {{ hasNextPage endCursor }} \
             nodes {{ id event deliveryState messageId attemptCount attempts {{ status error durationMs delivery {{ id }} }} }} }} \
             webhook(id: \"{hook}\") {{ waitingCount failedCount lastDeliveredAt }} \
             webhookAttempts(webhook: \"{hook}\", failed: true) {{ totalCount }} }} }}"
        )
    };
    let first = admin.query(&page("")).await;
    let list = &first.data()["editorial"]["webhookDeliveries"];
    assert_eq!((&list["totalCount"], &list["pageInfo"]["hasNextPage"]), (&json!(6), &json!(true)), "{}", first.text);
    assert_eq!(first.data()["editorial"]["webhookAttempts"]["totalCount"], 0);
    assert_eq!(first.data()["editorial"]["webhook"]["waitingCount"], 0);
    let cursor = list["pageInfo"]["endCursor"].as_str().unwrap();
    let second = admin.query(&page(&format!(", after: \"{cursor}\""))).await;
    let rest = &second.data()["editorial"]["webhookDeliveries"];
    assert_eq!((rest["nodes"].as_array().unwrap().len(), &rest["pageInfo"]["hasNextPage"]), (2, &json!(false)));
    let all: Vec<_> = list["nodes"].as_array().unwrap().iter().chain(rest["nodes"].as_array().unwrap()).collect();
    for node in &all {
        assert_eq!((&node["deliveryState"], &node["attempts"][0]["status"]), (&json!("DELIVERED"), &json!(204)));
        assert_eq!(node["attempts"][0]["delivery"]["id"], node["id"], "{dialect:?}");
    }
    // A page of messages with their tries is a few statements, however many there are.
    let fewer = admin.query(&page("").replace("first: 4", "first: 1")).await;
    // What looks whether something is to be sent goes on meanwhile.
    let asked = |answer: &Answer| answer.statements.iter().filter(|sql| !sql.contains("min(due_at)")).count();
    assert_eq!(asked(&fewer), asked(&first), "{:#?}", first.statements);
    let id = ping["delivery"]["id"].as_str().unwrap();
    let node = admin
        .query(&format!("{{ node(id: \"{id}\") {{ ... on WebhookDelivery {{ event deliveryState payload }} }} }}"))
        .await;
    assert_eq!(node.data()["node"]["event"], "WEBHOOK_PING");
    assert!(
        receiver
            .got()
            .iter()
            .any(|got| got.event() == "webhook.ping" && got.header("webhook-id").contains(&id.replace('-', "")))
    );
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_turned_off_is_told_nothing_and_one_that_is_deleted_is_no_more(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let other = Receiver::good().await;
    let admin = site.admin().await;
    let (hook, _well) = (site.hook(&receiver.url()).await.to_string(), site.hook(&other.url()).await);
    let selection = "webhook { webhookState disabledAt url } userErrors { code field message }";
    let off = done(&admin, "updateWebhook", json!({ "id": hook, "active": false }), selection).await;
    assert_eq!(off["webhook"]["webhookState"], "PAUSED");
    site.change("/en/articles/one", 1).await;
    other.takes(1).await;
    for mutation in ["testWebhook", "replayWebhook"] {
        let mut input = json!({ "id": hook });
        if mutation == "replayWebhook" {
            input["what"] = json!({ "failed": true });
        }
        assert_eq!(admin.mutate(mutation, input, "userErrors { code }").await.user_errors(), ["WRONG_STATE"]);
    }
    let on = done(&admin, "updateWebhook", json!({ "id": hook, "active": true, "name": "Renamed" }), selection).await;
    assert_eq!((&on["webhook"]["webhookState"], &on["webhook"]["disabledAt"]), (&json!("ACTIVE"), &json!(null)));
    site.change("/en/articles/two", 2).await;
    let got = receiver.takes(1).await;
    assert!(got.iter().all(|got| got.path().ends_with("/two")), "{dialect:?}");
    let gone =
        done(&admin, "deleteWebhook", json!({ "id": hook }), "deletedId userErrors { code field message }").await;
    assert_eq!(gone["deletedId"], hook.as_str());
    assert_eq!(
        admin.mutate("testWebhook", json!({ "id": hook }), "userErrors { code }").await.user_errors(),
        ["NOT_FOUND"]
    );
    site.change("/en/articles/three", 3).await;
    other.takes(3).await;
    assert_eq!(receiver.got().len(), 1);
    assert_eq!(site.portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_dump_brings_webhooks_along_turned_off_and_without_keys(dialect: Dialect) {
    let (site, receiver) = (Site::new(dialect).await, Receiver::good().await);
    let hook = site.hook(&receiver.url()).await;
    let mut dump = Vec::new();
    site.store().admin().write_dump(Extent::All, &mut dump, |_, _| {}).await.unwrap();
    let mut public = Vec::new();
    site.store().admin().write_dump(Extent::Published, &mut public, |_, _| {}).await.unwrap();
    assert!(!String::from_utf8(public).unwrap().contains("/hook"), "what readers see is not where others are told");
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let lines = Box::new(std::io::Cursor::new(dump.clone()));
    store.admin().restore_dump(lines, |_| std::ops::ControlFlow::Continue(())).await.unwrap();
    let restored = store.webhooks().one(hook).await.unwrap().unwrap();
    let original = site.webhook(hook).await;
    assert_eq!((&restored.url, &restored.name, &restored.filter), (&original.url, &original.name, &original.filter));
    assert_eq!((restored.state, restored.keys.len()), (WebhookState::Paused, 0), "{dialect:?}");
    let mut again = Vec::new();
    store.admin().write_dump(Extent::All, &mut again, |_, _| {}).await.unwrap();
    assert!(again == dump, "{dialect:?}: the same content is the same dump");
}
