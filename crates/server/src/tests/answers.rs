//! The size of an answer, and answers that nobody takes.

use axum::{body::Body, http::Request};
use courant_graphql::Limits;
use serde_json::json;

use super::{Config, Server, read};
use crate::Traffic;

/// A server whose answers may be small.
async fn server() -> Server {
    let limits = Limits { answer_bytes: 100, ..Limits::default() };
    Server::configured(Config { limits, ..Config::default() }).await
}

const LARGE: &str = "{a:list b:list c:list d:list}";

#[tokio::test]
async fn a_query_whose_answer_is_too_large_is_refused() {
    let server = server().await;
    let (code, message) = server.refusal(LARGE, json!({})).await;
    assert_eq!(code, "ANSWER_TOO_LARGE");
    assert_eq!(message, "the answer would be larger than 100 bytes; ask for less at once");
    // Clients that go by the body alone find it there.
    let request =
        Request::post("/graphql").header("content-type", "application/json").header("accept", "application/json");
    let (status, body) =
        read(server.send(request.body(Body::from(json!({"query": LARGE}).to_string())).unwrap()).await).await;
    assert_eq!(status, 200);
    assert_eq!(body["errors"][0]["extensions"]["code"], "ANSWER_TOO_LARGE");
    assert!(body.get("data").is_none(), "{body}");
    server.data("{a:list b:list}", json!({})).await;
}

#[tokio::test]
async fn a_mutation_whose_answer_is_too_large_has_been_run() {
    let server = server().await;
    let query = "mutation{a:publish b:publish c:publish d:publish e:publish f:publish}";
    let (status, body) = server.post(json!({ "query": query })).await;
    assert_eq!(status, 200);
    let message = "the operation was run, but what it answers is larger than 100 bytes and is left out";
    let error = json!({"message": message, "path": ["a"], "extensions": {"code": "ANSWER_TOO_LARGE"}});
    assert_eq!(body, json!({"data": null, "errors": [error]}));
}

#[tokio::test]
async fn while_answers_are_not_taken_there_are_no_more() {
    let traffic = Traffic { unsent_bytes: 1_000, patience: std::time::Duration::ZERO, ..Traffic::default() };
    let server = Server::configured(Config { traffic, ..Config::default() }).await;
    let request = || Request::get("/graphql?query={list}").body(Body::empty()).unwrap();
    let untaken = server.send(request()).await;
    let refused = server.send(request()).await;
    assert_eq!(refused.headers()["retry-after"], "1");
    let (status, body) = read(refused).await;
    assert_eq!((status.as_u16(), &body["errors"][0]["extensions"]["code"]), (503, &json!("BUSY")));
    read(untaken).await;
    let taken = server.send(request()).await;
    assert_eq!(read(taken).await.0, 200);
}

#[tokio::test]
async fn an_answer_that_is_packed_is_charged_for_that_too() {
    let traffic = Traffic { unsent_bytes: 100_000, patience: std::time::Duration::ZERO, ..Traffic::default() };
    let server = Server::configured(Config { traffic, ..Config::default() }).await;
    let packed = || Request::get("/graphql?query={list}").header("accept-encoding", "br").body(Body::empty()).unwrap();
    let untaken = server.send(packed()).await;
    assert_eq!(untaken.headers()["content-encoding"], "br");
    assert_eq!(server.send(packed()).await.status(), 503);
    drop(untaken);
    assert_eq!(server.send(packed()).await.status(), 200);
}
