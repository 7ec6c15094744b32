//! Moving house: an import of one's own old site, whose addresses readers and search engines know.

use std::str::FromStr;

use courant_domain::{address, article::ArticleContent};
use url::{Position, Url};

use crate::read::{
    html::{Piece, pieces},
    own_links::Kept,
};

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
pub(super) fn bare(host: &str) -> String {
    let host = host.trim().trim_end_matches('/').to_ascii_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// One's own old site.
#[derive(Debug, Default)]
pub(crate) struct OldSite {
    is_own: bool,
    pub(super) hosts: Vec<String>,
    /// The paths of its front page, which is no item's.
    home: Vec<String>,
    /// What it is called, if the source is of it.
    title: Option<String>,
    /// The addresses that lead on from here.
    pub(super) kept: Kept,
}

impl OldSite {
    /// The one that a source was made from.
    pub(crate) fn of(own: &OwnSite, base_url: Option<&str>, title: Option<&str>, kept: Kept) -> Self {
        let (is_own, hosts) = (*own != OwnSite::No, own.hosts(base_url));
        // What does not say where it was is of whoever says that it is theirs.
        let host = base_url.and_then(|url| Some(bare(Url::parse(url).ok()?.host_str()?)));
        let title = title.filter(|_| is_own && host.is_none_or(|host| hosts.contains(&host))).map(str::to_owned);
        let base = base_url.and_then(|url| address::kept(&Url::parse(url).ok()?[Position::BeforePath..]));
        let home = base.into_iter().chain(["/".to_owned()]).collect();
        Self { is_own, hosts, home, title, kept }
    }

    /// What an item's old addresses become: paths, of those that are on this site. What said that it is original there says so no
    /// more. Those that do not tell the item from others are given back, and why.
    pub(crate) fn settle(
        &self,
        content: &mut ArticleContent,
        addresses: &mut Vec<String>,
    ) -> Vec<(String, &'static str)> {
        let own = |address: &str| self.own(address);
        if content.canonical_url.as_deref().and_then(own).is_some() {
            content.canonical_url = None;
        }
        if let Some(source) = &mut content.source {
            let is_here = source.url.as_deref().map(|url| own(url).is_some());
            if is_here != Some(false) && self.title.as_ref() == Some(&source.name) {
                content.source = None;
            } else if is_here == Some(true) {
                // Somebody else, whose address nobody has said.
                source.url = None;
            }
        }
        let mut paths: Vec<String> = Vec::new();
        let mut left_out: Vec<(String, &'static str)> = Vec::new();
        for url in addresses.drain(..).filter_map(|address| own(&address)) {
            match self.path(&url) {
                Ok(path) if paths.contains(&path) => {}
                Ok(path) => paths.push(path),
                Err(_) if left_out.iter().any(|(known, _)| known == url.as_str()) => {}
                Err(reason) => left_out.push((url.into(), reason)),
            }
        }
        *addresses = paths;
        left_out
    }

    /// The path of something that is no item, or why it is nobody's; `None` of what is on another site.
    pub(crate) fn term(&mut self, address: &str) -> Option<Result<String, &'static str>> {
        let path = self.path(&self.own(address)?);
        if let Ok(path) = &path {
            self.kept.note_path(path);
        }
        Some(path)
    }

    pub(crate) const fn is_own(&self) -> bool {
        self.is_own
    }

    /// An address that is on this site.
    pub(super) fn own(&self, address: &str) -> Option<Url> {
        // Blogger's exports have paths alone; a host is then that of whoever says that it is theirs.
        if self.is_own && address.starts_with('/') && !address.starts_with("//") {
            return Url::parse("https://host.invalid").ok()?.join(address).ok();
        }
        let url = Url::parse(address).ok()?;
        self.hosts.contains(&bare(url.host_str()?)).then_some(url)
    }

    /// The path that is an item's alone, or why it is not.
    fn path(&self, url: &Url) -> Result<String, &'static str> {
        // Servers are not told what is behind the sign, and there are pages that show by it what they are asked for.
        if url.fragment().is_some_and(|part| !part.is_empty() && !is_tracking(part)) {
            return Err("what is behind # reaches no server");
        }
        let path = address::kept(&url[Position::BeforePath..]).ok_or("it is none that can be kept")?;
        if self.is_front(&path) {
            return Err("the front page is there");
        }
        Ok(path)
    }

    fn is_front(&self, path: &str) -> bool {
        self.home.iter().any(|home| is_front(path, home))
    }

    /// Whether an address is that of its front page.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        address::kept(&url[Position::BeforePath..]).is_some_and(|path| self.is_front(&path))
    }

    /// Where its front page is, if that is in a folder.
    pub(crate) fn folder(&self) -> Option<&str> {
        self.home.iter().map(String::as_str).find(|home| *home != "/" && !home.contains('?'))
    }
}

