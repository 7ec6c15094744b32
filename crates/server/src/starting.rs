//! What is answered while the database is waited for.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{from_fn, map_response},
    response::Response,
    routing::get,
};
use courant_gateway::error::ErrorCode;
use tower::ServiceExt;

use crate::{
    graphql::{accept, response},
    middleware::{
        harden::guard,
        refusal::Refusal,
        request_id::{id_of, identify},
    },
    pages,
    router::cors,
    site::{self, Reader},
};

/// When a client may ask again, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("2");

/// A service whose database is not there yet: it lives and is not ready. Cheap to clone.
#[derive(Clone, Default)]
pub struct Starting {
    service: Arc<OnceLock<Router>>,
    reader: Option<Reader>,
}

impl std::fmt::Debug for Starting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Starting({})", self.service.get().is_none())
    }
}

impl Starting {
    /// With the reader app, whose readers are told so on a page.
    #[must_use]
    pub fn new(reader: Option<Reader>) -> Self {
        Self { reader, ..Self::default() }
    }

    /// The routes: `503 UNAVAILABLE` everywhere but at `/healthz`, until [`Starting::has_started`].
    pub fn router(&self) -> Router {
        let waiting = Router::new()
            .route("/healthz", get(pages::healthz))
            .route("/readyz", get(pages::not_ready))
            .fallback(unavailable)
            .with_state(self.reader.clone())
            .layer(map_response(async |response| guard(response)))
            .layer(cors())
            .layer(from_fn(identify));
        Router::new().fallback(route).with_state((self.clone(), waiting))
    }

    /// From now on it is this service that answers, on the same connections.
    pub fn has_started(&self, service: Router) {
        // There is one start.
        drop(self.service.set(service));
    }
}

async fn route(State((starting, waiting)): State<(Starting, Router)>, request: Request) -> Response {
    let service = starting.service.get().unwrap_or(&waiting).clone();
    service.oneshot(request).await.unwrap_or_else(|never| match never {})
}

async fn unavailable(State(reader): State<Option<Reader>>, request: Request) -> Response {
    let message = "the service is starting and waits for its database; try again in a moment";
    let refusal = Refusal::http(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, message);
    let is_for_a_reader = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if let Some(reader) = reader.filter(|_| is_for_a_reader && is_page(request.uri().path())) {
        site::away(&reader, &request.into_parts().0)
    } else if request.uri().path() == "/graphql" {
        let media = accept::negotiate(request.headers())
            .ok()
            .and_then(|accepted| accepted.media)
            .unwrap_or(accept::Media::JSON);
        response::refused(refusal, media, &id_of(request.extensions()))
    } else {
        let mut response = Response::new(Body::from(format!("{message}\n")));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    };
    response.headers_mut().insert(header::RETRY_AFTER, SOON);
    response
}

/// Whether something that readers open is at a path: neither a file nor the way in for others.
fn is_page(path: &str) -> bool {
    path == "/" || site::has_language(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(router: &Router, path: &str) -> Response {
        router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn it_lives_and_is_not_ready_until_it_has_started() {
        let starting = Starting::default();
        let router = starting.router();
        for (path, status, content) in [
            ("/healthz", 200, "application/json"),
            ("/readyz", 503, "application/json"),
            ("/graphql?query={__typename}", 503, "application/json; charset=utf-8"),
            ("/en", 503, "text/plain; charset=utf-8"),
            ("/", 503, "text/plain; charset=utf-8"),
        ] {
            let response = asked(&router, path).await;
            assert_eq!(response.status().as_u16(), status, "{path}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], content, "{path}");
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), status == 503, "{path}");
        }
        starting.has_started(Router::new().route("/en", get(|| async { "here" })));
        assert_eq!(asked(&router, "/en").await.status(), StatusCode::OK);
        assert_eq!(asked(&router, "/healthz").await.status(), StatusCode::NOT_FOUND, "the routes are the service's");
    }

    #[tokio::test]
    async fn readers_are_told_on_a_page_of_their_language() {
        let router = Starting::new(Some(site::small())).router();
        for (path, content) in [
            ("/en/articles/a", "text/html; charset=utf-8"),
            ("/", "text/html; charset=utf-8"),
            ("/favicon.ico", "text/plain; charset=utf-8"),
            ("/graphql?query={__typename}", "application/json; charset=utf-8"),
        ] {
            let response = asked(&router, path).await;
            assert_eq!(
                (response.status().as_u16(), response.headers()[header::CONTENT_TYPE].to_str().unwrap()),
                (503, content),
                "{path}"
            );
            assert!(response.headers().contains_key(header::RETRY_AFTER), "{path}");
        }
        let page = asked(&router, "/en/articles/a").await;
        assert!(!page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
        let page = axum::body::to_bytes(page.into_body(), 10_000).await.unwrap();
        assert!(String::from_utf8_lossy(&page).contains("away.html /en/articles/a"));
    }
}
