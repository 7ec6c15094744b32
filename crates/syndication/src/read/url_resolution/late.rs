//! Pictures that scripts load late, or that browsers choose among, and what only scripts show.

use std::collections::HashSet;

use url::Url;

use super::{Late, Resolved, is_shown};
use crate::read::{
    html::{Piece, Tag},
    media::{self, address_of_picture},
    text::{escape, web_address},
};

/// Attributes with the address of what a script loads late in the place of another picture.
const LATE: [&str; 7] =
    ["data-src", "data-lazy-src", "data-original", "data-lazy", "data-litespeed-src", "data-orig-src", "data-echo"];

/// Those with another size of a picture, which are of use where it has no address.
const SIZES: [&str; 2] = ["data-orig-file", "data-large-file"];

/// Lists of pictures that scripts load late.
const LATE_SETS: [&str; 3] = ["data-srcset", "data-lazy-srcset", "data-litespeed-srcset"];

/// What a `picture` offers beside its `img`.
#[derive(Debug, Default)]
pub(super) struct Offered {
    source: Option<String>,
    has_picture: bool,
}

impl Offered {
    pub(super) fn take_source(&mut self, tag: &Tag<'_>) {
        let sets = LATE_SETS.into_iter().chain(["srcset"]).filter_map(|name| tag.attribute(name));
        self.source = self.source.take().or_else(|| sets.filter_map(|set| largest(&set)).next());
    }

    /// The address of what it shows if there is no `img` in it.
    pub(super) fn unshown(self) -> Option<String> {
        self.source.filter(|_| !self.has_picture)
    }
}

/// The pictures of a `srcset`, each with its size (WHATWG §4.8.4.2.1).
pub(super) fn pictures_of(set: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = set;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let length = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        let address = word.trim_end_matches(',');
        let size = if address.len() < word.len() { "" } else { behind.split(',').next().unwrap_or_default() };
        rest = behind.get(size.len()..).unwrap_or_default();
        Some((address, size.trim()))
    })
}

fn largest(set: &str) -> Option<String> {
    let size = |size: &str| size.trim_end_matches(['w', 'x', 'h']).parse::<f64>().unwrap_or(1.0);
    let mut largest: Option<(f64, &str)> = None;
    for (address, width) in pictures_of(set).filter(|(address, _)| is_shown(Some(address))) {
        if largest.is_none_or(|(known, _)| size(width) > known) {
            largest = Some((size(width), address));
        }
    }
    largest.map(|(_, address)| address.to_owned())
}

/// Whether an address is that of what stands in the place of a picture until that is loaded, as far as its name says so.
pub(super) fn is_placeholder(address: &str) -> bool {
    const NAMES: [&str; 10] =
        ["blank", "placeholder", "spacer", "transparent", "trans", "1x1", "pixel", "loading", "lazyload", "dummy"];
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| NAMES.contains(&part))
}

/// Whether a picture is one that counts readers.
pub(super) fn is_counter(tag: &Tag<'_>) -> bool {
    let is_dot = |name: &str| tag.attribute(name).is_some_and(|side| matches!(side.trim(), "0" | "1" | "0px" | "1px"));
    let style = tag.attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    is_dot("width") || is_dot("height") || style.contains("display:none") || style.contains("visibility:hidden")
}

