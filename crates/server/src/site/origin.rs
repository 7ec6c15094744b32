//! Where the site is, for addresses that are to hold elsewhere: canonical ones, those in previews of links.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName, header, request::Parts, uri::Authority},
};
use ipnet::IpNet;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The site's own address: scheme, host and port, `https://news.example.org`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin(Option<String>);

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("wanted is http:// or https:// and a host, without a path, such as https://news.example.org")]
pub struct OriginError;

impl Origin {
    /// Whatever a request says it was sent to.
    pub const OF_REQUEST: Self = Self(None);

    /// Reads an origin.
    ///
    /// # Errors
    /// [`OriginError`] when it has another scheme, no host, or more than that.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let text = text.trim_end_matches('/');
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(OriginError)?;
        host.parse::<Authority>().ok().filter(is_plain).ok_or(OriginError)?;
        Ok(Self(Some(text.to_owned())))
    }

    /// The site's own address, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The origin for one request. Where none is configured it is what the request was sent to; that it came by HTTPS
    /// is for a trusted proxy to say.
    pub(crate) fn of(&self, parts: &Parts, trusted: &[IpNet]) -> String {
        if let Some(origin) = &self.0 {
            return origin.clone();
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.and_then(|host| host.parse::<Authority>().ok()).or_else(|| parts.uri.authority().cloned());
        let Some(host) = host.filter(is_plain) else { return String::new() };
        let scheme = match forwarded(&parts.headers, &parts.extensions, trusted) {
            Some(Scheme::Https) => "https",
            _ => "http",
        };
        format!("{scheme}://{host}")
    }

    /// Whether a request came by HTTPS: as a trusted proxy says, or, where none says anything, as the site's own
    /// address does.
    pub(crate) fn is_secure(&self, headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> bool {
        match forwarded(headers, extensions, trusted) {
            Some(scheme) => scheme == Scheme::Https,
            None => self.0.as_ref().is_some_and(|origin| origin.starts_with("https://")),
        }
    }
}

fn is_plain(host: &Authority) -> bool {
    !host.host().is_empty() && !host.as_str().contains('@')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

/// How the reader came to a proxy that we trust, if it says so.
fn forwarded(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> Option<Scheme> {
    if trusted.is_empty() {
        return None;
    }
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let proto = headers.get(FORWARDED_PROTO).filter(|_| trusted.iter().any(|network| network.contains(&peer)))?;
    Some(if proto.as_bytes().eq_ignore_ascii_case(b"https") { Scheme::Https } else { Scheme::Http })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for text in ["https://news.example.org", "http://127.0.0.1:8080", "https://news.example.org/"] {
            assert_eq!(Origin::parse(text).unwrap(), Origin(Some(text.trim_end_matches('/').to_owned())));
        }
        for text in ["news.example.org", "ftp://x", "https://", "https://a/b", "https://u@a", "https://a b"] {
            assert_eq!(Origin::parse(text), Err(OriginError), "{text}");
        }
    }

    #[test]
    fn a_request_says_where_it_was_sent_and_a_trusted_proxy_how() {
        let of = |peer: &str, host: &str| {
            let request = Request::builder().header("host", host).header("x-forwarded-proto", "https");
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
            Origin::OF_REQUEST.of(&parts, &["10.0.0.0/8".parse().unwrap()])
        };
        assert_eq!(of("10.1.2.3", "news.example.org"), "https://news.example.org");
        assert_eq!(of("192.0.2.1", "news.example.org:81"), "http://news.example.org:81");
        assert_eq!(of("192.0.2.1", "a\"><script>"), "");
    }

    #[test]
    fn only_what_came_by_https_is_told_to_come_by_https() {
        let is_secure = |origin: &Origin, peer: &str, proto: Option<&str>| {
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
            let headers = proto.map(|proto| (FORWARDED_PROTO, proto.parse().unwrap())).into_iter().collect();
            origin.is_secure(&headers, &extensions, &["10.0.0.0/8".parse().unwrap()])
        };
        let (https, http) =
            (Origin::parse("https://news.example.org").unwrap(), Origin::parse("http://news.example.org").unwrap());
        for (origin, peer, proto, expected) in [
            (&https, "192.0.2.1", None, true),
            (&https, "10.0.0.1", Some("http"), false),
            (&https, "192.0.2.1", Some("http"), true),
            (&http, "192.0.2.1", Some("https"), false),
            (&http, "10.0.0.1", Some("HTTPS"), true),
            (&Origin::OF_REQUEST, "10.0.0.1", Some("https"), true),
            (&Origin::OF_REQUEST, "192.0.2.1", Some("https"), false),
            (&Origin::OF_REQUEST, "10.0.0.1", None, false),
        ] {
            assert_eq!(is_secure(origin, peer, proto), expected, "{origin:?} {peer} {proto:?}");
        }
    }
}
