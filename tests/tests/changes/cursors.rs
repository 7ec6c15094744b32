//! Pages of the log, and places in it.

use courant_domain::change::ChangeCursor;
use courant_persistence::Dialect;
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use serde_json::{Value, json};

use crate::desk::Desk;

async fn page(portal: &Portal, after: &Value, first: u32) -> Value {
    let query = "query ($after: ChangeCursor, $first: Int) { changes(after: $after, first: $first) {
        edges { cursor node { cursor } } nodes { cursor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } head } }";
    let answer = portal.post(&json!({ "query": query, "variables": { "after": after, "first": first } })).await;
    answer.data()["changes"].clone()
}

#[apply(both_databases)]
#[tokio::test]
async fn pages_follow_one_another_to_the_head_and_go_on_from_there(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let mut all: Vec<Value> = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = page(&portal, &after, 50).await;
        let cursors: Vec<Value> = page["edges"].as_array().unwrap().iter().map(|edge| edge["cursor"].clone()).collect();
        let nodes: Vec<Value> = page["nodes"].as_array().unwrap().iter().map(|node| node["cursor"].clone()).collect();
        assert_eq!(cursors, nodes, "{dialect:?}");
        let info = &page["pageInfo"];
        assert_eq!(info["hasPreviousPage"], !after.is_null());
        assert_eq!((&info["startCursor"], &info["endCursor"]), (&cursors[0], cursors.last().unwrap()));
        all.extend(cursors);
        after = info["endCursor"].clone();
        if info["hasNextPage"] != true {
            assert_eq!(page["head"], after, "{dialect:?}");
            break;
        }
    }
    // In the order of the log, each once; and that it fits exactly into pages makes no empty one.
    let places: Vec<ChangeCursor> = all.iter().map(|cursor| cursor.as_str().unwrap().parse().unwrap()).collect();
    assert!(places.is_sorted_by(|one, next| one.seq < next.seq && one.micros <= next.micros), "{dialect:?}");
    let last_two = page(&portal, &all[all.len() - 3], 2).await;
    assert_eq!(last_two["pageInfo"]["hasNextPage"], false, "{dialect:?}");
    assert_eq!(page(&portal, &all[all.len() - 4], 2).await["pageInfo"]["hasNextPage"], true, "{dialect:?}");

    // An empty page has a place to go on from, too.
    let empty = page(&portal, &after, 10).await;
    assert_eq!((&empty["edges"], &empty["pageInfo"]["startCursor"]), (&json!([]), &Value::Null));
    assert_eq!(empty["pageInfo"]["endCursor"], after, "{dialect:?}");
    desk.publish("the-next", "politics", &[]).await;
    let next = page(&portal, &after, 10).await;
    assert_eq!(next["edges"].as_array().unwrap().len(), 1, "{dialect:?}");
    assert_eq!(page(&portal, &Value::Null, 0).await["edges"], json!([]));
}

#[apply(both_databases)]
#[tokio::test]
async fn a_cursor_of_another_history_is_refused(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    portal.store.close().await.unwrap();
    let copy = TestDatabase::copy_of(&portal.database, dialect).await;
    let (one, other) = (portal.database.open().await, copy.open().await);
    let (one, other) =
        (Portal::over(TestDatabase::of_the_same(&portal.database), one).await, Portal::over(copy, other).await);
    drop(desk);

    let (mine, theirs) = (Desk::of(&one).await, Desk::of(&other).await);
    let common = mine.head().await;
    assert_eq!(common, theirs.head().await, "{dialect:?}: they have the same history up to here");
    mine.publish("written-here", "politics", &[]).await;
    let here = mine.head().await;
    let ask = async |portal: &Portal, after: &str| {
        let query = "query ($after: ChangeCursor) { changes(after: $after) { nodes { path } } }";
        portal.post(&json!({ "query": query, "variables": { "after": after } })).await
    };
    // Beyond the head of the other one, then a number that it has, too, but of another change.
    assert_eq!(ask(&other, &here).await.code(), "STALE_CURSOR", "{dialect:?}");
    theirs.publish("written-there", "politics", &[]).await;
    assert_eq!(ask(&other, &here).await.code(), "STALE_CURSOR", "{dialect:?}");
    assert_eq!(ask(&other, &common).await.data()["changes"]["nodes"][0]["path"], "/en/articles/written-there");
    assert_eq!(ask(&one, &here).await.data()["changes"]["nodes"], json!([]), "{dialect:?}");
    // What is no cursor at all is the matter of its field alone.
    for after in ["AQ", "zz", "", "\u{1f980}"] {
        let query = "query ($after: ChangeCursor) { changes(after: $after) { head } site { defaultLocale } }";
        let answer = one.post(&json!({ "query": query, "variables": { "after": after } })).await;
        assert_eq!(answer.body["data"], json!({ "changes": null, "site": { "defaultLocale": "en" } }), "{after}");
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_CURSOR", "{after}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_page_is_a_constant_number_of_statements(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let query = |first: u32| {
        format!(
            "{{ changes(first: {first}, filter: {{ subjects: [PUBLICATION, REDIRECT, TAG] }}) {{ head nodes {{ \
             cursor path previousPath replacedBy isGone nodeIds node {{ id ... on Article {{ title summary body {{ html }} \
             category {{ title }} tags {{ name }} authors {{ name }} }} ... on Decree {{ title status }} }} }} \
             pageInfo {{ hasNextPage }} }} }}"
        )
    };
    let one = portal.query(&query(1)).await;
    let hundred = portal.query(&query(100)).await;
    assert_eq!(hundred.data()["changes"]["nodes"].as_array().unwrap().len(), 100, "{dialect:?}");
    assert!(one.statements.len() <= 4 && hundred.statements.len() <= 4, "{dialect:?}: {:#?}", hundred.statements);
    // What is kept of it is given until something changes.
    let again = portal.query(&query(100)).await;
    assert_eq!((again.text, again.statements.len()), (hundred.text, 0), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_node_that_is_behind_catches_up_with_a_cursor(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let other = portal.database.open().await;
    let other = Portal::over(TestDatabase::of_the_same(&portal.database), other).await;
    let desk = Desk::of(&portal).await;
    desk.publish("known-here", "politics", &[]).await;
    let head = desk.head().await;
    // Nobody has told the other one, which takes nothing in by itself here.
    assert!(other.store.reference().seq < portal.store.reference().seq, "{dialect:?}");
    assert_eq!(page(&other, &json!(head), 5).await["head"], json!(head), "{dialect:?}");
    desk.publish("known-there", "politics", &[]).await;
    let next = page(&portal, &json!(head), 5).await;
    assert_eq!(page(&other, &next["head"], 5).await["edges"], json!([]), "{dialect:?}");
    assert_eq!(page(&other, &json!(head), 5).await["edges"], next["edges"], "{dialect:?}");
}
