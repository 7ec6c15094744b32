//! Answers that would become too large are given up while they are written.

use courant_domain::{access::Role, slug::Slug};
use courant_graphql::Limits;
use courant_persistence::Dialect;
use courant_server::Config;
use courant_tests::{Portal, apply, both_databases};
use serde_json::json;

#[apply(both_databases)]
#[tokio::test]
async fn an_answer_that_becomes_too_large_is_none_and_what_was_changed_is_changed(dialect: Dialect) {
    let samples = Portal::with_samples(dialect).await;
    let limits = Limits { answer_bytes: 2_000, ..Limits::default() };
    let config = Config { limits, ..Portal::config() };
    let portal = Portal::configured(samples.database, samples.store, config).await;
    for query in [
        // In one list, in lists that are written one by one, and in what waits for a load.
        "{ articles(first: 20) { nodes { title body { html } } } }",
        "{ a: articles(first: 9) { nodes { title } } b: articles(first: 9) { nodes { title id } } c: articles(first: 9) { nodes { title id } } }",
        "{ articles(first: 9) { nodes { id title related(first: 9) { id title } } } }",
        "{ categories { id title articles(first: 9) { nodes { id title } } } }",
    ] {
        let answer = portal.query(query).await;
        assert_eq!((answer.status, answer.code()), (400, "ANSWER_TOO_LARGE"), "{query}");
        assert!(answer.body.get("data").is_none(), "{}", answer.text);
    }
    portal.query("{ articles(first: 2) { nodes { title } } }").await.data();

    let admin = portal.as_role(Role::Admin).await;
    let name = "crane ".repeat(10);
    let input = json!({ "name": [{ "locale": "en", "text": name.trim() }], "slug": "cranes" });
    let fields = (0..45).map(|number| format!("n{number}: names {{ text }} ")).collect::<String>();
    let answer = admin.mutate("createTag", input, &format!("tag {{ slug {fields} }}")).await;
    assert_eq!((answer.status, answer.code()), (200, "ANSWER_TOO_LARGE"), "{}", answer.text);
    assert_eq!(answer.body["data"], json!(null));
    let slug = Slug::parse("cranes").unwrap();
    assert!(portal.store.reference().tag_by_slug(&slug).is_some(), "it was made");
}
