//! Counting bytes.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, timeout_at},
};

use super::{BEGUN_PER_OPERATION, Client, Crowd, Traffic};
use crate::{Pressure, middleware::address::network};

/// So many bytes, of at most so many.
#[derive(Debug)]
pub(super) struct Account {
    used: AtomicUsize,
    limit: usize,
    waiting: AtomicUsize,
    room: Notify,
}

impl Account {
    pub(super) const fn new(limit: usize) -> Self {
        Self { used: AtomicUsize::new(0), limit, waiting: AtomicUsize::new(0), room: Notify::const_new() }
    }

    /// Adds bytes if they may be added to those that are used.
    fn try_add(&self, bytes: usize, may: impl Fn(usize) -> bool) -> bool {
        let add = |used: usize| may(used).then(|| used.saturating_add(bytes));
        self.used.fetch_update(SeqCst, SeqCst, add).is_ok()
    }

    fn add(&self, bytes: usize) {
        self.used.fetch_add(bytes, SeqCst);
    }

    fn remove(&self, bytes: usize) {
        self.used.fetch_sub(bytes, SeqCst);
        if self.waiting.load(SeqCst) > 0 {
            self.room.notify_waiters();
        }
    }

    fn used(&self) -> usize {
        self.used.load(SeqCst)
    }
}

/// The bytes of all clients, and whether somebody finds no room for theirs.
#[derive(Debug)]
pub(super) struct Total {
    account: Account,
    pressure: Pressure,
}

impl Total {
    pub(super) const fn new(limit: usize, pressure: Pressure) -> Self {
        Self { account: Account::new(limit), pressure }
    }

    #[cfg(test)]
    pub(super) fn used(&self) -> usize {
        self.account.used()
    }
}

/// Bytes, or requests that are read, which are counted until this is gone, for all clients and for one.
#[derive(Debug)]
pub(crate) struct Charge {
    total: Arc<Total>,
    client: Arc<Client>,
    own: fn(&Client) -> &Account,
    bytes: usize,
}

impl Charge {
    /// Of bytes.
    pub(super) fn new(total: &Arc<Total>, client: &Arc<Client>) -> Self {
        Self { total: Arc::clone(total), client: Arc::clone(client), own: |client| &client.unsent, bytes: 0 }
    }

    /// Of requests that are read.
    pub(super) fn of_read(total: &Arc<Total>, client: &Arc<Client>) -> Self {
        let mut charge = Self::new(total, client);
        charge.own = |client| &client.read;
        charge
    }

    /// Another one of the same client, of nothing yet.
    pub(super) fn beside(&self) -> Self {
        Self::new(&self.total, &self.client)
    }

    /// Whether others found no room a moment ago.
    pub(super) fn is_pressed(&self) -> bool {
        self.total.pressure.lasts()
    }

    /// Charges more, if there is room: of the client, where the last answer that finds some may go beyond it, and of all. Of that a
    /// client may have as much as it leaves to the others, so that there is always some for whoever has less.
    pub(crate) fn more(&mut self, bytes: usize) -> Result<(), Crowd> {
        let (own, all) = ((self.own)(&self.client), &self.total.account);
        let before = own.used();
        // Looked at first: what was added and taken back would be in the way of this client's other requests.
        if before >= own.limit {
            return Err(Crowd::Client);
        }
        let own_used = before.saturating_add(bytes);
        let leaves_as_much = |used: usize| used.saturating_add(bytes).saturating_add(own_used) <= all.limit;
        let has_it_alone = |used: usize| used < all.limit && used.saturating_add(bytes) <= own_used;
        if !all.try_add(bytes, |used| leaves_as_much(used) || has_it_alone(used)) {
            self.total.pressure.felt();
            return Err(Crowd::Service);
        }
        if !own.try_add(bytes, |used| used < own.limit) {
            all.remove(bytes);
            return Err(Crowd::Client);
        }
        self.bytes += bytes;
        Ok(())
    }

    /// Charges more as soon as there is room.
    pub(super) async fn wait(&mut self, bytes: usize, deadline: Instant) -> Result<(), Crowd> {
        let Err(mut crowd) = self.more(bytes) else { return Ok(()) };
        let (client, total) = (Arc::clone(&self.client), Arc::clone(&self.total));
        loop {
            let full = match crowd {
                Crowd::Client => (self.own)(&client),
                Crowd::Service => &total.account,
            };
            let _waiting = Waiting::at(full);
            let room = full.room.notified();
            // There may be some since it was looked for.
            match self.more(bytes) {
                Ok(()) => return Ok(()),
                Err(other) if other != crowd => crowd = other,
                Err(crowd) => timeout_at(deadline, room).await.map_err(|_| crowd)?,
            }
        }
    }

    /// Charges what has turned out to be needed, whether there is room or not.
    pub(crate) fn set(&mut self, bytes: usize) {
        // The client's first: whoever waits for room of all is told by that of all, and looks at both.
        for account in [(self.own)(&self.client), &self.total.account] {
            if bytes > self.bytes {
                account.add(bytes - self.bytes);
            } else {
                account.remove(self.bytes - bytes);
            }
        }
        self.bytes = bytes;
    }
}

/// One who waits for room.
struct Waiting<'a>(&'a Account);

impl<'a> Waiting<'a> {
    fn at(account: &'a Account) -> Self {
        account.waiting.fetch_add(1, SeqCst);
        Self(account)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, SeqCst);
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// The clients that have something under way.
#[derive(Debug)]
pub(super) struct Clients {
    traffic: Traffic,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    clients: HashMap<Option<IpAddr>, Arc<Client>>,
    /// When there are so many, those with nothing under way are forgotten.
    crowd: usize,
}

const CROWD: usize = 256;

impl Clients {
    pub(super) fn new(traffic: Traffic) -> Self {
        Self { traffic, known: Mutex::new(Known { crowd: CROWD, ..Known::default() }) }
    }

    /// The client at an address. All that come from nowhere are one, which nothing is counted against.
    pub(super) fn of(&self, address: Option<IpAddr>) -> Arc<Client> {
        let key = address.map(network);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = known.clients.get(&key) {
            return Arc::clone(client);
        }
        if known.clients.len() >= known.crowd {
            known.clients.retain(|_, client| Arc::strong_count(client) > 1);
            known.crowd = (known.clients.len() * 2).max(CROWD);
        }
        let client = Arc::new(self.client(key.is_some()));
        known.clients.insert(key, Arc::clone(&client));
        client
    }

    #[cfg(test)]
    pub(super) fn known(&self) -> usize {
        self.known.lock().unwrap().clients.len()
    }

    fn client(&self, is_bounded: bool) -> Client {
        let Traffic { operations_per_client, heavy_operations, unsent_bytes_per_client, .. } = self.traffic;
        let places = |number: usize| {
            let number = if is_bounded { number.max(1) } else { usize::MAX };
            Arc::new(Semaphore::new(number.min(Semaphore::MAX_PERMITS)))
        };
        Client {
            begun: places(operations_per_client.saturating_mul(BEGUN_PER_OPERATION)),
            operations: places(operations_per_client),
            // Of several places, one is for the others.
            heavy: places(heavy_operations.saturating_sub(1)),
            read: Account::new(if is_bounded {
                operations_per_client.saturating_mul(BEGUN_PER_OPERATION)
            } else {
                usize::MAX
            }),
            unsent: Account::new(if is_bounded { unsent_bytes_per_client } else { usize::MAX }),
        }
    }
}
