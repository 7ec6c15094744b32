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
//! | `html` | elements of the head, and texts in HTML |
//! | `summary` | what is there, asked by `summary.graphql`: status, head, and the text for those who run no script |
//! | `origin` | where the site is, for absolute addresses |

mod bundle;
mod html;
mod origin;
mod place;
mod summary;

use std::sync::Arc;

use async_graphql::{PathSegment, ServerError, Value};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::{address::normalise, locale::Locale};
use courant_gateway::{Caller, error::ErrorCode};
use courant_persistence::Store;
use serde_json::{Map, Value as Json, json};

use self::{
    bundle::{Fill, PageOperation},
    html::in_script,
    place::Asked,
    summary::{Found, Summary},
};
pub use self::{
    bundle::{Reader, ReaderError},
    origin::{Origin, OriginError},
};
use crate::{
    graphql::{
        handler::{self, GraphqlState},
        response,
    },
    middleware::{
        address,
        flow::{Ticket, hold},
        request_id::id_of,
    },
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
    // An old address may say by a number what it leads to: `/?p=12`.
    let whole = parts.uri.path_and_query().map_or("/", |whole| whole.as_str());
    if let Some(path) = normalise(whole).filter(|path| *path != "/")
        && let Some(target) = redirected(&state, path, &parts).await
    {
        return redirect(StatusCode::MOVED_PERMANENTLY, &target);
    }
    let reference = state.store.reference();
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
    if let Some(file) = state.reader.file(path.trim_start_matches('/')) {
        return file.answer(&parts.headers, "no-cache");
    }
    // One page, one address.
    if path.len() > 1 && path.ends_with('/') {
        // What is at an old address may have moved at the same time.
        if let Some(target) = redirected(&state, path.trim_end_matches('/'), &parts).await {
            return redirect(StatusCode::MOVED_PERMANENTLY, &target);
        }
        let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return redirect(StatusCode::MOVED_PERMANENTLY, &format!("/{}{query}", path.trim_matches('/')));
    }
    answer(&state, &parts).await
}

/// Where a path leads that something has left.
async fn redirected(state: &SiteState, path: &str, parts: &Parts) -> Option<String> {
    match summary::read(state, &state.reader.asked(path, ""), caller(state, parts)).await {
        Ok(Found::Elsewhere(target)) => Some(target),
        _ => None,
    }
}

fn caller(state: &SiteState, parts: &Parts) -> Caller {
    let address = address::of(parts, &state.trusted_proxies);
    Caller { address, request_id: id_of(&parts.extensions).to_string(), ..Caller::default() }
}

