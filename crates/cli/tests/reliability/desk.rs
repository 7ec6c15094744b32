//! A newsroom's database, and asking the server for changes as a machine with a token does.

use courant_domain::{
    access::{Grant, Role, Viewer},
    category::Category,
    id::{CategoryId, EntryId},
    locale::Locale,
    slug::Slug,
    text::Localized,
};
use courant_identity::opaque::{self, Kind};
use courant_persistence::{ApiTokenCreate, Command, Dialect, ReferenceData, Store, dump::EntryRecord};
use courant_tests::TestDatabase;
use serde_json::{Value, json};

/// A database with one category, and a machine that works on it.
pub(crate) struct Desk {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    pub(crate) category: CategoryId,
    machine: Machine,
}

/// A machine with a token that may do everything.
#[derive(Clone)]
pub(crate) struct Machine {
    token: String,
    http: reqwest::Client,
}

/// A request that was not answered: the server ended, before or after it did what it was asked.
#[derive(Debug)]
pub(crate) struct Unanswered;

impl Desk {
    pub(crate) async fn new(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        let category = Category {
            id: CategoryId::generate(),
            parent: None,
            position: 1,
            slug: Slug::parse("news").unwrap(),
            title: Localized::single(Locale::ENGLISH, "News"),
            description: Localized::default(),
        };
        let id = category.id;
        store
            .newsroom()
            .reference_put(&ReferenceData { categories: vec![category], ..Default::default() })
            .await
            .unwrap();
        let (token, hash) = opaque::generate(Kind::Api).unwrap();
        let grants = vec![Grant::everywhere(Role::Admin)];
        let create = ApiTokenCreate { name: "The tests".to_owned(), grants, expires_at: None, hash };
        store.accounts().api_token_create(Command::of(&Viewer::program()), &create).await.unwrap();
        let token = token.expose().to_owned();
        Self { database, store, category: id, machine: Machine { token, http: reqwest::Client::new() } }
    }

    /// The machine, for a task of its own.
    pub(crate) fn client(&self) -> Machine {
        self.machine.clone()
    }

    /// Asks for one mutation under a key, and gives its payload.
    pub(crate) async fn ask(&self, url: &str, asked: &Asked) -> Result<Value, Unanswered> {
        self.machine.ask(url, asked).await
    }
    /// The title of what readers find at an article's path; none when they find nothing.
    pub(crate) async fn title_at(&self, url: &str, slug: &str) -> Option<String> {
        let query = format!("{{ route(path: \"/en/articles/{slug}\") {{ ... on Article {{ title }} }} }}");
        let body = self.machine.post(url, &json!({ "query": query })).await.unwrap();
        assert!(body.get("errors").is_none(), "{body}");
        body["data"]["route"]["title"].as_str().map(str::to_owned)
    }

    /// Everything that is kept of an entry.
    pub(crate) async fn record(&self, id: EntryId) -> Option<EntryRecord> {
        self.records().await.into_iter().find(|record| record.entry.id == id)
    }

    /// Everything that is kept of all entries.
    pub(crate) async fn records(&self) -> Vec<EntryRecord> {
        let snapshot = self.store.admin().snapshot().await.unwrap();
        let mut records: Vec<EntryRecord> = Vec::new();
        loop {
            let page = snapshot.entries(records.last().map(|record| record.entry.id), 500).await.unwrap();
            if page.is_empty() {
                return records;
            }
            records.extend(page);
        }
    }

    /// Makes an article with this slug and title, and gives its id.
    pub(crate) async fn article(&self, url: &str, slug: &str, title: &str) -> EntryId {
        let payload = self.ask(url, &Asked::create(self.category, slug, title)).await.unwrap();
        done(&payload);
        entry_id(&payload)
    }
}

impl Machine {
    /// Asks for one mutation under a key, and gives its payload.
    pub(crate) async fn ask(&self, url: &str, asked: &Asked) -> Result<Value, Unanswered> {
        let body = self.post(url, &asked.body()).await?;
        assert!(body.get("errors").is_none(), "{}: {body}", asked.mutation);
        Ok(body["data"][asked.mutation].clone())
    }

    /// Sends a request's body, and gives that of the answer.
    pub(crate) async fn post(&self, url: &str, body: &Value) -> Result<Value, Unanswered> {
        let response = self.send(url, "application/graphql-response+json", body).await?;
        let text = response.text().await.map_err(|_| Unanswered)?;
        serde_json::from_str(&text).map_err(|_| Unanswered)
    }

    /// Sends a request's body, to be answered in this media type.
    pub(crate) async fn send(&self, url: &str, accept: &str, body: &Value) -> Result<reqwest::Response, Unanswered> {
        let request = self
            .http
            .post(format!("{url}/graphql"))
            .header("accept", accept)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .body(body.to_string());
        request.send().await.map_err(|_| Unanswered)
    }
}

/// A change to ask for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) mutation: &'static str,
    pub(crate) input: Value,
    selection: &'static str,
    key: String,
}

impl Asked {
    /// A change under a key of its own.
    pub(crate) fn new(mutation: &'static str, input: Value) -> Self {
        let selection = if mutation.ends_with("Category") { "category { id }" } else { "entry { id }" };
        let key = EntryId::generate().to_string();
        Self { mutation, input, selection, key }
    }

    pub(crate) fn create(category: CategoryId, slug: &str, title: &str) -> Self {
        let content = content(slug, title);
        Self::new("createArticle", json!({ "categoryId": category.to_string(), "locale": "en", "content": content }))
    }

    pub(crate) fn save(entry: EntryId, based_on: usize, slug: &str, title: &str) -> Self {
        let (entry, content) = (entry.to_string(), content(slug, title));
        let input = json!({ "entryId": entry, "locale": "en", "basedOn": based_on, "content": content });
        Self::new("saveArticle", input)
    }

    /// The body of the request for it.
    pub(crate) fn body(&self) -> Value {
        let (first, rest) = self.mutation.split_at(1);
        let ty = format!("{}{rest}Input", first.to_uppercase());
        let query = format!(
            "mutation ($input: {ty}!) {{ {}(input: $input) {{ {} userErrors {{ code field message }} }} }}",
            self.mutation, self.selection
        );
        let mut input = self.input.clone();
        input["idempotencyKey"] = self.key.as_str().into();
        json!({ "query": query, "variables": { "input": input } })
    }

    /// With another text.
    pub(crate) fn with_body(mut self, source: &str) -> Self {
        self.input["content"]["body"] = json!({ "source": source });
        self
    }

    /// A step that needs nothing said beyond what it is of.
    pub(crate) fn step(mutation: &'static str, entry: EntryId, with: Value) -> Self {
        let mut input = json!({ "entryId": entry.to_string(), "locale": "en" });
        if let (Some(input), Value::Object(with)) = (input.as_object_mut(), with) {
            input.extend(with);
        }
        Self::new(mutation, input)
    }
}

fn content(slug: &str, title: &str) -> Value {
    json!({ "slug": slug, "title": title, "body": { "source": format!("What is to be said of **{title}**.") } })
}

/// The codes of what could be mended.
pub(crate) fn refusals(payload: &Value) -> Vec<&str> {
    payload["userErrors"].as_array().into_iter().flatten().filter_map(|error| error["code"].as_str()).collect()
}

/// Sees that it was done.
pub(crate) fn done(payload: &Value) {
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
}

/// The entry of a payload.
pub(crate) fn entry_id(payload: &Value) -> EntryId {
    let id = payload["entry"]["id"].as_str().unwrap_or_else(|| panic!("no entry: {payload}"));
    EntryId::from(id.parse::<uuid::Uuid>().unwrap())
}