/// Whether a path is that of a front page, which servers also have by the name of its file.
fn is_front(path: &str, home: &str) -> bool {
    let Some(rest) = path.strip_prefix(home.trim_end_matches('/')) else { return false };
    let (name, end) = rest.trim_start_matches('/').split_once('.').unwrap_or((rest.trim_matches('/'), ""));
    let is_file = matches!(name, "index" | "default") && matches!(end, "php" | "html" | "htm" | "asp" | "aspx");
    path == home || is_file
}

/// Whether what is behind `#` says only from where a reader comes.
pub(super) fn is_tracking(fragment: &str) -> bool {
    ["utm_", "xtor=", "ref=", "at_"].iter().any(|start| fragment.starts_with(start))
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
        let site = OldSite { is_own: true, hosts, home: vec!["/".to_owned()], ..OldSite::default() };
        let left_out = site.settle(&mut content, &mut addresses);
        assert_eq!(content.canonical_url, None);
        assert_eq!(addresses, ["/2024/02/café", "/?p=12"]);
        assert_eq!(left_out, [("https://hill.example/".to_owned(), "the front page is there")]);
    }

    #[test]
    fn no_address_that_several_items_have_is_kept() {
        let site = OldSite::of(&OwnSite::Named, Some("https://hill.example/blog/"), None, Kept::default());
        for (address, path) in [
            ("https://hill.example/blog/?p=12", Some("/blog?p=12")),
            ("https://hill.example/blog/?post_type=story&p=13", Some("/blog?p=13")),
            ("https://hill.example/blog/index.php?id=3", Some("/blog/index.php?id=3")),
            ("https://hill.example/?story=mist", Some("/?story=mist")),
            ("https://hill.example/mist?utm_source=feed#xtor=RSS-1", Some("/mist")),
            ("https://hill.example/index/fog.php", Some("/index/fog.php")),
            ("https://hill.example/blogs", Some("/blogs")),
            ("https://hill.example/e/../mist", Some("/mist")),
            ("https://hill.example/%2e%2e/a/./%2E/mist", Some("/a/mist")),
            ("https://hill.example/a//mist", None),
            ("https://hill.example//mist", None),
            ("https://hill.example/blog", None),
            ("https://hill.example/blog/?utm_source=feed", None),
            ("https://hill.example/blog/index.php", None),
            ("https://hill.example/default.aspx", None),
            ("https://hill.example/#!/mist", None),
            ("https://hill.example/days#mist", None),
        ] {
            let mut addresses = vec![address.to_owned()];
            let left_out = site.settle(&mut ArticleContent::default(), &mut addresses);
            assert_eq!(addresses.first().map(String::as_str), path, "{address}");
            assert_eq!(left_out.len(), usize::from(path.is_none()), "{address}: {left_out:?}");
        }
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
        let left_out = OldSite::of(&OwnSite::No, Some("https://hill.example"), None, Kept::default())
            .settle(&mut content, &mut addresses);
        assert_eq!(left_out, []);
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
