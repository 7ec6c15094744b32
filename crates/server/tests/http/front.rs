//! What is kept is given in front of the routes as they would give it.

use std::collections::BTreeSet;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request},
};
use courant_server::{AnswerCache, Config};
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::support::{Answer, Server};

/// A body whose pieces come one after the other, and not at once: it is left to the routes.
fn slow(body: &str) -> Body {
    let pieces: Vec<_> = body.as_bytes().chunks(7).map(Bytes::copy_from_slice).collect();
    let slow = stream::iter(pieces).then(async |piece| {
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        Ok::<_, std::io::Error>(piece)
    });
    Body::from_stream(slow)
}

fn post(body: Body, length: usize, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::post("/graphql").header("content-type", "application/json").header("content-length", length);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(body).unwrap()
}

/// All that is the same whenever it is asked.
fn lines(headers: &HeaderMap, left_out: &[&str]) -> BTreeSet<String> {
    let lines = headers.iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
    lines.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
}

fn is_the_same(ours: &Answer, theirs: &Answer, left_out: &[&str], of: &str) {
    assert_eq!(ours.status, theirs.status, "{of}");
    assert_eq!(ours.body, theirs.body, "{of}");
    assert_eq!(lines(&ours.headers, left_out), lines(&theirs.headers, left_out), "{of}");
    assert_eq!(ours.header("cache-status"), "Courant; hit", "{of}");
    assert!(!ours.header("x-request-id").is_empty(), "{of}");
}

const CLIENTS: &[&[(&str, &str)]] = &[
    &[],
    &[("accept", "application/graphql-response+json")],
    &[("accept", "application/json"), ("accept-encoding", "identity")],
    &[("accept-encoding", "gzip")],
    &[("accept-encoding", "br, gzip;q=0.5"), ("origin", "https://front.example")],
    &[("x-request-id", "mine"), ("origin", "null")],
    &[("accept", "application/json, text/event-stream")],
    &[("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")],
];

#[tokio::test]
async fn an_answer_in_front_is_the_routes_answer() {
    let server = Server::start().await;
    let body = json!({ "query": "query Home { site { name } categories { id } }" }).to_string();
    server.send(post(Body::from(body.clone()), body.len(), &[])).await;
    for client in CLIENTS {
        let ours = server.send(post(Body::from(body.clone()), body.len(), client)).await;
        let theirs = server.send(post(slow(&body), body.len(), client)).await;
        is_the_same(&ours, &theirs, &["x-request-id"], &format!("{client:?}"));
    }
}

#[tokio::test]
async fn a_beacon_in_front_is_answered_as_by_the_routes() {
    let fronted = Server::start().await;
    let routed = Server::with(Config { answers: AnswerCache::off(), ..Config::default() }).await;
    // The id of an article, and what is none.
    let id = "QQAAAAAAAAAAAAAAAAAAAAdlbg";
    for (body, status) in [(id, 204), ("nonsense", 400), (&*"x".repeat(1_000), 413)] {
        for client in CLIENTS {
            let beacon = || {
                let request = Request::post("/reads").header("content-type", "text/plain;charset=UTF-8");
                let request = client.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                request.body(Body::from(body.to_owned())).unwrap()
            };
            let (ours, theirs) = (fronted.send(beacon()).await, routed.send(beacon()).await);
            assert_eq!((ours.status.as_u16(), theirs.status.as_u16()), (status, status), "{client:?}");
            let of = format!("{client:?} {status}");
            assert_eq!(
                lines(&ours.headers, &["x-request-id", "vary"]),
                lines(&theirs.headers, &["x-request-id", "vary"]),
                "{of}"
            );
            assert!(!ours.header("x-request-id").is_empty());
            if status == 400 && ours.header("content-encoding").is_empty() {
                assert_eq!(ours.refused(400), "BAD_USER_INPUT");
            }
        }
    }
}

#[tokio::test]
async fn what_is_asked_by_get_is_the_same_as_when_it_was_made() {
    let server = Server::start().await;
    for (number, client) in CLIENTS.iter().enumerate() {
        let path = format!("/graphql?query=query+Home{number}+%7B+site+%7B+name+%7D+%7D");
        let (theirs, ours) = (server.get_with(&path, client).await, server.get_with(&path, client).await);
        // How long others may keep it is said of when it is given.
        is_the_same(&ours, &theirs, &["x-request-id", "cache-status"], &format!("{client:?}"));
        let tag = ours.header("etag").to_owned();
        let known = server.get_with(&path, &[client, &[("if-none-match", &*tag)][..]].concat()).await;
        assert_eq!((known.status.as_u16(), known.body.len()), (304, 0), "{client:?}");
    }
}

#[tokio::test]
async fn a_token_is_looked_at_whatever_was_sent_before() {
    let server = Server::start().await;
    let body = json!({ "query": "{ site { name } }" }).to_string();
    for _ in 0..2 {
        server.send(post(Body::from(body.clone()), body.len(), &[])).await;
    }
    let answer = server.send(post(Body::from(body.clone()), body.len(), &[("authorization", "Bearer nobody's")])).await;
    assert_eq!(answer.refused(401), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_change_is_seen_in_front() {
    let server = Server::start().await;
    let body = json!({ "query": r#"{ route(path: "/en/articles/old") { __typename } }"# }).to_string();
    let ask = async || server.send(post(Body::from(body.clone()), body.len(), &[])).await;
    ask().await;
    assert_eq!(ask().await.header("cache-status"), "Courant; hit");
    server.store.newsroom().redirect_put("/en/articles/old", None).await.unwrap();
    let after = ask().await;
    assert_eq!(after.header("cache-status"), "Courant; fwd=stale; stored", "{}", after.text());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_request() {
    let server = Server::start().await;
    let body = json!({ "query": "{ site { name } }" }).to_string();
    server.send(post(Body::from(body.clone()), body.len(), &[])).await;
    let broken = stream::iter([Ok(Bytes::from(body.clone())), Err(std::io::Error::other("gone"))]);
    let answer = server.send(post(Body::from_stream(broken), body.len() + 10, &[])).await;
    assert_eq!(answer.refused(400), "BAD_REQUEST");
}
