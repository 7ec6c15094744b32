//! Pictures of items: Media RSS (version 1.5.1), enclosures of RSS and Atom, attachments of JSON Feed.

use courant_domain::article::LeadImage;
use url::Url;

use super::spare::Spare;
use crate::{
    collect::Collector,
    text::web_address,
    xml::{Element, Namespace},
};

/// Gathers an item's pictures, of which the first becomes its lead image and the others have no home.
#[derive(Default)]
pub(super) struct Images {
    pictures: Vec<LeadImage>,
    thumbnails: Vec<LeadImage>,
}

impl Images {
    /// Takes what an element of Media RSS holds.
    pub(super) fn media(
        &mut self,
        element: &Element<'_>,
        base: Option<&Url>,
        spare: &Spare<'_>,
        collector: &mut Collector,
    ) {
        let is_picture = is_picture(element);
        match element.name() {
            "group" => {}
            _ if spare.has(element) => {}
            "content" if is_picture => {
                if let Some(image) = picture(element, base) {
                    self.pictures.push(image);
                }
            }
            "thumbnail" => self.thumbnails.extend(picture(element, base)),
            // A picture's own words were taken with it; others have no home.
            _ => collector.unmapped(element.label),
        }
        for child in &element.children {
            let own_words = is_picture && matches!(child.name(), "title" | "description" | "text");
            if child.namespace == Namespace::Media && !own_words {
                self.media(child, base, spare, collector);
            }
        }
    }

    /// Takes a file that hangs on an item; whether it is a picture.
    pub(super) fn file(&mut self, url: Option<&str>, media_type: Option<&str>, base: Option<&Url>) -> bool {
        let image = url.filter(|_| shows(media_type, url)).and_then(|url| web_address(url, base));
        let is_picture = image.is_some();
        self.pictures.extend(image.map(bare));
        is_picture
    }

    /// The lead image. A thumbnail is one where there is no larger picture.
    pub(super) fn lead(mut self, collector: &mut Collector) -> Option<LeadImage> {
        if self.pictures.is_empty() {
            self.pictures = self.thumbnails;
        }
        let mut pictures = self.pictures.into_iter();
        let lead = pictures.next()?;
        for _ in pictures.filter(|picture| picture.url != lead.url) {
            collector.unmapped("further image");
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
    let words = |name| element.child_text(Namespace::Media, name).and_then(crate::text::plain);
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
        None => url.is_some_and(|url| {
            let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"].iter().any(|ending| path.ends_with(ending))
        }),
    }
}
