//! What is changed: everything by which readers may see something else, over HTTP as an administrator does it.

use courant_tests::{Answer, Portal};
use serde_json::{Value, json};

use crate::{chance::Chance, questions::LOCALES};

/// An entry that was made.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: String,
    is_act: bool,
    number: usize,
}

/// What there is to be asked for and changed: ids, and names in addresses.
pub(crate) struct World {
    token: String,
    pub(crate) entries: Vec<Entry>,
    pub(crate) categories: Vec<(String, String)>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) persons: Vec<(String, String)>,
    pub(crate) feeds: Vec<(String, String)>,
    /// Places in the list of articles that were seen.
    pub(crate) cursors: Vec<(String, String)>,
    /// How many stories and acts were made.
    pub(crate) made: usize,
}

impl World {
    pub(crate) async fn of(portal: &Portal, token: &str) -> Self {
        let mut world = Self {
            token: token.to_owned(),
            entries: Vec::new(),
            categories: Vec::new(),
            tags: Vec::new(),
            persons: Vec::new(),
            feeds: Vec::new(),
            cursors: Vec::new(),
            made: 0,
        };
        world.look(portal).await;
        world
    }

    /// Looks which names there are; former ones stay, to be asked for.
    async fn look(&mut self, portal: &Portal) {
        let query = "{ editorial { categories { id path } tags { id slug } persons { id slug } feeds { id slug } } }";
        let answer = portal.post_as(&self.token, &json!({ "query": query })).await;
        let found = |field: &str, name: &str| -> Vec<(String, String)> {
            let all = answer.data()["editorial"][field].as_array().unwrap();
            let text = |one: &Value, field: &str| one[field].as_str().unwrap().to_owned();
            all.iter().map(|one| (text(one, "id"), text(one, name))).collect()
        };
        for (known, now) in [
            (&mut self.categories, found("categories", "path")),
            (&mut self.tags, found("tags", "slug")),
            (&mut self.persons, found("persons", "slug")),
            (&mut self.feeds, found("feeds", "slug")),
        ] {
            let old = std::mem::replace(known, now);
            let is_new = |one: &(String, String)| !known.iter().any(|(_, name)| *name == one.1);
            let former: Vec<_> = old.into_iter().filter(is_new).rev().take(2).collect();
            known.extend(former);
        }
    }

