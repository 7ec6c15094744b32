//! What clients learn of failures, and what they do not.

use axum::{body::Body, http::Request};
use serde_json::json;

use super::{Server, read};

#[tokio::test]
async fn a_failure_of_ours_names_the_request_and_nothing_else() {
    let (status, body) = Server::start().await.post(json!({"query": "{insideFails}"})).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({
            "data": {"insideFails": null},
            "errors": [{
                "message": "internal error",
                "locations": [{"line": 1, "column": 2}],
                "path": ["insideFails"],
                "extensions": {"code": "INTERNAL", "requestId": "the-request"},
            }],
        }),
    );
}

#[tokio::test]
async fn an_error_that_was_given_no_code_is_ours() {
    let (_, body) = Server::start().await.post(json!({"query": "{foreignFailure}"})).await;
    assert_eq!(body["errors"][0]["message"], "internal error");
    assert_eq!(body["errors"][0]["extensions"], json!({"code": "INTERNAL", "requestId": "the-request"}));
}

#[tokio::test]
async fn an_error_of_the_clients_has_its_own_code_and_message() {
    let (status, body) = Server::start().await.post(json!({"query": "{refuses}"})).await;
    assert_eq!((status.as_u16(), &body["data"]), (200, &json!({"refuses": null})));
    assert_eq!(body["errors"][0]["message"], "that is no cursor");
    assert_eq!(body["errors"][0]["extensions"], json!({"code": "BAD_CURSOR"}));
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_the_next_request_is_answered() {
    let server = Server::start().await;
    let request = Request::get("/graphql?query={panics}").header("origin", "https://front.example").body(Body::empty()).unwrap();
    let response = server.send(request).await;
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let (status, body) = read(response).await;
    assert_eq!(status, 500);
    assert_eq!(
        body,
        json!({"errors": [{"message": "internal error", "extensions": {"code": "INTERNAL", "requestId": id}}]}),
    );
    assert_eq!(server.data("{list}", json!({})).await["list"], "first=5 order=NEW min=0 after=");
}
