//! The counter of a node.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{PoisonError, RwLock},
};

use courant_domain::reading::{EditionName, day_of};
use courant_identity::reader::{Print, ReaderSalt};
use jiff::Timestamp;

use crate::{
    pending::{EditionReads, Pending},
    program,
    quota::Quota,
    seen::Seen,
};

/// How reads are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether they are. They are.
    pub is_on: bool,
    /// How many bytes it may take to know who has read what today. 64 MiB.
    pub seen_bytes: usize,
    /// How many reads are counted of one address within a minute, whatever comes of them. 120.
    pub per_address: u32,
    /// How many readers at one address are counted of the same edition within an hour. 20.
    pub readers_per_address: u32,
    /// How many reads wait for the database at the most. 400,000.
    pub pending: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { is_on: true, seen_bytes: 64 << 20, per_address: 120, readers_per_address: 20, pending: 400_000 }
    }
}

/// What came of a read that somebody says there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It counts, if it is of something live and no other node has counted it.
    Yes,
    /// The same reader has read the same today.
    Again,
    /// A program without anybody before it.
    Robot,
    /// Too much from one address.
    Flood,
    /// More than the database takes.
    Full,
    /// There is no salt for today yet, or nothing is counted at all.
    Closed,
}

/// Counts reads, for one node.
pub struct Counter {
    settings: Settings,
    salts: RwLock<Vec<(i32, ReaderSalt)>>,
    seen: Seen,
    addresses: Quota,
    readers: Quota,
    pending: Pending,
}

impl std::fmt::Debug for Counter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counter").field("pending", &self.pending.len()).finish_non_exhaustive()
    }
}

impl Counter {
    /// One that has counted nothing. It counts once it has a salt ([`Counter::salt`]).
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            salts: RwLock::default(),
            seen: Seen::new(settings.seen_bytes),
            addresses: Quota::new(settings.per_address, 60),
            readers: Quota::new(settings.readers_per_address, 3_600),
            pending: Pending::new(settings.pending),
            settings,
        }
    }

    /// How it counts.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Counts a read of an edition, by whoever is at this address with this program (its `User-Agent`), once a day.
    pub fn count(&self, now: Timestamp, address: Option<IpAddr>, program: &[u8], edition: EditionName) -> Counted {
        if !self.settings.is_on {
            return Counted::Closed;
        }
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let source = network(address);
        if !self.addresses.take(source, now) {
            return Counted::Flood;
        }
        if !program::is_of_people(program) {
            return Counted::Robot;
        }
        let day = day_of(now);
        let Some(print) = self.print(day, address, program, edition) else { return Counted::Closed };
        if !self.seen.is_new(day, print) {
            return Counted::Again;
        }
        if !self.readers.take((source, edition), now) {
            return Counted::Flood;
        }
        if self.pending.add(edition, print) { Counted::Yes } else { Counted::Full }
    }

    fn print(&self, day: i32, address: IpAddr, program: &[u8], edition: EditionName) -> Option<Print> {
        let mut read = [0; 16 + 36];
        let (id, locale) = read.split_at_mut(16);
        id.copy_from_slice(edition.entry.uuid().as_bytes());
        let tag = edition.locale.as_str().as_bytes();
        let tag = &tag[..tag.len().min(locale.len())];
        locale[..tag.len()].copy_from_slice(tag);
        let salts = self.salts.read().unwrap_or_else(PoisonError::into_inner);
        let (_, salt) = salts.iter().find(|(of, _)| *of == day)?;
        Some(salt.print(address, program, &read))
    }

    /// What it makes prints with, by day.
    pub fn salt(&self, salts: Vec<(i32, ReaderSalt)>) {
        *self.salts.write().unwrap_or_else(PoisonError::into_inner) = salts;
    }

    /// Whether it has a salt for each of these days.
    pub fn has_salts(&self, days: [i32; 2]) -> bool {
        let salts = self.salts.read().unwrap_or_else(PoisonError::into_inner);
        days.iter().all(|day| salts.iter().any(|(of, _)| of == day))
    }

    /// Takes in what other nodes have counted on a day.
    pub fn learn(&self, day: i32, prints: &[Print]) {
        for print in prints {
            self.seen.is_new(day, *print);
        }
    }

    /// How many prints are remembered at the least before one is forgotten.
    pub const fn remembers(&self) -> u64 {
        self.seen.remembers()
    }

    /// How many reads wait for the database.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Takes what waits for the database, in the order of what it is of.
    pub fn take(&self) -> Vec<EditionReads> {
        self.pending.take()
    }

    /// Puts back what could not be brought there. What there is no room for is lost.
    pub fn put_back(&self, reads: Vec<EditionReads>) {
        for (edition, prints) in reads {
            self.pending.add_all(edition, prints);
        }
    }
}

/// What is one address: a household has a /64 network of IPv6 at the least.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        IpAddr::V4(address) => address.into(),
    }
}

