//! What the routes share.

use std::{sync::Arc, time::Duration};

use async_graphql::Request;
use courant_gateway::{Caller, DatabaseTime, Executed, Form, Identity, Validity};
use courant_graphql::{Documents, Limits, Shape};
use courant_persistence::Store;
use futures_util::future::BoxFuture;
use ipnet::IpNet;

use crate::{
    Config, Stopping,
    middleware::{flow::Flow, harden::Hsts},
    pages::Pages,
    site::{Origin, Reader},
};

/// Runs an operation. A function, so that a test can put a schema of its own behind the transport.
pub(super) type Execute = Arc<dyn Fn(Request, Caller, Validity, Form) -> BoxFuture<'static, Executed> + Send + Sync>;

/// Everything a request needs.
pub(super) struct Service {
    pub(super) execute: Execute,
    pub(super) shape: Arc<Shape>,
    pub(super) documents: Documents,
    pub(super) flow: Flow,
    pub(super) limits: Limits,
    pub(super) body_patience: Duration,
    pub(super) pages: Pages,
    pub(super) store: Store,
    pub(super) identity: Arc<Identity>,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) reader: Option<Reader>,
    pub(super) origin: Origin,
    pub(super) hsts: Hsts,
    pub(super) stopping: Stopping,
}

impl Service {
    /// The service over the schema of a store.
    pub(super) fn new(store: Store, identity: Arc<Identity>, config: Config) -> Self {
        let time = DatabaseTime { anonymous: config.limits.database, signed_in: config.limits.database_signed_in };
        let schema = courant_gateway::build(store.clone(), identity.clone(), time, config.limits.answer_bytes);
        let execute: Execute = Arc::new(move |request, caller, validity, form| {
            let schema = schema.clone();
            Box::pin(async move { courant_gateway::execute(&schema, request, caller, validity, form).await })
        });
        Self::over(execute, courant_gateway::sdl(), courant_gateway::shape(), store, identity, config)
    }

    /// The service over any schema, in the schema definition language and as it was read.
    pub(super) fn over(
        execute: Execute,
        sdl: String,
        shape: Shape,
        store: Store,
        identity: Arc<Identity>,
        config: Config,
    ) -> Self {
        let shape = Arc::new(shape);
        Self {
            execute,
            documents: Documents::new(Arc::clone(&shape), config.limits.clone(), config.document_cache_bytes),
            shape,
            flow: Flow::new(config.traffic.clone()),
            pages: Pages::new(sdl, &config),
            limits: config.limits,
            body_patience: config.body_patience,
            store,
            identity,
            trusted_proxies: config.trusted_proxies,
            reader: config.reader,
            origin: config.origin,
            hsts: Hsts::of(config.hsts),
            stopping: config.stopping,
        }
    }
}
