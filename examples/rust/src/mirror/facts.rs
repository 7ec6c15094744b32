//! What can be compared of a mirror and of `courant export --published`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Redirects;

/// What there is, by what tells it from all else.
#[derive(Debug, Default)]
pub struct Facts {
    /// Editions, by entry and language; and redirects, by path.
    exact: BTreeMap<String, String>,
    /// Categories, tags, persons and feeds, by their names in addresses; what each is called, in each language.
    named: BTreeMap<String, BTreeMap<String, String>>,
}

/// What of an export is another thing in a mirror, or is not there, and the other way round. In a language in which something has no
/// name of its own, a mirror has that of another one.
#[must_use]
pub fn differences(mirror: &Facts, export: &Facts) -> Vec<String> {
    let mut found = Vec::new();
    for key in mirror.exact.keys().chain(export.exact.keys()).collect::<BTreeSet<_>>() {
        let (here, there) = (mirror.exact.get(key), export.exact.get(key));
        if here != there {
            found.push(format!("{key}\n  mirror: {here:?}\n  export: {there:?}"));
        }
    }
    for key in mirror.named.keys().chain(export.named.keys()).collect::<BTreeSet<_>>() {
        let (here, there) = (mirror.named.get(key), export.named.get(key));
        let is_there = |name: (&String, &String)| here.is_some_and(|here| here.get(name.0) == Some(name.1));
        if here.is_none() || there.is_none_or(|there| !there.iter().all(is_there)) {
            found.push(format!("{key}\n  mirror: {here:?}\n  export: {there:?}"));
        }
    }
    found
}

impl Facts {
    /// What objects say, by their global ids.
    pub(super) fn of_objects(objects: &BTreeMap<String, Value>, redirects: &Redirects) -> Result<Self> {
        let mut facts = Self::default();
        for object in objects.values() {
            let kind = text(object, "__typename").to_lowercase();
            let called = |name: &str| (text(object, "locale"), text(object, name));
            let (key, (locale, name)) = match kind.as_str() {
                "article" | "decree" => {
                    facts.edition(object, objects);
                    continue;
                }
                "category" => (category_path(object, objects), called("title")),
                "feed" => (text(object, "slug"), called("title")),
                _ => (text(object, "slug"), called("name")),
            };
            facts.named.entry(format!("{kind} {key}")).or_default().insert(locale, name);
        }
        for (path, target) in redirects {
            facts.exact.insert(format!("redirect {path}"), target.clone().unwrap_or_else(|| "gone".to_owned()));
        }
        Ok(facts)
    }

    fn edition(&mut self, object: &Value, objects: &BTreeMap<String, Value>) {
        let slug_of = |other: &Value| objects.get(&text(other, "id")).map(|other| text(other, "slug"));
        let slugs = |list: &Value| list.as_array().into_iter().flatten().map(slug_of).collect::<Vec<_>>();
        let by = match &object["signatory"] {
            Value::Null => slugs(&object["authors"]),
            signatory => vec![slug_of(&signatory["person"])],
        };
        let notes: Vec<&Value> = object["changeNotes"].as_array().into_iter().flatten().map(|it| &it["note"]).collect();
        let said = json!({
            "slug": object["slug"], "title": object["title"], "summary": object["summary"], "number": object["number"],
            "source": object["body"]["source"], "by": by, "tags": slugs(&object["tags"]), "notes": notes,
            "category": objects.get(&text(&object["category"], "id")).map(|found| category_path(found, objects)),
            "publishedAt": object["publishedAt"], "firstPublishedAt": object["firstPublishedAt"],
            "updatedAt": object["updatedAt"], "isWithdrawn": !object["withdrawal"].is_null(),
        });
        let key = format!("edition {} {}", text(object, "entryId"), text(object, "locale"));
        self.exact.insert(key, said.to_string());
    }

