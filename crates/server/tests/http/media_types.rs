//! What is read and what is written.

use crate::support::Server;
use serde_json::json;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const TYPENAME: &str = r#"{"query":"{__typename}"}"#;

#[tokio::test]
async fn the_answer_is_of_the_type_the_client_likes_best() {
    let server = Server::start().await;
    for (accept, expected) in [
        (GRAPHQL, GRAPHQL),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/graphql-response+json;q=0.5, application/json", JSON),
        ("text/html, */*;q=0.1", JSON),
    ] {
        let answer = server.post_with(&[("content-type", JSON), ("accept", accept)], TYPENAME).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), format!("{expected}; charset=utf-8"), "{accept}");
        assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}));
    }
    let answer = server.post_with(&[("content-type", JSON)], TYPENAME).await;
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
}

#[tokio::test]
async fn caches_are_told_that_the_type_was_chosen() {
    let answer = Server::start().await.get("/graphql?query={__typename}").await;
    let vary: Vec<&str> = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(vary.join(",").split(',').any(|name| name.trim().eq_ignore_ascii_case("accept")), "{vary:?}");
    assert_eq!(answer.header("cache-control"), "public, max-age=0, s-maxage=10, stale-while-revalidate=10");
}

#[tokio::test]
async fn a_type_we_do_not_write_is_not_acceptable() {
    let server = Server::start().await;
    for accept in ["text/html", "image/*, application/xml;q=0.5", "application/json;q=0"] {
        let answer = server.post_with(&[("content-type", JSON), ("accept", accept)], TYPENAME).await;
        assert_eq!(answer.refused(406), "NOT_ACCEPTABLE", "{accept}");
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn a_body_of_another_type_or_encoding_is_refused() {
    let server = Server::start().await;
    for content_type in [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
    ] {
        let answer = server.post_with(&[("content-type", content_type)], TYPENAME).await;
        assert_eq!(answer.refused(415), "UNSUPPORTED_MEDIA_TYPE", "{content_type}");
        assert_eq!(answer.header("accept-post"), JSON);
    }
    assert_eq!(server.post_with(&[], TYPENAME).await.refused(415), "UNSUPPORTED_MEDIA_TYPE");
    for content_type in ["application/json", "application/json;charset=UTF-8", "APPLICATION/JSON; charset=\"utf-8\""] {
        assert_eq!(server.post_with(&[("content-type", content_type)], TYPENAME).await.status, 200, "{content_type}");
    }
    let answer = server.post_with(&[("content-type", JSON), ("content-encoding", "zstd")], TYPENAME).await;
    assert_eq!(answer.refused(415), "UNSUPPORTED_MEDIA_TYPE");
}
