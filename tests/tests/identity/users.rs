//! Users, as administrators keep them.

use courant_domain::access::Role;
use courant_tests::{Portal, apply, both_databases};
use serde_json::json;

use crate::desk::{PASSWORD, holds, sign_in, try_to_sign_in, user};
use courant_persistence::Dialect;

const SELECTION: &str = "user { id email name disabledAt grants { role locales categories { slug } } }
    userErrors { code field message }";

#[apply(both_databases)]
#[tokio::test]
async fn what_an_administrator_changes_holds_from_the_next_request_on(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let input = json!({
        "email": "Ben@Example.org", "name": "Ben", "password": PASSWORD,
        "grants": [{ "role": "EDITOR", "locales": ["ru"] }],
    });
    let made = admin.mutate("createUser", input.clone(), SELECTION).await;
    let ben = &made.done()["user"];
    assert_eq!(ben["email"], "ben@example.org");
    assert_eq!(ben["grants"], json!([{ "role": "EDITOR", "locales": ["ru"], "categories": null }]));
    assert_eq!(admin.mutate("createUser", input, SELECTION).await.user_errors(), ["TAKEN"]);

    let session = sign_in(&portal, "ben@example.org").await;
    let may = async || {
        let query = "{ editorial { viewer { permissions } } }";
        let answer = portal.post_as(&session.access, &json!({ "query": query })).await;
        answer.data()["editorial"]["viewer"]["permissions"].to_string()
    };
    assert!(may().await.contains("REVIEW_ENTRY"));
    let update = async |change: serde_json::Value| {
        let mut input = json!({ "id": ben["id"] });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        admin.mutate("updateUser", input, SELECTION).await
    };
    update(json!({ "grants": [{ "role": "AUTHOR" }] })).await.done();
    assert!(may().await.contains("CREATE_ENTRY") && !may().await.contains("REVIEW_ENTRY"));
    assert_eq!(update(json!({ "name": " " })).await.user_errors(), ["REQUIRED"]);
    let empty = update(json!({ "grants": [{ "role": "AUTHOR", "locales": [] }] })).await;
    assert_eq!(empty.user_errors(), ["INVALID"], "neither all languages nor none");
    update(json!({ "disabled": true })).await.done();
    assert!(!holds(&portal, &session.access).await);
    assert_eq!(try_to_sign_in(&portal, "ben@example.org", PASSWORD).await.user_errors(), ["WRONG_CREDENTIALS"]);
    update(json!({ "disabled": false })).await.done();
    assert!(!holds(&portal, &session.access).await, "what has ended stays so");
    let session = sign_in(&portal, "ben@example.org").await;
    update(json!({ "password": "eleven herons in the fog" })).await.done();
    assert!(!holds(&portal, &session.access).await);
    try_to_sign_in(&portal, "ben@example.org", "eleven herons in the fog").await.done();
}

#[apply(both_databases)]
#[tokio::test]
async fn the_last_administrator_stays_and_nobody_changes_their_own_password_by_the_way(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let id = user(&portal, "ana@example.org", Role::Admin).await;
    let session = sign_in(&portal, "ana@example.org").await;
    let update = async |change: serde_json::Value| {
        let mut input = json!({ "id": id.to_string() });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        portal.mutate_as(&session.access, "updateUser", input, SELECTION).await
    };
    for change in [
        json!({ "disabled": true }),
        json!({ "grants": [] }),
        json!({ "grants": [{ "role": "ADMIN", "locales": ["en"] }] }),
    ] {
        assert_eq!(update(change).await.user_errors(), ["WRONG_STATE"]);
    }
    assert_eq!(update(json!({ "password": "eleven herons in the fog" })).await.user_errors(), ["INVALID"]);
    user(&portal, "ben@example.org", Role::Admin).await;
    update(json!({ "grants": [] })).await.done();
    assert_eq!(update(json!({ "grants": [{ "role": "ADMIN" }] })).await.code(), "FORBIDDEN");
}

#[tokio::test]
async fn only_administrators_keep_users() {
    let portal = Portal::with_samples(courant_persistence::Dialect::Sqlite).await;
    let victim = portal.as_role(Role::Author).await;
    for role in [Role::Reader, Role::Author, Role::Editor, Role::Publisher] {
        let person = portal.as_role(role).await;
        let create = json!({ "email": "mine@example.org", "name": "Mine", "grants": [{ "role": "ADMIN" }] });
        assert_eq!(person.mutate("createUser", create, SELECTION).await.code(), "FORBIDDEN");
        for target in [person.id, victim.id] {
            let update = json!({ "id": target.to_string(), "grants": [{ "role": "ADMIN" }] });
            assert_eq!(person.mutate("updateUser", update, SELECTION).await.code(), "FORBIDDEN", "{role:?}");
        }
        assert_eq!(person.query("{ editorial { users { email } } }").await.code(), "FORBIDDEN");
        let own = person.query("{ editorial { viewer { user { email } } } }").await;
        assert_eq!(own.data()["editorial"]["viewer"]["user"]["email"], person.email);
    }
    assert_eq!(portal.query("{ editorial { users { email } } }").await.code(), "UNAUTHENTICATED");
    let admin = portal.as_role(Role::Admin).await;
    let answer = admin.query("{ editorial { users { email name disabledAt } } }").await;
    assert_eq!(answer.data()["editorial"]["users"].as_array().unwrap().len(), 6);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_key_means_one_request_and_shows_nothing_to_who_may_not_any_more(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let input =
        json!({ "email": "ben@example.org", "name": "Ben", "grants": [], "password": PASSWORD, "idempotencyKey": "k" });
    let made = admin.mutate("createUser", input.clone(), SELECTION).await;
    let ben = made.done()["user"]["id"].clone();
    assert_eq!(admin.mutate("createUser", input.clone(), SELECTION).await.done()["user"]["id"], ben);
    let mut other = input.clone();
    other["password"] = json!("eleven herons in the fog");
    assert_eq!(admin.mutate("createUser", other, SELECTION).await.user_errors(), ["KEY_REUSED"]);
    let update = |password: &str| json!({ "id": ben, "password": password, "idempotencyKey": "p" });
    admin.mutate("updateUser", update("twelve herons in the fog"), SELECTION).await.done();
    let again = admin.mutate("updateUser", update("thirteen herons in the fog"), SELECTION).await;
    assert_eq!(again.user_errors(), ["KEY_REUSED"]);
    let token = json!({ "name": "Machine", "grants": [], "idempotencyKey": "t" });
    admin.mutate("createApiToken", token.clone(), "apiToken { id } userErrors { code }").await.done();

    let chief = portal.as_role(Role::Admin).await;
    let demote = json!({ "id": admin.id.to_string(), "grants": [] });
    chief.mutate("updateUser", demote, "userErrors { code }").await.done();
    assert_eq!(admin.mutate("createUser", input, SELECTION).await.code(), "FORBIDDEN");
    assert_eq!(admin.mutate("updateUser", update("twelve herons in the fog"), SELECTION).await.code(), "FORBIDDEN");
    assert_eq!(admin.mutate("createApiToken", token, "apiToken { id }").await.code(), "FORBIDDEN");
}
