//! The storage is full, or the database busy or away: what is said with the status, and what on the field.

use axum::{body::Body, http::Request, response::Response};
use serde_json::{Value, json};

use super::{Server, read};

async fn ask(server: &Server, query: &str, accept: &str) -> Response {
    let body = json!({ "query": query }).to_string();
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", accept);
    server.send(request.body(Body::from(body)).unwrap()).await
}

const GRAPHQL: &str = "application/graphql-response+json";

#[tokio::test]
async fn when_nothing_could_be_done_the_status_says_so() {
    let server = Server::start().await;
    for (code, status, retry) in
        [("STORAGE_FULL", 507, None), ("BUSY", 503, Some("1")), ("UNAVAILABLE", 503, Some("5"))]
    {
        for query in [
            format!("{{outage(code:\"{code}\")}}"),
            format!("{{certainOutage(code:\"{code}\") maybe}}"),
            format!("{{a:outage(code:\"{code}\") b:outage(code:\"BUSY\") __typename}}"),
            format!("mutation{{outage(code:\"{code}\")}}"),
        ] {
            for accept in [GRAPHQL, "*/*"] {
                let response = ask(&server, &query, accept).await;
                let told = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
                let (answered, body) = read(response).await;
                assert_eq!((answered.as_u16(), told.as_deref()), (status, retry), "{query}: {body}");
                assert!(body.get("data").is_none(), "{query}: {body}");
                assert_eq!(body["errors"][0]["extensions"]["code"], code, "{query}");
                assert!(body["errors"][0].get("path").is_none(), "{query}: {body}");
            }
            // Who asks for this by name goes by the body.
            let (answered, body) = read(ask(&server, &query, "application/json").await).await;
            assert_eq!(answered.as_u16(), 200, "{query}: {body}");
            assert_eq!(body["errors"][0]["extensions"]["code"], code, "{query}");
            assert!(body.get("data").is_some(), "{query}");
        }
    }
}

#[tokio::test]
async fn when_something_was_done_or_found_the_field_says_so() {
    let server = Server::start().await;
    for (query, data) in [
        ("{outage(code:\"STORAGE_FULL\") maybe}", json!({"outage": null, "maybe": 5})),
        ("{outage(code:\"BUSY\") refuses}", json!({"outage": null, "refuses": null})),
        ("{outage(code:\"OUTCOME_UNKNOWN\")}", json!({"outage": null})),
        ("mutation{publish outage(code:\"STORAGE_FULL\")}", json!({"publish": "published 1", "outage": null})),
        ("mutation{done(code:\"UNAVAILABLE\")}", json!({"done": null})),
        ("mutation{outage(code:\"STORAGE_FULL\") done(code:\"UNAVAILABLE\")}", json!({"outage": null, "done": null})),
    ] {
        let response = ask(&server, query, GRAPHQL).await;
        assert!(response.headers().get("retry-after").is_none(), "{query}");
        let (status, body) = read(response).await;
        assert_eq!((status.as_u16(), &body["data"]), (200, &data), "{query}: {body}");
        let errors = body["errors"].as_array().unwrap();
        assert!(errors.iter().all(|error: &Value| error["path"][0].is_string()), "{query}: {body}");
    }
}
