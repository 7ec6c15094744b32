//! Whether PostgreSQL answers at all, which is found out when somebody has waited for it longer than usual.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use tokio::{sync::Mutex, time::timeout};

/// How long what was found out is believed.
const BELIEVED: Duration = Duration::from_secs(1);

/// Whether a database answers, for all of a store's connections. A new connection shows it, whatever has become of the others.
pub(crate) struct Pulse {
    options: PgConnectOptions,
    patience: Duration,
    began: Instant,
    /// When it was last looked at, and whether it was there. Whoever waits for the lock waits for somebody who looks.
    seen: Mutex<Option<(Instant, bool)>>,
    was_silent: AtomicBool,
    /// How often it was away and is there again.
    outages: AtomicU64,
    /// Until when it is held to be silent without another look, in microseconds since `began`.
    silent_until: AtomicU64,
    /// Connections made before this time have been silent while others were answered: something in between has lost them.
    distrusted: AtomicU64,
}

impl Pulse {
    pub(crate) fn new(options: PgConnectOptions, patience: Duration) -> Self {
        Self {
            options,
            patience,
            began: Instant::now(),
            seen: Mutex::new(None),
            was_silent: AtomicBool::new(false),
            outages: AtomicU64::new(0),
            silent_until: AtomicU64::new(0),
            distrusted: AtomicU64::new(0),
        }
    }

    /// How long an answer takes at most without anybody wondering.
    pub(crate) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether it was found silent a moment ago. Then nobody else need wait to find the same.
    pub(crate) fn is_silent(&self) -> bool {
        let until = self.silent_until.load(Ordering::Relaxed);
        until > 0 && self.micros(Instant::now()) < until
    }

    /// Whether it answers; asked anew if that is not known from a moment ago.
    pub(crate) async fn beats(&self) -> bool {
        let mut seen = self.seen.lock().await;
        if let Some((at, beats)) = *seen
            && at.elapsed() < BELIEVED
        {
            return beats;
        }
        let beats = self.look().await;
        *seen = Some((Instant::now(), beats));
        let until = if beats { 0 } else { self.micros(Instant::now() + BELIEVED) };
        self.silent_until.store(until, Ordering::Relaxed);
        if self.was_silent.swap(!beats, Ordering::Relaxed) == beats {
            if beats {
                tracing::info!("the database answers again");
                self.outages.fetch_add(1, Ordering::Relaxed);
                self.distrust();
            } else {
                tracing::warn!("the database does not answer");
            }
        }
        beats
    }

    async fn look(&self) -> bool {
        match timeout(self.patience, self.options.connect()).await {
            Ok(Ok(connection)) => {
                // What is left to say to it is in the socket's buffer already.
                drop(timeout(self.patience, connection.close()).await);
                true
            }
            // Any answer is one, but that it is not open to anybody.
            Ok(Err(sqlx::Error::Database(error))) => !error.code().is_some_and(|code| code.starts_with("57P")),
            Ok(Err(_)) | Err(_) => false,
        }
    }

    /// How often it was away and is there again.
    pub(crate) fn outages(&self) -> u64 {
        self.outages.load(Ordering::Relaxed)
    }

    /// Has all connections that there are now closed before they are used again.
    pub(crate) fn distrust(&self) {
        self.distrusted.store(self.micros(Instant::now()), Ordering::Relaxed);
    }

    /// Whether a connection of this age may be used.
    pub(crate) fn trusts(&self, age: Duration) -> bool {
        let before = self.distrusted.load(Ordering::Relaxed);
        before == 0 || self.began.elapsed().saturating_sub(age).as_micros() > u128::from(before)
    }

    fn micros(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.began).as_micros()).unwrap_or(u64::MAX)
    }
}
