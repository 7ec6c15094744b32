//! Links of one's own old site to itself: where something here has the address they lead to, they lead there.

use std::collections::HashSet;

use courant_domain::address;
use url::{Position, Url};

use super::{
    html::{Piece, pieces},
    identity::hash,
    moving::{OldSite, bare, is_tracking},
};

/// The addresses that what is taken in had, each in eight bytes.
#[derive(Debug, Default)]
pub(crate) struct Kept(HashSet<u64>);

impl Kept {
    /// Notes an address that an item had, on whichever site.
    pub(crate) fn note(&mut self, address: &str) {
        let url = Url::parse(address).ok();
        let (host, whole) = match &url {
            Some(url) if url.fragment().is_none_or(|part| part.is_empty() || is_tracking(part)) => {
                (url.host_str().map(bare).unwrap_or_default(), &url[Position::BeforePath..])
            }
            None if address.starts_with('/') => (String::new(), address),
            _ => return,
        };
        if let Some(path) = address::kept(whole) {
            self.0.insert(hash(&(host, path)));
        }
    }

    /// Notes the path of something beside the items.
    pub(crate) fn note_path(&mut self, path: &str) {
        self.0.insert(hash(&(String::new(), path.to_owned())));
    }

    /// Whether something on one of these hosts has an address from which readers who ask for this one are led on.
    fn lead(&self, hosts: &[String], whole: &str) -> bool {
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).chain([""]).collect();
        let is_known =
            |path: &String| hosts.iter().any(|host| self.0.contains(&hash(&((*host).to_owned(), path.clone()))));
        address::leading(whole).iter().any(is_known)
    }
}

impl OldSite {
    /// A text in which links to what has its address here lead to the path that it had, from which readers are led on, wherever this site
    /// is. Others stay.
    pub(crate) fn with_links_here(&self, html: String) -> String {
        if !self.is_own() || !html.contains("href") {
            return html;
        }
        let mut out = String::with_capacity(html.len());
        for piece in pieces(&html) {
            match piece {
                Piece::Tag(tag) if tag.is("a") || tag.is("area") => {
                    out.push_str(
                        &tag.with(|name, value| self.link_here(value).filter(|_| name.eq_ignore_ascii_case("href"))),
                    );
                }
                piece => out.push_str(piece.source()),
            }
        }
        out
    }

    fn link_here(&self, address: &str) -> Option<String> {
        let url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let url = self.own(url.as_str())?;
        let whole = &url[Position::BeforePath..];
        if self.is_home(&url) {
            return Some(format!("/{}", url.fragment().map(|part| format!("#{part}")).unwrap_or_default()));
        }
        (self.kept.lead(&self.hosts, whole) || address::is_further_front(whole)).then(|| whole.to_owned())
    }
}
