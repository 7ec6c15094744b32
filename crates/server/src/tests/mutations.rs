//! Mutations run over POST alone.

use axum::{body::Body, http::Request};
use serde_json::json;

use super::{Server, read};

#[tokio::test]
async fn a_mutation_runs_over_post() {
    assert_eq!(Server::start().await.data("mutation{publish}", json!({})).await["publish"], "published 1");
}

#[tokio::test]
async fn a_mutation_over_get_is_refused_whatever_else_the_document_holds() {
    let server = Server::start().await;
    for query in ["mutation{publish}", "query%20A{list}mutation%20B{publish}&operationName=B"] {
        let request =
            Request::get(format!("/graphql?query={query}")).header("accept", "application/json").body(Body::empty());
        let response = server.send(request.unwrap()).await;
        assert_eq!(response.headers()["allow"], "POST");
        let (status, body) = read(response).await;
        assert_eq!(status, 405);
        assert_eq!(body["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
        assert!(body.get("data").is_none());
    }
    let request =
        Request::get("/graphql?query=query%20A{list}mutation%20B{publish}&operationName=A").body(Body::empty());
    assert_eq!(read(server.send(request.unwrap()).await).await.0, 200);
}
