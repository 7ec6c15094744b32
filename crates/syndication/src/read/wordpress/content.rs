//! The text of a post: from what WordPress keeps to plain HTML.

use super::{
    blocks::{self, ShownWords},
    files::Files,
    notes::{self, Notes},
    paragraphs::paragraphs,
    restricted, shortcode,
};
use crate::read::{
    collect::{Collector, is_sentence},
    html::{Piece, pieces, unescape},
    media,
    text::{is_address, plain},
};

/// What is known of the post a text is of.
pub(super) struct About<'a> {
    pub(super) place: &'a str,
    /// Its number.
    pub(super) post: Option<&'a str>,
    pub(super) files: Files<'a>,
    /// The footnotes that are kept beside the text.
    pub(super) notes: Option<&'a str>,
}

/// The HTML of a text, without the editor's comments and shortcodes, with its paragraphs and its notes. The first sign in it that it is
/// not for everybody goes into `sign`.
pub(super) fn html(text: &str, about: &About<'_>, sign: &mut Option<String>, collector: &mut Collector) -> String {
    let text = text.replace("\r\n", "\n");
    // What is shown as code is neither a comment nor a shortcode.
    let text = shortcode::code(&text);
    let text = shortcode::decoded(&text, collector);
    let has_blocks = text.contains("<!-- wp:");
    let mut kept = about.notes.and_then(|notes| notes::kept(notes, &text));
    if about.notes.is_some() && kept.is_none() {
        collector.problem(about.place, "its footnotes cannot be read");
        collector.lost("footnotes");
    }
    let text = with_blocks(text, about, collector);
    *sign = sign.take().or_else(|| restricted::in_text(&text));
    let text = blocks::with_files(&text, about, collector);
    let text = without_comments(&text, &mut kept, collector);
    let mut notes = Notes::default();
    let text = shortcode::expand(&text, about, &mut notes, collector);
    // The block editor writes its paragraphs out; the classic one leaves them to the theme.
    let mut html = if has_blocks { with_links(text.trim()) } else { paragraphs(&text) };
    for list in [kept.unwrap_or_default(), notes.list()] {
        if !list.is_empty() && !html.is_empty() && !html.ends_with('\n') {
            html.push('\n');
        }
        html.push_str(&list);
    }
    html
}

/// Puts the texts of reusable blocks where they are named, and those that they name themselves. Of one that is not public nothing is
/// shown, as WordPress shows nothing of it.
fn with_blocks(mut text: String, about: &About<'_>, collector: &mut Collector) -> String {
    const START: &str = "<!-- wp:block ";
    /// Nobody nests them deeper, and a block that names itself would never end.
    const DEPTH: usize = 3;
    for _ in 0..DEPTH {
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(START) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
            let number = rest[..end].split_once("\"ref\":").map(|(_, number)| {
                let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
                &number[..end]
            });
            if let Some(number) = number.filter(|number| about.files.withholds(number)) {
                let message = format!("its reusable block {number} is not public, so that nothing of it is shown");
                collector.problem(about.place, message);
                collector.lost("reusable blocks that are not public");
                rest = &rest[end..];
                continue;
            }
            // What many name a thousand times is no text.
            match number.and_then(|number| about.files.block(number)).filter(|_| out.len() < MOST_TEXT) {
                // What stands here in the place of some of its words is looked for in the settings.
                Some(block) if rest[..end].contains("\"content\":") => {
                    out.push_str(block);
                    out.push_str(&rest[..end].replace("wp:block ", "wp:overrides "));
                }
                Some(block) => out.push_str(block),
                None => out.push_str(&rest[..end].replace("wp:block ", "wp:reusable ")),
            }
            rest = &rest[end..];
        }
        if rest.len() == text.len() {
            break;
        }
        out.push_str(rest);
        text = out;
    }
    text
}

/// Longer texts are not made longer.
const MOST_TEXT: usize = 2_000_000;

