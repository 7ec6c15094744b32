//! Packing answers for those who take them packed (RFC 9110 §8.4.1).

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use tower::ServiceExt;
use tower_http::compression::{
    Compression,
    predicate::{DefaultPredicate, Predicate},
};

use super::flow;

/// Packs the answer in the coding that the request prefers. Who names none gets it past the packer, whose state of 6 KB would go with
/// the answer through every layer.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ACCEPT_ENCODING) {
        let packed = Box::pin(Compression::new(next).oneshot(request)).await;
        let response = packed.unwrap_or_else(|never| match never {});
        return flow::encoded(response.map(Body::new));
    }
    let mut response = next.run(request).await;
    if may_be_packed(&response) {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

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
        && DefaultPredicate::new().should_compress(response)
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
