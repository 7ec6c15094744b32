//! The client.

use std::{error::Error, fmt, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore};

use crate::{
    Destinations, Endpoint, Forbidden, SendError,
    connector::Connector,
    roots::{roots, tls},
};

/// Who is asking, as others' logs show it.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("Courant/", env!("CARGO_PKG_VERSION")));

/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(30);

/// How long an answer's head may be.
const HEAD: usize = 64 * 1024;

/// Sends requests. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Outbound {
    client: Client<HttpsConnector<Connector>, Full<Bytes>>,
    bounds: Bounds,
}

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How long it may take to connect, the look-up of the name and TLS left out.
    pub connect: Duration,
    /// How long all of it may take, to the end of the answer.
    pub all: Duration,
    /// How many bytes of the answer's body are read.
    pub body: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), all: Duration::from_secs(15), body: 64 * 1024 }
    }
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its method, of HTTP's own or of an intermediary's.
    pub method: Method,
    /// Where it goes.
    pub to: Endpoint,
    /// Its header. `Host`, `Content-Length` and `User-Agent` are filled in.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// What came back, whatever its status: a redirect is not followed, but is the answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its header.
    pub headers: HeaderMap,
    /// The beginning of its body, as long as [`Bounds::body`] at most.
    pub body: Bytes,
    /// Whether the body ended there.
    pub is_whole: bool,
}

impl Outbound {
    /// Sends requests to these.
    ///
    /// # Errors
    /// When TLS cannot be set up, which no input brings about.
    pub fn new(destinations: Destinations, bounds: Bounds) -> Result<Self, rustls::Error> {
        Self::trusting(roots(), destinations, bounds)
    }

    fn trusting(roots: RootCertStore, destinations: Destinations, bounds: Bounds) -> Result<Self, rustls::Error> {
        let client = client(tls(roots)?, Connector::new(destinations, bounds.connect));
        Ok(Self { client, bounds })
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// When there is no answer in time, or nothing may be sent there. An answer of any status is no error.
    pub async fn send(&self, request: Request) -> Result<Answer, SendError> {
        let Request { method, to, headers, body } = request;
        let mut sent = http::Request::builder().method(method).uri(to.uri().clone()).body(Full::new(body))?;
        *sent.headers_mut() = headers;
        sent.headers_mut().entry(header::USER_AGENT).or_insert(USER_AGENT);
        match tokio::time::timeout(self.bounds.all, self.exchange(sent, to.host())).await {
            Ok(answer) => answer,
            Err(_) => Err(SendError::TimedOut { host: to.host().to_owned(), within: self.bounds.all }),
        }
    }

    async fn exchange(&self, request: http::Request<Full<Bytes>>, host: &str) -> Result<Answer, SendError> {
        let broken =
            |error: &(dyn Error + 'static)| SendError::Broken { host: host.to_owned(), reason: reasons(error) };
        let answer = self.client.request(request).await.map_err(|error| match forbidden(&error) {
            Some(forbidden) => SendError::Forbidden(forbidden),
            None if error.is_connect() => SendError::Unreachable { host: host.to_owned(), reason: reasons(&error) },
            None => broken(&error),
        })?;
        let (head, mut frames) = answer.into_parts();
        let (mut body, mut is_whole) = (BytesMut::new(), true);
        while let Some(frame) = frames.frame().await {
            let Ok(data) = frame.map_err(|error| broken(&error))?.into_data() else { continue };
            let room = self.bounds.body - body.len();
            if data.len() > room {
                body.extend_from_slice(&data[..room]);
                is_whole = false;
                break;
            }
            body.extend_from_slice(&data);
        }
        Ok(Answer { status: head.status, headers: head.headers, body: body.freeze(), is_whole })
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Outbound").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

/// A client of HTTP over this TLS.
pub(crate) fn client<B>(tls: ClientConfig, connector: Connector) -> Client<HttpsConnector<Connector>, B>
where
    B: Body + Send,
    B::Data: Send,
{
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(connector);
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .http1_max_buf_size(HEAD)
        .http2_max_header_list_size(64 * 1024)
        .build(connector)
}

pub(crate) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Whether a connection was forbidden. An `io::Error` shows as its source what its content's source is, so that the content is asked for.
fn forbidden(error: &(dyn Error + 'static)) -> Option<Forbidden> {
    causes(error).find_map(|cause| {
        let of_io = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let forbidden = of_io.map_or_else(|| cause.downcast_ref(), |content| content.downcast_ref());
        forbidden.cloned()
    })
}

/// What went wrong, each cause once.
pub(crate) fn reasons(error: &(dyn Error + 'static)) -> String {
    let mut reasons: Vec<String> = causes(error).map(ToString::to_string).collect();
    reasons.dedup();
    reasons.join(": ")
}

#[cfg(test)]
mod tests;
