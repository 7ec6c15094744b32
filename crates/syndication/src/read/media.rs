//! Films, sound and pages of others in a text: none of them is shown here, but its address is known and leads there.

use std::borrow::Cow;

use crate::read::{
    html::{Piece, Tag, VOID, pieces},
    text::{escape, plain},
};

/// HTML with links in the place of what it embeds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Linked {
    pub(crate) html: String,
    /// The names of what became a link.
    pub(crate) links: Vec<&'static str>,
    /// The names of what has no address, so that nothing is left of it.
    pub(crate) lost: Vec<&'static str>,
}

/// Elements that bring something from elsewhere.
const EMBEDS: [&str; 9] =
    ["iframe", "video", "audio", "object", "embed", "amp-iframe", "amp-video", "amp-audio", "frame"];

/// Where the address of it may be, the best first.
const ADDRESSES: [&str; 7] =
    ["src", "data-src", "data-lazy-src", "data-litespeed-src", "data-orig-src", "data", "href"];

/// Puts a link in the place of each frame, film, sound and object.
pub(crate) fn linked(html: &str) -> Linked {
    let mut out = Linked::default();
    if !EMBEDS.iter().any(|name| contains_tag(html, name)) {
        html.clone_into(&mut out.html);
        return out;
    }
    let parts: Vec<Piece<'_>> = pieces(html).collect();
    let ends = ends(&parts);
    let mut parents: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        let Piece::Tag(tag) = part else {
            out.html.push_str(part.source());
            at += 1;
            continue;
        };
        let found = EMBEDS.into_iter().find(|name| tag.is(name));
        match found {
            Some(_) if tag.is_end => {}
            Some(name) => {
                let end = if tag.is("embed") { at } else { ends.get(at).copied().flatten().unwrap_or(at) };
                let inner = parts.get(at + 1..end).unwrap_or_default();
                out.embed(name, tag, inner, parents.last().copied());
                at = end;
            }
            None => {
                if tag.is_end {
                    if let Some(index) = parents.iter().rposition(|open| tag.is(open)) {
                        parents.truncate(index);
                    }
                } else if !VOID.iter().any(|name| tag.is(name)) && parents.len() < 400 {
                    parents.push(tag.name);
                }
                out.html.push_str(tag.source);
            }
        }
        at += 1;
    }
    out
}

/// Of each start tag of something embedded, where the end tag is that ends it.
fn ends(parts: &[Piece<'_>]) -> Vec<Option<usize>> {
    let mut ends = vec![None; parts.len()];
    let mut next: [Vec<usize>; EMBEDS.len()] = Default::default();
    for (index, part) in parts.iter().enumerate().rev() {
        let Piece::Tag(tag) = part else { continue };
        let Some(name) = EMBEDS.iter().position(|name| tag.is(name)) else { continue };
        if tag.is_end {
            next[name].push(index);
        } else if let Some(end) = ends.get_mut(index) {
            *end = next[name].pop();
        }
    }
    ends
}

impl Linked {
    fn embed(&mut self, name: &'static str, tag: &Tag<'_>, inner: &[Piece<'_>], parent: Option<&str>) {
        // What has no size is there to count readers.
        let is_unseen = |name: &str| {
            tag.attribute(name).is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1"))
        };
        if name == "iframe" && (is_unseen("width") || is_unseen("height")) {
            return;
        }
        let within = inner.iter().find_map(|part| match part {
            Piece::Tag(tag) if tag.is("source") || tag.is("embed") || tag.is("a") || tag.is("iframe") => address(tag),
            Piece::Tag(tag) if tag.is("param") => {
                let name = tag.attribute("name")?.to_ascii_lowercase();
                matches!(name.as_str(), "movie" | "src" | "url").then(|| tag.attribute("value"))?
            }
            _ => None,
        });
        let Some(address) = address(tag).or(within) else {
            self.lost.push(name);
            return;
        };
        let title = ["title", "aria-label", "alt"].into_iter().find_map(|name| plain(&escape(&tag.attribute(name)?)));
        let link = link(&address, title.as_deref());
        let in_line = parent.is_some_and(|parent| {
            !["div", "body", "section", "article", "center", "main", "td", "blockquote", "aside"]
                .iter()
                .any(|block| parent.eq_ignore_ascii_case(block))
        });
        self.html.push_str(&if in_line { link } else { format!("<p>{link}</p>") });
        self.links.push(name);
    }
}

/// A link to an address, called by these words.
pub(crate) fn link(address: &str, words: Option<&str>) -> String {
    let address = address.trim();
    format!("<a href=\"{}\">{}</a>", escape(address), escape(words.unwrap_or(address)))
}

fn address<'a>(tag: &Tag<'a>) -> Option<Cow<'a, str>> {
    ADDRESSES.into_iter().filter_map(|name| tag.attribute(name)).find(|address| {
        let address = address.trim();
        let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let is_scheme = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
        !address.is_empty()
            && !address.starts_with('#')
            && scheme.is_none_or(|scheme| matches!(scheme.as_str(), "http" | "https") || !is_scheme(&scheme))
    })
}

fn contains_tag(html: &str, name: &str) -> bool {
    html.match_indices('<').any(|(at, _)| {
        html.as_bytes().get(at + 1..at + 1 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// A figure of a picture.
pub(crate) fn figure(url: &str, alt: Option<&str>, caption: Option<&str>) -> String {
    let caption = caption.map(|caption| format!("<figcaption>{}</figcaption>", escape(caption))).unwrap_or_default();
    format!("<figure><img src=\"{}\" alt=\"{}\">{caption}</figure>\n", escape(url), escape(alt.unwrap_or_default()))
}

/// Whether an address is a picture's, by its ending.
pub(crate) fn is_picture_address(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".jpe", ".jfif"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_embedded_leaves_its_address() {
        for (html, shown) in [
            (
                "<iframe src='/f?a=1&amp;b=2'>old browsers</iframe>",
                "<p><a href=\"/f?a=1&amp;b=2\">/f?a=1&amp;b=2</a></p>",
            ),
            ("a<p><iframe src='/f' title='A film'></iframe></p>", "a<p><a href=\"/f\">A film</a></p>"),
            (
                "<figure><video controls><source src=a.mp4><source src=a.webm>No</video></figure>",
                "<figure><a href=\"a.mp4\">a.mp4</a></figure>",
            ),
            ("<AUDIO SRC='a.mp3'/>b", "<p><a href=\"a.mp3\">a.mp3</a></p>b"),
            (
                "<object><param name=movie value='/m.swf'><embed src='/e.swf'></object>c",
                "<p><a href=\"/m.swf\">/m.swf</a></p>c",
            ),
            ("<div><embed src='/e.swf'></div>", "<div><p><a href=\"/e.swf\">/e.swf</a></p></div>"),
            (
                "<iframe src='about:blank' data-src='https://f.example/1'></iframe>",
                "<p><a href=\"https://f.example/1\">https://f.example/1</a></p>",
            ),
            ("<iframe src='/count' width=1 height=1></iframe>d", "d"),
            ("<b>x</b> embed", "<b>x</b> embed"),
        ] {
            assert_eq!(linked(html).html, shown, "{html}");
        }
        assert_eq!(linked("<iframe srcdoc='x'></iframe><video></video>").lost, ["iframe", "video"]);
    }
}
