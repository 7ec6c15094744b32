//! Shortcodes: `[gallery ids="1,2"]`, which WordPress replaces when it shows a page.

mod caption;
mod encoded;
mod settings;
mod shown;
mod start;

use std::collections::{HashMap, HashSet};

pub(super) use self::encoded::decoded;
use self::{
    shown::{Place, put, strong},
    start::Start,
};
use super::{blocks::ShownWords, content::About, notes::Notes};
use crate::read::{
    collect::Collector,
    html::unescape,
    media,
    text::{FORMATTING, escape, is_address},
};

/// The longest start of a shortcode we look at; WordPress has no bound, and writers' brackets have no end.
const MAX_BYTES: usize = 4_000;

/// Makes code of what stands in `[code]` and `[sourcecode]`: a block where it has lines, else words in a line.
pub(super) fn code(text: &str) -> String {
    const NAMES: [(&str, &str); 2] = [("code", "[/code]"), ("sourcecode", "[/sourcecode]")];
    // Without its end it is none, and looking for the end each time would take for ever.
    let ends = NAMES.map(|(_, end)| text.rfind(end).unwrap_or_default());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, start) = rest.split_at(at);
        out.push_str(before);
        let position = text.len() - start.len();
        let found = NAMES.into_iter().zip(ends).find_map(|((name, end), last)| {
            let behind = start[1..].strip_prefix(name).filter(|behind| behind.starts_with([' ', ']']))?;
            let close = behind.bytes().take(MAX_BYTES).position(|byte| byte == b']')?;
            if position > last || out.ends_with('[') {
                return None;
            }
            behind[close + 1..].split_once(end)
        });
        match found {
            Some((inner, after)) => {
                out.push_str(&shown_as_code(inner));
                rest = after;
            }
            None => {
                out.push('[');
                rest = &start[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The visual editor escapes what is typed into it, the other one does not.
fn shown_as_code(inner: &str) -> String {
    let is_escaped =
        !inner.contains('<') && ["&lt;", "&gt;", "&amp;", "&quot;"].iter().any(|sign| inner.contains(sign));
    let code = inner.trim_matches('\n');
    let code = if is_escaped { code.to_owned() } else { escape(code) };
    let code = code.replace('[', "&#91;");
    if inner.contains('\n') { format!("<pre><code>{code}</code></pre>") } else { format!("<code>{code}</code>") }
}

/// Makes of shortcodes what they stand for: figures of captions and galleries, links of what is embedded, notes of notes.
/// Others are taken out and counted by name. What stands between the start and the end of one stays; square brackets that
/// are no shortcode stay.
pub(super) fn expand(text: &str, about: &About<'_>, notes: &mut Notes, collector: &mut Collector) -> String {
    if !text.contains('[') {
        return text.to_owned();
    }
    let ended = ended(text);
    let mut out = String::with_capacity(text.len());
    let mut seen: HashSet<&str> = HashSet::new();
    // The words in the settings of what is not counted as lost itself.
    let mut said: Vec<(&str, Vec<String>)> = Vec::new();
    // What stands behind what is still open: its button.
    let mut behind: Vec<(&str, String)> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Doubled brackets are how a writer shows a shortcode instead of using it.
        if let Some(inner) = rest.strip_prefix('[').filter(|inner| inner.starts_with('['))
            && let Some(start) = Start::read(inner, &ended, false)
            && inner[start.length..].starts_with(']')
        {
            out.push_str(&inner[..start.length]);
            rest = &inner[start.length + 1..];
            continue;
        }
        if let Some(ending) = rest.strip_prefix("[/")
            && let Some(name) = name(ending).filter(|name| seen.contains(name))
            && ending[name.len()..].starts_with(']')
        {
            rest = &ending[name.len() + 1..];
            if let Some((_, html)) = behind.pop_if(|(open, _)| *open == name) {
                put(&html, true, rest, &mut out);
                continue;
            }
            // What one encloses and what the next one does are no word together.
            if rest.starts_with('[') && out.ends_with(|c: char| !c.is_whitespace() && c != '>') {
                out.push('\n');
            }
            continue;
        }
        let Some(start) = Start::read(rest, &ended, begins_line(&out)) else {
            out.push('[');
            rest = &rest[1..];
            continue;
        };
        let inner = &rest[start.length..];
        said.push((start.name, start.content()));
        let is_ended = ended.get(start.name).is_some_and(|end| *end >= text.len() - inner.len());
        if is_ended && (start.is_caption() || NOTES.contains(&start.name)) {
            let ending = format!("[/{}]", start.name);
            if let Some((inner, after)) = inner.split_once(&ending) {
                out.push_str(&match start.is_caption() {
                    true => caption::figure(inner, start.attribute("caption")),
                    false => notes.take(inner),
                });
                rest = after;
                continue;
            }
        }
        // What an embedding shortcode encloses is an address, and nothing else.
        if is_ended
            && start.embeds()
            && let Some((address, after)) = near_end(inner, start.name)
            && is_address(address.trim())
        {
            collector.unmapped(&format!("shortcode {} (a link is in its place)", start.name));
            let html = media::embedded(&unescape(address.trim()), None);
            let is_alone = begins_line(&out) && ends_line(after);
            out.push_str(&if is_alone { format!("<p>{html}</p>") } else { html });
            rest = after;
            continue;
        }
        let shown = start.said();
        // Some have the address of their picture between their start and their end.
        if is_ended
            && start.is_picture()
            && let Some((address, after)) = near_end(inner, start.name)
            && is_address(address.trim())
        {
            collector.unmapped(&format!("shortcode {}", start.name));
            out.push_str(&start.figure(&unescape(address.trim()), shown.link.as_deref()));
            rest = after;
            continue;
        }
        // A button leads somewhere, and is called by what it encloses.
        if is_ended
            && start.speaks()
            && let Some(address) = &shown.link
            && shown.pictures.is_empty()
            && (start.is_button() || shown.words.is_empty() && shown.button.is_none())
            && let Some((words, after)) = near_end(inner, start.name)
            && !words.contains(['<', '[', '\n'])
            && !words.trim().is_empty()
        {
            collector.unmapped(&format!("shortcode {} (a link is in its place)", start.name));
            out.push_str(&media::link(address, Some(&unescape(words.trim()))));
            for further in shown.button.iter().chain(&shown.words).filter(|further| further.as_str() != words.trim()) {
                out.push_str(&format!(" {}", strong(further)));
            }
            rest = after;
            continue;
        }
        let place = Place { start: &start, is_ended, inner, about };
        let is_shown = match start.speaks() {
            true => place.say(&shown, &mut out, &mut behind, collector),
            false => place.show(&shown, &mut out, collector),
        };
        collector.unmapped_times("picture behind a part of the page", shown.backgrounds as u64);
        if !is_shown {
            if is_ended && !inner.starts_with("[/") {
                collector.unmapped(&format!("shortcode {}", start.name));
            } else {
                said.pop();
                collector.lost(&format!("shortcode {}", start.name));
            }
        }
        seen.insert(start.name);
        rest = inner;
    }
    out.push_str(rest);
    behind.iter().rev().for_each(|(_, html)| put(html, true, "", &mut out));
    said.retain(|(_, words)| !words.is_empty());
    if !said.is_empty() {
        let shown = ShownWords::of(&out);
        for (name, _) in said.iter().filter(|(_, words)| shown.lacks(words).next().is_some()) {
            collector.lost(&format!("words of the shortcode {name}"));
        }
    }
    out
}

/// The shortcodes of a text: the name of each, whether it encloses something, and whether it has a setting.
pub(super) fn starts<'t>(text: &'t str) -> impl Iterator<Item = (&'t str, bool, impl Fn(&str) -> bool + 't)> {
    let ended = ended(text);
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let at = next + text.get(next..)?.find('[')?;
            next = at + 1;
            // Doubled brackets show it.
            if text[..at].ends_with('[') {
                continue;
            }
            if let Some(start) = Start::read(&text[at..], &ended, begins_line(&text[..at])) {
                next = at + start.length;
                let is_enclosing = ended.get(start.name).is_some_and(|end| *end >= next);
                return Some((start.name, is_enclosing, move |name: &str| start.attribute(name).is_some()));
            }
        }
    })
}

