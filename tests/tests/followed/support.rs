//! Asking for feeds, and a desk that fills them.

use courant_domain::access::Role;
use courant_server::{Config, Origin};
use courant_tests::{Dialect, Person, Portal, Statements, TestDatabase, site};
use serde_json::{Value, json};

pub(crate) const ORIGIN: &str = "https://news.example.org";

/// What was given.
pub(crate) struct Given {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) statements: Vec<String>,
}

impl Given {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn has(&self, piece: &str) {
        assert!(self.text().contains(piece), "{piece} is not in {}", self.text());
    }

    pub(crate) fn lacks(&self, piece: &str) {
        assert!(!self.text().contains(piece), "{piece} is in {}", self.text());
    }
}

/// A site with the sample content and the reader app, which knows where it is.
pub(crate) async fn portal(dialect: Dialect) -> Portal {
    let Portal { database, store, .. } = Portal::with_samples(dialect).await;
    Portal::configured(database, store, config()).await
}

/// Another server on its database.
pub(crate) async fn beside(portal: &Portal) -> Portal {
    let database = TestDatabase::of_the_same(&portal.database);
    let store = database.open().await;
    Portal::configured(database, store, config()).await
}

pub(crate) fn config() -> Config {
    Config { reader: Some(site::reader()), origin: Origin::parse(ORIGIN).unwrap(), ..Portal::config() }
}

/// Asks as a client with these headers does.
pub(crate) async fn get_with(portal: &Portal, path: &str, headers: &[(&str, &str)]) -> Given {
    let statements = Statements::begin().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.get(format!("{}{path}", portal.url));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    let headers = headers.collect();
    let bytes = response.bytes().await.unwrap().to_vec();
    Given { status, headers, bytes, statements: statements.end() }
}

pub(crate) async fn get(portal: &Portal, path: &str) -> Given {
    get_with(portal, path, &[]).await
}

/// Whoever publishes.
pub(crate) struct Desk<'a> {
    pub(crate) admin: Person<'a>,
    pub(crate) category: Value,
}

impl<'a> Desk<'a> {
    /// One that files in `politics`.
    pub(crate) async fn of(portal: &'a Portal) -> Self {
        let admin = portal.as_role(Role::Admin).await;
        let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
        Self { admin, category: category.into() }
    }

    pub(crate) async fn write(&self, slug: &str, title: &str, more: Value) -> Value {
        let mut content = json!({ "slug": slug, "title": title, "body": { "source": "See [the law](/en/decrees)." } });
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let input = json!({ "categoryId": self.category, "locale": "en", "content": content });
        let made = self.admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
        made.done()["entry"]["id"].clone()
    }

    pub(crate) async fn publish(&self, slug: &str, title: &str, more: Value) -> Value {
        let entry = self.write(slug, title, more).await;
        self.done("publishEntry", &entry, json!({})).await;
        entry
    }

    pub(crate) async fn take_back(&self, entry: &Value, ending: Value) {
        self.done("unpublishEntry", entry, json!({ "ending": ending })).await;
    }

    pub(crate) async fn done(&self, mutation: &str, entry: &Value, more: Value) {
        let mut input = json!({ "entryId": entry, "locale": "en" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.mutate(mutation, input, "userErrors { code field message }").await.done();
    }
}
