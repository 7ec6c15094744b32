//! The log as lines of JSON.

use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};
use serde_json::{Value, json};

use crate::desk::Desk;

async fn get(desk: &Desk<'_>, query: &str, tag: Option<&str>) -> reqwest::Response {
    let request = reqwest::Client::new().get(format!("{}/changes.ndjson{query}", desk.portal.url));
    tag.into_iter().fold(request, |request, tag| request.header("if-none-match", tag)).send().await.unwrap()
}

async fn lines(desk: &Desk<'_>, query: &str) -> Vec<Value> {
    let response = get(desk, query, None).await;
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn each_change_is_a_line_and_the_last_one_says_where_to_go_on(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let head = desk.head().await;
    let mut all = lines(&desk, "").await;
    assert_eq!(all.pop().unwrap(), json!({ "end": head }), "{dialect:?}");
    // The same as by GraphQL, over some pages.
    assert!(all.len() > 300, "{dialect:?}: {}", all.len());
    let (mut same, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = "query ($after: ChangeCursor) { changes(after: $after, first: 100) { nodes { cursor at action subject \
             nodeId nodeIds entryId kind locale path previousPath replacedBy isGone day } pageInfo { hasNextPage endCursor } } }";
        let page = portal.post(&json!({ "query": query, "variables": { "after": after } })).await;
        let page = page.data()["changes"].clone();
        same.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    assert_eq!(all, same, "{dialect:?}");

    assert_eq!(lines(&desk, &format!("?after={head}")).await, [json!({ "end": head })], "{dialect:?}");
    let entry = desk.publish("one-line", "politics", &[]).await;
    let next = lines(&desk, &format!("?after={head}")).await;
    assert_eq!((next.len(), &next[0]["entryId"]), (2, &json!(entry)), "{dialect:?}: {next:?}");
    assert_eq!(next[1], json!({ "end": next[0]["cursor"] }));
}

#[apply(both_databases)]
#[tokio::test]
async fn a_client_that_has_it_is_told_so_and_one_that_asks_for_nothing_that_is_there_is_refused(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let head = desk.head().await;
    let query = format!("?after={head}");
    let first = get(&desk, &query, None).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(first.headers()["cache-control"], "no-cache");
    assert_eq!(first.headers()["link"], format!("</changes.ndjson?after={head}>; rel=\"next\""));
    assert_eq!(get(&desk, &query, Some(&tag)).await.status(), 304, "{dialect:?}");
    desk.publish("one-more", "politics", &[]).await;
    let after = get(&desk, &query, Some(&tag)).await;
    assert_eq!(after.status(), 200, "{dialect:?}");
    assert_ne!(after.headers()["etag"], tag.as_str());

    // A cursor of a change that never was.
    let other = courant_domain::change::ChangeCursor { seq: 3, micros: 7 };
    for (query, status, code) in [
        (format!("?after={other}"), 410, "STALE_CURSOR"),
        ("?after=nonsense".to_owned(), 400, "BAD_USER_INPUT"),
        ("?first=3".to_owned(), 400, "BAD_REQUEST"),
    ] {
        let refused = get(&desk, &query, None).await;
        assert_eq!(refused.status(), status, "{dialect:?}: {query}");
        let body: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], code);
    }
}
