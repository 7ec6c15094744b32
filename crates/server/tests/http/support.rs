//! The service on a fresh database, spoken to without a socket.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use courant_persistence::{Options, Store, migrate};
use courant_server::{Config, router};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A server.
pub(crate) struct Server {
    router: Router,
    pub(crate) store: Store,
    _data: TempDir,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let data = TempDir::new().unwrap();
        let options = Options::sqlite(&data.path().join("courant.db"));
        migrate(&options).await.unwrap();
        let store = Store::open(&options).await.unwrap();
        Self { router: router(store.clone(), config).await.unwrap(), store, _data: data }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post_with(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let request =
            headers.iter().fold(Request::post("/graphql"), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Posts JSON, and takes whatever type comes back.
    pub(crate) async fn post(&self, body: Value) -> Answer {
        self.post_with(&[("content-type", "application/json")], body.to_string()).await
    }

    pub(crate) async fn query(&self, query: &str) -> Answer {
        self.post(json!({ "query": query })).await
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first error's code, after it has been seen to be a well-made refusal.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> String {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert!(body.get("data").is_none(), "{body}");
        for error in body["errors"].as_array().unwrap() {
            let message = error["message"].as_str().unwrap();
            assert!(!message.is_empty() && !message.contains('\n'), "{message}");
            // What Rust's `Debug` writes.
            for trace in ["Some(", "None", "ConstValue", "Name(", "Value", "Positioned", "::", "Err("] {
                assert!(!message.contains(trace), "{message}");
            }
            assert!(error["extensions"]["code"].is_string(), "{body}");
        }
        body["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }
}
