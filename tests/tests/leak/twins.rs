//! Portals that readers cannot tell from each other: whatever they are asked, they answer the same, to the byte.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use courant_graphql::Limits;
use courant_outbound::{Bounds, Destinations, Endpoint, Outbound};
use courant_server::{AnswerCache, Config, Traffic};
use courant_tests::Portal;
use courant_workers::followers::{
    Pinging,
    ping::{Site, Told},
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    pools::without_states,
    schema::{INTROSPECTION, Schema},
    selection::{Coverage, Selection, text},
    walk::Scope,
    words::{HIDDEN, PUBLIC, words_in},
};

/// Limits that let one operation ask for all there is of a small portal.
pub(crate) fn generous() -> Config {
    let limits = Limits {
        document_bytes: usize::MAX,
        tokens: 1_000_000,
        nesting: 100,
        depth: 50,
        aliases: 10_000,
        root_fields: 10_000,
        expansion: 1_000_000,
        cost: u64::MAX,
        expected_bytes: u64::MAX,
        answer_bytes: 64 << 20,
        database: Duration::from_secs(600),
        database_signed_in: Duration::from_secs(600),
        introspection_cost: 10_000,
        ..Limits::default()
    };
    let traffic = Traffic {
        heavy_operations: 64,
        unsent_bytes: 1 << 30,
        unsent_bytes_per_client: 1 << 30,
        patience: Duration::from_secs(60),
        ..Traffic::default()
    };
    // What one of them still has would have its headers in another order.
    let reader = Some(courant_tests::site::reader());
    Config { limits, traffic, reader, answers: AnswerCache::off(), pinging: Some(hub()), ..Portal::config() }
}

/// A hub that the newsroom sees how far it has come with; nobody tells it.
pub(crate) fn hub() -> Pinging {
    let at = Endpoint::parse("http://127.0.0.1:9/hub").unwrap();
    let told = vec![Arc::new(Told::hub(at, Site::new("https://news.example.org")))];
    Pinging { told, outbound: Outbound::new(Destinations::All, Bounds::default()).unwrap() }
}

/// Somebody who asks a portal.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    /// For the message when an answer is another one.
    pub(crate) name: String,
    pub(crate) portal: &'a Portal,
    /// Who they are.
    pub(crate) token: Option<String>,
}

impl<'a> Caller<'a> {
    pub(crate) fn anonymous(name: &str, portal: &'a Portal) -> Self {
        Self { name: name.to_owned(), portal, token: None }
    }
}

pub(crate) struct Twins<'a> {
    /// The first is compared with the others.
    callers: Vec<Caller<'a>>,
    client: reqwest::Client,
    pub(crate) schema: Schema,
    pub(crate) coverage: Coverage,
    /// Words that were published once, and were overtaken by others.
    pub(crate) overtaken: BTreeSet<String>,
    /// The hidden words that these callers may find.
    pub(crate) readable: BTreeSet<String>,
    /// The words found so far.
    pub(crate) found: BTreeSet<String>,
    /// How much was asked.
    pub(crate) requests: usize,
}

