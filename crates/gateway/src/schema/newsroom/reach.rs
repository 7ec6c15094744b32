//! How far a change has come.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};
use courant_domain::{change::ChangeSeq, webhook::DeliveryState};
use courant_persistence::{ChangeMade, Confirmations, NodeStatus, PingStatus, WebhookReached, Webhooks};
use jiff::{SignedDuration, Timestamp};

use crate::{
    error::Error,
    loader::{ConfirmationsOf, WebhooksReachedBy},
    schema::{
        context::{RequestContext, request},
        scalar::DateTime,
    },
};

/// A server that is alive knows of a change at once; one that does not know by then has something wrong with it.
const SERVERS_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// A cache is told twice, within seconds; one that has not been by then has something wrong with it.
const CACHES_WITHIN: SignedDuration = SignedDuration::from_secs(30);

/// Whose confirmation is asked for beside the servers'.
#[derive(Debug, Clone, Default)]
pub struct Reached {
    /// The caches that are told of changes.
    pub caches: Vec<CacheReached>,
    /// The hub and the search engines that are told of changes.
    pub outside: Vec<OutsideReached>,
}

/// A cache, and who tells it.
#[derive(Debug, Clone)]
pub struct CacheReached {
    /// Where it is.
    pub name: String,
    /// The follower of the change log that has told it for good when it has come by a change.
    pub follower: &'static str,
}

/// A hub or a search engine, and who tells it.
#[derive(Debug, Clone)]
pub struct OutsideReached {
    /// Where it is.
    pub name: String,
    /// Whether it is a hub.
    pub is_hub: bool,
    /// The follower of the change log that has told it when it has come by a change.
    pub follower: &'static str,
}

/// How far a change of what readers see has come: who has confirmed that readers get it there.
pub(crate) struct Reach {
    made: ChangeMade,
    confirmations: Vec<Confirmation>,
}

/// That readers get a change somewhere, or not yet.
#[derive(SimpleObject, Clone)]
pub(crate) struct Confirmation {
    /// What confirms it.
    kind: ConfirmationKind,
    /// What it is called: a server's id, which each start has anew; the host of a cache, a hub or a search engine, and its port; a webhook's
    /// name, or `webhooks` for all of them before it is known which of them are told.
    name: String,
    /// Whether it has.
    state: ConfirmationState,
    /// Since when it is waited for, which is since the change was made; null once it has confirmed it.
    waiting_since: Option<DateTime>,
    /// When a server last gave a sign of life; null for what is no server.
    seen_at: Option<DateTime>,
    /// When a hub or a search engine last took something that it was told, of this change or of another one; null for what is neither, and
    /// before the first time.
    taken_at: Option<DateTime>,
    /// What a hub or a search engine answered the last time instead of taking what it was told; null for what is neither, and if it took it.
    problem: Option<String>,
    /// Until when a hub or a search engine has asked to be left alone (`Retry-After`); null if it has not. It is told then.
    retry_at: Option<DateTime>,
}

/// What can confirm a change.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ConfirmationKind {
    /// A server on this database: what it answers from then on, pages, feeds and sitemaps included, is as new as the change.
    Server,
    /// A cache in front, a CDN say, that is told of changes: it has thrown away what the change touches, for the second time, so that
    /// nothing older is kept in it that was on its way the first time.
    Cache,
    /// A hub (WebSub): it knows of all feeds that the change touches, or there are none, and tells their followers.
    Hub,
    /// Search engines that take IndexNow: they know of the pages that the change touches, or there are none.
    SearchEngine,
    /// A webhook that is told of the change: its endpoint has taken the message in.
    Webhook,
}

/// How far a confirmation is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ConfirmationState {
    /// Readers get the change there.
    Confirmed,
    /// It will be confirmed within seconds.
    Waiting,
    /// It should have been confirmed by now: a server has been silent or has not taken the change in for 10 seconds, a cache has not
    /// been told for 30, a hub, search engine or webhook has been tried and did not take what it was told. It is tried again, webhooks
    /// for three days; what a hub or a search engine has refused, which its `problem` says, is not.
    Failing,
}

impl Reach {
    /// That of a change, as it is now.
    pub(super) async fn of(ctx: &async_graphql::Context<'_>, made: ChangeMade) -> Result<Self, Error> {
        let context = request(ctx);
        let said = context.newsroom.load_one(ConfirmationsOf).await?;
        let mut confirmations = said.as_ref().map(|said| confirmations(context, made, said)).unwrap_or_default();
        if let Some(told) = said.as_ref().and_then(|said| said.followers.get(Webhooks::FOLLOWER)) {
            let reached = context.newsroom.load_one(WebhooksReachedBy(made.seq)).await?;
            confirmations.extend(of_webhooks(made, *told, reached.as_deref().map(Vec::as_slice).unwrap_or_default()));
        }
        Ok(Self { made, confirmations })
    }
}