    /// Does something, and says what. What is refused is refused to everybody, and changes nothing.
    pub(crate) async fn change(&mut self, portal: &Portal, chance: &mut Chance) -> String {
        let locale = *chance.one(&LOCALES).unwrap();
        let id = |chance: &mut Chance, all: &[(String, String)]| {
            chance.one(all).map(|one| one.0.clone()).unwrap_or_default()
        };
        let entry = chance.one(&self.entries).cloned();
        let named = |chance: &mut Chance, name: &str| json!([{ "locale": locale, "text": format!("{name} {}", chance.below(50)) }]);
        let number = chance.below(40);
        let what = chance.below(100);
        if what < 16 || entry.is_none() {
            return self.make(portal, chance, locale).await;
        }
        let Some(entry) = entry else { return String::new() };
        let (mutation, input) = match what {
            16..35 => return self.save_and_publish(portal, chance, &entry, locale).await,
            35..47 => {
                let ending = match chance.below(4) {
                    0 => json!({ "notice": "It was in error." }),
                    1 => json!({ "redirect": format!("/{locale}/articles/story-{}", chance.below(self.made + 1)) }),
                    2 => json!({ "gone": true }),
                    _ => json!({ "vanish": true }),
                };
                ("unpublishEntry", json!({ "entryId": entry.id, "locale": locale, "ending": ending }))
            }
            47..56 => {
                let category = id(chance, &self.categories);
                let tags: Vec<String> = chance.some(&self.tags, 3).into_iter().map(|tag| tag.0).collect();
                ("fileEntry", json!({ "entryId": entry.id, "categoryId": category, "tags": tags }))
            }
            56..59 => ("createTag", json!({ "slug": format!("tag-{number}"), "name": named(chance, "Tag") })),
            59..62 => (
                "updateTag",
                json!({ "id": id(chance, &self.tags), "slug": format!("tag-{number}"), "name": named(chance, "Tag") }),
            ),
            62 => ("mergeTags", json!({ "sourceIds": [id(chance, &self.tags)], "targetId": id(chance, &self.tags) })),
            63 => ("deleteTag", json!({ "id": id(chance, &self.tags) })),
            64..67 => ("createPerson", json!({ "slug": format!("person-{number}"), "name": named(chance, "Person") })),
            67..70 => (
                "updatePerson",
                json!({ "id": id(chance, &self.persons), "slug": format!("person-{number}"), "name": named(chance, "Person") }),
            ),
            70 => (
                "mergePersons",
                json!({ "sourceIds": [id(chance, &self.persons)], "targetId": id(chance, &self.persons) }),
            ),
            71..73 => (
                "createCategory",
                json!({ "parentId": id(chance, &self.categories), "slug": format!("room-{number}"), "title": named(chance, "Room") }),
            ),
            73..76 => (
                "updateCategory",
                json!({ "id": id(chance, &self.categories), "title": named(chance, "Room"), "slug": format!("room-{number}") }),
            ),
            76..80 => {
                let parent = chance.happens(70).then(|| id(chance, &self.categories));
                ("moveCategory", json!({ "id": id(chance, &self.categories), "parentId": parent, "position": 1 }))
            }
            80 => (
                "mergeCategories",
                json!({ "sourceIds": [id(chance, &self.categories)], "targetId": id(chance, &self.categories) }),
            ),
            81..83 => (
                "createFeed",
                json!({ "slug": format!("feed-{number}"), "title": named(chance, "Feed"), "categoryIds": [id(chance, &self.categories)], "tagIds": if chance.happens(40) { json!([id(chance, &self.tags)]) } else { json!([]) } }),
            ),
            83..86 => (
                "updateFeed",
                json!({ "id": id(chance, &self.feeds), "title": named(chance, "Feed"), "kinds": if chance.happens(50) { json!(["ARTICLE"]) } else { json!([]) } }),
            ),
            86..91 => ("pinEntry", json!({ "feedId": id(chance, &self.feeds), "entryId": entry.id, "position": 1 })),
            91..93 => ("unpinEntry", json!({ "feedId": id(chance, &self.feeds), "entryId": entry.id })),
            93..96 => (
                "putRedirect",
                json!({ "path": format!("/old/{}", chance.below(8)), "target": chance.happens(80).then(|| format!("/{locale}/articles/story-{}", chance.below(self.made + 3))) }),
            ),
            96 => ("removeRedirect", json!({ "path": format!("/old/{}", chance.below(8)) })),
            97 => ("updateSite", json!({ "name": named(chance, "Portal") })),
            _ => return self.save_and_publish(portal, chance, &entry, locale).await,
        };
        let answer = portal.mutate_as(&self.token, mutation, input.clone(), "userErrors { code }").await;
        if !mutation.ends_with("Entry") {
            self.look(portal).await;
        }
        said(mutation, &input, &answer)
    }

    async fn make(&mut self, portal: &Portal, chance: &mut Chance, locale: &str) -> String {
        self.made += 1;
        let is_act = chance.happens(35);
        let number = self.made;
        let content = self.content(chance, is_act, number);
        let category = chance.one(&self.categories).map(|one| one.0.clone()).unwrap_or_default();
        let tags: Vec<String> = chance.some(&self.tags, 2).into_iter().map(|tag| tag.0).collect();
        let mutation = if is_act { "createDecree" } else { "createArticle" };
        let input = json!({ "categoryId": category, "tags": tags, "locale": locale, "content": content });
        let answer = portal.mutate_as(&self.token, mutation, input.clone(), "entry { id } userErrors { code }").await;
        let made = answer.body["data"][mutation]["entry"]["id"].as_str().map(str::to_owned);
        let Some(id) = made else { return said(mutation, &input, &answer) };
        self.entries.push(Entry { id: id.clone(), is_act, number });
        let published = publish(portal, &self.token, chance, &id, locale).await;
        format!("{} {published}", said(mutation, &input, &answer))
    }

