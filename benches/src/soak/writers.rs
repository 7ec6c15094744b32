//! Writers, who know what they were told is done.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    Load,
    ask::{Client, Missing, Tally, once},
    site::Site,
};

/// How long a writer thinks.
const PAUSE: Duration = Duration::from_millis(150);

/// How many articles a writer has. Then those change, for the database not to grow without end.
const MOST: usize = 200;

/// An article as its writer knows it.
struct Piece {
    id: String,
    slug: String,
    /// How many revisions it has.
    revisions: u64,
    title: String,
    /// The title that readers see; none while it is not live.
    live: Option<String>,
}

pub(super) struct Writer {
    name: String,
    number: u64,
    pieces: Vec<Piece>,
}

impl Writer {
    pub(super) fn new(name: usize) -> Self {
        Self { name: format!("soak-{name}"), number: 0, pieces: Vec::new() }
    }

    /// Writes on and on, and gives back what it knows.
    pub(super) async fn work(mut self, mut load: Load) -> Result<Self> {
        let mut client = Client::new()?;
        let mut category: Option<String> = None;
        while load.goes_on(PAUSE).await {
            if let Some(category) = &category {
                self.step(&mut client, &load, category).await;
            } else {
                let known = once(&load.site, "{ categories { id } }", &json!({})).await?;
                category = known["categories"][0]["id"].as_str().map(str::to_owned);
            }
        }
        Ok(self)
    }

    async fn step(&mut self, client: &mut Client, load: &Load, category: &str) {
        self.number += 1;
        let number = self.number;
        let title = format!("{} writes {number}", self.name);
        if self.pieces.len() < MOST && number % 3 == 1 {
            let slug = format!("{}-{number}", self.name);
            let input = json!({ "categoryId": category, "locale": "en", "content": content(&slug, &title) });
            if let Some(made) = self.ask(client, load, "createArticle", input).await
                && let Some(id) = made["entry"]["id"].as_str()
            {
                self.pieces.push(Piece { id: id.to_owned(), slug, revisions: 1, title, live: None });
            }
            return;
        }
        let count = self.pieces.len();
        let Some(at) = usize::try_from(number).ok().and_then(|number| (number * 7).checked_rem(count)) else { return };
        let piece = &self.pieces[at];
        let key = json!({ "entryId": piece.id, "locale": "en" });
        match number % 5 {
            0 if piece.live.is_some() => {
                let input = with(&key, json!({ "ending": { "gone": true } }));
                if self.ask(client, load, "unpublishEntry", input).await.is_some() {
                    self.pieces[at].live = None;
                }
            }
            1 | 2 => {
                let content = content(&piece.slug, &title);
                let input = with(&key, json!({ "basedOn": piece.revisions, "content": content }));
                if self.ask(client, load, "saveArticle", input).await.is_some() {
                    let piece = &mut self.pieces[at];
                    piece.revisions += 1;
                    piece.title = title;
                }
            }
            _ => {
                let input = with(&key, json!({ "revision": piece.revisions }));
                if self.ask(client, load, "publishEntry", input).await.is_some() {
                    let piece = &mut self.pieces[at];
                    piece.live = Some(piece.title.clone());
                }
            }
        }
    }

    /// Asks for a change under one key until it is answered, and gives what was done.
    async fn ask(&self, client: &mut Client, load: &Load, mutation: &str, mut input: Value) -> Option<Value> {
        let (first, rest) = mutation.split_at(1);
        let query = format!(
            "mutation ($input: {}{rest}Input!) {{ {mutation}(input: $input) {{ entry {{ id }} userErrors {{ code message }} }} }}",
            first.to_uppercase()
        );
        input["idempotencyKey"] = format!("{}-{}", self.name, self.number).into();
        let variables = json!({ "input": input });
        loop {
            match client.ask(&load.site, &load.tally, &query, &variables).await {
                Ok(mut data) => {
                    let payload = data[mutation].take();
                    if payload["userErrors"].as_array().is_some_and(Vec::is_empty) {
                        Tally::add(&load.tally.writes);
                        return Some(payload);
                    }
                    load.tally.note(format!("{mutation}: {}", payload["userErrors"]));
                    return None;
                }
                Err(Missing::SignInAgain) => {
                    client.sign_in(&load.site, &load.tally).await;
                }
                Err(Missing::Later) => tokio::time::sleep(PAUSE).await,
                Err(Missing::Wrong(what)) => {
                    load.tally.note(format!("{mutation}: {what}"));
                    return None;
                }
            }
        }
    }

    /// Sees that all is there that was acknowledged. Says how much that is, and what is missing.
    pub(super) async fn check(&self, site: &Site) -> Result<(usize, Vec<String>)> {
        let mut lost = Vec::new();
        for piece in &self.pieces {
            let path = format!("/en/articles/{}", piece.slug);
            let query = "query ($path: String!) { route(path: $path) { ... on Article { title } } }";
            let found = once(site, query, &json!({ "path": path })).await?;
            let title = found["route"]["title"].as_str();
            if title != piece.live.as_deref() {
                lost.push(format!("at {path} is {title:?}, not {:?}, which was acknowledged", piece.live));
            }
        }
        Ok((self.pieces.len(), lost))
    }
}

fn content(slug: &str, title: &str) -> Value {
    let text = format!("## {title}\n\nWhat is to be said of **it**. [Above](#top)\n\n").repeat(20);
    json!({ "slug": slug, "title": title, "summary": "By the load.", "body": { "source": text } })
}

fn with(key: &Value, more: Value) -> Value {
    let mut all = key.clone();
    if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
        all.extend(more);
    }
    all
}
