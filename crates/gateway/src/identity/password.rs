//! Hashing passwords beside the threads that answer requests, and only so many at once.

use std::{num::NonZero, sync::Arc, time::Duration};

use courant_identity::password::{Cost, HashError, Hasher, Password, PasswordHash};

use super::{
    Identity,
    lanes::{Lane, Lanes},
};

/// How many may wait for their turn in each lane, and how long. Whoever gets none is told to come again.
const QUEUE: usize = 64;
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Passwords {
    hasher: Arc<Hasher>,
    /// Each hash takes a core and 19 MiB; half of the cores stay with all else.
    lanes: Lanes,
}

/// Why nothing was hashed.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(crate) enum Unhashed {
    /// Too many others wait.
    #[error("{}", Self::BUSY)]
    Busy,
    /// It failed; the log says why.
    #[error("a password could not be hashed")]
    Failed,
}

impl Unhashed {
    /// What somebody is told for whom there is no place.
    pub(crate) const BUSY: &str = "too many others are signing in; try again in 1 s";
    /// The seconds after which they may come again.
    pub(crate) const WAIT: u64 = 1;
}

/// What came of a check.
pub(crate) struct Checked {
    /// Whether it is the password.
    pub(crate) matches: bool,
    /// The same password hashed anew, where it is and the hash is of another cost than is wanted now.
    pub(crate) rehashed: Option<PasswordHash>,
}

impl Passwords {
    pub(super) fn new(cost: Cost) -> Result<Self, HashError> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self { hasher: Arc::new(Hasher::new(cost)?), lanes: Lanes::new((cores / 2).max(1), QUEUE, PATIENCE) })
    }

    async fn work<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Hasher) -> T + Send + 'static,
    ) -> Result<T, Unhashed> {
        let turn = self.lanes.turn(lane).await.ok_or(Unhashed::Busy)?;
        let hasher = self.hasher.clone();
        let work = move || {
            let done = work(&hasher);
            // It is held for as long as the core is, whether whoever asked still waits or not.
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            Unhashed::Failed
        })
    }
}

impl Identity {
    /// Checks a password; `hash` is none where there is no such account, which takes as long.
    pub(crate) async fn check(
        &self,
        candidate: String,
        email: String,
        hash: Option<PasswordHash>,
        lane: Lane,
    ) -> Result<Checked, Unhashed> {
        let check = move |hasher: &Hasher| {
            let matches = hasher.verify(&candidate, hash.as_ref());
            let outdated = hash.filter(|hash| matches && hasher.needs_rehash(hash));
            // One that today's rules would refuse stays as it is.
            let rehashed = outdated.and_then(|_| hasher.hash(&Password::parse(&candidate, &email).ok()?).ok());
            Checked { matches, rehashed }
        };
        self.passwords.work(lane, check).await
    }

    /// The hash of a new password, for somebody who is signed in.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, Unhashed> {
        let hashed = self.passwords.work(Lane::First, move |hasher| hasher.hash(&password)).await?;
        hashed.map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            Unhashed::Failed
        })
    }
}
