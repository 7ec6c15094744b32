//! A portal that is told to be impatient, and what is asked of it.

use courant_domain::access::Role;
use courant_persistence::{Options, Store};
use courant_server::{AnswerCache, Config};
use courant_tests::{Answer, Person, Portal, TestDatabase};
use serde_json::json;

/// A portal with the sample content, over a database that is reached in a way of its own.
pub(crate) async fn portal(options: Options) -> Portal {
    courant_persistence::migrate(&options).await.unwrap();
    let store = Store::open(&options).await.unwrap();
    courant_fixtures::samples::seed(&store).await.unwrap();
    over(options, store).await
}

/// What is kept needs no database, for a second: here all that is read is read from it.
async fn over(options: Options, store: Store) -> Portal {
    let answers = AnswerCache::off();
    Portal::configured(TestDatabase::of(options), store, Config { answers, ..Portal::config() }).await
}

/// The same portal, which keeps answers.
pub(crate) async fn keeping(portal: &Portal) -> Portal {
    Portal::over(TestDatabase::of_the_same(&portal.database), portal.store.clone()).await
}

/// Another node on the same database.
pub(crate) async fn node(options: Options) -> Portal {
    let store = Store::open(&options).await.unwrap();
    over(options, store).await
}

pub(crate) async fn admin(portal: &Portal) -> Person<'_> {
    portal.as_role(Role::Admin).await
}

/// Something small that is read.
pub(crate) async fn read(portal: &Portal) -> Answer {
    portal.query("{ article(by: { slug: \"engineering-faculty-opens-in-bagabat\" }, locale: \"en\") { title } articles(first: 1) { nodes { id } } }").await
}

/// Something small that is written.
pub(crate) async fn write(portal: &Portal, token: &str, name: &str) -> Answer {
    let name = json!([{ "locale": "en", "text": name }]);
    portal.mutate_as(token, "createTag", json!({ "name": name }), "tag { id } userErrors { code }").await
}

/// The code of an answer's first error; nothing when it has none.
pub(crate) fn code(answer: &Answer) -> &str {
    answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// Asks until there is an answer without an error. What never comes is seen by whoever runs the tests.
pub(crate) async fn until_done(ask: impl AsyncFn() -> Answer) -> Vec<String> {
    let mut codes = Vec::new();
    loop {
        let answer = ask().await;
        match code(&answer) {
            "" => return codes,
            code => codes.push(code.to_owned()),
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
