//! Shortcodes: `[gallery ids="1,2"]`, which WordPress replaces when it shows a page.

use std::collections::{HashMap, HashSet};

use super::{content::About, notes::Notes};
use crate::read::{
    collect::Collector,
    library::MediaFile,
    media,
    text::{FORMATTING, escape},
};

/// Shortcodes of WordPress itself and of what it is hosted with; others are known by their attributes or their end.
const KNOWN: [&str; 22] = [
    "archives",
    "audio",
    "caption",
    "code",
    "contact-form",
    "embed",
    "flickr",
    "gallery",
    "googlemaps",
    "instagram",
    "playlist",
    "polldaddy",
    "recipe",
    "slideshow",
    "soundcloud",
    "sourcecode",
    "tweet",
    "twitter",
    "video",
    "vimeo",
    "wp_caption",
    "youtube",
];

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
    // Where the last end of each stands.
    let ended: HashMap<&str, usize> =
        text.match_indices("[/").filter_map(|(at, _)| Some((name(&text[at + 2..])?, at))).collect();
    let mut out = String::with_capacity(text.len());
    let mut seen: HashSet<&str> = HashSet::new();
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
            continue;
        }
        let Some(start) = Start::read(rest, &ended, begins_line(&out)) else {
            out.push('[');
            rest = &rest[1..];
            continue;
        };
        let inner = &rest[start.length..];
        let is_ended = ended.get(start.name).is_some_and(|end| *end >= text.len() - inner.len());
        if is_ended && (start.is_caption() || NOTES.contains(&start.name)) {
            let ending = format!("[/{}]", start.name);
            if let Some((inner, after)) = inner.split_once(&ending) {
                out.push_str(&match start.is_caption() {
                    true => figure(inner, start.attribute("caption")),
                    false => notes.take(inner),
                });
                rest = after;
                continue;
            }
        }
        let shown = start.shown(about, collector);
        if shown.is_some() && !start.is_picture() {
            collector.unmapped(&format!("shortcode {} (a link is in its place)", start.name));
        }
        match shown {
            Some(html) if begins_line(&out) && ends_line(inner) && !start.is_picture() => {
                out.push_str(&format!("<p>{html}</p>"));
            }
            Some(html) => out.push_str(&html),
            // What it embeds is the address in it, which becomes a link.
            None if is_ended && start.name == "embed" => {}
            None if is_ended && !inner.starts_with("[/") => collector.unmapped(&format!("shortcode {}", start.name)),
            None => collector.lost(&format!("shortcode {}", start.name)),
        }
        seen.insert(start.name);
        rest = inner;
    }
    out.push_str(rest);
    out
}

/// Shortcodes of plugins for footnotes, which enclose the note.
const NOTES: [&str; 7] = ["efn_note", "footnote", "footnotes", "fn", "mfn", "ref", "note_ref"];

/// Whether what follows on a text begins a line, or a block.
fn begins_line(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    // A tag is near, and there may be none at all.
    let near = before.len().saturating_sub(300);
    let open = || before.as_bytes()[near..].iter().rposition(|byte| *byte == b'<');
    let tag = || open().and_then(|at| before.get(near + at + 1..)).map(|tag| tag.trim_start_matches('/'));
    before.is_empty()
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

/// The numbers of the files that the galleries and lists of a text show.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let lists = text.match_indices("ids=").map(|(at, _)| &text[at + 4..]);
    lists.flat_map(|list| {
        let list = list.trim_start_matches(['"', '\'']);
        let end = list.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | ' '))).unwrap_or(list.len());
        list[..end].split([',', ' ']).filter(|number| !number.is_empty())
    })
}

/// A picture with its caption, which older exports have in an attribute.
fn figure(inner: &str, caption: Option<&str>) -> String {
    let end =
        ["</a>", ">"].into_iter().find_map(|end| inner.rfind("<img").and_then(|_| Some(inner.find(end)? + end.len())));
    let (picture, text) = inner.split_at(end.unwrap_or_default());
    let caption = caption.unwrap_or(text).trim();
    format!("<figure>{}<figcaption>{caption}</figcaption></figure>", picture.trim())
}

/// Shortcodes that embed something of a service.
const EMBEDS: [&str; 9] =
    ["dailymotion", "facebook", "instagram", "playlist", "soundcloud", "ted", "tweet", "vimeo", "youtube"];

/// The start of a shortcode.
struct Start<'a> {
    name: &'a str,
    attributes: &'a str,
    length: usize,
}

