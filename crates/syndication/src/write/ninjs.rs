//! ninjs 3.1 (IPTC), the format in which agencies give each other news as JSON.

use serde_json::{Value as Json, json};
use url::Url;

use super::{
    json_feed::{Object, paragraph, text},
    model::{Content, Departure, Feed, Item, Picture, Words},
    tidy,
    xml::escaped,
};

/// Where the standard's schema is.
const SCHEMA: &str = "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json";

/// Writes one text as ninjs.
#[must_use]
pub fn ninjs(item: &Item, words: &Words, site: &str) -> Vec<u8> {
    let mut json = of_item(&tidy::item(item), words, site);
    json.put("standard", standard());
    json.json().to_string().into_bytes()
}

/// Writes a feed as one composite object of ninjs, with its items as associations. What was taken back is cancelled.
#[must_use]
pub fn ninjs_feed(feed: &Feed) -> Vec<u8> {
    let feed = &tidy::feed(feed);
    let mut json = Object::default();
    json.put("uri", feed.id.as_str());
    json.put("type", "composite");
    json.put("representationType", "full");
    json.put("profile", "feed");
    json.put("standard", standard());
    json.put("versionCreated", feed.updated_at().to_string());
    json.put("pubStatus", "usable");
    json.put("language", feed.locale.as_str());
    json.put("headlines", json!([{ "role": "main", "contentType": "text/plain", "value": text(&feed.title) }]));
    if let Some(description) = &feed.description {
        json.put("descriptions", json!([{ "contentType": "text/plain", "value": text(description) }]));
    }
    json.put("infoSources", json!([{ "name": text(&feed.site), "role": "publisher", "uri": feed.site_url.as_str() }]));
    let links = [("next", feed.link(super::Rel::Next)), ("self", Some(&feed.own))];
    let alternative = links.into_iter().filter_map(|(role, url)| Some(json!({ "role": role, "value": url?.as_str() })));
    json.put("altIds", alternative.collect::<Vec<_>>());
    let items = feed.items.iter().map(|item| {
        let mut json = of_item(item, &feed.words, &feed.site);
        json.put("name", text(&item.title));
        json.put("rel", "item");
        json.json()
    });
    let gone = feed.departed.iter().map(|gone| departure(gone, &feed.words));
    json.put_list("associations", items.chain(gone).collect());
    json.json().to_string().into_bytes()
}

fn standard() -> Json {
    json!({ "name": "ninjs", "version": "3.1", "schema": SCHEMA })
}

fn of_item(item: &Item, words: &Words, site: &str) -> Object {
    let mut json = Object::default();
    json.put("uri", item.id.as_str());
    json.put("type", "text");
    json.put("representationType", if matches!(item.content, Content::Full(_)) { "full" } else { "partial" });
    json.put("profile", if item.picture.is_some() { "text-photo" } else { "text-only" });
    json.put("version", item.changed_at().as_microsecond().to_string());
    json.put("firstCreated", item.first_published_at.to_string());
    json.put("versionCreated", item.changed_at().to_string());
    json.put("contentCreated", item.published_at.to_string());
    json.put("pubStatus", if item.withdrawn.is_some() { "canceled" } else { "usable" });
    json.put("language", item.locale.as_str());
    json.put_some("usageTerms", item.rights.as_deref().map(text));
    json.put_some("edNote", ed_note(item, words));
    json.put_some("by", by(item));
    json.put_some("located", item.dateline.as_deref().map(text));
    json.put("slugline", item.slug.as_str());
    let kicker = item.kicker.as_deref().map(|kicker| ("kicker", kicker));
    let headlines = [("main", item.title.as_str())].into_iter().chain(kicker);
    let headlines =
        headlines.map(|(role, line)| json!({ "role": role, "contentType": "text/plain", "value": text(line) }));
    json.put("headlines", headlines.collect::<Vec<_>>());
    if let Some(summary) = &item.summary {
        json.put("descriptions", json!([{ "role": "summary", "contentType": "text/plain", "value": text(summary) }]));
    }
    json.put_list("bodies", bodies(item, words));
    let people = item.authors.iter().map(|person| {
        let rel = if item.act.is_some() { "signatory" } else { "author" };
        let mut json = Object::default();
        json.put("name", text(&person.name));
        json.put("rel", rel);
        json.put_some("uri", person.url.as_ref().map(Url::as_str));
        json.json()
    });
    json.put_list("people", people.collect());
    let subjects = item.terms.iter().map(|term| {
        let rel = if term.is_category { "category" } else { "tag" };
        json!({ "name": text(&term.name), "rel": rel, "uri": term.url.as_str() })
    });
    json.put_list("subjects", subjects.collect());
    if let Some((code, words)) = &item.genre {
        json.put("genres", json!([{ "name": text(words), "literal": code }]));
    }
    let publisher = json!({ "name": text(site), "role": "publisher" });
    let original = item.source.as_ref().map(|(name, url)| {
        let mut json = Object::default();
        json.put("name", text(name));
        json.put("role", "original publisher");
        json.put_some("uri", url.as_ref().map(Url::as_str));
        json.json()
    });
    json.put("infoSources", [publisher].into_iter().chain(original).collect::<Vec<_>>());
    let mut ids = vec![
        json!({ "role": "address", "value": item.url.as_str() }),
        json!({ "role": "entry", "value": item.entry.as_str() }),
    ];
    if let Some(act) = &item.act {
        ids.push(json!({ "role": "number", "value": text(&act.number) }));
        ids.push(json!({ "role": "signed on", "value": act.signed_on.to_string() }));
    }
    json.put("altIds", ids);
    json.put_list("associations", item.picture.iter().map(picture).collect());
    json
}

