//! What is wrong with an input is said of the very place in it.

use courant_domain::access::Role;
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

/// Of each error of an answer, its code and its path.
fn errors(answer: &courant_tests::Answer, mutation: &str) -> Vec<(String, String)> {
    let errors = answer.data()[mutation]["userErrors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    let path = |error: &Value| {
        error["field"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    errors.iter().map(|error| (error["code"].as_str().unwrap().to_owned(), path(error))).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn an_id_in_a_list_that_is_none_is_named_by_its_place(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let reference = portal.store.reference();
    let category = reference.categories.by_path("politics").unwrap().id.to_string();
    let tag = reference.tags()[0].id.to_string();
    let nobody = "00000000-0000-7000-8000-000000000001";
    let article =
        |with: Value, tags: Value| json!({ "categoryId": category, "locale": "en", "tags": tags, "content": with });
    let decree = |targets: [&str; 2]| {
        let relations = targets.map(|target| json!({ "kind": "AMENDS", "targetId": target }));
        article(json!({ "title": "An act", "relations": relations }), json!([]))
    };
    let list = |field: &str| article(json!({ "title": "Wool", field: [nobody, "bad"] }), json!([]));
    let feed = json!({ "slug": "two", "title": [{ "locale": "en", "text": "Two" }] });
    let feed_of = |field: &str, ids: Value| {
        let mut feed = feed.clone();
        feed[field] = ids;
        feed
    };
    for (mutation, input, place) in [
        ("createArticle", list("authors"), "content.authors.1"),
        ("createArticle", list("covers"), "content.covers.1"),
        ("createArticle", list("related"), "content.related.1"),
        ("createArticle", article(json!({ "title": "Wool" }), json!([tag, "bad"])), "tags.1"),
        ("createArticle", article(json!({ "title": "Wool" }), json!([tag, nobody])), "tags.1"),
        ("createDecree", decree([nobody, "bad"]), "content.relations.1.targetId"),
        ("createFeed", feed_of("categoryIds", json!([category, "bad"])), "categoryIds.1"),
        ("createFeed", feed_of("categoryIds", json!([category, nobody])), "categoryIds.1"),
        ("createFeed", feed_of("tagIds", json!([tag, nobody])), "tagIds.1"),
        ("mergeTags", json!({ "sourceIds": ["bad", nobody], "targetId": tag }), "sourceIds.0"),
        ("mergeTags", json!({ "sourceIds": [reference.tags()[1].id, nobody], "targetId": tag }), "sourceIds.1"),
    ] {
        let answer = admin.mutate(mutation, input.clone(), "userErrors { code field }").await;
        let expected = [("NOT_FOUND".to_owned(), place.to_owned())];
        assert_eq!(errors(&answer, mutation), expected, "{dialect:?} {mutation} {input}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_time_that_cannot_be_kept_is_refused_and_not_another_in_silence(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = json!({ "title": "Wool", "body": { "source": "It is white." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].clone();
    let version = "version { state scheduledAt dueAt } userErrors { code field }";
    for last in ["9999-12-31T23:59:59Z", "9999-12-30T22:00:01Z", "9999-12-31T23:59:59.999999999-12:00"] {
        let of = |field: &str| {
            let mut input = json!({ "entryId": entry, "locale": "en" });
            input[field] = json!(last);
            input
        };
        for (mutation, input, field) in
            [("scheduleEntry", of("at"), "at"), ("publishEntry", of("publishedAt"), "publishedAt")]
        {
            let answer = admin.mutate(mutation, input, version).await;
            let expected = [("INVALID".to_owned(), field.to_owned())];
            assert_eq!(errors(&answer, mutation), expected, "{dialect:?} {mutation} {last}");
        }
        let query = format!(
            "{{ editorial {{ entry(id: {entry}) {{ versions {{ state scheduledAt dueAt }} }} \
             entries(filter: {{ changedAt: {{ before: \"{last}\" }} }}) {{ totalCount }} }} }}"
        );
        let seen = admin.query(&query).await;
        let seen = &seen.data()["editorial"];
        let draft = json!([{ "state": "DRAFT", "scheduledAt": null, "dueAt": null }]);
        assert_eq!(seen["entry"]["versions"], draft, "{dialect:?} {last}");
        // As a bound, it is after all there is.
        assert!(seen["entries"]["totalCount"].as_u64().unwrap() > 0, "{dialect:?} {last}");
    }
}

#[tokio::test]
async fn what_is_wrong_in_a_list_is_named_by_its_place() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let admin = portal.as_role(Role::Admin).await;
    let reference = portal.store.reference();
    let [politics, economy] =
        ["politics", "economy"].map(|path| reference.categories.by_path(path).unwrap().id.to_string());
    let tag = reference.tags()[0].id.to_string();
    let nobody = "00000000-0000-0000-0000-000000000001";
    let made = async |mutation: &str, input: Value, selection: &str| {
        admin.mutate(mutation, input, &format!("{selection} userErrors {{ code field message }}")).await.done().clone()
    };
    let named = |text: &str| json!([{ "locale": "en", "text": text }]);
    for parent in [&politics, &economy] {
        made("createCategory", json!({ "title": named("Twins"), "slug": "twins", "parentId": parent }), "").await;
    }
    let content = json!({ "title": "A", "body": { "source": "Words." } });
    let input = json!({ "categoryId": politics, "locale": "en", "content": content });
    let entry = made("createArticle", input, "entry { id }").await["entry"]["id"].clone();
    let hook = json!({ "url": "https://hooks.example.org/a", "name": "Mirror" });
    let filtered = |filter: Value| {
        let mut input = hook.clone();
        input["filter"] = filter;
        input
    };
    let user =
        |grant: Value| json!({ "email": "new@example.org", "name": "New", "grants": [{ "role": "READER" }, grant] });
    for (mutation, input, code, field) in [
        (
            "mergeCategories",
            json!({ "sourceIds": [economy, nobody], "targetId": politics }),
            "NOT_FOUND",
            "sourceIds.1",
        ),
        (
            "mergeCategories",
            json!({ "sourceIds": [nobody, economy], "targetId": politics }),
            "NOT_FOUND",
            "sourceIds.0",
        ),
        ("mergeCategories", json!({ "sourceIds": [economy], "targetId": politics }), "TAKEN", "sourceIds.0"),
        ("mergeCategories", json!({ "sourceIds": [], "targetId": politics }), "REQUIRED", "sourceIds"),
        ("duplicateEntry", json!({ "entryId": entry, "locales": ["en", "tk"] }), "NOT_FOUND", "locales.1"),
        ("duplicateEntry", json!({ "entryId": entry, "locales": ["en", "en"] }), "INVALID", "locales.1"),
        ("createWebhook", filtered(json!({ "categories": [politics, nobody] })), "NOT_FOUND", "filter.categories.1"),
        ("createWebhook", filtered(json!({ "tags": [tag, nobody] })), "NOT_FOUND", "filter.tags.1"),
        ("createWebhook", filtered(json!({ "locales": ["en", "xx"] })), "INVALID", "filter.locales.1"),
        (
            "createUser",
            user(json!({ "role": "EDITOR", "categories": [politics, nobody] })),
            "NOT_FOUND",
            "grants.1.categories.1",
        ),
        (
            "createUser",
            user(json!({ "role": "EDITOR", "categories": [nobody, politics] })),
            "NOT_FOUND",
            "grants.1.categories.0",
        ),
        ("createUser", user(json!({ "role": "EDITOR", "locales": ["en", "xx"] })), "NOT_FOUND", "grants.1.locales.1"),
    ] {
        let answer = admin.mutate(mutation, input.clone(), "userErrors { code field }").await;
        let error = &answer.data()[mutation]["userErrors"][0];
        let path: Vec<&str> = error["field"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!((error["code"].as_str(), path.join(".").as_str()), (Some(code), field), "{mutation} {input}");
    }
    // Limits are kept in one order, however they are given, and once.
    let grant =
        |categories: [&String; 3]| json!({ "role": "EDITOR", "categories": categories, "locales": ["ru", "en", "ru"] });
    let seen = "user { id grants { categories { path } locales } }";
    let one = made("createUser", user(grant([&politics, &economy, &politics])), seen).await;
    let update =
        json!({ "id": one["user"]["id"], "grants": [{ "role": "READER" }, grant([&economy, &politics, &economy])] });
    let again = made("updateUser", update, seen).await;
    assert_eq!(one["user"], again["user"]);
    assert_eq!(one["user"]["grants"][1]["locales"], json!(["en", "ru"]));
    assert_eq!(one["user"]["grants"][1]["categories"].as_array().unwrap().len(), 2);
}
