//! The reader app (`web/reader`), where it is built: its files as they are, and at every other address the page that is
//! there, with its status, its head and the answer to the operation it would ask first.
//!
//! A page is asked for as any client asks: by operations that are run through the same stages, as nobody. So there is
//! nothing in it that is not in the delivery schema.
//!
//! | part | does |
//! |---|---|
//! | `bundle` | the built app: its files, its page with places to fill in, its operations |
//! | `place` | which page is at an address, and the variables the address holds |
//! | `page` | the page at an address, made or kept |
//! | `first` | the answer to the operation that the app would ask first |
//! | `plain` | the page for those who run no script: the app's templates, filled from that answer |
//! | `frame` | what stands around a page that has no answer |
//! | `opensearch` | how browsers search the site |
//! | `html` | elements of the head, and texts in HTML |
//! | `summary` | what is there, asked by `summary.graphql`: status and head |
//! | `origin` | where the site is, for absolute addresses |

mod bundle;
mod first;
mod frame;
mod html;
mod opensearch;
mod origin;
mod page;
mod place;
mod plain;
mod summary;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::{
    address::{home_path, names_old_page, queried},
    locale::Locale,
};
use courant_gateway::Caller;
use courant_persistence::Store;
use serde_json::{Map, Value as Json};

pub(crate) use self::html::push as push_text;
use self::{
    bundle::Fill,
    first::{Failed, run},
    place::Standing,
    plain::{Content, Page},
    summary::Found,
};
pub use self::{
    bundle::{Reader, ReaderError},
    origin::{Origin, OriginError},
    plain::PlainError,
};
use crate::{
    feeds::{self, FeedsState},
    graphql::handler::GraphqlState,
    middleware::{address, request_id::id_of},
    pages,
    state::TrustedProxies,
};

/// The page's own files alone; pictures may be anywhere, as articles say where theirs are.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; \
                      font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// How many seconds to wait for a page that cannot be had now.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// What the site is made of.
pub(crate) struct SiteState {
    pub(crate) reader: Reader,
    pub(crate) origin: Origin,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) store: Store,
    /// What its operations are run by.
    pub(crate) graphql: Arc<GraphqlState>,
    /// What stands at addresses of its pages with the ends of feeds.
    pub(crate) feeds: Arc<FeedsState>,
}

/// `GET /assets/…`: the names hold a hash of the content.
pub(super) async fn asset(State(state): State<Arc<SiteState>>, Path(path): Path<String>, request: Request) -> Response {
    let file = state.reader.file(&format!("assets/{path}"));
    match file {
        Some(file) => file.answer(request.headers(), "public, max-age=31536000, immutable"),
        None => pages::not_found(request).await,
    }
}

/// `GET /`: leads to the front page in the language the reader likes best.
pub(super) async fn root(State(state): State<Arc<SiteState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let reference = state.store.reference();
    if let Some(old) = of_old_site(&state, &parts, &home_path(reference.site.default_locale)).await {
        return old;
    }
    let offered: Vec<Locale> = reference.site.locales.iter().map(|locale| locale.tag).collect();
    let locale = preferred(&parts.headers, &offered).unwrap_or(reference.site.default_locale);
    let mut response = redirect(StatusCode::FOUND, &format!("/{locale}"));
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Whatever has no route of its own: a file of the app, or a page.
pub(super) async fn page(State(state): State<Arc<SiteState>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let mut response = pages::method_not_allowed(method, uri, request).await;
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return response;
    }
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    if let Some(feed) = feeds::at(&state.feeds, &parts).await {
        return feed;
    }
    if let Some(description) = opensearch::at(&state, &parts) {
        return description;
    }
    if let Some(file) = state.reader.file(path.trim_start_matches('/')) {
        return file.answer(&parts.headers, "no-cache");
    }
    // One page, one address.
    if path.len() > 1 && path.ends_with('/') {
        let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        // What is at an old address may have moved at the same time.
        let whole = format!("{}{query}", path.trim_end_matches('/'));
        let target = redirected(&state, &whole, &parts).await;
        // To where it would be led without its slash, its query goes along.
        if let Some(target) = target.filter(|target| target != path.trim_end_matches('/')) {
            return redirect(StatusCode::MOVED_PERMANENTLY, &target);
        }
        return redirect(StatusCode::MOVED_PERMANENTLY, &format!("/{}{query}", path.trim_matches('/')));
    }
    if let Some(own) = in_own_spelling(&state, &parts) {
        // What is at an old address may be written in any way.
        return match redirected(&state, path, &parts).await {
            Some(target) => redirect(StatusCode::MOVED_PERMANENTLY, &target),
            None => redirect(StatusCode::PERMANENT_REDIRECT, &own),
        };
    }
    let asked = state.reader.asked(path, parts.uri.query().unwrap_or_default());
    if asked.may_be_old()
        && let Some(old) = of_old_site(&state, &parts, path).await
    {
        return old;
    }
    page::answer(&state, &parts, asked).await
}

/// What is at an address of a front page that says by its query which page of an old site it is: `/?p=12`. None where it is the front page
/// all the same, which leads to `front`.
async fn of_old_site(state: &SiteState, parts: &Parts, front: &str) -> Option<Response> {
    let whole = parts.uri.path_and_query()?.as_str();
    if queried(whole).is_empty() {
        return None;
    }
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let is_old = match summary::read(state, &state.reader.asked(whole, ""), caller(state, parts), false).await {
        Ok((Found::Elsewhere(target), _)) if target != front => {
            return Some(redirect(StatusCode::MOVED_PERMANENTLY, &target));
        }
        Ok((Found::Gone, _)) => true,
        _ => names_old_page(whole),
    };
    if is_old {
        return Some(page::answer(state, parts, state.reader.asked_as(path, query, true)).await);
    }
    None
}

