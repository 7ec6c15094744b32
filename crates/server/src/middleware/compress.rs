//! Packing answers for those who take them packed (RFC 9110 §8.4.1).
//!
//! It is work of the processor alone, on the threads that requests run on: long answers are packed in portions, of which few are
//! under way at once, so that they hold nobody up.

mod portions;

use std::sync::{Arc, LazyLock};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use courant_gateway::error::ErrorCode;
use tokio::sync::Semaphore;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, NotForContentType, Predicate},
};

use self::portions::{PORTION, Portions, in_turns};
use super::{flow, refusal::Refusal, request_id::id_of};
use crate::graphql::{accept::Media, response};

/// How many portions are packed at once, in the process: a thread is left to the others.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new((processors - 1).max(1)))
});

/// Packs the answer in the coding that the request prefers. Who names none gets it past the packer, whose state of 6 KB would go with
/// the answer through every layer.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ACCEPT_ENCODING) {
        return Box::pin(packed(request, next)).await;
    }
    let mut response = next.run(request).await;
    if may_be_packed(&response) {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

async fn packed(request: Request, next: Next) -> Response {
    let id = id_of(request.extensions());
    let in_portions = next.map_response(|mut response: Response| {
        let status = response.status();
        response.extensions_mut().insert(Found(status));
        let is_short = response.body().size_hint().exact().is_some_and(|bytes| bytes <= PORTION as u64);
        if is_short || response.headers().contains_key(header::CONTENT_ENCODING) {
            return response;
        }
        response.extensions_mut().insert(Long);
        response.map(|body| Body::new(Portions::new(body)))
    });
    let layer = CompressionLayer::new().compress_when(Packed);
    let packed = ServiceBuilder::new().layer(layer).service(in_portions).oneshot(request).await;
    let mut response = flow::encoded(packed.unwrap_or_else(|never| match never {}).map(Body::new));
    // The packer says so of what the client takes in no coding, and gives the whole all the same.
    let found = response.extensions_mut().remove::<Found>();
    if response.status() == StatusCode::NOT_ACCEPTABLE && found.is_some_and(|Found(status)| status != response.status())
    {
        let message = "the client takes this in no coding: it refuses identity, and names none of br, gzip";
        let refusal = Refusal::http(StatusCode::NOT_ACCEPTABLE, ErrorCode::NotAcceptable, message);
        let mut refused = response::refused(refusal, Media::JSON, &id);
        refused.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        return refused;
    }
    let is_long = response.extensions_mut().remove::<Long>().is_some();
    if is_long && response.headers().contains_key(header::CONTENT_ENCODING) {
        return response.map(|body| in_turns(body, Arc::clone(&PLACES)));
    }
    response
}

/// Which answers are packed: none of those that are to be read while they come.
#[derive(Debug, Clone, Copy)]
struct Packed;

impl Predicate for Packed {
    fn should_compress<B: HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        let usual = DefaultPredicate::new().and(NotForContentType::const_new("multipart/mixed"));
        usual.should_compress(response)
    }
}

/// The status of an answer before it was packed.
#[derive(Clone)]
struct Found(StatusCode);

/// Tells that an answer is packed in portions.
#[derive(Clone)]
struct Long;

/// Whether others might get this answer packed, so that caches have to tell them apart.
fn may_be_packed(response: &Response) -> bool {
    let headers = response.headers();
    let names_it = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|names| names.split(',').any(|name| name.trim().eq_ignore_ascii_case("accept-encoding")))
    };
    !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.contains_key(header::CONTENT_RANGE)
        && Packed.should_compress(response)
        && !headers.get_all(header::VARY).iter().any(names_it)
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::HeaderMap, middleware::from_fn, routing::get};

    use super::*;

    async fn head(path: &str, accepts: Option<&str>) -> HeaderMap {
        let long = || async { "words ".repeat(100) };
        let router = Router::new().route("/long", get(long)).route("/short", get(|| async { "word" }));
        let mut request = Request::builder().uri(path);
        if let Some(accepts) = accepts {
            request = request.header(header::ACCEPT_ENCODING, accepts);
        }
        let request = request.body(Body::empty()).unwrap();
        router.layer(from_fn(compress)).oneshot(request).await.unwrap().headers().clone()
    }

    #[tokio::test]
    async fn caches_are_told_the_same_whether_it_is_packed_or_not() {
        for (path, varies) in [("/long", true), ("/short", false)] {
            for accepts in [None, Some("identity"), Some("gzip")] {
                let headers = head(path, accepts).await;
                let vary = headers.get_all(header::VARY).iter().filter(|value| *value == "accept-encoding").count();
                assert_eq!(vary, usize::from(varies), "{path} {accepts:?}");
                let is_packed = varies && accepts == Some("gzip");
                assert_eq!(headers.contains_key(header::CONTENT_ENCODING), is_packed, "{path} {accepts:?}");
            }
        }
    }
}
