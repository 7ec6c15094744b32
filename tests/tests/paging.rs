//! Walking lists page by page, both ways, gives each entry once and in order.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::{Value, json};

/// All titles of a connection, `size` at a time.
async fn walk(portal: &Portal, field: &str, size: u32, backwards: bool) -> Vec<String> {
    let (count, cursor, more, next) = if backwards {
        ("last", "before", "hasPreviousPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "endCursor")
    };
    let query = format!(
        "query ($at: String) {{ list: {field}, {count}: {size}, {cursor}: $at) {{ edges {{ cursor node {{ title }} }} pageInfo {{ {more} {next} }} }} }}"
    );
    let mut titles = Vec::new();
    let mut at = Value::Null;
    for _ in 0..500 {
        let answer = portal.post(&json!({ "query": query, "variables": { "at": at } })).await;
        let list = &answer.data()["list"];
        let mut page: Vec<String> =
            list["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["title"].to_string()).collect();
        if backwards {
            page.reverse();
        }
        titles.extend(page);
        if list["pageInfo"][more] == json!(false) {
            if backwards {
                titles.reverse();
            }
            return titles;
        }
        at = list["pageInfo"][next].clone();
    }
    panic!("{field} has no end");
}

#[apply(both_databases)]
#[tokio::test]
async fn pages_of_any_size_and_direction_add_up_to_the_list(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    for field in [
        "articles(locale: \"en\"",
        "articles(locale: \"tk\", filter: { categories: [\"economy\", \"politics\"] }",
        "articles(locale: \"en\", orderBy: PUBLISHED_AT_ASC, filter: { tags: [\"budget\", \"exports\", \"schools\"] }",
        "articles(locale: \"ru\", orderBy: VIEW_COUNT_DESC",
        "articles(locale: \"tk\", orderBy: VIEW_COUNT_DESC, filter: { categories: [\"economy\"] }",
        "articles(locale: \"en\", orderBy: VIEW_COUNT_DESC, filter: { publishedAt: { from: \"2021-01-01T00:00:00Z\" }, exactLocale: true }",
        "decrees(locale: \"en\", orderBy: SIGNED_ON_DESC",
        "decrees(locale: \"tk\", orderBy: SIGNED_ON_ASC, filter: { documentTypes: [DECREE, LAW] }",
        "decrees(locale: \"tk\", orderBy: SIGNED_ON_ASC, filter: { documentTypes: [DECREE] }",
        "decrees(locale: \"ru\", orderBy: SIGNED_ON_DESC, filter: { publishedAt: { before: \"2026-01-01T00:00:00Z\" } }",
    ] {
        let whole = walk(&portal, field, 100, false).await;
        assert!(whole.len() > 5, "{field}");
        for size in [1, 3, 7] {
            for backwards in [false, true] {
                let walked = walk(&portal, field, size, backwards).await;
                assert_eq!(walked, whole, "{dialect:?} {field} by {size}, backwards: {backwards}");
            }
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_feed_with_pins_is_walked_without_repeating_them(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let reference = portal.store.reference();
    let pinned = reference.feeds().iter().find(|feed| feed.slug.as_str() == "editors-choice").unwrap().pinned.clone();
    let economy = reference.categories.by_path("economy").unwrap().id;
    for (slug, pins, categories) in [
        ("last-news", 3, vec![]),
        ("most-read", 2, vec![]),
        ("most-read", 2, vec![economy]),
        ("most-read", 0, vec![economy]),
    ] {
        let mut feed = reference.feeds().iter().find(|feed| feed.slug.as_str() == slug).unwrap().clone();
        feed.categories = categories;
        // The last of the editors' choice are articles of different dates.
        feed.pinned = pinned.iter().copied().take(pins).collect();
        let data = courant_persistence::ReferenceData { feeds: vec![feed], ..Default::default() };
        portal.store.newsroom().reference_put(&data).await.unwrap();
        let mut seen = Vec::new();
        let mut at = Value::Null;
        loop {
            let query = format!(
                "query ($at: String) {{ feed(slug: \"{slug}\", locale: \"en\") {{ items(first: 9, after: $at) {{ nodes {{ entryId }} totalCount pageInfo {{ hasNextPage endCursor }} }} }} }}"
            );
            let answer = portal.post(&json!({ "query": query, "variables": { "at": at } })).await;
            let items = &answer.data()["feed"]["items"];
            seen.extend(
                items["nodes"].as_array().unwrap().iter().map(|node| node["entryId"].as_str().unwrap().to_owned()),
            );
            if items["pageInfo"]["hasNextPage"] == json!(false) {
                assert_eq!(items["totalCount"], json!(seen.len()), "{dialect:?} {slug}");
                break;
            }
            at = items["pageInfo"]["endCursor"].clone();
        }
        let mut backwards = Vec::new();
        let mut at = Value::Null;
        loop {
            let query = format!(
                "query ($at: String) {{ feed(slug: \"{slug}\", locale: \"en\") {{ items(last: 9, before: $at) {{ nodes {{ entryId }} pageInfo {{ hasPreviousPage startCursor }} }} }} }}"
            );
            let answer = portal.post(&json!({ "query": query, "variables": { "at": at } })).await;
            let items = &answer.data()["feed"]["items"];
            let page = items["nodes"].as_array().unwrap().iter();
            backwards.extend(page.map(|node| node["entryId"].as_str().unwrap().to_owned()).rev());
            if items["pageInfo"]["hasPreviousPage"] == json!(false) {
                break;
            }
            at = items["pageInfo"]["startCursor"].clone();
        }
        backwards.reverse();
        assert_eq!(backwards, seen, "{dialect:?} {slug} backwards");
        let first: Vec<String> = pinned.iter().take(pins).map(ToString::to_string).collect();
        assert_eq!(seen[..pins], first, "{dialect:?} {slug}");
        let mut distinct = seen.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), seen.len(), "{dialect:?} {slug} repeats itself");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn between_two_cursors_there_is_more_only_where_the_page_was_cut(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    for list in ["articles", "tags", "decrees"] {
        let all = portal.query(&format!("{{ list: {list}(first: 100) {{ edges {{ cursor }} }} }}")).await;
        let edges = all.data()["list"]["edges"].as_array().unwrap().clone();
        let (second, last) = (&edges[1]["cursor"], &edges.last().unwrap()["cursor"]);
        let page = async |arguments: &str, at: &Value| {
            let query = format!(
                "query ($at: String) {{ list: {list}({arguments}) {{ edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
            );
            let answer = portal.post(&json!({ "query": query, "variables": { "at": at } })).await;
            let list = &answer.data()["list"];
            let info = |name: &str| list["pageInfo"][name].as_bool().unwrap();
            (list["edges"].as_array().unwrap().len(), info("hasNextPage"), info("hasPreviousPage"))
        };
        assert_eq!(page("first: 10, before: $at", second).await, (1, false, false), "{dialect:?} {list}");
        assert_eq!(page("before: $at", second).await, (1, false, false), "{dialect:?} {list}");
        assert_eq!(page("first: 3, before: $at", last).await, (3, true, false), "{dialect:?} {list}");
        assert_eq!(page("last: 3, after: $at", second).await, (3, false, true), "{dialect:?} {list}");
        assert!(!page("last: 100, after: $at", second).await.2, "{dialect:?} {list}");
        assert_eq!(page("last: 3, before: $at", last).await, (3, true, true), "{dialect:?} {list}");
    }
}

#[tokio::test]
async fn a_cursor_is_of_one_list() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    // A list up to its arguments, and what closes it.
    let lists = [
        ("feed(slug: \"editors-choice\") { items(first: 3", "}"),
        ("feed(slug: \"last-news\") { items(first: 3", "}"),
        ("feed(slug: \"decrees\") { items(first: 3", "}"),
        ("decrees(first: 3", ""),
        ("articles(first: 3", ""),
        ("articles(orderBy: VIEW_COUNT_DESC, first: 3", ""),
        ("articles(locale: \"ru\", first: 3", ""),
        ("tags(locale: \"en\", first: 3", ""),
        ("tags(locale: \"ru\", first: 3", ""),
    ];
    for (from, (list, end)) in lists.iter().enumerate() {
        let answer = portal.query(&format!("{{ {list}) {{ edges {{ cursor }} }} {end} }}")).await;
        let text = &answer.text;
        let cursor = text.split("\"cursor\":\"").nth(1).unwrap().split('"').next().unwrap();
        for (of, (list, end)) in lists.iter().enumerate() {
            let answer =
                portal.query(&format!("{{ {list}, after: \"{cursor}\") {{ edges {{ cursor }} }} {end} }}")).await;
            if of == from {
                answer.data();
            } else {
                assert_eq!(answer.code(), "BAD_CURSOR", "a cursor of {} in {list}", lists[from].0);
            }
        }
    }
    // The same list, written in other words.
    let answer = portal.query("{ articles(first: 1) { pageInfo { endCursor } } }").await;
    let cursor = answer.data()["articles"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    for same in ["filter: {}", "filter: { includeDescendants: true }", "filter: null", "orderBy: PUBLISHED_AT_DESC"] {
        portal.query(&format!("{{ articles({same}, after: \"{cursor}\") {{ nodes {{ slug }} }} }}")).await.data();
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_wrong_with_a_list_is_wrong_with_nothing_else(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let wrong = [
        "articles(after: \"nonsense\") { nodes { id } }",
        "decrees(first: 101) { nodes { id } }",
        "publications(first: 1, last: 1) { nodes { id } }",
        "articles(filter: { tags: [] }) { nodes { id } }",
        "changes(first: -1) { nodes { path } }",
        "search(query: \"x\", after: \"nonsense\") { totalCount }",
        "suggest(query: \"x\", first: 100)",
        "departures(first: 101) { path }",
        "tags(before: \"nonsense\") { nodes { id } }",
        "persons(after: \"\") { nodes { id } }",
        "categories(locale: \"fr\") { id }",
        "feeds(locale: \"fr\") { id }",
    ];
    for list in wrong {
        let answer = portal.query(&format!("{{ site {{ name }} list: {list} }}")).await;
        assert!(answer.body["data"]["list"].is_null(), "{list}: {}", answer.text);
        assert!(answer.body["data"]["site"]["name"].is_string(), "{list}: {}", answer.text);
        assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1, "{list}: {}", answer.text);
    }
    // The same below something else.
    let below = [
        ("category(by: { path: \"politics\" })", "articles(after: \"nonsense\") { nodes { id } }"),
        ("category(by: { path: \"politics\" })", "related(first: 101) { id }"),
        ("category(by: { path: \"politics\" })", "related(excluding: [\"nonsense\"]) { id }"),
        ("article(by: { slug: \"a-clinic-on-rails-crosses-the-desert\" })", "related(first: -1) { id }"),
        ("decree(by: { slug: \"law-on-pensions\" })", "related(first: 101) { id }"),
        ("feed(slug: \"last-news\")", "items(first: -1) { nodes { id } }"),
        ("tag(by: { slug: \"budget\" })", "publications(before: \"nonsense\") { nodes { id } }"),
    ];
    for (around, list) in below {
        let answer = portal.query(&format!("{{ around: {around} {{ path list: {list} }} }}")).await;
        assert!(answer.body["data"]["around"]["path"].is_string(), "{around} {list}: {}", answer.text);
        assert!(answer.body["data"]["around"]["list"].is_null(), "{around} {list}: {}", answer.text);
        assert_eq!(answer.body["errors"][0]["path"], json!(["around", "list"]), "{}", answer.text);
    }
    let answer = portal.query("{ site { defaultLocale links(locale: \"fr\") { path } } }").await;
    assert_eq!(answer.body["data"]["site"], json!({ "defaultLocale": "en", "links": null }), "{}", answer.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn counts_know_every_condition(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    for conditions in [
        "filter: { publishedAt: { before: \"1990-01-01T00:00:00Z\" } }",
        "filter: { publishedAt: { from: \"2021-03-01T00:00:00Z\", before: \"2021-03-03T00:00:00Z\" } }",
        "filter: { publishedAt: { from: \"2021-01-01T00:00:00Z\" }, tags: [\"budget\", \"gas\", \"schools\"] }",
        "orderBy: PUBLISHED_AT_ASC, filter: { publishedAt: { from: \"2021-02-01T00:00:00Z\" }, categories: [\"politics\", \"economy\"] }",
        "orderBy: VIEW_COUNT_DESC, filter: { publishedAt: { before: \"2021-03-01T00:00:00Z\" } }",
        "locale: \"tk\", filter: { exactLocale: true, publishedAt: { before: \"2021-03-01T00:00:00Z\" } }",
    ] {
        let query = format!("{{ articles(first: 100, {conditions}) {{ totalCount nodes {{ slug }} }} }}");
        let answer = portal.query(&query).await;
        let articles = &answer.data()["articles"];
        assert_eq!(
            articles["totalCount"],
            json!(articles["nodes"].as_array().unwrap().len()),
            "{dialect:?} {conditions}"
        );
    }
    let below = "{ category(by: {path: \"politics\"}) { own: articles(includeDescendants: false) { totalCount } \
                     same: articles(filter: { includeDescendants: false }) { totalCount nodes { slug } } \
                     all: articles(first: 100, filter: { tags: [] }) { totalCount } } }";
    let refused = portal.query(below).await;
    assert_eq!(refused.code(), "BAD_USER_INPUT", "an empty list of tags");
    let answer = portal.query(&below.replace(", filter: { tags: [] }", ", filter: {}")).await;
    let category = &answer.data()["category"];
    assert_eq!(category["own"]["totalCount"], category["same"]["totalCount"], "{dialect:?}");
    assert_ne!(category["own"]["totalCount"], category["all"]["totalCount"], "{dialect:?}");
}
