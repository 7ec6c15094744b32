//! Reads are counted once for each reader, edition and day, of what is live alone, and of nobody but readers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;

use courant_domain::{
    global_id::{GlobalId, NodeKind},
    id::EntryId,
    locale::Locale,
    workflow::State,
};
use courant_persistence::{Dialect, ReferenceData, Store};
use courant_server::{AnswerCache, Config, Origin, Service};
use courant_tests::{
    Portal, TestDatabase, apply, both_databases,
    dump::{dump, restore},
    incoming::{article, category},
};
use serde_json::{Value, json};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

/// A server with all that it does by itself, which writes what it has counted when it is told to.
struct Node {
    service: Service,
    store: Store,
    url: String,
    client: reqwest::Client,
}

impl Node {
    async fn over(database: &TestDatabase) -> Self {
        Self::with(database, Config { answers: AnswerCache::off(), ..Portal::config() }).await
    }

    async fn with(database: &TestDatabase, mut config: Config) -> Self {
        config.reads.flush = std::time::Duration::from_secs(300);
        config.reads.from = vec![Origin::parse("https://app.example.org").unwrap()];
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        let store = database.open().await;
        let service = Service::start(store.clone(), config).await.unwrap();
        let router = service.router().into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { service, store, url, client: reqwest::Client::new() }
    }

    /// What a beacon is answered, with headers beside those of a browser at an address.
    async fn read(&self, id: &str, address: &str, headers: &[(&str, &str)]) -> u16 {
        let mut all = http::HeaderMap::new();
        for (name, value) in [("user-agent", BROWSER), ("x-forwarded-for", address)].iter().chain(headers) {
            all.insert(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
        }
        let request = self.client.post(format!("{}/reads", self.url)).headers(all).body(id.to_owned());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        assert_eq!(status == 204, text.is_empty(), "{text}");
        status
    }

    /// An answer, and what it says of where it came from.
    async fn ask(&self, query: &str, headers: &[(&str, &str)]) -> (Value, String) {
        let request = self.client.post(format!("{}/graphql", self.url)).header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.body(json!({ "query": query }).to_string()).send().await.unwrap();
        let status = response.headers().get("cache-status").map(|value| value.to_str().unwrap().to_owned());
        (serde_json::from_str(&response.text().await.unwrap()).unwrap(), status.unwrap_or_default())
    }

    /// How often these were read, by what is in the database.
    async fn views<const N: usize>(&self, ids: [&str; N]) -> [i64; N] {
        self.service.flush_reads().await.unwrap();
        let mut views = [0; N];
        for (views, id) in views.iter_mut().zip(ids) {
            let (answer, _) =
                self.ask(&format!("{{ node(id: {id:?}) {{ ... on Article {{ viewCount }} }} }}"), &[]).await;
            *views = answer["data"]["node"]["viewCount"].as_i64().unwrap();
        }
        views
    }
}

fn id(entry: EntryId, kind: NodeKind, locale: &str) -> String {
    GlobalId { kind, id: entry.uuid(), locale: Locale::parse(locale).unwrap() }.encode()
}

/// A database with two articles and a draft, and their ids.
async fn filled(dialect: Dialect) -> (TestDatabase, [EntryId; 3]) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let news = category("news");
    let reference = ReferenceData { categories: vec![news.clone()], ..ReferenceData::default() };
    store.newsroom().reference_put(&reference).await.unwrap();
    let entries = [("one", State::Published), ("two", State::Published), ("draft", State::Draft)]
        .map(|(slug, state)| article(slug, news.id, slug, state));
    let ids = entries.each_ref().map(|entry| entry.id);
    courant_import::merge(&store, entries.into(), "test").await.unwrap();
    (database, ids)
}

