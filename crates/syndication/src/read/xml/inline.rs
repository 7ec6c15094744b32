//! XML in the place of a text, as HTML.

use crate::read::html::VOID;

/// Inline XML as HTML: sections of character data escaped, processing instructions and prefixes of elements gone. XML
/// may write any empty element in one tag; to HTML that is a start tag, with all that follows inside of it.
pub(super) fn html(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for token in tokens(source) {
        match token {
            Token::Text(text) | Token::Comment(text) => out.push_str(text),
            Token::Data(data) => out.push_str(&crate::read::text::escape(data)),
            Token::Tag(source) => tag(source, &mut out),
        }
    }
    out
}

/// Elements of any vocabulary that mean what HTML's of the same name do.
const SHARED: [&str; 38] = [
    "a",
    "article",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "math",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

/// The words of XML of whatever vocabulary as HTML: an element that stands among words is part of their line, any other is a block.
pub(super) fn words(source: &str) -> String {
    // Of each element, by its number, which one it stands in, and whether there are words right in it.
    let (mut parents, mut has_words, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for token in tokens(source) {
        match token {
            Token::Text(text) | Token::Data(text) if !text.trim().is_empty() => {
                if let Some(has_words) = open.last().and_then(|number: &usize| has_words.get_mut(*number)) {
                    *has_words = true;
                }
            }
            Token::Tag(tag) if tag.starts_with('/') => drop(open.pop()),
            Token::Tag(tag) => {
                parents.push(open.last().copied());
                has_words.push(false);
                if !tag.ends_with('/') {
                    open.push(parents.len() - 1);
                }
            }
            _ => {}
        }
    }
    let is_in_line = |number: usize| {
        let parent = parents.get(number).copied().flatten();
        parent.and_then(|parent| has_words.get(parent).copied()).unwrap_or_default()
    };
    let mut out = String::with_capacity(source.len());
    // What each open element is written as: none is as it is.
    let mut written: Vec<Option<&str>> = Vec::new();
    // How many are open from a formula or a drawing on, which have elements of their own.
    let (mut number, mut foreign) = (0, 0);
    for token in tokens(source) {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Data(data) => out.push_str(&crate::read::text::escape(data)),
            Token::Comment(_) => {}
            Token::Tag(end) if end.starts_with('/') => {
                foreign = usize::saturating_sub(foreign, 1);
                match written.pop().flatten() {
                    Some(other) => out.push_str(&format!("</{other}>")),
                    None => tag(end, &mut out),
                }
            }
            Token::Tag(start) => {
                let name = start.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
                let name = name.rsplit(':').next().unwrap_or_default();
                let is_own = foreign > 0 || SHARED.contains(&name);
                let other = (!is_own).then(|| if is_in_line(number) { "span" } else { "div" });
                number += 1;
                let is_empty = start.ends_with('/');
                match other {
                    Some(_) if is_empty => out.push(' '),
                    Some(other) => out.push_str(&format!("<{other}>")),
                    None => tag(start, &mut out),
                }
                if !is_empty {
                    written.push(other);
                    foreign += usize::from(foreign > 0 || matches!(name, "math" | "svg"));
                }
            }
        }
    }
    out
}

/// A part of XML.
enum Token<'a> {
    Text(&'a str),
    /// A section of character data.
    Data(&'a str),
    /// A comment, as it is written.
    Comment(&'a str),
    /// A tag, without its angle brackets.
    Tag(&'a str),
}

/// The parts of XML; processing instructions are none.
fn tokens(source: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = source;
    std::iter::from_fn(move || {
        loop {
            let text = rest.find('<').unwrap_or(rest.len());
            if text > 0 {
                let (text, after) = rest.split_at(text);
                rest = after;
                return Some(Token::Text(text));
            }
            if rest.is_empty() {
                return None;
            }
            if let Some(data) = rest.strip_prefix("<![CDATA[") {
                let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
                rest = after;
                return Some(Token::Data(data));
            }
            if rest.starts_with("<!--") {
                let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
                let (comment, after) = rest.split_at(end);
                rest = after;
                return Some(Token::Comment(comment));
            }
            if let Some(instruction) = rest.strip_prefix("<?") {
                rest = instruction.split_once("?>").map_or("", |(_, after)| after);
                continue;
            }
            let end = end_of_tag(rest);
            let tag = &rest[1..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            return Some(Token::Tag(tag));
        }
    })
}

/// Writes a tag, of which the angle brackets are not given.
fn tag(tag: &str, out: &mut String) {
    let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let (is_empty, tag) = tag.strip_suffix('/').map_or((false, tag), |tag| (true, tag));
    let length = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(length);
    let name = name.rsplit(':').next().unwrap_or_default();
    let is_void = VOID.contains(&name);
    match (is_end, is_void) {
        // HTML reads `</br>` as one more `<br>`.
        (true, true) => {}
        (true, false) => out.push_str(&format!("</{name}>")),
        (false, _) => out.push_str(&format!("<{name}{attributes}>")),
    }
    if is_empty && !is_void {
        out.push_str(&format!("</{name}>"));
    }
}

/// Where the tag ends that a text begins with; values may hold the sign that ends it.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    let end = text.bytes().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (Some(open), byte) => {
            if open == byte {
                quote = None;
            }
            false
        }
        _ => false,
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::{html, words};

    #[test]
    fn the_words_of_any_vocabulary_are_blocks_or_parts_of_a_line() {
        for (xml, written) in [
            (
                "<x:act><num>1</num><title>Short <ref>title</ref></title><p>One<br/>two</p></x:act>",
                "<div><div>1</div><div>Short <span>title</span></div><p>One<br>two</p></div>",
            ),
            (
                "<doc><math><mi>x</mi></math><link href='a'/><!-- c --><![CDATA[<b>]]></doc>",
                "<div><math><mi>x</mi></math> &lt;b&gt;</div>",
            ),
            ("a <b>c</b></d>", "a <b>c</b></d>"),
        ] {
            assert_eq!(words(xml), written);
        }
    }

    #[test]
    fn an_empty_element_is_closed_where_html_would_not() {
        for (xml, written) in [
            ("<p>a</p><script src=\"x\"/><p>b</p>", "<p>a</p><script src=\"x\"></script><p>b</p>"),
            ("<h2><a id='one'/>One</h2>", "<h2><a id='one'></a>One</h2>"),
            ("<x:b/>a<x:br/>b<br></br>c", "<b></b>a<br>b<br>c"),
            ("<img alt='a>b/' src=\"p.png\" />", "<img alt='a>b/' src=\"p.png\" >"),
        ] {
            assert_eq!(html(xml), written);
        }
    }

    #[test]
    fn what_is_not_an_element_is_not_taken_for_one() {
        assert_eq!(html("a<![CDATA[<b/>]]>c<!-- <b/> --><?x <b/>?>d"), "a&lt;b/&gt;c<!-- <b/> -->d");
        assert_eq!(html("a<b"), "a<b>");
    }
}
