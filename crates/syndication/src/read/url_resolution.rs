//! HTML taken out of the page it stood on: addresses made whole, and pictures that only a script would have shown.

mod late;

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use url::Url;

use crate::read::html::{Piece, Tag, VOID, pieces};
use crate::read::media::address_of_picture;
use crate::read::text::web_address;

use self::late::{Offered, is_counter};

/// No page's address is longer; one that is makes much of little with each address read against it.
const MOST_BASE: usize = 1_000;

/// So many elements with a base may be in one another.
const MOST_BASES: usize = 50;

/// HTML that stands for itself, and what was lost on the way.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) html: String,
    /// How many addresses are relative to something nobody named.
    pub(crate) unresolved: u64,
    /// How many pictures have no address.
    pub(crate) pictures: u64,
    /// How many times it tells browsers to run scripts.
    pub(crate) notices: u64,
    /// What there is no home for, by its kind.
    pub(crate) lost: BTreeMap<&'static str, u64>,
    /// The pictures that are shown.
    shown: HashSet<String>,
    /// The addresses of pictures that styles name.
    behind: HashSet<String>,
}

/// Resolves what is relative against the address of the page. A picture that is loaded late has its address in another
/// attribute, or a copy for those without scripts beside it; either takes its place.
pub(crate) fn resolve_urls(html: &str, base: Option<&Url>) -> Resolved {
    let mut out = Resolved::default();
    let mut late = Late::None;
    let mut noscript: Option<Noscript<'_>> = None;
    let mut bases = Bases { page: base.filter(|base| base.as_str().len() <= MOST_BASE), inner: Vec::new() };
    let parts: Vec<Piece<'_>> = pieces(html).collect();
    let endless = endless(&parts);
    let mut offered: Option<Offered> = None;
    // What stands anywhere in the text is not shown once more for its copy.
    let elsewhere = if html.contains("<noscript") { late::outside_noscript(&parts) } else { HashSet::new() };
    for (index, piece) in parts.into_iter().enumerate() {
        if let Piece::Tag(tag) = &piece {
            bases.pass(tag);
        }
        let base = bases.innermost();
        match piece {
            Piece::Tag(tag) if endless.contains(&index) => {
                if !tag.is("noscript") {
                    out.tag(&tag, base);
                    out.html.push_str(&format!("</{}>", tag.name));
                }
            }
            Piece::Tag(tag) if tag.is("noscript") => {
                if !tag.is_end {
                    noscript.get_or_insert_with(|| Noscript::begin(&mut out));
                    continue;
                }
                let Some(inner) = noscript.take() else { continue };
                if inner.has_words() {
                    out.html.push_str("</noscript>");
                    if !inner.copies.is_empty() && matches!(late, Late::Lost(_)) {
                        out.pictures = out.pictures.saturating_sub(1);
                    }
                    late = Late::None;
                    continue;
                }
                let copies = inner.leave_out(&mut out);
                let place = match std::mem::replace(&mut late, Late::None) {
                    _ if copies.is_empty() => continue,
                    Late::Shown => continue,
                    Late::None => {
                        for copy in &copies {
                            let address = copy.attribute("src").unwrap_or_default();
                            let is_known = elsewhere.contains(&address_of_picture(address.trim()));
                            if !is_known && !is_counter(copy) {
                                out.tag(copy, base);
                            }
                        }
                        continue;
                    }
                    Late::Found(place) => place,
                    Late::Lost(at) => {
                        out.pictures = out.pictures.saturating_sub(1);
                        at..at
                    }
                };
                let behind = out.html.split_off(place.end);
                out.html.truncate(place.start);
                for copy in &copies {
                    out.tag(copy, base);
                }
                out.html.push_str(&behind);
            }
            piece if noscript.is_some() => {
                if let Some(noscript) = &mut noscript {
                    noscript.take(piece, base, &mut out);
                }
            }
            Piece::Tag(tag) if tag.is("img") && !tag.is_end => late = out.picture(&tag, &mut offered, base),
            Piece::Tag(tag) if tag.is("picture") => {
                if let Some(address) = offered.take().and_then(Offered::unshown).filter(|_| tag.is_end) {
                    out.show(&address, &tag, base);
                }
                offered = (!tag.is_end).then(Offered::default);
                out.tag(&tag, base);
            }
            Piece::Tag(tag) if tag.is("source") && offered.is_some() => {
                if let Some(offered) = &mut offered {
                    offered.take_source(&tag);
                }
                out.tag(&tag, base);
            }
            Piece::Tag(tag) if !tag.is_end && out.embedded(&tag, base) => {}
            Piece::Tag(tag) => out.tag(&tag, base),
            Piece::Text(text) | Piece::Comment(text) => {
                // The copy stands right beside its picture; one further on is of something else.
                if !text.trim().is_empty() {
                    late = Late::None;
                }
                out.html.push_str(text);
            }
        }
    }
    let behind = out.behind.difference(&out.shown).count() as u64;
    out.lose("picture in a style", behind);
    out
}

/// What is for browsers without scripts: where there are words in it, it stands; else it is the copy of a picture, or counts readers.
struct Noscript<'a> {
    copies: Vec<Tag<'a>>,
    words: String,
    /// How much there was before it, and what had been counted.
    before: (usize, u64, u64),
}

impl<'a> Noscript<'a> {
    fn begin(out: &mut Resolved) -> Self {
        let before = (out.html.len(), out.unresolved, out.pictures);
        out.html.push_str("<noscript>");
        Self { copies: Vec::new(), words: String::new(), before }
    }

