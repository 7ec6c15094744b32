//! What a server can be told.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use courant_gateway::IdentityConfig;
use courant_graphql::Limits;
use courant_outbound::Public;
use courant_search::SearchIndex;
use courant_workers::{
    Statuses,
    followers::{Pinging, Purging, Snapshots},
};
use ipnet::IpNet;
use tokio::sync::watch;

use crate::{
    cache::AnswerCache,
    feeds::Feeds,
    graphql::persisted::TrustedDocuments,
    middleware::flow::Traffic,
    reads::Reads,
    site::{Origin, Reader},
    subscription::Subscribing,
};

/// What a server can be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// The limits on requests.
    pub limits: Limits,
    /// Whether GraphiQL is served.
    pub graphiql: bool,
    /// How much memory parsed documents may take, in bytes. 16 MiB.
    pub document_cache_bytes: u64,
    /// How long the body of a request may take to arrive. 30 seconds.
    pub body_patience: Duration,
    /// How people sign in, and whose tokens are taken.
    pub identity: IdentityConfig,
    /// The networks of the proxies before the server, whose `X-Forwarded-For` is believed. None.
    pub trusted_proxies: Vec<IpNet>,
    /// The reader app that is served at `/`; a page that leads to the others is there without one. None.
    pub reader: Option<Reader>,
    /// Where the site is. Wherever a request is sent to.
    pub origin: Origin,
    /// For how long browsers that came by HTTPS are told to come by nothing else; zero tells them nothing. A year.
    pub hsts: Duration,
    /// How much may be under way at once.
    pub traffic: Traffic,
    /// Whether the server is about to stop. It is not.
    pub stopping: Stopping,
    /// Whether requests wait for the room that answers take up which nobody has taken yet. They do not.
    pub pressure: Pressure,
    /// The documents that may be named instead of sent, and whether they alone are run. None, and no.
    pub trusted_documents: TrustedDocuments,
    /// What is kept of answers.
    pub answers: AnswerCache,
    /// How much may be subscribed to, and from where.
    pub subscribing: Subscribing,
    /// Where messages of webhooks may be sent beside the public Internet. Nowhere.
    pub webhooks: Public,
    /// The caches between the server and its readers that are told of changes. None.
    pub purging: Option<Purging>,
    /// What is searched. An index in memory.
    pub search: SearchIndex,
    /// Where snapshots of it are, which one server writes and others start from. None.
    pub search_snapshots: Option<Arc<Snapshots>>,
    /// The hub and the search engines that are told of changes. None.
    pub pinging: Option<Pinging>,
    /// How the site's feeds are told of.
    pub feeds: Feeds,
    /// How reads are counted.
    pub reads: Reads,
    /// How followers of the change log and work by the clock fare. There are none.
    pub workers: Statuses,
}

/// Tells the service that the server is about to stop: then `/readyz` says so, for whatever sends requests here to send them
/// elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<watch::Sender<bool>>);

impl Stopping {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it is.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is.
    pub async fn begun(&self) {
        // It is told by what is held here, and so does not end before.
        let _ = self.0.subscribe().wait_for(|has_begun| *has_begun).await;
    }
}

/// Tells the server that requests find no room for their answers, so that it waits less long for those who take nothing of theirs.
#[derive(Debug, Clone, Default)]
pub struct Pressure(Arc<AtomicU64>);

impl Pressure {
    /// How long it lasts after the last one who found no room.
    const LASTS: Duration = Duration::from_secs(2);

    /// Somebody finds no room.
    pub(crate) fn felt(&self) {
        self.0.store(now(), Ordering::Relaxed);
    }

    /// Whether somebody did a moment ago.
    pub(crate) fn lasts(&self) -> bool {
        let felt = self.0.load(Ordering::Relaxed);
        felt != 0 && Duration::from_millis(now().saturating_sub(felt)) < Self::LASTS
    }
}

/// Milliseconds since the first time this was asked, and never 0.
pub(crate) fn now() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let passed = FIRST.get_or_init(Instant::now).elapsed().as_millis();
    u64::try_from(passed).unwrap_or(u64::MAX).saturating_add(1)
}

impl Default for Config {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            graphiql: true,
            document_cache_bytes: 16 * 1024 * 1024,
            body_patience: Duration::from_secs(30),
            identity: IdentityConfig::default(),
            trusted_proxies: Vec::new(),
            reader: None,
            origin: Origin::OF_REQUEST,
            hsts: Duration::from_secs(365 * 86_400),
            traffic: Traffic::default(),
            stopping: Stopping::default(),
            pressure: Pressure::default(),
            trusted_documents: TrustedDocuments::default(),
            answers: AnswerCache::default(),
            subscribing: Subscribing::default(),
            webhooks: Public::default(),
            purging: None,
            search: SearchIndex::new(None),
            search_snapshots: None,
            pinging: None,
            feeds: Feeds::default(),
            reads: Reads::default(),
            workers: Statuses::default(),
        }
    }
}