#[apply(both_databases)]
#[tokio::test]
async fn a_reader_counts_once_for_each_edition_and_day(dialect: Dialect) {
    let (database, [one, two, _]) = filled(dialect).await;
    let node = Node::over(&database).await;
    let [one, two] = [one, two].map(|entry| id(entry, NodeKind::Article, "en"));
    for address in ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1"] {
        assert_eq!(node.read(&one, address, &[]).await, 204);
    }
    assert_eq!(node.read(&two, "192.0.2.1", &[]).await, 204);
    assert_eq!(node.views([&one, &two]).await, [2, 1]);
    // By the mutation it is the same reader as by the beacon.
    let record =
        |id: &str| format!("mutation {{ recordView(input: {{ id: {id:?} }}) {{ userErrors {{ code field }} }} }}");
    for address in ["192.0.2.1", "192.0.2.3"] {
        let headers = [("user-agent", BROWSER), ("x-forwarded-for", address)];
        let (answer, _) = node.ask(&record(&one), &headers).await;
        assert_eq!(answer, json!({ "data": { "recordView": { "userErrors": [] } } }));
    }
    assert_eq!(node.read(&one, "192.0.2.3", &[]).await, 204);
    assert_eq!(node.views([&one, &two]).await, [3, 1], "{dialect:?}");
    let (answer, _) = node.ask(&record("nonsense"), &[]).await;
    assert_eq!(answer["data"]["recordView"]["userErrors"], json!([{ "code": "INVALID", "field": ["id"] }]));
    assert_eq!(database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn nobody_but_readers_of_what_is_live_counts(dialect: Dialect) {
    let (database, [one, _, draft]) = filled(dialect).await;
    let node = Node::over(&database).await;
    let live = id(one, NodeKind::Article, "en");
    let nothing = [
        id(draft, NodeKind::Article, "en"),
        id(one, NodeKind::Article, "ru"),
        id(one, NodeKind::Decree, "en"),
        id(EntryId::generate(), NodeKind::Article, "en"),
    ];
    for (number, id) in nothing.iter().enumerate() {
        // Nobody learns from the answer what there is.
        assert_eq!(node.read(id, &format!("192.0.2.{number}"), &[]).await, 204);
    }
    let own = node.url.as_str();
    for (number, header) in [
        ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        ("user-agent", "TelegramBot (like TwitterBot)"),
        ("user-agent", ""),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("origin", "https://evil.example.net"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(node.read(&live, &format!("198.51.100.{number}"), &[*header]).await, 204, "{header:?}");
        let record = format!("mutation {{ recordView(input: {{ id: {live:?} }}) {{ userErrors {{ code }} }} }}");
        let address = format!("203.0.113.{number}");
        let headers = [("x-forwarded-for", address.as_str()), *header];
        let (answer, _) = node.ask(&record, &headers).await;
        assert_eq!(answer["data"]["recordView"]["userErrors"], json!([]));
    }
    assert_eq!(node.views([&live]).await, [0], "{dialect:?}");
    let reads = node.store.admin().snapshot().await.unwrap().reads(None, 10).await.unwrap();
    assert!(reads.is_empty(), "{reads:?}");
    // What says that it is the site's own page does.
    node.read(&live, "192.0.2.200", &[("origin", own), ("sec-fetch-site", "same-origin")]).await;
    node.read(&live, "192.0.2.201", &[("origin", "https://app.example.org"), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!(node.views([&live]).await, [2], "{dialect:?}");
    assert_eq!(node.read("nonsense", "192.0.2.9", &[]).await, 400);
    assert_eq!(node.read("", "192.0.2.9", &[]).await, 400);
    assert_eq!(node.read(&id(one, NodeKind::Category, "en"), "192.0.2.9", &[]).await, 400);
    assert_eq!(node.read(&"x".repeat(1_000), "192.0.2.9", &[]).await, 413);
    let got = node.client.get(format!("{}/reads", node.url)).send().await.unwrap();
    assert_eq!((got.status().as_u16(), got.headers()["allow"].to_str().unwrap()), (405, "POST"));
}

#[apply(both_databases)]
#[tokio::test]
async fn a_flood_from_one_address_counts_no_more_than_a_few(dialect: Dialect) {
    let (database, [one, two, _]) = filled(dialect).await;
    let mut config = Config { answers: AnswerCache::off(), ..Portal::config() };
    config.reads.settings.per_address = 60;
    config.reads.settings.readers_per_address = 5;
    let node = Node::with(&database, config).await;
    let [one, two] = [one, two].map(|entry| id(entry, NodeKind::Article, "en"));
    for number in 0..300 {
        let browser = format!("{BROWSER} {number}");
        node.read(&one, "192.0.2.1", &[("user-agent", &browser)]).await;
    }
    // A minute may have passed by within; no more than five are of one article in an hour, or ten where that has ended by chance.
    let [counted] = node.views([&one]).await;
    assert!((5..=10).contains(&counted), "{counted}");
    node.read(&one, "192.0.2.2", &[]).await;
    node.read(&two, "192.0.2.2", &[]).await;
    assert_eq!(node.views([&one, &two]).await, [counted + 1, 1], "others count, {dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn nodes_add_up_and_know_of_each_other_who_was_there(dialect: Dialect) {
    let (database, [one, _, _]) = filled(dialect).await;
    let [first, second] = [Node::over(&database).await, Node::over(&database).await];
    let live = id(one, NodeKind::Article, "en");
    for number in 0..20 {
        first.read(&live, &format!("192.0.2.{number}"), &[]).await;
        second.read(&live, &format!("198.51.100.{number}"), &[]).await;
        // At the one node and then at the other, before either has written anything.
        first.read(&live, &format!("203.0.113.{number}"), &[]).await;
        second.read(&live, &format!("203.0.113.{number}"), &[]).await;
    }
    let (one, other) = tokio::join!(first.service.flush_reads(), second.service.flush_reads());
    one.and(other).unwrap();
    assert_eq!(first.views([&live]).await, [60], "{dialect:?}");
    // What was written is known at the other node, and after a restart.
    second.views([&live]).await;
    second.read(&live, "192.0.2.1", &[]).await;
    assert_eq!(second.views([&live]).await, [60]);
    first.service.stop().await.unwrap();
    let again = Node::over(&database).await;
    again.read(&live, "203.0.113.7", &[]).await;
    again.read(&live, "203.0.113.77", &[]).await;
    assert_eq!(again.views([&live]).await, [61], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_counted_is_written_at_the_end(dialect: Dialect) {
    let (database, [one, _, _]) = filled(dialect).await;
    let node = Node::over(&database).await;
    let live = id(one, NodeKind::Article, "en");
    for number in 0..9 {
        node.read(&live, &format!("192.0.2.{number}"), &[]).await;
    }
    node.service.stop().await.unwrap();
    assert_eq!(Node::over(&database).await.views([&live]).await, [9], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn counting_touches_nothing_that_is_kept(dialect: Dialect) {
    let (database, [one, _, _]) = filled(dialect).await;
    let mut config = Portal::config();
    config.answers.views_lag = std::time::Duration::ZERO;
    let node = Node::with(&database, config).await;
    let live = id(one, NodeKind::Article, "en");
    let titles = "{ articles(locale: \"en\") { nodes { title } } }";
    node.ask(titles, &[]).await;
    let (_, before) = node.ask(titles, &[]).await;
    assert!(before.contains("hit"), "{before}");
    let head = node.store.log_head().await.unwrap();
    for number in 0..5 {
        node.read(&live, &format!("192.0.2.{number}"), &[]).await;
    }
    assert_eq!(node.views([&live]).await, [5]);
    assert_eq!(node.store.log_head().await.unwrap(), head, "nothing is told of it");
    let (_, after) = node.ask(titles, &[]).await;
    assert!(after.contains("hit"), "{after}");
    // What shows counts is kept no longer than it may lag.
    node.read(&live, "192.0.2.77", &[]).await;
    assert_eq!(node.views([&live]).await, [6], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn dumps_bring_reads_back(dialect: Dialect) {
    let (database, [one, two, _]) = filled(dialect).await;
    let node = Node::over(&database).await;
    for (entry, readers) in [(one, 3), (two, 1)] {
        for number in 0..readers {
            node.read(&id(entry, NodeKind::Article, "en"), &format!("192.0.2.{number}"), &[]).await;
        }
    }
    node.service.flush_reads().await.unwrap();
    let lines = dump(&node.store).await;
    assert_eq!(lines.iter().filter(|line| line.starts_with("{\"reads\":")).count(), 2);
    assert!(!lines.concat().contains("192.0.2"));
    let other = TestDatabase::migrated(dialect).await;
    let store = other.open().await;
    restore(&store, &lines).await;
    assert_eq!(dump(&store).await, lines, "{dialect:?}");
    assert_eq!(other.broken().await, [""; 0]);
    let again = Node::over(&other).await;
    let query = "{ articles(locale: \"en\", orderBy: MOST_READ_DAY) { nodes { slug viewCount } } }";
    let (answer, _) = again.ask(query, &[]).await;
    let nodes = json!([{ "slug": "one", "viewCount": 3 }, { "slug": "two", "viewCount": 1 }]);
    assert_eq!(answer["data"]["articles"]["nodes"], nodes, "{dialect:?}");
    let broken: Vec<_> = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect();
    let reads = broken.iter().find_map(|line| line.get("reads")).unwrap().clone();
    for (field, value) in
        [("hours", json!([["2026-11-29T10:30:00Z", 1]])), ("days", json!([["2026-11-29T00:00:00Z", -1]]))]
    {
        let mut reads = reads.clone();
        reads[field] = value;
        let record = serde_json::from_value(reads).unwrap();
        assert!(store.admin().reads_restore(&[record]).await.is_err(), "{field}");
    }
}
