//! Answers in pieces, so that it is known how they are taken.
//!
//! A piece is taken when the server has let go of it: when the kernel has its bytes. HTTP/2 sends no more of a stream than its
//! client has room for, and what is not sent is not taken. A client that takes nothing of an answer for a while, or less than a
//! piece, is not waited for any longer.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use futures_util::task::AtomicWaker;
use http_body::{Frame, SizeHint};

use super::{
    Patience,
    link::{Asked, Link, Order},
};
use crate::{
    config::{Pressure, now},
    pieces::Pieces,
};

/// The size of a frame of HTTP/2, if nobody has asked for larger ones.
const PIECE: usize = 16 * 1024;

/// How long a client may take nothing of an answer.
#[derive(Debug, Clone)]
pub(super) struct Taking {
    usual: Duration,
    pressed: Duration,
    pressure: Pressure,
}

impl Taking {
    pub(super) fn new(patience: Patience, pressure: Pressure) -> Self {
        Self { usual: patience.taking, pressed: patience.taking.min(patience.pressed), pressure }
    }

    /// How long it is at the moment.
    pub(super) fn now(&self) -> Duration {
        if self.pressure.lasts() { self.pressed } else { self.usual }
    }
}

/// How an answer is taken, or those of a connection that come one after the other.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// How many pieces have been given and are not taken yet.
    waiting: AtomicUsize,
    /// When one was taken last, or given after none was left.
    since: AtomicU64,
    taken: AtomicWaker,
    /// The connection, for an answer that has a stream of its own.
    pub(super) link: OnceLock<Arc<Link>>,
}

impl Pace {
    fn give(self: &Arc<Self>, bytes: Bytes) -> Bytes {
        if self.waiting.fetch_add(1, Ordering::AcqRel) == 0 {
            self.since.store(now(), Ordering::Relaxed);
        }
        Bytes::from_owner(Piece { bytes, pace: Arc::clone(self) })
    }

    /// Whether anything is left to be taken.
    pub(super) fn waits(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > 0
    }

    /// Whether nothing has been taken for so long of what there is.
    pub(super) fn is_stalled(&self, patience: Duration) -> bool {
        self.waits() && self.passed() >= patience
    }

    fn passed(&self) -> Duration {
        Duration::from_millis(now().saturating_sub(self.since.load(Ordering::Relaxed)))
    }

    fn poll_taken(&self, task: &mut Context<'_>) -> Poll<()> {
        self.taken.register(task.waker());
        if self.waits() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Waits until everything is taken.
    pub(super) async fn taken(&self) {
        poll_fn(|task| self.poll_taken(task)).await;
    }

    /// Waits until nothing has been taken for as long as is waited for.
    pub(super) async fn stalled(&self, taking: &Taking) {
        loop {
            let patience = taking.now();
            let left = if self.waits() { patience.saturating_sub(self.passed()) } else { patience };
            // It may become shorter meanwhile. Milliseconds are counted whole.
            tokio::time::sleep(left.min(taking.pressed) + Duration::from_millis(1)).await;
            if self.is_stalled(taking.now()) {
                return;
            }
        }
    }

    /// Ends the connection of a stream.
    pub(super) fn cut(&self) {
        if let Some(link) = self.link.get() {
            link.tell(Order::Cut);
        }
    }
}

struct Piece {
    bytes: Bytes,
    pace: Arc<Pace>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.pace.since.store(now(), Ordering::Relaxed);
        if self.pace.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.pace.taken.wake();
        }
    }
}

/// The body of an answer, in pieces. Its request is under way until it is gone.
pub(super) struct Paced {
    pieces: Pieces,
    pace: Arc<Pace>,
    given: usize,
    /// Whether it has a stream of its own, whose task is to live until all of it is taken: while it does, the stream can be reset.
    /// An answer of one piece is spared the frame that costs.
    is_stream: bool,
    _asked: Asked,
}

impl Paced {
    pub(super) fn new(body: Body, pace: Arc<Pace>, is_stream: bool, asked: Asked) -> Self {
        Self { pieces: Pieces::new(body, PIECE), pace, given: 0, is_stream, _asked: asked }
    }

    fn is_held(&self) -> bool {
        self.is_stream && self.given > 1 && self.pace.waits()
    }
}

impl fmt::Debug for Paced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paced").field("given", &self.given).finish_non_exhaustive()
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(frame) = ready!(Pin::new(&mut self.pieces).poll_frame(task)?) else {
            if self.is_held() {
                ready!(self.pace.poll_taken(task));
            }
            return Poll::Ready(None);
        };
        let piece = match frame.into_data() {
            Ok(piece) => piece,
            Err(other) => return Poll::Ready(Some(Ok(other))),
        };
        self.given += 1;
        Poll::Ready(Some(Ok(Frame::data(self.pace.give(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_end_stream() && !self.is_held()
    }

    fn size_hint(&self) -> SizeHint {
        self.pieces.size_hint()
    }
}
