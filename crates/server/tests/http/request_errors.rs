//! Requests that are not run: status, code and the absence of `data`.

use crate::support::{Answer, Server};
use serde_json::{Value, json};

const GRAPHQL: &[(&str, &str)] =
    &[("content-type", "application/json"), ("accept", "application/graphql-response+json")];
const LEGACY: &[(&str, &str)] = &[("content-type", "application/json"), ("accept", "application/json")];

/// Documents, variables and the code they are refused with.
fn wrong() -> Vec<(Value, &'static str)> {
    let of = |query: &str| json!({ "query": query });
    vec![
        (of("{"), "PARSE_FAILED"),
        (of(""), "PARSE_FAILED"),
        (of("{__typename(a:\"x)}"), "PARSE_FAILED"),
        (of("nonsense"), "PARSE_FAILED"),
        (of("{__type(name: 00x){name}}"), "PARSE_FAILED"),
        (of("{nothingOfThatName}"), "VALIDATION_FAILED"),
        (of("{__type{name}}"), "VALIDATION_FAILED"),
        (of("{__type(name:1){name}}"), "VALIDATION_FAILED"),
        (of("{__type(name:[{a:{b:ENUM}}]){name}}"), "VALIDATION_FAILED"),
        (of("{__type(name:\"a\" x:1){name}}"), "VALIDATION_FAILED"),
        (of("{__type(name:$n){name}}"), "VALIDATION_FAILED"),
        (of("query($n:Nothing){__typename}"), "VALIDATION_FAILED"),
        (of("query($n:String){__typename}"), "VALIDATION_FAILED"),
        (of("query @skip(if:true){__typename}"), "VALIDATION_FAILED"),
        (of("{__schema @unknown{types{name}}}"), "VALIDATION_FAILED"),
        (of("{...F}"), "VALIDATION_FAILED"),
        (of("{...F} fragment F on Nothing{a}"), "VALIDATION_FAILED"),
        (of("{__typename} fragment F on Query{__typename}"), "VALIDATION_FAILED"),
        (of("{...A} fragment A on Query{...B} fragment B on Query{...A}"), "VALIDATION_FAILED"),
        (of("{...A ...A} fragment A on Query{...A ...A}"), "VALIDATION_FAILED"),
        (of("query A{__typename} query A{__typename}"), "VALIDATION_FAILED"),
        (of("fragment F on Query{__typename}"), "VALIDATION_FAILED"),
        (of("subscription{__typename}"), "VALIDATION_FAILED"),
        // What the executor's validation passes over.
        (of("{__typename @unknown}"), "VALIDATION_FAILED"),
        (of("{__typename(a:1)}"), "VALIDATION_FAILED"),
        (of("{__typename{x}}"), "VALIDATION_FAILED"),
        (of("{__typename @skip}"), "VALIDATION_FAILED"),
        (of("{__typename @include(if:\"yes\")}"), "VALIDATION_FAILED"),
        (of("query($a:String! @unknown){__type(name:$a){name}}"), "VALIDATION_FAILED"),
        (of("query($a:String){__type(name:$a){name}}"), "VALIDATION_FAILED"),
        (of("{a:__type(name:\"Query\"){x:name} a:__type(name:\"Query\"){x:kind}}"), "VALIDATION_FAILED"),
        (of("query($k:[Nope!]=[1]){site{name}}"), "VALIDATION_FAILED"),
        (of("query($k:[Nope]=[1]){site{name}}"), "VALIDATION_FAILED"),
        (of("query($k:[[Nope]]=[[1]]){site{name}}"), "VALIDATION_FAILED"),
        (of("query($k:Site=1){site{name}}"), "VALIDATION_FAILED"),
        (of("{category(by:{path:\"a\" path:\"b\"}){title}}"), "VALIDATION_FAILED"),
        (of("query($x:Int){site(nope:$x){name}}"), "VALIDATION_FAILED"),
        (of("query($x:Int){articles(filter:{nope:$x}){totalCount}}"), "VALIDATION_FAILED"),
        (of("query($x:Int $y:Int){articles(first:$x first:$y){totalCount}}"), "VALIDATION_FAILED"),
        (of("query($a:Int,$a:Int){articles(first:$a){totalCount}}"), "VALIDATION_FAILED"),
        (of("query($o:PublicationOrder=\"VIEW_COUNT_DESC\"){articles(orderBy:$o){totalCount}}"), "VALIDATION_FAILED"),
        (of("query($f:ArticleFilter=[{}]){articles(filter:$f){totalCount}}"), "VALIDATION_FAILED"),
        (of("{articles(filter:[{}]){totalCount}}"), "VALIDATION_FAILED"),
        (of("{articles(first:2147483648){totalCount}}"), "VALIDATION_FAILED"),
        (of("{articles(locale:\"x\"){totalCount}}"), "VALIDATION_FAILED"),
        (of("{articles(locale:5){totalCount}}"), "VALIDATION_FAILED"),
        (of("query($l:Locale=\"x\"){articles(locale:$l){totalCount}}"), "VALIDATION_FAILED"),
        (
            json!({"query": "query($l:Locale){articles(locale:$l){totalCount}}", "variables": {"l": "x"}}),
            "BAD_USER_INPUT",
        ),
        (of("query A{__typename} query B{__typename}"), "OPERATION_NOT_FOUND"),
        (json!({"query": "{__typename}", "operationName": "A"}), "OPERATION_NOT_FOUND"),
        (json!({"query": "query A{__typename}", "operationName": "B"}), "OPERATION_NOT_FOUND"),
        (of("query($n:String!){__type(name:$n){name}}"), "BAD_USER_INPUT"),
        (json!({"query": "query($n:String!){__type(name:$n){name}}", "variables": {"n": null}}), "BAD_USER_INPUT"),
        (
            json!({"query": "query($n:String!){__type(name:$n){name}}", "variables": {"n": {"a": [1]}}}),
            "BAD_USER_INPUT",
        ),
    ]
}

