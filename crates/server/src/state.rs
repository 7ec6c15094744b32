//! What each group of routes is given: its own part, and nothing of the others'.

use std::sync::Arc;

use courant_gateway::{CacheReached, DatabaseTime, Identity, ObjectCache, OutsideReached, Reached};
use courant_graphql::{Documents, SchemaMetadata};
use courant_persistence::{Store, StoreError};
use courant_reads::Counter;
use ipnet::IpNet;

use crate::{
    Config,
    cache::Answers,
    feeds::FeedsState,
    graphql::{executor::Executor, handler::GraphqlState, persisted::Persisted, sse::SingleStreams},
    middleware::{
        auth::Authentication,
        flow::Flow,
        harden::{Hardening, Hsts},
        untrusted::Untrusted,
    },
    pages::{Assets, HealthState, Pages},
    reads::{Beacon, Here},
    site::{Reader, SiteState},
    subscription::Subscriptions,
};

/// The networks of the proxies that are believed.
pub(crate) type TrustedProxies = Arc<[IpNet]>;

/// The parts of a service.
pub(crate) struct States {
    pub(crate) graphql: Arc<GraphqlState>,
    pub(crate) pages: Arc<Pages>,
    pub(crate) health: Arc<HealthState>,
    /// None without GraphiQL.
    pub(crate) graphiql: Option<Arc<Assets>>,
    /// None without a reader app.
    pub(crate) site: Option<Arc<SiteState>>,
    pub(crate) feeds: Arc<FeedsState>,
    pub(crate) hardening: Arc<Hardening>,
    pub(crate) beacon: Arc<Beacon>,
}

impl States {
    /// Of a service over the schema of a store.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn new(store: Store, identity: Arc<Identity>, config: Config) -> Result<Self, StoreError> {
        if let Some(address) = config.origin.known()
            && let Err(error) = store.newsroom().site_is_at(address).await
        {
            tracing::warn!(%error, "it cannot be written down where the site is: texts may be taken for another site's");
        }
        let time = DatabaseTime { anonymous: config.limits.database, signed_in: config.limits.database_signed_in };
        let schema = courant_gateway::build(
            store.clone(),
            identity.clone(),
            time,
            config.limits.answer_bytes,
            config.webhooks.clone(),
            ObjectCache { bytes: config.answers.object_bytes, views_lag: config.answers.views_lag },
        );
        let schema = schema.reaching(reached(&config)).searching(config.search.clone());
        let counter = Arc::new(Counter::new(config.reads.settings.clone()));
        let schema = schema.counting(Arc::clone(&counter));
        let schema = schema.at(config.origin.known().unwrap_or_default());
        Self::over(
            Arc::new(schema),
            courant_gateway::sdl(),
            courant_gateway::metadata(),
            (store, counter),
            identity,
            config,
        )
        .await
    }

    /// Of a service over any schema, in the schema definition language and as it was read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn over(
        executor: Arc<dyn Executor>,
        sdl: String,
        metadata: SchemaMetadata,
        (store, counter): (Store, Arc<Counter>),
        identity: Arc<Identity>,
        config: Config,
    ) -> Result<Self, StoreError> {
        let metadata = Arc::new(metadata);
        let pages = Arc::new(Pages::new(sdl, &config));
        let trusted_proxies: TrustedProxies = config.trusted_proxies.into();
        let here = Here {
            origin: config.origin.clone(),
            from: config.reads.from.into(),
            trusted_proxies: Arc::clone(&trusted_proxies),
        };
        let beacon =
            Arc::new(Beacon { counter, store: store.clone(), here: here.clone(), patience: config.body_patience });
        let graphql = Arc::new(GraphqlState {
            executor,
            subscriptions: Arc::new(Subscriptions::open(&store, config.subscribing).await?),
            streams: SingleStreams::default(),
            stopping: config.stopping.clone(),
            documents: Documents::new(Arc::clone(&metadata), config.limits.clone(), config.document_cache_bytes),
            metadata,
            flow: Flow::new(config.traffic, config.pressure),
            limits: config.limits,
            body_patience: config.body_patience,
            authentication: Authentication {
                identity,
                store: store.clone(),
                trusted_proxies: Arc::clone(&trusted_proxies),
                public_url: config.origin.known().map(Into::into),
                here,
            },
            persisted: Persisted::new(&config.trusted_documents, config.reader.iter().flat_map(Reader::documents)),
            answers: Arc::new(Answers::new(store.clone(), config.answers)),
            store: store.clone(),
        });
        let feeds = Arc::new(FeedsState {
            origin: config.origin.clone(),
            trusted_proxies: Arc::clone(&trusted_proxies),
            store: store.clone(),
            graphql: Arc::clone(&graphql),
            settings: config.feeds,
        });
        let site = config.reader.map(|reader| {
            Arc::new(SiteState {
                reader,
                origin: config.origin.clone(),
                trusted_proxies: Arc::clone(&trusted_proxies),
                store: store.clone(),
                graphql: Arc::clone(&graphql),
                feeds: Arc::clone(&feeds),
            })
        });
        Ok(Self {
            graphql,
            pages,
            health: Arc::new(HealthState { store, stopping: config.stopping, workers: config.workers }),
            graphiql: config.graphiql.then(|| Arc::new(Assets::new())),
            site,
            feeds,
            beacon,
            hardening: Arc::new(Hardening {
                hsts: Hsts::of(config.hsts),
                origin: config.origin,
                trusted_proxies,
                untrusted: Untrusted::default(),
            }),
        })
    }
}

/// Who is asked how far a change has come: caches once they were told for the last time, and those outside who are told of it.
fn reached(config: &Config) -> Reached {
    let caches = config.purging.iter().flat_map(|purging| {
        purging.caches.iter().map(|cache| CacheReached {
            name: cache.place().to_owned(),
            follower: if purging.again.is_zero() { cache.name() } else { cache.name_again() },
        })
    });
    let outside = config.pinging.iter().flat_map(|pinging| &pinging.told);
    let outside = outside.map(|told| OutsideReached {
        name: told.place().to_owned(),
        is_hub: told.is_hub(),
        follower: told.name(),
    });
    Reached { caches: caches.collect(), outside: outside.collect() }
}
