//! Spellings of addresses to which nothing is sent, and what is allowed.

use super::*;

/// Whether something would be sent there, as far as the address tells: it can be read, it fits, and its number may be connected to.
fn is_taken(public: &Public, url: &str) -> bool {
    let Ok(endpoint) = Endpoint::parse(url) else { return false };
    let number: Option<IpAddr> = endpoint.host().parse().ok();
    let fits = public.check(&endpoint).is_ok();
    let connects = number.is_none_or(|address| public.allows(endpoint.host(), address));
    // Who passes the one is not held back by the other alone.
    assert!(!fits || connects, "{url}");
    fits
}

#[test]
fn forbidden_addresses_are_refused_in_all_their_spellings() {
    let spellings = [
        // This machine.
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7f.0x0.0x0.0x1",
        "0177.0.0.1",
        "017700000001",
        "0177.1",
        "0x7F.00.00.01",
        "127.0.0.1.",
        "127.000.000.001",
        "00000000177.1",
        "0",
        "0.0.0.0",
        "0x0",
        "00",
        "0.1",
        "localhost",
        "LocalHost",
        "localhost.",
        "a.localhost",
        "a.b.localhost.",
        "localhost.localdomain",
        "ip6-localhost",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[0000::0001]",
        "[::0.0.0.1]",
        // Digits and dots that IDNA turns into plain ones.
        "１２７.0.0.1",
        "127。0。0。1",
        "127．0．0．1",
        "①②⑦.0.0.1",
        "𝟏𝟐𝟕.0.0.1",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "%6c%6f%63alhost",
        "%31%32%37.0.0.1",
        // Private, shared and link-local networks, and clouds' metadata.
        "10.0.0.1",
        "10.1",
        "167772161",
        "0xa000001",
        "012.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.257",
        "3232235521",
        "0xc0a80001",
        "0300.0250.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.254.169.254.",
        "168.63.129.16",
        "192.0.0.192",
        "metadata.google.internal",
        "printer.local",
        "router.home.arpa",
        // Documentation, benchmarking, multicast, reserved, broadcast.
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.7",
        "198.18.0.1",
        "198.19.255.255",
        "192.88.99.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "4294967295",
        "0xffffffff",
        // IPv4 within IPv6: mapped, compatible, translated.
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[0:0:0:0:0:ffff:c0a8:1]",
        "[::ffff:8.8.8.8]",
        "[::ffff:808:808]",
        "[0:0:0:0:0:FFFF:0808:0808]",
        "[::127.0.0.1]",
        "[::a00:1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b::808:808]",
        "[64:ff9b:1::a00:1]",
        "[64:ff9b:1:ffff:ffff:ffff:10.0.0.1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "[2002:c0a8:1::]",
        "[2002:808:808::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[2001::1]",
        "[2600:1901::5efe:10.0.0.1]",
        "[2600:1901::200:5efe:7f00:1]",
        // Of IPv6 itself.
        "[fe80::1]",
        "[febf::1]",
        "[fe80::1%25eth0]",
        "[fec0::1]",
        "[feff::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fdff::1]",
        "[ff02::1]",
        "[ff0e::1]",
        "[2001:db8::1]",
        "[3fff::1]",
        "[2001:2::1]",
        "[2001:10::1]",
        "[2001:20::1]",
        "[100::1]",
        "[5f00::1]",
        "[4000::1]",
    ];
    assert!(spellings.len() > 100, "{}", spellings.len());
    let public = Public::default();
    for host in spellings {
        for url in [format!("https://{host}/hook"), format!("https://{host}:8443/hook"), format!("http://{host}/hook")]
        {
            assert!(!is_taken(&public, &url), "{url}");
        }
    }
}

#[test]
fn the_public_internet_is_reached_by_https_on_ports_of_the_web() {
    let public = Public::default();
    for url in [
        "https://hooks.example.com/a?b=c",
        "https://example.com:8443/",
        "https://example.com:80/",
        "https://8.8.8.8/",
        "https://134744072/",
        "https://[2606:4700:4700::1111]/",
        "https://11.0.0.1/",
        "https://172.32.0.1/",
        "https://100.128.0.1/",
        "https://internal.example.com/",
        "https://mylocalhost.com/",
        "https://пример.рф/",
    ] {
        assert!(is_taken(&public, url), "{url}");
    }
    let unfit = |url: &str| public.check(&Endpoint::parse(url).unwrap()).unwrap_err();
    assert_eq!(unfit("http://example.com/"), Unfit::Plain);
    for port in [22, 25, 110, 1023] {
        assert_eq!(unfit(&format!("https://example.com:{port}/")), Unfit::Port(port));
    }
    for no_url in
        ["", "/hook", "ftp://example.com/", "https://me@example.com/", "https://me:secret@example.com/", "javascript:1"]
    {
        assert!(!is_taken(&public, no_url), "{no_url}");
    }
}

#[test]
fn what_is_allowed_is_reached_and_nothing_beside_it() {
    let allowed = ["hooks.internal", "10.1.0.0/16", "127.0.0.1", "64:ff9b::/96", "fd00:1::/32", "BÜCHER.example."];
    let public = Public::and(allowed.iter().map(|allowed| allowed.parse().unwrap()).collect());
    for url in [
        "http://hooks.internal:25/",
        "https://hooks.internal./",
        "http://10.1.2.3/",
        "http://127.0.0.1:9000/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::808:808]/",
        "https://[64:ff9b::10.1.0.1]/",
        "http://[fd00:1::1]/",
        "http://bücher.example/",
    ] {
        assert!(is_taken(&public, url), "{url}");
    }
    for url in [
        "http://other.internal/",
        "http://10.2.0.1/",
        "http://127.0.0.2/",
        "https://[64:ff9b::10.2.0.1]/",
        "http://localhost/",
    ] {
        assert!(!is_taken(&public, url), "{url}");
    }
    // A name that is allowed may lead anywhere; others may not lead to what is forbidden.
    let local: IpAddr = "192.168.0.1".parse().unwrap();
    assert!(public.allows("hooks.internal", local) && public.allows("HOOKS.internal.", local));
    assert!(!public.allows("example.com", local) && public.allows("example.com", "10.1.0.1".parse().unwrap()));
    for none in ["", "a b", "https://example.com", "example.com:80", "example.com/x", "10.0.0.0/33", "me@example.com"] {
        assert_eq!(none.parse::<Allowed>(), Err(AllowedError), "{none}");
    }
}
