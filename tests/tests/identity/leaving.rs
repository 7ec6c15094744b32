//! What becomes of machines' tokens when who answers for them is kept out, or may less.

use courant_domain::access::Role;
use courant_tests::{Answer, Person, Portal, apply, both_databases};
use serde_json::{Value, json};

use crate::desk::{holds, viewer};
use courant_persistence::Dialect;

async fn token(portal: &Portal, by: &str, name: &str, role: &str) -> (String, String) {
    let input = json!({ "name": name, "grants": [{ "role": role }] });
    let selection = "apiToken { id owner { id } } secret userErrors { code field }";
    let made = portal.mutate_as(by, "createApiToken", input, selection).await;
    let made = made.done();
    (made["apiToken"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

async fn update(by: &Person<'_>, whose: &Person<'_>, what: Value) -> Answer {
    let mut input = json!({ "id": whose.id.to_string() });
    input.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    by.mutate("updateUser", input, "user { name } userErrors { code field }").await
}

#[apply(both_databases)]
#[tokio::test]
async fn they_end_when_nothing_is_said_those_made_by_machines_too(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, maker) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Admin).await);
    let (id, first) = token(&portal, &maker.token, "First", "ADMIN").await;
    let (_, second) = token(&portal, &first, "Made by the first", "EDITOR").await;
    let (_, other) = token(&portal, &admin.token, "Another's", "EDITOR").await;
    update(&admin, &maker, json!({ "disabled": true })).await.done();
    assert!(!holds(&portal, &first).await && !holds(&portal, &second).await, "{dialect:?}");
    assert!(holds(&portal, &other).await);
    let log = format!(
        "{{ editorial {{ auditLog(filter: {{ acts: [REVOKE_API_TOKEN], subjectId: \"{id}\" }}) {{ \
             nodes {{ actor {{ id }} }} }} }} }}"
    );
    let log = admin.query(&log).await;
    let by = &log.data()["editorial"]["auditLog"]["nodes"][0]["actor"]["id"];
    assert_eq!(by, &json!(format!("user:{}", admin.id)), "{dialect:?}: {}", log.text);
    // What has ended stays so.
    update(&admin, &maker, json!({ "disabled": false })).await.done();
    assert!(!holds(&portal, &first).await && !holds(&portal, &second).await);
}

#[apply(both_databases)]
#[tokio::test]
async fn they_pass_to_another_who_may_as_much(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, maker) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Admin).await);
    let (heir, editor) = (portal.as_role(Role::Publisher).await, portal.as_role(Role::Editor).await);
    let (id, secret) = token(&portal, &maker.token, "Importer", "PUBLISHER").await;
    let pass = |to: String| json!({ "disabled": true, "apiTokens": { "passTo": to } });
    for (what, code) in [
        (pass(editor.id.to_string()), "INVALID"),
        (pass(maker.id.to_string()), "NOT_FOUND"),
        (pass(courant_domain::id::UserId::generate().to_string()), "NOT_FOUND"),
        (json!({ "apiTokens": { "end": true } }), "INVALID"),
        (json!({ "disabled": true, "apiTokens": { "end": false } }), "INVALID"),
    ] {
        let answer = update(&admin, &maker, what.clone()).await;
        assert_eq!(answer.user_errors(), [code], "{dialect:?}: {what}");
        assert!(holds(&portal, &secret).await, "nothing has changed");
    }
    update(&admin, &maker, pass(heir.id.to_string())).await.done();
    assert!(holds(&portal, &secret).await && !holds(&portal, &maker.token).await, "{dialect:?}");
    let list = admin.query("{ editorial { apiTokens { id createdBy { id } owner { id } } } }").await;
    let listed = &list.data()["editorial"]["apiTokens"][0];
    assert_eq!((&listed["id"], &listed["owner"]["id"]), (&json!(id), &json!(format!("user:{}", heir.id))));
    assert_eq!(listed["createdBy"]["id"], json!(format!("user:{}", maker.id)), "{dialect:?}");
    update(&admin, &heir, json!({ "disabled": true })).await.done();
    assert!(!holds(&portal, &secret).await);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_machine_has_no_more_than_who_answers_for_it_has_now(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, maker) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Admin).await);
    let (_, secret) = token(&portal, &maker.token, "Importer", "PUBLISHER").await;
    let may = async |permission: &str| {
        let answer = viewer(&portal, &secret).await;
        answer.data()["editorial"]["viewer"]["permissions"].as_array().unwrap().contains(&json!(permission))
    };
    assert!(may("PUBLISH_ENTRY").await);
    let politics = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let grants = json!({ "grants": [{ "role": "EDITOR", "categories": [politics], "locales": ["ru"] }] });
    update(&admin, &maker, grants).await.done();
    assert!(!may("PUBLISH_ENTRY").await && may("REVIEW_ENTRY").await, "{dialect:?}");
    let article = async |locale: &str| {
        let input = json!({ "categoryId": politics, "locale": locale, "content": { "title": "Kelp" } });
        portal.mutate_as(&secret, "createArticle", input, "entry { id } userErrors { code }").await
    };
    article("ru").await.done();
    assert_eq!(article("en").await.code(), "FORBIDDEN", "{dialect:?}");
    update(&admin, &maker, json!({ "grants": [{ "role": "ADMIN" }] })).await.done();
    assert!(may("PUBLISH_ENTRY").await && !may("MANAGE_USERS").await, "as much as it was given, and no more");
}
