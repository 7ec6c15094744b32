//! Says so when a proxy stands before the server that the server was not told of: all readers are then one address to it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::http::{Extensions, HeaderMap, HeaderName, header::FORWARDED};
use ipnet::IpNet;

use super::address::{FORWARDED_FOR, peer};
use crate::config::now;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Anybody can send such headers, as often as they like.
const AGAIN: Duration = Duration::from_secs(3600);

/// When it was last said, by [`now`]; never yet when 0.
#[derive(Debug, Default)]
pub(crate) struct Untrusted(AtomicU64);

impl Untrusted {
    /// Looks whether a request bears what proxies add, from somebody who is no proxy of ours.
    pub(crate) fn look(&self, headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) {
        let Some(header) =
            [FORWARDED_FOR, FORWARDED_PROTO, FORWARDED].into_iter().find(|name| headers.contains_key(name))
        else {
            return;
        };
        let Some(peer) = peer(extensions).map(|peer| peer.to_canonical()) else { return };
        if trusted.iter().any(|network| network.contains(&peer)) || !self.is_due() {
            return;
        }
        tracing::warn!(
            %peer,
            %header,
            "a request says that it was forwarded, and its sender is not among --trusted-proxies: what it says is not believed, \
             and whoever comes by way of a proxy there counts as one client"
        );
    }

    fn is_due(&self) -> bool {
        let (now, said) = (now(), self.0.load(Ordering::Relaxed));
        let is_due = said == 0 || Duration::from_millis(now.saturating_sub(said)) >= AGAIN;
        is_due && self.0.compare_exchange(said, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_once_in_an_hour() {
        let untrusted = Untrusted::default();
        assert!(untrusted.is_due());
        assert!(!untrusted.is_due());
    }
}
