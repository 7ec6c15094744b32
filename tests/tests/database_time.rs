//! How long the database works for a request, who waits for whom, and how much goes into one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use courant_domain::access::Role;
use courant_graphql::Limits;
use courant_persistence::Dialect;
use courant_server::{AnswerCache, Config};
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use futures_util::{StreamExt, stream::FuturesUnordered};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::json;

async fn portal(dialect: Dialect, limits: Limits) -> Portal {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    // What is kept needs no time of the database.
    let answers = AnswerCache::off();
    Portal::configured(database, store, Config { limits, answers, ..Portal::config() }).await
}

fn code(error: &serde_json::Value) -> &str {
    error["extensions"]["code"].as_str().unwrap()
}

#[apply(both_databases)]
#[tokio::test]
async fn what_has_no_time_left_is_too_costly_for_readers_and_for_the_newsroom(dialect: Dialect) {
    let limits = Portal::config().limits;
    let none = portal(dialect, Limits { database: Duration::ZERO, ..limits.clone() }).await;
    let articles = "{ articles(locale: \"en\") { nodes { title } } site { name } }";
    assert_eq!(code(&none.query(articles).await.body["errors"][0]), "TOO_COSTLY", "{dialect:?}");
    assert_eq!(none.query("{ categories { title } }").await.body["errors"], serde_json::Value::Null);
    // Those who have signed in have a limit of their own.
    let editor = none.as_role(Role::Editor).await;
    editor.query(articles).await.data();

    let none = portal(dialect, Limits { database_signed_in: Duration::ZERO, ..limits }).await;
    let editor = none.as_role(Role::Admin).await;
    for list in [
        "entries { nodes { id } }",
        "entries(filter: { text: \"a\" }) { totalCount }",
        "auditLog { nodes { act } }",
        "auditLog { totalCount }",
    ] {
        let answer = editor.query(&format!("{{ editorial {{ {list} }} }}")).await;
        assert_eq!(code(&answer.body["errors"][0]), "TOO_COSTLY", "{dialect:?} {list}: {}", answer.text);
    }
    // Who they are is found out all the same.
    editor.query("{ editorial { viewer { name } } }").await.data();
}

#[tokio::test]
async fn statements_that_hang_keep_neither_quick_ones_nor_sign_ins_waiting() {
    let portal = portal(Dialect::Postgres, Portal::config().limits).await;
    let editor = portal.as_role(Role::Editor).await;
    let list = "{ articles(locale: \"en\", first: 3) { nodes { title } } }";
    let expected = portal.query(list).await.data().clone();
    let by_slug =
        "{ article(by: { slug: \"future-dialogue-with-migration-organisation\" }, locale: \"en\") { title } }";

    // Somebody holds a table that all lists read.
    let mut alone = ConnectOptions::new(portal.database.options.url.clone());
    alone.max_connections(1);
    let other = Database::connect(alone).await.unwrap();
    other.execute_unprepared("BEGIN").await.unwrap();
    other.execute_unprepared("LOCK TABLE timeline_entry IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let mut lists: FuturesUnordered<_> = (0..ASKED).map(|_| ask(&portal, list, None)).collect();
    // Four of them run on, slowly; the others are told so.
    for _ in 0..ASKED - 4 {
        let answer = lists.next().await.unwrap();
        assert_eq!(code(&answer["errors"][0]), "BUSY", "{answer}");
    }
    assert!(ask(&portal, by_slug, None).await["data"]["article"]["title"].is_string());
    let viewer = ask(&portal, "{ editorial { viewer { name } } }", Some(&editor.token)).await;
    assert!(viewer["data"]["editorial"]["viewer"]["name"].is_string(), "{viewer}");
    portal.store.ping().await.unwrap();
    other.execute_unprepared("ROLLBACK").await.unwrap();
    while let Some(answer) = lists.next().await {
        assert_eq!(answer["data"], expected);
    }
    assert_eq!(ask(&portal, list, None).await["data"], expected);
}

/// So many lists are asked for at once.
const ASKED: usize = 24;

/// Asks beside others: what a portal is asked by its own methods waits its turn, for the log of the statements.
async fn ask(portal: &Portal, query: &str, token: Option<&str>) -> serde_json::Value {
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", portal.url))
        .header("accept", "application/graphql-response+json")
        .header("content-type", "application/json")
        .body(json!({ "query": query }).to_string());
    let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

#[apply(both_databases)]
#[tokio::test]
async fn one_title_many_times_has_a_slug_each(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Publisher).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let mut slugs = Vec::new();
    for number in 1..=12 {
        let content = json!({ "title": "Budget passed at last", "body": { "source": "It passed." } });
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        let selection =
            "entry { id } version { newest { content { ... on ArticleDraft { slug } } } } userErrors { code field }";
        let made = editor.mutate("createArticle", input, selection).await;
        let made = made.done();
        slugs.push(made["version"]["newest"]["content"]["slug"].as_str().unwrap().to_owned());
        let input = json!({ "entryId": made["entry"]["id"], "locale": "en" });
        if number != 5 {
            editor.mutate("publishEntry", input, "userErrors { code message }").await.done();
        }
    }
    let numbered = |number: usize| format!("budget-passed-at-last-{number}");
    // The fifth was never published, so that its address is the sixth's, too.
    let mut expected = vec!["budget-passed-at-last".to_owned()];
    expected.extend([2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11].map(numbered));
    assert_eq!(slugs, expected, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn texts_are_bounded_and_hold_no_nul(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let create = async |content: serde_json::Value, comment: Option<String>| {
        let input = json!({ "categoryId": category, "locale": "en", "content": content, "comment": comment });
        editor.mutate("createArticle", input, "userErrors { code field message }").await
    };
    for (content, field) in [
        (json!({ "title": "x".repeat(301) }), vec!["content", "title"]),
        (json!({ "summary": "x".repeat(2_001) }), vec!["content", "summary"]),
        (json!({ "kicker": "x".repeat(301) }), vec!["content", "kicker"]),
        (
            json!({ "leadImage": { "url": "https://a.org/b", "caption": "x".repeat(1_001) } }),
            vec!["content", "leadImage", "caption"],
        ),
        (json!({ "source": { "name": "x".repeat(301) } }), vec!["content", "source", "name"]),
    ] {
        let answer = create(content, None).await;
        let error = &answer.body["data"]["createArticle"]["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("TOO_LONG"), &json!(field)), "{dialect:?}");
    }
    let answer = create(json!({ "title": "A" }), Some("x".repeat(2_001))).await;
    assert_eq!(answer.user_errors(), ["TOO_LONG"], "{dialect:?}");
    create(json!({ "title": "ы".repeat(300), "summary": "ы".repeat(2_000) }), None).await.done();
    let answer = create(json!({ "title": "A\0" }), None).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT", "{dialect:?}");
}