impl<'a> Start<'a> {
    /// The shortcode a text begins with, its bracket included.
    ///
    /// Alone in its line, a word is one that nobody has declared: `[toc]`, `[contact_form 7]`.
    fn read(text: &'a str, ended: &HashMap<&str, usize>, begins_line: bool) -> Option<Self> {
        let name = name(text.strip_prefix('[')?)?;
        let rest = &text[1 + name.len()..];
        let mut quote = None;
        let (mut end, mut has_attributes) = (None, false);
        for (at, c) in rest.char_indices().take_while(|(at, _)| *at < MAX_BYTES) {
            match (c, quote) {
                (']', None) => {
                    end = Some(at);
                    break;
                }
                ('[' | '<', None) => return None,
                ('"' | '\'', None) if rest[..at].ends_with('=') => {
                    has_attributes = true;
                    quote = Some(c);
                }
                (c, Some(open)) if c == open => quote = None,
                ('=', None) => has_attributes = true,
                _ => {}
            }
        }
        let end = end?;
        let is_alone = begins_line && ends_line(&rest[end + 1..]) && is_code(name, rest[..end].trim_end_matches('/'));
        let is_shortcode = KNOWN.contains(&name) || has_attributes || ended.contains_key(name) || is_alone;
        let parted = rest.starts_with([' ', '\n', '\t', ']', '/', '=', '\u{a0}']);
        (is_shortcode && parted).then_some(Self { name, attributes: &rest[..end], length: 1 + name.len() + end + 1 })
    }

    fn is_caption(&self) -> bool {
        matches!(self.name, "caption" | "wp_caption")
    }

    fn is_picture(&self) -> bool {
        self.name == "gallery" || self.name.contains("image")
    }

    /// What it shows, as far as the export has it: pictures, or links to what is embedded.
    fn shown(&self, about: &About<'_>, collector: &mut Collector) -> Option<String> {
        if self.is_picture() || self.name == "playlist" {
            let files = self.files(about, collector);
            if !files.is_empty() {
                return Some(files);
            }
        }
        let attributes = self.attributes;
        let found = ["https://", "http://"].into_iter().find_map(|scheme| attributes.find(scheme));
        let address = found.map(|at| {
            let address = &attributes[at..];
            let end = address.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '”'));
            address[..end.unwrap_or(address.len())].to_owned()
        });
        let bare = || attributes.split_whitespace().next().map(|word| word.trim_matches(['"', '\'', '=']));
        let number = || self.attribute("id").or_else(bare).filter(|id| !id.is_empty() && !id.contains(['=', '/']));
        let address = address.or_else(|| match self.name {
            "youtube" => Some(format!("https://www.youtube.com/watch?v={}", number()?)),
            "vimeo" => Some(format!("https://vimeo.com/{}", number()?)),
            "tweet" => Some(format!("https://twitter.com/i/status/{}", number()?)),
            _ => None,
        });
        let address = crate::read::html::unescape(&address?).into_owned();
        let embeds =
            ["audio", "embed", "video"].iter().any(|word| self.name.contains(word)) || EMBEDS.contains(&self.name);
        Some(if embeds { media::embedded(&address, None) } else { media::link(&address, None) })
    }

    /// The files of a gallery or a list: those it names, else those that came with the post.
    fn files(&self, about: &About<'_>, collector: &mut Collector) -> String {
        let named = ["ids", "include", "image", "images"].into_iter().find_map(|name| self.attribute(name));
        let named =
            named.filter(|named| named.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' ')));
        let left_out: HashSet<&str> = self
            .attribute("exclude")
            .unwrap_or_default()
            .split([',', ' '])
            .filter(|number| !number.is_empty())
            .collect();
        let (mut files, mut missing): (Vec<&MediaFile>, u32) = (Vec::new(), 0);
        match named {
            Some(named) => {
                for number in named.split([',', ' ']).filter(|number| !number.is_empty()) {
                    match about.files.get(number) {
                        Some(file) => files.push(file),
                        None => missing += 1,
                    }
                }
            }
            None if self.name == "gallery" => {
                let post = self.attribute("id").or(about.post).unwrap_or_default();
                let own = about.files.of_post(post).into_iter();
                files.extend(own.filter(|(number, _)| !left_out.contains(number)).map(|(_, file)| file));
            }
            None => {}
        }
        if missing > 0 {
            collector.problem(about.place, format!("{missing} files of its {} are not in the export", self.name));
            if !files.is_empty() {
                collector.lost("pictures of galleries");
            }
        }
        let shown = files.into_iter().map(|file| match file.is_picture() {
            true => media::figure(&file.url, file.alt.as_deref(), file.caption.as_deref()),
            false => format!("<p>{}</p>\n", media::link(&file.url, file.title.as_deref())),
        });
        shown.collect()
    }

    fn attribute(&self, name: &str) -> Option<&'a str> {
        let start = format!("{name}=");
        let is_whole = |at: &usize| self.attributes[..*at].ends_with([' ', '\n', '\t', '\u{a0}']);
        let (at, _) = self.attributes.match_indices(&start).find(|(at, _)| is_whole(at))?;
        let value = &self.attributes[at + start.len()..];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    }
}

/// What writers put into brackets is words. A program's name is in small letters, with or without lines in it.
fn is_code(name: &str, behind: &str) -> bool {
    let is_joined = name.contains(['_', '-']);
    name.len() > 1
        && (is_joined
            || behind.trim().is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// The name a text begins with.
fn name(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len());
    (1..=40)
        .contains(&length)
        .then(|| &text[..length])
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}
