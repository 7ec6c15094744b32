//! The harness of the end-to-end tests: a portal on a real database, behind a real port.
//!
//! Every behaviour is tested on both databases. PostgreSQL is the server at `COURANT_TEST_POSTGRES_URL`, whose user may
//! make databases; `script/test` starts one. A run without it fails: it is never skipped in silence.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

pub mod alike;
pub mod bucket;
mod capture;
pub mod cluster;
mod databases;
pub mod desk;
pub mod dump;
pub mod golden;
pub mod incoming;
mod person;
pub mod plan;
pub mod proxy;
pub mod receiver;
pub mod search;
pub mod site;
pub mod timelines;

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use courant_gateway::IdentityConfig;
use courant_graphql::Limits;
use courant_identity::password::Cost;
use courant_persistence::{Options, Store};
use courant_server::{AnswerCache, Config, SearchIndex};
use courant_workers::{Follower, followers::Indexing};
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;
use serde_json::{Value, json};
use tempfile::TempDir;

pub use courant_persistence::Dialect;
pub use macro_rules_attribute::apply;

pub use self::{capture::Statements, person::Person};

/// Writes to a database as somebody with a SQL client would, past every rule.
pub async fn write_by_hand(url: &str, sql: &str) {
    let connection = Database::connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// Takes back the last step of a database's schema, so that it is an older version's.
pub async fn step_back(url: &str) {
    let connection = Database::connect(url).await.unwrap();
    courant_migrations::Migrator::down(&connection, Some(1)).await.unwrap();
    connection.close().await.unwrap();
}

/// A migrated database of its own, gone with the value on SQLite, and with the test cluster on PostgreSQL.
pub struct TestDatabase {
    /// How to open it.
    pub options: Options,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// A new database without tables.
    pub async fn bare(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                Self { options: Options::sqlite(&folder.path().join("courant.db")), _folder: Some(folder) }
            }
            Dialect::Postgres => {
                static NUMBER: AtomicU32 = AtomicU32::new(0);
                let server = postgres_url();
                let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
                let connection = Database::connect(&server).await.unwrap();
                connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
                connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                connection.close().await.unwrap();
                let (base, _) = server.rsplit_once('/').unwrap();
                Self { options: Options::parse(&format!("{base}/{name}")).unwrap(), _folder: None }
            }
        }
    }

    /// A database that is reached in a way of its own, without tables.
    #[must_use]
    pub const fn of(options: Options) -> Self {
        Self { options, _folder: None }
    }

    /// A new database with the schema.
    pub async fn migrated(dialect: Dialect) -> Self {
        let database = Self::bare(dialect).await;
        courant_persistence::migrate(&database.options).await.unwrap();
        database
    }

    /// The same database, for a second node.
    #[must_use]
    pub fn of_the_same(other: &Self) -> Self {
        Self { options: other.options.clone(), _folder: None }
    }

    /// A copy of a database that nobody has open.
    pub async fn copy_of(other: &Self, dialect: Dialect) -> Self {
        let copy = Self::bare(dialect).await;
        match dialect {
            Dialect::Sqlite => {
                let file = |options: &Options| options.url.trim_start_matches("sqlite://").to_owned();
                std::fs::copy(file(&other.options), file(&copy.options)).unwrap();
            }
            Dialect::Postgres => {
                let (base, name) = copy.options.url.rsplit_once('/').unwrap();
                let (_, template) = other.options.url.rsplit_once('/').unwrap();
                let connection = Database::connect(format!("{base}/postgres")).await.unwrap();
                connection.execute_unprepared(&format!("DROP DATABASE {name}")).await.unwrap();
                let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
                connection.execute_unprepared(&create).await.unwrap();
                connection.close().await.unwrap();
            }
        }
        copy
    }

    /// The places where a rule is broken, one a line, as `courant verify` prints them.
    pub async fn broken(&self) -> Vec<String> {
        let mut broken = Vec::new();
        courant_persistence::verify(&self.options, |finding| broken.push(finding.to_string())).await.unwrap();
        broken
    }

    /// Opens it.
    pub async fn open(&self) -> Store {
        Store::open(&self.options).await.unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' one setting, given by script/test")]
fn postgres_url() -> String {
    std::env::var("COURANT_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!("COURANT_TEST_POSTGRES_URL is not set: run script/test, or `script/postgres`, which starts a server")
    })
}

/// A server over a database.
pub struct Portal {
    /// Where it listens: `http://127.0.0.1:…`.
    pub url: String,
    /// Its store.
    pub store: Store,
    /// Its database.
    pub database: TestDatabase,
    /// What is searched; nothing until [`Portal::index`].
    pub search: SearchIndex,
    client: reqwest::Client,
}

/// What was answered, and what it took.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Value,
    /// The body as it came, for what depends on the order of keys.
    pub text: String,
    /// The SQL statements the request ran, in order.
    pub statements: Vec<String>,
}

impl Portal {
    /// A portal with the sample content.
    pub async fn with_samples(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        courant_fixtures::samples::seed(&store).await.unwrap();
        Self::over(database, store).await
    }

