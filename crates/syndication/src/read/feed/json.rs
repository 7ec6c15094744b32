//! JSON Feed 1.0 and 1.1.

mod bounded;
mod fence;
mod split;

use std::collections::HashSet;

use courant_domain::{
    article::{LeadImage, Source},
    slug::Slug,
};
use serde_json::{Map, Value};

use super::{
    Attached, Entry, Head, add_author, add_keywords, add_tag,
    comments::leads_to_one,
    hidden::is_about_else,
    image::{Images, bare, credited, learn},
};
use crate::read::{
    collect::{Collector, content_in},
    decode::is_stray_control,
    media::address_of_picture,
    text::{Markup, as_plain, escape, web_address},
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
            Value::Object(item) if text(item, "url").is_some_and(|url| leads_to_one(&url)) => {
                collector.lost("comments");
            }
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
    let html =
        filled("content_html").map(|html| with_other_words(html, filled("content_text").as_deref())).map(Markup::Html);
    let mut images = Images::default();
    let mut entry = Entry {
        place,
        id: text(item, "id"),
        link: text(item, "url"),
        title: text(item, "title").and_then(|title| Markup::Plain(title).name()),
        content: html.or_else(|| filled("content_text").map(Markup::Plain)),
        summary: filled("summary").map(|summary| Markup::Plain(as_plain(&summary).into_owned())),
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
        let words = |part: &str| Markup::Plain(text(item.get(name)?.as_object()?, part)?).plain();
        let credits: Vec<String> = ["credit", "copyright"].into_iter().filter_map(words).collect();
        url.and_then(|url| web_address(&url, base)).map(|url| LeadImage {
            alt: words("alt").or_else(|| words("title")),
            caption: credited(words("caption").or_else(|| words("description")), &credits),
            ..bare(url)
        })
    };
    let (own, banner) = (image("image"), image("banner_image"));
    let (mut main, mut banner) = match own {
        Some(own) => (Some(own), banner),
        None => (banner, None),
    };
    for (name, value) in item.iter().filter(|(_, value)| !value.is_null()) {
        match (name.as_str(), value) {
            (
                "id" | "url" | "external_url" | "title" | "content_html" | "content_text" | "summary" | "image"
                | "banner_image" | "language" | "date_published" | "date_modified",
                Value::String(_) | Value::Number(_),
            ) => {}
            (name @ ("image" | "banner_image"), Value::Object(image))
                if image.get("url").is_some_and(Value::is_string) =>
            {
                const TAKEN: [&str; 7] = ["url", "alt", "title", "caption", "description", "credit", "copyright"];
                further(name, value, &TAKEN, collector);
            }
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
                    further("attachment", file, &["url", "title", "mime_type"], collector);
                }
            }
            ("_courant", Value::Object(ours)) if ours.get("state").is_some_and(Value::is_string) => {
                entry.state("_courant.state", ours.get("state").and_then(Value::as_str).unwrap_or_default(), collector);
            }
            (name, value) if sign(name, value, MOST_DEPTH, &mut entry, collector) => {}
            (name, Value::String(words)) if entry.place_words(name, words) || entry.stands_first(name, words) => {}
            (name, Value::Object(extension)) if name.starts_with('_') => {
                let mut rest = extension.clone();
                rest.retain(|name, value| {
                    !value
                        .as_str()
                        .is_some_and(|words| entry.place_words(name, words) || entry.stands_first(name, words))
                });
                extended(name, &Value::Object(rest), collector);
            }
            (name, value) => extended(name, value, collector),
        }
    }
    entry.files = images.files();
    let attached = images.lead(&mut entry.files, collector);
    for further in [attached, banner.take()].into_iter().flatten().rev() {
        match &mut main {
            Some(main) if address_of_picture(&main.url) == address_of_picture(&further.url) => learn(main, further),
            Some(_) => entry.files.insert(0, Attached::Picture(further)),
            None => main = Some(further),
        }
    }
    entry.image = main;
    entry
}

/// A text with those paragraphs of its plain form below it that have other words, which is to have the same.
fn with_other_words(mut html: String, text: Option<&str>) -> String {
    let words = |text: &str| -> HashSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        words.map(str::to_lowercase).collect()
    };
    // Addresses and the words of pictures are part of some plain forms.
    let known = words(&format!("{} {html}", Markup::Html(html.clone()).plain().unwrap_or_default()));
    for paragraph in text.unwrap_or_default().split("\n\n") {
        let own = words(paragraph);
        let others = own.iter().filter(|word| !known.contains(*word)).count();
        // What makes a form plain may put in a word or two.
        if others > 2 || others > 0 && 2 * others >= own.len() {
            html.push_str(&format!("\n<p>{}</p>", escape(paragraph.trim())));
        }
    }
    html
}

/// Counts the words that an object has beside what is taken of it.
fn further(label: &str, object: &Value, taken: &[&str], collector: &mut Collector) {
    let fields = object.as_object().into_iter().flatten().filter(|(name, _)| !taken.contains(&name.as_str()));
    let rest: Object = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
    if !content_in(&Value::Object(rest)).is_empty() {
        collector.lost(&format!("words of the {label}"));
    }
}

/// Counts what nobody here knows.
fn extended(name: &str, value: &Value, collector: &mut Collector) {
    match value {
        Value::Object(_) | Value::Array(_) if !content_in(value).is_empty() => collector.lost(name),
        value => collector.unknown(name, value.as_str()),
    }
}

/// Deeper is nobody's sign.
const MOST_DEPTH: usize = 5;

/// Notes what a field says of who may read the item, be it one of the item's or of an extension's (`_ours: {draft: true}`).
fn sign(name: &str, value: &Value, depth: usize, entry: &mut Entry, collector: &mut Collector) -> bool {
    match value {
        Value::Object(_) if depth == 0 || is_about_else(name) => false,
        Value::Object(inner) => {
            let mut signs = false;
            for (name, value) in inner {
                signs |= sign(name, value, depth - 1, entry, collector);
            }
            signs
        }
        // Each of several may be one that not everybody is (`access: ["paid"]`).
        Value::Array(values) => {
            let mut signs = false;
            for value in values.iter().filter(|value| depth > 0 && value.is_string()) {
                signs |= sign(name, value, 0, entry, collector);
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
        Value::Null => false,
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
        further("author", author, &["name", "url", "avatar"], collector);
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
