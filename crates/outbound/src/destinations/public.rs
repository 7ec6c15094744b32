//! The public Internet, and what is allowed beside it.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;
use url::Url;

use super::special::{holds, is_public, translated};
use crate::Endpoint;

/// The addresses of the public Internet, by HTTPS, and the hosts and networks that are allowed beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Public {
    allowed: Vec<Allowed>,
}

/// A host or a network that is allowed, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// A host by its name, lower-cased and in ASCII, wherever it leads.
    Host(String),
    /// All addresses in a network.
    Network(IpNet),
}

/// Why a text names nothing that can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("wanted is a host, such as hooks.example.org, an address, or a network, such as 10.0.0.0/8")]
pub struct AllowedError;

/// Why nothing is sent to an address, as far as the address itself tells.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its host is an address that is not public.
    #[error("{0} is no address of the public Internet")]
    Special(IpAddr),
    /// Its host is a name that means this machine or its network.
    #[error("{0} is a name of this machine or of its own network")]
    Local(String),
    /// What is sent can be read on the way.
    #[error("messages are sent by https:// alone")]
    Plain,
    /// A port of another service than one of the Web.
    #[error("nothing is sent to the port {0}: 443, 80 and those from 1024 up can be used")]
    Port(u16),
}

/// Names that mean this machine or its own network (RFC 6761, RFC 6762, RFC 8375, and what is used as such).
const LOCAL: &[&str] = &["localhost", "localdomain", "local", "internal", "home.arpa", "ip6-localhost", "ip6-loopback"];

impl Public {
    /// With these beside it.
    #[must_use]
    pub const fn and(allowed: Vec<Allowed>) -> Self {
        Self { allowed }
    }

    /// Sees what an address tells by itself. That its name leads where nothing is sent is seen when something is sent.
    ///
    /// # Errors
    /// [`Unfit`] when nothing would be sent there.
    pub fn check(&self, to: &Endpoint) -> Result<(), Unfit> {
        let host = name(to.host());
        let number: Option<IpAddr> = host.parse().ok();
        let is_allowed = self.names(&host) || number.is_some_and(|address| self.is_in_network(address));
        if is_allowed {
            return Ok(());
        }
        match number {
            Some(address) if !is_public(address) => return Err(Unfit::Special(address)),
            None if is_local(&host) => return Err(Unfit::Local(host)),
            _ => {}
        }
        if to.url().scheme() != "https" {
            return Err(Unfit::Plain);
        }
        match to.url().port() {
            Some(port) if port < 1024 && port != 80 => Err(Unfit::Port(port)),
            _ => Ok(()),
        }
    }

    /// Whether this host may be connected to at this address.
    pub(crate) fn allows(&self, host: &str, address: IpAddr) -> bool {
        let host = name(host);
        self.names(&host) || self.is_in_network(address) || (is_public(address) && !is_local(&host))
    }

    fn names(&self, host: &str) -> bool {
        self.allowed.iter().any(|allowed| matches!(allowed, Allowed::Host(name) if name == host))
    }

    fn is_in_network(&self, address: IpAddr) -> bool {
        let networks = || {
            self.allowed.iter().filter_map(|allowed| match allowed {
                Allowed::Network(network) => Some(network),
                Allowed::Host(_) => None,
            })
        };
        networks().any(|network| holds(network, address))
            // Whoever allows a translator's addresses means what is public behind it.
            && translated(address).is_none_or(|behind| {
                is_public(behind.into()) || networks().any(|network| holds(network, behind.into()))
            })
    }
}

/// A host without the dot that may end it.
fn name(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

fn is_local(host: &str) -> bool {
    LOCAL.iter().any(|local| host.strip_suffix(local).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

impl FromStr for Allowed {
    type Err = AllowedError;

    fn from_str(text: &str) -> Result<Self, AllowedError> {
        let text = text.trim();
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(network.trunc()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address.to_canonical().into()));
        }
        // As it is in URLs.
        let url = Url::parse(&format!("https://{text}/")).map_err(|_| AllowedError)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(AllowedError)?;
        let is_host_alone =
            url.port().is_none() && url.path() == "/" && url.query().is_none() && url.username().is_empty();
        match (is_host_alone, url.domain()) {
            (true, Some(_)) => Ok(Self::Host(name(host))),
            _ => Err(AllowedError),
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => host.fmt(f),
            Self::Network(network) => network.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