/// Where the last end of each stands.
fn ended(text: &str) -> HashMap<&str, usize> {
    text.match_indices("[/").filter_map(|(at, _)| Some((name(&text[at + 2..])?, at))).collect()
}

/// What a shortcode encloses, and what follows on it, if its end is near: looking for it far away each time would take for ever.
fn near_end<'t>(inner: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    const NEAR: usize = 2_000;
    let end = format!("[/{name}]");
    let at = inner.as_bytes().windows(end.len()).take(NEAR).position(|window| window == end.as_bytes())?;
    Some((&inner[..at], &inner[at + end.len()..]))
}

/// Shortcodes of plugins for footnotes, which enclose the note.
const NOTES: [&str; 7] = ["efn_note", "footnote", "footnotes", "fn", "mfn", "ref", "note_ref"];

/// Whether what follows on a text begins a line, or a block.
fn begins_line(text: &str) -> bool {
    // A tag is near, and there may be none at all; looking through all that is before each would take for ever.
    let mut near = text.len().saturating_sub(300);
    while !text.is_char_boundary(near) {
        near += 1;
    }
    let before = text[near..].trim_end_matches([' ', '\t']);
    let tag = || before.rfind('<').map(|at| before[at + 1..].trim_start_matches('/'));
    before.is_empty() && near == 0
        || before.ends_with('\n')
        || before.ends_with('>') && tag().and_then(name).is_some_and(|name| !is_formatting(name))
}

