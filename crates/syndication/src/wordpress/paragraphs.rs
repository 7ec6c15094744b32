//! The paragraphs the classic editor leaves out: what WordPress' `wpautop` does when a page is shown.

/// Elements that stand for themselves and are in no paragraph.
const BLOCKS: [&str; 28] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "table",
    "ul",
    "video",
];

/// Puts what is outside of block elements into paragraphs, parted at blank lines. What is inside of them stays as it
/// is; so does what follows one that is never closed.
pub(super) fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut depth = 0_usize;
    // Where the part begins that is not written yet: between blocks, or in the outermost one.
    let mut from = 0;
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|offset| at + offset) {
        let Some(tag) = Tag::read(&text[open..]) else {
            at = open + 1;
            continue;
        };
        at = open + tag.length;
        if tag.name == "hr" && depth == 0 {
            out.push_str(&crate::text::paragraphs(&text[from..open]));
            out.push_str("<hr>\n");
            from = at;
        } else if BLOCKS.contains(&tag.name.as_str()) {
            if !tag.closes && depth == 0 {
                out.push_str(&crate::text::paragraphs(&text[from..open]));
                from = open;
            }
            if tag.closes && depth == 1 {
                out.push_str(&text[from..at]);
                out.push('\n');
                from = at;
            }
            depth = if tag.closes { depth.saturating_sub(1) } else { depth + 1 };
        }
    }
    if depth == 0 {
        out.push_str(&crate::text::paragraphs(&text[from..]));
    } else {
        out.push_str(&text[from..]);
    }
    out
}

struct Tag {
    name: String,
    closes: bool,
    length: usize,
}

impl Tag {
    /// The tag or comment a text begins with.
    fn read(text: &str) -> Option<Self> {
        if text.starts_with("<!--") {
            let length = text.find("-->").map_or(text.len(), |end| end + 3);
            return Some(Self { name: String::new(), closes: false, length });
        }
        let closes = text.starts_with("</");
        let rest = &text[if closes { 2 } else { 1 }..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if length == 0 || length > 20 {
            return None;
        }
        let end = text.find('>').map_or(text.len(), |end| end + 1);
        Some(Self { name: rest[..length].to_ascii_lowercase(), closes, length: end })
    }
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn text_between_blocks_gets_paragraphs_and_blocks_stay() {
        let html = paragraphs("one\n\n<ul>\n<li>a\n\nb</li></ul>two\n<hr />\nthree<h2>x</h2>");
        assert_eq!(html, "<p>one</p>\n<ul>\n<li>a\n\nb</li></ul>\n<p>two</p>\n<hr>\n<p>three</p>\n<h2>x</h2>\n");
    }

    #[test]
    fn blocks_in_blocks_end_with_the_outermost() {
        assert_eq!(paragraphs("<div><p>a</p>\n\nb</div>\nc"), "<div><p>a</p>\n\nb</div>\n<p>c</p>\n");
    }

    #[test]
    fn a_block_that_is_never_closed_keeps_the_rest() {
        assert_eq!(paragraphs("a\n\n<div>b\n\nc"), "<p>a</p>\n<div>b\n\nc");
        assert_eq!(paragraphs("a</div>b"), "<p>a</div>b</p>\n");
    }

    #[test]
    fn signs_that_are_no_tags_are_text() {
        assert_eq!(paragraphs("a < b\n\n<3 <!-- <div> -->"), "<p>a < b</p>\n<p><3 <!-- <div> --></p>\n");
    }
}
