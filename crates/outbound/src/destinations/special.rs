//! Addresses that are not somebody's on the public Internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The IPv4 networks of the IANA registry of special-purpose addresses (RFC 6890) that nobody is reached at, multicast (RFC 5771), what is
/// reserved, and addresses at which clouds answer their own machines.
const SPECIAL_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10), // shared by providers' customers (CGNAT); a cloud's metadata, too
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(168, 63, 129, 16), 32), // a cloud's own, for its machines
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local; most clouds' metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Of IPv6, all that is given out to networks is in here; what is outside is special, or nobody's yet.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What is special in there.
const SPECIAL_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // of protocols: Teredo, ORCHID, benchmarking
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16), // the 6bone, which is no more
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// NAT64 (RFC 6052, RFC 8215): IPv6 addresses that stand for IPv4 ones, where a translator is.
const NAT64: &[(Ipv6Addr, u8)] =
    &[(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96), (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48)];

/// Whether an address is one of the public Internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !within_v4(SPECIAL_V4, address),
        // IPv4 within IPv6 (`::ffff:8.8.8.8`) is outside of what is given out: no name leads there that means well (RFC 5156, §2.2).
        IpAddr::V6(address) => {
            within_v6(&[GLOBAL_V6], address) && !within_v6(SPECIAL_V6, address) && !is_isatap(address)
        }
    }
}

/// The IPv4 address that a translator makes of this one.
pub(super) fn translated(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    let [.., a, b, c, d] = address.octets();
    within_v6(NAT64, address).then_some(Ipv4Addr::new(a, b, c, d))
}

/// The address, of IPv4 in its own form.
pub(super) fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Whether a network holds an address.
pub(super) fn holds(network: &IpNet, address: IpAddr) -> bool {
    network.contains(&plain(address))
}

/// An interface that stands for an IPv4 address (RFC 5214), whatever its network.
fn is_isatap(address: Ipv6Addr) -> bool {
    let [_, _, _, _, flags, marker, _, _] = address.segments();
    marker == 0x5efe && matches!(flags, 0 | 0x0200)
}

fn within_v4(networks: &[(Ipv4Addr, u8)], address: Ipv4Addr) -> bool {
    networks.iter().any(|(network, bits)| Ipv4Net::new_assert(*network, *bits).contains(&address))
}

fn within_v6(networks: &[(Ipv6Addr, u8)], address: Ipv6Addr) -> bool {
    networks.iter().any(|(network, bits)| Ipv6Net::new_assert(*network, *bits).contains(&address))
}