    /// The same, which answers what costs more than it would elsewhere.
    pub async fn with_samples_at_any_cost(dialect: Dialect) -> Self {
        let Self { database, store, .. } = Self::with_samples(dialect).await;
        Self::at_any_cost(database, store).await
    }

    /// A portal with the sample content that keeps nothing: what is written past the change log shows at once, and each question runs its
    /// statements.
    pub async fn with_samples_unkept(dialect: Dialect) -> Self {
        let Self { database, store, .. } = Self::with_samples(dialect).await;
        let answers = AnswerCache::off();
        Self::configured(database, store, Config { answers, ..Self::config() }).await
    }

    /// A portal over a store that answers what costs more than it would elsewhere.
    pub async fn at_any_cost(database: TestDatabase, store: Store) -> Self {
        let mut config = Self::config();
        config.limits.cost = u64::MAX;
        Self::configured(database, store, config).await
    }

    /// A portal over a store.
    pub async fn over(database: TestDatabase, store: Store) -> Self {
        Self::configured(database, store, Self::config()).await
    }

    /// What portals are told if nothing else is: hashing a password costs nothing worth waiting for.
    #[must_use]
    pub fn config() -> Config {
        let password_cost = Cost { memory: 8, passes: 1, lanes: 1 };
        let identity = IdentityConfig { password_cost, ..IdentityConfig::default() };
        // Tests share a machine, and are not about how fast it is.
        let (database, database_signed_in) = (Duration::from_secs(60), Duration::from_secs(60));
        Config { identity, limits: Limits { database, database_signed_in, ..Limits::default() }, ..Config::default() }
    }

    /// A portal over a store that is told something else.
    pub async fn configured(database: TestDatabase, store: Store, config: Config) -> Self {
        capture::install();
        let search = config.search.clone();
        let router = courant_server::router(store.clone(), config).await.unwrap();
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, store, database, client: reqwest::Client::new(), search }
    }

    /// Builds the index of the search anew, of what is live now.
    pub async fn index(&self) {
        Indexing::new(self.store.clone(), self.search.clone()).rebuild().await.unwrap();
    }

    /// Asks a query without variables.
    pub async fn query(&self, query: &str) -> Answer {
        self.post(&json!({ "query": query })).await
    }

    /// Sends a request's JSON body.
    pub async fn post(&self, body: &Value) -> Answer {
        self.post_with(&[], body).await
    }

    /// Sends a request's JSON body with a bearer token.
    pub async fn post_as(&self, token: &str, body: &Value) -> Answer {
        self.post_with(&[("authorization", &format!("Bearer {token}"))], body).await
    }

    /// Sends a request's JSON body with further headers.
    pub async fn post_with(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        let statements = Statements::begin().await;
        let request = self
            .client
            .post(format!("{}/graphql", self.url))
            .header("accept", "application/graphql-response+json")
            .header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.body(body.to_string()).send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        let headers = headers.collect();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        Answer { status, headers, body, text, statements: statements.end() }
    }

    /// Runs one mutation, whose input type is named after it, with a bearer token.
    pub async fn mutate_as(&self, token: &str, mutation: &str, input: Value, selection: &str) -> Answer {
        self.post_as(token, &mutation_body(mutation, &input, selection)).await
    }

    /// Runs one mutation as nobody.
    pub async fn mutate(&self, mutation: &str, input: Value, selection: &str) -> Answer {
        self.post(&mutation_body(mutation, &input, selection)).await
    }
}

/// The body of a request for one mutation: `createTag` takes a `CreateTagInput`.
fn mutation_body(mutation: &str, input: &Value, selection: &str) -> Value {
    let (first, rest) = mutation.split_at(1);
    let ty = format!("{}{rest}Input", first.to_uppercase());
    let query = format!("mutation ($input: {ty}!) {{ {mutation}(input: $input) {{ {selection} }} }}");
    json!({ "query": query, "variables": { "input": input } })
}

impl Answer {
    /// A header; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The payload of the one mutation of an answer, which has no errors: neither of the request's nor the user's.
    pub fn done(&self) -> &Value {
        let payload = self.data().as_object().and_then(|data| data.values().next());
        let payload = payload.unwrap_or_else(|| panic!("no payload: {}", self.text));
        assert_eq!(payload.get("userErrors").unwrap_or(&json!([])), &json!([]), "{}", self.text);
        payload
    }

    /// The codes of what the user can mend, of the one mutation of an answer.
    #[must_use]
    pub fn user_errors(&self) -> Vec<&str> {
        let payload = self.data().as_object().and_then(|data| data.values().next());
        let errors = payload.and_then(|payload| payload["userErrors"].as_array());
        errors.into_iter().flatten().filter_map(|error| error["code"].as_str()).collect()
    }

    /// The data, of an answer that has no errors.
    pub fn data(&self) -> &Value {
        assert!(self.body.get("errors").is_none(), "{}", self.text);
        &self.body["data"]
    }

    /// The code of the first error.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.text))
    }
}
