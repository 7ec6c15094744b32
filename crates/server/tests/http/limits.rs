//! Each limit refuses with its own code, status and message, before anything is executed.

use crate::support::Server;
use courant_graphql::Limits;
use courant_server::Config;
use serde_json::json;

/// The query of graphql-js `getIntrospectionQuery()`, with every option on; GraphiQL and code generators send it.
const INTROSPECTION: &str = include_str!("introspection.graphql");

async fn check(query: &str, code: &str, message: &str) {
    let server = Server::start().await;
    // The same, whatever the client accepts: it is not the document that is wrong.
    for accept in ["*/*", "application/json", "application/graphql-response+json"] {
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let answer = server.post_with(&headers, json!({ "query": query }).to_string()).await;
        assert_eq!(answer.refused(400), code);
        assert_eq!(answer.json()["errors"][0]["message"], message);
    }
}

#[tokio::test]
async fn tools_introspection_passes_within_half_of_every_limit() {
    let answer = Server::start().await.query(INTROSPECTION).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.json()["data"]["__schema"]["types"].as_array().unwrap().len() > 5);
    let limits = Limits::default();
    let halved = Limits {
        tokens: limits.tokens / 2,
        introspection_cost: limits.introspection_cost / 2,
        expansion: limits.expansion / 2,
        cost: limits.cost / 2,
        ..limits
    };
    let answer = Server::with(Config { limits: halved, ..Config::default() }).await.query(INTROSPECTION).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn a_long_text_belongs_in_a_variable() {
    let text = "x".repeat(64 * 1_024);
    let message = "the document has 65569 bytes; the limit is 65536, and long texts belong in variables";
    check(&format!("{{category(by:{{path:\"{text}\"}}){{title}}}} #"), "DOCUMENT_TOO_LARGE", message).await;
    let server = Server::start().await;
    let body = json!({ "query": "query($p:String!){__type(name:$p){name}}", "variables": { "p": text } });
    let headers = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
    let answer = server.post_with(&headers, body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn tokens() {
    let fields = "__typename ".repeat(4_000);
    check(&format!("{{{fields}}}"), "TOO_MANY_TOKENS", "the document has 4002 tokens; the limit is 4000").await;
}

#[tokio::test]
async fn a_thousand_levels_deep() {
    let query = format!("{}{}", "{a".repeat(1_000), "}".repeat(1_000));
    check(&query, "TOO_DEEP", "the document has 1000 brackets within one another; the limit is 32").await;
    let fields = format!("{}{}", "{a".repeat(16), "}".repeat(16));
    check(&fields, "TOO_DEEP", "the operation has 16 fields within one another; the limit is 15").await;
}

#[tokio::test]
async fn brackets_in_values_and_types() {
    let open = "[".repeat(3_000);
    let value = format!("{{__type(name:{open}");
    check(&value, "TOO_DEEP", "the document has 3002 brackets within one another; the limit is 32").await;
    let ty = format!("query($a:{open}");
    check(&ty, "TOO_DEEP", "the document has 3001 brackets within one another; the limit is 32").await;
    let object = format!("{{__type(name:{}", "{a:".repeat(900));
    check(&object, "TOO_DEEP", "the document has 902 brackets within one another; the limit is 32").await;
}

#[tokio::test]
async fn three_thousand_aliases() {
    let aliases = |count: usize| (0..count).map(|n| format!("a{n}:__typename ")).collect::<String>();
    check(&format!("{{{}}}", aliases(3_000)), "TOO_MANY_TOKENS", "the document has 9002 tokens; the limit is 4000")
        .await;
    let limits = Limits { tokens: 100_000, root_fields: 100_000, expansion: 100_000, ..Limits::default() };
    let server = Server::with(Config { limits, ..Config::default() }).await;
    let answer = server.query(&format!("{{{}}}", aliases(3_000))).await;
    assert_eq!(answer.refused(400), "TOO_MANY_ALIASES");
    assert_eq!(answer.json()["errors"][0]["message"], "the document has 3000 aliases; the limit is 50");
    assert_eq!(server.query(&format!("{{{}}}", aliases(50))).await.status, 200);
}

#[tokio::test]
async fn directives() {
    let many = "__typename @skip(if:false) @include(if:true) ".repeat(20);
    check(
        &format!("{{{}}}", "@x ".repeat(6).as_str().replacen("@x", "__typename @x", 1)),
        "TOO_MANY_DIRECTIVES",
        "one place has 6 directives; the limit is 5",
    )
    .await;
    let server =
        Server::with(Config { limits: Limits { directives: 39, ..Limits::default() }, ..Config::default() }).await;
    let answer = server.query(&format!("{{{many}}}")).await;
    assert_eq!(answer.refused(400), "TOO_MANY_DIRECTIVES");
    assert_eq!(answer.json()["errors"][0]["message"], "the document has 40 directives; the limit is 39");
}

#[tokio::test]
async fn root_fields() {
    let fields: String = (0..31).map(|n| format!("f{n}:__typename ")).collect();
    let query = format!("{{{fields}}}");
    check(&query, "TOO_MANY_ROOT_FIELDS", "the operation has 31 fields at its root; the limit is 30").await;
}

/// Under a kilobyte that unfolds to 2²⁵ fields: every walk that follows spreads at each use takes seconds for it.
fn fragment_bomb(levels: usize) -> String {
    let mut text = String::from("{...f0}");
    for level in 0..levels {
        text += &format!("fragment f{level} on Query{{...f{n} ...f{n}}}", n = level + 1);
    }
    text + &format!("fragment f{levels} on Query{{__typename}}")
}

#[tokio::test]
async fn the_fragment_bomb() {
    let bomb = fragment_bomb(25);
    assert_eq!(bomb.len(), 912);
    let server = Server::start().await;
    let answer = server.query(&bomb).await;
    assert_eq!(answer.refused(400), "EXPANSION_TOO_LARGE");
    // Each level two spreads for each of the level above; the fields themselves; the first spread.
    let unfolded = (2_u64.pow(26) - 2) + 2_u64.pow(25) + 1;
    let message = |unfolded: u64| {
        format!("the document has {unfolded} selections with its fragments unfolded; the limit is 5000")
    };
    assert_eq!(answer.json()["errors"][0]["message"], message(unfolded));

    let inside = bomb.replace("on Query", "on __Schema").replace("{...f0}", "{__schema{...f0}}");
    let answer = server.query(&inside).await;
    assert_eq!(answer.refused(400), "EXPANSION_TOO_LARGE");
    // `__schema` is one more.
    assert_eq!(answer.json()["errors"][0]["message"], message(unfolded + 1));
}

#[tokio::test]
async fn the_fragment_bomb_in_full_size() {
    // 2²⁰⁰ fields could not be walked by anything.
    let limits = Limits { tokens: 100_000, nesting: 1_000, ..Limits::default() };
    let server = Server::with(Config { limits, ..Config::default() }).await;
    assert_eq!(server.query(&fragment_bomb(200)).await.refused(400), "EXPANSION_TOO_LARGE");
}

#[tokio::test]
async fn circles_of_fragments_are_found_before_anything_follows_them() {
    let server = Server::start().await;
    for query in
        ["{...A} fragment A on Query{...A}", "{...A} fragment A on Query{...B ...B} fragment B on Query{...A ...A}"]
    {
        assert_eq!(server.query(query).await.refused(400), "VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn introspection_going_round() {
    let round = "fields{type{".repeat(3);
    let query = format!("{{__schema{{types{{{round}name{}}}}}}}", "}}".repeat(3));
    check(&query, "TOO_DEEP", "the operation has 3 introspection lists within one another; the limit is 2").await;
}

#[tokio::test]
async fn cost() {
    let types: String = (0..30)
        .map(|n| format!("a{n}:__schema{{types{{fields{{type{{fields{{args{{type{{name}}}}}}}}}}}}}}"))
        .collect();
    let server = Server::start().await;
    let answer = server.query(&format!("{{{types}}}")).await;
    assert_eq!(answer.refused(400), "TOO_COSTLY");
    let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("introspected items that can come back; the limit is 1000"), "{message}");
}

#[tokio::test]
async fn large_arguments_cost() {
    let query = "query($n:String!){__schema{types{name}} a:__type(name:$n){name}}";
    let server = Server::with(Config { limits: Limits { cost: 500, ..Limits::default() }, ..Config::default() }).await;
    let answer = server.post(json!({"query": query, "variables": {"n": "x".repeat(600_000)}})).await;
    assert_eq!(answer.refused(400), "TOO_COSTLY");
    assert_eq!(server.post(json!({"query": query, "variables": {"n": "x".repeat(1_000)}})).await.status, 200);
}
