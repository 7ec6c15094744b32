//! Words that no category at the top may have for its slug.
//!
//! Front ends put what is at the top right behind the language, `/en/politics`, where the site's own pages are, too:
//! `/en/decrees`, `/en/search`. Articles, decrees, tags, feeds and categories further down stand below such a word
//! and may be called anything.

use crate::slug::Slug;

/// What the site's own pages and files are called, or may soon be, as the first part of a path or the first behind the
/// language. Those with a dot cannot be slugs, and stand here so that there is one list.
pub const RESERVED: [&str; 40] = [
    ".well-known",
    "admin",
    "api",
    "articles",
    "assets",
    "atom",
    "auth",
    "categories",
    "category",
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
    "people",
    "preview",
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
    fn a_reserved_word_is_found() {
        for word in ["decrees", "feeds", "tags", "people", "search", "sitemap", "assets", "studio", "articles"] {
            assert!(is_reserved(&Slug::parse(word).unwrap()), "{word}");
        }
        for word in ["politics", "decrees-2", "news", "sport"] {
            assert!(!is_reserved(&Slug::parse(word).unwrap()), "{word}");
        }
    }
}
