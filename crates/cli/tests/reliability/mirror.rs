//! A mirror is kept by the example program while editors change everything there is and the server is killed, time after time; in the
//! end it is what the export for readers is.

use std::{sync::Arc, time::Duration};

use courant_example::mirror::{Facts, Mirror, differences};
use courant_persistence::Dialect;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    common::{courant, succeeds},
    desk::{Desk, Machine, Unanswered},
    kill::rounds,
    random::Random,
    server::{Server, verified},
};

/// Somebody who does whatever comes to mind.
pub(crate) struct Restless {
    machine: Machine,
    random: Random,
    entries: Vec<String>,
    pub(crate) made: usize,
}

impl Restless {
    pub(crate) fn new(machine: Machine, random: Random) -> Self {
        Self { machine, random, entries: Vec::new(), made: 0 }
    }

    async fn post(&self, url: &str, mutation: &str, input: &Value) -> Result<Value, Unanswered> {
        let (first, rest) = mutation.split_at(1);
        let ty = format!("{}{rest}Input", first.to_uppercase());
        let shown = if mutation.starts_with("create") && rest.ends_with("Article") { "entry { id }" } else { "" };
        let query =
            format!("mutation ($input: {ty}!) {{ {mutation}(input: $input) {{ {shown} userErrors {{ code }} }} }}");
        let body = self.machine.post(url, &json!({ "query": query, "variables": { "input": input } })).await?;
        Ok(body["data"][mutation].clone())
    }

    /// The ids there are of something.
    async fn known(&self, url: &str, field: &str) -> Result<Vec<String>, Unanswered> {
        let query = format!("{{ editorial {{ {field} {{ id }} }} }}");
        let body = self.machine.post(url, &json!({ "query": query })).await?;
        let all = body["data"]["editorial"][field].as_array().cloned().unwrap_or_default();
        Ok(all.iter().filter_map(|it| it["id"].as_str().map(str::to_owned)).collect())
    }

    async fn one(&mut self, url: &str, field: &str) -> Result<String, Unanswered> {
        let known = self.known(url, field).await?;
        let at = self.random.below(known.len().max(1));
        Ok(known.into_iter().nth(at).unwrap_or_default())
    }

    /// Does something. What is refused changes nothing.
    pub(crate) async fn deed(&mut self, url: &str) -> Result<(), Unanswered> {
        let at = self.random.below(self.entries.len().max(1));
        let (entry, number) = (self.entries.get(at).cloned(), self.random.below(12));
        let named = |what: &str| json!([{ "locale": "en", "text": format!("{what} {number}") }]);
        let (mutation, input) = match (self.random.below(20), entry) {
            (0..6, _) | (_, None) => return self.make(url).await,
            (6..9, Some(entry)) => return self.change(url, &entry).await,
            (9..12, Some(entry)) => {
                let endings = [
                    json!({ "notice": "It was in error." }),
                    json!({ "redirect": "/en" }),
                    json!({ "gone": true }),
                    json!({ "vanish": true }),
                ];
                let ending = endings[self.random.below(endings.len())].clone();
                ("unpublishEntry", json!({ "entryId": entry, "locale": "en", "ending": ending }))
            }
            (12, Some(entry)) => {
                let (category, tag) = (self.one(url, "categories").await?, self.one(url, "tags").await?);
                let input = json!({ "entryId": entry, "categoryId": category, "tags": [tag] });
                self.post(url, "fileEntry", &input).await?;
                ("publishEntry", json!({ "entryId": entry, "locale": "en" }))
            }
            (13, _) => ("createTag", json!({ "slug": format!("tag-{number}"), "name": named("Tag") })),
            (14, _) => {
                let id = self.one(url, "tags").await?;
                ("updateTag", json!({ "id": id, "slug": format!("tag-{number}"), "name": named("Tag") }))
            }
            (15, _) => {
                let (source, target) = (self.one(url, "tags").await?, self.one(url, "tags").await?);
                ("mergeTags", json!({ "sourceIds": [source], "targetId": target }))
            }
            (16, _) => {
                let (id, parent) = (self.one(url, "categories").await?, self.one(url, "categories").await?);
                ("moveCategory", json!({ "id": id, "parentId": parent, "position": 1 }))
            }
            (17, _) => {
                let id = self.one(url, "categories").await?;
                ("updateCategory", json!({ "id": id, "slug": format!("room-{number}"), "title": named("Room") }))
            }
            (18, _) => {
                let (source, target) = (self.one(url, "categories").await?, self.one(url, "categories").await?);
                ("mergeCategories", json!({ "sourceIds": [source], "targetId": target }))
            }
            (_, _) => {
                let id = self.one(url, "tags").await?;
                ("deleteTag", json!({ "id": id }))
            }
        };
        self.post(url, mutation, &input).await.map(drop)
    }

