//! Reading a body no further than the limit, and unpacking it on the way.

use std::{
    io::{self, Write},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    http::StatusCode,
};
use courant_gateway::error::ErrorCode;
use flate2::write::GzDecoder;
use futures_util::StreamExt;
use tokio::time::{Instant, timeout};

use super::params::Packing;
use crate::middleware::{
    flow::{Crowd, Read},
    refusal::Refusal,
};

/// How many members a packed body may have (RFC 1952, §2.2). Each costs the same, even if there is nothing in it.
const MOST_MEMBERS: usize = 1_000;

/// So much of each body is not charged.
pub(crate) const FREE: usize = 16 * 1024;

/// What has come within this time takes no place of those that are waited for.
const PROMPT: Duration = Duration::from_millis(250);

/// How long a body may stand still while others find no room for theirs.
const STILL: Duration = Duration::from_secs(2);

/// Reads a body until it ends or is too large: what a packed one would have become is never held in memory. What it takes is
/// charged as it comes.
pub(crate) async fn read(
    body: Body,
    packing: Packing,
    limit: usize,
    patience: Duration,
    read: &mut Read,
) -> Result<Vec<u8>, Refusal> {
    timeout(patience, read_all(body, packing, limit, read)).await.unwrap_or_else(|_| {
        let message = format!("the body did not arrive within {} seconds", patience.as_secs());
        Err(Refusal::http(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, message))
    })
}

async fn read_all(body: Body, packing: Packing, limit: usize, read: &mut Read) -> Result<Vec<u8>, Refusal> {
    // Packing makes nothing larger by more than this.
    let most = if packing == Packing::Gzip { limit.saturating_mul(2).saturating_add(1_024) } else { limit };
    if body.size_hint().lower() > most as u64 {
        // Nothing of it needs to be read for that.
        return Err(Unread::TooLarge.refusal(limit));
    }
    let mut charged = FREE;
    let mut stream = body.into_data_stream();
    let mut reading = match packing {
        Packing::None => Reading::Plain(Bounded::of(limit)),
        Packing::Gzip => {
            Reading::Packed { decoder: Box::new(GzDecoder::new(Bounded::of(limit))), members: 1, bytes: 0 }
        }
    };
    let prompt = Instant::now() + PROMPT;
    let mut still = PROMPT;
    loop {
        let piece = match timeout(still, stream.next()).await {
            Ok(Some(piece)) => Some(piece),
            Ok(None) => break,
            Err(_) if read.is_in_the_way() => return Err(Unread::Still.refusal(limit)),
            Err(_) => None,
        };
        // What comes at once waits for no place.
        if Instant::now() >= prompt {
            read.wait_for().map_err(Crowd::refusal)?;
            still = STILL;
        }
        let Some(piece) = piece else { continue };
        let taken = piece.map_err(|_| Unread::Broken).and_then(|piece| reading.take(&piece));
        taken.map_err(|unread| unread.refusal(limit))?;
        let length = reading.length();
        if length > charged {
            read.body.more(length - charged).map_err(Crowd::refusal)?;
            charged = length;
        }
    }
    reading.end().map_err(|unread| unread.refusal(limit))
}

enum Reading {
    Plain(Bounded),
    /// The member that is being unpacked, which one it is, and how much has been read.
    Packed {
        decoder: Box<GzDecoder<Bounded>>,
        members: usize,
        bytes: usize,
    },
}

enum Unread {
    TooLarge,
    Broken,
    Still,
}

impl Unread {
    fn refusal(&self, limit: usize) -> Refusal {
        match self {
            Self::TooLarge => {
                let message = format!("the body is larger than {limit} bytes");
                Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message)
            }
            Self::Still => {
                let message = "nothing of the body came for two seconds, and others wait";
                Refusal::http(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, message)
            }
            Self::Broken => Refusal::bad_request("the body ended early, or is not packed as it says"),
        }
    }
}

impl Reading {
    fn take(&mut self, mut piece: &[u8]) -> Result<(), Unread> {
        match self {
            Self::Plain(read) => read.write_all(piece).map_err(|_| Unread::TooLarge),
            Self::Packed { decoder, members, bytes } => {
                *bytes += piece.len();
                // As above, of what does not say its length.
                if *bytes > decoder.get_ref().limit.saturating_mul(2).saturating_add(1_024) {
                    return Err(Unread::TooLarge);
                }
                while !piece.is_empty() {
                    let taken = decoder.write(piece).map_err(|_| unread(decoder.get_ref()))?;
                    if taken == 0 {
                        // It has ended, and another one begins.
                        *members += 1;
                        if *members > MOST_MEMBERS {
                            return Err(Unread::TooLarge);
                        }
                        decoder.try_finish().map_err(|_| unread(decoder.get_ref()))?;
                        let read = std::mem::replace(decoder.get_mut(), Bounded::of(0));
                        **decoder = GzDecoder::new(read);
                    }
                    piece = piece.get(taken..).unwrap_or_default();
                }
                Ok(())
            }
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Plain(read) => read.bytes.len(),
            Self::Packed { decoder, .. } => decoder.get_ref().bytes.len(),
        }
    }

    fn end(self) -> Result<Vec<u8>, Unread> {
        match self {
            Self::Plain(read) => Ok(read.bytes),
            Self::Packed { mut decoder, .. } => match decoder.try_finish() {
                Ok(()) => Ok(std::mem::take(&mut decoder.get_mut().bytes)),
                Err(_) => Err(unread(decoder.get_ref())),
            },
        }
    }
}

const fn unread(read: &Bounded) -> Unread {
    if read.is_over { Unread::TooLarge } else { Unread::Broken }
}

/// Bytes, and no more of them than the limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    /// Whether there would have been more.
    is_over: bool,
}

impl Bounded {
    const fn of(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, is_over: false }
    }
}

impl Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.is_over |= self.bytes.len() + piece.len() > self.limit;
        if self.is_over {
            return Err(io::Error::other("too large"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
    use crate::{
        Pressure,
        middleware::flow::{Flow, Traffic},
    };

    fn request() -> Read {
        Flow::new(Traffic::default(), Pressure::default()).read(None)
    }

    #[tokio::test]
    async fn no_more_is_read_than_one_piece_beyond_the_limit() {
        let read_pieces = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&read_pieces);
        let endless = stream::repeat_with(move || {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 100]))
        });
        let refusal = read(Body::from_stream(endless), Packing::None, 1_000, Duration::from_secs(60), &mut request())
            .await
            .unwrap_err();
        assert_eq!(refusal.problems[0].code, ErrorCode::PayloadTooLarge);
        assert_eq!(read_pieces.load(Ordering::Relaxed), 11);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let refusal = read(never, Packing::None, 1_000, Duration::from_millis(1), &mut request()).await.unwrap_err();
        assert_eq!(refusal.status, StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn a_body_at_the_limit_is_read_whole() {
        assert_eq!(
            read(Body::from("12345"), Packing::None, 5, Duration::from_secs(60), &mut request()).await.unwrap(),
            b"12345"
        );
        assert!(read(Body::from("123456"), Packing::None, 5, Duration::from_secs(60), &mut request()).await.is_err());
    }
}
