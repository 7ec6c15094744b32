//! Addresses on the site. Every path says its language and what it leads to, and stays when a category moves:
//!
//! | path | leads to |
//! |---|---|
//! | `/en` | the front page |
//! | `/en/articles/<slug>` | an article |
//! | `/en/decrees/<slug>` | a decree |
//! | `/en/categories/<slug>/<slug>…` | a category |
//! | `/en/tags/<slug>` | a tag |
//! | `/en/people/<slug>` | an author or signatory |
//! | `/en/feeds/<slug>` | a feed |

mod forms;
mod query;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

pub use self::{
    forms::{is_further_front, leading, queried},
    query::{is_kept, kept, names_old_page},
};
use crate::{entry::EntryKind, locale::Locale, site::Site, slug::Slug};

/// What a path leads to, by its form alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The language it is in.
    pub locale: Locale,
    /// What it leads to.
    pub place: Place,
}

/// What can have a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An article or decree by its slug.
    Entry(EntryKind, Slug),
    /// A category by the slugs from the top.
    Category(String),
    /// A tag.
    Tag(Slug),
    /// An author or signatory.
    Person(Slug),
    /// A feed.
    Feed(Slug),
}

impl Address {
    /// Reads a path. A trailing slash, a query and a fragment are passed over, and percent-encoding is undone.
    ///
    /// `None` when it has not the form of any address of the site.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = decoded(normalise(path)?);
        let (locale, rest) = path[1..].split_once('/')?;
        let locale = Locale::parse(locale).ok()?;
        let (section, rest) = rest.split_once('/')?;
        let slug = || Slug::parse(rest).ok();
        let place = match section {
            "articles" => Place::Entry(EntryKind::Article, slug()?),
            "decrees" => Place::Entry(EntryKind::Decree, slug()?),
            "categories" => {
                let slugs = rest.split('/').all(|part| Slug::parse(part).is_ok());
                Place::Category(slugs.then(|| rest.to_owned())?)
            }
            "tags" => Place::Tag(slug()?),
            "people" => Place::Person(slug()?),
            "feeds" => Place::Feed(slug()?),
            _ => return None,
        };
        Some(Self { locale, place })
    }
}

/// The path of an article or decree.
#[must_use]
pub fn entry_path(locale: Locale, kind: EntryKind, slug: &str) -> String {
    let section = match kind {
        EntryKind::Article => "articles",
        EntryKind::Decree => "decrees",
    };
    join(locale, section, slug)
}

/// The path of a category, given the slugs from the top.
#[must_use]
pub fn category_path(locale: Locale, slugs: &str) -> String {
    join(locale, "categories", slugs)
}

/// The path of a tag.
#[must_use]
pub fn tag_path(locale: Locale, slug: &Slug) -> String {
    join(locale, "tags", slug.as_str())
}

/// The path of an author or signatory.
#[must_use]
pub fn person_path(locale: Locale, slug: &Slug) -> String {
    join(locale, "people", slug.as_str())
}

/// The path of a feed.
#[must_use]
pub fn feed_path(locale: Locale, slug: &Slug) -> String {
    join(locale, "feeds", slug.as_str())
}

/// The path of a language's front page.
#[must_use]
pub fn home_path(locale: Locale) -> String {
    format!("/{locale}")
}

/// How the paths of feeds end: as the path of what they follow does, but for one of these (and `/en/feed.rss`, which follows everything).
pub const FEED_ENDS: [&str; 4] = [".rss", ".atom", ".json", ".ninjs"];

/// The path of the page whose feed is at a path; none where it has not the form of a feed's.
#[must_use]
pub fn followed(path: &str) -> Option<&str> {
    let page = FEED_ENDS.into_iter().find_map(|end| path.strip_suffix(end))?;
    if let Some(home) = page.strip_suffix("/feed") {
        return Locale::parse(home.strip_prefix('/')?).ok().map(|_| home);
    }
    let Address { place, .. } = Address::parse(page)?;
    matches!(place, Place::Category(_) | Place::Tag(_) | Place::Feed(_)).then_some(page)
}

/// The path of the page whose feed is at a path, or which a path has as ninjs; of any other, the path itself.
#[must_use]
pub fn page_of(path: &str) -> &str {
    let one = || path.strip_suffix(".ninjs").filter(|page| Address::parse(page).is_some());
    followed(path).or_else(one).unwrap_or(path)
}

/// Whether a path is one of the site's pages by its form, be something there or not: one of [`Address`]es, or in one of its languages and no
/// file by its name.
#[must_use]
pub fn is_of_site(path: &str, site: &Site) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    let is_in_language = parts.next().is_some_and(|part| Locale::parse(part).is_ok_and(|locale| site.has(locale)));
    let is_file = parts.next_back().is_some_and(|name| name.contains('.'));
    Address::parse(page_of(path)).is_some() || is_in_language && !is_file
}