async fn answer(state: &SiteState, parts: &Parts) -> Response {
    let asked = state.reader.asked(parts.uri.path(), parts.uri.query().unwrap_or_default());
    let caller = caller(state, parts);
    let origin = state.origin.of(parts, &state.trusted_proxies);
    let (summary, first) =
        tokio::join!(summary::read(state, &asked, caller.clone()), first_answer(&state.graphql, &asked, caller));
    let (status, summary) = match summary {
        Ok(Found::Elsewhere(target)) => return redirect(StatusCode::MOVED_PERMANENTLY, &target),
        Ok(Found::Page(summary)) => (first.status, Some(summary).filter(|_| first.status.is_success())),
        Ok(Found::Gone) => (StatusCode::GONE, None),
        Ok(Found::Nothing) => (StatusCode::NOT_FOUND, None),
        Err(failed) => (failed.status(), None),
    };
    let site = &state.store.reference().site;
    let locale = asked.locale.filter(|locale| site.has(*locale)).unwrap_or(site.default_locale);
    let head = summary.as_ref().map(|summary| summary.head(&origin, asked.standing())).unwrap_or_default();
    let is_away = status == StatusCode::SERVICE_UNAVAILABLE;
    let fill = Fill {
        lang: locale.as_str(),
        head: &head,
        body: &summary.as_deref().map(Summary::body).unwrap_or_default(),
        // No half page: the app asks itself.
        data: if is_away { "" } else { &first.element },
    };
    let page = state.reader.fill(&fill).into_bytes();
    let mut response = match first.ticket {
        Some(ticket) => {
            let bytes = page.capacity();
            hold(page, ticket.answered(bytes))
        }
        None => Response::new(Body::from(page)),
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    let cache = match (asked.is_preview(), is_away) {
        (true, _) => "private, no-store",
        (_, true) => "no-store",
        _ => "no-cache",
    };
    if is_away {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if asked.is_preview() {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    response
}

/// The answer to the page's first operation.
struct First {
    /// The element that holds it; nothing when the app is to ask itself.
    element: String,
    /// What it says of the page.
    status: StatusCode,
    ticket: Option<Ticket>,
}

/// Why an operation has no answer.
#[derive(Debug, Clone, Copy)]
enum Failed {
    /// What the address holds means nothing.
    Meaningless,
    /// It could not be run.
    Unavailable,
}

impl Failed {
    const fn status(self) -> StatusCode {
        match self {
            Self::Meaningless => StatusCode::NOT_FOUND,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// Codes of errors by which the address means nothing: a foreign language, a cursor of no list.
const MEANINGLESS: [ErrorCode; 3] = [ErrorCode::UnknownLocale, ErrorCode::BadCursor, ErrorCode::BadUserInput];

/// Codes of errors by which the page, or a part of it, cannot be had now.
const OUTAGES: [ErrorCode; 3] = [ErrorCode::StorageFull, ErrorCode::Busy, ErrorCode::Unavailable];

async fn first_answer(graphql: &GraphqlState, asked: &Asked<'_>, caller: Caller) -> First {
    let PageOperation { operation, document, .. } = asked.operation;
    let without = |failed: Failed| First { element: String::new(), status: failed.status(), ticket: None };
    let (executed, ticket) = match run(graphql, document, operation, asked.variables.clone(), caller).await {
        Ok(executed) => executed,
        Err(failed) => return without(failed),
    };
    let has_code = |error: &ServerError, codes: &[ErrorCode]| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        codes.iter().any(|known| code == Some(&known.as_str().into()))
    };
    let is_meaningless = |error: &ServerError| has_code(error, &MEANINGLESS);
    let is_outage = |error: &ServerError| has_code(error, &OUTAGES);
    if executed.errors.iter().any(is_meaningless) {
        return without(Failed::Meaningless);
    }
    let of_route =
        |error: &ServerError| matches!(error.path.first(), Some(PathSegment::Field(name)) if name == "route");
    if executed.data == Value::Null || executed.errors.iter().any(|error| of_route(error) || is_outage(error)) {
        return without(Failed::Unavailable);
    }
    let Ok(result) = response::look(&executed) else { return without(Failed::Unavailable) };
    let data = json!({ "operation": operation, "variables": asked.variables, "result": result });
    // The app finds it by what no text can make: a script element, and an attribute of ours.
    let element = format!("<script type=\"application/json\" data-courant-data>{}</script>", in_script(&data));
    First { element, status: StatusCode::OK, ticket: Some(ticket) }
}

/// Runs an operation of the app's or of ours, as nobody.
async fn run(
    graphql: &GraphqlState,
    document: &str,
    operation: &str,
    variables: Map<String, Json>,
    caller: Caller,
) -> Result<(async_graphql::Response, Ticket), Failed> {
    match handler::execute(graphql, document, Some(operation.to_owned()), variables, caller, true).await {
        Ok(ran) => Ok((ran.response, ran.ticket)),
        Err(refusal) if refusal.problems.iter().all(|problem| MEANINGLESS.contains(&problem.code)) => {
            Err(Failed::Meaningless)
        }
        Err(refusal) => {
            tracing::warn!(operation, problems = ?refusal.problems, "an operation of the reader app is refused");
            Err(Failed::Unavailable)
        }
    }
}

fn redirect(status: StatusCode, target: &str) -> Response {
    let mut response = Response::new(Body::empty());
    // Browsers read a backslash as a slash, and two slashes at the beginning lead to another host.
    let target = target.replace('\\', "%5C");
    // What cannot be a header is nowhere to go.
    match HeaderValue::from_str(&target) {
        Ok(target) => {
            *response.status_mut() = status;
            response.headers_mut().insert(header::LOCATION, target);
        }
        Err(_) => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    response
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
