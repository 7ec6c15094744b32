//! How much is under way at once: requests that are read and run, and the bytes of what was read and of answers that nobody has
//! taken yet. Each is bounded for all clients together and for each of them. What is read has places of its own, and takes none of
//! those of operations before all of it is there.
//!
//! *Invariant*: what an operation may need is charged before it is run, and what its answer takes for as long as it is in
//! memory. Where there is no room, a request waits for a moment and is refused before anything is done for it; no answer is thrown
//! away for lack of room, since a mutation's would tell of what was done.
//!
//! A client may have as many bytes, and as many requests that are read, as it leaves free (the dynamic thresholds of Choudhury and Hahne, 1998), so that
//! those who have many cannot keep out those who have few. While somebody finds no room, clients that take nothing are waited for
//! less long ([`Pressure`]).
//!
//! Operations whose cost is large have few places, so that the others pass beside them: on SQLite a statement holds the thread it
//! is asked on.

mod account;
mod answer;

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::http::{HeaderValue, StatusCode, header};
use courant_gateway::error::ErrorCode;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use self::account::{Account, Clients, Total};
pub(crate) use self::{
    account::Charge,
    answer::{encoded, held, hold},
};
use super::refusal::Refusal;
use crate::Pressure;

/// How much may be under way at once. "Of a client" means of an address, or of a /64 network of IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traffic {
    /// Operations that are run at once. 128.
    pub operations: usize,
    /// Those of a client. 64.
    pub operations_per_client: usize,
    /// Operations that cost more than a fifth of the limit, at once, of which a client has all but one. As many as there are
    /// processors, and two at the least.
    pub heavy_operations: usize,
    /// Bytes of requests and of answers that nobody has taken yet. 64 MiB.
    pub unsent_bytes: usize,
    /// Those of a client. 16 MiB.
    pub unsent_bytes_per_client: usize,
    /// How long a request waits for its place. A second.
    pub patience: Duration,
}

impl Default for Traffic {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            operations: 128,
            operations_per_client: 64,
            heavy_operations: processors.max(2),
            unsent_bytes: 64 * 1024 * 1024,
            unsent_bytes_per_client: 16 * 1024 * 1024,
            patience: Duration::from_secs(1),
        }
    }
}

/// So many requests may have begun for each operation that is run: they wait, or are about to be answered.
const BEGUN_PER_OPERATION: usize = 4;

/// So many may be waited for until they have come, for each operation that is run: there may be many, and each costs little.
const READ_PER_OPERATION: usize = 16;

/// What is under way.
#[derive(Debug)]
pub(crate) struct Flow {
    traffic: Traffic,
    begun: Arc<Semaphore>,
    operations: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
    read: Arc<Total>,
    unsent: Arc<Total>,
    clients: Clients,
}

/// What one client has under way.
#[derive(Debug)]
struct Client {
    begun: Arc<Semaphore>,
    operations: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
    read: Account,
    unsent: Account,
}

/// A request that is read. It is counted once it is waited for, until this is gone.
#[derive(Debug)]
pub(crate) struct Read {
    client: Arc<Client>,
    /// What it takes.
    pub(crate) body: Charge,
    waited_for: Option<Charge>,
    all: Arc<Total>,
}

impl Read {
    /// Counts it, if its client leaves as many places to the others as it has.
    pub(crate) fn wait_for(&mut self) -> Result<(), Crowd> {
        if self.waited_for.is_none() {
            let mut charge = Charge::of_read(&self.all, &self.client);
            charge.more(1)?;
            self.waited_for = Some(charge);
        }
        Ok(())
    }

    /// Whether it is counted, and others found no room a moment ago.
    pub(crate) fn is_in_the_way(&self) -> bool {
        self.waited_for.as_ref().is_some_and(Charge::is_pressed)
    }
}

