//! How often a sign-in may be tried: per account, against guessing one person's password, and per address, against
//! trying one password on everybody (OWASP Authentication Cheat Sheet, NIST SP 800-63B §3.2.2).
//!
//! Each limit is a bucket that holds a burst and refills evenly (GCRA, by `governor`). Attempts count whether they
//! succeed or not: it is decided before the password is looked at. The address is asked first, so that an address
//! that has used up its own attempts cannot use up an account's as well.
//!
//! Memory is fixed from the start, 2 MiB in all: accounts and addresses are hashed, with a key drawn at start,
//! into 131,072 buckets each. So it cannot be filled up, and nobody's count is thrown away for another's. One pair
//! of accounts in 131,072 shares a bucket, which costs them a wait when both are tried at the same time.
//!
//! *Limit*: each node counts by itself, and somebody who knows an address of an account can keep its owner waiting.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    time::Duration,
};

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

/// Counts sign-ins. The clock is only another in tests.
pub struct Throttle<C: Clock = DefaultClock> {
    account: Limiter<C>,
    address: Limiter<C>,
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
            address: Limiter::new(limits.address, &clock),
            clock,
            hashes: RandomState::new(),
        }
    }

    /// Counts one attempt to sign in to an account, from an address.
    ///
    /// The account is the text as it was given; case and white space around it do not matter.
    ///
    /// # Errors
    /// [`RetryAfter`] when the attempt must not be made. It is not counted then.
    pub fn check(&self, account: &str, address: IpAddr) -> Result<(), RetryAfter> {
        self.address.check(self.hash_address(address), &self.clock)?;
        self.account.check(self.hash_account(account), &self.clock)
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
mod tests {
    use std::{net::Ipv4Addr, thread};

    use clock::FakeRelativeClock;
    use proptest::prelude::*;

    use super::*;

    fn throttle() -> (Throttle<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        // Time is counted from the throttle's start; zero is where a bucket is as good as new.
        (Throttle::with_clock(Limits::default(), clock.clone()), clock)
    }

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(number).into()
    }

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_account_has_five_and_then_one_in_thirty_seconds() {
        let (throttle, clock) = throttle();
        for from in 0..5 {
            assert_eq!(throttle.check("ana@example.org", address(from)), Ok(()));
        }
        assert_eq!(throttle.check("ana@example.org", address(9)), Err(RetryAfter(30)));
        clock.advance(Duration::from_millis(29_001));
        assert_eq!(throttle.check("ana@example.org", address(9)), Err(RetryAfter(1)));
        clock.advance(secs(1));
        assert_eq!(throttle.check("ana@example.org", address(9)), Ok(()));
        assert!(throttle.check("ana@example.org", address(9)).is_err());
        // Somebody else is not concerned.
        assert_eq!(throttle.check("bo@example.org", address(9)), Ok(()));
        // After a quiet while the burst is there again, and no more than that.
        clock.advance(secs(3600));
        let passed = (10..30).filter(|from| throttle.check("ana@example.org", address(*from)).is_ok()).count();
        assert_eq!(passed, 5);
    }

    #[test]
    fn an_address_has_twenty_and_then_one_in_six_seconds() {
        let (throttle, clock) = throttle();
        for account in 0..20 {
            assert_eq!(throttle.check(&format!("{account}@example.org"), address(1)), Ok(()));
        }
        assert_eq!(throttle.check("21@example.org", address(1)), Err(RetryAfter(6)));
        clock.advance(secs(6));
        assert_eq!(throttle.check("21@example.org", address(1)), Ok(()));
    }

    #[test]
    fn what_an_address_may_not_try_does_not_count_against_the_account() {
        let (throttle, _clock) = throttle();
        for account in 0..20 {
            assert_eq!(throttle.check(&format!("{account}@example.org"), address(1)), Ok(()));
        }
        for _ in 0..100 {
            assert!(throttle.check("ana@example.org", address(1)).is_err());
        }
        assert_eq!(throttle.check("ana@example.org", address(2)), Ok(()));
    }

    #[test]
    fn spellings_of_one_account_are_one() {
        let (throttle, _clock) = throttle();
        for (from, account) in ["ana@a.b", "ANA@a.b", " Ana@A.B\t", "aNa@a.b", "anA@a.b"].into_iter().enumerate() {
            assert_eq!(throttle.check(account, address(u32::try_from(from).unwrap())), Ok(()));
        }
        assert!(throttle.check("ana@a.B", address(9)).is_err());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let (throttle, _clock) = throttle();
        for host in 0..20 {
            let from: IpAddr = format!("2001:db8:0:1::{host:x}").parse().unwrap();
            assert_eq!(throttle.check(&host.to_string(), from), Ok(()));
        }
        assert!(throttle.check("x", "2001:db8:0:1:ffff::1".parse().unwrap()).is_err());
        assert_eq!(throttle.check("x", "2001:db8:0:2::1".parse().unwrap()), Ok(()));
        // IPv4 in IPv6's clothes is IPv4: not everybody's network, and the same as without.
        for account in 0..20 {
            let from = if account % 2 == 0 { "::ffff:192.0.2.1" } else { "192.0.2.1" };
            assert_eq!(throttle.check(&format!("v4 {account}"), from.parse().unwrap()), Ok(()));
        }
        assert!(throttle.check("y", "::ffff:192.0.2.1".parse().unwrap()).is_err());
        assert_eq!(throttle.check("y", "::ffff:192.0.2.2".parse().unwrap()), Ok(()));
    }

    #[test]
    fn a_flood_of_accounts_takes_no_more_memory_and_frees_no_one() {
        let (throttle, _clock) = throttle();
        (0..5).for_each(|from| assert_eq!(throttle.check("ana", address(from)), Ok(())));
        for other in 0..300_000 {
            let _ = throttle.check(&other.to_string(), address(other));
        }
        assert!(throttle.check("ana", "2001:db8::1".parse().unwrap()).is_err());
        let [account, address] = [throttle.account, throttle.address].map(|it| it.0.into_state_store().0);
        assert_eq!(size_of_val(&*account) + size_of_val(&*address), 2 << 20);
    }

    #[test]
    fn what_comes_at_once_gets_no_more_than_the_burst() {
        let (throttle, _clock) = throttle();
        let attempt = |from: u32| (0..50).filter(|n| throttle.check("ana", address(from * 50 + n)).is_ok()).count();
        let passed: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|from| scope.spawn(move || attempt(from))).collect();
            threads.into_iter().map(|it| it.join().unwrap()).sum()
        });
        assert_eq!(passed, 5);
    }

    proptest! {
        #[test]
        fn no_limit_panics_and_waiting_as_told_is_enough(
            burst in 1u32.., nanos in 0u64.., tries in 1usize..50, account in "\\PC{0,20}", from: [u16; 8],
        ) {
            let limit = Limit { burst: burst.try_into().unwrap(), every: Duration::from_nanos(nanos) };
            let clock = FakeRelativeClock::default();
            let throttle = Throttle::with_clock(Limits { account: limit, address: limit }, clock.clone());
            for _ in 0..tries {
                if let Err(RetryAfter(seconds)) = throttle.check(&account, from.into()) {
                    prop_assert!((1..=3600).contains(&seconds));
                    clock.advance(secs(seconds));
                    prop_assert_eq!(throttle.check(&account, from.into()), Ok(()));
                }
            }
        }
    }
}