/// What editors are told beside the text: that it was withdrawn, and what changed.
fn ed_note(item: &Item, words: &Words) -> Option<String> {
    if let Some(notice) = &item.withdrawn {
        return Some(text(&format!("{}: {}", words.withdrawn, notice.text)));
    }
    let notes: Vec<String> = item.changes.iter().rev().map(|note| format!("{} {}", note.at, note.note)).collect();
    (!notes.is_empty()).then(|| text(&format!("{}: {}", words.changed, notes.join("; "))))
}

fn by(item: &Item) -> Option<String> {
    let names: Vec<&str> = item.authors.iter().map(|author| author.name.as_str()).collect();
    (!names.is_empty()).then(|| text(&names.join(", ")))
}

fn bodies(item: &Item, words: &Words) -> Vec<Json> {
    let Some(html) = item.html(words) else { return Vec::new() };
    let mut body = Object::default();
    body.put("role", "main");
    body.put("contentType", "text/html");
    body.put_some("wordCount", item.word_count.filter(|_| item.withdrawn.is_none()));
    body.put("value", text(&html));
    vec![body.json()]
}

fn picture(picture: &Picture) -> Json {
    let mut rendition = Object::default();
    rendition.put("name", "original");
    rendition.put("href", picture.url.as_str());
    rendition.put_some("contentType", picture.media_type());
    rendition.put_some("width", picture.width);
    rendition.put_some("height", picture.height);
    let mut json = Object::default();
    json.put("name", "lead image");
    json.put("rel", "leadImage");
    json.put("uri", picture.url.as_str());
    json.put("type", "picture");
    let texts = [("caption", &picture.caption), ("alternative", &picture.alt)];
    let texts = texts.into_iter().filter_map(|(role, words)| {
        Some(json!({ "role": role, "contentType": "text/plain", "value": text(words.as_deref()?) }))
    });
    json.put_list("descriptions", texts.collect());
    json.put("renditions", vec![rendition.json()]);
    json.json()
}

fn departure(gone: &Departure, words: &Words) -> Json {
    let said = gone.instead.words(words);
    let mut json = Object::default();
    json.put("name", text(said));
    json.put("rel", "item");
    json.put("uri", gone.id.as_str());
    json.put("type", "text");
    json.put("pubStatus", "canceled");
    json.put("versionCreated", gone.at.to_string());
    json.put("edNote", text(said));
    let link = |url: &Url| format!("<p><a href=\"{0}\">{0}</a></p>", escaped(url.as_str()));
    let body = gone.instead.url().map_or_else(|| paragraph(said), |url| paragraph(said) + &link(url));
    json.put("bodies", json!([{ "role": "main", "contentType": "text/html", "value": body }]));
    json.json()
}
