//! Files that hang on a post: those of podcasts, and films and sounds that themes keep beside a text.

use super::fields::is_of_program;
use crate::read::{
    collect::Collector,
    media::{self, is_picture_address},
    text::{escape, is_address, squeezed},
};

/// Nobody hangs more on one post.
const MOST: usize = 100;

/// Whether a field names one.
pub(super) fn is_one(key: &str, value: &str) -> bool {
    if key == "enclosure" { address_of_line(value).is_some() } else { film(key, value).is_some() }
}

/// Takes what a field names.
pub(super) fn take<'a>(enclosures: &mut Vec<&'a str>, key: &str, value: &'a str, collector: &mut Collector) {
    if enclosures.len() >= MOST {
        return collector.lost("further enclosures");
    }
    match film(key, value).filter(|_| key != "enclosure") {
        Some(address) => {
            collector.unmapped(&format!("custom field {key} (a link is in its place)"));
            enclosures.push(address);
        }
        None => enclosures.push(value),
    }
}

/// What a podcast's field begins with: an address, its length and its media type, a line each.
fn address_of_line(value: &str) -> Option<&str> {
    value.lines().next().map(str::trim).filter(|line| is_address(line))
}

/// The address of the film or the sound that a field of this name has, alone, in HTML or among values of PHP.
fn film<'a>(key: &str, value: &'a str) -> Option<&'a str> {
    const NAMES: [&str; 7] = ["video", "audio", "embed", "podcast", "soundcloud", "youtube", "vimeo"];
    /// What is beside one.
    const BESIDE: [&str; 8] = ["thumb", "image", "poster", "cover", "schema", "height", "width", "style"];
    let key_words = squeezed(key);
    let has = |words: &[&str]| words.iter().any(|word| key_words.contains(word));
    if !has(&NAMES) || has(&BESIDE) || is_of_program(key) {
        return None;
    }
    let starts = value.match_indices("http").map(|(at, _)| &value[at..]);
    let addresses = starts.map(|rest| {
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '[' | ']');
        rest.split(ends).next().unwrap_or_default()
    });
    addresses.take(MOST).find(|address| is_address(address) && !is_picture_address(address))
}

/// A text with links to the files that hang on it, unless it leads to them already.
pub(super) fn shown(mut html: String, enclosures: &[&str]) -> String {
    for enclosure in enclosures {
        let mut lines = enclosure.lines().map(str::trim);
        let address = lines.next().unwrap_or_default();
        if leads_to(&html, address) || leads_to(&html, &escape(address)) {
            continue;
        }
        html.push_str(&format!(
            "\n<p>{}</p>\n",
            media::embedded(address, lines.nth(1).filter(|kind| !kind.is_empty()))
        ));
    }
    html
}

/// Whether there is an address in a text, and not as the beginning of a longer one.
fn leads_to(html: &str, address: &str) -> bool {
    let is_of_address = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '%' | '=');
    html.match_indices(address).any(|(at, _)| !html[at + address.len()..].starts_with(is_of_address))
}
