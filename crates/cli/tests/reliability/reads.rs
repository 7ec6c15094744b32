//! Reads that were counted, and the program ended: as it should be, and by a loss of power.

use std::time::Duration;

use courant_domain::{
    global_id::{GlobalId, NodeKind},
    locale::Locale,
    workflow::State,
};
use courant_persistence::{Dialect, ReferenceData, Store};
use courant_tests::{
    TestDatabase, apply, both_databases,
    incoming::{article, category},
};

use crate::server::{Server, verified};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

/// A database with one article, and its id as readers see it.
async fn filled(dialect: Dialect) -> (TestDatabase, String) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let news = category("news");
    let reference = ReferenceData { categories: vec![news.clone()], ..ReferenceData::default() };
    store.newsroom().reference_put(&reference).await.unwrap();
    let entry = article("one", news.id, "one", State::Published);
    let id = GlobalId { kind: NodeKind::Article, id: entry.id.uuid(), locale: Locale::ENGLISH }.encode();
    courant_import::merge(&store, vec![entry], "test").await.unwrap();
    store.close().await.unwrap();
    (database, id)
}

fn started(database: &TestDatabase, flush: u32) -> Server {
    Server::start_with(database, |command| {
        command.env("COURANT_TRUSTED_PROXIES", "127.0.0.1/32").env("COURANT_READS_FLUSH", flush.to_string());
    })
}

/// Has readers of these numbers read it.
async fn read(server: &Server, id: &str, readers: std::ops::Range<u32>) {
    let client = reqwest::Client::new();
    for reader in readers {
        let request = client.post(format!("{}/reads", server.url)).header("user-agent", BROWSER);
        let request = request.header("x-forwarded-for", format!("10.0.{}.{}", reader / 250, reader % 250));
        assert_eq!(request.body(id.to_owned()).send().await.unwrap().status(), 204);
    }
}

async fn counted(store: &Store) -> i64 {
    store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap()[0].views
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_counted_is_written_when_it_is_told_to_stop(dialect: Dialect) {
    let (database, id) = filled(dialect).await;
    let server = started(&database, 300);
    read(&server, &id, 0..300).await;
    server.terminate();
    assert_eq!(counted(&database.open().await).await, 300, "{dialect:?}");
    // Who was there before is known after it.
    let server = started(&database, 300);
    read(&server, &id, 299..302).await;
    server.terminate();
    assert_eq!(counted(&database.open().await).await, 302, "{dialect:?}");
    verified(&database);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_loss_of_power_loses_what_was_not_written_yet_and_no_more(dialect: Dialect) {
    let (database, id) = filled(dialect).await;
    let server = started(&database, 1);
    read(&server, &id, 0..100).await;
    let store = database.open().await;
    while counted(&store).await < 100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    read(&server, &id, 100..130).await;
    server.kill();
    let counted = counted(&store).await;
    assert!((100..=130).contains(&counted), "{dialect:?}: {counted}");
    store.close().await.unwrap();
    verified(&database);
}
