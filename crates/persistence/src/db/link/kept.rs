//! Connections that are kept between two statements.
//!
//! The driver asks a connection whether it still lives whenever it is given back: a way to the database and back for each statement,
//! in a task of its own. One whose statement has come to its end is known to live. It is kept here, out of the driver's sight,
//! unless somebody waits for one there.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use sqlx::{Postgres, pool::PoolConnection};
use tokio::{runtime::Handle, time::timeout};

use super::Pulse;

/// How old a connection gets, and how long it is idle; the driver's own limits.
pub(super) const OLDEST: Duration = Duration::from_secs(30 * 60);
const IDLE: Duration = Duration::from_secs(10 * 60);
/// How long a connection's way back to the driver is waited for at the most.
const WAY_BACK: Duration = Duration::from_secs(15);

/// A connection, since when it is known, and when it was used last.
pub(super) struct Known {
    connection: Option<PoolConnection<Postgres>>,
    since: Instant,
    used: Instant,
    /// How long its way back to the driver is waited for.
    way_back: Duration,
}

impl Known {
    /// One whose statements may take so long.
    pub(super) fn new(connection: PoolConnection<Postgres>, longest: Duration) -> Self {
        let now = Instant::now();
        Self { connection: Some(connection), since: now, used: now, way_back: longest.min(WAY_BACK) }
    }

    /// To ask something through; always there.
    pub(super) fn connection(&mut self) -> Option<&mut PoolConnection<Postgres>> {
        self.connection.as_mut()
    }

    /// Closes it without a word: the other end may not be there to hear it.
    pub(super) fn discard(mut self) {
        drop(self.connection.take().map(PoolConnection::detach));
    }
}

/// It goes back to the driver by itself, which waits for what is under way and asks whether the connection still lives; without a
/// limit of its own.
impl Drop for Known {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let Ok(runtime) = Handle::try_current() else { return drop(connection.detach()) };
        let (back, way_back) = (Box::pin(connection.return_to_pool()), self.way_back);
        runtime.spawn(async move {
            if timeout(way_back, back).await.is_err() {
                tracing::debug!("a connection did not come back and was closed");
            }
        });
    }
}

/// The connections that nobody uses.
#[derive(Default)]
pub(super) struct Kept {
    /// How many wait for the driver to give them one.
    waiting: AtomicUsize,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    connections: Vec<Known>,
    is_closed: bool,
}

impl Kept {
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that was used last, if there is one that can be trusted.
    pub(super) fn take(&self, pulse: &Pulse) -> Option<Known> {
        loop {
            let known = self.idle().connections.pop()?;
            let age = known.since.elapsed();
            if pulse.trusts(age) && age < OLDEST {
                return Some(known);
            }
            known.discard();
        }
    }

    /// Somebody waits for the driver until what this gives is gone. Whatever is put here from now on goes to the driver.
    pub(super) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, SeqCst);
        Waiting(self)
    }

    /// Keeps a connection that has nothing under way.
    pub(super) fn put(&self, mut known: Known) {
        known.used = Instant::now();
        let mut idle = self.idle();
        if idle.is_closed {
            return;
        }
        idle.connections.push(known);
        // Whoever began to wait before it was there has not seen it.
        let wanted = if self.waiting.load(SeqCst) > 0 { idle.connections.pop() } else { None };
        // The first one is the one that was used longest ago.
        let is_old = idle.connections.first().is_some_and(|known| known.used.elapsed() > IDLE);
        let old = is_old.then(|| idle.connections.remove(0));
        drop(idle);
        drop((wanted, old));
    }

    /// Gives all of them to the driver, from now on, too.
    pub(super) fn close(&self) {
        let mut idle = self.idle();
        idle.is_closed = true;
        let connections = std::mem::take(&mut idle.connections);
        drop(idle);
        drop(connections);
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.close();
    }
}

/// One who waits for the driver.
pub(super) struct Waiting<'a>(&'a Kept);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, SeqCst);
    }
}