fn ends_line(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '\t']);
    let tag = || behind.get(1..).map(|tag| tag.trim_start_matches('/')).and_then(name);
    behind.is_empty()
        || behind.starts_with(['\n', '['])
        || behind.starts_with("<!--")
        || behind.starts_with('<') && tag().is_some_and(|name| !is_formatting(name))
}

fn is_formatting(name: &str) -> bool {
    !name.eq_ignore_ascii_case("br") && FORMATTING.iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

/// How shortcodes name files.
const LISTS: [&str; 13] = [
    "ids",
    "include",
    "image",
    "images",
    "image_id",
    "image_ids",
    "gallery_ids",
    "attachment",
    "attachment_id",
    "attachments",
    "img_id",
    "media_id",
    "media_ids",
];

/// What stands in front of a list of them where a shortcode shows other things, too (`source="media: 8,9"`).
const MEDIA: &str = "media:";

/// The numbers of the files that the galleries and lists of a text show.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices('=').filter_map(|(at, _)| {
        let before = text[..at].trim_end();
        let name = before.rsplit(|c: char| !(c.is_ascii_alphabetic() || c == '_')).next().unwrap_or_default();
        let is_one = LISTS.contains(&name) || name == "source" || name == "id" && is_in_picture(before);
        is_one.then(|| &text[at + 1..])
    });
    starts.flat_map(|list| {
        // In JSON, a quote is escaped.
        let list = list.trim_start().trim_start_matches('\\');
        let list = QUOTES.iter().find_map(|quote| list.strip_prefix(quote)).unwrap_or(list);
        let list = list.strip_prefix(MEDIA).unwrap_or(list);
        let end = list.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | ' '))).unwrap_or(list.len());
        list[..end].split([',', ' ']).filter(|number| !number.is_empty())
    })
}

/// Whether a text ends in the start of a shortcode for a picture.
fn is_in_picture(before: &str) -> bool {
    const NEAR: usize = 200;
    let at = before.bytes().rev().take(NEAR).position(|byte| byte == b'[');
    let name = at.and_then(|at| name(&before[before.len() - at..]));
    name.is_some_and(start::is_of_picture)
}

/// The numbers of the posts whose files the galleries of a text show; `None` stands for the one the text is of. Those that name
/// files, too, are among them.
pub(super) fn galleries(text: &str) -> impl Iterator<Item = Option<&str>> {
    text.match_indices("[gallery").map(|(at, name)| {
        let rest = &text[at + name.len()..];
        let length = rest.bytes().take(MAX_BYTES).position(|byte| byte == b']');
        let code = &rest[..length.unwrap_or_default()];
        let (_, value) = code.split_once(" id=")?;
        let value = value.trim_start_matches(['"', '\'']);
        let number = &value[..value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len())];
        (!number.is_empty()).then_some(number)
    })
}

/// What stands around values: straight quotes, what typography makes of them, and entities.
const QUOTES: [&str; 13] =
    ["\"", "'", "“", "”", "„", "″", "‘", "’", "&quot;", "&#8220;", "&#8221;", "&#8243;", "&#34;"];

/// The name a text begins with.
fn name(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len());
    (1..=40)
        .contains(&length)
        .then(|| &text[..length])
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}
