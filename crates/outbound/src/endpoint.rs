//! Where requests go.

use std::{fmt, str::FromStr};

use http::Uri;
use url::Url;

/// An address that requests can be sent to: an absolute URL, `https` or `http`, without a name and password in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
    uri: Uri,
}

/// Why a text is no [`Endpoint`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is no absolute URL.
    #[error("this is no absolute URL")]
    NoUrl,
    /// It begins in another way.
    #[error("a URL of this kind begins with https:// or http://")]
    Scheme,
    /// It has a name or a password in it, which logs would show.
    #[error("a URL of this kind has no user name and no password in it")]
    Credentials,
}

impl Endpoint {
    /// Reads a URL as browsers do: numbers of hosts in all their spellings become plain ones, names are lower-cased and in ASCII.
    ///
    /// # Errors
    /// See [`EndpointError`].
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        Self::try_from(Url::parse(text.trim()).map_err(|_| EndpointError::NoUrl)?)
    }

    /// The address below this one: a path (and query) in the place of its own.
    ///
    /// # Errors
    /// When that leads elsewhere, or nowhere.
    pub fn at(&self, path: &str) -> Result<Self, EndpointError> {
        let there = self.url.join(path).map_err(|_| EndpointError::NoUrl)?;
        if there.origin() == self.url.origin() { Self::try_from(there) } else { Err(EndpointError::NoUrl) }
    }

    /// The name or number in it, without a port; of IPv6 without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    /// As a URL.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) const fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl TryFrom<Url> for Endpoint {
    type Error = EndpointError;

    fn try_from(mut url: Url) -> Result<Self, EndpointError> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(EndpointError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::Credentials);
        }
        // It is never sent.
        url.set_fragment(None);
        let uri = url.as_str().parse().map_err(|_| EndpointError::NoUrl)?;
        Ok(Self { url, uri })
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        Self::parse(text)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_becomes_the_plain_one() {
        for spelling in
            ["http://127.1/", "http://0x7f.0.0.1/", "http://2130706433/", "http://0177.0.0.1", "http://１２７.0.0.1/"]
        {
            assert_eq!(Endpoint::parse(spelling).unwrap().host(), "127.0.0.1", "{spelling}");
        }
        assert_eq!(Endpoint::parse("http://[::ffff:7f00:1]/").unwrap().host(), "::ffff:7f00:1");
    }

    #[test]
    fn only_plain_addresses_of_the_web_are_taken() {
        let refused = |text: &str| Endpoint::parse(text).unwrap_err();
        assert_eq!(refused("/purge"), EndpointError::NoUrl);
        assert_eq!(refused("file:///etc/hostname"), EndpointError::Scheme);
        assert_eq!(refused("https://me:secret@cdn.example/"), EndpointError::Credentials);
        let endpoint = Endpoint::parse(" https://CDN.example:443/a?b#c ").unwrap();
        assert_eq!(endpoint.to_string(), "https://cdn.example/a?b");
        assert_eq!(endpoint.at("/x").unwrap().to_string(), "https://cdn.example/x");
        assert_eq!(endpoint.at("//elsewhere.example/"), Err(EndpointError::NoUrl));
    }
}
