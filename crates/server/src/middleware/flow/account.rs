//! Counting bytes.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, timeout_at},
};

use super::{BEGUN_PER_OPERATION, Client, Crowd, Traffic};

/// So many bytes, of at most so many.
#[derive(Debug)]
pub(super) struct Account {
    used: AtomicUsize,
    limit: usize,
    room: Notify,
}

impl Account {
    pub(super) const fn new(limit: usize) -> Self {
        Self { used: AtomicUsize::new(0), limit, room: Notify::const_new() }
    }

    /// Adds bytes, unless the limit is reached: the last one who finds room may go beyond it.
    fn try_add(&self, bytes: usize) -> bool {
        let add = |used: usize| (used < self.limit).then(|| used.saturating_add(bytes));
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }

    fn add(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    fn remove(&self, bytes: usize) {
        let used = self.used.fetch_sub(bytes, Ordering::Relaxed);
        // Only while it was reached, somebody can be waiting.
        if used >= self.limit && used - bytes < self.limit {
            self.room.notify_waiters();
        }
    }

    async fn wait(&self, bytes: usize, deadline: Instant) -> bool {
        loop {
            let room = self.room.notified();
            if self.try_add(bytes) {
                return true;
            }
            if timeout_at(deadline, room).await.is_err() {
                return false;
            }
        }
    }

    #[cfg(test)]
    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

/// Bytes that are counted until this is gone, for all clients and for one.
#[derive(Debug)]
pub(crate) struct Charge {
    service: Arc<Account>,
    client: Arc<Client>,
    bytes: usize,
}

impl Charge {
    pub(super) fn new(service: &Arc<Account>, client: &Arc<Client>) -> Self {
        Self { service: Arc::clone(service), client: Arc::clone(client), bytes: 0 }
    }

    /// Another one of the same client, of nothing yet.
    pub(super) fn beside(&self) -> Self {
        Self::new(&self.service, &self.client)
    }

    /// Charges more, if there is room.
    pub(crate) fn more(&mut self, bytes: usize) -> Result<(), Crowd> {
        if !self.client.unsent.try_add(bytes) {
            return Err(Crowd::Client);
        }
        if !self.service.try_add(bytes) {
            self.client.unsent.remove(bytes);
            return Err(Crowd::Service);
        }
        self.bytes += bytes;
        Ok(())
    }

    /// Charges more as soon as there is room.
    pub(super) async fn wait(&mut self, bytes: usize, deadline: Instant) -> Result<(), Crowd> {
        if !self.client.unsent.wait(bytes, deadline).await {
            return Err(Crowd::Client);
        }
        if !self.service.wait(bytes, deadline).await {
            self.client.unsent.remove(bytes);
            return Err(Crowd::Service);
        }
        self.bytes += bytes;
        Ok(())
    }

    /// Charges what has turned out to be needed, whether there is room or not.
    pub(super) fn set(&mut self, bytes: usize) {
        for account in [&*self.service, &self.client.unsent] {
            if bytes > self.bytes {
                account.add(bytes - self.bytes);
            } else {
                account.remove(self.bytes - bytes);
            }
        }
        self.bytes = bytes;
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
            unsent: Account::new(if is_bounded { unsent_bytes_per_client } else { usize::MAX }),
        }
    }
}

/// What is counted as one client: a household has a /64 network of IPv6 at the least.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        IpAddr::V4(address) => address.into(),
    }
}
