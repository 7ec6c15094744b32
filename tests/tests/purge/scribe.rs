//! A cache that keeps nothing and writes down what it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::StatusCode,
};
use serde_json::Value;

use crate::node::PATIENCE;

#[derive(Default)]
struct Book {
    told: Vec<Told>,
    /// What it answers next; all is well when that is all.
    answers: VecDeque<StatusCode>,
}

/// A purge, and when it came.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) keys: Vec<String>,
    pub(crate) authorization: String,
    pub(crate) at: Instant,
    pub(crate) answered: StatusCode,
}

#[derive(Clone)]
pub(crate) struct Scribe {
    pub(crate) url: String,
    book: Arc<Mutex<Book>>,
}

impl Scribe {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scribe = Self { url: format!("http://{}", listener.local_addr().unwrap()), book: Arc::default() };
        let router = Router::new().fallback(note).with_state(scribe.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        scribe
    }

    /// What it answers next, instead of that all is well.
    pub(crate) fn answers(&self, status: StatusCode, times: usize) {
        self.book.lock().unwrap().answers.extend(std::iter::repeat_n(status, times));
    }

    /// From now on it answers that all is well.
    pub(crate) fn all_is_well(&self) {
        self.book.lock().unwrap().answers.clear();
    }

    pub(crate) fn told(&self) -> Vec<Told> {
        self.book.lock().unwrap().told.clone()
    }

    /// Waits until it was told something after so much.
    pub(crate) async fn hears(&self, after: usize, wanted: impl Fn(&Told) -> bool) -> Told {
        let begun = Instant::now();
        loop {
            if let Some(told) = self.told().into_iter().skip(after).find(&wanted) {
                return told;
            }
            assert!(begun.elapsed() < PATIENCE, "it was told nothing of that: {:?}", self.told());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn note(State(scribe): State<Scribe>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let keys = body["keys"].as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect();
    let authorization = parts.headers.get("authorization").map_or("", |value| value.to_str().unwrap()).to_owned();
    let mut book = scribe.book.lock().unwrap();
    let answered = book.answers.pop_front().unwrap_or(StatusCode::OK);
    book.told.push(Told { keys, authorization, at: Instant::now(), answered });
    answered
}
