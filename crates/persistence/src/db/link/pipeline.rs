//! Statements of many requests on few connections to PostgreSQL, one behind the other.
//!
//! A connection of the driver's is one request's until its answer is there: with each statement the server's process for it wakes up,
//! answers and sleeps, and so does ours. Here a connection takes the next statement while it works for the one before, and what is
//! ready together is sent and read together. Only what is quick goes this way, so that nobody is long behind others.
//!
//! What fails here is asked again by the driver's connections, which know what to say of it, whatever it is. So nothing here tries
//! again or explains, and where there is no connection yet, or none that can be had this way, the driver's are there.

mod connection;

use std::{sync::Arc, time::Duration};

use sea_orm::Value;
use sqlx::postgres::PgConnectOptions;
use tokio::{sync::Semaphore, time::timeout};
use tokio_postgres::{Config, Row, error::SqlState};

use self::connection::{Open, Slot, Unsaid};
use super::{
    Kind, Pulse,
    lease::{Unanswered, within},
};
use crate::{
    db::{budget::Budget, inline::Unread, lanes::PATIENCE, patience::GRACE},
    error::StoreError,
};

/// How many statements a connection takes at once: the last of them waits for the others.
const DEPTH: usize = 4;

/// Connections that take several statements at once.
pub(crate) struct Pipelines {
    config: Arc<Config>,
    pulse: Arc<Pulse>,
    slots: Box<[Arc<Slot>]>,
    places: Semaphore,
    /// How long an answer is waited for.
    longest: Duration,
}

impl Pipelines {
    /// Connections of this kind, made when they are needed; none where the server is not reached in the plain.
    pub(crate) fn new(options: &PgConnectOptions, pulse: &Arc<Pulse>, kind: &Kind) -> Option<Self> {
        let config = Arc::new(connection::config(options, kind)?);
        let slots: Box<[Arc<Slot>]> = (0..kind.connections).map(|_| Arc::default()).collect();
        let depth = u32::try_from(DEPTH).unwrap_or(u32::MAX);
        Some(Self {
            config,
            pulse: Arc::clone(pulse),
            places: Semaphore::new(slots.len() * DEPTH),
            slots,
            longest: kind.longest * depth + GRACE,
        })
    }

    /// The rows of a statement that reads.
    pub(crate) async fn rows(&self, sql: &str, values: &[Value], budget: &Budget) -> Result<Vec<Row>, Unread> {
        let _place = match self.places.try_acquire() {
            Ok(place) => place,
            Err(_) => match timeout(PATIENCE, self.places.acquire()).await {
                Ok(Ok(place)) => place,
                Ok(Err(_)) => return Err(Unread::Unconnected),
                Err(_) => return Err(Unread::Busy),
            },
        };
        let (slot, open) = self.open().ok_or(Unread::Unconnected)?;
        let _spending = budget.spending();
        let _under_way = slot.under_way();
        match within(&self.pulse, self.longest, open.ask(sql, values)).await {
            Ok(rows) => Ok(rows),
            Err(Unanswered::Failed(Unsaid::Client(error))) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
                Err(Unread::Slow)
            }
            Err(Unanswered::Failed(error)) => {
                if open.is_closed() {
                    // What has ended one has ended most: a restart, a network that forgot them.
                    self.pulse.distrust();
                }
                Err(Unread::Failed(error.to_string()))
            }
            Err(Unanswered::Lost) => {
                open.discard();
                self.pulse.distrust();
                Err(Unread::Failed("there was no answer in time".to_owned()))
            }
            Err(Unanswered::Away) => {
                open.discard();
                Err(Unread::Failed(StoreError::Unavailable.to_string()))
            }
        }
    }

    /// The connection with the fewest statements under way, or while there is none, any.
    fn open(&self) -> Option<(&Slot, Arc<Open>)> {
        let fewest = self.slots.iter().min_by_key(|slot| slot.load())?;
        self.open_in(fewest).or_else(|| self.slots.iter().find_map(|slot| self.open_in(slot)))
    }

    fn open_in<'a>(&self, slot: &'a Arc<Slot>) -> Option<(&'a Slot, Arc<Open>)> {
        Some((slot, slot.open(&self.config, &self.pulse)?))
    }

    /// Closes the connections as soon as their statements have come to an end. What is asked from now on is the driver's.
    pub(crate) fn close(&self) {
        self.places.close();
        self.slots.iter().for_each(|slot| slot.close());
    }
}
