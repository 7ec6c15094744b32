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

use super::Pulse;

/// How old a connection gets; the driver's own limit.
const OLDEST: Duration = Duration::from_secs(30 * 60);

/// A connection, and since when it is known.
pub(super) struct Known {
    pub(super) connection: PoolConnection<Postgres>,
    pub(super) since: Instant,
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
            // Without a word: the other end may not be there to hear it.
            drop(known.connection.detach());
        }
    }

    /// Somebody waits for the driver until what this gives is gone. Whatever is put here from now on goes to the driver.
    pub(super) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, SeqCst);
        Waiting(self)
    }

    /// Keeps a connection that has nothing under way.
    pub(super) fn put(&self, known: Known) {
        let mut idle = self.idle();
        if idle.is_closed {
            return;
        }
        idle.connections.push(known);
        // Whoever began to wait before it was there has not seen it.
        let wanted = if self.waiting.load(SeqCst) > 0 { idle.connections.pop() } else { None };
        drop(idle);
        drop(wanted);
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

/// One who waits for the driver.
pub(super) struct Waiting<'a>(&'a Kept);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, SeqCst);
    }
}
