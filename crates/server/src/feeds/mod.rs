//! What readers, search engines and agencies follow: feeds, sitemaps, robots.txt. Written by [`courant_syndication::write`].
//!
//! A feed is asked for as any client asks: by an operation that is run through the same stages, as nobody (`feeds.graphql`). It is kept
//! and given as the reader's pages are: for as long as no change touches what it is made of.
//!
//! | part | does |
//! |---|---|
//! | `address` | which feed is at an address |
//! | `found` | what the operations answer |
//! | `build` | from that to what is written |
//! | `feed` | the feed at an address |
//! | `page` | the same for people who have opened it |
//! | `words` | the few words that feeds say themselves |
//! | `sitemap` | sitemaps and robots.txt |
//! | `given` | gives what was written, or is kept |

mod address;
mod build;
mod feed;
mod found;
mod given;
mod page;
mod sitemap;
mod words;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use courant_gateway::Caller;
use courant_persistence::Store;
use courant_workers::followers::ping::IndexNow;
use url::Url;

pub(crate) use self::{
    address::Asked,
    sitemap::{robots, sitemaps},
};
use crate::{
    graphql::handler::GraphqlState,
    middleware::{address as client, request_id::id_of},
    pages,
    site::Origin,
    state::TrustedProxies,
};

/// How the site's feeds are told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feeds {
    /// The hub that tells followers of changes (WebSub), which feeds name. None.
    pub hub: Option<Url>,
    /// What search engines know the site by: a file of this name says the same (IndexNow). None.
    pub index_now: Option<IndexNow>,
}

/// What feeds and sitemaps are made of.
pub(crate) struct FeedsState {
    pub(crate) origin: Origin,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) store: Store,
    pub(crate) graphql: Arc<GraphqlState>,
    pub(crate) settings: Feeds,
}

impl FeedsState {
    /// Where the site is for a request; none where that says so in no way that is one.
    fn origin(&self, parts: &Parts) -> Option<Url> {
        Url::parse(&self.origin.of(parts, &self.trusted_proxies)).ok()
    }

    fn caller(&self, parts: &Parts) -> Caller {
        let address = client::of(&parts.headers, &parts.extensions, &self.trusted_proxies);
        Caller { address, request_id: id_of(&parts.extensions).to_string(), ..Caller::default() }
    }
}

/// The feed at an address; none where there is none by its form, or in no language of the site.
pub(crate) async fn at(state: &FeedsState, parts: &Parts) -> Option<Response> {
    let asked = Asked::parse(parts.uri.path(), parts.uri.query().unwrap_or_default())?;
    state.store.reference().site.has(asked.locale).then_some(())?;
    Some(if !matches!(parts.method, Method::GET | Method::HEAD) {
        let mut response = pages::refuses_method(&parts.method, &parts.uri, &id_of(&parts.extensions));
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        response
    } else if asked.is_nowhere {
        given::nowhere(&parts.extensions)
    } else if !asked.is_at(parts.uri.path()) {
        // Each has one address; whoever writes it in another way is led there.
        Redirect::permanent(&asked.own()).into_response()
    } else {
        feed::answer(state, parts, &asked).await
    })
}

/// The file by which search engines see that a key is the site's.
pub(crate) async fn index_now(State(state): State<Arc<FeedsState>>) -> Response {
    let key = state.settings.index_now.as_ref().map(|key| key.as_str().to_owned()).unwrap_or_default();
    let mut response = Response::new(key.into());
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}

/// Whatever has no route, where there is no reader app.
pub(crate) async fn or_nothing(State(state): State<Arc<FeedsState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match at(&state, &parts).await {
        Some(response) => response,
        None => pages::not_found(Request::from_parts(parts, body)).await,
    }
}
