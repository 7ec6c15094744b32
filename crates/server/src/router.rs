//! Every route and every layer, in one place.

use std::sync::Arc;

use axum::{
    Router,
    http::{Method, header},
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::{MethodRouter, get},
};
use courant_gateway::{Identity, StartError};
use courant_persistence::Store;
use tower_http::{
    compression::CompressionLayer,
    cors::{Any, CorsLayer},
};

use crate::{
    Config,
    graphql::handler::graphql,
    middleware::{
        flow,
        harden::harden,
        request_id::{self, catch_panic, identify},
    },
    pages,
    service::Service,
    site,
};

/// The service as a router, ready to be served. The server is to put [`axum::extract::ConnectInfo`] into requests, for
/// sign-ins to be counted by address.
///
/// # Errors
/// [`StartError`] when the database fails, or passwords cannot be hashed.
pub async fn router(store: Store, config: Config) -> Result<Router, StartError> {
    let graphiql = config.graphiql;
    let identity = Identity::open(&store, config.identity.clone()).await?;
    Ok(routes(Service::new(store, identity, config), graphiql))
}

pub(super) fn routes(service: Service, graphiql: bool) -> Router {
    // The WebSocket of subscriptions comes here, on the same path.
    let graphql_routes = Router::new().route("/graphql", route(get(graphql).post(graphql)));

    let own_pages = Router::new()
        .route("/docs", route(get(pages::docs)))
        .route("/schema.graphql", route(get(pages::schema)))
        .route("/healthz", route(get(pages::healthz)))
        .route("/readyz", route(get(pages::readyz)));

    let graphiql_pages = Router::new()
        .route("/graphiql", route(get(pages::graphiql)))
        .route("/graphiql/", route(get(pages::slash)))
        .route("/graphiql/assets/{*path}", route(get(pages::asset)))
        .route("/graphiql/licenses.md", route(get(pages::licenses)));

    let has_reader = service.reader.is_some();
    let front = match &service.reader {
        None => Router::new().route("/", route(get(pages::landing))),
        Some(_) => Router::new()
            .route("/", route(get(site::root)))
            .route("/assets/{*path}", route(get(site::asset)))
            .fallback(site::page),
    };

    let mut router = graphql_routes.merge(own_pages).merge(front).layer(CompressionLayer::new());
    router = router.layer(map_response(flow::encoded));
    if graphiql {
        // Not below the compression: these are kept packed.
        router = router.merge(graphiql_pages);
    }
    // A layer is around those above it.
    if !has_reader {
        router = router.fallback(pages::not_found);
    }
    let service = Arc::new(service);
    router
        .layer(from_fn(catch_panic))
        .layer(cors())
        .layer(from_fn_with_state(Arc::clone(&service), harden))
        .layer(from_fn(identify))
        .with_state(service)
}

fn route(methods: MethodRouter<Arc<Service>>) -> MethodRouter<Arc<Service>> {
    methods.fallback(pages::method_not_allowed)
}

/// Front ends on any origin may ask. Browsers send nothing by themselves that says who somebody is, such as a cookie:
/// a page of another origin can only send a bearer token that it was given.
pub(super) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            request_id::HEADER,
        ])
        .expose_headers([request_id::HEADER])
        .max_age(std::time::Duration::from_secs(86_400))
}
