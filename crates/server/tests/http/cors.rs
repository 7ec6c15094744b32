//! Front ends on other origins may read.

use crate::support::Server;
use axum::{body::Body, http::Request};
use serde_json::json;

#[tokio::test]
async fn a_preflight_is_answered() {
    let request = Request::options("/graphql")
        .header("origin", "https://front.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization, content-type")
        .body(Body::empty());
    let answer = Server::start().await.send(request.unwrap()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    for name in ["content-type", "authorization"] {
        assert!(answer.header("access-control-allow-headers").contains(name));
    }
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn answers_and_refusals_can_be_read_from_any_origin() {
    let server = Server::start().await;
    for query in ["{__typename}", "{"] {
        let headers = [("content-type", "application/json"), ("origin", "https://front.example")];
        let answer = server.post_with(&headers, json!({ "query": query }).to_string()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-expose-headers"), "x-request-id,etag,cache-status");
    }
}
