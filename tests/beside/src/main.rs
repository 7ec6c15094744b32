//! Serves Courant's schema over the sample content with async-graphql-axum, as its documentation shows it, for the tests of Courant's own
//! transport to be run against it: `courant-beside EMAIL PASSWORD` makes an administrator, prints where it listens, and serves until it
//! is ended. With `wrapped` as a third word its multipart answers have the `payload` around each event that Apollo Client looks for.
//!
//! What came of it is in docs/adr/0015-subscriptions.md; `script/beside` does it again.

mod courant;
mod wrapped;

use std::{net::Ipv4Addr, sync::Arc};

use anyhow::{Context, Result};
use async_graphql::{Data, http::ALL_WEBSOCKET_PROTOCOLS};
use async_graphql_axum::{GraphQL, GraphQLProtocol, GraphQLWebSocket};
use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Request, State, WebSocketUpgrade},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use courant_domain::{
    access::{Grant, Role, Viewer},
    account::Email,
};
use courant_gateway::{Identity, IdentityConfig};
use courant_identity::password::{Cost, Hasher, Password};
use courant_persistence::{Command, Options, Store, UserCreate, migrate};
use courant_server::{Config, Service};
use tokio::net::TcpListener;
use tower::ServiceExt;

use self::courant::Courant;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (email, password) = arguments.next().zip(arguments.next()).context("usage: courant-beside EMAIL PASSWORD")?;
    let is_wrapped = arguments.next().is_some_and(|word| word == "wrapped");
    let folder = tempfile::tempdir()?;
    let options = Options::sqlite(&folder.path().join("courant.db"));
    migrate(&options).await?;
    let store = Store::open(&options).await?;
    courant_fixtures::samples::seed(&store).await?;
    administrator(&store, &email, &password).await?;
    // Its routes are not served; what a server does by itself is done.
    let _service = Service::start(store.clone(), Config::default()).await?;
    let identity = Identity::open(&store, IdentityConfig::default()).await?;
    let served = Served { courant: Courant::new(store, identity), is_wrapped };
    let router = Router::new().route("/graphql", any(graphql)).with_state(Arc::new(served));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

struct Served {
    courant: Courant,
    is_wrapped: bool,
}

async fn administrator(store: &Store, email: &str, password: &str) -> Result<()> {
    let email = Email::parse(email)?;
    let password = Password::parse(password, email.as_str())?;
    let password = Hasher::new(Cost::OWASP)?.hash(&password)?.into();
    let grants = vec![Grant::everywhere(Role::Admin)];
    let create = UserCreate { email, name: "A client".to_owned(), grants, password: Some(password) };
    store.accounts().user_create(Command::of(&Viewer::program()), &create).await?;
    Ok(())
}

/// Its service for queries, mutations and multipart answers, and its service for WebSockets, at one address.
async fn graphql(State(served): State<Arc<Served>>, request: Request) -> Response {
    if request.headers().contains_key(header::UPGRADE) {
        return websocket(&served.courant, request).await;
    }
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(courant) = served.courant.shown(authorization).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let answer = GraphQL::new(courant).oneshot(request).await.unwrap_or_else(|never| match never {});
    if served.is_wrapped { wrapped::wrapped(answer) } else { answer }
}

/// As its documentation says where a token comes in the first message. `GraphQLSubscription` is the same without one.
async fn websocket(courant: &Courant, request: Request<Body>) -> Response {
    let (mut parts, _) = request.into_parts();
    let protocol = match GraphQLProtocol::from_request_parts(&mut parts, &()).await {
        Ok(protocol) => protocol,
        Err(status) => return status.into_response(),
    };
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let courant = courant.clone();
    let known = courant.clone();
    upgrade.protocols(ALL_WEBSOCKET_PROTOCOLS).on_upgrade(move |socket| {
        GraphQLWebSocket::new(socket, courant, protocol)
            .on_connection_init(async move |payload: serde_json::Value| {
                let among = [&payload, &payload["headers"]];
                let named = |name: &str| among.iter().find_map(|fields| fields[name].as_str()).map(str::to_owned);
                let authorization = named("Authorization").or_else(|| named("authorization"));
                let shown = known.shown(authorization.as_deref()).await;
                let shown = shown.ok_or_else(|| async_graphql::Error::new("Forbidden"))?;
                let mut data = Data::default();
                data.insert(shown.caller);
                Ok(data)
            })
            .serve()
    })
}
