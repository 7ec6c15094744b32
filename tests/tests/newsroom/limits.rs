//! What people are not told who may not read all: of work in other languages, and of names that nothing they may know of has.

use courant_domain::{
    access::{Grant, Role},
    locale::Locale,
};
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

const ERRORS: &str = "userErrors { code field message }";

fn in_language(role: Role, tag: &str) -> Grant {
    Grant { locales: vec![Locale::parse(tag).unwrap()], ..Grant::everywhere(role) }
}

#[apply(both_databases)]
#[tokio::test]
async fn who_works_in_one_language_is_not_told_of_work_in_others(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let turkmen = portal.as_user(vec![in_language(Role::Editor, "tk")]).await;
    let reference = portal.store.reference();
    let category = |path: &str| reference.categories.by_path(path).unwrap().id.to_string();
    let text = |text: &str| json!([{ "locale": "en", "text": text }]);
    let tag = async |slug: &str| {
        let input = json!({ "slug": slug, "name": text(slug) });
        admin.mutate("createTag", input, "tag { id } userErrors { code }").await.done()["tag"]["id"].clone()
    };
    let (open, secret) = (tag("open").await, tag("secret").await);
    let content = |slug: &str| json!({ "title": slug, "slug": slug, "body": { "source": "Words." } });
    let make = async |slug: &str, locales: &[&str], live: bool| {
        let mut id = Value::Null;
        for (at, locale) in locales.iter().enumerate() {
            let made = if at == 0 {
                let input = json!({ "categoryId": category("politics"), "locale": locale, "tags": [open], "content": content(slug) });
                admin.mutate("createArticle", input, "entry { id } userErrors { code }").await
            } else {
                let input = json!({ "entryId": id, "locale": locale, "content": content(slug) });
                admin.mutate("saveArticle", input, "entry { id } userErrors { code }").await
            };
            id = made.done()["entry"]["id"].clone();
            if live {
                admin.mutate("publishEntry", json!({ "entryId": id, "locale": locale }), ERRORS).await.done();
            }
        }
        id
    };
    // One that is live in English alone, and two that are written in both.
    let foreign = make("foreign", &["en"], true).await;
    let (first, second) = (make("first", &["tk", "en"], false).await, make("second", &["tk", "en"], false).await);

    let query = "query ($filter: EditorialEntryFilter) { editorial { entries(filter: $filter, first: 3) { totalCount nodes { \
        id touchedAt filedUnder { path } taggedWith { slug } history { totalCount nodes { act } } versions { locale } } } } }";
    let seen = async |filter: Value| {
        let body = json!({ "query": query, "variables": { "filter": filter } });
        turkmen.post(&body).await.data()["editorial"]["entries"].clone()
    };
    let by_id = async |id: &Value| {
        let query = format!(
            "{{ editorial {{ entry(id: {id}) {{ touchedAt filedUnder {{ path }} taggedWith {{ slug }} history {{ totalCount }} }} }} }}"
        );
        turkmen.query(&query).await.data()["editorial"]["entry"].clone()
    };
    let before = seen(json!({})).await;
    let ids: Vec<&Value> = before["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
    assert_eq!(ids, [&second, &first, &foreign], "{dialect:?}");
    let (of_first, of_foreign) = (by_id(&first).await, by_id(&foreign).await);
    assert_eq!(of_foreign["history"]["totalCount"], 0, "{dialect:?}: none of its languages is theirs to read");
    let since = before["nodes"][0]["touchedAt"].clone();

    // Work in English, and where the foreign one is to be filed.
    let save = |id: &Value| json!({ "entryId": id, "locale": "en", "basedOn": 1, "content": { "title": "Changed" } });
    admin.mutate("saveArticle", save(&first), ERRORS).await.done();
    admin.mutate("saveArticle", save(&foreign), ERRORS).await.done();
    let file = json!({ "entryId": foreign, "categoryId": category("economy"), "tags": [secret] });
    admin.mutate("fileEntry", file, ERRORS).await.done();
    assert_eq!(seen(json!({})).await, before, "{dialect:?}");
    assert_eq!((by_id(&first).await, by_id(&foreign).await), (of_first, of_foreign), "{dialect:?}");
    let none = json!({ "changedAt": { "from": since } });
    assert_eq!(seen(none).await["totalCount"], 1, "{dialect:?}: the last that was touched in Turkmen");
    for (filter, count) in [
        (json!({ "tags": ["secret"] }), 0),
        (json!({ "tags": ["open"] }), 3),
        (json!({ "tags": ["open"], "categories": ["economy"] }), 0),
        (json!({ "tags": ["open"], "categories": ["politics"] }), 3),
    ] {
        assert_eq!(seen(filter.clone()).await["totalCount"], count, "{dialect:?} {filter}");
    }
    // Who may read English is told of all of it, and what is done in Turkmen is told, too.
    let answer = admin.post(&json!({ "query": query })).await;
    let newest = &answer.data()["editorial"]["entries"]["nodes"][0];
    assert_eq!((&newest["id"], &newest["filedUnder"]["path"]), (&foreign, &json!("economy")), "{dialect:?}");
    let save = json!({ "entryId": first, "locale": "tk", "basedOn": 1, "content": { "title": "Changed" } });
    admin.mutate("saveArticle", save, ERRORS).await.done();
    assert_eq!(seen(json!({})).await["nodes"][0]["id"], first, "{dialect:?}");
    let both = portal.as_user(vec![in_language(Role::Editor, "tk"), Grant::everywhere(Role::Author)]).await;
    let answer = both.post(&json!({ "query": query })).await;
    assert_eq!(answer.data()["editorial"]["entries"]["nodes"][0]["id"], first, "{dialect:?}");
    // What the translation was made from is known; when it was saved is English's to tell.
    let source = json!({ "entryId": first, "locale": "tk", "basedOn": 2, "content": {}, "translatedFrom": { "locale": "en", "revision": 2 } });
    admin.mutate("saveArticle", source, ERRORS).await.done();
    let query = format!(
        "{{ editorial {{ entry(id: {first}) {{ version(locale: \"tk\") {{ translatedFrom {{ revision savedAt }} }} }} }} }}"
    );
    let told = |answer: &Value| answer["editorial"]["entry"]["version"]["translatedFrom"].clone();
    assert_eq!(told(turkmen.query(&query).await.data()), json!({ "revision": 2, "savedAt": null }), "{dialect:?}");
    assert_ne!(told(admin.query(&query).await.data())["savedAt"], Value::Null, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn readers_known_by_name_are_told_of_no_name_that_readers_are_not(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, author) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Author).await);
    let (reader, nobody) = (portal.as_role(Role::Reader).await, portal.as_user(Vec::new()).await);
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let make = async |noun: &str| {
        let thing = noun.to_lowercase();
        let input = json!({ "slug": "quiet-merger", "name": [{ "locale": "en", "text": "Quiet merger" }] });
        let made = admin.mutate(&format!("create{noun}"), input, &format!("{thing} {{ id }} {ERRORS}")).await;
        made.done()[&thing]["id"].clone()
    };
    let (tag, person) = (make("Tag").await, make("Person").await);
    let content = json!({ "title": "Merger", "slug": "merger", "body": { "source": "Words." }, "authors": [person] });
    let input = json!({ "categoryId": category, "locale": "en", "tags": [tag], "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let feed = json!({ "slug": "mergers", "title": [{ "locale": "en", "text": "Mergers" }], "tagIds": [tag] });
    let feed = admin.mutate("createFeed", feed, "feed { id } userErrors { code }").await.done()["feed"]["id"].clone();

    let query = format!(
        "{{ editorial {{ tags {{ slug }} persons {{ slug }} tag(id: {tag}) {{ slug }} person(id: {person}) {{ slug }} \
         feed(id: {feed}) {{ fromTags {{ slug }} }} }} nodes(ids: [{tag}, {person}]) {{ id }} }}"
    );
    let told = async |by: &courant_tests::Person<'_>| {
        let answer = by.query(&query).await;
        answer.data().to_string().matches("quiet-merger").count()
    };
    assert_eq!((told(&reader).await, told(&nobody).await), (0, 0), "{dialect:?}");
    assert_eq!(reader.query(&query).await.data()["nodes"], json!([null, null]), "{dialect:?}");
    // Who writes finds there what to file under, and where readers find nothing is no path.
    assert_eq!(told(&author).await, 5, "{dialect:?}");
    let lookup = "{ editorial { lookup(text: \"quiet merger\") { kind path } } }";
    let found = author.query(lookup).await;
    let expected = json!([{ "kind": "TAG", "path": null }, { "kind": "PERSON", "path": null }]);
    assert_eq!(found.data()["editorial"]["lookup"], expected, "{dialect:?}");

    let key = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    admin.mutate("publishEntry", key, ERRORS).await.done();
    assert_eq!((told(&reader).await, told(&nobody).await), (5, 5), "{dialect:?}");
    let found = author.query("{ editorial { lookup(text: \"quiet merger\", kinds: [TAG]) { path } } }").await;
    assert_eq!(found.data()["editorial"]["lookup"], json!([{ "path": "/en/tags/quiet-merger" }]), "{dialect:?}");
}
