//! Work on a long body in portions, by few at once.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
};
use http_body::{Frame, SizeHint};
use tokio::sync::Semaphore;
use tokio_util::sync::PollSemaphore;

use crate::pieces::Pieces;

/// What is packed without a pause: less than a millisecond's work.
pub(super) const PORTION: usize = 16 * 1024;

/// A body that lets others go first after each portion, whoever asks it for more.
pub(super) struct Portions {
    pieces: Pieces,
    pauses: bool,
}

impl Portions {
    pub(super) fn new(body: Body) -> Self {
        Self { pieces: Pieces::new(body, PORTION), pauses: false }
    }
}

impl HttpBody for Portions {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if std::mem::take(&mut self.pauses) {
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        let frame = ready!(Pin::new(&mut self.pieces).poll_frame(task));
        self.pauses = true;
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.pieces.size_hint()
    }
}

/// A body that is asked for more only by as many at once as there are places. Nobody keeps a place while they wait.
pub(super) struct Turns {
    body: Body,
    places: PollSemaphore,
}

impl Turns {
    pub(super) fn new(body: Body, places: Arc<Semaphore>) -> Self {
        Self { body, places: PollSemaphore::new(places) }
    }
}

impl HttpBody for Turns {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        // The semaphore is never closed.
        let _place = ready!(self.places.poll_acquire(task));
        Pin::new(&mut self.body).poll_frame(task)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, poll};

    use super::*;

    #[tokio::test]
    async fn a_body_pauses_after_each_portion() {
        let long = Body::from(vec![b'a'; 2 * PORTION + 1]);
        let mut portions = Body::new(Portions::new(long)).into_data_stream();
        for expected in [PORTION, PORTION, 1] {
            let portion = portions.next().await.unwrap().unwrap();
            assert_eq!(portion.len(), expected);
            assert!(poll!(portions.next()).is_pending());
        }
        assert!(portions.next().await.is_none());
    }

    #[tokio::test]
    async fn whoever_waits_for_their_body_keeps_nobody_from_theirs() {
        let places = Arc::new(Semaphore::new(1));
        let turns = |body: Body| Body::new(Turns::new(body, Arc::clone(&places))).into_data_stream();
        let mut waiting = turns(Body::from_stream(futures_util::stream::pending::<Result<Bytes, Error>>()));
        assert!(poll!(waiting.next()).is_pending());
        assert_eq!(turns(Body::from("words")).next().await.unwrap().unwrap(), "words");
        let held = Arc::clone(&places).acquire_owned().await.unwrap();
        let mut next = turns(Body::from("words"));
        assert!(poll!(next.next()).is_pending());
        drop(held);
        assert_eq!(next.next().await.unwrap().unwrap(), "words");
    }
}