/// The path and query of a page whose language is written in another way than the site's own: `/EN/articles/a`.
fn in_own_spelling(state: &SiteState, parts: &Parts) -> Option<String> {
    let whole = parts.uri.path_and_query()?.as_str().strip_prefix('/')?;
    let end = whole.find(['/', '?']).unwrap_or(whole.len());
    let (written, rest) = whole.split_at(end);
    let locale = Locale::parse(written).ok().filter(|locale| locale.as_str() != written)?;
    state.store.reference().site.has(locale).then(|| format!("/{locale}{rest}"))
}

/// Where a path leads that something has left.
async fn redirected(state: &SiteState, path: &str, parts: &Parts) -> Option<String> {
    match summary::read(state, &state.reader.asked(path, ""), caller(state, parts), false).await {
        Ok((Found::Elsewhere(target), _)) => Some(target),
        _ => None,
    }
}

fn caller(state: &SiteState, parts: &Parts) -> Caller {
    let address = address::of(&parts.headers, &parts.extensions, &state.trusted_proxies);
    Caller { address, request_id: id_of(&parts.extensions).to_string(), ..Caller::default() }
}

/// Whether a path names a language, as those of all pages do.
pub(crate) fn has_language(path: &str) -> bool {
    place::language_of(path).is_some()
}

/// The page while there is no service to ask: its database is not there yet.
pub(crate) fn away(reader: &Reader, parts: &Parts) -> Response {
    let asked = reader.asked(parts.uri.path(), "");
    let spoken = reader.pages().languages();
    let locale = asked.locale.filter(|locale| spoken.contains(locale)).or_else(|| preferred(&parts.headers, &spoken));
    let Some(locale) = locale.or_else(|| Locale::parse("en").ok()) else { return Response::new(Body::empty()) };
    let content = Content {
        data: &Json::Null,
        frame: &Json::Null,
        locale: locale.as_str(),
        time_zone: "UTC",
        path: asked.path,
        address: parts.uri.path_and_query().map_or(asked.path, |whole| whole.as_str()),
        query: "",
        variables: &Map::new(),
        alternates: BTreeMap::new(),
        choices: BTreeMap::new(),
        filtered: false,
    };
    let head = message_head(reader, Page::Away, locale, "");
    let body = reader.pages().fill(Page::Away, locale, &content);
    let page = reader.fill(&Fill { locale, head: &head, body: &body, data: "" });
    as_page(Response::new(Body::from(page)), StatusCode::SERVICE_UNAVAILABLE, Standing::Own)
}

fn message_head(reader: &Reader, page: Page, locale: Locale, site: &str) -> String {
    let (title, about) = reader.pages().about(page, locale).unwrap_or_default();
    summary::head_of_message(title, about, site)
}

/// Gives a page its headers.
fn as_page(mut response: Response, status: StatusCode, standing: Standing) -> Response {
    let is_away = status == StatusCode::SERVICE_UNAVAILABLE;
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    let cache = match (standing, is_away) {
        (Standing::Preview, _) => "private, no-store",
        (_, true) => "no-store",
        // What somebody looks for is nobody else's, and found anew each time.
        (Standing::Results, _) => "private, no-cache",
        _ => "no-cache",
    };
    if is_away {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if matches!(standing, Standing::Preview | Standing::Results) {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    response
}

fn redirect(status: StatusCode, target: &str) -> Response {
    let mut response = Response::new(Body::empty());
    // Whoever keeps it asks each time: where it leads may change.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // What cannot be a header is nowhere to go.
    match location(target) {
        Some(target) => {
            *response.status_mut() = status;
            response.headers_mut().insert(header::LOCATION, target);
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    response
}

/// Where a redirect leads, as a header. Browsers read a backslash as a slash, and two slashes at the beginning lead to another host.
fn location(target: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&target.replace('\\', "%5C")).ok()
}

/// The offered language that `Accept-Language` likes best (RFC 9110 §12.5.4).
fn preferred(headers: &HeaderMap, offered: &[Locale]) -> Option<Locale> {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut wanted: Vec<(f32, Locale)> = values
        .flat_map(|value| value.split(','))
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let locale = Locale::parse(parts.next()?).ok()?;
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok());
            weight.filter(|weight| *weight > 0.0).map(|weight| (weight, locale))
        })
        .collect();
    // The sort is stable: of equal weights the first comes first.
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted.into_iter().find_map(|(_, locale)| Locale::negotiate(locale, offered))
}

#[cfg(test)]
pub(crate) use self::bundle::tests::small;

#[cfg(test)]
mod tests {
    use super::*;

    fn prefers(accept: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accept).unwrap());
        let offered = ["en", "ru", "tk"].map(|tag| Locale::parse(tag).unwrap());
        preferred(&headers, &offered).map(|locale| locale.to_string())
    }

    #[test]
    fn no_backslash_leads_to_another_host() {
        for (target, location) in [("/\\evil.com", "/%5Cevil.com"), ("/en?a=\\", "/en?a=%5C"), ("/en", "/en")] {
            let response = redirect(StatusCode::MOVED_PERMANENTLY, target);
            assert_eq!(response.headers()[header::LOCATION], location);
        }
    }

    #[test]
    fn the_best_liked_language_that_is_offered_is_found() {
        assert_eq!(prefers("tk").as_deref(), Some("tk"));
        assert_eq!(prefers("de, ru;q=0.5, en;q=0.7").as_deref(), Some("en"));
        assert_eq!(prefers("ru-RU,ru;q=0.9,en;q=0.8").as_deref(), Some("ru"));
        assert_eq!(prefers("en;q=0, de"), None);
        assert_eq!(prefers("*"), None);
    }
}
