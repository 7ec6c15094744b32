//! What each group of routes is given: its own part, and nothing of the others'.

use std::sync::Arc;

use courant_gateway::{DatabaseTime, Identity};
use courant_graphql::{Documents, SchemaMetadata};
use courant_persistence::Store;
use ipnet::IpNet;

use crate::{
    Config,
    graphql::handler::{Execute, GraphqlState},
    middleware::{
        auth::Authentication,
        flow::Flow,
        harden::{Hardening, Hsts},
    },
    pages::{Assets, HealthState, Pages},
    site::SiteState,
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
    pub(crate) hardening: Arc<Hardening>,
}

impl States {
    /// Of a service over the schema of a store.
    pub(crate) fn new(store: Store, identity: Arc<Identity>, config: Config) -> Self {
        let time = DatabaseTime { anonymous: config.limits.database, signed_in: config.limits.database_signed_in };
        let schema = courant_gateway::build(store.clone(), identity.clone(), time, config.limits.answer_bytes);
        let execute: Execute = Arc::new(move |request, caller, mode, object_format| {
            let schema = schema.clone();
            Box::pin(async move { courant_gateway::execute(&schema, request, caller, mode, object_format).await })
        });
        Self::over(execute, courant_gateway::sdl(), courant_gateway::metadata(), store, identity, config)
    }

    /// Of a service over any schema, in the schema definition language and as it was read.
    pub(crate) fn over(
        execute: Execute,
        sdl: String,
        metadata: SchemaMetadata,
        store: Store,
        identity: Arc<Identity>,
        config: Config,
    ) -> Self {
        let metadata = Arc::new(metadata);
        let pages = Arc::new(Pages::new(sdl, &config));
        let trusted_proxies: TrustedProxies = config.trusted_proxies.into();
        let graphql = Arc::new(GraphqlState {
            execute,
            documents: Documents::new(Arc::clone(&metadata), config.limits.clone(), config.document_cache_bytes),
            metadata,
            flow: Flow::new(config.traffic, config.pressure),
            limits: config.limits,
            body_patience: config.body_patience,
            authentication: Authentication {
                identity,
                store: store.clone(),
                trusted_proxies: Arc::clone(&trusted_proxies),
            },
            store: store.clone(),
        });
        let site = config.reader.map(|reader| {
            Arc::new(SiteState {
                reader,
                origin: config.origin.clone(),
                trusted_proxies: Arc::clone(&trusted_proxies),
                store: store.clone(),
                graphql: Arc::clone(&graphql),
            })
        });
        Self {
            graphql,
            pages,
            health: Arc::new(HealthState { store, stopping: config.stopping, workers: config.workers }),
            graphiql: config.graphiql.then(|| Arc::new(Assets::new())),
            site,
            hardening: Arc::new(Hardening { hsts: Hsts::of(config.hsts), origin: config.origin, trusted_proxies }),
        }
    }
}
