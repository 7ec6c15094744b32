//! What the GraphQL specification says of execution, and one release of the library got wrong.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::json;

#[tokio::test]
async fn keys_come_in_the_order_of_the_query_whichever_resolver_is_slow() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .query(
            "{ z: articles(first: 1) { nodes { title related(first: 1) { title } locale } }
               b: __typename
               a: categories { slug }
               m: feed(slug: \"last-news\") { items(first: 1) { nodes { title } } slug } }",
        )
        .await;
    answer.data();
    let order = [
        "\"z\":",
        "\"nodes\":",
        "\"title\":",
        "\"related\":",
        "\"locale\":",
        "\"b\":",
        "\"a\":",
        "\"m\":",
        "\"items\":",
    ];
    let mut from = 0;
    for key in order {
        let Some(at) = answer.text[from..].find(key) else { panic!("{key} is not behind the others: {}", answer.text) };
        from += at;
    }
}

#[tokio::test]
async fn an_error_in_a_non_null_field_bubbles_to_the_nearest_nullable_one() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let editor = portal.as_role(Role::Editor).await;
    let feed = portal.store.reference().feeds()[0].id.to_string();
    let answer = editor
        .query(&format!(
            "{{ inner: editorial {{ feed(id: {feed:?}) {{ slug readerFeed(locale: \"fr\") {{ title }} }} }}
                sibling: category(by: {{ path: \"sport\" }}) {{ slug }} }}"
        ))
        .await;
    assert_eq!(answer.body["data"], json!({ "inner": { "feed": null }, "sibling": { "slug": "sport" } }));
    assert_eq!(answer.body["errors"][0]["path"], json!(["inner", "feed", "readerFeed"]));
    assert_eq!(answer.code(), "UNKNOWN_LOCALE");

    let answer = portal.query("{ site { name(locale: \"fr\") } }").await;
    assert_eq!(answer.body["data"], json!(null), "up to the root: {}", answer.text);
    assert_eq!(answer.status, 200, "it was run");
}

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_by_itself() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal.query("{ site { defaultLocale description(locale: \"fr\") } feeds { slug } }").await;
    assert_eq!(answer.body["data"]["site"], json!({ "defaultLocale": "en", "description": null }));
    assert_eq!(answer.code(), "UNKNOWN_LOCALE");
}

#[tokio::test]
async fn skip_and_include_and_variables_left_out() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .post(&json!({
            "query": "query ($no: Boolean!, $first: Int, $order: PublicationOrder) {
                articles(first: $first, orderBy: $order) { nodes { title @skip(if: $no) slug @include(if: $no) } }
            }",
            "variables": { "no": false }
        }))
        .await;
    let nodes = &answer.data()["articles"]["nodes"];
    assert_eq!(nodes.as_array().map(Vec::len), Some(20), "the default page");
    assert!(nodes[0]["title"].is_string() && nodes[0].get("slug").is_none());
}

#[tokio::test]
async fn a_list_that_cannot_be_null_stands_where_one_can() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .post(&json!({
            "query": "query ($tags: [String!]!, $genres: [Genre!]!, $ids: [ID!]!) {
                articles(filter: { tags: $tags, genres: $genres }) { totalCount }
                category(by: { path: \"economy\" }) { related(first: 1, excluding: $ids) { title } }
                nodes(ids: $ids) { id }
            }",
            "variables": { "tags": ["budget", "gas"], "genres": ["NEWS", "ANALYSIS"], "ids": [] }
        }))
        .await;
    assert!(answer.data()["articles"]["totalCount"].as_u64().is_some_and(|count| count > 2), "{}", answer.text);
}