    async fn make(&mut self, url: &str) -> Result<(), Unanswered> {
        self.made += 1;
        let (category, tag) = (self.one(url, "categories").await?, self.one(url, "tags").await?);
        let content = content(&format!("story-{}", self.made), self.random.below(1000));
        let input = json!({ "categoryId": category, "tags": [tag], "locale": "en", "content": content });
        let made = self.post(url, "createArticle", &input).await?;
        let Some(entry) = made["entry"]["id"].as_str().map(str::to_owned) else { return Ok(()) };
        self.entries.push(entry.clone());
        self.post(url, "publishEntry", &json!({ "entryId": entry, "locale": "en" })).await.map(drop)
    }

    async fn change(&mut self, url: &str, entry: &str) -> Result<(), Unanswered> {
        let query = "query ($id: ID!) { editorial { entry(id: $id) { versions { newest { number } } } } }";
        let found = self.machine.post(url, &json!({ "query": query, "variables": { "id": entry } })).await?;
        let based_on = &found["data"]["editorial"]["entry"]["versions"][0]["newest"]["number"];
        // Now and then at an address that another one may have had.
        let slug = format!("story-{}", self.random.below(self.made + 3));
        let content = content(&slug, self.random.below(1000));
        let input = json!({ "entryId": entry, "locale": "en", "basedOn": based_on, "content": content });
        self.post(url, "saveArticle", &input).await?;
        self.post(url, "publishEntry", &json!({ "entryId": entry, "locale": "en" })).await.map(drop)
    }
}

fn content(slug: &str, number: usize) -> Value {
    json!({ "slug": slug, "title": format!("Title {number}"), "body": { "source": format!("Words {number}.") } })
}

async fn a_mirror_is_what_is_exported(dialect: Dialect) {
    let mut random = Random::new(&format!("mirrored on {dialect:?}"));
    let desk = Desk::new(dialect).await;
    courant_fixtures::samples::seed(&desk.store).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mirror = Arc::new(Mirror::open(&folder.path().join("mirror")).unwrap());
    let mut restless = Restless::new(desk.client(), random.split());

    // It follows all the while, whether there is a server or not.
    let (where_it_is, url) = watch::channel(String::new());
    let following = {
        let (mirror, client) = (mirror.clone(), reqwest::Client::new());
        tokio::spawn(async move {
            let (mut taken, mut failed) = (0, 0);
            while url.has_changed().is_ok() {
                let now = format!("{}/graphql", url.borrow().as_str());
                match mirror.follow(&client, &now).await {
                    Ok(changes) => taken += changes,
                    Err(_) => failed += 1,
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            (taken, failed)
        })
    };
    for _ in 0..rounds().min(40) {
        let server = Server::start(&desk.database);
        where_it_is.send_replace(server.url.clone());
        let work = async {
            loop {
                restless.deed(&server.url).await.unwrap();
            }
        };
        // Somewhere within what is under way then, the mirror's own requests too.
        drop(tokio::time::timeout(Duration::from_millis(300 + random.next() % 1500), work).await);
        server.kill();
    }
    drop(where_it_is);
    let (taken, failed) = following.await.unwrap();

    let server = Server::start(&desk.database);
    let left = mirror.follow(&reqwest::Client::new(), &format!("{}/graphql", server.url)).await.unwrap();
    server.kill();
    verified(&desk.database);
    let export = folder.path().join("export.ndjson");
    let mut command = courant(folder.path());
    succeeds(command.args(["export", "--published", "--database-url", &desk.database.options.url]).arg(&export));
    let export = std::fs::read_to_string(export).unwrap();
    let found = differences(&mirror.facts().unwrap(), &Facts::of_export(&export).unwrap());
    println!(
        "{dialect:?}: {} entries, {taken} changes while it ran, {left} at the end, {failed} times no answer",
        restless.made
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(taken > 300 && restless.made > 5, "{taken} changes, {} entries", restless.made);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_is_what_is_exported_on_sqlite() {
    a_mirror_is_what_is_exported(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_is_what_is_exported_on_postgres() {
    a_mirror_is_what_is_exported(Dialect::Postgres).await;
}