/// The pictures of a text that are not for browsers without scripts.
pub(super) fn outside_noscript(parts: &[Piece<'_>]) -> HashSet<String> {
    let mut depth = 0_usize;
    let mut found = HashSet::new();
    for part in parts {
        let Piece::Tag(tag) = part else { continue };
        if tag.is("noscript") {
            depth = if tag.is_end { depth.saturating_sub(1) } else { depth + 1 };
        } else if depth == 0 && tag.is("img") {
            let names = LATE.into_iter().chain(SIZES).chain(["src"]);
            found.extend(names.filter_map(|name| tag.attribute(name)).map(|url| address_of_picture(url.trim())));
        }
    }
    found
}

impl Resolved {
    /// Shows a picture: what is loaded late in its place, where it names that, else itself, else the largest of what it offers.
    pub(super) fn picture(&mut self, tag: &Tag<'_>, offered: &mut Option<Offered>, base: Option<&Url>) -> Late {
        let found = |names: &[&'static str]| {
            let values = names.iter().filter_map(|name| tag.attribute(name));
            values.into_iter().find(|value| is_shown(Some(value)) && !value.trim().contains(char::is_whitespace))
        };
        let of_sets =
            |names: &[&'static str]| names.iter().filter_map(|name| tag.attribute(name)).find_map(|set| largest(&set));
        let source = offered.as_mut().and_then(|offered| {
            offered.has_picture = true;
            offered.source.clone()
        });
        let own = tag.attribute("src").filter(|address| is_shown(Some(address)));
        let late = found(&LATE).map(String::from).or_else(|| of_sets(&LATE_SETS));
        let late = late.filter(|late| own.as_ref().is_none_or(|own| own.trim() != late.trim()));
        let address = match &own {
            Some(own) if is_placeholder(own) => late.or_else(|| of_sets(&["srcset"])).or(source),
            Some(_) => late,
            None => late.or_else(|| found(&SIZES).map(String::from)).or_else(|| of_sets(&["srcset"])).or(source),
        };
        let from = self.html.len();
        match (address, own) {
            (Some(address), _) => self.show(&address, tag, base),
            (None, Some(own)) => {
                self.tag(tag, base);
                // The copy for browsers without scripts takes its place.
                if !is_placeholder(&own) {
                    return Late::Shown;
                }
            }
            (None, None) => {
                self.pictures += 1;
                return Late::Lost(from);
            }
        }
        Late::Found(from..self.html.len())
    }

    /// Shows a picture of this address, with the words of a tag.
    pub(super) fn show(&mut self, address: &str, tag: &Tag<'_>, base: Option<&Url>) {
        let address = self.resolved(address, base).unwrap_or_else(|| address.trim().to_owned());
        self.shown.insert(address_of_picture(&address));
        self.html.push_str(&format!("<img src=\"{}\"", escape(&address)));
        for name in ["alt", "title", "width", "height"] {
            if let Some(value) = tag.attribute(name) {
                self.html.push_str(&format!(" {name}=\"{}\"", escape(&value)));
            }
        }
        self.html.push('>');
    }

    /// Notes the picture that the style of an element names.
    pub(super) fn note_style(&mut self, tag: &Tag<'_>) {
        let Some(style) = tag.attribute("style").filter(|style| style.contains("background")) else { return };
        let Some((_, rest)) = style.split_once("url(") else { return };
        let address = rest.split(')').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        if is_shown(Some(address)) {
            self.behind.insert(address_of_picture(address));
        }
    }

    /// Shows what only a script would: a link where it is known to what, else it is counted. Whether it is something of that kind.
    pub(super) fn embedded(&mut self, tag: &Tag<'_>, base: Option<&Url>) -> bool {
        let of =
            |name: &str| tag.attribute(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let classes = of("class").unwrap_or_default();
        let has_class = |name: &str| classes.split_ascii_whitespace().any(|class| class == name);
        let (kind, address) = match () {
            () if tag.is("v:imagedata") => {
                let address = of("src").and_then(|url| web_address(&url, base));
                if let Some(address) = &address {
                    self.show(address, tag, base);
                }
                return address.is_some() || {
                    self.lose("picture of Word (v:imagedata)", 1);
                    true
                };
            }
            () if has_class("flourish-embed") => {
                let address = of("data-src").map(|path| format!("https://flo.uri.sh/{}/embed", path.trim_matches('/')));
                ("flourish-embed", address)
            }
            () if has_class("infogram-embed") => {
                ("infogram-embed", of("data-id").map(|id| format!("https://infogram.com/{id}")))
            }
            () if tag.is("model-viewer") => ("model-viewer", of("src").and_then(|url| web_address(&url, base))),
            () if tag.is("video-js") && of("src").is_none() => ("video-js", None),
            () => return false,
        };
        let words = ["data-title", "title", "alt"].into_iter().find_map(of);
        match address {
            Some(address) => self.html.push_str(&media::embedded(&address, words.as_deref())),
            None => self.lose(kind, 1),
        }
        self.tag(tag, base);
        true
    }

    pub(super) fn lose(&mut self, kind: &'static str, times: u64) {
        if times > 0 {
            *self.lost.entry(kind).or_default() += times;
        }
    }
}
