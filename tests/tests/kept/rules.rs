//! Rules of what is kept, one by one.

use std::time::{Duration, Instant};

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_server::{AnswerCache, Config, Service};
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const TITLES: &str = "{ articles(locale: \"en\", first: 3) { totalCount nodes { title } } }";

/// Where a query is asked by `GET`.
fn address(server: &str, query: &str) -> String {
    let byte = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    format!("{server}/graphql?query={}", query.bytes().map(byte).collect::<String>())
}

async fn get(portal: &Portal, query: &str, headers: &[(&str, &str)]) -> Response {
    let request = Client::new().get(address(&portal.url, query));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

async fn read(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn publish(portal: &Portal, token: &str, title: &str) -> String {
    let query = "{ editorial { categories { id } } }";
    let categories = portal.post_as(token, &json!({ "query": query })).await;
    let category = categories.data()["editorial"]["categories"][0]["id"].clone();
    let body = json!({ "format": "MARKDOWN", "source": "Words." });
    let content = json!({ "title": title, "genre": "NEWS", "body": body });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = portal.mutate_as(token, "createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].as_str().unwrap().to_owned();
    let input = json!({ "entryId": entry, "locale": "en" });
    portal.mutate_as(token, "publishEntry", input, "userErrors { code }").await.done();
    entry
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_kept_takes_no_statement_and_is_new_at_once(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let first = portal.query(TITLES).await;
    assert!(!first.statements.is_empty());
    // However it is written down, as long as it means the same.
    let again = portal.post(&json!({ "query": TITLES, "variables": { "unused": 1 } })).await;
    assert_eq!((again.text, again.statements.len()), (first.text.clone(), 0));
    publish(&portal, &admin.token, "New at once").await;
    let newer = portal.query(TITLES).await;
    assert_eq!(newer.data()["articles"]["nodes"][0]["title"], "New at once");
    let names = portal.query("{ tags { nodes { name } } }").await;
    publish(&portal, &admin.token, "Without a tag").await;
    assert_eq!(portal.query("{ tags { nodes { name } } }").await.text, names.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_count_knows_what_moves_away_from_the_end_of_its_span(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let entry = publish(&portal, &admin.token, "At midnight").await;
    let moved = async |at: &str| {
        let input = json!({ "entryId": entry, "locale": "en", "publishedAt": at });
        admin.mutate("publishEntry", input, "userErrors { code }").await.done();
    };
    let query = "{ articles(locale: \"en\", filter: { publishedAt: { from: \"2019-03-01T00:00:00Z\", \
                 before: \"2019-03-10T00:00:00Z\" } }) { totalCount } }";
    let count = async || portal.query(query).await.data()["articles"]["totalCount"].clone();
    for (at, counted) in [("2019-03-10", 0), ("2019-03-09", 1), ("2019-03-10", 0), ("2019-03-01", 1), ("2019-02-28", 0)]
    {
        moved(&format!("{at}T00:00:00Z")).await;
        assert_eq!(count().await, counted, "{at}");
        assert_eq!(portal.query(query).await.header("cache-status"), "Courant; hit", "{at}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_made_for_somebody_or_has_errors_is_not_kept(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let reader = portal.as_role(Role::Reader).await;
    for _ in 0..2 {
        assert!(!reader.query(TITLES).await.statements.is_empty(), "it was kept for somebody");
    }
    portal.query(TITLES).await;
    assert_eq!(portal.query(TITLES).await.header("cache-status"), "Courant; hit");
    assert!(!reader.query(TITLES).await.statements.is_empty(), "nobody's answer was given to somebody");
    let wrong = "{ article(by: { slug: \"a\" }, locale: \"xx\") { title } articles(first: 1) { nodes { title } } }";
    for _ in 0..2 {
        let answer = portal.query(wrong).await;
        assert!(answer.body["errors"].is_array(), "{}", answer.text);
        assert_eq!(answer.header("cache-status"), "", "an error was kept");
    }
    let preview = "{ article(by: { slug: \"future-dialogue-with-migration-organisation\" }, locale: \"en\", preview: \"x\") { title } }";
    for _ in 0..2 {
        assert_eq!(portal.query(preview).await.header("cache-status"), "", "what asks for a preview was kept");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn many_who_ask_the_same_at_once_have_it_made_once(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let answers = join_all((0..50).map(|_| get(&portal, TITLES, &[]))).await;
    let mut made = 0;
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::OK);
        let how = header(&answer, "cache-status");
        made += usize::from(how == "Courant; fwd=miss; stored");
        assert!(["stored", "collapsed", "hit"].iter().any(|end| how.ends_with(end)), "{how}");
    }
    assert_eq!(made, 1);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_client_that_has_it_already_is_told_so(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let plain = get(&portal, TITLES, &[]).await;
    let tag = header(&plain, "etag");
    assert!(tag.starts_with('"'), "{tag}");
    assert_eq!(header(&plain, "cache-control"), "public, max-age=0, s-maxage=10, stale-while-revalidate=10");
    let varies: Vec<&str> = plain.headers().get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(varies, ["accept", "accept-encoding", "authorization"]);
    let keys = header(&plain, "surrogate-key");
    assert!(keys.split(' ').all(|key| key.len() == 8) && keys.len() < 4_000, "{keys}");
    assert_eq!(header(&plain, "cache-tag"), keys.replace(' ', ","));
    let same = get(&portal, TITLES, &[("if-none-match", &tag)]).await;
    assert_eq!((same.status(), header(&same, "etag")), (StatusCode::NOT_MODIFIED, tag.clone()));
    assert_eq!(header(&same, "surrogate-key"), keys);
    assert!(same.bytes().await.unwrap().is_empty());

    // Each coding is a form of its own.
    let mut tags = vec![tag.clone()];
    for coding in ["gzip", "br"] {
        let packed = get(&portal, TITLES, &[("accept-encoding", coding), ("if-none-match", &tag)]).await;
        assert_eq!((packed.status(), header(&packed, "content-encoding")), (StatusCode::OK, coding.to_owned()));
        tags.push(header(&packed, "etag"));
    }
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), 3, "{tags:?}");

    publish(&portal, &admin.token, "New at once").await;
    let newer = get(&portal, TITLES, &[("if-none-match", &tag)]).await;
    assert_eq!(newer.status(), StatusCode::OK);
    assert_ne!(header(&newer, "etag"), tag);
    // What is asked by POST is kept by nobody on the way.
    assert_eq!(portal.query(TITLES).await.header("cache-control"), "no-store");
    let counted = get(&portal, "{ articles(locale: \"en\", first: 1) { nodes { viewCount } } }", &[]).await;
    let control = header(&counted, "cache-control");
    let seconds = control.split("s-maxage=").nth(1).and_then(|rest| rest.split(',').next()?.parse::<u32>().ok());
    assert!(seconds.is_some_and(|seconds| seconds <= 5), "{control}");
}

/// An article, with a list and what is in neither: its category, a slug where nothing is.
const LEVELS: &str = r#"{
    articles(locale: "en", first: 3) { totalCount nodes { title body { html } category { articles(first: 2) { nodes { title } } } } }
    nothing: article(by: { slug: "not-there-yet" }, locale: "en") { title }
}"#;

#[apply(both_databases)]
#[tokio::test]
async fn what_answers_are_made_of_is_kept_by_itself(dialect: Dialect) {
    let Portal { database, store, .. } = Portal::with_samples(dialect).await;
    let config = Config { answers: AnswerCache { bytes: 0, ..AnswerCache::default() }, ..Portal::config() };
    let portal = Portal::configured(database, store, config).await;
    let first = portal.query(LEVELS).await;
    assert!(!first.statements.is_empty(), "{}", first.text);
    let again = portal.query(LEVELS).await;
    assert_eq!((again.statements, again.text), (Vec::new(), first.text));
    // Another question about the same runs none, either.
    let other = portal.query(r#"{ article(by: { slug: "not-there-yet" }, locale: "en") { title } }"#).await;
    assert_eq!(other.statements, Vec::<String>::new());
    // Editors are told what is there now.
    let editor = portal.as_role(Role::Editor).await;
    assert!(!portal.post_as(&editor.token, &json!({ "query": LEVELS })).await.statements.is_empty());
}

#[apply(both_databases)]
#[tokio::test]
async fn nothing_is_kept_where_that_is_switched_off(dialect: Dialect) {
    let Portal { database, store, .. } = Portal::with_samples(dialect).await;
    let config = Config { answers: AnswerCache::off(), ..Portal::config() };
    let portal = Portal::configured(database, store, config).await;
    for _ in 0..2 {
        assert!(!portal.query(TITLES).await.statements.is_empty());
    }
    let answer = get(&portal, TITLES, &[]).await;
    assert_eq!((header(&answer, "cache-control"), header(&answer, "etag")), ("no-store".to_owned(), String::new()));
}

/// On an embedded database, whose one process can have a clock of its own: PostgreSQL's is the same for all.
#[tokio::test]
async fn what_goes_by_the_day_ends_with_the_day_where_the_site_is() {
    let first = Portal::with_samples(Dialect::Sqlite).await;
    let admin = first.as_role(Role::Admin).await;
    let zone = first.store.reference().site.time_zone.clone();
    let (now, soon) = (first.store.now(), SignedDuration::from_millis(2_500));
    let midnight = zone.day_ends(now).unwrap();
    let tomorrow = zone.day(midnight);
    let query = "{ editorial { categories { id } persons { id } } }";
    let names = admin.query(query).await;
    let (category, person) =
        (&names.data()["editorial"]["categories"][0]["id"], &names.data()["editorial"]["persons"][0]["id"]);
    let content = json!({
        "title": "An act of tomorrow", "slug": "act-of-tomorrow", "number": "T-1", "documentType": "LAW",
        "signedOn": "2020-01-01", "effectiveOn": tomorrow.to_string(), "body": { "format": "MARKDOWN", "source": "Words." },
        "signatory": { "personId": person, "office": "Chair" },
    });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createDecree", input, "entry { id } userErrors { code }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    admin.mutate("publishEntry", input, "userErrors { code }").await.done();

    // The same portal, whose clock is a moment before midnight.
    let mut options = first.database.options.clone();
    options.clock_off_by = midnight.duration_since(now) - soon;
    let begun = Instant::now();
    let store = courant_persistence::Store::open(&options).await.unwrap();
    let portal = Portal::over(TestDatabase::of(options), store).await;
    let status = "{ decree(by: { slug: \"act-of-tomorrow\" }, locale: \"en\") { status } \
                  decrees(locale: \"en\", filter: { status: [IN_FORCE], number: \"T-1\" }) { totalCount } }";
    let asked = async || portal.query(status).await.data().clone();
    let (today, after) = (
        json!({ "decree": { "status": "NOT_YET_IN_FORCE" }, "decrees": { "totalCount": 0 } }),
        json!({ "decree": { "status": "IN_FORCE" }, "decrees": { "totalCount": 1 } }),
    );
    assert_eq!(asked().await, today);
    assert_eq!(portal.query(status).await.header("cache-status"), "Courant; hit");
    let left = Duration::try_from(soon).unwrap().saturating_sub(begun.elapsed());
    tokio::time::sleep(left + Duration::from_millis(300)).await;
    assert!(portal.store.now() > midnight && Timestamp::now() < midnight);
    assert_eq!(asked().await, after);
}

/// Servers as they are in use: each learns of the others' changes by itself.
#[tokio::test]
async fn another_servers_changes_show_within_a_second() {
    let first = Portal::with_samples(Dialect::Postgres).await;
    let admin = first.as_role(Role::Admin).await;
    let other = first.database.open().await;
    let service = Service::start(other.clone(), Portal::config()).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = address(&format!("http://{}", listener.local_addr().unwrap()), TITLES);
    let router = service.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let asked = async || read(reqwest::get(&url).await.unwrap()).await["data"]["articles"]["nodes"][0]["title"].clone();
    for round in 0..10 {
        asked().await;
        // It has one that is older, and knows it.
        assert_eq!(header(&reqwest::get(&url).await.unwrap(), "cache-status"), "Courant; hit");
        let title = format!("Story of round {round}");
        publish(&first, &admin.token, &title).await;
        let told = Instant::now();
        while asked().await != title.as_str() {
            assert!(told.elapsed() < Duration::from_secs(1), "it took a second in round {round}");
        }
    }
    service.stop().await.unwrap();
}
