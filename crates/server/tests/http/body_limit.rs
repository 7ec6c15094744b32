//! Bodies are read no further than the limit, packed or not.

use std::io::Write;

use crate::support::Server;
use axum::body::{Body, Bytes};
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");
const GZIP: (&str, &str) = ("content-encoding", "gzip");
const LIMIT: usize = 1024 * 1024;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn request(bytes: usize) -> String {
    let body = json!({"query": "{__typename}", "extensions": {"padding": ""}}).to_string();
    body.replace("\"padding\":\"\"", &format!("\"padding\":\"{}\"", "x".repeat(bytes - body.len())))
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    let server = Server::start().await;
    assert_eq!(server.post_with(&[JSON], request(LIMIT)).await.status, 200);
    assert_eq!(server.post_with(&[JSON], request(LIMIT + 1)).await.refused(413), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_packed_body_is_read() {
    let server = Server::start().await;
    let answer = server.post_with(&[JSON, GZIP], gzip(request(100_000).as_bytes())).await;
    assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}));
}

#[tokio::test]
async fn a_packed_body_may_come_in_several_members_and_its_coding_be_written_in_any_case() {
    let server = Server::start().await;
    let text = request(200_000);
    let (first, rest) = text.as_bytes().split_at(70_000);
    let body = [gzip(first), gzip(b""), gzip(rest)].concat();
    for coding in ["gzip", "GZIP", "x-gzip"] {
        let answer = server.post_with(&[JSON, ("content-encoding", coding)], body.clone()).await;
        assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}), "{coding}");
    }
    // However it is cut into pieces.
    for length in [1, 7, 1_000] {
        let pieces: Vec<_> =
            body.chunks(length).map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece))).collect();
        let answer = server.post_with(&[JSON, GZIP], Body::from_stream(stream::iter(pieces))).await;
        assert_eq!(answer.status, 200, "{length}: {}", answer.text());
    }
    assert_eq!(server.post_with(&[JSON, GZIP], [body, b"more".to_vec()].concat()).await.refused(400), "BAD_REQUEST");
    let empty = gzip(b"").repeat(2_000);
    assert_eq!(server.post_with(&[JSON, GZIP], empty).await.refused(413), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_packed_body_is_as_large_as_what_is_in_it() {
    let server = Server::start().await;
    assert_eq!(server.post_with(&[JSON, GZIP], gzip(request(LIMIT).as_bytes())).await.status, 200);
    assert_eq!(
        server.post_with(&[JSON, GZIP], gzip(request(LIMIT + 1).as_bytes())).await.refused(413),
        "PAYLOAD_TOO_LARGE"
    );
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let bomb = gzip(&vec![b' '; 50 * 1024 * 1024]);
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    // Given in pieces, so that it shows how much of it was read: it unpacks about a thousandfold.
    let pieces: Vec<Bytes> = bomb.chunks(1_024).map(Bytes::copy_from_slice).collect();
    let given = pieces.len();
    let left = std::sync::Arc::new(std::sync::Mutex::new(pieces.into_iter()));
    let source = std::sync::Arc::clone(&left);
    let body = Body::from_stream(stream::poll_fn(move |_| {
        std::task::Poll::Ready(source.lock().unwrap().next().map(Ok::<_, std::io::Error>))
    }));
    assert_eq!(Server::start().await.post_with(&[JSON, GZIP], body).await.refused(413), "PAYLOAD_TOO_LARGE");
    let read = given - left.lock().unwrap().len();
    assert!(read <= 4, "{read} of {given} pieces were read");
}

#[tokio::test]
async fn a_body_that_is_not_packed_as_it_says_is_refused() {
    let server = Server::start().await;
    assert_eq!(server.post_with(&[JSON, GZIP], request(100)).await.refused(400), "BAD_REQUEST");
    let mut cut = gzip(request(1_000).as_bytes());
    cut.truncate(cut.len() - 20);
    assert_eq!(server.post_with(&[JSON, GZIP], cut).await.refused(400), "BAD_REQUEST");
}
