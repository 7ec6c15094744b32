//! A server as it is in use, with everything that it does by itself, and a newsroom.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use courant_outbound::{Bounds, Destinations, Endpoint, Outbound};
use courant_persistence::Store;
use courant_server::{AnswerCache, Config, Service};
use courant_tests::{Person, Portal, TestDatabase, site};
use courant_workers::followers::{
    Purging,
    purge::{Cache, Form, Token},
};
use serde_json::{Value, json};

/// How long what happens within a second is waited for, on a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server that tells a cache.
pub(crate) struct Node {
    address: SocketAddr,
    pub(crate) store: Store,
    service: Service,
}

/// A port that was free a moment ago.
pub(crate) fn port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) fn purging(form: Form, at: &str, again: Duration) -> Purging {
    let cache = Cache::new(form, &Endpoint::parse(at).unwrap(), Some(&Token::new("t0ken"))).unwrap();
    let outbound = Outbound::new(Destinations::All, Bounds::default()).unwrap();
    Purging { caches: vec![Arc::new(cache)], again, outbound }
}

impl Node {
    /// Starts one on a database, where only a change ends what a cache keeps.
    pub(crate) async fn start(database: &TestDatabase, port: u16, purging: Option<Purging>) -> Self {
        let store = database.open().await;
        let hour = Duration::from_secs(3_600);
        let answers = AnswerCache { shared_max_age: hour, stale_while_revalidate: hour, ..AnswerCache::default() };
        let config = Config { answers, purging, reader: Some(site::reader()), ..Portal::config() };
        let service = Service::start(store.clone(), config).await.unwrap();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = service.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, store, service }
    }

    pub(crate) async fn stop(self) {
        self.service.stop().await.unwrap();
    }

    /// What it answers somebody.
    pub(crate) async fn ask(&self, token: &str, query: &str) -> Value {
        let request = reqwest::Client::new().post(format!("http://{}/graphql", self.address));
        let request =
            request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
        let answer = request.body(json!({ "query": query }).to_string()).send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// Waits until a follower has applied everything that is in the log.
    pub(crate) async fn has_followed(&self, follower: &str) {
        let head = self.store.log_head().await.unwrap();
        let followed = async {
            while self.store.follower_seq(follower).await.unwrap() < Some(head) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, followed).await.is_ok(), "{follower} does not get on");
    }
}

/// Whoever publishes.
pub(crate) struct Desk<'a> {
    pub(crate) admin: Person<'a>,
    category: Value,
}

impl<'a> Desk<'a> {
    pub(crate) async fn of(portal: &'a Portal) -> Self {
        let admin = portal.as_role(courant_domain::access::Role::Admin).await;
        let answer = admin.query("{ editorial { categories { id } } }").await;
        let category = answer.data()["editorial"]["categories"][0]["id"].clone();
        Self { admin, category }
    }

    /// Makes a category.
    pub(crate) async fn category(&self, title: &str) -> Value {
        let input = json!({ "title": [{ "locale": "en", "text": title }] });
        let made = self.admin.mutate("createCategory", input, "category { id } userErrors { code }").await;
        made.done()["category"]["id"].clone()
    }

    /// Writes an article and publishes it.
    pub(crate) async fn publish(&self, title: &str) -> Value {
        let body = json!({ "format": "MARKDOWN", "source": "Words." });
        let content = json!({ "title": title, "genre": "NEWS", "body": body });
        let input = json!({ "categoryId": self.category, "locale": "en", "content": content });
        let made = self.admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
        let entry = made.done()["entry"]["id"].clone();
        self.done("publishEntry", &entry, json!({})).await;
        entry
    }

    /// Gives an article's first revision another title or slug, and publishes that.
    pub(crate) async fn correct(&self, entry: &Value, based_on: i64, content: Value) {
        self.done("saveArticle", entry, json!({ "basedOn": based_on, "content": content })).await;
        self.done("publishEntry", entry, json!({ "changeNote": "It was wrong." })).await;
    }

    pub(crate) async fn done(&self, mutation: &str, entry: &Value, more: Value) {
        let mut input = json!({ "entryId": entry, "locale": "en" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.mutate(mutation, input, "userErrors { code field message }").await.done();
    }
}