fn confirmations(context: &RequestContext, made: ChangeMade, said: &Arc<Confirmations>) -> Vec<Confirmation> {
    let now = context.store.now();
    let servers = said.nodes.iter().map(|node| of_server(made, node, now));
    let caches = context.reached.caches.iter().map(|cache| {
        let is_there = said.followers.get(cache.follower).is_some_and(|seq| *seq >= made.seq);
        let state = state(is_there, made, now, CACHES_WITHIN);
        Confirmation::new(ConfirmationKind::Cache, cache.name.clone(), state, made, None)
    });
    let outside = context.reached.outside.iter().map(|outside| of_outside(made, outside, said, now));
    servers.chain(caches).chain(outside).collect()
}

/// What somebody outside has taken, by what its follower has noted.
fn of_outside(made: ChangeMade, outside: &OutsideReached, said: &Confirmations, now: Timestamp) -> Confirmation {
    let ping = said.pings.get(outside.follower).cloned().unwrap_or_default();
    let is_told = said.followers.get(outside.follower).is_some_and(|seq| *seq >= made.seq);
    let is_refused = is_told && ping.refused.is_some_and(|(from, to)| (from..=to).contains(&made.seq));
    let state = match state(is_told, made, now, CACHES_WITHIN) {
        ConfirmationState::Confirmed if is_refused => ConfirmationState::Failing,
        ConfirmationState::Waiting if ping.problem.is_some() => ConfirmationState::Failing,
        state => state,
    };
    let kind = if outside.is_hub { ConfirmationKind::Hub } else { ConfirmationKind::SearchEngine };
    let PingStatus { taken_at, problem, waits_until, .. } = ping;
    Confirmation {
        taken_at: taken_at.map(DateTime),
        // Of what it has taken it says nothing more.
        problem: problem.filter(|_| state == ConfirmationState::Failing),
        retry_at: waits_until.filter(|_| state != ConfirmationState::Confirmed).map(DateTime),
        ..Confirmation::new(kind, outside.name.clone(), state, made, None)
    }
}

/// What webhooks have taken in. Before it is known who is told of the change, all of them are waited for as one.
fn of_webhooks(made: ChangeMade, told: ChangeSeq, reached: &[WebhookReached]) -> Vec<Confirmation> {
    if told < made.seq {
        let state = ConfirmationState::Waiting;
        return vec![Confirmation::new(ConfirmationKind::Webhook, Webhooks::FOLLOWER.to_owned(), state, made, None)];
    }
    let of = |webhook: &WebhookReached| {
        let state = match webhook.state {
            DeliveryState::Delivered => ConfirmationState::Confirmed,
            _ if webhook.is_held_up => ConfirmationState::Failing,
            _ => ConfirmationState::Waiting,
        };
        Confirmation::new(ConfirmationKind::Webhook, webhook.name.clone(), state, made, None)
    };
    reached.iter().map(of).collect()
}

fn of_server(made: ChangeMade, node: &NodeStatus, now: Timestamp) -> Confirmation {
    let state = match state(node.seq >= made.seq, made, now, SERVERS_WITHIN) {
        ConfirmationState::Waiting if !node.is_alive => ConfirmationState::Failing,
        state => state,
    };
    Confirmation::new(ConfirmationKind::Server, node.id.to_string(), state, made, Some(DateTime(node.seen_at)))
}

fn state(is_there: bool, made: ChangeMade, now: Timestamp, within: SignedDuration) -> ConfirmationState {
    match (is_there, now.duration_since(made.at) <= within) {
        (true, _) => ConfirmationState::Confirmed,
        (false, true) => ConfirmationState::Waiting,
        (false, false) => ConfirmationState::Failing,
    }
}

impl Confirmation {
    fn new(
        kind: ConfirmationKind,
        name: String,
        state: ConfirmationState,
        made: ChangeMade,
        seen_at: Option<DateTime>,
    ) -> Self {
        let waiting_since = (state != ConfirmationState::Confirmed).then_some(DateTime(made.at));
        Self { kind, name, state, waiting_since, seen_at, taken_at: None, problem: None, retry_at: None }
    }
}

/// How far a change of what readers see has come: who has confirmed that readers get it there.
#[Object]
impl Reach {
    /// The number of the change in the change log; of several that were made at once, the last.
    async fn change(&self) -> ID {
        ID(self.made.seq.to_string())
    }

    /// When it was made.
    async fn at(&self) -> DateTime {
        DateTime(self.made.at)
    }

    /// Whether all have confirmed it.
    async fn is_complete(&self) -> bool {
        self.confirmations.iter().all(|confirmation| confirmation.state == ConfirmationState::Confirmed)
    }

    /// Who has confirmed it and who has not yet: the servers, the one that has been there for longest first, then the caches, the hub and the
    /// search engines that are told of changes, then the webhooks that are told of this one. A server that has been silent for a quarter of an
    /// hour is no longer asked about.
    async fn confirmations(&self) -> &[Confirmation] {
        &self.confirmations
    }
}
