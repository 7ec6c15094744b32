//! The tags of HTML, for changing some of them with all else as it is.

use std::{borrow::Cow, ops::Range};

use quick_xml::escape::resolve_html5_entity;

use crate::read::text::escape;

/// Elements that have no end tag.
pub(crate) const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// A part of a text.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Comment(&'a str),
    Tag(Tag<'a>),
}

impl<'a> Piece<'a> {
    /// It as it is written.
    pub(crate) const fn source(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Comment(text) => text,
            Self::Tag(tag) => tag.source,
        }
    }
}

/// A tag.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    /// From its first sign to its last.
    pub(crate) source: &'a str,
    /// The name as it is written.
    pub(crate) name: &'a str,
    pub(crate) is_end: bool,
    attributes: Vec<Attribute<'a>>,
}

#[derive(Debug)]
struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
    /// Where name and value are in the tag.
    at: Range<usize>,
}

impl<'a> Tag<'a> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute, its entities read.
    pub(crate) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .map(|attribute| unescape(attribute.value))
    }

    pub(crate) const fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// The tag with values changed: `change` is given each name and value, and says what the value is to be.
    pub(crate) fn with(&self, mut change: impl FnMut(&str, &str) -> Option<String>) -> Cow<'a, str> {
        let mut out = String::new();
        let mut from = 0;
        for attribute in &self.attributes {
            if let Some(value) = change(attribute.name, &unescape(attribute.value)) {
                out.push_str(&self.source[from..attribute.at.start]);
                out.push_str(&format!("{}=\"{}\"", attribute.name, escape(&value)));
                from = attribute.at.end;
            }
        }
        if from == 0 {
            return Cow::Borrowed(self.source);
        }
        out.push_str(&self.source[from..]);
        Cow::Owned(out)
    }
}

/// The parts of a piece of HTML, which together are all of it. What is in a script or a style is text.
pub(crate) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    let mut raw: Option<&str> = None;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, length) = next(rest, raw.take());
        if let Piece::Tag(tag) = &piece
            && !tag.is_end
            && (tag.is("script") || tag.is("style"))
        {
            raw = Some(tag.name);
        }
        rest = &rest[length..];
        Some(piece)
    })
}

/// The part a text begins with, and its length; in an element whose content is no markup, all up to its end tag.
fn next<'a>(text: &'a str, raw: Option<&str>) -> (Piece<'a>, usize) {
    if let Some(name) = raw {
        let is_end =
            |at: &usize| text.get(at + 2..at + 2 + name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        let end = text.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(text.len());
        return (Piece::Text(&text[..end]), end);
    }
    if text.starts_with("<!--") {
        // One that never ends is a sign or two somebody wrote.
        return match text.find("-->") {
            Some(end) => (Piece::Comment(&text[..end + 3]), end + 3),
            None => (Piece::Text(text), text.len()),
        };
    }
    if let Some(tag) = tag(text) {
        let length = tag.source.len();
        return (Piece::Tag(tag), length);
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = text[first..].find('<').map_or(text.len(), |at| first + at);
    (Piece::Text(&text[..end]), end)
}

/// The tag a text begins with; `None` where it begins with none, or with one that does not end.
fn tag(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let is_end = inner.starts_with('/');
    let start = 1 + usize::from(is_end);
    if !text[start..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<');
    let mut at = start + text[start..].find(ends_name)?;
    let name = &text[start..at];
    let mut attributes = Vec::new();
    loop {
        at += text[at..].find(|c: char| !c.is_ascii_whitespace() && c != '/')?;
        let rest = &text[at..];
        if rest.starts_with('>') {
            return Some(Tag { source: &text[..=at], name, is_end, attributes });
        }
        // A tag that begins before another ends is none.
        if rest.starts_with('<') {
            return None;
        }
        // One sign at least is the name, whichever it is.
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let length =
            first + rest[first..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<' | '='))?;
        let behind = rest[length..].trim_start();
        let (value, end) = match behind.strip_prefix('=').map(str::trim_start) {
            None => ("", at + length),
            Some(value) => {
                let from = text.len() - value.len();
                match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                    Some(quote) => {
                        let length = value[1..].find(quote)?;
                        (&value[1..=length], from + length + 2)
                    }
                    None => {
                        let length = value.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '<'))?;
                        (&value[..length], from + length)
                    }
                }
            }
        };
        attributes.push(Attribute { name: &rest[..length], value, at: at..end });
        at = end;
    }
}

/// A text with its entities read; a bare ampersand stays.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(34).position(|byte| byte == b';');
        let name = end.and_then(|end| rest.get(1..end));
        match name.and_then(|name| Some((name, character(name)?))) {
            Some((name, text)) => {
                out.push_str(&text);
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(Cow::Borrowed) };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    let c = char::from_u32(number.ok()?).filter(|c| !crate::read::decode::is_stray_control(*c))?;
    Some(Cow::Owned(crate::read::decode::meant(c).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let show = |piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Comment(text) => format!("({text})"),
            Piece::Tag(tag) => format!("[{}{}]", if tag.is_end { "/" } else { "" }, tag.name),
        };
        pieces(html).map(show).collect()
    }

    #[test]
    fn tags_are_told_from_what_looks_like_them() {
        for (html, parts) in [
            ("a <b>c</b >", vec!["a ", "[b]", "c", "[/b]"]),
            ("<img alt='>' src=x/>y", vec!["[img]", "y"]),
            ("1 < 2<!-- <b> --><3", vec!["1 ", "< 2", "(<!-- <b> -->)", "<3"]),
            ("<script>'<b>'</script>c", vec!["[script]", "'<b>'", "[/script]", "c"]),
            ("<a <b>c", vec!["<a ", "[b]", "c"]),
            ("<!-- <b", vec!["<!-- <b"]),
            ("<a href=\"x", vec!["<a href=\"x"]),
        ] {
            assert_eq!(shown(html), parts, "{html}");
        }
    }

    #[test]
    fn a_value_is_changed_where_it_stands() {
        let Some(Piece::Tag(tag)) = pieces("<a class=b HREF = '/x?a&amp;b' title>").next() else { unreachable!() };
        assert_eq!(tag.attribute("href").unwrap(), "/x?a&b");
        let changed =
            tag.with(|name, value| name.eq_ignore_ascii_case("href").then(|| format!("https://e.example{value}")));
        assert_eq!(changed, "<a class=b HREF=\"https://e.example/x?a&amp;b\" title>");
        assert_eq!(tag.with(|_, _| None), tag.source);
    }

    #[test]
    fn entities_are_read_and_ampersands_stay() {
        assert_eq!(unescape("Q&amp;A &lt;b&#x3e; R&D; &#0; &copy &#146;"), "Q&A <b> R&D; &#0; &copy ’");
    }
}
