//! Whether a canonical address, or a link, is an address of this site, and of which page.

use std::borrow::Cow;

use url::{Host, Url};

use crate::address::{self, Address, Place};

/// The path that a canonical address names on this site, as redirects are kept under: without query, fragment and trailing slash.
/// `None` when it is another site's. `site` is where the site is (`https://news.example.org`); whoever is at `http:` there is the same.
/// While that is not known, the site is where somebody tries it out: on this very machine.
///
/// ```
/// use courant_domain::canonical::path_here;
///
/// let site = Some("https://news.example.org");
/// assert_eq!(path_here("http://NEWS.example.org:80/en/articles/rain/?from=feed", site).as_deref(), Some("/en/articles/rain"));
/// assert_eq!(path_here("https://agency.example/en/articles/rain", site), None);
/// assert_eq!(path_here("/en/articles/rain", None).as_deref(), Some("/en/articles/rain"));
/// ```
#[must_use]
pub fn path_here(canonical: &str, site: Option<&str>) -> Option<String> {
    let canonical = canonical.trim();
    let path = if canonical.starts_with('/') && !canonical.starts_with("//") {
        Cow::Borrowed(canonical)
    } else {
        let named = match site.map(Url::parse) {
            Some(site) => site.ok().and_then(|site| site.join(canonical).ok().filter(|named| is_at(named, &site)))?,
            None => Url::parse(canonical).ok().filter(is_on_this_machine)?,
        };
        Cow::Owned(named[url::Position::BeforePath..].to_owned())
    };
    address::normalise(&path).map(|path| address::decoded(path).into_owned())
}

