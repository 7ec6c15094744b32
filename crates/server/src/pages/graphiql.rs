//! GraphiQL, from inside the binary (`web/graphiql`).
//!
//! Its larger files are packed when they are first asked for and kept packed: 7 MB of scripts would otherwise be
//! compressed anew for whoever asks, or grow the build.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, OnceLock},
};

use axum::{
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use rust_embed::RustEmbed;

use super::{not_found, status};
use crate::middleware::etag;

/// Its scripts and fonts come from us, its styles are partly inline, its workers are files or blobs, and it talks to
/// us alone, by HTTP as by WebSocket, which `'self'` stands for, too (CSP 3, §6.7.2.8).
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
                      worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "../../web/graphiql/dist"]
struct Dist;

/// The files of the page.
pub(crate) struct Assets(HashMap<String, Arc<Asset>>);

struct Asset {
    body: Bytes,
    packed: OnceLock<Bytes>,
    content_type: &'static str,
    tag: HeaderValue,
}

impl Assets {
    pub(crate) fn new() -> Self {
        let asset = |path: &str| {
            let file = Dist::get(path)?;
            let body = match file.data {
                std::borrow::Cow::Borrowed(body) => Bytes::from_static(body),
                std::borrow::Cow::Owned(body) => Bytes::from(body),
            };
            // Of the digest that was made when it was embedded: to read 7 MB of it now is to have them in memory for
            // good, though few servers are ever asked for them.
            let tag = etag::of(&file.metadata.sha256_hash());
            Some(Arc::new(Asset { body, packed: OnceLock::new(), content_type: content_type(path), tag }))
        };
        Self(Dist::iter().filter_map(|path| Some((path.to_string(), asset(&path)?))).collect())
    }
}

/// `GET /graphiql`.
pub(crate) async fn graphiql(State(assets): State<Arc<Assets>>, request: Request) -> Response {
    file(&assets, "index.html", "no-cache", request).await
}

/// `GET /graphiql/`: its own address has no slash.
pub(crate) async fn slash() -> Response {
    let mut response = status(StatusCode::PERMANENT_REDIRECT);
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/graphiql"));
    response
}

/// `GET /graphiql/assets/…`: the names hold a hash of the content.
pub(crate) async fn asset(State(assets): State<Arc<Assets>>, Path(path): Path<String>, request: Request) -> Response {
    file(&assets, &format!("assets/{path}"), "public, max-age=31536000, immutable", request).await
}

/// `GET /graphiql/licenses.md`: the notices of what is bundled.
pub(crate) async fn licenses(State(assets): State<Arc<Assets>>, request: Request) -> Response {
    file(&assets, "licenses.md", "no-cache", request).await
}

async fn file(assets: &Assets, path: &str, cache: &'static str, request: Request) -> Response {
    let Some(asset) = assets.0.get(path).cloned() else { return not_found(request).await };
    let tag = asset.tag.clone();
    let content_type = asset.content_type;
    let mut response = if etag::is_known(request.headers(), &tag) {
        status(StatusCode::NOT_MODIFIED)
    } else if takes_gzip(request.headers()) {
        let body = match asset.packed.get() {
            Some(packed) => Some(packed.clone()),
            None => {
                tokio::task::spawn_blocking(move || asset.packed.get_or_init(|| pack(&asset.body)).clone()).await.ok()
            }
        };
        let Some(body) = body else { return status(StatusCode::INTERNAL_SERVER_ERROR) };
        let mut response = Response::new(Body::from(body));
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        Response::new(Body::from(asset.body.clone()))
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, tag);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn pack(body: &Bytes) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::default());
    // Writing to memory does not fail; should it ever, the page does and not the server.
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.map_or_else(|_| Bytes::new(), Bytes::from)
}

/// Whether `Accept-Encoding` names gzip, and does not rule it out.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && !parts.any(|part| matches!(part.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("md") => "text/markdown; charset=utf-8",
        _ => "application/octet-stream",
    }
}
