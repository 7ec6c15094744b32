//! Who may have a connection.
//!
//! A new one never waits: it takes the place of whoever has asked for nothing for longest, or goes to the reserve, in which there
//! are answers about the server's health alone. The oldest there makes place for the next.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ipnet::IpNet;

use super::{
    Patience,
    link::{Link, Order},
};
use crate::{config::now, middleware::address::network};

/// How many connections there may be.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    pub(super) all: usize,
    /// From one address, or one /64 network of IPv6; not from those of our proxies.
    pub(super) of_a_peer: usize,
    pub(super) proxies: Vec<IpNet>,
    /// How long a connection without a request keeps its place for sure.
    pub(super) fresh: Duration,
}

/// Connections beyond the bounds: those that are answered shortly, and those that are ending for others to have their places.
pub(super) const RESERVE: usize = 128;
pub(super) const LEAVING: usize = 256;
/// How long a connection in the reserve has, in milliseconds.
const IN_RESERVE: u64 = 5_000;

/// What a connection may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Served,
    /// How the server is, since the address has too many others.
    Crowded,
    /// How the server is, since all have too many.
    Full,
}

#[derive(Debug)]
pub(super) struct Places {
    bounds: Bounds,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    served: HashMap<u64, (Option<IpAddr>, Arc<Link>)>,
    peers: HashMap<IpAddr, usize>,
    leaving: HashMap<u64, Arc<Link>>,
    reserve: VecDeque<(u64, Arc<Link>)>,
}

/// A connection's place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    pub(super) link: Arc<Link>,
    pub(super) standing: Standing,
}

impl Places {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, taken: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from here. None when so many are ending that it is not known where this would lead.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        let is_ours = self.bounds.proxies.iter().any(|network| network.contains(&peer));
        let peer = (!is_ours).then(|| network(peer));
        let mut taken = self.lock();
        if taken.leaving.len() >= LEAVING {
            return None;
        }
        let own = peer.and_then(|peer| taken.peers.get(&peer)).copied().unwrap_or_default();
        let standing = if peer.is_some() && own >= self.bounds.of_a_peer && !taken.evict(peer, self.bounds.fresh) {
            Standing::Crowded
        } else if taken.served.len() >= self.bounds.all && !taken.evict(None, self.bounds.fresh) {
            Standing::Full
        } else {
            Standing::Served
        };
        let link = Arc::new(Link::new());
        let number = taken.next;
        taken.next += 1;
        if standing == Standing::Served {
            taken.served.insert(number, (peer, Arc::clone(&link)));
            if let Some(peer) = peer {
                *taken.peers.entry(peer).or_default() += 1;
            }
        } else {
            if taken.reserve.len() >= RESERVE
                && let Some((_, oldest)) = taken.reserve.pop_front()
            {
                oldest.tell(Order::Cut);
            }
            taken.reserve.push_back((number, Arc::clone(&link)));
        }
        drop(taken);
        Some(Place { places: Arc::clone(self), number, link, standing })
    }

    /// Ends the connection that has asked for nothing for longest, if there is one.
    pub(super) fn make_room(&self) {
        self.lock().evict(None, Duration::ZERO);
    }

    /// Tells every connection.
    pub(super) fn tell(&self, order: Order) {
        let taken = self.lock();
        taken.served.values().for_each(|(_, link)| link.tell(order));
        taken.reserve.iter().for_each(|(_, link)| link.tell(order));
    }

    pub(super) fn count(&self) -> usize {
        let taken = self.lock();
        taken.served.len() + taken.reserve.len() + taken.leaving.len()
    }

    /// Looks at every connection, whether its client has been waited for long enough.
    pub(super) fn look(&self, patience: Patience) {
        let (taken, now) = (self.lock(), now());
        taken.served.values().for_each(|(_, link)| link.look(patience));
        taken.leaving.values().for_each(|link| link.look(patience));
        let is_over = |link: &Link| now.saturating_sub(link.began()) > IN_RESERVE;
        taken.reserve.iter().filter(|(_, link)| is_over(link)).for_each(|(_, link)| link.tell(Order::Cut));
    }
}

impl Taken {
    /// Makes the longest idle connection leave, of one peer or of all. Its place is free at once.
    fn evict(&mut self, of: Option<IpAddr>, fresh: Duration) -> bool {
        let of_it = self.served.iter().filter(|(_, (peer, _))| of.is_none() || of == *peer);
        let idle = of_it.filter_map(|(number, (_, link))| Some((link.idle_since(fresh)?, *number)));
        let Some((_, number)) = idle.min() else { return false };
        if let Some(link) = self.leave(number) {
            link.evict();
            self.leaving.insert(number, link);
        }
        true
    }