/// A request that has been read, and so has begun: it is counted for as long as this is there.
#[derive(Debug)]
pub(crate) struct Begun(#[expect(dead_code, reason = "it is there")] [OwnedSemaphorePermit; 2]);

/// The right to run an operation, and what was charged for its answer.
#[derive(Debug)]
pub(crate) struct Ticket {
    charge: Charge,
    _places: ([OwnedSemaphorePermit; 2], Option<[OwnedSemaphorePermit; 2]>),
}

impl Ticket {
    /// Gives the places back, now that the answer is there and takes so many bytes.
    pub(crate) fn answered(self, bytes: usize) -> Charge {
        let Self { mut charge, .. } = self;
        charge.set(bytes);
        charge
    }
}

impl Flow {
    pub(crate) fn new(traffic: Traffic, pressure: Pressure) -> Self {
        let places = |number: usize| Arc::new(Semaphore::new(number.clamp(1, Semaphore::MAX_PERMITS)));
        Self {
            begun: places(traffic.operations.saturating_mul(BEGUN_PER_OPERATION)),
            operations: places(traffic.operations),
            heavy: places(traffic.heavy_operations),
            read: Arc::new(Total::new(traffic.operations.saturating_mul(READ_PER_OPERATION), pressure.clone())),
            unsent: Arc::new(Total::new(traffic.unsent_bytes, pressure)),
            clients: Clients::new(traffic.clone()),
            traffic,
        }
    }

    /// A request that comes from this address.
    pub(crate) fn read(&self, address: Option<IpAddr>) -> Read {
        let client = self.clients.of(address);
        Read { body: Charge::new(&self.unsent, &client), client, waited_for: None, all: Arc::clone(&self.read) }
    }

    /// Lets a request begin that has been read, if its client has not begun too many.
    pub(crate) fn begin(&self, read: Read) -> Result<Begun, Refusal> {
        let Read { client, .. } = read;
        let own = Arc::clone(&client.begun).try_acquire_owned().map_err(|_| Crowd::Client.refusal())?;
        let place = Arc::clone(&self.begun).try_acquire_owned().map_err(|_| Crowd::Service.refusal())?;
        Ok(Begun([own, place]))
    }

    /// Waits until there is room for an answer of so many bytes, which is there already.
    pub(crate) async fn charge(&self, address: Option<IpAddr>, bytes: usize) -> Result<Charge, Refusal> {
        let mut charge = Charge::new(&self.unsent, &self.clients.of(address));
        charge.wait(bytes, Instant::now() + self.traffic.patience).await.map_err(Crowd::refusal)?;
        Ok(charge)
    }

    /// The same, if there is room now.
    pub(crate) fn charge_at_once(&self, address: Option<IpAddr>, bytes: usize) -> Option<Charge> {
        let mut charge = Charge::new(&self.unsent, &self.clients.of(address));
        charge.more(bytes).ok()?;
        Some(charge)
    }

    /// Waits until an operation may be run that costs so much, of the most it may, and whose answer has about so many bytes.
    pub(crate) async fn admit(
        &self,
        address: Option<IpAddr>,
        cost: u64,
        most: u64,
        bytes: usize,
    ) -> Result<Ticket, Refusal> {
        let client = self.clients.of(address);
        let deadline = Instant::now() + self.traffic.patience;
        // The room for its answer first, and then the few places: who waits for the one or the other keeps nobody from the rest.
        let mut charge = Charge::new(&self.unsent, &client);
        charge.wait(bytes, deadline).await.map_err(Crowd::refusal)?;
        let heavy = if cost > most / 5 {
            Some([
                place(&client.heavy, deadline, Crowd::Client).await?,
                place(&self.heavy, deadline, Crowd::Service).await?,
            ])
        } else {
            None
        };
        let own = place(&client.operations, deadline, Crowd::Client).await?;
        let places = ([own, place(&self.operations, deadline, Crowd::Service).await?], heavy);
        Ok(Ticket { charge, _places: places })
    }
}

async fn place(lane: &Arc<Semaphore>, deadline: Instant, crowd: Crowd) -> Result<OwnedSemaphorePermit, Refusal> {
    if let Ok(place) = Arc::clone(lane).try_acquire_owned() {
        return Ok(place);
    }
    match timeout_at(deadline, Arc::clone(lane).acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        // The semaphore is never closed.
        Ok(Err(_)) | Err(_) => Err(crowd.refusal()),
    }
}

/// Who has too much under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crowd {
    Client,
    Service,
}

impl Crowd {
    pub(crate) fn refusal(self) -> Refusal {
        let (status, code, message) = match self {
            Self::Client => (
                StatusCode::TOO_MANY_REQUESTS,
                ErrorCode::TooManyRequests,
                "your address has too many requests or answers under way; try again in a moment",
            ),
            Self::Service => (
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::Busy,
                "too many requests or answers are under way; try again in a moment",
            ),
        };
        Refusal::http(status, code, message).with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }
}

#[cfg(test)]
mod tests;
