//! Texts as sources write them: plain, or HTML.

use std::borrow::Cow;

use courant_domain::{
    rich_text::{Format, RichText},
    text::is_blank,
};
use url::Url;

use crate::read::html::{Piece, Tag, pieces, unescape};

/// A name in small letters, without what parts words: `is_draft`, `isDraft` and `is-draft` are one.
pub(crate) fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A text, and what it is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Markup {
    Plain(String),
    Html(String),
}

impl Markup {
    /// The words alone, in one line; `None` when there are none.
    pub(crate) fn plain(&self) -> Option<String> {
        match self {
            Self::Plain(text) => one_line(&as_plain(text)),
            Self::Html(html) => plain(html),
        }
    }

    /// The words of a title or a name; see [`name`].
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Plain(text) => one_line(&as_plain(text)),
            Self::Html(html) => name(html),
        }
    }

    /// The same as HTML: a plain text's blank lines part its paragraphs.
    pub(crate) fn into_html(self) -> String {
        match self {
            Self::Html(html) if is_unparted(&html) => parted(&html),
            Self::Html(html) => html,
            Self::Plain(text) => paragraphs(&escape(&text)),
        }
    }
}

/// A plain text, which some write as HTML: where it has entities and no bare ampersand or angle bracket, they are meant.
pub(crate) fn as_plain(text: &str) -> Cow<'_, str> {
    let read = unescape(text);
    let is_html = read != text && !text.contains('<') && !text.split('&').skip(1).any(|rest| !is_entity(rest));
    if is_html { read } else { Cow::Borrowed(text) }
}

/// Whether this, behind an ampersand, is an entity.
fn is_entity(rest: &str) -> bool {
    let Some(end) = rest.bytes().take(34).position(|byte| byte == b';') else { return false };
    let entity = format!("&{}", rest.get(..=end).unwrap_or_default());
    unescape(&entity) != entity
}

/// The words of a piece of HTML in one line; `None` when there are none.
pub(crate) fn plain(html: &str) -> Option<String> {
    if html.contains(['<', '&']) { one_line(RichText::new(Format::Html, html).text()) } else { one_line(html) }
}

/// Elements of formatting, which are in a line.
pub(crate) const FORMATTING: [&str; 26] = [
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strike", "strong", "sub", "sup", "u", "var", "wbr",
];

/// Whether blank lines are all that parts the paragraphs of a piece of HTML: many feeds have plain text where HTML is
/// expected.
fn is_unparted(html: &str) -> bool {
    let is_inline = |tag: &Tag<'_>| !tag.is("br") && FORMATTING.into_iter().any(|name| tag.is(name));
    blank_lines(html.trim()).nth(1).is_some()
        && pieces(html).all(|piece| !matches!(piece, Piece::Tag(tag) if !is_inline(&tag)))
}

/// The HTML with its paragraphs in elements.
fn parted(html: &str) -> String {
    let paragraphs = blank_lines(html).map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{paragraph}</p>\n")).collect()
}

/// What is between the blank lines of a text.
fn blank_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let blank = text.match_indices('\n').map(|(at, _)| at).find_map(|at| {
            let behind = text[at + 1..].trim_start_matches([' ', '\t', '\r']);
            Some((at, behind.strip_prefix('\n')?))
        });
        let Some((at, behind)) = blank else { return Some(text) };
        rest = Some(behind);
        Some(&text[..at])
    })
}

/// The words of a title or a name in one line; `None` when there are none. Formatting is taken out of it; any other tag
/// is one that it speaks of.
pub(crate) fn name(html: &str) -> Option<String> {
    if !html.contains(['<', '&']) {
        return one_line(html);
    }
    let html = unwrapped(html);
    let mut ended = [0_usize; FORMATTING.len()];
    let mut parts: Vec<Piece<'_>> = pieces(html).collect();
    let mut formats = vec![false; parts.len()];
    // From the end, for a start tag without an end tag formats nothing.
    for (piece, formats) in parts.iter_mut().zip(&mut formats).rev() {
        let Piece::Tag(tag) = piece else { continue };
        let Some(index) = FORMATTING.into_iter().position(|known| tag.is(known)) else { continue };
        match FORMATTING[index] {
            "br" => *piece = Piece::Text(" "),
            "wbr" => *formats = true,
            "img" => *formats = tag.has_attributes(),
            _ if tag.is_end => {
                ended[index] += 1;
                *formats = true;
            }
            _ => {
                if let Some(left) = ended[index].checked_sub(1) {
                    ended[index] = left;
                    *formats = true;
                }
            }
        }
    }
    let is_apart = |piece: &Piece<'_>| matches!(piece, Piece::Tag(tag) if APART.into_iter().any(|name| tag.is(name)));
    let are_apart = parts.iter().zip(&formats).any(|(piece, formats)| *formats && is_apart(piece));
    let mut words = String::with_capacity(html.len());
    for (piece, formats) in parts.iter().zip(formats) {
        match piece {
            Piece::Comment(_) => {}
            Piece::Tag(tag) if formats => words.push_str(if are_apart { tag.source } else { "" }),
            Piece::Text(text) | Piece::Tag(Tag { source: text, .. }) if are_apart => {
                words.push_str(&text.replace('<', "&lt;"));
            }
            Piece::Text(text) | Piece::Tag(Tag { source: text, .. }) => words.push_str(text),
        }
    }
    if are_apart { plain(&words) } else { one_line(&unescape(&words)) }
}

