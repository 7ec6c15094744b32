//! How often a sign-in may be tried: per account, against guessing one person's password, and per address, against
//! trying one password on everybody (OWASP Authentication Cheat Sheet, NIST SP 800-63B §3.2.2).
//!
//! Each limit is a bucket that holds a burst and refills evenly (GCRA, by `governor`). Attempts count whether they
//! succeed or not: it is decided before the password is looked at. The address is asked first, so that an address
//! that has used up its own attempts cannot use up an account's as well.
//!
//! Whoever knows an address of an account could keep its owner out that way. So an account has a bucket of its own for
//! each network address that it has signed in from before, which nobody elsewhere can use up: strangers share one
//! bucket, an owner at a known place has theirs. A session that goes on has its own, too, for changing the password.
//!
//! Memory is bounded from the start. Accounts and addresses are hashed, with a key drawn at start, into 131,072 buckets
//! for each limit, 3 MiB in all: so it cannot be filled up, and nobody's count is thrown away for another's. One pair of
//! accounts in 131,072 shares a bucket, which costs them a wait when both are tried at the same time. Of places that
//! accounts have signed in from, the last [`PLACES`] are kept, some 2 MiB at most; only who signs in adds to them.
//!
//! *Limit*: each node counts by itself.

use std::{
    collections::{HashSet, VecDeque},
    hash::{BuildHasher, Hasher, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use courant_domain::id::SessionId;
use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};

pub use governor::clock;

/// One limit: so many at once, and then one after each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many attempts may come at once; at most 10,000.
    pub burst: NonZeroU32,
    /// After which time one more may; at most an hour.
    pub every: Duration,
}

/// The limits on sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one account: the address it signs in with.
    pub account: Limit,
    /// For one network address; in IPv6, for one /64, which is what one customer gets.
    pub address: Limit,
}

impl Default for Limits {
    /// An account: 5, then one in 30 s. An address: 20, then one in 6 s.
    fn default() -> Self {
        const FIVE: NonZeroU32 = NonZeroU32::new(5).unwrap();
        const TWENTY: NonZeroU32 = NonZeroU32::new(20).unwrap();
        Self {
            account: Limit { burst: FIVE, every: Duration::from_secs(30) },
            address: Limit { burst: TWENTY, every: Duration::from_secs(6) },
        }
    }
}

/// Too many attempts; the seconds after which there may be another, at least 1 (RFC 9110 §10.2.3, `Retry-After`).
///
/// It does not say which limit it was, nor whether there is such an account: the limit holds for all texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; there may be another in {0} s")]
pub struct RetryAfter(pub u64);

/// From how many places accounts have signed in that are remembered.
pub const PLACES: usize = 1 << 16;

/// Where an attempt comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// From where the account has signed in before.
    Known,
    /// From anywhere else.
    Unknown,
}

/// Counts sign-ins. The clock is only another in tests.
pub struct Throttle<C: Clock = DefaultClock> {
    /// An account, from all places that are not known.
    account: Limiter<C>,
    /// An account from one place that is known, or a session.
    known: Limiter<C>,
    address: Limiter<C>,
    places: RwLock<Places>,
    clock: C,
    hashes: RandomState,
}

impl Throttle {
    /// A throttle that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Throttle<C> {
    /// A throttle on another clock, such as [`clock::FakeRelativeClock`].
    #[must_use]
    pub fn with_clock(limits: Limits, clock: C) -> Self {
        Self {
            account: Limiter::new(limits.account, &clock),
            known: Limiter::new(limits.account, &clock),
            places: RwLock::default(),
            address: Limiter::new(limits.address, &clock),
            clock,
            hashes: RandomState::new(),
        }
    }

