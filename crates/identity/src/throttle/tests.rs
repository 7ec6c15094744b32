//! Counting attempts.

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
        assert_eq!(throttle.check("ana@example.org", address(from)), Ok(Place::Unknown));
    }
    assert_eq!(throttle.check("ana@example.org", address(9)), Err(RetryAfter(30)));
    clock.advance(Duration::from_millis(29_001));
    assert_eq!(throttle.check("ana@example.org", address(9)), Err(RetryAfter(1)));
    clock.advance(secs(1));
    assert_eq!(throttle.check("ana@example.org", address(9)), Ok(Place::Unknown));
    assert!(throttle.check("ana@example.org", address(9)).is_err());
    // Somebody else is not concerned.
    assert_eq!(throttle.check("bo@example.org", address(9)), Ok(Place::Unknown));
    // After a quiet while the burst is there again, and no more than that.
    clock.advance(secs(3600));
    let passed = (10..30).filter(|from| throttle.check("ana@example.org", address(*from)).is_ok()).count();
    assert_eq!(passed, 5);
}

#[test]
fn an_address_has_twenty_and_then_one_in_six_seconds() {
    let (throttle, clock) = throttle();
    for account in 0..20 {
        assert_eq!(throttle.check(&format!("{account}@example.org"), address(1)), Ok(Place::Unknown));
    }
    assert_eq!(throttle.check("21@example.org", address(1)), Err(RetryAfter(6)));
    clock.advance(secs(6));
    assert_eq!(throttle.check("21@example.org", address(1)), Ok(Place::Unknown));
}

#[test]
fn what_an_address_may_not_try_does_not_count_against_the_account() {
    let (throttle, _clock) = throttle();
    for account in 0..20 {
        assert_eq!(throttle.check(&format!("{account}@example.org"), address(1)), Ok(Place::Unknown));
    }
    for _ in 0..100 {
        assert!(throttle.check("ana@example.org", address(1)).is_err());
    }
    assert_eq!(throttle.check("ana@example.org", address(2)), Ok(Place::Unknown));
}

#[test]
fn spellings_of_one_account_are_one() {
    let (throttle, _clock) = throttle();
    for (from, account) in ["ana@a.b", "ANA@a.b", " Ana@A.B\t", "aNa@a.b", "anA@a.b"].into_iter().enumerate() {
        assert_eq!(throttle.check(account, address(u32::try_from(from).unwrap())), Ok(Place::Unknown));
    }
    assert!(throttle.check("ana@a.B", address(9)).is_err());
}

#[test]
fn an_ipv6_network_is_one_address() {
    let (throttle, _clock) = throttle();
    for host in 0..20 {
        let from: IpAddr = format!("2001:db8:0:1::{host:x}").parse().unwrap();
        assert_eq!(throttle.check(&host.to_string(), from), Ok(Place::Unknown));
    }
    assert!(throttle.check("x", "2001:db8:0:1:ffff::1".parse().unwrap()).is_err());
    assert_eq!(throttle.check("x", "2001:db8:0:2::1".parse().unwrap()), Ok(Place::Unknown));
    // IPv4 in IPv6's clothes is IPv4: not everybody's network, and the same as without.
    for account in 0..20 {
        let from = if account % 2 == 0 { "::ffff:192.0.2.1" } else { "192.0.2.1" };
        assert_eq!(throttle.check(&format!("v4 {account}"), from.parse().unwrap()), Ok(Place::Unknown));
    }
    assert!(throttle.check("y", "::ffff:192.0.2.1".parse().unwrap()).is_err());
    assert_eq!(throttle.check("y", "::ffff:192.0.2.2".parse().unwrap()), Ok(Place::Unknown));
}

#[test]
fn a_flood_of_accounts_takes_no_more_memory_and_frees_no_one() {
    let (throttle, _clock) = throttle();
    (0..5).for_each(|from| assert_eq!(throttle.check("ana", address(from)), Ok(Place::Unknown)));
    for other in 0..300_000 {
        let _ = throttle.check(&other.to_string(), address(other));
    }
    assert!(throttle.check("ana", "2001:db8::1".parse().unwrap()).is_err());
    let buckets = [throttle.account, throttle.known, throttle.address].map(|it| it.0.into_state_store().0);
    assert_eq!(buckets.iter().map(|buckets| size_of_val(&**buckets)).sum::<usize>(), 3 << 20);
    assert!(throttle.places.into_inner().unwrap().set.is_empty(), "who does not sign in adds no place");
}

#[test]
fn what_fails_elsewhere_shuts_out_nobody_at_a_place_they_have_signed_in_from() {
    let (throttle, clock) = throttle();
    let home: IpAddr = "2001:db8:0:1::7".parse().unwrap();
    throttle.remember(" Ana@example.org", home);
    for from in 0..1000 {
        let _ = throttle.check("ana@example.org", address(from));
    }
    assert!(throttle.check("ana@example.org", address(7)).is_err());
    // At home there is a burst, and no more than that; the whole network is home.
    for host in 0..5 {
        let from: IpAddr = format!("2001:db8:0:1::{host:x}").parse().unwrap();
        assert_eq!(throttle.check("ana@example.org", from), Ok(Place::Known));
    }
    assert!(throttle.check("ana@example.org", home).is_err());
    clock.advance(secs(30));
    assert_eq!(throttle.check("ana@example.org", home), Ok(Place::Known));
    // It is one account's home, and no other network's.
    assert_eq!(throttle.check("bo@example.org", home), Ok(Place::Unknown));
    let next_door: IpAddr = "2001:db8:0:2::7".parse().unwrap();
    assert_eq!(throttle.check("ana@example.org", next_door), Ok(Place::Unknown));
}

#[test]
fn a_session_counts_by_itself() {
    let (throttle, _clock) = throttle();
    let [one, two] = [SessionId::generate(), SessionId::generate()];
    let passed = (0..20).filter(|_| throttle.check_session(one).is_ok()).count();
    assert_eq!(passed, 5);
    assert_eq!(throttle.check_session(two), Ok(()));
    assert_eq!(throttle.check("ana@example.org", address(1)), Ok(Place::Unknown));
}

#[test]
fn of_places_the_last_are_kept() {
    let (throttle, _clock) = throttle();
    for number in 0..=u32::try_from(PLACES).unwrap() {
        throttle.remember("ana", address(number));
        throttle.remember("ana", address(number));
    }
    let places = throttle.places.read().unwrap();
    assert_eq!((places.set.len(), places.order.len()), (PLACES, PLACES));
    drop(places);
    assert_eq!(throttle.check("ana", address(0)), Ok(Place::Unknown));
    assert_eq!(throttle.check("ana", address(1)), Ok(Place::Known));
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
                prop_assert_eq!(throttle.check(&account, from.into()), Ok(Place::Unknown));
            }
        }
    }
}
