//! Reading a body no further than the limit.

use std::time::Duration;

use axum::{body::Body, http::StatusCode};
use futures_util::StreamExt;

use super::refusal::Refusal;
use crate::error::ErrorCode;

/// Reads a body, unpacked on the way by an outer layer, until it ends or is too large: what a packed one would have
/// become is never held in memory.
pub(super) async fn read(body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, Refusal> {
    tokio::time::timeout(patience, read_all(body, limit)).await.unwrap_or_else(|_| {
        let message = format!("the body did not arrive within {} seconds", patience.as_secs());
        Err(Refusal::http(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, message))
    })
}

async fn read_all(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else {
            return Err(Refusal::bad_request("the body ended early, or is not packed as it says"));
        };
        if read.len() + chunk.len() > limit {
            let message = format!("the body is larger than {limit} bytes");
            return Err(Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::body::Bytes;
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn no_more_is_read_than_one_piece_beyond_the_limit() {
        let read_pieces = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&read_pieces);
        let endless = stream::repeat_with(move || {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 100]))
        });
        let refusal = read(Body::from_stream(endless), 1_000, Duration::from_secs(60)).await.unwrap_err();
        assert_eq!(refusal.problems[0].code, ErrorCode::PayloadTooLarge);
        assert_eq!(read_pieces.load(Ordering::Relaxed), 11);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let refusal = read(never, 1_000, Duration::from_millis(1)).await.unwrap_err();
        assert_eq!(refusal.status, StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn a_body_at_the_limit_is_read_whole() {
        assert_eq!(read(Body::from("12345"), 5, Duration::from_secs(60)).await.unwrap(), b"12345");
        assert!(read(Body::from("123456"), 5, Duration::from_secs(60)).await.is_err());
    }
}
