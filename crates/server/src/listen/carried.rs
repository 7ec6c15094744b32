//! Answers that go on for as long as somebody follows them, over HTTP/1.1: Server-Sent Events and parts of one message.
//!
//! The head of such an answer is written by hyper, and the rest here: what hyper keeps for a request that may come next, twice 8 KiB at the
//! least, is more than all else there is of somebody who waits for news. So the connection is for this answer alone, which the head says.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, Response, header},
};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    link::{Link, Order},
    pace::Paced,
    wire::Wire,
};

/// A connection's bytes, to be had back from whoever reads and writes them.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Option<Wire>>>);

impl Shared {
    pub(super) fn new(wire: Wire) -> Self {
        Self(Arc::new(Mutex::new(Some(wire))))
    }

    /// Takes them back. Whoever goes on reading finds their end.
    pub(super) fn take(&self) -> Option<Wire> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Wire>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll<T>(&self, poll: impl FnOnce(Pin<&mut Wire>) -> Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &mut *self.lock() {
            Some(wire) => poll(Pin::new(wire)),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

impl AsyncRead for Shared {
    fn poll_read(self: Pin<&mut Self>, task: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.poll(|wire| wire.poll_read(task, into))
    }
}

impl AsyncWrite for Shared {
    fn poll_write(self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll(|wire| wire.poll_write(task, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll(|wire| wire.poll_write_vectored(task, bytes))
    }

    fn is_write_vectored(&self) -> bool {
        self.lock().as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(|wire| wire.poll_flush(task))
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(|wire| wire.poll_shutdown(task))
    }
}

/// Whether an answer goes on until somebody ends it.
pub(super) fn goes_on(response: &Response<Body>) -> bool {
    let is_stream = |kind: &HeaderValue| {
        let kind = kind.as_bytes();
        kind.starts_with(b"text/event-stream") || kind.starts_with(b"multipart/mixed")
    };
    response.headers().get(header::CONTENT_TYPE).is_some_and(is_stream) && response.body().size_hint().exact().is_none()
}

/// The body of an answer, for hyper to write, or to be carried on once its head is written.
pub(super) enum Given {
    Written(Paced),
    /// None once it was asked for.
    Carried(Option<Box<Paced>>, Arc<Link>),
}

impl HttpBody for Given {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut *self {
            Self::Written(body) => Pin::new(body).poll_frame(task),
            // It is asked for when the head is written, and whoever serves the connection looks for it then.
            Self::Carried(body, link) => {
                if let Some(body) = body.take() {
                    link.carry(body);
                }
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Written(body) if body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Written(body) => body.size_hint(),
            Self::Carried(..) => SizeHint::default(),
        }
    }
}

/// Carries an answer on whose head is written, to its end or until its client is gone.
pub(super) async fn carry(wire: Wire, body: Box<Paced>, link: Arc<Link>) {
    let mut carried = Carried { wire, body, out: Default::default(), has_ended: false };
    let cut = async { while link.told().await != Order::Cut {} };
    tokio::select! {
        biased;
        () = cut => tracing::debug!("a connection was ended"),
        () = poll_fn(|task| carried.poll(task)) => {}
    }
}

struct Carried {
    wire: Wire,
    body: Box<Paced>,
    /// What is being written.
    out: [Bytes; 3],
    has_ended: bool,
}

impl Carried {
    fn poll(&mut self, task: &mut Context<'_>) -> Poll<()> {
        if self.is_client_gone(task) {
            return Poll::Ready(());
        }
        loop {
            if ready!(self.poll_written(task)).is_err() {
                return Poll::Ready(());
            }
            if self.has_ended {
                // Whether it is heard is no concern of ours any more.
                return Pin::new(&mut self.wire).poll_shutdown(task).map(drop);
            }
            self.out = match ready!(Pin::new(&mut *self.body).poll_frame(task)) {
                Some(Ok(frame)) => frame.into_data().map(chunk).unwrap_or_default(),
                // It is cut off, and its client sees that it is.
                Some(Err(error)) => {
                    tracing::debug!(%error, "an answer broke off");
                    return Poll::Ready(());
                }
                None => {
                    self.has_ended = true;
                    [Bytes::from_static(b"0\r\n\r\n"), Bytes::new(), Bytes::new()]
                }
            };
        }
    }

    /// Whether the client has ended the connection. What else it says is not heard.
    fn is_client_gone(&mut self, task: &mut Context<'_>) -> bool {
        let mut room = [0; 256];
        for _ in 0..16 {
            let mut into = ReadBuf::new(&mut room);
            match Pin::new(&mut self.wire).poll_read(task, &mut into) {
                Poll::Pending => return false,
                Poll::Ready(Ok(())) if !into.filled().is_empty() => {}
                Poll::Ready(_) => return true,
            }
        }
        task.waker().wake_by_ref();
        false
    }

    fn poll_written(&mut self, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.out.iter().any(|bytes| !bytes.is_empty()) {
            let slices = [0, 1, 2].map(|index| IoSlice::new(&self.out[index]));
            let mut written = ready!(Pin::new(&mut self.wire).poll_write_vectored(task, &slices))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            for bytes in &mut self.out {
                let part = bytes.split_to(written.min(bytes.len()));
                written -= part.len();
                if bytes.is_empty() {
                    // What is not held any more counts as taken.
                    *bytes = Bytes::new();
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// A chunk (RFC 9112, §7.1); an empty one would be the last.
fn chunk(data: Bytes) -> [Bytes; 3] {
    if data.is_empty() {
        return Default::default();
    }
    [format!("{:x}\r\n", data.len()).into(), data, Bytes::from_static(b"\r\n")]
}
