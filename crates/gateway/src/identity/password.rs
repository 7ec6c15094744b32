//! Hashing passwords beside the threads that answer requests, and only so many at once.

use std::{num::NonZero, sync::Arc};

use courant_identity::password::{Cost, HashError, Hasher, Password, PasswordHash};
use tokio::sync::Semaphore;

use super::Identity;

/// How many may wait for their turn. Whoever comes when all places are taken is told to come again.
const QUEUE: usize = 64;

pub(super) struct Passwords {
    hasher: Arc<Hasher>,
    /// Each hash takes a core and 19 MiB.
    places: Semaphore,
    queue: Semaphore,
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
        Ok(Self {
            hasher: Arc::new(Hasher::new(cost)?),
            places: Semaphore::new((cores / 2).max(1)),
            queue: Semaphore::new(QUEUE),
        })
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&Hasher) -> T + Send + 'static) -> Result<T, Unhashed> {
        let _turn = self.queue.try_acquire().map_err(|_| Unhashed::Busy)?;
        // It is never closed.
        let _place = self.places.acquire().await.map_err(|_| Unhashed::Failed)?;
        let hasher = self.hasher.clone();
        tokio::task::spawn_blocking(move || work(&hasher)).await.map_err(|error| {
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
    ) -> Result<Checked, Unhashed> {
        let check = move |hasher: &Hasher| {
            let matches = hasher.verify(&candidate, hash.as_ref());
            let outdated = hash.filter(|hash| matches && hasher.needs_rehash(hash));
            // One that today's rules would refuse stays as it is.
            let rehashed = outdated.and_then(|_| hasher.hash(&Password::parse(&candidate, &email).ok()?).ok());
            Checked { matches, rehashed }
        };
        self.passwords.work(check).await
    }

    /// The hash of a new password.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, Unhashed> {
        let hashed = self.passwords.work(move |hasher| hasher.hash(&password)).await?;
        hashed.map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            Unhashed::Failed
        })
    }
}
