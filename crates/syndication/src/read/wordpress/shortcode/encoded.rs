//! What shortcodes enclose in Base64, so that no editor of WordPress changes it: raw HTML of WPBakery, code of Avada.

use super::{name, shown_as_code};
use crate::read::{
    base64::base64, collect::Collector, decode::is_stray_control, html::Piece, html::pieces, slugs::percent_decoded,
};

/// Shortcodes of which all that they enclose is.
const KNOWN: [&str; 5] = ["fusion_code", "fusion_syntax_highlighter", "us_html", "vc_raw_html", "vc_raw_js"];

/// Less than this is a word.
const SHORTEST: usize = 8;

/// Reads what shortcodes enclose in Base64. What is no text is taken out of those that have nothing else, and counted as lost.
pub(in crate::read::wordpress) fn decoded(text: &str, collector: &mut Collector) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (end, _) in text.match_indices("[/") {
        let Some(name) = name(&text[end + 2..]) else { continue };
        // What is encoded has no bracket in it, so that the one in front of the end is that of the start.
        let Some(start) = text[from..end].rfind('[').map(|at| from + at) else { continue };
        let behind = text[start + 1..end].strip_prefix(name).filter(|behind| behind.starts_with([' ', '\n', ']']));
        let Some((_, inner)) = behind.and_then(|behind| behind.split_once(']')) else { continue };
        let Some(code) = code(inner) else { continue };
        let is_known = KNOWN.contains(&name);
        let read = match readable(&code).filter(|text| is_known || text.contains("</") || text.contains("/>")) {
            Some(text) if name == "fusion_syntax_highlighter" => shown_as_code(&text),
            Some(text) => text,
            None if is_known && code.len() > 3 * SHORTEST => {
                collector.lost(&format!("content of the shortcode {name}"));
                String::new()
            }
            None => continue,
        };
        out.push_str(&text[from..end - inner.len()]);
        out.push_str(&read);
        from = end;
    }
    out.push_str(&text[from..]);
    out
}

/// What may be in Base64: editors part it into lines, and put it into paragraphs.
fn code(inner: &str) -> Option<String> {
    if inner.len() < SHORTEST || inner.trim().contains(' ') && !inner.contains('<') {
        return None;
    }
    let mut code = String::with_capacity(inner.len());
    for piece in pieces(inner) {
        if let Piece::Text(text) = piece {
            code.extend(text.chars().filter(|c| !c.is_whitespace()));
        }
    }
    let is_code = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'=');
    (code.len() >= SHORTEST && code.bytes().all(is_code)).then_some(code)
}

/// The text that it is, which may be written as addresses are (RFC 3986 §2.1) within.
pub(super) fn readable(code: &str) -> Option<String> {
    let text = String::from_utf8(base64(code)?).ok()?;
    let is_escaped = text.contains('%') && !text.contains(['<', ' ']);
    let text = if is_escaped { percent_decoded(&text) } else { text };
    let is_text = !text.trim().is_empty() && !text.contains(is_stray_control);
    is_text.then_some(text)
}