/// Formatting that says something which words alone do not; see [`RichText::text`].
const APART: [&str; 8] = ["del", "ins", "q", "s", "strike", "sub", "sup", "u"];

/// What is in the blocks, two at most, that some programs put around a title.
fn unwrapped(html: &str) -> &str {
    const BLOCKS: [&str; 8] = ["div", "h1", "h2", "h3", "h4", "h5", "h6", "p"];
    let mut inner = html.trim();
    for _ in 0..2 {
        let Some(Piece::Tag(tag)) = pieces(inner).next() else { break };
        let found = BLOCKS
            .into_iter()
            .filter(|name| tag.is(name))
            .find_map(|name| inner.strip_suffix('>')?.strip_suffix(name)?.strip_suffix("</")?.strip_prefix(tag.source));
        let Some(found) = found else { break };
        inner = found.trim();
    }
    inner
}

/// The first words of a text, for a title it does not have.
pub(crate) fn first_words(text: &str) -> Option<String> {
    const MOST: usize = 10;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mut words = line.split_whitespace();
    let mut title: String = words.by_ref().take(MOST).collect::<Vec<_>>().join(" ");
    let long = title.char_indices().nth(100).map(|(at, _)| at);
    if let Some(at) = long {
        title.truncate(at);
    }
    if long.is_some() || words.next().is_some() {
        title.push('…');
    }
    Some(title)
}

/// Text between `<p>` and `</p>`: a blank line ends a paragraph, any other is a `<br>`, and an address alone in its
/// paragraph is a link. The text is HTML without blocks.
pub(crate) fn paragraphs(inline: &str) -> String {
    let mut out = String::with_capacity(inline.len() + inline.len() / 8);
    let mut paragraph = String::new();
    // A line's end inside a tag is no line's end of the text.
    let mut in_tag = false;
    for line in inline.lines().chain([""]) {
        let line = line.trim();
        if line.is_empty() && !in_tag {
            if !paragraph.is_empty() {
                out.push_str("<p>");
                out.push_str(&linked(&paragraph));
                out.push_str("</p>\n");
                paragraph.clear();
            }
            continue;
        }
        if !paragraph.is_empty() {
            paragraph.push_str(if in_tag { "\n" } else { "<br>\n" });
        }
        paragraph.push_str(line);
        let is_tag = |at: &usize| line[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let open = line.match_indices('<').map(|(at, _)| at).rfind(is_tag);
        in_tag = match (open, line.rfind('>')) {
            (Some(open), close) => close.is_none_or(|close| close < open),
            (None, Some(_)) => false,
            (None, None) => in_tag,
        };
    }
    if !paragraph.is_empty() {
        out.push_str("<p>");
        out.push_str(&paragraph);
        out.push_str("</p>\n");
    }
    out
}

/// Whether a text is an address of the web and nothing else.
pub(crate) fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '[' | ']'))
}

fn linked(paragraph: &str) -> String {
    if is_address(paragraph) { format!("<a href=\"{paragraph}\">{paragraph}</a>") } else { paragraph.to_owned() }
}

