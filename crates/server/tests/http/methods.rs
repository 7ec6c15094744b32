//! Which methods the endpoint takes, and what else it says to the others.

use crate::support::Server;
use axum::{body::Body, http::Request};
use serde_json::json;

#[tokio::test]
async fn post_and_get_ask_the_same() {
    let server = Server::start().await;
    let query = "query A($n:String!){__type(name:$n){name}} query B{__typename}";
    let posted =
        server.post(json!({"query": query, "operationName": "A", "variables": {"n": "Query"}, "extensions": {}})).await;
    assert_eq!(posted.json(), json!({"data": {"__type": {"name": "Query"}}}));
    let path = "/graphql?query=query%20A($n:String!)%7B__type(name:$n)%7Bname%7D%7Dquery%20B%7B__typename%7D";
    let got =
        server.get(&format!("{path}&operationName=A&variables=%7B%22n%22:%22Query%22%7D&extensions=%7B%7D")).await;
    assert_eq!((got.status.as_u16(), got.json()), (200, posted.json()));
    let got = server.get(&format!("{path}&operationName=B")).await;
    assert_eq!(got.json(), json!({"data": {"__typename": "Query"}}));
}

#[tokio::test]
async fn head_is_a_get_without_its_body() {
    let server = Server::start().await;
    let answer = server.send(Request::head("/graphql?query={__typename}").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_are_not() {
    let server = Server::start().await;
    for (method, path, allow) in [
        ("PATCH", "/graphql", "GET,HEAD,POST,PUT,DELETE"),
        ("POST", "/", "GET,HEAD"),
        ("POST", "/schema.graphql", "GET,HEAD"),
    ] {
        let answer = server.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.refused(405), "METHOD_NOT_ALLOWED", "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
}

/// The single connection mode of GraphQL over SSE has methods of its own.
#[tokio::test]
async fn a_stream_is_reserved_and_not_found_without_its_token() {
    let server = Server::start().await;
    let send = async |method: &str| {
        server.send(Request::builder().method(method).uri("/graphql").body(Body::empty()).unwrap()).await
    };
    assert_eq!(send("PUT").await.status, 201);
    assert_eq!(send("DELETE").await.refused(400), "BAD_REQUEST");
    let other = server.get("/graphql?query={__typename}&token=mine").await;
    assert_eq!((other.status.as_u16(), other.json()), (200, json!({"data": {"__typename": "Query"}})));
}

#[tokio::test]
async fn a_mutation_over_get_is_refused() {
    for accept in ["application/json", "application/graphql-response+json", "*/*"] {
        let answer =
            Server::start().await.get_with("/graphql?query=mutation%7B__typename%7D", &[("accept", accept)]).await;
        assert_eq!(answer.refused(405), "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), "POST");
    }
}

#[tokio::test]
async fn an_unknown_address_is_typed_json_too() {
    let answer = Server::start().await.get("/nothing").await;
    assert_eq!(answer.refused(404), "NOT_FOUND");
    assert!(answer.header("content-type").starts_with("application/json"));
}
