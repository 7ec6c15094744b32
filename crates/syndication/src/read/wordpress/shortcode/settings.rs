//! What a shortcode says in its settings: words, pictures and where it leads, each by what it is called and by what it is.

use std::borrow::Cow;

use super::{LISTS, QUOTES, encoded, start::Start};
use crate::read::{
    collect::{content_of_field, is_content, is_value},
    html::unescape,
    media::is_picture_address,
    slugs::percent_decoded,
    text::{is_address, plain, squeezed},
};

/// Nobody sets more.
const MOST: usize = 100;

/// Nobody shows more files in one place.
const MOST_FILES: usize = 1_000;

/// What a shortcode says in its settings.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Words in the order in which they are shown, a title first.
    pub(super) words: Vec<String>,
    /// What its button is called.
    pub(super) button: Option<String>,
    /// Where it leads.
    pub(super) link: Option<String>,
    /// Addresses of its pictures, or their numbers in the library.
    pub(super) pictures: Vec<String>,
    /// How many pictures and films stand behind it.
    pub(super) backgrounds: usize,
}

/// A setting, its value as it is meant.
struct Setting<'a> {
    name: &'a str,
    value: Cow<'a, str>,
}

impl Said {
    /// Whether no setting is an address.
    pub(super) fn is_without_address(&self) -> bool {
        self.link.is_none() && self.pictures.is_empty() && self.backgrounds == 0
    }
}

impl<'a> Start<'a> {
    /// What it says in its settings.
    pub(super) fn said(&self) -> Said {
        let mut said = Said::default();
        let mut words: Vec<(Place, String)> = Vec::new();
        for Setting { name, value } in self.settings() {
            if is_background(name) {
                said.backgrounds += usize::from(is_address(&value));
            } else if let Some((address, called)) = link(name, &value) {
                said.button = said.button.or(called);
                said.link = said.link.or(Some(address));
            } else if let Some(numbers) = self.numbers(name, &value) {
                said.pictures.extend(numbers);
            } else if is_address(&value) && is_picture_address(&value) {
                said.pictures.push(value.into_owned());
            } else if is_address(&value) {
                said.link = said.link.or_else(|| Some(value.into_owned()));
            } else if is_button(name) && said.button.is_none() && is_said(name, &value) {
                said.button = Some(value.trim().to_owned());
            } else {
                words.extend(self.words_of(name, &value).into_iter().map(|words| (place(name), words)));
            }
        }
        // What it leads to may be a picture, but only of what shows another.
        if said.link.is_none() && said.pictures.len() > 1 {
            let names = self.settings().filter(|setting| squeezed(setting.name) == "url");
            let url = names.map(|setting| setting.value.into_owned()).find(|url| said.pictures.contains(url));
            said.pictures.retain(|picture| Some(picture) != url.as_ref());
            said.link = url;
        }
        words.sort_by_key(|(place, _)| *place);
        for (_, text) in words {
            if !said.words.contains(&text) {
                said.words.push(text);
            }
        }
        said
    }

    /// All words among its settings that may be for readers.
    pub(super) fn content(&self) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for Setting { name, value } in self.settings() {
            said.extend(link(name, &value).and_then(|(_, called)| called));
            said.extend(self.words_of(name, &value));
        }
        said
    }

    fn words_of(&self, name: &str, value: &str) -> Vec<String> {
        // What lists posts says whose they are, and what shows a quotation who said it.
        let is_list = matches!(name, "author" | "source" | "cite") && !self.is_quotation();
        if is_list || name.starts_with('_') || name.contains("admin") || is_address(value) {
            return Vec::new();
        }
        if value.starts_with(['{', '[']) {
            return content_of_field(name, value);
        }
        let words = Some(value.trim()).filter(|value| is_said(name, value));
        words.and_then(plain).into_iter().collect()
    }

    /// The numbers of the files that a setting of this name shows. What shows many things names others in the same way.
    fn numbers(&self, name: &str, value: &str) -> Option<Vec<String>> {
        const SHOW: [&str; 6] = ["gallery", "image", "slider", "slideshow", "carousel", "photo"];
        let is_list = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' '));
        let is_named = LISTS.contains(&name)
            && (name != "ids" && name != "include" || SHOW.iter().any(|word| self.name.contains(word)));
        let numbers = value.split([',', ' ']).filter(|number| !number.is_empty()).take(MOST_FILES);
        let numbers: Vec<String> = numbers.map(str::to_owned).collect();
        (is_list && is_named && !numbers.is_empty()).then_some(numbers)
    }

    fn is_quotation(&self) -> bool {
        ["quote", "testimonial"].iter().any(|word| self.name.contains(word))
    }

    /// Its settings in the order in which they are written.
    fn settings(&self) -> impl Iterator<Item = Setting<'a>> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            loop {
                rest = rest.trim_start();
                if rest.is_empty() {
                    return None;
                }
                let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let length = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                let (name, behind) = rest.split_at(length);
                match behind.trim_start().strip_prefix('=').filter(|_| !name.is_empty()) {
                    Some(value) => {
                        let (value, behind) = value_of(value.trim_start());
                        rest = behind;
                        return Some(Setting { name, value: meant(value) });
                    }
                    None => {
                        let first = rest.chars().next().map_or(1, char::len_utf8);
                        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                        rest = &rest[end.max(first)..];
                    }
                }
            }
        })
        .take(MOST)
    }

    /// The value of an attribute, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let attributes = self.attributes;
        let is_start = |at: &usize| {
            attributes[..*at].ends_with([' ', '\n', '\t', '\u{a0}'])
                && attributes[*at + name.len()..].trim_start().starts_with('=')
        };
        let (at, _) = attributes.match_indices(name).find(|(at, _)| is_start(at))?;
        let value = attributes[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        Some(value_of(value).0)
    }
}