#[cfg(test)]
mod tests {
    use courant_domain::{entry::EntryKind, id::EntryId, locale::Locale};

    use super::*;

    const BROWSER: &[u8] = b"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    fn edition(number: u128, locale: &str) -> EditionName {
        let entry = EntryId::from(uuid::Uuid::from_u128(number));
        EditionName { entry, locale: Locale::parse(locale).unwrap(), kind: EntryKind::Article }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn counter(settings: Settings) -> Counter {
        let counter = Counter::new(settings);
        let salts = ["2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z"]
            .map(|day| (day_of(at(day)), ReaderSalt::generate().unwrap()));
        counter.salt(salts.to_vec());
        counter
    }

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_reader_counts_once_for_each_edition_and_day() {
        let counter = counter(Settings::default());
        let (now, en) = (at("2026-11-29T23:00:00Z"), edition(1, "en"));
        assert_eq!(counter.count(now, address(1), BROWSER, en), Counted::Yes);
        assert_eq!(counter.count(now, address(1), BROWSER, en), Counted::Again);
        assert_eq!(counter.count(now, address(1), BROWSER, edition(1, "ru")), Counted::Yes, "another language");
        assert_eq!(counter.count(now, address(1), BROWSER, edition(2, "en")), Counted::Yes, "another story");
        assert_eq!(counter.count(now, address(2), BROWSER, en), Counted::Yes, "somebody else");
        assert_eq!(counter.count(now, address(1), b"Opera/9.80", en), Counted::Yes, "with another program");
        assert_eq!(counter.count(at("2026-11-30T00:00:00Z"), address(1), BROWSER, en), Counted::Yes, "the next day");
        assert_eq!(counter.count(at("2026-12-01T00:00:00Z"), address(1), BROWSER, en), Counted::Closed, "no salt");
        let taken: Vec<_> = counter.take().into_iter().map(|(edition, prints)| (edition, prints.len())).collect();
        assert_eq!(taken, [(en, 4), (edition(1, "ru"), 1), (edition(2, "en"), 1)]);
        assert_eq!(counter.pending(), 0);
    }

    #[test]
    fn robots_and_what_other_nodes_have_counted_do_not_count() {
        let (one, other) = (counter(Settings::default()), Counter::new(Settings::default()));
        other.salt(one.salts.read().unwrap().clone());
        let (now, en) = (at("2026-11-29T23:00:00Z"), edition(1, "en"));
        assert_eq!(one.count(now, address(1), b"curl/8.11.0", en), Counted::Robot);
        assert_eq!(one.count(now, address(1), b"", en), Counted::Robot);
        assert_eq!(one.count(now, address(1), BROWSER, en), Counted::Yes);
        other.learn(day_of(now), &one.take()[0].1);
        assert_eq!(other.count(now, address(1), BROWSER, en), Counted::Again);
    }

    #[test]
    fn a_flood_from_one_address_counts_no_more_than_its_quota() {
        let counter = counter(Settings { per_address: 100, readers_per_address: 5, ..Settings::default() });
        let now = at("2026-11-29T23:00:00Z");
        let mut counted = 0;
        for number in 0..500 {
            let program = [BROWSER, format!(" {number}").as_bytes()].concat();
            counted += u32::from(counter.count(now, address(1), &program, edition(1, "en")) == Counted::Yes);
        }
        assert_eq!(counted, 5, "of one edition");
        assert_eq!(counter.count(now, address(1), BROWSER, edition(9, "en")), Counted::Flood, "of any");
        assert_eq!(counter.count(now, address(2), BROWSER, edition(1, "en")), Counted::Yes);
        let six = |last: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]));
        let of_a_network = (0..200).filter(|last| {
            counter.count(now, six(*last), BROWSER, edition(u128::from(*last) + 10, "en")) == Counted::Yes
        });
        assert_eq!(of_a_network.count(), 100, "a network of IPv6 is one address");
    }

    #[test]
    fn what_waits_is_bounded_and_can_be_put_back() {
        let counter = counter(Settings { pending: 3, ..Settings::default() });
        let now = at("2026-11-29T23:00:00Z");
        let count = |last| counter.count(now, address(last), BROWSER, edition(1, "en"));
        assert_eq!([count(1), count(2), count(3), count(4)], [Counted::Yes, Counted::Yes, Counted::Yes, Counted::Full]);
        let taken = counter.take();
        assert_eq!(count(5), Counted::Yes);
        counter.put_back(taken.clone());
        assert_eq!(counter.pending(), 1, "there is no room for three");
        counter.take();
        counter.put_back(taken.clone());
        assert_eq!(counter.take(), taken);
    }

    #[test]
    fn nothing_is_counted_where_it_is_turned_off() {
        let counter = counter(Settings { is_on: false, ..Settings::default() });
        let now = at("2026-11-29T23:00:00Z");
        assert_eq!(counter.count(now, address(1), BROWSER, edition(1, "en")), Counted::Closed);
    }
}
