//! Work on a long body in portions, by few at once.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
};
use futures_util::stream;
use http_body::{Frame, SizeHint};
use tokio::sync::{Semaphore, mpsc};
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

/// A body that is worked on in a task of its own, by as many at once as there are places. Whoever takes it slowly, or not at all, has
/// no place and waits for none: what is taken is made beforehand, a piece at a time.
pub(super) fn in_turns(mut body: Body, places: Arc<Semaphore>) -> Body {
    let (pieces, mut taken) = mpsc::channel(1);
    let mut places = PollSemaphore::new(places);
    tokio::spawn(async move {
        while let Ok(room) = pieces.reserve().await {
            let next = poll_fn(|task| {
                // The semaphore is never closed. A place is kept for a portion, and no longer.
                let _place = ready!(places.poll_acquire(task));
                Pin::new(&mut body).poll_frame(task)
            });
            match next.await {
                // Packed bodies have no trailers.
                Some(frame) => room.send(Some(frame.map(|frame| frame.into_data().unwrap_or_default()))),
                None => return room.send(None),
            }
        }
    });
    Body::from_stream(stream::poll_fn(move |task| {
        taken.poll_recv(task).map(|piece| match piece {
            Some(piece) => piece,
            // The task is gone, and has not come to the end.
            None => Some(Err(Error::new(io::Error::from(io::ErrorKind::UnexpectedEof)))),
        })
    }))
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
    async fn whoever_takes_nothing_keeps_nobody_from_theirs() {
        let places = Arc::new(Semaphore::new(1));
        let long = || in_turns(Body::new(Portions::new(Body::from(vec![b'a'; 40 * PORTION]))), Arc::clone(&places));
        let mut held: Vec<_> = (0..10).map(|_| long().into_data_stream()).collect();
        for stream in &mut held {
            // It has begun, and is not asked for more.
            assert_eq!(stream.next().await.unwrap().unwrap().len(), PORTION);
        }
        let read = axum::body::to_bytes(long(), usize::MAX).await.unwrap();
        assert_eq!(read.len(), 40 * PORTION);
        for stream in held {
            let rest: Vec<_> = stream.map(|piece| piece.unwrap().len()).collect().await;
            assert_eq!(rest.iter().sum::<usize>(), 39 * PORTION);
        }
    }

    #[tokio::test]
    async fn a_body_that_is_not_there_yet_keeps_nobody_from_theirs() {
        let places = Arc::new(Semaphore::new(1));
        let never = Body::from_stream(stream::pending::<Result<Bytes, Error>>());
        let mut waiting = in_turns(never, Arc::clone(&places)).into_data_stream();
        assert!(poll!(waiting.next()).is_pending());
        let read = axum::body::to_bytes(in_turns(Body::from("words"), places), usize::MAX).await.unwrap();
        assert_eq!(read, "words");
    }
}
