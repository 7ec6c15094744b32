//! Another secret, while nodes run.

use courant_domain::access::{Role, Viewer};
use courant_identity::signed::{Keys, TokenError};
use courant_persistence::{Command, Dialect, ServerSecrets, Store};
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use jiff::Timestamp;
use serde_json::json;

use crate::desk::{holds, refresh, sign_in, user};

/// Changes the secret, as `courant secret rotate` does.
async fn rotate(store: &Store, at_once: bool) -> ServerSecrets {
    store.accounts().server_secret_rotate(Command::of(&Viewer::program()), at_once).await.unwrap().unwrap();
    store.accounts().server_secrets().await.unwrap()
}

/// Waits until a token that held does so no longer: nodes notice within a second.
async fn ends(portal: &Portal, token: &str) {
    let began = std::time::Instant::now();
    while holds(portal, token).await {
        assert!(began.elapsed().as_secs() < 60, "it never ended");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn tokens_outlive_one_rotation_and_not_two_on_every_node(dialect: Dialect) {
    let first = Portal::with_samples(dialect).await;
    let other = TestDatabase::of_the_same(&first.database);
    let store = other.open().await;
    let second = Portal::over(other, store).await;
    user(&first, "ana@example.org", Role::Admin).await;
    let before = first.store.accounts().server_secrets().await.unwrap();
    assert!(before.previous.is_none());
    let old = sign_in(&first, "ana@example.org").await;
    assert!(holds(&second, &old.access).await);

    let after = rotate(&first.store, false).await;
    assert!(after.previous.is_some() && after.since > before.since);
    // A node that sees a token which it cannot check looks at once whether there is another key.
    let seen = first.as_role(Role::Reader).await.token;
    assert!(holds(&second, &seen).await && holds(&first, &seen).await, "{dialect:?}");
    let new = sign_in(&first, "ana@example.org").await;
    let by = |secrets: &ServerSecrets| Keys::new(&secrets.signing).access_read(&new.access, Timestamp::now());
    assert_eq!((by(&after).is_ok(), by(&before)), (true, Err(TokenError::BadSignature)), "{dialect:?}");
    for portal in [&second, &first] {
        assert!(holds(portal, &new.access).await, "{dialect:?}: signed by another node with a new key");
        assert!(holds(portal, &old.access).await, "{dialect:?}: signed before");
    }

    rotate(&second.store, false).await;
    for portal in [&first, &second] {
        ends(portal, &old.access).await;
        assert!(holds(portal, &new.access).await, "{dialect:?}: signed by the one before");
    }
    // Nobody is signed out: refresh tokens are not signed.
    let answer = refresh(&first, &old.refresh).await;
    let access = answer.done()["accessToken"].as_str().unwrap().to_owned();
    assert!(holds(&second, &access).await);

    rotate(&second.store, true).await;
    for portal in [&first, &second] {
        ends(portal, &new.access).await;
        ends(portal, &access).await;
    }
    let session = sign_in(&first, "ana@example.org").await;
    assert!(holds(&second, &session.access).await, "{dialect:?}");

    let query = "{ editorial { auditLog(first: 9, filter: { acts: [ROTATE_SECRET] }) {
            nodes { actor { id } subject detail { name value } } } } }";
    let log = first.post_as(&session.access, &json!({ "query": query })).await;
    let records = log.data()["editorial"]["auditLog"]["nodes"].as_array().unwrap();
    let now: Vec<&str> = records.iter().map(|record| record["detail"][0]["value"].as_str().unwrap()).collect();
    assert_eq!(now, ["true", "false", "false"], "{}", log.text);
    assert!(records.iter().all(|record| record["actor"]["id"] == "courant" && record["subject"] == "DATABASE"));
}

#[apply(both_databases)]
#[tokio::test]
async fn previews_outlive_one_rotation(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = json!({ "title": "Not yet", "slug": "not-yet", "body": { "source": "Soon." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code message }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    let made = admin.mutate("createPreview", input, "token userErrors { code message }").await;
    let token = made.done()["token"].as_str().unwrap().to_owned();
    let shown = async || {
        let query = format!("{{ route(path: \"/en/articles/not-yet\", preview: \"{token}\") {{ __typename }} }}");
        portal.query(&query).await.data()["route"].is_object()
    };
    assert!(shown().await);
    rotate(&portal.store, false).await;
    // A token that the new key signed has the node look.
    assert!(holds(&portal, &portal.as_role(Role::Reader).await.token).await);
    assert!(shown().await, "{dialect:?}");
    rotate(&portal.store, false).await;
    let began = std::time::Instant::now();
    while shown().await {
        assert!(began.elapsed().as_secs() < 60, "it never ended");
    }
}