/// The path and query on this site that a link leads to which stands in the text at `page`; `None` where it leads to another site, or to a
/// place within the same text. It is read as browsers do (URL Standard §4.4): `../x`, `?p=1` and `//host/x` lead on from where they stand.
///
/// ```
/// use courant_domain::canonical::link_here;
///
/// let site = Some("https://news.example.org");
/// let led = |link| link_here(link, "/en/articles/rain", site);
/// assert_eq!(led("snow#top").as_deref(), Some("/en/articles/snow"));
/// assert_eq!(led("HTTP://News.example.org:80/en/../x?p=1").as_deref(), Some("/x?p=1"));
/// assert_eq!(led("//agency.example/en/articles/snow"), None);
/// ```
#[must_use]
pub fn link_here(link: &str, page: &str, site: Option<&str>) -> Option<String> {
    // Where the site is not known, whatever names no host is there.
    const NOWHERE: &str = "http://site.invalid";
    if link.trim_start().starts_with('#') {
        return None;
    }
    let here = Url::parse(site.unwrap_or(NOWHERE)).ok()?;
    let named = here.join(page).ok()?.join(link).ok()?;
    let is_here = is_at(&named, &here) || site.is_none() && is_on_this_machine(&named);
    is_here.then(|| named[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

/// Whether two paths are one address of a text, however they are written: tags of languages have no case.
#[must_use]
pub fn is_same_text(one: &str, other: &str) -> bool {
    let text = |path| Address::parse(path).filter(|address| matches!(address.place, Place::Entry(..)));
    one == other || text(one).is_some_and(|one| text(other) == Some(one))
}

fn is_on_this_machine(named: &Url) -> bool {
    let is_web = matches!(named.scheme(), "http" | "https");
    is_web
        && named.host().is_some_and(|host| match host {
            Host::Domain(name) => name.trim_end_matches('.') == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        })
}

/// Whether an address is of a host, by whichever of the two protocols.
fn is_at(named: &Url, site: &Url) -> bool {
    let host = |url: &Url| url.host_str().map(|host| host.trim_end_matches('.').to_owned());
    // What is written is the port that is not its protocol's own.
    let is_web = matches!(named.scheme(), "http" | "https");
    is_web && host(named).is_some_and(|named| host(site) == Some(named)) && named.port() == site.port()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Option<&str> = Some("https://news.example.org");

    #[test]
    fn an_address_of_this_site_is_known_however_it_is_written() {
        for canonical in [
            "/en/articles/rain",
            "/en/articles/rain/",
            "https://news.example.org/en/articles/rain",
            "http://news.example.org/en/articles/rain",
            "https://news.example.org:443/en/articles/rain/",
            "https://News.Example.Org./en/articles/rain?utm_source=feed#top",
            "//news.example.org/en/articles/rain",
            " https://news.example.org/en/articles/r%61in ",
        ] {
            assert_eq!(path_here(canonical, SITE).as_deref(), Some("/en/articles/rain"), "{canonical}");
        }
        assert_eq!(
            path_here("https://xn--j1amh.example/uk/%D0%B0", Some("http://укр.example")).as_deref(),
            Some("/uk/а")
        );
        assert_eq!(path_here("http://127.0.0.1:81/a", Some("http://127.0.0.1:81")).as_deref(), Some("/a"));
        assert_eq!(path_here("https://news.example.org/?p=12", SITE).as_deref(), Some("/?p=12"));
    }

    #[test]
    fn what_is_elsewhere_is_not_of_this_site() {
        for canonical in [
            "https://agency.example/en/articles/rain",
            "https://www.news.example.org/en/articles/rain",
            "https://news.example.org.evil.example/en/articles/rain",
            "https://news.example.org:8443/en/articles/rain",
            "//agency.example/en/articles/rain",
            "ftp://news.example.org/en/articles/rain",
            "https://news.example.org@evil.example/",
            "mailto:desk@news.example.org",
            "https://",
        ] {
            assert_eq!(path_here(canonical, SITE), None, "{canonical}");
        }
        assert_eq!(path_here("https://news.example.org/en/articles/rain", None), None, "nobody knows where this is");
        for here in ["http://127.0.0.1:8080/a", "http://localhost:8080/a/", "https://[::1]/a"] {
            assert_eq!(path_here(here, None).as_deref(), Some("/a"), "{here}");
            assert_eq!(path_here(here, SITE), None, "{here}");
        }
    }

    #[test]
    fn a_link_is_followed_from_where_it_stands() {
        let led = |link: &str| link_here(link, "/en/articles/rain", SITE);
        for (link, to) in [
            ("/en/articles/snow", "/en/articles/snow"),
            ("snow", "/en/articles/snow"),
            ("./snow?a=1#top", "/en/articles/snow?a=1"),
            ("../tags/snow", "/en/tags/snow"),
            ("../../../../ru", "/ru"),
            ("?p=1", "/en/articles/rain?p=1"),
            ("", "/en/articles/rain"),
            ("https://news.example.org", "/"),
            ("http://NEWS.example.org.:80/?p=1", "/?p=1"),
            ("https:/en/x", "/en/x"),
            ("//news.example.org:443/en/./a/../b", "/en/b"),
            ("\\\\news.example.org\\en", "/en"),
            (" ht\ntps://news.example.org/en ", "/en"),
        ] {
            assert_eq!(led(link).as_deref(), Some(to), "{link:?}");
        }
        for link in [
            "#top",
            "https://agency.example/en",
            "//agency.example/en",
            "https://news.example.org:8443/en",
            "mailto:a@news.example.org",
            "tel:12",
            "https://",
        ] {
            assert_eq!(led(link), None, "{link:?}");
        }
        let unplaced = |link: &str| link_here(link, "/en/articles/rain", None);
        assert_eq!(unplaced("snow").as_deref(), Some("/en/articles/snow"));
        assert_eq!(unplaced("http://localhost:8080/en").as_deref(), Some("/en"));
        assert_eq!(unplaced("https://news.example.org/en"), None);
    }

    #[test]
    fn one_text_has_one_address() {
        assert!(is_same_text("/en/articles/rain", "/EN/articles/rain") && is_same_text("/2021/rain", "/2021/rain"));
        for other in ["/ru/articles/rain", "/en/decrees/rain", "/en/articles/snow", "/en/tags/rain"] {
            assert!(!is_same_text("/en/articles/rain", other), "{other}");
        }
        assert!(!is_same_text("/en/tags/rain", "/EN/tags/rain"), "a list is no text");
    }
}
