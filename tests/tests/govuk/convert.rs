//! From content items to dumps, as a publisher who moves would write them.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::slug::Slug;
use serde_json::{Value, json};

use crate::{
    html,
    item::{Item, text, time},
};

/// A dump of some items.
#[derive(Default)]
pub(crate) struct Dump {
    pub(crate) items: Vec<Item>,
    /// What the items say of the things they name, by the thing.
    facts: BTreeMap<String, String>,
}

/// The items as dumps. The files were taken at different times, and some say of one thing what others do not: that the
/// same speech is withdrawn and that it is not, two names of one minister. No two such items are in one dump.
pub(crate) fn dumps(items: &[Item]) -> Vec<Dump> {
    let mut dumps: Vec<Dump> = Vec::new();
    for item in items {
        let facts = facts(item);
        let agrees = |dump: &Dump| facts.iter().all(|(key, fact)| dump.facts.get(key).is_none_or(|it| it == fact));
        let place = dumps.iter().position(agrees).unwrap_or_else(|| {
            dumps.push(Dump::default());
            dumps.len() - 1
        });
        dumps[place].items.push(item.clone());
        dumps[place].facts.extend(facts);
    }
    dumps
}

fn facts(item: &Item) -> Vec<(String, String)> {
    let mut facts = vec![(format!("entry {}", item.text("/content_id")), item.name.clone())];
    let own = item.text("/content_id").to_owned();
    facts.push((format!("address {} {}", item.text("/locale"), slug(&item.json)), own.clone()));
    for other in item.translations() {
        facts.push((format!("address {} {}", other["locale"], slug(other)), own.clone()));
    }
    for link in [item.organisations(), item.people(), item.subjects(), item.related()].into_iter().flatten() {
        facts.push((format!("thing {}", link["content_id"]), format!("{} {}", link["title"], slug(link))));
        facts.push((format!("slug {}", slug(link)), link["content_id"].to_string()));
    }
    facts
}

/// A name in addresses: the last part of GOV.UK's, without the language, as a slug.
fn slug(json: &Value) -> String {
    let last = text(json, "base_path").and_then(|path| path.rsplit('/').next()?.split('.').next());
    let words = last.map_or_else(|| text(json, "title").unwrap().to_owned(), |last| last.replace('-', " "));
    Slug::from_title(&words).unwrap().into()
}

/// The id of a speaker who has no page: the speech's, changed.
fn nameless(item: &Item) -> String {
    format!("00000000{}", &item.text("/content_id")[8..])
}

/// The lines of a dump while they are written, by what must come first.
#[derive(Default)]
struct Lines {
    locales: BTreeSet<String>,
    categories: Vec<Value>,
    tags: Vec<Value>,
    persons: Vec<Value>,
    entries: Vec<Value>,
    redirects: Vec<Value>,
}

/// Adds a thing that is not there yet.
fn add(things: &mut Vec<Value>, thing: Value) {
    if !things.iter().any(|known| known["id"] == thing["id"]) {
        things.push(thing);
    }
}

impl Dump {
    /// What `courant import` reads.
    pub(crate) fn lines(&self) -> String {
        let mut lines = Lines::default();
        for item in &self.items {
            lines.item(item);
        }
        let mut records = vec![json!({ "site": lines.site() })];
        let kinds = [
            ("category", lines.categories),
            ("tag", lines.tags),
            ("person", lines.persons),
            ("entry", lines.entries),
            ("redirect", lines.redirects),
        ];
        for (kind, things) in kinds {
            records.extend(things.into_iter().map(|thing| json!({ kind: thing })));
        }
        let count = records.len();
        records.insert(0, json!({ "courant": { "dump": 1 } }));
        records.push(json!({ "end": { "records": count } }));
        records.iter().map(|record| format!("{record}\n")).collect()
    }
}

impl Lines {
    fn site(&self) -> Value {
        let locale = |tag: &String| json!({ "tag": tag, "name": tag, "fallbacks": ["en"] });
        let mut locales = vec![json!({ "tag": "en", "name": "English" })];
        locales.extend(self.locales.iter().filter(|tag| *tag != "en").map(locale));
        json!({ "name": { "en": "GOV.UK" }, "default_locale": "en", "locales": locales })
    }

    fn item(&mut self, item: &Item) {
        let id = item.text("/content_id");
        let category = self.category(item);
        for tag in item.subjects() {
            let tag = json!({ "id": tag["content_id"], "slug": slug(tag), "name": { "en": tag["title"] } });
            add(&mut self.tags, tag);
        }
        for related in item.related() {
            self.linked(related, &category, item);
        }
        let content = json!({
            "genre": item.kind().1,
            "kicker": item.kind().0,
            "authors": self.byline(item),
            "lead_image": item.lead_image().map(|(url, alt, caption)| json!({ "url": url, "alt": alt, "caption": caption })),
            "delivery": delivery(item),
            "related": ids(&item.related()),
        });
        let body = html::with_asides(item.text("/details/body"));
        let summary = item.json["description"].clone();
        let mut version = Version::new(item.text("/locale"), &item.json, &summary, &body);
        version.live = json!({
            "published_at": item.time("/details/first_public_at"),
            "first_published_at": item.time("/first_published_at"),
            "updated_at": item.time("/public_updated_at"),
            "change_notes": notes(item),
            "withdrawal": item.withdrawal().map(|(at, html)| json!({ "at": at, "notice": html, "format": "HTML" })),
        });
        let mut versions = vec![version];
        for other in item.translations() {
            // The files of the other languages are not there; of their texts, the title is known.
            let title = text(other, "title").unwrap();
            let mut version = Version::new(text(other, "locale").unwrap(), other, &Value::Null, &paragraph(title));
            version.live = versions[0].live.clone();
            versions.push(version);
        }
        self.entry(id, &category, &ids(&item.subjects()), &content, &versions);
    }

