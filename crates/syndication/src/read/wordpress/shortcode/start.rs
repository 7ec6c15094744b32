//! The start of a shortcode: its name and its settings.

use std::collections::{HashMap, HashSet};

use super::{LISTS, MAX_BYTES, QUOTES, ends_line, name};
use crate::read::{
    collect::Collector,
    html::unescape,
    library::MediaFile,
    media::{self, is_picture_address},
    wordpress::{content::About, files},
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

/// Shortcodes that embed something of a service.
const EMBEDS: [&str; 9] =
    ["dailymotion", "facebook", "instagram", "playlist", "soundcloud", "ted", "tweet", "vimeo", "youtube"];

/// The start of a shortcode.
pub(super) struct Start<'a> {
    pub(super) name: &'a str,
    attributes: &'a str,
    pub(super) length: usize,
}

impl<'a> Start<'a> {
    /// The shortcode a text begins with, its bracket included.
    ///
    /// Alone in its line, a word is one that nobody has declared: `[toc]`, `[contact_form 7]`.
    pub(super) fn read(text: &'a str, ended: &HashMap<&str, usize>, begins_line: bool) -> Option<Self> {
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

    pub(super) fn is_caption(&self) -> bool {
        matches!(self.name, "caption" | "wp_caption")
    }

    pub(super) fn embeds(&self) -> bool {
        ["audio", "embed", "video"].iter().any(|word| self.name.contains(word)) || EMBEDS.contains(&self.name)
    }

    pub(super) fn is_picture(&self) -> bool {
        self.name == "gallery" || self.name.contains("image")
    }

    /// What it shows, as far as the export has it: pictures, or links to what is embedded.
    pub(super) fn shown(&self, about: &About<'_>, collector: &mut Collector) -> Option<String> {
        if self.is_picture() || self.name == "playlist" {
            let files = self.files(about, collector);
            if !files.is_empty() {
                return Some(files);
            }
        }
        let address = self.address();
        let attributes = self.attributes;
        let bare = || attributes.split_whitespace().next().map(|word| word.trim_matches(['"', '\'', '=']));
        let number = || self.attribute("id").or_else(bare).filter(|id| !id.is_empty() && !id.contains(['=', '/']));
        let address = address.or_else(|| match self.name {
            "youtube" => Some(format!("https://www.youtube.com/watch?v={}", number()?)),
            "vimeo" => Some(format!("https://vimeo.com/{}", number()?)),
            "tweet" => Some(format!("https://twitter.com/i/status/{}", number()?)),
            _ => None,
        });
        let address = unescape(&address?).into_owned();
        Some(match () {
            () if self.embeds() => media::embedded(&address, None),
            () if self.is_picture() && is_picture_address(&address) => {
                let words = |names: [&str; 2]| names.into_iter().find_map(|name| self.attribute(name)).map(unescape);
                let (alt, caption) = (words(["alt", "title"]), words(["caption", "desc"]));
                media::figure(&address, alt.as_deref(), caption.as_deref())
            }
            () => media::link(&address, None),
        })
    }

    /// The first address that it names.
    fn address(&self) -> Option<String> {
        let attributes = self.attributes;
        let at = ["https://", "http://"].into_iter().find_map(|scheme| attributes.find(scheme))?;
        let address = &attributes[at..];
        let end = address.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '”'));
        Some(address[..end.unwrap_or(address.len())].to_owned())
    }

    /// Where it leads, if it leads somewhere and shows nothing.
    pub(super) fn link(&self) -> Option<String> {
        let address = self.address().filter(|_| !self.embeds() && !self.is_picture() && self.name != "playlist")?;
        Some(unescape(&address).into_owned())
    }

    /// The words for readers among its settings.
    pub(super) fn words(&self) -> impl Iterator<Item = &'a str> {
        const SAY: [&str; 9] =
            ["title", "heading", "headline", "subtitle", "question", "caption", "text", "label", "description"];
        const OF_QUOTATIONS: [&str; 3] = ["author", "cite", "source"];
        let is_words = |value: &&str| {
            value.chars().any(char::is_alphabetic)
                && !value.starts_with(['#', '{', '<'])
                && !value.contains("://")
                && !["true", "false", "yes", "no", "on", "off", "none", "left", "right", "center", "default"]
                    .iter()
                    .any(|setting| value.eq_ignore_ascii_case(setting))
        };
        let is_quotation = ["quote", "testimonial"].iter().any(|word| self.name.contains(word));
        let of_quotations = OF_QUOTATIONS.into_iter().filter(move |_| is_quotation);
        SAY.into_iter().chain(of_quotations).filter_map(|name| self.attribute(name)).map(str::trim).filter(is_words)
    }

    /// The files of a gallery or a list: those it names, else those that came with the post.
    fn files(&self, about: &About<'_>, collector: &mut Collector) -> String {
        let named = LISTS.into_iter().find_map(|name| self.attribute(name));
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
        files.into_iter().map(files::shown).collect()
    }

    /// The value of an attribute, in whichever quotes an editor has made of the straight ones, or in none.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let attributes = self.attributes;
        let is_start = |at: &usize| {
            attributes[..*at].ends_with([' ', '\n', '\t', '\u{a0}'])
                && attributes[*at + name.len()..].trim_start().starts_with('=')
        };
        let (at, _) = attributes.match_indices(name).find(|(at, _)| is_start(at))?;
        let value = attributes[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        Some(match QUOTES.iter().find_map(|quote| value.strip_prefix(quote)) {
            Some(quoted) => {
                let is_straight = |quote: &&&str| value.starts_with(**quote) && quote.len() == 1;
                let ends = match QUOTES.iter().find(is_straight) {
                    Some(quote) => quoted.find(quote),
                    None => QUOTES.iter().filter_map(|quote| quoted.find(quote)).min(),
                };
                &quoted[..ends.unwrap_or(quoted.len())]
            }
            None => value.split([' ', '\n', '\t', '\u{a0}', '/']).next().unwrap_or_default(),
        })
    }
}

/// What writers put into brackets is words. A program's name is in small letters, with or without lines in it.
fn is_code(name: &str, behind: &str) -> bool {
    let is_joined = name.contains(['_', '-']);
    name.len() > 1
        && (is_joined
            || behind.trim().is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