/// PostgreSQL's texts cannot hold the character, and a dump with it could not be restored there.
#[apply(both_databases)]
#[tokio::test]
async fn the_character_nul_is_refused_wherever_a_text_stands(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let query = "query ($slug: String! = \"x\") { article(by: { slug: $slug }) { title } }";
    for body in [
        json!({ "query": query, "variables": { "slug": "a\u{0}" } }),
        json!({ "query": "{ article(by: { slug: \"a\\u0000\" }) { title } }" }),
        json!({ "query": query.replace("\"x\"", "\"a\\u0000\"") }),
        json!({ "query": "{ decrees(filter: { number: \"a\\u0000\" }) { nodes { title } } }" }),
        json!({ "query": "{ articles(filter: { tags: [\"a\\u0000\"] }) { nodes { title } } }" }),
    ] {
        let answer = portal.post(&body).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{dialect:?}: {body}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_asked_for_twice_comes_as_if_asked_for_once(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    for (field, selection, fragments) in [
        (
            "articles(first: 40, locale: \"tk\")",
            "nodes { __typename id title type: __typename locale tags { name }
                    category { path title related(first: 2) { title } } }",
            "",
        ),
        (
            "feed(slug: \"last-news\")",
            "items(first: 10) { totalCount pageInfo { endCursor } edges { cursor node {
                    __typename title ... on Decree { number status } ... on Article { genre authors { name } }
                    ... on Node { id } ... { path } } } }",
            "",
        ),
        (
            "decrees(first: 30)",
            "nodes { ...act relations { kind decree { ...act } } }",
            "fragment act on Decree { number ...common }
                 fragment common on Publication { title summary withdrawal { notice } breadcrumbs { title path } }",
        ),
        ("categories", "title children { title parent { title } }", ""),
    ] {
        let once = portal.query(&format!("{{ it: {field} {{ {selection} }} }} {fragments}")).await;
        let twice = format!("{{ it: {field} {{ {selection} {selection} }} }} {fragments}");
        let twice = portal.query(&twice).await;
        once.data();
        assert_eq!(once.text, twice.text, "{dialect:?} {field}");
    }
}

#[tokio::test]
async fn a_fragment_on_a_union_applies_to_its_members() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .query("{ articles(first: 1) { nodes { ... on Route { ... on Article { slug } ... on Decree { number } } } } }")
        .await;
    let node = &answer.data()["articles"]["nodes"][0];
    assert!(node["slug"].is_string() && node.get("number").is_none(), "{}", answer.text);

    // However the object was come by, and however often it is asked for.
    let sport = portal.query("{ category(by: { path: \"sport\" }) { id path } }").await;
    let sport = &sport.data()["category"];
    let (path, parent) =
        ("fragment F on Category { path }", "fragment G on Category { ... on Route { ...F } parent { slug } }");
    for query in [
        format!("{{ it: node(id: {}) {{ ... on Route {{ ... on Category {{ path }} }} }} }}", sport["id"]),
        format!("{{ it: route(path: {}) {{ ... on Node {{ ... on Route {{ ...F }} }} }} }} {path}", sport["path"]),
        format!("{{ it: category(by: {{ path: \"sport\" }}) {{ ...G parent {{ id }} }} }} {path} {parent}"),
        format!("{{ it: category(by: {{ path: \"sport\" }}) {{ parent {{ id }} ...G ...G }} }} {path} {parent}"),
    ] {
        let answer = portal.query(&query).await;
        assert_eq!(answer.data()["it"]["path"], sport["path"], "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_error_names_its_whole_path() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    for (query, path) in [
        ("{ d: decrees(first: 2) { nodes { a: related(first: -1) { title } title } } }", json!(["d", "nodes", 0, "a"])),
        ("{ x: categories { y: articles(after: \"zz\") { totalCount } } }", json!(["x", 0, "y"])),
        (
            "{ decrees(first: 1) { edges { node { c: coverage(first: -1) { totalCount } } } } }",
            json!(["decrees", "edges", 0, "node", "c"]),
        ),
        (
            "{ tags(first: 1) { edges { node { articles(last: -1) { totalCount } } } } }",
            json!(["tags", "edges", 0, "node", "articles"]),
        ),
        ("{ feeds { items(first: -1) { totalCount } } }", json!(["feeds", 0, "items"])),
    ] {
        let answer = portal.query(query).await;
        assert_eq!(answer.body["errors"][0]["path"], path, "{query}: {}", answer.text);
    }
}