fn join(locale: Locale, section: &str, rest: &str) -> String {
    let parts = [locale.as_str(), section, rest];
    let mut path = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts {
        path.push('/');
        path.push_str(part);
    }
    path
}

/// A path without query, fragment and trailing slash, as redirects are kept under (but for `/?p=12`, an old address of WordPress); `None` when it is no
/// absolute path, [not one that is asked for](is_never_asked_for), or longer than 2,000 bytes.
#[must_use]
pub fn normalise(path: &str) -> Option<&str> {
    if let Some(numbered) = numbered(path) {
        return Some(numbered);
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let path = if path.is_empty() { "/" } else { path };
    let is_path = path.starts_with('/') && path.len() <= 2000 && !path.contains(char::is_control);
    (is_path && !is_never_asked_for(path)).then_some(path)
}

/// Whether nobody asks for a path as it is written: browsers take `.` and `..` out of it before they send it, however they are encoded, and a
/// backslash for a slash (URL Standard §4.4); of a part that is empty servers differ in what they make, and here nothing has one.
#[must_use]
pub fn is_never_asked_for(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let within = path.strip_prefix('/').unwrap_or(path).trim_end_matches('/');
    let is_dots = |part: &str| {
        let mut rest = part;
        let mut dots = 0;
        while let Some(after) = [".", "%2e", "%2E"].into_iter().find_map(|dot| rest.strip_prefix(dot)) {
            rest = after;
            dots += 1;
        }
        rest.is_empty() && matches!(dots, 1 | 2)
    };
    !within.is_empty() && within.split('/').any(|part| part.is_empty() || is_dots(part)) || path.contains('\\')
}

/// What [`normalise`] passes over at the end of a path of the site: a query, a fragment, or both. None when there is none.
#[must_use]
pub fn passed_over(path: &str) -> Option<&str> {
    let kept = normalise(path)?;
    let end = path.find(['?', '#'])?.max(if numbered(path).is_some() { kept.len() } else { 0 });
    Some(&path[end..]).filter(|rest| !rest.is_empty())
}

/// The beginning of a path that says by a number what it leads to, as WordPress does: `/?p=12`. It is a path of its own.
fn numbered(path: &str) -> Option<&str> {
    let parameter = path.strip_prefix("/?")?;
    let (name, rest) = parameter.split_once('=')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let is_whole = matches!(name, "p" | "page_id") && (1..=18).contains(&digits);
    let is_ended = rest[digits..].is_empty() || rest[digits..].starts_with(['&', '#']);
    (is_whole && is_ended).then(|| &path[..path.len() - rest.len() + digits])
}

/// A normalised path as people write it: browsers send `%D0%BD` for `н` (RFC 3986 §2.1). What would be another path
/// then, with more segments or a control character in it, or is no UTF-8, stays as it is.
#[must_use]
pub fn decoded(path: &str) -> Cow<'_, str> {
    match percent_decode_str(path).decode_utf8() {
        Ok(decoded)
            if decoded.matches('/').count() == path.matches('/').count() && normalise(&decoded) == Some(&*decoded) =>
        {
            decoded
        }
        _ => Cow::Borrowed(path),
    }
}

