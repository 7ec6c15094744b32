//! Walking lists page by page, both ways, gives each entry once and in order.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use courant_tests::{BOTH, Portal};
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

#[tokio::test]
async fn pages_of_any_size_and_direction_add_up_to_the_list() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        for field in [
            "articles(locale: \"en\"",
            "articles(locale: \"tk\", filter: { categories: [\"economy\", \"politics\"] }",
            "articles(locale: \"en\", orderBy: PUBLISHED_AT_ASC, filter: { tags: [\"budget\", \"exports\", \"schools\"] }",
            "articles(locale: \"ru\", orderBy: VIEW_COUNT_DESC",
            "decrees(locale: \"en\", orderBy: SIGNED_ON_DESC",
            "decrees(locale: \"tk\", orderBy: SIGNED_ON_ASC, filter: { kinds: [DECREE, LAW] }",
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
}

#[tokio::test]
async fn a_feed_with_pins_is_walked_without_repeating_them() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let reference = portal.store.reference();
        let pinned =
            reference.feeds().iter().find(|feed| feed.slug.as_str() == "editors-choice").unwrap().pinned.clone();
        for (slug, pins) in [("last-news", 3), ("most-read", 2)] {
            let mut feed = reference.feeds().iter().find(|feed| feed.slug.as_str() == slug).unwrap().clone();
            // The last of the editors' choice are articles of different dates.
            feed.pinned = pinned.iter().copied().take(pins).collect();
            let data = courant_persistence::ReferenceData { feeds: vec![feed], ..Default::default() };
            portal.store.reference_put(&data).await.unwrap();
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
            let first: Vec<String> = pinned.iter().take(pins).map(ToString::to_string).collect();
            assert_eq!(seen[..pins], first, "{dialect:?} {slug}");
            let mut distinct = seen.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!(distinct.len(), seen.len(), "{dialect:?} {slug} repeats itself");
        }
    }
}
