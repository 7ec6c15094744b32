//! Pictures of items: Media RSS (version 1.5.1), enclosures of RSS and Atom, attachments of JSON Feed.

use std::collections::HashSet;

use courant_domain::article::LeadImage;
use url::Url;

use super::{
    Attached,
    fallback::{self, FallbackElements},
    said::Said,
};
use crate::read::{
    collect::Collector,
    media::is_picture_address,
    text::{plain, web_address},
    xml::{Element, Namespace},
};

/// Nobody hangs more on one item.
const MOST_FILES: usize = 100;

/// Gathers an item's pictures, of which the first becomes its lead image, and other files.
#[derive(Default)]
pub(super) struct Images {
    pictures: Vec<LeadImage>,
    thumbnails: Vec<LeadImage>,
    files: Vec<Attached>,
    said: Vec<Said>,
    /// How many there are that are not taken.
    beyond: u64,
}

impl Images {
    /// Takes what an element of Media RSS holds.
    pub(super) fn media(
        &mut self,
        element: &Element<'_>,
        base: Option<&Url>,
        fallbacks: &FallbackElements<'_>,
        collector: &mut Collector,
    ) {
        let is_picture = is_picture(element);
        match element.name() {
            "group" => {}
            _ if fallbacks.has(element) => {}
            "content" if is_picture => {
                if let Some(image) = picture(element, base) {
                    self.pictures.push(image);
                }
            }
            "thumbnail" => self.thumbnails.extend(picture(element, base)),
            // A page with a player is as good as the film; of several files of one film, the first is.
            "content" | "player" => {
                let name = element.child_text(Namespace::Media, "title").and_then(plain);
                let url = element.attribute("url");
                let is_taken = self.other(url, name.as_deref().or(element.attribute("type")), base);
                if !is_taken && element.children.is_empty() {
                    collector.lost(&format!("{} without an address", element.label));
                }
            }
            // They are tags.
            "keywords" => {}
            // A picture's own words were taken with it; what others say again that the item says is found out in the end.
            name @ ("title" | "description" | "text") if element.value().is_some() || !element.children.is_empty() => {
                if self.said.len() < MOST_FILES {
                    self.said.push(Said { text: fallback::markup(element), is_title: name == "title" });
                } else {
                    collector.lost(element.label);
                }
            }
            _ => collector.unmapped(element.label),
        }
        let before = self.files.len();
        let has_name = matches!(element.name(), "content" | "player");
        for child in &element.children {
            let own_words = is_picture && matches!(child.name(), "title" | "description" | "text")
                || has_name && child.name() == "title";
            if child.namespace == Namespace::Media && !own_words {
                self.media(child, base, fallbacks, collector);
            }
        }
        if element.name() == "group" {
            self.files.truncate(before + 1);
        }
    }

    /// Takes a file that hangs on an item; whether it has an address of the web.
    pub(super) fn file(
        &mut self,
        url: Option<&str>,
        name: Option<&str>,
        media_type: Option<&str>,
        base: Option<&Url>,
    ) -> bool {
        let Some(address) = url.and_then(|url| web_address(url, base)) else { return false };
        if !shows(media_type, url) {
            return self.other(url, name.or(media_type), base);
        }
        let picture = LeadImage { alt: name.and_then(plain), ..bare(address) };
        // A lead image and what stands below the text.
        if self.pictures.is_empty() {
            self.pictures.push(picture);
        } else if self.files.len() >= MOST_FILES {
            self.beyond += 1;
        } else if self.pictures.iter().all(|known| known.url != picture.url) {
            self.files.push(Attached::Picture(picture));
        }
        true
    }

    /// Takes a file that is no picture.
    fn other(&mut self, url: Option<&str>, name: Option<&str>, base: Option<&Url>) -> bool {
        let Some(url) = url.and_then(|url| web_address(url, base)) else { return false };
        if self.files.len() >= MOST_FILES {
            self.beyond += 1;
            return true;
        }
        let name = name.map_or_else(|| url.clone(), str::to_owned);
        if !self.files.iter().any(|file| matches!(file, Attached::Other(known, _) if *known == url)) {
            self.files.push(Attached::Other(url, name));
        }
        true
    }

    /// What is no picture, and further pictures.
    pub(super) fn files(&mut self) -> Vec<Attached> {
        std::mem::take(&mut self.files)
    }

    /// What is said of them.
    pub(super) fn said(&mut self) -> Vec<Said> {
        std::mem::take(&mut self.said)
    }

    /// The lead image, and what else is a picture: one with a caption of its own is another, and all others are the same in
    /// another size. A thumbnail is one where there is no larger picture.
    pub(super) fn lead(mut self, files: &mut Vec<Attached>, collector: &mut Collector) -> Option<LeadImage> {
        collector.lost_times(&format!("files beyond the first {MOST_FILES} of an item"), self.beyond);
        if self.pictures.is_empty() {
            self.pictures = self.thumbnails;
        }
        let mut pictures = self.pictures.into_iter();
        let lead = pictures.next()?;
        let mut shown = HashSet::from([lead.caption.clone()]);
        for picture in pictures.filter(|picture| picture.url != lead.url) {
            let is_another = picture.caption.is_some() && shown.insert(picture.caption.clone());
            match (is_another, files.len() < MOST_FILES) {
                (true, true) => files.push(Attached::Picture(picture)),
                (true, false) => collector.lost("further image with a caption"),
                (false, _) => collector.unmapped("further image"),
            }
        }
        Some(lead)
    }
}

/// A picture of which only the address is known.
pub(super) fn bare(url: String) -> LeadImage {
    LeadImage { url, alt: None, caption: None, width: None, height: None }
}

fn picture(element: &Element<'_>, base: Option<&Url>) -> Option<LeadImage> {
    let size = |name| element.attribute(name).and_then(|text| text.parse().ok());
    let words = |name| element.child_text(Namespace::Media, name).and_then(crate::read::text::plain);
    Some(LeadImage {
        url: web_address(element.attribute("url")?, base)?,
        alt: words("title"),
        caption: words("description"),
        width: size("width"),
        height: size("height"),
    })
}

/// Whether an element of Media RSS is a picture.
pub(super) fn is_picture(element: &Element<'_>) -> bool {
    let kind = element.attribute("medium").or(element.attribute("type"));
    match element.name() {
        "content" => shows(kind, element.attribute("url")),
        name => name == "thumbnail",
    }
}

/// Whether a file is a picture: by what it says it is, else by the ending of its address.
fn shows(kind: Option<&str>, url: Option<&str>) -> bool {
    match kind {
        Some(kind) => kind == "image" || kind.starts_with("image/"),
        None => url.is_some_and(is_picture_address),
    }
}
