//! What is not GraphQL: the landing page, the documentation, the schema, the health checks, GraphiQL.

mod graphiql;
mod health;

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use courant_gateway::error::ErrorCode;
use courant_graphql::Limits;

pub(super) use self::{
    graphiql::{Assets, asset, graphiql, licenses, slash},
    health::{HealthState, healthz, not_ready, readyz},
};
use crate::{
    Config,
    graphql::{accept, response},
    middleware::{
        etag,
        refusal::Refusal,
        request_id::{RequestId, id_of},
    },
};

/// The pages, ready to be sent.
pub(super) struct Pages {
    landing: Page,
    docs: Page,
    schema: Page,
}

/// Something small and constant, with the tag that tells whether a client has it already.
struct Page {
    content_type: &'static str,
    body: Bytes,
    tag: HeaderValue,
}

/// Our own pages need their own styles, and nothing else.
const OWN_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";

impl Pages {
    pub(super) fn new(schema: String, config: &Config) -> Self {
        let style = include_str!("style.css");
        let graphiql = if config.graphiql { include_str!("landing_graphiql.html") } else { "" };
        let landing = include_str!("landing.html").replace("{{style}}", style).replace("{{graphiql}}", graphiql);
        let docs = include_str!("docs.html")
            .replace("{{style}}", style)
            .replace("{{codes}}", &codes())
            .replace("{{limits}}", &limits(&config.limits));
        Self {
            landing: Page::new(HTML, landing),
            docs: Page::new(HTML, docs),
            schema: Page::new("text/plain; charset=utf-8", schema),
        }
    }
}

/// `GET /`.
pub(super) async fn landing(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    pages.landing.answer(&headers)
}

/// `GET /docs`.
pub(super) async fn docs(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    pages.docs.answer(&headers)
}

/// `GET /schema.graphql`.
pub(super) async fn schema(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    pages.schema.answer(&headers)
}

/// `GET /favicon.ico`: what browsers ask for of themselves.
pub(super) async fn favicon(headers: HeaderMap) -> Response {
    Page::new("image/x-icon", include_bytes!("favicon.ico").as_slice()).answer(&headers)
}

/// Whatever has no route.
pub(super) async fn not_found(request: Request) -> Response {
    let refusal = Refusal::http(StatusCode::NOT_FOUND, ErrorCode::NotFound, "nothing is at this address");
    response::refused(refusal, accept::Media::JSON, &id_of(request.extensions()))
}

/// A route with another method than its own; the router adds `Allow`.
pub(super) async fn method_not_allowed(method: Method, uri: Uri, request: Request) -> Response {
    refuses_method(&method, &uri, &id_of(request.extensions()))
}

/// The answer to a method that something does not take.
pub(super) fn refuses_method(method: &Method, uri: &Uri, id: &RequestId) -> Response {
    let message = format!("{} does not take {method}", uri.path().chars().take(100).collect::<String>());
    let refusal = Refusal::http(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message);
    response::refused(refusal, accept::Media::JSON, id)
}

impl Page {
    fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self { content_type, tag: etag::of(&body), body }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let mut response = if etag::is_known(asked, &self.tag) {
            status(StatusCode::NOT_MODIFIED)
        } else {
            let mut response = Response::new(Body::from(self.body.clone()));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.tag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if self.content_type == HTML {
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(OWN_POLICY));
        }
        response
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn codes() -> String {
    ErrorCode::ALL.iter().map(|code| format!("<li><code>{}</code></li>", code.as_str())).collect()
}

fn limits(limits: &Limits) -> String {
    let milliseconds = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let rows = [
        ("bytes of a body, unpacked", limits.body_bytes as u64, ErrorCode::PayloadTooLarge),
        ("bytes of a document's text", limits.document_bytes as u64, ErrorCode::DocumentTooLarge),
        ("tokens of a document", limits.tokens as u64, ErrorCode::TooManyTokens),
        ("fields within fields", limits.depth as u64, ErrorCode::TooDeep),
        ("introspection fields within fields", limits.introspection_depth as u64, ErrorCode::TooDeep),
        ("brackets or selections within one another", limits.nesting as u64, ErrorCode::TooDeep),
        ("aliases of a document", limits.aliases as u64, ErrorCode::TooManyAliases),
        ("directives of a document", limits.directives as u64, ErrorCode::TooManyDirectives),
        ("directives in one place", limits.directives_per_place as u64, ErrorCode::TooManyDirectives),
        ("fields at the root of an operation", limits.root_fields as u64, ErrorCode::TooManyRootFields),
        ("selections of a document, its fragments unfolded", limits.expansion, ErrorCode::ExpansionTooLarge),
        ("points of cost", limits.cost, ErrorCode::TooCostly),
        ("bytes that can be expected to come back", limits.expected_bytes, ErrorCode::TooCostly),
        ("introspected items that can come back", limits.introspection_cost, ErrorCode::TooCostly),
        ("items of a page", limits.page, ErrorCode::PageTooLarge),
        ("bytes of an answer, before it is packed", limits.answer_bytes as u64, ErrorCode::AnswerTooLarge),
        ("milliseconds of the database's time", milliseconds(limits.database), ErrorCode::TooCostly),
        ("the same of a request with a token", milliseconds(limits.database_signed_in), ErrorCode::TooCostly),
    ];
    let row = |(what, limit, code): &(&str, u64, ErrorCode)| {
        format!("<tr><td>{what}</td><td>{limit}</td><td><code>{}</code></td></tr>", code.as_str())
    };
    rows.iter().map(row).collect()
}
