//! HTML taken out of the page it stood on: addresses made whole, and pictures that only a script would have shown.

use std::{collections::HashSet, ops::Range};

use url::Url;

use crate::read::html::{Piece, Tag, VOID, pieces};
use crate::read::text::{escape, web_address};

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
                    Late::None => continue,
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
            Piece::Tag(tag) if tag.is("img") && !tag.is_end => late = out.picture(&tag, base),
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
    /// It was shown as it was.
    None,
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
    fn picture(&mut self, tag: &Tag<'_>, base: Option<&Url>) -> Late {
        const ELSEWHERE: [&str; 5] =
            ["data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file"];
        if is_shown(tag.attribute("src").as_deref()) {
            self.tag(tag, base);
            return Late::None;
        }
        let address = ELSEWHERE.into_iter().filter_map(|name| tag.attribute(name)).find(|value| is_shown(Some(value)));
        let Some(address) = address else {
            self.pictures += 1;
            return Late::Lost(self.html.len());
        };
        let address = self.resolved(&address, base).unwrap_or_else(|| address.into_owned());
        let from = self.html.len();
        self.html.push_str(&format!("<img src=\"{}\"", escape(&address)));
        for name in ["alt", "title", "width", "height"] {
            if let Some(value) = tag.attribute(name) {
                self.html.push_str(&format!(" {name}=\"{}\"", escape(&value)));
            }
        }
        self.html.push('>');
        Late::Found(from..self.html.len())
    }

    fn tag(&mut self, tag: &Tag<'_>, base: Option<&Url>) {
        let changed = tag.with(|name, value| match name.to_ascii_lowercase().as_str() {
            "href" | "src" | "cite" | "poster" | "data" => self.resolved(value, base),
            name if ADDRESSES.contains(&name) => self.resolved(value, base),
            "srcset" => self.resolved_set(value, base),
            _ => None,
        });
        self.html.push_str(&changed);
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

    /// The same for a list of pictures, each with its size (WHATWG §4.8.4.2.1).
    fn resolved_set(&mut self, set: &str, base: Option<&Url>) -> Option<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut rest = set;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
            if rest.is_empty() {
                break;
            }
            let length = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(length);
            let address = word.trim_end_matches(',');
            let size = if address.len() < word.len() { "" } else { behind.split(',').next().unwrap_or_default() };
            rest = behind.get(size.len()..).unwrap_or_default();
            let address = self.resolved(address, base).unwrap_or_else(|| address.to_owned());
            parts.push(format!("{address} {}", size.trim()).trim_end().to_owned());
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_page(html: &str) -> Resolved {
        resolve_urls(html, Url::parse("https://hill.example/news/6").ok().as_ref())
    }

    #[test]
    fn what_is_relative_is_resolved_against_the_page() {
        for (html, whole) in [
            ("<a href=\"/about\">x</a>", "<a href=\"https://hill.example/about\">x</a>"),
            ("<img src=p.png alt=x>", "<img src=\"https://hill.example/news/p.png\" alt=x>"),
            ("<img src='//cdn.example/p.png'>", "<img src=\"https://cdn.example/p.png\">"),
            (
                "<img src='a.png' srcset='a.png 1x, b,c.png 2x,d.png'>",
                "<img src=\"https://hill.example/news/a.png\" srcset=\"https://hill.example/news/a.png 1x, \
                 https://hill.example/news/b,c.png 2x, https://hill.example/news/d.png\">",
            ),
            ("<a href='#n1'>1</a>", "<a href='#n1'>1</a>"),
            ("<a href='mailto:a@b'>m</a>", "<a href='mailto:a@b'>m</a>"),
        ] {
            assert_eq!(at_page(html).html, whole);
        }
    }

    #[test]
    fn what_is_not_ended_takes_nothing_with_it() {
        for (html, whole) in [
            ("a<iframe src='/f'/>b<p>c", "a<iframe src=\"https://hill.example/f\"/></iframe>b<p>c"),
            ("<video>a</video><video>b", "<video>a</video><video></video>b"),
            ("a<noscript>b<img src='/a.jpg'>", "ab<img src=\"https://hill.example/a.jpg\">"),
        ] {
            assert_eq!(at_page(html).html, whole);
        }
    }

    #[test]
    fn an_element_may_have_a_base_for_what_is_in_it() {
        for (html, whole) in [
            (
                "<div xml:base='/a/'><div><a href='1'>x</a></div><a href='2'>x</a></div><a href='3'>x</a>",
                ["https://hill.example/a/1", "https://hill.example/a/2", "https://hill.example/news/3"],
            ),
            (
                "<p xml:base='https://b.example/'><a xml:base='c/' href='1'>x</a><a href='2'>x</a></p><a href='3'>x</a>",
                ["https://b.example/c/1", "https://b.example/2", "https://hill.example/news/3"],
            ),
            (
                "<img xml:base='/a/' src='1'><img src='2'><p xml:base='javascript:1'><a href='3'>x</a></p>",
                ["https://hill.example/a/1", "https://hill.example/news/2", "https://hill.example/news/3"],
            ),
        ] {
            let resolved = at_page(html);
            let addresses: Vec<_> = resolved.html.split('"').filter(|part| part.starts_with("https")).collect();
            assert_eq!(addresses, whole, "{html}");
        }
    }

    #[test]
    fn bases_bound_what_they_make() {
        let long = Url::parse(&format!("https://hill.example/{}/", "a".repeat(MOST_BASE))).ok();
        assert_eq!(resolve_urls("<a href='b'>", long.as_ref()).html, "<a href='b'>");
        let links = at_page(&"<p xml:base='abcdefgh/'><a href='b'>".repeat(10_000));
        assert!(links.html.len() < 10_000 * (40 + MOST_BASE));
    }

    #[test]
    fn what_cannot_be_resolved_is_counted() {
        let resolved =
            resolve_urls("<a href='/a'>a</a><img src='//cdn.example/x'><a href='https://b.example'>b</a>", None);
        assert_eq!(resolved.unresolved, 1);
        assert!(resolved.html.starts_with("<a href='/a'>a</a><img src=\"https://cdn.example/x\">"));
    }

    #[test]
    fn a_picture_loaded_late_is_found() {
        let lazy = "<img src=\"data:image/gif;base64,R0\">";
        let copy = "<noscript><p><img src=\"/a.jpg\" alt=\"A\"></p></noscript>";
        for (html, shown) in [
            (format!("{lazy}{copy}b"), "<img src=\"https://hill.example/a.jpg\" alt=\"A\">b"),
            (
                format!("<img src='data:,' data-src='/a.jpg'>{copy}b"),
                "<img src=\"https://hill.example/a.jpg\" alt=\"A\">b",
            ),
            (format!("<a>{lazy}</a>\n{copy}b"), "<a><img src=\"https://hill.example/a.jpg\" alt=\"A\"></a>\nb"),
            ("<img data-src='/a.jpg' alt=A>b".to_owned(), "<img src=\"https://hill.example/a.jpg\" alt=\"A\">b"),
            (format!("<img src='https://x.example/1'>{copy}b"), "<img src='https://x.example/1'>b"),
            (format!("{lazy}b"), "b"),
            (format!("{lazy}b{copy}c"), "bc"),
            ("<img>a".to_owned(), "a"),
            (
                "a<noscript>Get <a href='/b'>b</a></noscript>c".to_owned(),
                "a<noscript>Get <a href=\"https://hill.example/b\">b</a></noscript>c",
            ),
            ("a<noscript>This needs JavaScript.</noscript>c".to_owned(), "ac"),
            ("a<noscript><iframe src='/n'></iframe> </noscript>c".to_owned(), "ac"),
        ] {
            assert_eq!(at_page(&html).html, shown, "{html}");
        }
        assert_eq!((at_page(lazy).pictures, at_page(&format!("{lazy}{copy}")).pictures), (1, 0));
    }
}
