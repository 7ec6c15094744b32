//! HTML as a reader sees it, read here by hand so that nothing under test judges itself. It is well-formed: what
//! GOV.UK gives was written by a program, and so was what the service gives.

use std::collections::BTreeMap;

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Start(String, BTreeMap<String, String>),
    End(String),
    Text(String),
}

pub(crate) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        if open > 0 {
            pieces.push(Piece::Text(decoded(&rest[..open])));
        }
        let close = open + end_of_tag(&rest[open..]);
        let tag = &rest[open + 1..close];
        pieces.push(match tag.strip_prefix('/') {
            Some(name) => Piece::End(name.to_owned()),
            None => start(tag),
        });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(decoded(rest)));
    }
    pieces
}

/// Where the tag at the beginning ends.
fn end_of_tag(html: &str) -> usize {
    let mut quoted = false;
    html.find(|sign| {
        quoted ^= sign == '"';
        sign == '>' && !quoted
    })
    .unwrap()
}

fn start(tag: &str) -> Piece {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    while let Some((attribute, value)) = rest.split_once("=\"") {
        let (value, behind) = value.split_once('"').unwrap();
        attributes.insert(attribute.trim().to_owned(), decoded(value));
        rest = behind;
    }
    assert!(rest.trim().is_empty(), "what is {rest:?} in <{tag}>?");
    Piece::Start(name.to_owned(), attributes)
}

fn decoded(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}");
    text.replace("&amp;", "&")
}

/// The box classes of GOV.UK's Markdown: what stands in them is set apart from the text.
const BOXES: [&str; 2] = ["call-to-action", "contact"];

/// The HTML with GOV.UK's boxes as the element HTML has for them, `aside`.
pub(crate) fn with_asides(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut divs = Vec::new();
    for piece in pieces(html) {
        match piece {
            Piece::Start(name, attributes) if name == "div" => {
                let classes = attributes.get("class").map_or("", String::as_str);
                let is_box = classes.split_whitespace().any(|class| BOXES.contains(&class));
                divs.push(is_box);
                write_start(&mut out, if is_box { "aside" } else { "div" }, &attributes);
            }
            Piece::End(name) if name == "div" => {
                out.push_str(if divs.pop().unwrap() { "</aside>" } else { "</div>" });
            }
            Piece::Start(name, attributes) => write_start(&mut out, &name, &attributes),
            Piece::End(name) => out.push_str(&format!("</{name}>")),
            Piece::Text(text) => out.push_str(&encoded(&text)),
        }
    }
    out
}

fn write_start(out: &mut String, name: &str, attributes: &BTreeMap<String, String>) {
    out.push('<');
    out.push_str(name);
    for (attribute, value) in attributes {
        out.push_str(&format!(" {attribute}=\"{}\"", encoded(value).replace('"', "&quot;")));
    }
    out.push('>');
}

fn encoded(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Whether an attribute shows, or leads somewhere, or is read out.
fn is_seen(attribute: &str) -> bool {
    !matches!(attribute, "class" | "rel")
}

fn is_heading(element: &str) -> bool {
    matches!(element.as_bytes(), [b'h', b'1'..=b'6'])
}

/// What a reader sees of HTML: all its text, signs and spaces, all elements and those attributes that matter.
pub(crate) fn seen(html: &str) -> Vec<Piece> {
    let mut pieces = pieces(html);
    for piece in &mut pieces {
        if let Piece::Start(_, attributes) = piece {
            attributes.retain(|attribute, _| is_seen(attribute));
        }
    }
    pieces
}

/// The attributes of HTML that a reader does not see, as `element attribute`.
pub(crate) fn unseen(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in pieces(html) {
        if let Piece::Start(name, attributes) = piece {
            found.extend(attributes.keys().filter(|attribute| !is_seen(attribute)).map(|key| format!("{name} {key}")));
        }
    }
    found
}

/// The words of HTML.
pub(crate) fn words(html: &str) -> Vec<String> {
    const INLINE: [&str; 5] = ["a", "abbr", "span", "em", "strong"];
    let mut text = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(words) => text.push_str(&words),
            Piece::Start(name, _) | Piece::End(name) if !INLINE.contains(&name.as_str()) => text.push('\n'),
            _ => {}
        }
    }
    text.split_whitespace().map(str::to_owned).collect()
}

/// The headings of HTML: level, id and words.
pub(crate) fn headings(html: &str) -> Vec<(u64, String, String)> {
    let mut found: Vec<(u64, String, String)> = Vec::new();
    let mut open = false;
    for piece in pieces(html) {
        match piece {
            Piece::Start(name, attributes) if is_heading(&name) => {
                open = true;
                found.push((name[1..].parse().unwrap(), attributes["id"].clone(), String::new()));
            }
            Piece::End(name) if is_heading(&name) => open = false,
            Piece::Text(text) if open => found.last_mut().unwrap().2.push_str(&text),
            _ => {}
        }
    }
    for (_, _, title) in &mut found {
        *title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    found
}