    /// Counts one attempt to sign in to an account, from an address; says whether the account has signed in from there
    /// before.
    ///
    /// The account is the text as it was given; case and white space around it do not matter.
    ///
    /// # Errors
    /// [`RetryAfter`] when the attempt must not be made. It is not counted then.
    pub fn check(&self, account: &str, address: IpAddr) -> Result<Place, RetryAfter> {
        self.address.check(self.hash_address(address), &self.clock)?;
        let place = self.hash_place(account, address);
        if self.places.read().unwrap_or_else(PoisonError::into_inner).set.contains(&place) {
            self.known.check(place, &self.clock).map(|()| Place::Known)
        } else {
            self.account.check(self.hash_account(account), &self.clock).map(|()| Place::Unknown)
        }
    }

    /// Counts one attempt to show a password within a session that goes on. It counts for nothing else, and nothing
    /// else counts for it.
    ///
    /// # Errors
    /// [`RetryAfter`] when the attempt must not be made. It is not counted then.
    pub fn check_session(&self, session: SessionId) -> Result<(), RetryAfter> {
        self.known.check(self.hashes.hash_one(("session", session)), &self.clock)
    }

    /// Remembers that an account has signed in from an address.
    pub fn remember(&self, account: &str, address: IpAddr) {
        let place = self.hash_place(account, address);
        // Nearly always it is known already.
        if !self.places.read().unwrap_or_else(PoisonError::into_inner).set.contains(&place) {
            self.places.write().unwrap_or_else(PoisonError::into_inner).add(place);
        }
    }

    fn hash_place(&self, account: &str, address: IpAddr) -> u64 {
        self.hashes.hash_one((self.hash_account(account), self.hash_address(address)))
    }

    fn hash_account(&self, account: &str) -> u64 {
        let mut hasher = self.hashes.build_hasher();
        account.trim().chars().flat_map(char::to_lowercase).for_each(|c| hasher.write_u32(c.into()));
        hasher.finish()
    }

    fn hash_address(&self, address: IpAddr) -> u64 {
        match address.to_canonical() {
            IpAddr::V4(address) => self.hashes.hash_one(address.to_bits()),
            IpAddr::V6(address) => self.hashes.hash_one(address.to_bits() >> 64),
        }
    }
}

impl<C: Clock> std::fmt::Debug for Throttle<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Throttle")
    }
}

/// Places that accounts have signed in from, the last of them.
#[derive(Default)]
struct Places {
    set: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Places {
    fn add(&mut self, place: u64) {
        if !self.set.insert(place) {
            return;
        }
        self.order.push_back(place);
        if self.order.len() > PLACES
            && let Some(oldest) = self.order.pop_front()
        {
            self.set.remove(&oldest);
        }
    }
}

/// One limit over all its buckets.
struct Limiter<C: Clock>(RateLimiter<u64, Buckets, C, NoOpMiddleware<C::Instant>>);

impl<C: Clock + Clone> Limiter<C> {
    fn new(limit: Limit, clock: &C) -> Self {
        const MOST: NonZeroU32 = NonZeroU32::new(10_000).unwrap();
        let every = limit.every.clamp(Duration::from_nanos(1), Duration::from_secs(3600));
        let quota = Quota::with_period(every).unwrap_or(Quota::per_hour(NonZeroU32::MIN));
        Self(RateLimiter::new(quota.allow_burst(limit.burst.min(MOST)), Buckets::new(), clock.clone()))
    }

    fn check(&self, hash: u64, clock: &C) -> Result<(), RetryAfter> {
        self.0.check_key(&hash).map_err(|until: NotUntil<_>| {
            let wait = until.wait_time_from(clock.now());
            let started = u64::from(wait.subsec_nanos() > 0);
            RetryAfter((wait.as_secs() + started).max(1))
        })
    }
}

/// A fixed number of buckets, found by the lowest bits of a hash.
struct Buckets(Box<[InMemoryState]>);

impl Buckets {
    const COUNT: usize = 1 << 17;

    fn new() -> Self {
        Self((0..Self::COUNT).map(|_| InMemoryState::default()).collect())
    }
}

impl StateStore for Buckets {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, hash: &u64, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        #[expect(clippy::cast_possible_truncation, reason = "only the lowest 17 bits are used")]
        let bucket = *hash as usize % Self::COUNT;
        self.0[bucket].measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

#[cfg(test)]
mod tests;
