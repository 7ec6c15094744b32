//! Where the site is, for addresses that are to hold elsewhere: canonical ones, those in previews of links.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{HeaderName, header, request::Parts, uri::Authority},
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

    /// The origin for one request. Where none is configured it is what the request was sent to; that it came by HTTPS
    /// is for a trusted proxy to say.
    pub(super) fn of(&self, parts: &Parts, trusted: &[IpNet]) -> String {
        if let Some(origin) = &self.0 {
            return origin.clone();
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.and_then(|host| host.parse::<Authority>().ok()).or_else(|| parts.uri.authority().cloned());
        let Some(host) = host.filter(is_plain) else { return String::new() };
        let scheme = if by_https(parts, trusted) { "https" } else { "http" };
        format!("{scheme}://{host}")
    }
}

fn is_plain(host: &Authority) -> bool {
    !host.host().is_empty() && !host.as_str().contains('@')
}

fn by_https(parts: &Parts, trusted: &[IpNet]) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    peer.is_some_and(|peer| trusted.iter().any(|network| network.contains(&peer)))
        && parts.headers.get(FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
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
}