/// The text with the signs escaped that HTML reads otherwise.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An address of the web, against that of the page it stands on where it is relative.
pub(crate) fn web_address(text: &str, base: Option<&Url>) -> Option<String> {
    let url = match Url::parse(text.trim()) {
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(text.trim()).ok()?,
        parsed => parsed.ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

pub(crate) fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!is_blank(&line)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs_and_others_break() {
        assert_eq!(paragraphs("one\ntwo\n\n \nthree"), "<p>one<br>\ntwo</p>\n<p>three</p>\n");
        assert_eq!(paragraphs("<img\nsrc=\"x\"\n\n> a"), "<p><img\nsrc=\"x\"\n\n> a</p>\n");
        assert_eq!(paragraphs("<b>a</b>\nb"), "<p><b>a</b><br>\nb</p>\n");
        assert_eq!(paragraphs(" \n"), "");
    }

    #[test]
    fn plain_text_in_the_place_of_html_keeps_its_paragraphs() {
        let html = |text: &str| Markup::Html(text.to_owned()).into_html();
        assert_eq!(
            html("One,\nstill.\n\n \r\n<b>Two</b> &amp; three."),
            "<p>One,\nstill.</p>\n<p><b>Two</b> &amp; three.</p>\n"
        );
        for text in ["One.\n", "<p>One.</p>\n\n<p>Two.</p>", "One.<br>\n\nTwo."] {
            assert_eq!(html(text), text);
        }
    }

    #[test]
    fn entities_of_a_plain_text_are_read_where_nothing_else_can_be_meant() {
        for (text, read) in [
            ("Menus &amp; &#8216;jokes&#8217;", "Menus & ‘jokes’"),
            ("Caf&eacute;", "Café"),
            ("R&D &amp; more", "R&D &amp; more"),
            ("a <b> &amp; c", "a <b> &amp; c"),
            ("Q&A; then", "Q&A; then"),
        ] {
            assert_eq!(as_plain(text), read);
        }
    }

    #[test]
    fn an_address_alone_becomes_a_link() {
        let html = paragraphs("https://example.org/a\n\nsee https://example.org/b");
        assert_eq!(
            html,
            "<p><a href=\"https://example.org/a\">https://example.org/a</a></p>\n<p>see https://example.org/b</p>\n"
        );
    }

    #[test]
    fn titles_are_read_as_plain_words() {
        assert_eq!(plain("Bread &amp; <em>roses</em>\n again").unwrap(), "Bread & roses again");
        assert_eq!(plain("1 < 2").unwrap(), "1 < 2");
        assert_eq!(plain("<img src=x>"), None);
    }

    #[test]
    fn only_formatting_is_taken_out_of_a_title() {
        for (html, words) in [
            ("How the <script> tag works", "How the <script> tag works"),
            ("Vec<String> and Option<T>", "Vec<String> and Option<T>"),
            ("&lt;title&gt; of <i class=x>a</i> <B>page</B>", "<title> of a page"),
            ("When <b> is not <strong>enough</strong>", "When <b> is not enough"),
            ("one<br/>two <img src=x> three<!-- 4 -->", "one two three"),
            ("<p>Fish &amp; chips</p>", "Fish & chips"),
            ("<p> and <div>", "<p> and <div>"),
            ("a < b & c", "a < b & c"),
        ] {
            assert_eq!(name(html).as_deref(), Some(words), "{html}");
        }
        assert_eq!(name("<b></b> <br>"), None);
    }

    #[test]
    fn numbers_in_titles_do_not_become_others() {
        for (html, words) in [
            ("Article 5<sup>1</sup> <em>repealed</em>", "Article 5¹ repealed"),
            ("Rate <del>10</del><ins>12</ins> < 20 <b>%<br>&amp; more</b>", "Rate 10 12 < 20 % & more"),
            ("Budget 2025<SUP><a href='#n'>1</a></SUP>", "Budget 2025 [1]"),
            ("He said <q>never</q> of <p> &lt;i&gt; 2<sup>nd</sup>", "He said “never” of <p> <i> 2nd"),
            ("m<sup>2", "m<sup>2"),
        ] {
            assert_eq!(name(html).as_deref(), Some(words), "{html}");
        }
        assert_eq!(plain("10<sup>5</sup> <del>1</del>2").unwrap(), "10⁵ 1 2");
    }

    #[test]
    fn a_missing_title_is_ten_words_long() {
        assert_eq!(first_words("\n one two \nthree").unwrap(), "one two");
        assert_eq!(first_words("1 2 3 4 5 6 7 8 9 10 11").unwrap(), "1 2 3 4 5 6 7 8 9 10…");
        assert_eq!(first_words(&"ä".repeat(300)).unwrap().chars().count(), 101);
        assert_eq!(first_words(" "), None);
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        let base = Url::parse("https://example.org/news/").unwrap();
        assert_eq!(web_address("a", Some(&base)).unwrap(), "https://example.org/news/a");
        assert_eq!(web_address("javascript:x()", Some(&base)), None);
        assert_eq!(web_address("a", None), None);
    }
}
