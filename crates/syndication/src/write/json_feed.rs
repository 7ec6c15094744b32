//! JSON Feed 1.1 (jsonfeed.org).

use serde_json::{Map, Value as Json, json};
use url::Url;

use super::{
    model::{Content, Feed, Item, Rel},
    tidy,
    xml::{clean, escaped},
};

/// Writes a feed as JSON Feed 1.1. What was taken back is an item of its own id that says so; what it is, is in `_courant`.
#[must_use]
pub fn json_feed(feed: &Feed) -> Vec<u8> {
    let feed = &tidy::feed(feed);
    let mut json = Object::default();
    json.put("version", "https://jsonfeed.org/version/1.1");
    json.put("title", text(&feed.title));
    json.put("home_page_url", feed.page.as_str());
    json.put("feed_url", feed.own.as_str());
    json.put_some("description", feed.description.as_deref().map(text));
    json.put_some("next_url", feed.link(Rel::Next).map(Url::as_str));
    json.put_some("icon", feed.icon.as_ref().map(Url::as_str));
    json.put("authors", json!([{ "name": text(&feed.site), "url": feed.site_url.as_str() }]));
    json.put("language", feed.locale.as_str());
    if let Some(hub) = feed.link(Rel::Hub) {
        json.put("hubs", json!([{ "type": "WebSub", "url": hub.as_str() }]));
    }
    let gone = feed.departed.iter().map(|gone| {
        let words = text(gone.instead.words(&feed.words));
        let mut item = Object::default();
        item.put("id", gone.id.as_str());
        item.put_some("url", gone.instead.url().map(Url::as_str));
        item.put("title", words.clone());
        item.put("content_text", words);
        item.put("date_modified", gone.at.to_string());
        item.put("_courant", json!({ "about": ABOUT, "state": gone.instead.state() }));
        item.json()
    });
    let items = feed.items.iter().map(|item| self::item(feed, item)).chain(gone);
    json.put("items", items.collect::<Vec<_>>());
    json.json().to_string().into_bytes()
}

/// Where it is said what our extension means, in JSON and in XML.
pub(super) const ABOUT: &str = "urn:courant:feeds";

fn item(feed: &Feed, item: &Item) -> Json {
    let mut json = Object::default();
    json.put("id", item.id.as_str());
    json.put("url", item.url.as_str());
    json.put_some("external_url", item.source.as_ref().and_then(|(_, url)| url.as_ref()).map(Url::as_str));
    json.put("title", text(&item.title));
    let summary = item.summary(&feed.words);
    match item.html(&feed.words) {
        Some(html) => json.put("content_html", text(&html)),
        None => json.put("content_text", text(summary.as_deref().unwrap_or(&item.title))),
    }
    json.put_some("summary", summary.as_deref().map(text));
    json.put_some("image", item.picture.as_ref().map(|picture| picture.url.as_str()));
    json.put("date_published", item.published_at.to_string());
    json.put("date_modified", item.changed_at().to_string());
    let authors = item.authors.iter().map(|author| {
        let mut json = Object::default();
        json.put("name", text(&author.name));
        json.put_some("url", author.url.as_ref().map(Url::as_str));
        json.json()
    });
    json.put_list("authors", authors.collect());
    json.put_list("tags", item.terms.iter().map(|term| text(&term.name).into()).collect());
    json.put("language", item.locale.as_str());
    if let Some((picture, media_type)) = item.picture.as_ref().and_then(|of| Some((of, of.media_type()?))) {
        let mut attachment = Object::default();
        attachment.put("url", picture.url.as_str());
        attachment.put("mime_type", media_type);
        attachment.put_some("title", picture.alt.as_deref().or(picture.caption.as_deref()).map(text));
        json.put_list("attachments", vec![attachment.json()]);
    }
    let notes = item.changes.iter().map(|note| json!({ "at": note.at.to_string(), "note": text(&note.note) }));
    let mut ours = Object::default();
    ours.put("about", ABOUT);
    ours.put("state", if item.withdrawn.is_some() { "WITHDRAWN" } else { "LIVE" });
    ours.put_list("changes", notes.collect());
    if matches!(item.content, Content::Summary) && item.withdrawn.is_none() {
        ours.put("partial", true);
    }
    json.put("_courant", ours.json());
    json.json()
}

/// A text as it is written.
pub(super) fn text(text: &str) -> String {
    clean(text).into_owned()
}

/// A text as HTML.
pub(super) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escaped(text))
}

/// An object under way; its names stay in the order in which they were put in.
#[derive(Default)]
pub(super) struct Object(Map<String, Json>);

impl Object {
    pub(super) fn put(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(super) fn put_some(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// A list, unless it is empty.
    pub(super) fn put_list(&mut self, name: &str, list: Vec<Json>) {
        if !list.is_empty() {
            self.put(name, list);
        }
    }

    pub(super) fn json(self) -> Json {
        Json::Object(self.0)
    }
}