#[tokio::test]
async fn wrong_documents_and_variables_are_refused_without_data() {
    let server = Server::start().await;
    for (body, code) in wrong() {
        let answer = server.post_with(GRAPHQL, body.to_string()).await;
        assert!(answer.json().get("errors").is_some(), "{body}: {}", answer.text());
        assert_eq!(answer.refused(400), code, "{body}");
        assert_eq!(answer.header("content-type"), "application/graphql-response+json; charset=utf-8");
    }
}

#[tokio::test]
async fn who_takes_anything_gets_the_status_too() {
    let server = Server::start().await;
    for (body, code) in wrong() {
        assert_eq!(server.post(body.clone()).await.refused(400), code, "{body}");
    }
}

#[tokio::test]
async fn who_asks_for_json_by_name_is_told_of_documents_with_200() {
    let server = Server::start().await;
    for (body, code) in wrong() {
        assert_eq!(server.post_with(LEGACY, body.to_string()).await.refused(200), code, "{body}");
    }
}

#[tokio::test]
async fn a_request_that_is_none_is_refused_whatever_is_accepted() {
    let server = Server::start().await;
    for (body, code) in [
        ("", "BAD_REQUEST"),
        ("{ \"not a JSON", "BAD_REQUEST"),
        ("1", "BAD_REQUEST"),
        ("{}", "BAD_REQUEST"),
        (r#"{"query":1}"#, "BAD_REQUEST"),
        (r#"{"query":null}"#, "BAD_REQUEST"),
        (r#"{"query":"{__typename}","operationName":{}}"#, "BAD_REQUEST"),
        (r#"{"query":"{__typename}","variables":[1]}"#, "BAD_REQUEST"),
        (r#"{"query":"{__typename}","variables":"{}"}"#, "BAD_REQUEST"),
        (r#"{"query":"{__typename}","extensions":0}"#, "BAD_REQUEST"),
        (r#"[{"query":"{__typename}"}]"#, "BATCHING_NOT_SUPPORTED"),
        ("[]", "BATCHING_NOT_SUPPORTED"),
    ] {
        for headers in [GRAPHQL, LEGACY] {
            assert_eq!(server.post_with(headers, body).await.refused(400), code, "{body}");
        }
    }
    for query in [
        "",
        "query=",
        "query={__typename}&variables=x",
        "query={__typename}&variables=[]",
        "query=a&query=b",
        "operationName=A",
    ] {
        let answer = server.get(&format!("/graphql?{query}")).await;
        assert_eq!(answer.refused(400), if query == "query=" { "PARSE_FAILED" } else { "BAD_REQUEST" }, "{query}");
    }
}

#[tokio::test]
async fn errors_say_where() {
    let answer: Answer = Server::start().await.query("{\n  nothingOfThatName\n}").await;
    assert_eq!(answer.json()["errors"][0]["locations"], json!([{"line": 2, "column": 3}]));
    let answer = Server::start().await.query("query(\n$n:String!){__type(name:$n){name}}").await;
    assert_eq!(answer.json()["errors"][0]["locations"], json!([{"line": 2, "column": 1}]));
}

#[tokio::test]
async fn every_way_to_write_a_document_is_read() {
    let server = Server::start().await;
    let query = "\"What a type is called.\"\rquery(\"Which.\" $name: [ String ! ] !) {\r__type(name: \"\\u{51}u\\u0065ry\") { name\r nope }}";
    let query = query.replace("$name: [ String ! ] !", "$name: String !");
    let query =
        query.replace("\"\\u{51}u\\u0065ry\"", "$name) {...on # the\r __Type{kind}} of: __type(name: \"\\u{51}uery\"");
    let answer = server.post(json!({"query": query, "variables": {"name": "Query"}})).await;
    assert_eq!(answer.refused(400), "VALIDATION_FAILED");
    assert_eq!(answer.json()["errors"][0]["locations"], json!([{"line": 5, "column": 2}]));
    let answer = server.post(json!({"query": query.replace("nope", ""), "variables": {"name": "Query"}})).await;
    assert_eq!(answer.json(), json!({"data": {"__type": {"kind": "OBJECT"}, "of": {"name": "Query"}}}));
}

#[tokio::test]
async fn an_omitted_variable_leaves_the_default_of_its_argument() {
    let server = Server::start().await;
    let query = "query($d:Boolean){__type(name:\"Query\"){fields(includeDeprecated:$d){name}}}";
    for variables in [json!({}), json!({"d": true}), json!({"d": false})] {
        let answer = server.post(json!({"query": query, "variables": variables})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.json()["data"]["__type"]["fields"].is_array());
    }
}
