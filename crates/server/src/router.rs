//! Every route and every layer, in one place.

use std::sync::Arc;

use axum::{
    Router,
    http::{Method, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post},
};
use courant_gateway::{Identity, StartError};
use courant_persistence::Store;
use tower_http::cors::{Any, CorsLayer};

use crate::{
    Config,
    cache::CACHE_STATUS,
    changes, feeds,
    front::in_front,
    graphql,
    middleware::{
        compress::compress,
        request_id::{self, catch_panic, identify_and_harden},
    },
    pages, reads, site,
    state::States,
};

/// The service as a router, ready to be served. The server is to put [`axum::extract::ConnectInfo`] into requests, for
/// sign-ins to be counted by address.
///
/// # Errors
/// [`StartError`] when the database fails, or passwords cannot be hashed.
pub async fn router(store: Store, config: Config) -> Result<Router, StartError> {
    Ok(service(states(store, config).await?).await)
}

pub(super) async fn states(store: Store, config: Config) -> Result<States, StartError> {
    let identity = Identity::open(&store, config.identity.clone()).await?;
    Ok(States::new(store, identity, config).await?)
}

/// The routes, behind what is kept.
pub(super) async fn service(states: States) -> Router {
    let (graphql, hardening) = (Arc::clone(&states.graphql), Arc::clone(&states.hardening));
    let beacon = Arc::clone(&states.beacon);
    in_front(graphql, hardening, beacon, routes(states)).await
}

pub(super) fn routes(states: States) -> Router {
    let States { graphql: state, pages, health, graphiql, site, feeds, hardening, beacon } = states;

    let methods = get(graphql::any).post(graphql::any).put(graphql::any).delete(graphql::any);
    let graphql_routes = Router::new()
        .route("/graphql", route(methods))
        .route("/changes.ndjson", route(get(changes::ndjson)))
        .with_state(state);

    let own_pages = Router::new()
        .route("/docs", route(get(pages::docs)))
        .route("/schema.graphql", route(get(pages::schema)))
        .with_state(Arc::clone(&pages));

    let health_checks = Router::new()
        .route("/healthz", route(get(pages::healthz)))
        .route("/readyz", route(get(pages::readyz)))
        .with_state(health);

    let reading = Router::new().route(reads::PATH, route(post(reads::beacon))).with_state(beacon);

    let key = feeds.settings.index_now.as_ref().map(|key| format!("/{}.txt", key.as_str()));
    let mut followed = Router::new()
        .route("/robots.txt", route(get(feeds::robots)))
        .route("/sitemap.xml", route(get(feeds::sitemaps)))
        .route("/sitemap/{*path}", route(get(feeds::sitemaps)));
    if let Some(key) = key {
        followed = followed.route(&key, route(get(feeds::index_now)));
    }
    let followed = followed.with_state(Arc::clone(&feeds));

    let front = match site {
        None => Router::new()
            .route("/", route(get(pages::landing)))
            .route("/favicon.ico", route(get(pages::favicon)))
            .with_state(pages)
            .merge(Router::new().fallback(feeds::or_nothing).with_state(feeds)),
        Some(site) => Router::new()
            .route("/", route(get(site::root)))
            .route("/assets/{*path}", route(get(site::asset)))
            .fallback(site::page)
            .with_state(site),
    };

    let mut router = graphql_routes.merge(own_pages).merge(health_checks).merge(reading).merge(followed).merge(front);
    router = router.layer(from_fn(compress));
    if let Some(assets) = graphiql {
        // Not below the compression: these are kept packed.
        let graphiql_pages = Router::new()
            .route("/graphiql", route(get(pages::graphiql)))
            .route("/graphiql/", route(get(pages::slash)))
            .route("/graphiql/assets/{*path}", route(get(pages::asset)))
            .route("/graphiql/licenses.md", route(get(pages::licenses)))
            .with_state(assets);
        router = router.merge(graphiql_pages);
    }
    router.layer(from_fn(catch_panic)).layer(cors()).layer(from_fn_with_state(hardening, identify_and_harden))
}

fn route<S: Clone + Send + Sync + 'static>(methods: MethodRouter<S>) -> MethodRouter<S> {
    methods.fallback(pages::method_not_allowed)
}

/// Front ends on any origin may ask. Browsers send nothing by themselves that says who somebody is, such as a cookie:
/// a page of another origin can only send a bearer token that it was given.
pub(super) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            header::IF_NONE_MATCH,
            graphql::sse::STREAM_TOKEN,
            graphql::sse::LAST_EVENT_ID,
            request_id::HEADER,
        ])
        .expose_headers([request_id::HEADER, header::ETAG, CACHE_STATUS])
        .max_age(std::time::Duration::from_secs(86_400))
}