    async fn save_and_publish(&mut self, portal: &Portal, chance: &mut Chance, entry: &Entry, locale: &str) -> String {
        let mutation = if entry.is_act { "saveDecree" } else { "saveArticle" };
        let query = "query ($id: ID!) { editorial { entry(id: $id) { versions { locale newest { number } } } } }";
        let answer = portal.post_as(&self.token, &json!({ "query": query, "variables": { "id": entry.id } })).await;
        let versions = answer.data()["editorial"]["entry"]["versions"].as_array().cloned().unwrap_or_default();
        let known = versions.iter().find(|version| version["locale"] == locale);
        let based_on = known.map(|version| version["newest"]["number"].clone());
        let content = self.content(chance, entry.is_act, entry.number);
        let input = json!({ "entryId": entry.id, "locale": locale, "basedOn": based_on, "content": content });
        let answer = portal.mutate_as(&self.token, mutation, input.clone(), "userErrors { code }").await;
        let published = publish(portal, &self.token, chance, &entry.id, locale).await;
        format!("{} {published}", said(mutation, &input, &answer))
    }

    fn content(&self, chance: &mut Chance, is_act: bool, number: usize) -> Value {
        let persons: Vec<String> = chance.some(&self.persons, 2).into_iter().map(|person| person.0).collect();
        let acts: Vec<String> =
            self.entries.iter().filter(|entry| entry.is_act).map(|entry| entry.id.clone()).collect();
        let others: Vec<String> = self.entries.iter().map(|entry| entry.id.clone()).collect();
        let title = format!("Title {number} in its form {}", chance.below(1000));
        // Now and then it moves to another address, which another one may have had.
        let slug = |chance: &mut Chance, of: &str| {
            if chance.happens(15) { format!("{of}-{}", chance.below(number + 5)) } else { format!("{of}-{number}") }
        };
        let body = json!({ "format": "MARKDOWN", "source": format!("Words {}.", chance.below(1000)) });
        if is_act {
            let kinds = ["AMENDS", "REPEALS", "COMMENCES", "CITES", "BASED_ON"];
            let relations: Vec<Value> = chance
                .some(&acts, 2)
                .into_iter()
                .map(|act| json!({ "kind": chance.one(&kinds).unwrap(), "targetId": act, "on": format!("2026-0{}-01", 1 + chance.below(8)) }))
                .collect();
            let effective = chance.happens(60).then(|| format!("2026-0{}-10", 1 + chance.below(8)));
            let kind = if chance.happens(50) { "LAW" } else { "DECREE" };
            json!({
                "title": title, "slug": slug(chance, "act"), "number": chance.below(6).to_string(), "documentType": kind,
                "signedOn": format!("2026-01-{:02}", 1 + chance.below(28)), "effectiveOn": effective, "body": body,
                "signatory": persons.first().map(|person| json!({ "personId": person, "office": "Chair" })),
                "relations": relations,
            })
        } else {
            let genre = if chance.happens(50) { "NEWS" } else { "INTERVIEW" };
            json!({
                "title": title, "slug": slug(chance, "story"), "genre": genre, "summary": format!("Summary {}", chance.below(9)),
                "body": body, "authors": persons, "covers": chance.some(&acts, 1), "related": chance.some(&others, 1),
            })
        }
    }
}

async fn publish(portal: &Portal, token: &str, chance: &mut Chance, entry: &str, locale: &str) -> String {
    if chance.happens(15) {
        return "and keeps it".to_owned();
    }
    let at = chance.happens(50).then(|| format!("2026-01-{:02}T0{}:00:00Z", 1 + chance.below(28), chance.below(10)));
    let note = chance.happens(20).then_some("Corrected.");
    let input = json!({ "entryId": entry, "locale": locale, "publishedAt": at, "changeNote": note });
    let answer = portal.mutate_as(token, "publishEntry", input.clone(), "userErrors { code }").await;
    said("publishEntry", &input, &answer)
}

fn said(mutation: &str, input: &Value, answer: &Answer) -> String {
    format!("{mutation} {input} -> {}", answer.text)
}
