//! Words that no category at the top may have for its slug.
//!
//! Front ends put what is at the top right behind the language, `/en/politics`, where the site's own pages are, too:
//! `/en/decrees`, `/en/search`. Articles, decrees, tags, feeds and categories further down stand below such a word
//! and may be called anything.

use crate::{address, locale::Locale, site::Site, slug::Slug};

/// What the site's own pages and files are called, or may soon be, as the first part of a path or the first behind the
/// language. Those with a dot cannot be slugs, and stand here so that there is one list.
pub const RESERVED: [&str; 43] = [
    ".well-known",
    "admin",
    "api",
    "articles",
    "assets",
    "atom",
    "auth",
    "categories",
    "category",
    "changes.ndjson",
    "decrees",
    "docs",
    "favicon.ico",
    "feed",
    "feeds",
    "files",
    "graphiql",
    "graphql",
    "healthz",
    "licences",
    "licenses",
    "login",
    "logout",
    "manifest",
    "manifest.webmanifest",
    "metrics",
    "opensearch.xml",
    "people",
    "preview",
    "reads",
    "readyz",
    "robots.txt",
    "rss",
    "schema.graphql",
    "search",
    "sitemap",
    "sitemap.xml",
    "static",
    "studio",
    "tag",
    "tags",
    "webhooks",
    "ws",
];

/// The first parts of the paths that the server answers by itself, whatever the site holds.
const SERVED: [&str; 19] = [
    ".well-known",
    "api",
    "assets",
    "changes.ndjson",
    "docs",
    "favicon.ico",
    "feeds",
    "graphiql",
    "graphql",
    "healthz",
    "manifest.webmanifest",
    "metrics",
    "reads",
    "readyz",
    "robots.txt",
    "schema.graphql",
    "sitemap",
    "sitemap.xml",
    "studio",
];

/// The pages right behind the language that list what the site holds.
const PAGES: [&str; 8] = ["articles", "categories", "decrees", "feeds", "opensearch.xml", "people", "search", "tags"];

/// Whether the server has something of its own at a path, so that nothing of the site can be there: its endpoints and files with all
/// below them, and the pages of the site's lists.
#[must_use]
pub fn is_served(path: &str, site: &Site) -> bool {
    let path = address::decoded(path.split('?').next().unwrap_or_default());
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let is_locale = Locale::parse(first).is_ok_and(|locale| site.has(locale));
    let is_page = |page: &str| third.is_none() && is_locale && PAGES.contains(&page);
    SERVED.contains(&first) || second.is_some_and(is_page)
}

/// Whether a slug is one of [`RESERVED`].
#[must_use]
pub fn is_reserved(slug: &Slug) -> bool {
    RESERVED.contains(&slug.as_str())
}

/// Why a category at the top may not have this slug.
#[must_use]
pub fn reason(slug: &Slug) -> String {
    format!("{slug} is a word of the site's own pages, which no category at the top may have for its slug")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_paths_are_known_however_they_are_written() {
        let site = Site::new(Locale::ENGLISH, "Portal");
        for path in [
            "/graphql",
            "/graphql?p=12",
            "/%67raphql",
            "/graphiql/assets/a.js",
            "/assets/x",
            "/healthz",
            "/reads",
            "/sitemap/en-2026-11.xml",
            "/en/decrees",
            "/en/search",
            "/en/opensearch.xml",
        ] {
            assert!(is_served(path, &site), "{path}");
        }
        for path in [
            "/",
            "/en",
            "/graphql-news",
            "/old/graphql",
            "/en/articles/a",
            "/en/people/decrees",
            "/old/search",
            "/?p=12",
        ] {
            assert!(!is_served(path, &site), "{path}");
        }
        assert!(PAGES.iter().chain(&SERVED).all(|word| RESERVED.contains(word)), "no category is called so either");
    }

    #[test]
    fn a_reserved_word_is_found() {
        for word in ["decrees", "feeds", "tags", "people", "search", "sitemap", "assets", "studio", "articles"] {
            assert!(is_reserved(&Slug::parse(word).unwrap()), "{word}");
        }
        for word in ["politics", "decrees-2", "news", "sport"] {
            assert!(!is_reserved(&Slug::parse(word).unwrap()), "{word}");
        }
    }
}