/// Whether a redirect can lead there: a path of the site, or an absolute `http` or `https` URL without a user.
#[must_use]
pub fn is_target(target: &str) -> bool {
    let outside = target.strip_prefix("https://").or_else(|| target.strip_prefix("http://"));
    match outside {
        Some(rest) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            !host.is_empty()
                && target.len() <= 2000
                && !host.contains('@')
                && !target.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\')
        }
        None => normalise(target) == Some(target),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_address_leads_nowhere() {
        for path in [
            "",
            "/",
            "en/articles/a",
            "/en",
            "/en/articles",
            "/en/articles/a/b",
            "/english!/tags/a",
            "/en/pages/a",
            "//evil/articles/a",
            "/en/categories/a//b",
        ] {
            assert_eq!(Address::parse(path), None, "{path}");
        }
        assert_eq!(
            Address::parse("/en/articles/a/?x=1#top").unwrap().place,
            Place::Entry(EntryKind::Article, Slug::parse("a").unwrap())
        );
    }

    #[test]
    fn paths_are_read_as_browsers_send_them() {
        assert_eq!(Address::parse("/en/articles/cotton%2Dyarn"), Address::parse("/en/articles/cotton-yarn"));
        assert!(Address::parse("/en/articles/cotton-yarn").is_some());
        assert_eq!(decoded("/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"), "/новости/1");
        for path in ["/a%2Fb", "/a%00", "/a%FF", "/a%3Fb", "/a%", "/a%zz", "%2F%2Fevil"] {
            assert_eq!(decoded(path), path);
        }
    }

    #[test]
    fn what_is_passed_over_is_told() {
        for (path, over) in [
            ("/a/b", None),
            ("/a/b/", None),
            ("/?p=12", None),
            ("/?p=12&x=1", Some("&x=1")),
            ("/a?x=1#y", Some("?x=1#y")),
            ("/a/#y", Some("#y")),
            ("/?x", Some("?x")),
            ("https://example.org/a?x", None),
        ] {
            assert_eq!(passed_over(path), over, "{path}");
        }
    }

    #[test]
    fn what_no_browser_asks_for_is_no_path_of_the_site() {
        for path in [
            "/e/../f",
            "/../f",
            "/./x",
            "/x/.",
            "/x/..",
            "/a//b",
            "//a",
            "/%2e%2e/x",
            "/%2E/x",
            "/x/.%2e",
            "/x/%2E.?a=1",
            "/a\\b",
            "/en/articles/../articles/rain",
        ] {
            assert!(is_never_asked_for(path), "{path}");
            assert_eq!(normalise(path), None, "{path}");
            assert!(!is_target(path) && !is_kept(path) && kept(path).is_none(), "{path}");
            assert_eq!(Address::parse(path), None, "{path}");
            assert_eq!(queried(path), [""; 0], "{path}");
        }
        for path in
            ["/", "/a", "/a/", "/...", "/.well-known/x", "/a.b", "/..a", "/a/b..", "/%2e%2ea", "/a?x=../y", "/?p=12"]
        {
            assert!(!is_never_asked_for(path) && normalise(path).is_some(), "{path}");
        }
        // What is encoded twice is no other path than it was.
        assert_eq!(decoded("/%252e%252e/x"), "/%252e%252e/x");
        assert_eq!(decoded("/a%5Cb"), "/a%5Cb");
    }

    #[test]
    fn redirects_lead_to_paths_and_to_the_web() {
        for target in ["/en", "/en/articles/a", "https://example.org", "http://example.org/a?b#c"] {
            assert!(is_target(target), "{target}");
        }
        for target in
            ["", "en", "//evil", "/\\evil", "javascript:x()", "https://", "https://a@b/", "https://a b/", "/a/"]
        {
            assert!(!is_target(target), "{target}");
        }
    }

    #[test]
    fn a_feed_follows_a_page() {
        for (path, page) in [
            ("/en/feed.rss", Some("/en")),
            ("/pt-BR/tags/rain.atom", Some("/pt-BR/tags/rain")),
            ("/en/categories/town/harbour.json", Some("/en/categories/town/harbour")),
            ("/en/feeds/last-news.ninjs", Some("/en/feeds/last-news")),
            ("/en/articles/rain.rss", None),
            ("/en/feeds/last-news", None),
            ("/feed.rss", None),
            ("/en.rss", None),
        ] {
            assert_eq!(followed(path), page, "{path}");
        }
    }

    #[test]
    fn a_page_of_the_site_is_known_by_its_form() {
        let site = Site::new(Locale::ENGLISH, "Portal");
        for path in [
            "/en/articles/rain",
            "/fr/articles/rain",
            "/en",
            "/en/about",
            "/en/a/b",
            "/en/tags/rain.rss",
            "/en/articles/a.ninjs",
        ] {
            assert!(is_of_site(path, &site), "{path}");
        }
        for path in ["/", "/files/a.pdf", "/en/a.pdf", "/en/files/a.pdf", "/fr/about", "/about"] {
            assert!(!is_of_site(path, &site), "{path}");
        }
    }

    proptest! {
        #[test]
        fn every_path_we_write_is_read_back(slug in "[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", parts in prop::collection::vec("[a-z]{1,6}", 1..4)) {
            let locale = Locale::parse("pt-BR").unwrap();
            let slug = Slug::parse(&slug).unwrap();
            let read = |path: &str| Address::parse(path).unwrap().place;
            for kind in EntryKind::ALL {
                prop_assert_eq!(read(&entry_path(locale, kind, slug.as_str())), Place::Entry(kind, slug.clone()));
            }
            prop_assert_eq!(read(&tag_path(locale, &slug)), Place::Tag(slug.clone()));
            prop_assert_eq!(read(&feed_path(locale, &slug)), Place::Feed(slug.clone()));
            let parts = parts.join("/");
            prop_assert_eq!(read(&category_path(locale, &parts)), Place::Category(parts));
        }

        #[test]
        fn reading_a_path_never_panics(path in "\\PC{0,60}") {
            let _ = Address::parse(&path);
        }
    }
}