    fn take(&mut self, piece: Piece<'a>, base: Option<&Url>, out: &mut Resolved) {
        match piece {
            Piece::Tag(tag) => {
                out.tag(&tag, base);
                if tag.is("img") && is_shown(tag.attribute("src").as_deref()) {
                    self.copies.push(tag);
                }
            }
            Piece::Text(text) => {
                self.words.push_str(text);
                out.html.push_str(text);
            }
            Piece::Comment(_) => {}
        }
    }

    /// Whether there is something to read in it. That a page works with scripts alone is said of pages elsewhere.
    fn has_words(&self) -> bool {
        !self.words.trim().is_empty() && !self.words.to_ascii_lowercase().contains("javascript")
    }

    /// Takes it out again, and gives its pictures.
    fn leave_out(self, out: &mut Resolved) -> Vec<Tag<'a>> {
        let (length, unresolved, pictures) = self.before;
        out.notices += u64::from(!self.words.trim().is_empty());
        out.html.truncate(length);
        (out.unresolved, out.pictures) = (unresolved, pictures);
        self.copies
    }
}

/// The start tags that take all that follows for what is not shown, because nothing ends them: somebody wrote
/// `<iframe />`, as XML has it.
fn endless(parts: &[Piece<'_>]) -> HashSet<usize> {
    const NOT_SHOWN: [&str; 9] =
        ["audio", "button", "iframe", "noembed", "noscript", "object", "select", "textarea", "video"];
    let mut ended = HashSet::new();
    let mut endless = HashSet::new();
    for (index, part) in parts.iter().enumerate().rev() {
        let Piece::Tag(tag) = part else { continue };
        let Some(name) = NOT_SHOWN.into_iter().find(|name| tag.is(name)) else { continue };
        if tag.is_end {
            ended.insert(name);
        } else if !ended.contains(name) {
            endless.insert(index);
        }
    }
    endless
}

/// Attributes that have the address of what a script loads late.
const ADDRESSES: [&str; 4] = ["data-src", "data-lazy-src", "data-litespeed-src", "data-orig-src"];

/// What relative addresses are read against.
struct Bases<'a> {
    page: Option<&'a Url>,
    /// What open elements say of all that is in them (XML Base §4); those of XHTML in a feed do.
    inner: Vec<Base<'a>>,
}

struct Base<'a> {
    name: &'a str,
    /// How many elements of this name are open, from the one that has the base on.
    open: usize,
    url: Url,
}

impl<'a> Bases<'a> {
    fn innermost(&self) -> Option<&Url> {
        self.inner.last().map(|base| &base.url).or(self.page)
    }

    fn pass(&mut self, tag: &Tag<'a>) {
        while self.inner.last().is_some_and(|base| base.open == 0) {
            self.inner.pop();
        }
        let named = tag.attribute("xml:base").filter(|_| !tag.is_end);
        let url = named.and_then(|base| Url::parse(&web_address(&base, self.innermost())?).ok());
        let url = url.filter(|url| url.as_str().len() <= MOST_BASE && self.inner.len() < MOST_BASES);
        if let Some(url) = url {
            let is_void = VOID.iter().any(|name| tag.is(name));
            self.inner.push(Base { name: tag.name, open: usize::from(!is_void), url });
        } else if let Some(base) = self.inner.last_mut().filter(|base| tag.is(base.name)) {
            base.open = if tag.is_end { base.open.saturating_sub(1) } else { base.open + 1 };
        }
    }
}

/// What became of the last picture.
enum Late {
    /// There is none near.
    None,
    /// It was shown as it was.
    Shown,
    /// Its address was found elsewhere; it is here.
    Found(Range<usize>),
    /// It was left out here.
    Lost(usize),
}

/// Whether a picture's address leads to one.
fn is_shown(address: Option<&str>) -> bool {
    address.map(str::trim).is_some_and(|address| {
        let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        !address.is_empty()
            && !address.starts_with('#')
            && !matches!(scheme.as_deref(), Some("data" | "about" | "blob"))
    })
}

impl Resolved {
    fn tag(&mut self, tag: &Tag<'_>, base: Option<&Url>) {
        let changed = tag.with(|name, value| match name.to_ascii_lowercase().as_str() {
            "href" | "src" | "cite" | "poster" | "data" => self.resolved(value, base),
            name if ADDRESSES.contains(&name) => self.resolved(value, base),
            "srcset" => self.resolved_set(value, base),
            _ => None,
        });
        self.html.push_str(&changed);
        if tag.is("img")
            && let Some(address) = tag.attribute("src")
        {
            self.shown.insert(address_of_picture(address.trim()));
        }
        self.note_style(tag);
    }

    /// What a relative address leads to; `None` for one that stays as it is.
    fn resolved(&mut self, address: &str, base: Option<&Url>) -> Option<String> {
        let address = address.trim();
        // What leads to a place of the same text goes with it.
        if address.is_empty()
            || address.starts_with('#')
            || Url::parse(address) != Err(url::ParseError::RelativeUrlWithoutBase)
        {
            return None;
        }
        let whole = match base {
            Some(base) => base.join(address).ok().map(String::from),
            None => address.starts_with("//").then(|| format!("https:{address}")),
        };
        if whole.is_none() {
            self.unresolved += 1;
        }
        whole
    }

    /// The same for a list of pictures, each with its size.
    fn resolved_set(&mut self, set: &str, base: Option<&Url>) -> Option<String> {
        let parts: Vec<String> = late::pictures_of(set)
            .map(|(address, size)| {
                let address = self.resolved(address, base).unwrap_or_else(|| address.to_owned());
                format!("{address} {size}").trim_end().to_owned()
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests;