/// Takes out the comments of WordPress. A block that is only a comment is made when the page is shown, from data an
/// export does not hold, but for the footnotes.
fn without_comments(text: &str, kept: &mut Option<String>, collector: &mut Collector) -> String {
    /// Blocks that list what a site has, or show what every page has.
    const FURNITURE: [&str; 18] = [
        "latest-posts",
        "latest-comments",
        "archives",
        "categories",
        "calendar",
        "rss",
        "search",
        "tag-cloud",
        "spacer",
        "separator",
        "navigation",
        "page-list",
        "site-title",
        "site-logo",
        "site-tagline",
        "loginout",
        "template-part",
        "more",
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Blocks with words in their settings, which may stand in their text as well.
    let mut said: Vec<(&str, Vec<String>)> = Vec::new();
    while let Some(at) = rest.find("<!--") {
        let Some(length) = rest[at..].find("-->") else { break };
        // Of `<!-->` and `<!--->`, which are whole comments, too, there is nothing between.
        let comment = rest.get(at + 4..at + length).unwrap_or_default().trim();
        let end = at + length + 3;
        out.push_str(&rest[..at]);
        if let Some(block) = comment.strip_prefix("wp:").and_then(|block| block.strip_suffix('/')) {
            let name = block.split_whitespace().next().unwrap_or_default();
            let label = format!("block {name}");
            match (name, kept.take()) {
                ("footnotes", Some(list)) => out.push_str(&list),
                // Where its author has taken all of them out again, there are none.
                ("footnotes", None) => {}
                (name, list) => {
                    *kept = list;
                    let words = blocks::words(block);
                    let is_furniture = FURNITURE.contains(&name);
                    match address_in(block) {
                        Some(address) => {
                            collector.unmapped(&format!("{label} (a link is in its place)"));
                            let called = words.first().and_then(|words| plain(words));
                            out.push_str(&format!("<p>{}</p>", media::embedded(&address, called.as_deref())));
                            if words.len() > 1 {
                                collector.lost(&label);
                            }
                        }
                        None if words.iter().any(|words| !is_furniture || is_sentence(words)) => collector.lost(&label),
                        None if is_furniture || name.contains('/') && !name.contains("embed") => {
                            collector.unmapped(&label);
                        }
                        None => collector.lost(&label),
                    }
                }
            }
        } else if let Some(picture) = blocks::background(comment, &rest[end..]) {
            said.extend(words_of(comment));
            out.push_str(&picture);
        } else if comment == "nextpage" {
            collector.unmapped("page break");
            out.push_str("\n\n");
        } else if is_wordpress(comment) {
            said.extend(words_of(comment));
            if let Some((tag, behind)) = blocks::aligned(comment, &rest[end..]) {
                out.push_str(&tag);
                rest = behind;
                continue;
            }
        } else {
            out.push_str(&rest[at..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    if !said.is_empty() {
        let shown = ShownWords::of(&out);
        for (name, _) in said.iter().filter(|(_, words)| shown.lacks(words).next().is_some()) {
            collector.lost(&format!("block {name}"));
        }
    }
    out
}

/// The name of a block that begins, and the words in its settings, if there are any.
fn words_of(comment: &str) -> Option<(&str, Vec<String>)> {
    let block = comment.strip_prefix("wp:")?;
    let words = blocks::words(block);
    (!words.is_empty()).then(|| (block.split_whitespace().next().unwrap_or_default(), words))
}

fn is_wordpress(comment: &str) -> bool {
    comment.starts_with("wp:") || comment.starts_with("/wp:") || comment.starts_with("more") || comment == "noteaser"
}

/// The address of what a block embeds, among its settings.
fn address_in(block: &str) -> Option<String> {
    let json = block.get(block.find('{')?..=block.rfind('}')?)?;
    let settings: serde_json::Value = serde_json::from_str(json).ok()?;
    let names = ["url", "src", "href", "providerUrl"];
    let address = names.into_iter().find_map(|name| settings.get(name)?.as_str())?;
    is_address(address).then(|| address.to_owned())
}

/// Makes a link of each address that is all there is in a block, which is how the editor keeps what it embeds.
fn with_links(html: &str) -> String {
    let parts: Vec<Piece<'_>> = pieces(html).collect();
    let mut out = String::with_capacity(html.len());
    for (index, part) in parts.iter().enumerate() {
        let is_alone = || {
            let before = index.checked_sub(1).and_then(|before| parts.get(before));
            let block = |piece: Option<&Piece<'_>>, end: bool| match piece {
                Some(Piece::Tag(tag)) if tag.is_end == end => {
                    ["p", "div", "figure"].into_iter().find(|name| tag.is(name))
                }
                _ => None,
            };
            block(before, false).filter(|_| block(parts.get(index + 1), true).is_some())
        };
        match part {
            Piece::Text(text) if is_address(text.trim()) => match is_alone() {
                // In a paragraph it may be no more than an address.
                Some("p") => out.push_str(&media::link(&unescape(text.trim()), None)),
                Some(_) => out.push_str(&media::embedded(&unescape(text.trim()), None)),
                None => out.push_str(text),
            },
            part => out.push_str(part.source()),
        }
    }
    out
}