    /// What an export says.
    ///
    /// # Errors
    /// When it is none.
    pub fn of_export(export: &str) -> Result<Self> {
        let records = export.lines().map(serde_json::from_str).collect::<Result<Vec<BTreeMap<String, Value>>, _>>()?;
        let of = |kind: &str| records.iter().filter_map(|record| record.get(kind)).collect::<Vec<_>>();
        let by_id = |kind: &str| of(kind).into_iter().map(|it| (text(it, "id"), it)).collect::<BTreeMap<_, _>>();
        let (categories, tags, persons) = (by_id("category"), by_id("tag"), by_id("person"));
        let path_of = |id: &Value| {
            let (mut slugs, mut next) = (Vec::new(), id.as_str());
            while let Some(category) = next.and_then(|id| categories.get(id)) {
                slugs.insert(0, text(category, "slug"));
                next = category["parent"].as_str();
            }
            slugs.join("/")
        };
        let mut facts = Self::default();
        let mut used = BTreeSet::new();
        for entry in of("entry") {
            for live in entry["editions"].as_array().context("an entry without editions")? {
                let is_it = |it: &&Value| it["locale"] == live["locale"] && it["number"] == live["revision"];
                let revision = entry["revisions"].as_array().into_iter().flatten().find(is_it);
                let content = revision.and_then(|it| it["content"].as_object()?.values().next());
                let content = content.context("an edition without its revision")?;
                let slug_of = |known: &BTreeMap<String, &Value>, id: &Value| {
                    id.as_str().and_then(|id| known.get(id)).map(|it| text(it, "slug"))
                };
                let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
                let by = match &content["signatory"] {
                    Value::Null => list(&content["authors"]).iter().map(|id| slug_of(&persons, id)).collect(),
                    signatory => vec![slug_of(&persons, &signatory["person"])],
                };
                let named = list(&live["tags"]);
                used.extend(named.iter().filter_map(|id| id.as_str().map(str::to_owned)));
                let notes: Vec<Value> = list(&live["change_notes"]).iter().map(|it| it["note"].clone()).collect();
                let said = json!({
                    "slug": content["slug"], "title": content["title"], "summary": content["summary"],
                    "number": content["number"], "source": content["body"]["source"], "by": by,
                    "tags": named.iter().map(|id| slug_of(&tags, id)).collect::<Vec<_>>(), "notes": notes,
                    "category": path_of(&live["category"]), "publishedAt": live["published_at"],
                    "firstPublishedAt": live["first_published_at"], "updatedAt": live["updated_at"],
                    "isWithdrawn": !live["withdrawal"].is_null(),
                });
                let key = format!("edition {} {}", text(live, "entry"), text(live, "locale"));
                facts.exact.insert(key, said.to_string());
            }
        }
        for redirect in of("redirect") {
            let target = redirect["target"].as_str().unwrap_or("gone").to_owned();
            facts.exact.insert(format!("redirect {}", text(redirect, "path")), target);
        }
        let mut name = |kind: &str, key: &str, names: &Value| {
            let names = names.as_object().into_iter().flatten();
            let names = names.map(|(locale, name)| (locale.clone(), name.as_str().unwrap_or_default().to_owned()));
            facts.named.insert(format!("{kind} {key}"), names.collect());
        };
        for category in of("category") {
            name("category", &path_of(&category["id"]), &category["title"]);
        }
        // A tag that only a feed goes by is in the export, so that the feed can be restored, and nowhere for readers.
        for tag in of("tag").into_iter().filter(|tag| used.contains(&text(tag, "id"))) {
            name("tag", &text(tag, "slug"), &tag["name"]);
        }
        for person in of("person") {
            name("person", &text(person, "slug"), &person["name"]);
        }
        for feed in of("feed") {
            name("feed", &text(feed, "slug"), &feed["title"]);
        }
        Ok(facts)
    }
}

fn category_path(category: &Value, objects: &BTreeMap<String, Value>) -> String {
    let (mut slugs, mut next) = (Vec::new(), Some(category));
    while let Some(category) = next {
        slugs.insert(0, text(category, "slug"));
        next = objects.get(&text(&category["parent"], "id"));
    }
    slugs.join("/")
}

fn text(object: &Value, field: &str) -> String {
    object[field].as_str().unwrap_or_default().to_owned()
}
