//! The text of a post: from what WordPress keeps to plain HTML.

use super::{paragraphs::paragraphs, shortcode};
use crate::{collect::Collector, text::lost_elements};

/// The HTML of a text, without the editor's comments and shortcodes, with its paragraphs.
pub(super) fn html(text: &str, collector: &mut Collector) -> String {
    let text = text.replace("\r\n", "\n");
    // What is shown as code is neither a comment nor a shortcode.
    let text = shortcode::code(&text);
    let has_blocks = text.contains("<!-- wp:");
    let text = without_comments(&text, collector);
    let text = shortcode::expand(&text, collector);
    for name in lost_elements(&text) {
        collector.unmapped(&format!("html {name}"));
    }
    // The block editor writes its paragraphs out; the classic one leaves them to the theme.
    if has_blocks { text.trim().to_owned() } else { paragraphs(&text) }
}

/// Takes out the comments of WordPress. A block that is only a comment is made when the page is shown, from data an
/// export does not hold.
fn without_comments(text: &str, collector: &mut Collector) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        let Some(length) = rest[at..].find("-->") else { break };
        // Of `<!-->` and `<!--->`, which are whole comments, too, there is nothing between.
        let comment = rest.get(at + 4..at + length).unwrap_or_default().trim();
        let end = at + length + 3;
        out.push_str(&rest[..at]);
        if let Some(block) = comment.strip_prefix("wp:").and_then(|block| block.strip_suffix('/')) {
            let name = block.split_whitespace().next().unwrap_or_default();
            collector.unmapped(&format!("block {name}"));
        } else if comment == "nextpage" {
            collector.unmapped("page break");
        } else if !is_wordpress(comment) {
            out.push_str(&rest[at..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn is_wordpress(comment: &str) -> bool {
    comment.starts_with("wp:") || comment.starts_with("/wp:") || comment.starts_with("more") || comment == "noteaser"
}
