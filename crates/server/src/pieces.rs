//! Bodies in pieces.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
};
use http_body::{Frame, SizeHint};

/// A body whose pieces are no longer than so many bytes.
pub(crate) struct Pieces {
    body: Body,
    rest: Bytes,
    longest: usize,
    has_ended: bool,
}

impl Pieces {
    pub(crate) fn new(body: Body, longest: usize) -> Self {
        Self { body, rest: Bytes::new(), longest, has_ended: false }
    }

    /// A body of which a piece has been read already.
    pub(crate) fn after(read: Bytes, body: Body) -> Self {
        Self { body, rest: read, longest: usize::MAX, has_ended: false }
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        while self.rest.is_empty() && !self.has_ended {
            match ready!(Pin::new(&mut self.body).poll_frame(task)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.has_ended = true,
            }
        }
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(self.longest);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && (self.has_ended || self.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let (below, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(below.lower() + rest);
        if let Some(upper) = below.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}
