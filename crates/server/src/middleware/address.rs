//! From which address a request comes.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName},
};
use ipnet::IpNet;

pub(crate) const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: that of the other end of the connection, or, where that is a proxy we trust, what it says it
/// was sent from. None when the server does not know the connection's other end.
pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> Option<IpAddr> {
    Some(client(peer(extensions)?, headers, trusted))
}

/// The other end of the connection.
pub(crate) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    Some(extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip())
}

/// What is counted as one client: a household has a /64 network of IPv6 at the least.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        IpAddr::V4(address) => address.into(),
    }
}

/// Each proxy adds, at the end, the address it was sent from, so that all to the left of the last one we trust may be
/// made up.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut client = peer.to_canonical();
    for hop in headers.get_all(FORWARDED_FOR).iter().rev().flat_map(|value| value.as_bytes().rsplit(|b| *b == b',')) {
        if !is_trusted(client) {
            break;
        }
        // What is no address ends what is known.
        let Some(address) = read(hop) else { break };
        client = address.to_canonical();
    }
    client
}

/// An address; some proxies write its port, too.
fn read(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(seen("192.0.2.1", &[], &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &["10.0.0.0/8"]), "192.0.2.1");
        assert_eq!(seen("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_says_who_sent_it() {
        let ours = ["10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &ours), "198.51.100.7");
        // What the client made up stands to the left.
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.7"], &ours), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["10.0.0.9, 198.51.100.7, 10.0.0.2"], &ours), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9", "198.51.100.7,2001:db8::2"], &ours), "198.51.100.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["::ffff:198.51.100.7"], &ours), "198.51.100.7");
    }

    #[test]
    fn proxies_alone_lead_to_the_first_of_them() {
        assert_eq!(seen("10.0.0.1", &["10.0.0.3, 10.0.0.2"], &["10.0.0.0/8"]), "10.0.0.3");
        assert_eq!(seen("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_ends_what_is_known() {
        for nonsense in ["unknown", "", "198.51.100", "a, ,", "198.51.100.7, _hidden"] {
            assert_eq!(seen("10.0.0.1", &[nonsense], &["10.0.0.0/8"]), "10.0.0.1", "{nonsense:?}");
        }
    }

    #[test]
    fn a_port_is_no_part_of_it() {
        assert_eq!(seen("10.0.0.1", &["198.51.100.7:4711"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::7]:4711"], &["10.0.0.0/8"]), "2001:db8::7");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::7]"], &["10.0.0.0/8"]), "2001:db8::7");
    }
}
