//! The start of a shortcode: its name and its settings.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use super::{
    LISTS, MAX_BYTES, MEDIA, ends_line, name,
    settings::{Said, is_said},
};
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
    pub(super) attributes: &'a str,
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
        self.name == "gallery" || is_of_picture(self.name)
    }

    /// Whether what it says in its settings is for readers; of forms it is what they ask.
    pub(super) fn speaks(&self) -> bool {
        !self.is_picture()
            && !self.embeds()
            && self.name != "playlist"
            && !self.is_one_of(&["form", "field", "contact"])
    }

    /// Whether its settings are all that it says.
    pub(super) fn speaks_alone(&self) -> bool {
        self.speaks() && self.is_one_of(&["heading", "separator", "button", "btn", "cta"])
    }

    /// Whether it is called by what it encloses.
    pub(super) fn is_button(&self) -> bool {
        self.is_one_of(&["button", "btn", "link"])
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        self.name.split(['_', '-']).any(|part| words.contains(&part))
    }

    /// What is shown of pictures and of what is embedded, as far as the export has it: pictures, or links.
    pub(super) fn shown(&self, said: &Said, about: &About<'_>, collector: &mut Collector) -> Option<String> {
        if self.is_picture() || self.name == "playlist" {
            let mut files = self.files(about, collector);
            if !files.is_empty() {
                if let Some(address) = &said.link {
                    files.push_str(&format!("<p>{}</p>\n", media::link(address, said.button.as_deref())));
                }
                return Some(files);
            }
        }
        if self.is_picture()
            && let Some(picture) = said.pictures.iter().find(|picture| is_picture_address(picture))
        {
            return Some(self.figure(picture, said.link.as_deref()));
        }
        let attributes = self.attributes;
        let bare = || attributes.split_whitespace().next().map(|word| word.trim_matches(['"', '\'', '=']));
        let number = || self.attribute("id").or_else(bare).filter(|id| !id.is_empty() && !id.contains(['=', '/']));
        // A film may have a picture of it in front.
        let address = said.link.clone().or_else(|| self.address()).or_else(|| match self.name {
            "youtube" => Some(format!("https://www.youtube.com/watch?v={}", number()?)),
            "vimeo" => Some(format!("https://vimeo.com/{}", number()?)),
            "tweet" => Some(format!("https://twitter.com/i/status/{}", number()?)),
            _ => None,
        });
        let address = unescape(&address?).into_owned();
        Some(match self.embeds() {
            true => media::embedded(&address, self.called().as_deref()),
            false => media::link(&address, self.called().as_deref()),
        })
    }

    /// A picture with its words.
    pub(super) fn figure(&self, picture: &str, link: Option<&str>) -> String {
        let words = |names: [&str; 2]| names.into_iter().find_map(|name| self.attribute(name)).map(unescape);
        let (alt, caption) = (words(["alt", "title"]), words(["caption", "desc"]));
        media::linked_figure(picture, alt.as_deref(), caption.as_deref(), link)
    }

    /// What it calls what it leads to.
    fn called(&self) -> Option<Cow<'a, str>> {
        const NAMES: [&str; 5] = ["button_text", "text", "title", "label", "name"];
        let words = NAMES.into_iter().filter_map(|name| self.attribute(name));
        words.map(str::trim).find(|words| is_said("title", words)).map(unescape)
    }

    /// The first address that it names.
    pub(super) fn address(&self) -> Option<String> {
        let attributes = self.attributes;
        let at = ["https://", "http://"].into_iter().find_map(|scheme| attributes.find(scheme))?;
        let address = &attributes[at..];
        let end = address.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '”'));
        Some(address[..end.unwrap_or(address.len())].to_owned())
    }

    /// The files of a gallery or a list: those it names, else those that came with the post.
    fn files(&self, about: &About<'_>, collector: &mut Collector) -> String {
        let source = || self.attribute("source")?.strip_prefix(MEDIA);
        let number = || self.attribute("id").filter(|_| is_of_picture(self.name));
        let named = LISTS.into_iter().find_map(|name| self.attribute(name)).or_else(source).or_else(number);
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
                if about.post != Some(post) && about.files.withholds(post) {
                    collector
                        .problem(about.place, format!("its gallery is that of the post {post}, which is not public"));
                    return String::new();
                }
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
}

/// Whether a shortcode of this name shows a picture.
pub(super) fn is_of_picture(name: &str) -> bool {
    name.contains("image") || name == "img"
}

/// What writers put into brackets is words. A program's name is in small letters, with or without lines in it.
fn is_code(name: &str, behind: &str) -> bool {
    let is_joined = name.contains(['_', '-']);
    name.len() > 1
        && (is_joined
            || behind.trim().is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