    fn leave(&mut self, number: u64) -> Option<Arc<Link>> {
        let (peer, link) = self.served.remove(&number)?;
        if let Some(peer) = peer
            && let Some(count) = self.peers.get_mut(&peer)
        {
            *count -= 1;
            if *count == 0 {
                self.peers.remove(&peer);
            }
        }
        Some(link)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if taken.leave(self.number).is_none() && taken.leaving.remove(&self.number).is_none() {
            taken.reserve.retain(|(number, _)| *number != self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    fn places(all: usize, of_a_peer: usize) -> Arc<Places> {
        Arc::new(Places::new(Bounds {
            all,
            of_a_peer,
            proxies: vec!["10.0.0.0/8".parse().unwrap()],
            fresh: Duration::ZERO,
        }))
    }

    fn at(address: [u8; 4]) -> IpAddr {
        Ipv4Addr::from(address).into()
    }

    fn standing(places: &Arc<Places>, address: [u8; 4]) -> (Standing, Place) {
        let place = places.take(at(address)).unwrap();
        (place.standing, place)
    }

    #[test]
    fn whoever_is_idle_makes_place_first_of_their_own_address() {
        let places = places(3, 2);
        let (_, first) = standing(&places, [192, 0, 2, 1]);
        let _asked = first.link.ask();
        let (_, second) = standing(&places, [192, 0, 2, 1]);
        let (_, other) = standing(&places, [192, 0, 2, 2]);
        let (seen, third) = standing(&places, [192, 0, 2, 1]);
        assert_eq!(seen, Standing::Served);
        assert_eq!(
            [&first, &second, &other].map(|place| place.link.idle_since(Duration::ZERO).is_some()),
            [false, false, true]
        );
        // Both of them are busy now.
        let _asked = third.link.ask();
        assert_eq!(standing(&places, [192, 0, 2, 1]).0, Standing::Crowded);
        // All places are taken, and one of them is idle.
        let (seen, fourth) = standing(&places, [192, 0, 2, 3]);
        assert_eq!((seen, other.link.idle_since(Duration::ZERO)), (Standing::Served, None));
        let _asked = fourth.link.ask();
        assert_eq!(standing(&places, [192, 0, 2, 4]).0, Standing::Full);
        drop(first);
        assert_eq!(standing(&places, [192, 0, 2, 4]).0, Standing::Served);
    }

    #[test]
    fn proxies_are_not_counted_and_networks_of_ipv6_are() {
        let places = places(100, 1);
        let kept = [1, 2].map(|_| standing(&places, [10, 0, 0, 1]));
        let asked = kept.each_ref().map(|(_, place)| place.link.ask());
        assert_eq!(kept.each_ref().map(|(standing, _)| *standing), [Standing::Served; 2]);
        drop(asked);
        let of = |last: u16| IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        let first = places.take(of(1)).unwrap();
        let _asked = first.link.ask();
        assert_eq!(places.take(of(2)).unwrap().standing, Standing::Crowded);
    }

    #[test]
    fn whoever_has_just_come_keeps_their_place() {
        let fresh = Duration::from_secs(3600);
        let places = Arc::new(Places::new(Bounds { all: 1, of_a_peer: 1, proxies: Vec::new(), fresh }));
        let (_, only) = standing(&places, [192, 0, 2, 1]);
        assert_eq!(standing(&places, [192, 0, 2, 2]).0, Standing::Full);
        drop(only.link.ask());
        assert_eq!(standing(&places, [192, 0, 2, 2]).0, Standing::Served);
    }

    #[tokio::test]
    async fn the_reserve_is_bounded_and_its_oldest_makes_place() {
        let places = places(1, 1);
        let (_, only) = standing(&places, [192, 0, 2, 1]);
        let _asked = only.link.ask();
        let reserve: Vec<Place> = (0..=RESERVE).map(|_| places.take(at([192, 0, 2, 2])).unwrap()).collect();
        assert_eq!(places.lock().reserve.len(), RESERVE);
        assert_eq!(reserve[0].link.told().await, Order::Cut);
        drop(reserve);
        assert_eq!(places.count(), 1);
    }
}
