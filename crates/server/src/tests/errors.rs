//! What clients learn of failures, and what they do not.

use std::{
    io,
    sync::{Arc, LazyLock, Mutex},
};

use axum::{body::Body, http::Request};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

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
async fn an_object_asked_for_twice_is_null_when_one_of_its_fields_fails() {
    let server = Server::start().await;
    for query in [
        "{half{good} half{fails{good}}}",
        "{half{fails{good}} half{good}}",
        "{half{good} ...F} fragment F on Query{half{list{fails{good}}}}",
        "{half{list{good}} half{list{fails{good}}}}",
    ] {
        let (_, body) = server.post(json!({"query": query})).await;
        assert_eq!(body["data"], json!({"half": null}), "{query}");
        assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
    }
    assert_eq!(
        server.data("{half{good} half{list{good}}}", json!({})).await,
        json!({"half": {"good": 1, "list": [{"good": 1}]}})
    );
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_the_next_request_is_answered() {
    let server = Server::start().await;
    let request =
        Request::get("/graphql?query={panics}").header("origin", "https://front.example").body(Body::empty()).unwrap();
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

/// What all tests of this binary log. A log of one test's own would depend on what runs beside it: whether a line is
/// written at all is settled once for all threads.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let _ = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).try_init();
    log
});

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn what_the_client_is_not_told_is_in_the_log_beside_the_id() {
    let log = LOG.clone();
    let server = Server::start().await;
    for query in ["insideFails", "foreignFailure", "panics"] {
        let id = format!("logged-{query}");
        let request =
            Request::get(format!("/graphql?query={{{query}}}")).header("x-request-id", &id).body(Body::empty());
        let (_, body) = read(server.send(request.unwrap()).await).await;
        assert!(!body.to_string().contains("secret table"), "{body}");
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(&id)).collect();
        assert!(lines.iter().any(|line| line.contains("ERROR") && line.contains("secret table")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.contains("answered")), "{lines:#?}");
    }
}
