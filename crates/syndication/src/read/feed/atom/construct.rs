//! Texts and contents of Atom, each by the type that it says it is of.

use courant_domain::rich_text::{Format, RichText};

use crate::read::{
    base64::base64,
    collect::Collector,
    decode::is_stray_control,
    html::{Piece, VOID, pieces},
    text::{FORMATTING, Markup},
    xml::Element,
};

/// A text or a content (RFC 4287 §3.1 and §4.1.3); `None` when it is empty or no text.
pub(in crate::read::feed) fn construct(element: &Element<'_>, collector: &mut Collector) -> Option<Markup> {
    if element.attribute("src").is_some() && element.value().is_none() && element.children.is_empty() {
        return None;
    }
    if element.attribute("mode") == Some("base64") {
        return encoded(element, collector);
    }
    // Atom 0.3 says in `mode` what 1.0 says in `type`. A media type may have parameters, and its letters are of either case.
    let kind = if element.attribute("mode") == Some("escaped") { Some("html") } else { element.attribute("type") };
    let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let text = || element.value().unwrap_or_default();
    let markup = match kind.as_deref().unwrap_or("text") {
        "html" | "text/html" => Markup::Html(element.markup()),
        "xhtml" | "application/xhtml+xml" => Markup::Html(xhtml(element)),
        // Some feeds leave the type out though they write elements.
        "text" | "text/plain" if !element.children.is_empty() => Markup::Html(element.markup()),
        "text"
            if kind.is_none()
                && (is_html(text()) || matches!(element.name(), "content" | "summary") && has_markup(text())) =>
        {
            collector.note("there are texts of which it says no type and which are HTML; they are read so");
            Markup::Html(element.markup())
        }
        "text/markdown" | "text/x-markdown" if element.children.is_empty() => {
            Markup::Html(RichText::new(Format::Markdown, text()).html().to_owned())
        }
        kind if kind.ends_with("/xml") || kind.ends_with("+xml") => document(element, kind, collector),
        kind if kind == "text" || kind.starts_with("text/") => Markup::Plain(text().to_owned()),
        kind => {
            collector.lost(&format!("content of type {kind}"));
            return None;
        }
    };
    let (Markup::Html(text) | Markup::Plain(text)) = &markup;
    (!text.trim().is_empty()).then_some(markup)
}

/// A text in XHTML. The one `div` around it is not part of it, and if it is a whole page, its body alone is.
fn xhtml(element: &Element<'_>) -> String {
    match element.children.as_slice() {
        [div] if div.name() == "div" && element.value().is_none() => div.inline(),
        [page] if page.name() == "html" => {
            page.children.iter().find(|child| child.name() == "body").map_or_else(|| page.inline(), Element::inline)
        }
        _ => element.inline(),
    }
}

/// A document of XML in the place of a text (RFC 4287 §4.1.3.3): a page, a formula or a drawing is one to browsers, too. Of any other
/// vocabulary the words are taken, a block an element.
fn document(element: &Element<'_>, kind: &str, collector: &mut Collector) -> Markup {
    let Some(root) = element.children.first() else {
        let text = element.value().unwrap_or_default().to_owned();
        // Some escape what is to stand as it is.
        return if text.starts_with('<') { Markup::Html(text) } else { Markup::Plain(text) };
    };
    if matches!(root.name(), "math" | "svg") || is_of_html(root) {
        return Markup::Html(xhtml(element));
    }
    collector.unmapped(&format!("markup of type {kind} (its words are taken)"));
    Markup::Html(element.words())
}

/// Whether an element is one of HTML's: by its namespace where it names one, else by its name.
fn is_of_html(element: &Element<'_>) -> bool {
    const ROOTS: [&str; 12] =
        ["html", "body", "div", "p", "article", "section", "main", "span", "ul", "ol", "table", "blockquote"];
    let namespace = match element.label.split_once(':') {
        Some((prefix, _)) => element.attribute(&format!("xmlns:{prefix}")),
        None => element.attribute("xmlns"),
    };
    namespace.map_or_else(|| ROOTS.contains(&element.name()), |namespace| namespace.ends_with("/xhtml"))
}

/// Elements that are blocks.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "section",
    "article",
    "figure",
    "blockquote",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "dl",
    "center",
    "header",
    "main",
    "aside",
    "iframe",
];

/// Whether a text is HTML whatever it says: it begins with the tag of a block and ends with that of an end, or with a
/// picture or a line.
fn is_html(text: &str) -> bool {
    let text = text.trim();
    if !text.starts_with('<') || !text.ends_with('>') {
        return false;
    }
    let mut first = None;
    let mut last = None;
    for piece in pieces(text) {
        if let Piece::Tag(tag) = piece {
            let is_block = BLOCKS.iter().any(|name| tag.is(name));
            let is_void = VOID.iter().any(|name| tag.is(name));
            first = first.or(Some(!tag.is_end && (is_block || tag.is("img"))));
            last = Some(tag.is_end && is_block || is_void);
        }
    }
    first == Some(true) && last == Some(true)
}

/// Whether there is HTML within a text: formatting that ends, or several blocks of which one begins it, and no tag that is none of HTML's.
fn has_markup(text: &str) -> bool {
    let (mut open, mut has_ended, mut blocks): (Vec<&str>, bool, usize) = (Vec::new(), false, 0);
    let begins = text.trim_start().starts_with('<');
    for piece in pieces(text) {
        let Piece::Tag(tag) = piece else { continue };
        let is_block = BLOCKS.iter().any(|name| tag.is(name));
        let Some(name) = FORMATTING.into_iter().chain(BLOCKS).chain(["li"]).find(|name| tag.is(name)) else {
            return false;
        };
        blocks += usize::from(is_block && begins);
        if tag.is_end {
            has_ended |= open.contains(&name);
        } else if !open.contains(&name) {
            open.push(name);
        }
    }
    has_ended || blocks > 1
}

/// A text that Atom 0.3 has in Base64; other things than texts have no home.
fn encoded(element: &Element<'_>, collector: &mut Collector) -> Option<Markup> {
    let kind = element.attribute("type").unwrap_or("text/plain");
    let is_html = matches!(kind, "html" | "text/html" | "xhtml" | "application/xhtml+xml");
    let bytes = if is_html || kind.starts_with("text") { base64(element.value()?) } else { None };
    let Some(bytes) = bytes else {
        collector.lost(&format!("content of type {kind} in base64"));
        return None;
    };
    let text = String::from_utf8_lossy(&bytes).replace(is_stray_control, " ");
    let text = Some(text).filter(|text| !text.trim().is_empty())?;
    Some(if is_html { Markup::Html(text) } else { Markup::Plain(text) })
}
