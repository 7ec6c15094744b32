//! What is known of a connection, for those who watch over it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    Patience,
    pace::{Pace, Paced},
};
use crate::config::now;

/// A connection.
#[derive(Debug)]
pub(super) struct Link {
    /// How many requests are under way, from their heads to the ends of their answers.
    requests: AtomicUsize,
    has_asked: AtomicBool,
    pub(super) is_http2: AtomicBool,
    /// Since when there is none, and since when the head of one has been coming, if one has.
    idle_since: AtomicU64,
    head_since: AtomicU64,
    /// How long the body is whose head was read last: see [`Length`].
    length: AtomicU64,
    /// Whether the request's body was not read to its end: what is left of it is no request.
    pub(super) is_unread: AtomicBool,
    /// How the answers of HTTP/1, one after the other, are taken.
    pub(super) pace: Arc<Pace>,
    order: AtomicU8,
    ordered_at: AtomicU64,
    ordered: Notify,
    began: u64,
    /// Whether all that was written was flushed.
    pub(super) is_flushed: AtomicBool,
    /// Whether there was something to be carried on.
    is_carried: AtomicBool,
    /// What is to be carried on once its head is flushed.
    carried: Mutex<Option<Box<Paced>>>,
}

/// What a connection is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// To end as soon as nothing is under way.
    Close,
    /// To end now.
    Cut,
}

/// How long the body of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Exactly(u64),
    Chunked,
    /// What comes is another protocol.
    Endless,
    /// Nobody has said.
    Unknown,
}

const CHUNKED: u64 = u64::MAX;
const ENDLESS: u64 = u64::MAX - 1;
const UNKNOWN: u64 = u64::MAX - 2;

/// How long a connection that is told to close may take over it.
const LEAVE: u64 = 1_000;

impl Link {
    pub(super) fn new() -> Self {
        let now = now();
        Self {
            requests: AtomicUsize::new(0),
            has_asked: AtomicBool::new(false),
            is_http2: AtomicBool::new(false),
            idle_since: AtomicU64::new(now),
            head_since: AtomicU64::new(0),
            length: AtomicU64::new(UNKNOWN),
            is_unread: AtomicBool::new(false),
            pace: Arc::default(),
            order: AtomicU8::new(0),
            ordered_at: AtomicU64::new(0),
            ordered: Notify::new(),
            began: now,
            is_flushed: AtomicBool::new(true),
            is_carried: AtomicBool::new(false),
            carried: Mutex::default(),
        }
    }

    /// An answer goes on, for whoever serves the connection to carry.
    pub(super) fn carry(&self, body: Box<Paced>) {
        *self.carried.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        self.is_carried.store(true, Relaxed);
    }

    /// The answer that is to be carried on, once its head is out.
    pub(super) fn carried(&self) -> Option<Box<Paced>> {
        let is_out = self.is_carried.load(Relaxed) && self.is_flushed.load(Relaxed);
        if is_out { self.uncarry() } else { None }
    }

    /// Takes away what was to be carried on. It holds this, so that neither would ever end if it stayed.
    pub(super) fn uncarry(&self) -> Option<Box<Paced>> {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Bytes of a head have come.
    pub(super) fn head_comes(&self) {
        if self.head_since.load(Relaxed) == 0 {
            self.head_since.store(now(), Relaxed);
        }
    }

    /// Whether a head has begun to come.
    pub(super) fn is_in_head(&self) -> bool {
        self.head_since.load(Relaxed) != 0
    }

    /// A request is under way until what this gives is gone.
    pub(super) fn ask(self: &Arc<Self>) -> Asked {
        self.requests.fetch_add(1, Relaxed);
        self.has_asked.store(true, Relaxed);
        self.head_since.store(0, Relaxed);
        Asked(Arc::clone(self))
    }

    pub(super) fn set_length(&self, length: Length) {
        let length = match length {
            Length::Exactly(bytes) => bytes.min(UNKNOWN - 1),
            Length::Chunked => CHUNKED,
            Length::Endless => ENDLESS,
            Length::Unknown => UNKNOWN,
        };
        self.length.store(length, Relaxed);
    }

    pub(super) fn take_length(&self) -> Length {
        match self.length.swap(UNKNOWN, Relaxed) {
            CHUNKED => Length::Chunked,
            ENDLESS => Length::Endless,
            UNKNOWN => Length::Unknown,
            bytes => Length::Exactly(bytes),
        }
    }

    /// Since when nothing has been asked and nothing is left to be sent, if so; not of one that is ending, and not of one that is so
    /// fresh that its request may be on its way.
    pub(super) fn idle_since(&self, fresh: Duration) -> Option<u64> {
        let is_idle = self.requests.load(Relaxed) == 0 && !self.pace.waits() && self.order.load(Relaxed) == 0;
        let is_fresh =
            !self.has_asked.load(Relaxed) && u128::from(now().saturating_sub(self.began)) < fresh.as_millis();
        (is_idle && !is_fresh).then(|| self.idle_since.load(Relaxed))
    }

    /// How long its first request may still be on its way; not at all once there was one.
    pub(super) fn first_request_within(&self, fresh: Duration) -> Duration {
        let age = Duration::from_millis(now().saturating_sub(self.began));
        if self.has_asked.load(Relaxed) { Duration::ZERO } else { fresh.saturating_sub(age) }
    }

    /// Ends it, for others to have its place.
    pub(super) fn evict(&self) {
        // Of one that has never asked for anything, there is nothing to finish.
        self.tell(if self.has_asked.load(Relaxed) { Order::Close } else { Order::Cut });
    }

    pub(super) fn tell(&self, order: Order) {
        self.ordered_at.fetch_max(now(), Relaxed);
        self.order.fetch_max(if order == Order::Close { 1 } else { 2 }, Relaxed);
        self.ordered.notify_one();
    }

    /// What it is told next.
    pub(super) async fn told(&self) -> Order {
        self.ordered.notified().await;
        if self.order.load(Relaxed) > 1 { Order::Cut } else { Order::Close }
    }

    /// Ends it if its client has been waited for long enough.
    pub(super) fn look(&self, patience: Patience) {
        let now = now();
        let is_over = |since: u64, patience: Duration| u128::from(now.saturating_sub(since)) >= patience.as_millis();
        let is_idle = self.requests.load(Relaxed) == 0;
        let head = self.head_since.load(Relaxed);
        if self.pace.is_stalled(patience.taking) || (is_idle && head != 0 && is_over(head, patience.head)) {
            self.tell(Order::Cut);
        } else if self.order.load(Relaxed) != 0 {
            let ordered = self.ordered_at.load(Relaxed);
            if is_idle && !self.pace.waits() && now.saturating_sub(ordered) > LEAVE {
                self.tell(Order::Cut);
            }
        } else if is_idle && is_over(self.idle_since.load(Relaxed), patience.idle) {
            self.evict();
        }
    }

    pub(super) const fn began(&self) -> u64 {
        self.began
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Asked(Arc<Link>);

impl Asked {
    /// What was asked for is another protocol: something is under way until the connection ends.
    pub(super) fn stay(&self) {
        self.0.requests.fetch_add(1, Relaxed);
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let now = now();
        self.0.idle_since.store(now, Relaxed);
        if self.0.is_in_head() {
            // The next one has had to wait for this one.
            self.0.head_since.store(now, Relaxed);
        }
        self.0.requests.fetch_sub(1, Relaxed);
    }
}
