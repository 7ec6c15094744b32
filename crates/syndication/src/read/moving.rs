//! Moving house: an import of one's own old site, whose addresses readers and search engines know.

use std::str::FromStr;

use courant_domain::{address, article::ArticleContent};
use url::Url;

use crate::read::html::{Piece, pieces};

/// Whose addresses those of a source are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OwnSite {
    /// Somebody else's: what is original there, stays so.
    #[default]
    No,
    /// One's own: those of the site the source says it was made from.
    Named,
    /// One's own: those of these hosts.
    Hosts(Vec<String>),
}

/// The beginning of addresses of files, and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaMove {
    /// What addresses begin with; `http` and `https` are one.
    pub from: String,
    /// What they begin with then.
    pub to: String,
}

impl FromStr for MediaMove {
    type Err = MediaMoveError;

    /// Reads `FROM=TO`.
    fn from_str(text: &str) -> Result<Self, MediaMoveError> {
        let is_start =
            |text: &str| text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/');
        // There may be `=` in an address, and none begins in the middle of another.
        let cut = text.match_indices('=').find(|(at, _)| is_start(&text[at + 1..])).map(|(at, _)| text.split_at(at));
        match cut.map(|(from, to)| (from, &to[1..])).filter(|(from, _)| from.starts_with("http")) {
            Some((from, to)) => Ok(Self { from: from.to_owned(), to: to.to_owned() }),
            None => Err(MediaMoveError),
        }
    }
}

/// Why a text is no [`MediaMove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two addresses with = between them are needed, the first one whole")]
pub struct MediaMoveError;

impl OwnSite {
    /// The hosts, of a source that was made from this site.
    pub(crate) fn hosts(&self, base_url: Option<&str>) -> Vec<String> {
        let host = |url: &str| Url::parse(url).ok().and_then(|url| url.host_str().map(bare));
        match self {
            Self::No => Vec::new(),
            Self::Named => base_url.and_then(host).into_iter().collect(),
            Self::Hosts(hosts) => hosts.iter().map(|named| host(named).unwrap_or_else(|| bare(named))).collect(),
        }
    }
}

/// A host in small letters, without the `www` that sites have and have not.
fn bare(host: &str) -> String {
    let host = host.trim().trim_end_matches('/').to_ascii_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// What an item's old addresses become: paths, of those that are on these hosts. What said that it is original there says so no
/// more.
pub(crate) fn settle(content: &mut ArticleContent, addresses: &mut Vec<String>, hosts: &[String]) {
    let own = |address: &str| {
        let url = Url::parse(address).ok()?;
        hosts.contains(&bare(url.host_str()?)).then_some(url)
    };
    if content.canonical_url.as_deref().and_then(own).is_some() {
        content.canonical_url = None;
    }
    if content.source.as_ref().and_then(|source| own(source.url.as_deref()?)).is_some() {
        content.source = None;
    }
    let mut paths: Vec<String> = Vec::new();
    for url in addresses.drain(..).filter_map(|address| own(&address)) {
        let whole = &url[url::Position::BeforePath..];
        let Some(path) = address::normalise(whole).map(address::decoded) else { continue };
        if path != "/" && !paths.iter().any(|known| *known == path) {
            paths.push(path.into_owned());
        }
    }
    *addresses = paths;
}

/// Where a file is now.
pub(crate) fn moved(address: &str, moves: &[MediaMove]) -> Option<String> {
    let without_scheme = |text: &str| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        rest.trim_start_matches("//").to_owned()
    };
    let bare = without_scheme(address.trim());
    moves.iter().find_map(|MediaMove { from, to }| Some(format!("{to}{}", bare.strip_prefix(&without_scheme(from))?)))
}

/// HTML in which files are where they are now.
pub(crate) fn with_moved_media(html: &str, moves: &[MediaMove]) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => out.push_str(&tag.with(|name, value| match name.to_ascii_lowercase().as_str() {
                "href" | "src" | "poster" | "data" | "data-src" => moved(value, moves),
                "srcset" => {
                    let candidates = value.split(", ").map(|candidate| {
                        let (address, size) = candidate.trim().split_once(' ').unwrap_or((candidate.trim(), ""));
                        format!("{} {size}", moved(address, moves).unwrap_or_else(|| address.to_owned()))
                    });
                    Some(candidates.map(|candidate| candidate.trim_end().to_owned()).collect::<Vec<_>>().join(", "))
                }
                _ => None,
            })),
            piece => out.push_str(piece.source()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_addresses_become_paths() {
        let hosts = OwnSite::Named.hosts(Some("http://www.hill.example/blog/"));
        assert_eq!(hosts, ["hill.example"]);
        assert_eq!(
            OwnSite::Hosts(vec!["WWW.Hill.example".into(), "https://a.example/x".into()]).hosts(None),
            ["hill.example", "a.example"]
        );
        let mut content =
            ArticleContent { canonical_url: Some("https://hill.example/a/".into()), ..ArticleContent::default() };
        let mut addresses: Vec<String> = [
            "https://hill.example/2024/02/caf%c3%a9/",
            "http://www.hill.example/?p=12",
            "https://hill.example/2024/02/café",
            "https://other.example/x",
            "https://hill.example/",
            "tag:hill.example,2024:1",
        ]
        .map(str::to_owned)
        .into();
        settle(&mut content, &mut addresses, &hosts);
        assert_eq!(content.canonical_url, None);
        assert_eq!(addresses, ["/2024/02/café", "/?p=12"]);
    }

    #[test]
    fn an_equals_sign_in_an_address_parts_nothing() {
        let read: MediaMove = "https://old.example/?a=b/=https://new.example/?c=/d".parse().unwrap();
        assert_eq!((&*read.from, &*read.to), ("https://old.example/?a=b/", "https://new.example/?c=/d"));
        for wrong in ["https://old.example/", "/a=/b", "https://old.example/=uploads"] {
            assert_eq!(wrong.parse::<MediaMove>(), Err(MediaMoveError), "{wrong}");
        }
    }

    #[test]
    fn others_stay_what_they_are() {
        let original = Some("https://hill.example/a".to_owned());
        let mut content = ArticleContent { canonical_url: original.clone(), ..ArticleContent::default() };
        let mut addresses = vec!["https://hill.example/a".to_owned()];
        settle(&mut content, &mut addresses, &OwnSite::No.hosts(Some("https://hill.example")));
        assert_eq!((content.canonical_url, addresses), (original, Vec::new()));
    }

    #[test]
    fn files_are_found_where_they_went() {
        let moves = [MediaMove {
            from: "https://hill.example/wp-content/uploads/".into(),
            to: "https://media.example/".into(),
        }];
        let html = "<img src='http://hill.example/wp-content/uploads/a.jpg' srcset='https://hill.example/wp-content/uploads/a-2.jpg 2x, /b.jpg 3x'>\
                    <a href=\"//hill.example/wp-content/uploads/c.pdf\">c</a><a href=\"https://hill.example/d\">d</a>";
        assert_eq!(
            with_moved_media(html, &moves),
            "<img src=\"https://media.example/a.jpg\" srcset=\"https://media.example/a-2.jpg 2x, /b.jpg 3x\">\
             <a href=\"https://media.example/c.pdf\">c</a><a href=\"https://hill.example/d\">d</a>"
        );
    }
}
