//! The writers: one model of a feed, and each format that it is given in.
//!
//! | writer | format |
//! |---|---|
//! | [`rss`] | RSS 2.0 with `content`, Dublin Core, Media RSS and Atom's links |
//! | [`atom`] | Atom 1.0 (RFC 4287) with tombstones (RFC 6721), pages and archives (RFC 5005) |
//! | [`json_feed`] | JSON Feed 1.1 |
//! | [`ninjs`], [`ninjs_feed`] | ninjs 3.1 of the IPTC |
//! | [`sitemap`], [`sitemap_index`], [`news_sitemap`] | sitemaps of sitemaps.org, with Google's alternates and news |
//!
//! *Invariants*:
//!
//! - What is written is valid whatever the texts are: what XML 1.0 has no place for is left out, and everything else is escaped.
//! - The same input gives the same bytes.
//! - Addresses are absolute; what is none is left out.

mod absolute;
mod atom;
mod json_feed;
mod model;
mod ninjs;
mod rss;
mod sitemap;
mod tidy;
mod xml;

pub use self::{
    absolute::absolute_html,
    atom::atom,
    json_feed::json_feed,
    model::{Act, Content, Departure, Feed, Instead, Item, Link, Note, Notice, Person, Picture, Rel, Term, Words},
    ninjs::{ninjs, ninjs_feed},
    rss::rss,
    sitemap::{
        MOST_ADDRESSES, MOST_NEWS, MOST_SITEMAPS, NewsPage, SitemapPage, SitemapPart, news_sitemap, sitemap,
        sitemap_index,
    },
    xml::clean,
};
