//! What ends: tags and persons that become one with others, what nothing uses, redirects that are made and removed by hand.

use courant_domain::access::{Grant, Role};
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

const ERRORS: &str = "userErrors { code field message }";

#[apply(both_databases)]
#[tokio::test]
async fn tags_and_persons_become_one_in_work_and_live(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let named = |text: &str| json!([{ "locale": "en", "text": text }]);
    let make = async |noun: &str, name: &str| {
        let thing = noun.to_lowercase();
        let selection = format!("{thing} {{ id }} {ERRORS}");
        let made =
            admin.mutate(&format!("create{noun}"), json!({ "slug": name, "name": named(name) }), &selection).await;
        made.done()[&thing]["id"].clone()
    };
    let (wool, yarn, none) = (make("Tag", "wool").await, make("Tag", "yarn").await, make("Tag", "none").await);
    let (ovid, naso) = (make("Person", "ovid").await, make("Person", "naso").await);
    let content = json!({ "title": "Sheep", "slug": "sheep", "body": { "source": "White." }, "authors": [ovid, naso] });
    let input = json!({ "categoryId": category, "locale": "en", "tags": [wool, yarn], "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].clone();
    let key = json!({ "entryId": entry, "locale": "en" });
    admin.mutate("publishEntry", key, ERRORS).await.done();
    let feed = json!({ "slug": "wools", "title": named("Wools"), "tagIds": [wool] });
    let feed = admin.mutate("createFeed", feed, "feed { id } userErrors { code }").await.done()["feed"]["id"].clone();
    let delete = async |noun: &str, id: &Value| {
        admin.mutate(&format!("delete{noun}"), json!({ "id": id }), &format!("deletedId {ERRORS}")).await
    };
    for (noun, id) in [("Tag", &wool), ("Person", &ovid)] {
        assert_eq!(delete(noun, id).await.user_errors(), ["IN_USE"], "{dialect:?}");
    }
    let head = portal.store.reference().seq;
    let merge = json!({ "sourceIds": [wool], "targetId": yarn });
    let editor = portal.as_user(vec![Grant::everywhere(Role::Author)]).await;
    assert_eq!(editor.mutate("mergeTags", merge.clone(), ERRORS).await.code(), "FORBIDDEN");
    admin.mutate("mergeTags", merge.clone(), ERRORS).await.done();
    assert_eq!(admin.mutate("mergeTags", merge, ERRORS).await.user_errors(), ["NOT_FOUND"], "{dialect:?}");
    admin.mutate("mergePersons", json!({ "sourceIds": [ovid], "targetId": naso }), ERRORS).await.done();
    let itself = json!({ "sourceIds": [naso], "targetId": naso });
    assert_eq!(admin.mutate("mergePersons", itself, ERRORS).await.user_errors(), ["INVALID"]);
    let live = portal
        .query("{ article(by: { slug: \"sheep\" }) { tags { slug } authors { slug } } articles(filter: { tags: [\"yarn\"], authors: [\"naso\"] }) { nodes { slug } } feed(slug: \"wools\") { items { nodes { slug } } } route(path: \"/en/tags/wool\") { __typename ... on Redirect { target } } }")
        .await;
    let expected = json!({
        "article": { "tags": [{ "slug": "yarn" }], "authors": [{ "slug": "naso" }] },
        "articles": { "nodes": [{ "slug": "sheep" }] },
        "feed": { "items": { "nodes": [{ "slug": "sheep" }] } },
        "route": { "__typename": "Redirect", "target": "/en/tags/yarn" },
    });
    assert_eq!(*live.data(), expected, "{dialect:?}");
    assert!(portal.store.reference().seq > head, "readers' caches hear of it");
    // It is published again as it is, and saved without a change.
    let key = json!({ "entryId": entry, "locale": "en" });
    admin.mutate("publishEntry", key, ERRORS).await.done();
    assert_eq!(delete("Tag", &none).await.done()["deletedId"], none, "{dialect:?}");
    assert_eq!(delete("Tag", &none).await.user_errors(), ["NOT_FOUND"]);
    assert_eq!(delete("Feed", &feed).await.done()["deletedId"], feed);
    let gone = portal.query("{ feed(slug: \"wools\") { slug } route(path: \"/en/feeds/wools\") { __typename } }").await;
    assert_eq!(*gone.data(), json!({ "feed": null, "route": { "__typename": "Gone" } }), "{dialect:?}");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn categories_and_users_that_nothing_uses_are_deleted(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, publisher) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Publisher).await);
    let title = json!([{ "locale": "en", "text": "Wool" }]);
    let made = admin.mutate("createCategory", json!({ "title": title }), "category { id } userErrors { code }").await;
    let wool = made.done()["category"]["id"].clone();
    let below = json!({ "title": title, "parentId": wool });
    let below = admin.mutate("createCategory", below, "category { id } userErrors { code }").await;
    let below = below.done()["category"]["id"].clone();
    let delete = async |noun: &str, id: &Value| {
        admin.mutate(&format!("delete{noun}"), json!({ "id": id }), &format!("deletedId {ERRORS}")).await
    };
    assert_eq!(delete("Category", &wool).await.user_errors(), ["IN_USE"], "one is below it");
    let reference = portal.store.reference();
    for category in [&below, &wool] {
        assert_eq!(delete("Category", category).await.done()["deletedId"], *category, "{dialect:?}");
    }
    let filed = json!(reference.categories.by_path("politics/parliament").unwrap().id.to_string());
    assert_eq!(delete("Category", &filed).await.user_errors(), ["IN_USE"], "{dialect:?}");

    let idle = portal.as_role(Role::Author).await;
    let busy = portal.as_role(Role::Editor).await;
    let tag = json!({ "name": [{ "locale": "en", "text": "Made" }] });
    busy.mutate("createTag", tag, ERRORS).await.done();
    let (idle, busy) = (json!(idle.id.to_string()), json!(busy.id.to_string()));
    assert_eq!(delete("User", &busy).await.user_errors(), ["IN_USE"], "{dialect:?}");
    let ask = json!({ "id": idle });
    assert_eq!(publisher.mutate("deleteUser", ask, "deletedId userErrors { code }").await.code(), "FORBIDDEN");
    assert_eq!(delete("User", &idle).await.done()["deletedId"], idle, "{dialect:?}");
    assert_eq!(delete("User", &json!(admin.id.to_string())).await.user_errors(), ["INVALID"], "not oneself");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn redirects_are_listed_made_and_removed(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (publisher, editor) = (portal.as_role(Role::Publisher).await, portal.as_role(Role::Editor).await);
    let put = async |path: &str, target: Value| {
        publisher.mutate("putRedirect", json!({ "path": path, "target": target }), &format!("path {ERRORS}")).await
    };
    let at = async |path: &str| {
        let query = format!("{{ route(path: {path:?}) {{ __typename ... on Redirect {{ target }} }} }}");
        portal.query(&query).await.data()["route"].clone()
    };
    let head = portal.store.reference().seq;
    assert_eq!(put("/old/wool/", json!("/en/categories/politics")).await.done()["path"], "/old/wool", "{dialect:?}");
    put("/old/yarn", Value::Null).await.done();
    put("/old/site", json!("https://example.org/wool")).await.done();
    assert_eq!(at("/old/wool").await, json!({ "__typename": "Redirect", "target": "/en/categories/politics" }));
    assert_eq!(at("/old/yarn").await["__typename"], "Gone");
    assert_eq!(portal.store.reference().seq, head + 3, "{dialect:?}: each is in the change log");
    put("/old/wool", json!("/en/categories/politics")).await.done();
    assert_eq!(portal.store.reference().seq, head + 3, "it leads there already");
    for (path, target, code, field) in [
        ("/old/loop", json!("/old/loop"), "INVALID", "target"),
        ("/old/chain", json!("/old/wool"), "INVALID", "target"),
        ("/old/none", json!("/en/articles/no-such-thing"), "INVALID", "target"),
        ("/old/script", json!("javascript:alert(1)"), "INVALID", "target"),
        ("/en/categories/politics", json!("/en"), "STILL_LIVE", "path"),
        ("/en", json!("/ru"), "STILL_LIVE", "path"),
        ("no path", json!("/en"), "INVALID", "path"),
    ] {
        let answer = put(path, target).await;
        let error = &answer.data()["putRedirect"]["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &json!([field])), "{dialect:?} {path}: {error}");
    }
    let list = async |arguments: &str| {
        let query = format!("{{ editorial {{ redirects({arguments}) {{ path target }} }} }}");
        publisher.query(&query).await.data()["editorial"]["redirects"].clone()
    };
    let paths = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|rule| rule["path"].as_str().unwrap().to_owned()).collect()
    };
    let all = list("text: \"/old/\"").await;
    assert_eq!(paths(&all), ["/old/site", "/old/wool", "/old/yarn"], "{dialect:?}");
    assert_eq!(paths(&list("text: \"/old/\", first: 1, after: \"/old/site\"").await), ["/old/wool"]);
    let remove =
        async |path: &str| publisher.mutate("removeRedirect", json!({ "path": path }), &format!("path {ERRORS}")).await;
    remove("/old/wool").await.done();
    assert_eq!(at("/old/wool").await, Value::Null, "{dialect:?}");
    assert_eq!(remove("/old/wool").await.user_errors(), ["NOT_FOUND"]);
    assert_eq!(editor.query("{ editorial { redirects { path } } }").await.code(), "FORBIDDEN");
    let ask = json!({ "path": "/old/x", "target": "/en" });
    assert_eq!(editor.mutate("putRedirect", ask, ERRORS).await.code(), "FORBIDDEN");
    assert_eq!(editor.mutate("removeRedirect", json!({ "path": "/old/yarn" }), ERRORS).await.code(), "FORBIDDEN");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_the_site_is_called_is_changed(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, publisher) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Publisher).await);
    let selection = format!("site {{ name(locale: \"en\") description(locale: \"en\") }} {ERRORS}");
    let words = |text: &str| json!([{ "locale": "en", "text": text }]);
    let update = async |input: Value| admin.mutate("updateSite", input, &selection).await;
    let changed = update(json!({ "name": words("The Fleece") })).await;
    let before = changed.done()["site"]["description"].clone();
    assert_eq!(changed.done()["site"]["name"], "The Fleece", "{dialect:?}");
    let changed = update(json!({ "description": words("All of wool.") })).await;
    assert_eq!(changed.done()["site"], json!({ "name": "The Fleece", "description": "All of wool." }), "{before}");
    let head = portal.store.reference().seq;
    update(json!({ "name": words("The Fleece") })).await.done();
    assert_eq!(portal.store.reference().seq, head, "{dialect:?}: nothing is different");
    let changed = update(json!({ "description": null })).await;
    assert_eq!(changed.done()["site"]["description"], Value::Null, "{dialect:?}");
    assert_eq!(update(json!({ "name": null })).await.user_errors(), ["REQUIRED"]);
    assert_eq!(publisher.mutate("updateSite", json!({}), &selection).await.code(), "FORBIDDEN");
}