/// What came back, as far as it says anything.
#[derive(PartialEq)]
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl<'a> Twins<'a> {
    pub(crate) async fn new(callers: Vec<Caller<'a>>) -> Self {
        let mut twins = Self {
            callers,
            client: reqwest::Client::new(),
            schema: Schema::read(&json!({ "data": { "__schema": {
                "types": [], "queryType": { "name": "" }, "mutationType": { "name": "" } } } })),
            coverage: Coverage::default(),
            overtaken: BTreeSet::new(),
            readable: BTreeSet::new(),
            found: BTreeSet::new(),
            requests: 0,
        };
        for caller in &twins.callers {
            caller.portal.index().await;
        }
        let introspection = twins.post(&json!({ "query": INTROSPECTION })).await;
        twins.schema = Schema::read(&introspection);
        twins
    }

    /// The fields of a scope that were never answered with more than null: `Type.field`.
    pub(crate) fn unanswered(&self, scope: &Scope) -> Vec<String> {
        let fields = scope.types.keys().flat_map(|ty| scope.fields(&self.schema, ty).map(move |field| (ty, field)));
        let answered = |ty: &String, name: &String| self.coverage.0.get(&(ty.clone(), name.clone()));
        fields
            .filter(|(ty, field)| answered(ty, &field.name).is_none_or(|(_, some)| *some == 0))
            .map(|(ty, field)| format!("{ty}.{}", field.name))
            .collect()
    }

    /// Asks all of them for these, and takes down what was answered.
    pub(crate) async fn ask(&mut self, selections: &[Selection]) -> Value {
        let answer = self.post(&json!({ "query": text(&self.schema, selections) })).await;
        self.coverage.see(&self.schema, &self.schema.query, selections, &answer["data"]);
        answer
    }

    /// Sends all of them a request's body.
    pub(crate) async fn post(&mut self, body: &Value) -> Value {
        let body = body.to_string();
        let sent = |caller: &Caller<'_>| {
            let request = self
                .client
                .post(format!("{}/graphql", caller.portal.url))
                .header("accept", "application/graphql-response+json")
                .header("content-type", "application/json")
                .body(body.clone());
            caller.token.iter().fold(request, reqwest::RequestBuilder::bearer_auth)
        };
        let requests = self.callers.iter().map(sent).collect();
        let answer = self.compare(requests, &body).await;
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// Gets a page of all of them.
    pub(crate) async fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> String {
        let sent = |caller: &Caller<'_>| {
            // Some answers say where they were asked for.
            let request = self.client.get(format!("{}{path}", caller.portal.url)).header("host", "news.example.org");
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        let requests = self.callers.iter().map(sent).collect();
        self.compare(requests, &format!("{path} {headers:?}")).await
    }

    async fn compare(&mut self, requests: Vec<reqwest::RequestBuilder>, asked: &str) -> String {
        self.requests += 1;
        let mut replies = join_all(requests.into_iter().map(reply)).await.into_iter();
        let first = replies.next().unwrap();
        for (other, caller) in replies.zip(&self.callers[1..]) {
            assert!(first == other, "{asked}\nis answered otherwise {}:\n{}", caller.name, difference(&first, &other));
        }
        let whole = format!("{:?} {}", first.headers, first.body);
        let public = words_in(PUBLIC, &whole);
        let hidden = &words_in(HIDDEN, &whole) | &(&public & &self.overtaken);
        let sent = &words_in(HIDDEN, asked) | &words_in(PUBLIC, asked);
        let leaked = &(&hidden - &sent) - &self.readable;
        assert!(leaked.is_empty(), "{asked}\nlets {leaked:?} out:\n{}", cut(&first.body));
        assert!(!first.body.contains("\"INTERNAL\""), "{asked}\nfails: {}", cut(&first.body));
        self.found.extend(&(&hidden | &public) - &sent);
        first.body
    }
}

/// Whoever is told that the database is busy comes back, so many times at the most.
const TRIES: usize = 20;

async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let mut response = request.try_clone().unwrap().send().await.unwrap();
    for _ in 1..TRIES {
        if response.status() != 503 || !response.headers().contains_key("retry-after") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        response = request.try_clone().unwrap().send().await.unwrap();
    }
    let status = response.status().as_u16();
    // Who asks first has it made.
    let own = ["date", "x-request-id", "cache-status", "last-modified"];
    let headers = response.headers().iter();
    let headers = headers.filter(|(name, _)| !own.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let mut body = response.text().await.unwrap();
    if body.contains("<sitemapindex") {
        body = without_times(&body);
    }
    body = without_states(&body);
    Reply { status, headers, body }
}

/// The index of sitemaps says when something last came, changed or left: in an export what has left is not.
fn without_times(index: &str) -> String {
    let is_time = |line: &&str| line.starts_with("<lastmod>");
    index.lines().filter(|line| !is_time(line)).collect::<Vec<_>>().join("\n")
}

fn cut(text: &str) -> String {
    text.chars().take(2000).collect()
}

fn difference(a: &Reply, b: &Reply) -> String {
    let at = a.body.bytes().zip(b.body.bytes()).position(|(a, b)| a != b).unwrap_or(0);
    let around = |reply: &Reply| {
        let start = at.saturating_sub(300);
        let part: String = String::from_utf8_lossy(&reply.body.as_bytes()[start..]).chars().take(900).collect();
        format!("{} {:?}\n  …{part}", reply.status, reply.headers)
    };
    format!("{}\n{}", around(a), around(b))
}
