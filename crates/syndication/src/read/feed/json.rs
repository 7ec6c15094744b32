//! JSON Feed 1.0 and 1.1.

mod bounded;
mod fence;
mod split;

use courant_domain::{
    article::{LeadImage, Source},
    slug::Slug,
};
use serde_json::{Map, Value};

use super::{
    Attached, Entry, Head, add_author, add_keywords, add_tag,
    image::{Images, bare},
};
use crate::read::{
    collect::{Collector, words_in},
    decode::is_stray_control,
    media::address_of_picture,
    text::{Markup, as_plain, web_address},
};

pub(crate) use split::split;

type Object = Map<String, Value>;

/// A feed on its way in.
#[derive(Default)]
pub(crate) struct JsonFeed {
    head: Head,
}

impl JsonFeed {
    pub(crate) fn head(&mut self, feed: &Object, collector: &mut Collector) {
        self.head = head(feed, collector);
    }

    /// Reads an item; they are counted from 1.
    pub(crate) fn item(&mut self, number: usize, item: &Value, collector: &mut Collector) {
        let place = format!("item {number}");
        match item {
            Value::Object(item) => entry(place, item, &self.head, collector).collect(&self.head, collector),
            _ => {
                collector.problem(&place, "it is no object and is left out");
                collector.lost("items left out");
            }
        }
    }
}

fn head(feed: &Object, collector: &mut Collector) -> Head {
    let mut head = Head { title: text(feed, "title").and_then(|title| Markup::Plain(title).name()), ..Head::default() };
    head.set_link(text(feed, "home_page_url").as_deref(), text(feed, "feed_url").as_deref());
    collector.identity([head.link.as_deref(), text(feed, "feed_url").as_deref(), head.title.as_deref()]);
    collector.about(head.title.clone(), text(feed, "language").as_deref(), head.link.clone());
    for (name, value) in feed.iter().filter(|(_, value)| !value.is_null()) {
        match name.as_str() {
            "version" | "title" | "home_page_url" | "language" | "items" | "feed_url" | "next_url" | "expired"
            | "user_comment" | "hubs" => {}
            "author" | "authors" => authors(value, &mut head.authors, collector),
            name => collector.unmapped(&format!("feed {name}")),
        }
    }
    head
}

fn entry(place: String, item: &Object, head: &Head, collector: &mut Collector) -> Entry {
    let base = head.base.as_ref();
    let filled = |name| text(item, name).filter(|text| !text.trim().is_empty());
    let html = filled("content_html").map(Markup::Html);
    let mut images = Images::default();
    let mut entry = Entry {
        place,
        id: text(item, "id"),
        link: text(item, "url"),
        title: text(item, "title").and_then(|title| Markup::Plain(title).name()),
        content: html.or_else(|| filled("content_text").map(Markup::Plain)),
        summary: filled("summary").map(Markup::Plain),
        published: text(item, "date_published"),
        updated: text(item, "date_modified"),
        language: text(item, "language"),
        // A page elsewhere that the item is about: who had it first, as far as the feed says.
        source: text(item, "external_url")
            .and_then(|url| web_address(&url, base))
            .map(|url| Source { name: head.title.clone().unwrap_or_else(|| url.clone()), url: Some(url) }),
        ..Entry::default()
    };
    let image = |name: &str| {
        let url =
            text(item, name).or_else(|| item.get(name).and_then(Value::as_object).and_then(|image| text(image, "url")));
        url.and_then(|url| web_address(&url, base)).map(bare)
    };
    let (own, banner) = (image("image"), image("banner_image"));
    if own.is_some() && banner.is_some() && own != banner {
        collector.unmapped("banner image beside an image");
    }
    let main: Option<LeadImage> = own.or(banner);
    for (name, value) in item.iter().filter(|(_, value)| !value.is_null()) {
        match (name.as_str(), value) {
            (
                "id" | "url" | "external_url" | "title" | "content_html" | "content_text" | "summary" | "image"
                | "banner_image" | "language" | "date_published" | "date_modified",
                Value::String(_) | Value::Number(_),
            ) => {}
            ("image" | "banner_image", Value::Object(image)) if image.get("url").is_some_and(Value::is_string) => {}
            ("author" | "authors", value) => authors(value, &mut entry.authors, collector),
            ("tags", Value::Array(tags)) => {
                for tag in tags {
                    let tag = tag.as_str().or_else(|| tag.get("name")?.as_str()).map(without_controls);
                    add_tag(&mut entry.tags, tag.as_deref(), collector);
                }
            }
            ("tags" | "keywords", Value::String(list)) => {
                add_keywords(&mut entry.tags, Some(&*as_plain(&without_controls(list))), collector);
            }
            ("attachments", Value::Array(files)) => {
                for file in files {
                    let part = |name: &str| file.get(name).and_then(Value::as_str);
                    if !images.file(part("url"), part("title"), part("mime_type"), base) {
                        collector.lost("attachment without an address");
                    }
                }
            }
            ("_courant", Value::Object(ours)) if ours.get("state").is_some_and(Value::is_string) => {
                entry.state("_courant.state", ours.get("state").and_then(Value::as_str).unwrap_or_default(), collector);
            }
            (name, value) if sign(name, value, &mut entry, collector) => {}
            (name, value @ (Value::Object(_) | Value::Array(_))) if !words_in(value).is_empty() => collector.lost(name),
            (name, value) => collector.unknown(name, value.as_str()),
        }
    }
    entry.files = images.files();
    let attached = images.lead(&mut entry.files, collector);
    if let (Some(main), Some(attached)) = (&main, &attached)
        && address_of_picture(&main.url) != address_of_picture(&attached.url)
    {
        entry.files.insert(0, Attached::Picture(attached.clone()));
    }
    entry.image = main.or(attached);
    entry
}

/// Notes what a field says of who may read the item, be it one of the item's or of an extension's (`_ours: {draft: true}`).
fn sign(name: &str, value: &Value, entry: &mut Entry, collector: &mut Collector) -> bool {
    match value {
        Value::Object(inner) => {
            let mut signs = false;
            for (name, value) in inner.iter().filter(|(_, value)| !value.is_object()) {
                signs |= sign(name, value, entry, collector);
            }
            signs
        }
        Value::String(text) => {
            entry.shown_between(name, Some(text), collector);
            entry.field(name, Some(text), collector)
        }
        Value::Bool(_) | Value::Number(_) => {
            entry.shown_between(name, Some(&value.to_string()), collector);
            entry.field(name, Some(&value.to_string()), collector)
        }
        Value::Null | Value::Array(_) => false,
    }
}

fn authors(value: &Value, slugs: &mut Vec<Slug>, collector: &mut Collector) {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    for author in list {
        let name = match author {
            // A name alone is what some write.
            Value::String(name) => Some(without_controls(name)),
            author => author.as_object().and_then(|author| text(author, "name")),
        };
        add_author(slugs, name.as_deref(), collector);
        for (name, unmapped) in [("url", "author uri"), ("avatar", "author avatar")] {
            if author.get(name).is_some_and(Value::is_string) {
                collector.unmapped(unmapped);
            }
        }
    }
}

/// A text, or a number where the standard asks readers to take one for a text (ids).
fn text(object: &Object, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(without_controls(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !is_stray_control(*c)).collect()
}