/// The value that a text begins with, in whichever quotes an editor has made of the straight ones, or in none, and what follows on it.
fn value_of(text: &str) -> (&str, &str) {
    let Some((quote, quoted)) = QUOTES.iter().find_map(|quote| Some((quote, text.strip_prefix(quote)?))) else {
        let is_end = |c: char| c.is_whitespace() || c == '/' && !is_address(text);
        return text.split_at(text.find(is_end).unwrap_or(text.len()));
    };
    let ends = match quote.len() {
        1 => quoted.find(quote).map(|at| (at, quote.len())),
        _ => QUOTES.iter().filter_map(|quote| Some((quoted.find(quote)?, quote.len()))).min(),
    };
    let (at, length) = ends.unwrap_or((quoted.len(), 0));
    (&quoted[..at], &quoted[at + length..])
}

/// A value as it is meant: programs for building pages write what would end it otherwise.
fn meant(value: &str) -> Cow<'_, str> {
    let value = unescape(value);
    // Lists of WPBakery are JSON.
    if value.starts_with("%5B") || value.starts_with("%7B") {
        return Cow::Owned(percent_decoded(&value));
    }
    if let Some(html) = value.strip_prefix("#E-8_").and_then(encoded::readable) {
        return Cow::Owned(html);
    }
    if value.contains("%22") || value.contains("%9") {
        // Of Divi.
        return Cow::Owned(value.replace("%22", "\"").replace("%91", "[").replace("%93", "]"));
    }
    value
}

/// An address that a setting leads to, and what that is called: WPBakery writes `url:https%3A%2F%2Fhost.invalid|title:Words|target:_blank`.
fn link(name: &str, value: &str) -> Option<(String, Option<String>)> {
    if let Some(rest) = value.strip_prefix("url:") {
        let mut parts = rest.split('|');
        let address = percent_decoded(parts.next()?);
        let called = parts.find_map(|part| part.strip_prefix("title:")).map(percent_decoded);
        let called = called.and_then(|called| plain(&called));
        return (is_address(&address) || address.starts_with('/')).then_some((address, called));
    }
    let squeezed = squeezed(name);
    let leads = ["link", "href", "buttonurl", "linkurl"].iter().any(|word| squeezed.ends_with(word));
    let is_here = value.starts_with('/') && !value.starts_with("//") && !value.contains(char::is_whitespace);
    let is_link = leads && (is_address(value) || is_here) || squeezed == "url" && is_here;
    is_link.then(|| (value.to_owned(), None))
}

/// Whether what a setting names stands behind something else.
fn is_background(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("background") || name.split(['_', '-']).any(|word| word == "bg")
}

fn is_button(name: &str) -> bool {
    let name = squeezed(name);
    ["button", "btn"].iter().any(|word| name.contains(word))
}

/// Where words stand among others: titles, what stands below these, who somebody is, all else.
type Place = u8;

fn place(name: &str) -> Place {
    let name = squeezed(name);
    let is = |known: &[&str]| known.iter().any(|word| name.contains(word));
    match () {
        () if is(&["subtitle", "subhead", "subtext", "h4"]) => 1,
        () if is(&["position", "role", "job", "company"]) => 2,
        () if is(&["title", "head", "question", "name", "author", "h2"]) => 0,
        () if is(&["footer"]) => 4,
        () => 3,
    }
}

/// Whether a setting is words for readers.
pub(super) fn is_said(name: &str, value: &str) -> bool {
    /// Under these names, all is but a switch.
    const SAY: [&str; 9] =
        ["title", "heading", "headline", "subtitle", "question", "caption", "text", "label", "description"];
    const SWITCHES: [&str; 11] =
        ["true", "false", "yes", "no", "on", "off", "none", "left", "right", "center", "default"];
    let is_plain = value.contains(char::is_alphabetic) && !value.trim_start().starts_with(['#', '{', '<']);
    if SAY.contains(&name) && is_plain && !value.contains("://") {
        return !SWITCHES.iter().any(|switch| value.trim().eq_ignore_ascii_case(switch));
    }
    is_content(name, value) && !is_value(value)
}
