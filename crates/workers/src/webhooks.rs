//! Sending messages to webhooks: what waits in the outbox, by one server at a time, several at once, those of one thing in their order.
//!
//! *Invariant*: no message of a lane is sent while another one is under way, and none before an earlier one is settled. What is
//! under way when a server dies is sent again by its successor.

mod attempt;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use courant_domain::{id::WebhookId, webhook::Webhook};
use courant_identity::server_secret::ServerSecret;
use courant_outbound::{Bounds, Outbound, Public};
use courant_persistence::{Claim, DueDelivery, Settled, Store, Webhooks};
use tokio::task::JoinSet;

use self::attempt::Errand;
use crate::{Result, WorkError, for_all::ForAll, node::Lease};

/// How many messages are under way at once.
const PLACES: usize = 32;
/// How many of them can be to one webhook.
const PLACES_OF_ONE: usize = 4;
/// How many are kept for webhooks that have none under way: those that answer slowly hold nobody else up.
const PLACES_FOR_OTHERS: usize = 12;
/// How many can be to webhooks that are down, of which each has one.
const PLACES_OF_DOWN: usize = 8;

/// What a try may take: a receiver says soon that it has a message, and works on it afterwards.
pub const BOUNDS: Bounds = Bounds { connect: Duration::from_secs(5), all: Duration::from_secs(15), body: 16 * 1024 };

/// Sends messages to webhooks.
#[derive(Debug)]
pub struct Sender {
    store: Store,
    outbound: Outbound,
    public: Public,
    under_way: JoinSet<Ended>,
    lanes: HashMap<WebhookId, HashSet<String>>,
    /// The webhooks that were down when something was sent to them last.
    down: HashSet<WebhookId>,
}

/// What was sent, and is no longer under way.
#[derive(Debug)]
struct Ended {
    webhook: WebhookId,
    lane: String,
}

impl Sender {
    /// Of this store, to these destinations.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(store: Store, public: Public) -> Result<Self> {
        Self::within(store, public, BOUNDS)
    }

    /// The same, within other bounds.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn within(store: Store, public: Public, bounds: Bounds) -> Result<Self> {
        let destinations = courant_outbound::Destinations::Public(public.clone());
        let outbound = Outbound::new(destinations, bounds).map_err(|error| WorkError::Other(error.to_string()))?;
        let (under_way, lanes, down) = (JoinSet::new(), HashMap::new(), HashSet::new());
        Ok(Self { store, outbound, public, under_way, lanes, down })
    }

    fn count(&self, webhook: WebhookId) -> usize {
        self.lanes.get(&webhook).map_or(0, HashSet::len)
    }

    /// How many more messages to a webhook can be sent now.
    fn places(&self, hook: &Webhook) -> usize {
        let free = PLACES - self.under_way.len().min(PLACES);
        let under_way = self.count(hook.id);
        if !hook.is_failing() {
            let more = free.saturating_sub(PLACES_FOR_OTHERS).min(PLACES_OF_ONE.saturating_sub(under_way));
            return if under_way == 0 { more.max(free.min(1)) } else { more };
        }
        let others: usize = self.down.iter().filter(|id| **id != hook.id).map(|id| self.count(*id)).sum();
        let has_place = under_way == 0 && others < PLACES_OF_DOWN;
        free.min(usize::from(has_place))
    }

    fn ended(&mut self, ended: &Ended) {
        if let Some(lanes) = self.lanes.get_mut(&ended.webhook) {
            lanes.remove(&ended.lane);
            if lanes.is_empty() {
                self.lanes.remove(&ended.webhook);
            }
        }
    }

    /// Forgets what is no longer under way.
    fn reap(&mut self) {
        while let Some(ended) = self.under_way.try_join_next() {
            match ended {
                Ok(ended) => self.ended(&ended),
                Err(error) => {
                    // A fault of ours: which lane it was is not known, so that all are looked at anew.
                    tracing::error!(%error, "a message to a webhook was left behind");
                    self.released();
                }
            }
        }
    }

    fn send(&mut self, hook: &Webhook, delivery: DueDelivery, secret: &ServerSecret, claim: &Claim, lease: &Lease) {
        self.lanes.entry(hook.id).or_default().insert(delivery.lane.clone());
        let errand = Errand {
            store: self.store.clone(),
            outbound: self.outbound.clone(),
            public: self.public.clone(),
            secret: secret.clone(),
            hook: hook.clone(),
            claim: *claim,
            lease: lease.clone(),
        };
        self.under_way.spawn(async move {
            let (webhook, lane) = (errand.hook.id, delivery.lane.clone());
            if let Some(settled) = errand.run(&delivery).await {
                say(&errand.hook, &delivery, settled);
            }
            Ended { webhook, lane }
        });
    }
}

impl ForAll for Sender {
    const NAME: &'static str = Webhooks::SENDER;
    /// Other servers put messages into the outbox, too, and what is to be tried again becomes due.
    const EVERY: Duration = Duration::from_millis(400);

    async fn turn(&mut self, claim: &Claim, lease: &Lease) -> Result<()> {
        self.reap();
        let webhooks = self.store.webhooks();
        let now = self.store.now();
        let waiting = webhooks.waiting(now).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let secret = webhooks.secret().await?;
        for hook in &waiting {
            if hook.is_failing() {
                self.down.insert(hook.id)
            } else {
                self.down.remove(&hook.id)
            };
            let places = self.places(hook);
            if places == 0 {
                continue;
            }
            let nothing = HashSet::new();
            let under_way = self.lanes.get(&hook.id).unwrap_or(&nothing);
            for delivery in webhooks.due(hook.id, now, under_way, places).await? {
                self.send(hook, delivery, &secret, claim, lease);
            }
        }
        Ok(())
    }

    async fn woken(&mut self) {
        let ended = tokio::select! {
            () = self.store.outbox_grows() => None,
            Some(ended) = self.under_way.join_next() => Some(ended),
        };
        match ended {
            Some(Ok(ended)) => self.ended(&ended),
            Some(Err(error)) => {
                tracing::error!(%error, "a message to a webhook was left behind");
                self.released();
            }
            None => {}
        }
    }

    fn released(&mut self) {
        self.under_way = JoinSet::new();
        self.lanes.clear();
    }
}

/// Has the log say what an administrator should know.
fn say(hook: &Webhook, delivery: &DueDelivery, settled: Settled) {
    let (webhook, name, url, message) = (hook.id, &hook.name, &hook.url, delivery.id);
    match settled {
        Settled::Delivered => tracing::debug!(%webhook, %message, "a webhook has taken a message in"),
        Settled::Again(at) => tracing::debug!(%webhook, %message, %at, "a message to a webhook is tried again"),
        Settled::GivenUp => {
            tracing::warn!(%webhook, name, url, %message, "a message to a webhook is given up after three days");
        }
        Settled::EndpointGone => {
            tracing::warn!(%webhook, name, url, "a webhook has answered that it is gone, and is told of nothing any more");
        }
        Settled::EndpointDisabled => {
            tracing::warn!(%webhook, name, url, "nothing got through to a webhook for three days: it is told of nothing any more");
        }
        Settled::NotHeld | Settled::Gone => {}
    }
}
