//! Where lists can be followed.

use async_graphql::{Enum, SimpleObject};

/// An address at which new texts of a list can be followed.
#[derive(SimpleObject)]
pub(crate) struct FeedLink {
    /// What it is written as.
    format: FeedFormat,
    /// The media type of that.
    media_type: String,
    /// Its path on the site.
    path: String,
}

/// What a feed can be written as.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum FeedFormat {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    JsonFeed,
    /// ninjs 3.1 of the IPTC, for agencies.
    Ninjs,
}

/// The feeds of the list that has this path, one in each format.
pub(super) fn links_of(path: &str) -> Vec<FeedLink> {
    use FeedFormat::{Atom, JsonFeed, Ninjs, Rss};
    let formats = [
        (Rss, "application/rss+xml", "rss"),
        (Atom, "application/atom+xml", "atom"),
        (JsonFeed, "application/feed+json", "json"),
        (Ninjs, "application/json", "ninjs"),
    ];
    let link = |(format, media_type, end): (FeedFormat, &str, &str)| FeedLink {
        format,
        media_type: media_type.to_owned(),
        path: format!("{path}.{end}"),
    };
    formats.map(link).into()
}