    /// The names on an item, in the order of its page: who it is from, and who speaks or acts in it.
    fn byline(&mut self, item: &Item) -> Value {
        let mut names = item.organisations();
        names.extend(item.people());
        let roles = item.links("roles");
        for name in &names {
            let is_person = text(name, "document_type") == Some("person");
            let role =
                roles.first().filter(|_| is_person && roles.len() == 1).map(|role| json!({ "en": role["title"] }));
            let id = &name["content_id"];
            let known = self.persons.iter_mut().find(|known| known["id"] == *id);
            match (known, role) {
                (Some(known), Some(role)) => known["role"] = role,
                (Some(_), None) => {}
                (None, role) => self.persons.push(json!({
                    "id": id, "slug": slug(name), "name": { "en": name["title"] }, "role": role.unwrap_or_else(|| json!({})),
                })),
            }
        }
        let mut byline = ids(&names);
        if let Some(name) = item.maybe("/details/speaker_without_profile") {
            let title = json!({ "title": name });
            let person = json!({ "id": nameless(item), "slug": slug(&title), "name": { "en": name } });
            byline.push(person["id"].clone());
            self.persons.push(person);
        }
        byline.into()
    }

    /// The category an item is filed in, with those above it.
    fn category(&mut self, item: &Item) -> String {
        let mut parent = None;
        for (id, slug, title) in item.sections() {
            let category = json!({ "id": id, "parent": parent, "position": 1, "slug": slug, "title": { "en": title } });
            add(&mut self.categories, category);
            parent = Some(id);
        }
        parent.unwrap()
    }

    /// A page that is linked to, of which the title and the description are known.
    fn linked(&mut self, link: &Value, category: &str, item: &Item) {
        let id = text(link, "content_id").unwrap();
        if self.entries.iter().any(|known| known["id"] == id) {
            return;
        }
        let body = paragraph(text(link, "description").or(text(link, "title")).unwrap());
        let mut version = Version::new(text(link, "locale").unwrap(), link, &link["description"], &body);
        let at = text(link, "public_updated_at").map_or_else(|| item.time("/first_published_at"), time);
        version.live = json!({ "published_at": at, "first_published_at": at, "updated_at": at });
        self.entry(id, category, &[], &json!({}), &[version]);
    }

    fn entry(&mut self, id: &str, category: &str, tags: &[Value], shared: &Value, versions: &[Version<'_>]) {
        let at = &versions[0].live["first_published_at"];
        let (mut standings, mut revisions, mut editions) = (Vec::new(), Vec::new(), Vec::new());
        for version in versions {
            let mut content = shared.clone();
            merge(&mut content, &version.content);
            let is_withdrawn = !version.live["withdrawal"].is_null();
            let state = if is_withdrawn { "WITHDRAWN" } else { "PUBLISHED" };
            standings.push(json!({ "locale": version.locale, "state": state, "newest": 1 }));
            revisions.push(json!({
                "entry": id, "locale": version.locale, "number": 1, "created_at": at, "created_by": "GOV.UK",
                "content": { "ARTICLE": content },
            }));
            let mut live =
                json!({ "entry": id, "locale": version.locale, "revision": 1, "category": category, "tags": tags });
            merge(&mut live, &version.live);
            editions.push(live);
            let target = format!("/{}/articles/{}", version.locale, text(&version.content, "slug").unwrap());
            self.redirects.push(json!({ "path": version.path, "target": target, "created_at": at }));
            self.locales.insert(version.locale.to_owned());
        }
        self.entries.push(json!({
            "id": id, "kind": "ARTICLE", "category": category, "tags": tags, "created_at": at, "was_published": true,
            "origin": format!("gov.uk:{id}"), "views": 0,
            "standings": standings, "revisions": revisions, "editions": editions,
        }));
    }
}

/// One language of an entry.
struct Version<'a> {
    locale: &'a str,
    path: &'a str,
    content: Value,
    live: Value,
}

impl<'a> Version<'a> {
    fn new(locale: &'a str, json: &'a Value, summary: &Value, body: &str) -> Self {
        let content = json!({
            "slug": slug(json), "title": json["title"], "summary": summary, "body": { "format": "HTML", "source": body },
        });
        Self { locale, path: text(json, "base_path").unwrap(), content, live: Value::Null }
    }
}

fn merge(into: &mut Value, from: &Value) {
    into.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
}

fn ids(links: &[&Value]) -> Vec<Value> {
    links.iter().map(|link| link["content_id"].clone()).collect()
}

fn paragraph(words: &str) -> String {
    format!("<p>{}</p>", words.replace('&', "&amp;").replace('<', "&lt;"))
}

fn delivery(item: &Item) -> Option<Value> {
    let on = item.maybe("/details/delivered_on").map(|time| &time[..10]);
    let (place, note) = (item.maybe("/details/location"), item.maybe("/details/speech_type_explanation"));
    on.or(place).or(note).map(|_| json!({ "on": on, "place": place, "note": note }))
}

/// Its change notes, oldest first.
fn notes(item: &Item) -> Vec<Value> {
    let note = |note: &Value| json!({ "at": time(text(note, "public_timestamp").unwrap()), "note": note["note"] });
    item.details("change_history").iter().rev().map(note).collect()
}
