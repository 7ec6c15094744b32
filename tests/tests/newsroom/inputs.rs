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
