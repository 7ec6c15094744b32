//! What has an id in the newsroom's lists is found again by it: by those who may read it, and by nobody else.

use courant_domain::access::Role;
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

#[apply(both_databases)]
#[tokio::test]
async fn what_the_newsroom_lists_is_found_by_its_id(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, author) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Author).await);
    let (stranger, reader) = (portal.as_role(Role::Author).await, portal.as_role(Role::Reader).await);
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "Wool" } });
    let made = author.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].clone();
    let token = json!({ "name": "A machine", "grants": [{ "role": "AUTHOR" }] });
    let made = admin.mutate("createApiToken", token, "apiToken { id } userErrors { code }").await;
    let token = made.done()["apiToken"]["id"].clone();
    let log = admin
        .query(&format!("{{ editorial {{ auditLog(filter: {{ subjectId: {entry} }}) {{ nodes {{ id }} }} }} }}"))
        .await;
    let record = log.data()["editorial"]["auditLog"]["nodes"][0]["id"].clone();
    let log = admin.query("{ editorial { auditLog(filter: { acts: [CREATE_API_TOKEN] }) { nodes { id } } } }").await;
    let other = log.data()["editorial"]["auditLog"]["nodes"][0]["id"].clone();
    let user = json!(author.id.to_string());
    let ids = [&entry, &record, &other, &user, &token];
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id \
        ... on EditorialEntry { touchedAt versions { newestTitle } versions { state } } \
        ... on AuditRecord { act address } ... on User { email } ... on ApiToken { grants { role } } } }";
    let body = json!({ "query": query, "variables": { "ids": ids } });
    let kinds = |answer: &Value| -> Vec<Value> {
        answer["nodes"].as_array().unwrap().iter().map(|node| node["__typename"].clone()).collect()
    };
    let found = admin.post(&body).await;
    let expected = ["EditorialEntry", "AuditRecord", "AuditRecord", "User", "ApiToken"];
    assert_eq!(kinds(found.data()), expected.map(Value::from), "{dialect:?}");
    let nodes = &found.data()["nodes"];
    for (node, id) in nodes.as_array().unwrap().iter().zip(ids) {
        assert_eq!(node["id"], *id, "{dialect:?}");
    }
    assert_eq!(nodes[0]["versions"], json!([{ "newestTitle": "Wool", "state": "DRAFT" }]), "{dialect:?}");
    assert_eq!((&nodes[3]["email"], &nodes[4]["grants"]), (&json!(author.email), &json!([{ "role": "AUTHOR" }])));
    let own = author.post(&body).await;
    let (seen, hidden) = (Value::from, Value::Null);
    let expected = [seen("EditorialEntry"), seen("AuditRecord"), hidden.clone(), hidden.clone(), hidden.clone()];
    assert_eq!(kinds(own.data()), expected, "{dialect:?}");
    for answer in [stranger.post(&body).await, reader.post(&body).await, portal.post(&body).await] {
        assert_eq!(answer.data()["nodes"], json!([null, null, null, null, null]), "{dialect:?}");
    }
    let nothing = ["00000000-0000-0000-0000-000000000001", "0", "99999999", "-1", "user:1"];
    let body = json!({ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": { "ids": nothing } });
    assert_eq!(admin.post(&body).await.data()["nodes"], json!([null, null, null, null, null]), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn whatever_has_an_id_is_found_by_it(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, author) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Author).await);
    let (stranger, reader) = (portal.as_role(Role::Author).await, portal.as_role(Role::Reader).await);
    let reference = portal.store.reference();
    let category = reference.categories.by_path("politics").unwrap().id.to_string();
    let named = |slug: &str| json!({ "slug": slug, "name": [{ "locale": "en", "text": slug }] });
    let made = admin.mutate("createTag", named("quiet"), "tag { id } userErrors { code }").await;
    let quiet = made.done()["tag"]["id"].clone();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "Wool" } });
    let made = author.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let key = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    let link = author.mutate("createPreview", key.clone(), "previewId userErrors { code }").await;
    let comment = json!({ "entryId": key["entryId"], "locale": "en", "revision": 1, "text": "More wool." });
    let selection = "version { id comments { id } } userErrors { code }";
    let version = author.mutate("addComment", comment, selection).await;
    let version = version.done()["version"].clone();
    let (tag, person) = (reference.live_tags().rows()[0].id, reference.live_persons().rows()[0].id);
    let ids = json!([
        category,
        reference.feeds()[0].id.to_string(),
        tag.to_string(),
        person.to_string(),
        quiet,
        version["comments"][0]["id"],
        link.done()["previewId"],
        version["id"],
    ]);
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on EditorialCategory { path } ... on EditorialTag { slug } ... on Comment { text } ... on PreviewLink { revision } ... on EditorialVersion { newestTitle locale entry { id } } } }";
    let body = json!({ "query": query, "variables": { "ids": ids } });
    let kinds = |answer: &Value| -> Vec<Value> {
        answer["nodes"].as_array().unwrap().iter().map(|node| node["__typename"].clone()).collect()
    };
    let all = ["EditorialCategory", "EditorialFeed", "EditorialTag", "EditorialPerson", "EditorialTag"];
    let all = all.map(Value::from);
    let own = ["Comment", "PreviewLink", "EditorialVersion"].map(Value::from);
    let hidden = [Value::Null, Value::Null, Value::Null];
    for (who, expected) in [(&admin, &own), (&author, &own), (&stranger, &hidden)] {
        let found = who.post(&body).await;
        assert_eq!(kinds(found.data()), [&all[..], &expected[..]].concat(), "{dialect:?}");
        for (node, id) in found.data()["nodes"].as_array().unwrap().iter().zip(ids.as_array().unwrap()) {
            assert!(node.is_null() || node["id"] == *id, "{dialect:?} {node}");
        }
    }
    let told = reader.post(&body).await;
    let expected = [&all[..4], &[Value::Null], &hidden[..]].concat();
    assert_eq!(kinds(told.data()), expected, "{dialect:?}: of a name that nothing live has they are not told");
    assert_eq!(portal.post(&body).await.data()["nodes"], json!(vec![Value::Null; 8]), "{dialect:?}");
    let found = admin.post(&body).await.data()["nodes"].clone();
    assert_eq!((&found[5]["text"], &found[6]["revision"]), (&json!("More wool."), &json!(1)), "{dialect:?}");
    let named = json!({ "id": key["entryId"] });
    assert_eq!((&found[7]["newestTitle"], &found[7]["locale"]), (&json!("Wool"), &json!("en")), "{dialect:?}");
    assert_eq!(found[7]["entry"], named, "{dialect:?}");
    // Mutations take the ids that these types show, and those that readers' types show.
    let global = portal.query("{ category(by: { path: \"politics\" }) { id } }").await;
    for id in [&json!(category), &global.data()["category"]["id"]] {
        let update = json!({ "id": id, "description": [{ "locale": "en", "text": "Of the house." }] });
        let selection = "category { id } userErrors { code }";
        assert_eq!(admin.mutate("updateCategory", update, selection).await.done()["category"]["id"], json!(category));
    }
    let entry = key["entryId"].as_str().unwrap();
    let wrong = [
        "x:en".to_owned(),
        ":".to_owned(),
        format!("{entry}:ru"),
        format!("{entry}:fr"),
        format!("{entry}:"),
        format!("{entry}:en:en"),
        "00000000-0000-0000-0000-000000000001:en".to_owned(),
        "00000000-0000-0000-0000-000000000001".to_owned(),
    ];
    let body = json!({ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": { "ids": wrong } });
    assert_eq!(admin.post(&body).await.data()["nodes"], json!(vec![Value::Null; 8]), "{dialect:?}");
}
