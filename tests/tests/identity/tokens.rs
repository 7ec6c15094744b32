//! Machines' tokens.

use courant_domain::access::{Grant, Role};
use courant_tests::{Person, Portal, apply, both_databases};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::desk::holds;
use courant_persistence::Dialect;

const SELECTION: &str =
    "apiToken { id name expiresAt revokedAt lastUsedAt grants { role locales categories { slug } } }
    secret userErrors { code field message }";

async fn create(admin: &Person<'_>, input: Value) -> (String, String) {
    let answer = admin.mutate("createApiToken", input, SELECTION).await;
    let made = answer.done();
    (made["apiToken"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

#[apply(both_databases)]
#[tokio::test]
async fn a_token_is_shown_once_and_revoked_at_once(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let input = json!({ "name": "The archive's importer", "grants": [{ "role": "EDITOR" }], "idempotencyKey": "k1" });
    let (id, secret) = create(&admin, input.clone()).await;
    let again = admin.mutate("createApiToken", input.clone(), SELECTION).await;
    assert_eq!((&again.done()["apiToken"]["id"], &again.done()["secret"]), (&json!(id), &Value::Null));
    let mut other = input;
    other["grants"] = json!([{ "role": "ADMIN" }]);
    assert_eq!(admin.mutate("createApiToken", other, SELECTION).await.user_errors(), ["KEY_REUSED"]);

    assert!(holds(&portal, &secret).await);
    let list = admin.query("{ editorial { apiTokens { id name createdBy { kind } lastUsedAt revokedAt } } }").await;
    assert_eq!(list.data()["editorial"]["apiTokens"][0]["id"], json!(id));
    assert!(!list.text.contains(&secret));
    for _ in 0..2 {
        let answer =
            admin.mutate("revokeApiToken", json!({ "id": id }), "apiToken { revokedAt } userErrors { code }").await;
        assert!(answer.done()["apiToken"]["revokedAt"].is_string());
    }
    assert!(!holds(&portal, &secret).await);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_token_reaches_as_far_as_its_scope(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let reference = portal.store.reference();
    let [politics, economy] = ["politics", "economy"].map(|path| reference.categories.by_path(path).unwrap().id);
    let grant = json!({ "role": "PUBLISHER", "categories": [politics.to_string()], "locales": ["ru"] });
    let (_, secret) = create(&admin, json!({ "name": "Russian politics", "grants": [grant] })).await;
    let article = async |category: String, locale: &str| {
        let input = json!({ "categoryId": category, "locale": locale, "content": { "title": "Harbours" } });
        portal.mutate_as(&secret, "createArticle", input, "entry { id } userErrors { code field message }").await
    };
    article(politics.to_string(), "ru").await.done();
    assert_eq!(article(politics.to_string(), "en").await.code(), "FORBIDDEN");
    assert_eq!(article(economy.to_string(), "ru").await.code(), "FORBIDDEN");
}

#[tokio::test]
async fn a_token_ends_by_itself() {
    let portal = Portal::with_samples(courant_persistence::Dialect::Sqlite).await;
    let admin = portal.as_role(Role::Admin).await;
    let past = Timestamp::now() - SignedDuration::from_secs(1);
    let input = json!({ "name": "Late", "grants": [], "expiresAt": past.to_string() });
    assert_eq!(admin.mutate("createApiToken", input, SELECTION).await.user_errors(), ["INVALID"]);
    let soon = Timestamp::now() + SignedDuration::from_millis(900);
    let input = json!({ "name": "Brief", "grants": [{ "role": "READER" }], "expiresAt": soon.to_string() });
    let (_, secret) = create(&admin, input).await;
    while holds(&portal, &secret).await {}
    assert!(Timestamp::now() >= soon, "it ended before its time");
}

#[tokio::test]
async fn only_administrators_keep_tokens() {
    let portal = Portal::with_samples(courant_persistence::Dialect::Sqlite).await;
    let admin = portal.as_role(Role::Admin).await;
    let (id, _) = create(&admin, json!({ "name": "Anything", "grants": [] })).await;
    let limited = Grant { role: Role::Admin, categories: Vec::new(), locales: vec!["ru".parse().unwrap()] };
    for grants in
        [vec![], vec![Grant::everywhere(Role::Author)], vec![Grant::everywhere(Role::Publisher)], vec![limited]]
    {
        let person = portal.as_user(grants).await;
        let input = json!({ "name": "Mine", "grants": [] });
        assert_eq!(person.mutate("createApiToken", input, SELECTION).await.code(), "FORBIDDEN");
        assert_eq!(person.mutate("revokeApiToken", json!({ "id": id }), "apiToken { id }").await.code(), "FORBIDDEN");
        assert_eq!(person.query("{ editorial { apiTokens { id } } }").await.code(), "FORBIDDEN");
    }
    let unknown = json!({ "id": "00000000-0000-7000-8000-000000000000" });
    assert_eq!(admin.mutate("revokeApiToken", unknown, "userErrors { code }").await.user_errors(), ["NOT_FOUND"]);
}
