//! The media library of a site: what the export declares, and what posts show of it.

use crate::read::{
    library::{Library, MediaFile},
    text::{name, plain, web_address},
    xml::{Element, Namespace},
};

use super::{address, post, shortcode};

/// The files a post may refer to: those of its own export, then those of the other files of the import.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) own: &'a Library,
    pub(super) others: &'a Library,
    pub(super) site: &'a str,
}

impl<'a> Files<'a> {
    pub(super) fn get(&self, number: &str) -> Option<&'a MediaFile> {
        self.own.get(self.site, number).or_else(|| self.others.get(self.site, number))
    }

    /// The pictures that came with a post.
    pub(super) fn of_post(&self, post: &str) -> Vec<(&'a str, &'a MediaFile)> {
        let mut files = self.own.of_post(self.site, post);
        let others = self.others.of_post(self.site, post);
        files.extend(others.into_iter().filter(|(number, _)| self.own.get(self.site, number).is_none()));
        files
    }

    /// The text of a reusable block.
    pub(super) fn block(&self, number: &str) -> Option<&'a str> {
        self.own.block(self.site, number).or_else(|| self.others.block(self.site, number))
    }

    pub(super) fn is_shown(&self, number: &str) -> bool {
        self.own.is_shown(self.site, number) || self.others.is_shown(self.site, number)
    }
}

/// Puts the attachments of an export into a library, and notes which of them its posts show.
pub(super) fn gather(channel: &Element<'_>, library: &mut Library) {
    let site = address(channel).unwrap_or_default();
    for item in channel.children.iter().filter(|child| child.name() == "item") {
        if post::kind(item) == "attachment" {
            if let (Some(number), Some(file)) = (item.child_text(Namespace::Wordpress, "post_id"), file(item)) {
                library.put(&site, number, file);
            }
            continue;
        }
        let text = item.child(Namespace::Content, "encoded").map(Element::markup).unwrap_or_default();
        if post::kind(item) == "wp_block" {
            if let Some(number) = item.child_text(Namespace::Wordpress, "post_id") {
                library.put_block(&site, number, text);
            }
            continue;
        }
        if let Some(number) = field(item, "_thumbnail_id") {
            library.show(&site, number);
        }
        for number in shortcode::numbers(&text) {
            library.show(&site, number);
        }
    }
}

fn file(item: &Element<'_>) -> Option<MediaFile> {
    let part = |name| item.child_text(Namespace::Wordpress, name);
    Some(MediaFile {
        url: web_address(part("attachment_url").or_else(|| item.child_text(Namespace::Rss, "guid"))?, None)?,
        title: item.child_text(Namespace::Rss, "title").and_then(name),
        alt: field(item, "_wp_attachment_image_alt").and_then(plain),
        caption: item.child(Namespace::Excerpt, "encoded").and_then(|text| plain(&text.markup())),
        parent: part("post_parent").filter(|parent| *parent != "0").map(str::to_owned),
        order: part("menu_order").and_then(|order| order.parse().ok()).unwrap_or_default(),
    })
}

/// The value of a custom field.
fn field<'a>(item: &'a Element<'_>, key: &str) -> Option<&'a str> {
    let fields = item.children.iter().filter(|child| child.name() == "postmeta");
    let mut fields = fields.filter(|field| field.child_text(Namespace::Wordpress, "meta_key") == Some(key));
    fields.next()?.child_text(Namespace::Wordpress, "meta_value")
}
