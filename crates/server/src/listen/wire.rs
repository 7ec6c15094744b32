//! A connection's bytes: what comes is seen before the parser sees it, and what is still coming at the end is read and thrown away.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{
    Held,
    chunks::Chunks,
    head::{Head, Seen},
    link::{Length, Link},
};

/// What a client that knows HTTP/2 says first (RFC 9113, §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long, and how much, of what is still coming is read when the answer to it is out: a connection that is closed before is
/// reset, and the client may never see the answer (RFC 9112, §9.6).
const LINGER: Duration = Duration::from_secs(5);
const LINGER_BYTES: usize = 64 * 1024 * 1024;

pub(super) struct Wire {
    stream: TcpStream,
    link: Arc<Link>,
    _held: Held,
    phase: Phase,
    head: Head,
    /// How much of the preface has come, as long as nothing else has.
    preface: Option<usize>,
    /// What was read and belongs to what comes after.
    ahead: Vec<u8>,
    has_ended: bool,
    lingering: Option<Lingering>,
}

struct Lingering {
    end: Pin<Box<Sleep>>,
    left: usize,
}

/// What the bytes that come next belong to.
enum Phase {
    Head,
    /// What is after a head: as soon as it is parsed, it is known what that is.
    Open,
    Body(u64),
    Chunks(Chunks),
    /// Another protocol than HTTP/1.
    Other,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, held: Held) -> Self {
        Self {
            stream,
            link: Arc::clone(&held.place.link),
            _held: held,
            phase: Phase::Head,
            head: Head::default(),
            preface: Some(0),
            ahead: Vec::new(),
            has_ended: false,
            lingering: None,
        }
    }

    /// How many of these bytes belong to what is being read: one at the least.
    fn look(&mut self, bytes: &mut [u8]) -> usize {
        if matches!(self.phase, Phase::Open) {
            self.phase = match self.link.take_length() {
                Length::Exactly(0) | Length::Unknown => Phase::Head,
                Length::Exactly(length) => Phase::Body(length),
                Length::Chunked => Phase::Chunks(Chunks::default()),
                Length::Endless => Phase::Other,
            };
        }
        if let Some(known) = self.preface {
            let rest = &PREFACE[known..];
            let compared = rest.len().min(bytes.len());
            self.preface = (rest[..compared] == bytes[..compared]).then_some(known + compared);
            if self.preface == Some(PREFACE.len()) {
                self.preface = None;
                self.phase = Phase::Other;
                self.link.head_comes();
            }
        }
        match &mut self.phase {
            Phase::Other | Phase::Open => bytes.len(),
            Phase::Head => {
                self.link.head_comes();
                match self.head.look(bytes) {
                    Seen::More => bytes.len(),
                    Seen::End(end) => {
                        self.phase = Phase::Open;
                        end
                    }
                    Seen::Refused => {
                        // The parser begins once it sees an end.
                        self.ahead.splice(0..0, *b"\r\n\r\n");
                        self.phase = Phase::Other;
                        bytes.len()
                    }
                }
            }
            Phase::Body(left) => {
                let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= length as u64;
                if *left == 0 {
                    self.phase = Phase::Head;
                }
                length
            }
            Phase::Chunks(chunks) => match chunks.look(bytes) {
                Some(end) => {
                    self.phase = Phase::Head;
                    end
                }
                None => bytes.len(),
            },
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, task: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let begun = into.filled().len();
        if this.ahead.is_empty() {
            ready!(Pin::new(&mut this.stream).poll_read(task, into))?;
        } else {
            let length = this.ahead.len().min(into.remaining());
            into.put_slice(&this.ahead[..length]);
            this.ahead.drain(..length);
        }
        let length = into.filled().len() - begun;
        if length == 0 {
            this.has_ended |= into.remaining() > 0;
            return Poll::Ready(Ok(()));
        }
        let taken = this.look(&mut into.filled_mut()[begun..]);
        if taken < length {
            this.ahead.splice(0..0, into.filled()[begun + taken..].iter().copied());
            into.set_filled(begun + taken);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.link.is_flushed.store(false, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(task, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.link.is_flushed.store(false, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write_vectored(task, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(task);
        self.link.is_flushed.store(flushed.is_ready(), Ordering::Relaxed);
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let lingering = match &mut this.lingering {
            Some(lingering) => lingering,
            None => {
                ready!(Pin::new(&mut this.stream).poll_shutdown(task))?;
                let is_coming = this.link.is_unread.load(Ordering::Relaxed) || this.link.is_in_head();
                if this.has_ended || !is_coming || this.link.is_http2.load(Ordering::Relaxed) {
                    return Poll::Ready(Ok(()));
                }
                this.lingering.insert(Lingering { end: Box::pin(sleep(LINGER)), left: LINGER_BYTES })
            }
        };
        let mut thrown_away = [0; 16 * 1024];
        // What is ready without end is read by and by, so that others have their turn.
        for _ in 0..16 {
            if lingering.end.as_mut().poll(task).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut into = ReadBuf::new(&mut thrown_away);
            ready!(Pin::new(&mut this.stream).poll_read(task, &mut into))?;
            let length = into.filled().len();
            if length == 0 || length > lingering.left {
                return Poll::Ready(Ok(()));
            }
            lingering.left -= length;
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}
