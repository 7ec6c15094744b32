//! How deep HTML is nested, found without building a tree: building one takes time that grows with the square of
//! the depth, which hostile input would use.

/// The deepest nesting that is still read as HTML.
pub(super) const MAX_DEPTH: usize = 256;

/// Elements that have no content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that end where the next of their kind begins.
const IMPLIED_END: [&str; 9] = ["p", "li", "dt", "dd", "tr", "td", "th", "option", "rp"];

/// Whether elements are nested deeper than [`MAX_DEPTH`]. May say so of less deep HTML that leaves end tags out;
/// never the other way round.
pub(super) fn too_deep(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let (tag, end) = match rest.strip_prefix('/') {
            Some(tag) => (tag, true),
            None => (rest, false),
        };
        let name = &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())];
        if name.is_empty() {
            continue;
        }
        let is = |other: &&str| other.eq_ignore_ascii_case(name);
        if end {
            if open.last().is_some_and(is) {
                open.pop();
            }
        } else if !VOID.iter().any(is) {
            if IMPLIED_END.iter().any(is) && open.last().is_some_and(is) {
                open.pop();
            }
            open.push(name);
            if open.len() > MAX_DEPTH {
                return true;
            }
        }
        rest = behind_tag(&tag[name.len()..]);
    }
    false
}

/// What is behind the `>` that ends a tag; one in a quoted attribute does not.
fn behind_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &tag[at + 1..],
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_found_whatever_hides_it() {
        let deep = MAX_DEPTH + 1;
        for unit in ["<div>", "<DIV class='</div>'>", "<div></b>", "<div><!--</div>-->", "<blockquote>", "<b><i></b>"] {
            assert!(too_deep(&unit.repeat(deep)), "{unit}");
        }
    }

    #[test]
    fn usual_html_is_not_deep_however_long() {
        for unit in [
            "<p>text",
            "<p>a <b>b</b><br></p>",
            "<li>x",
            "<img src=a>",
            "a < b ",
            "<div><p>x</p></div>",
            "<!-- <div> -->",
        ] {
            assert!(!too_deep(&unit.repeat(5000)), "{unit}");
        }
    }
}
