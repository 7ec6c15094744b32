//! Somebody who holds the lock of all writers, and hangs.

use std::time::Duration;

use courant_persistence::{Dialect, Options, Patience, Store, StoreError};
use courant_tests::{
    TestDatabase, apply, both_databases,
    cluster::{Cluster, IMPATIENT},
    proxy::{Proxy, Then},
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::json;

use crate::support::{admin, code, node, portal, until_done, write};

/// What somebody types.
const LOCK: &str = "BEGIN; SELECT seq FROM change_head WHERE id = 1 FOR UPDATE";

#[tokio::test(flavor = "multi_thread")]
async fn others_write_again_when_a_node_hangs_in_a_transaction() {
    let cluster = Cluster::start();
    let healthy = portal(cluster.options()).await;
    let admin = admin(&healthy).await;
    let proxy = Proxy::to(cluster.address()).await;
    let hanging = node(Options { url: proxy.url("postgres"), ..cluster.options() }).await;

    // It has the lock, and from here on it is neither heard nor hears.
    proxy.when("INSERT INTO \"tag\"", Then::Silence);
    let (hung, others) = tokio::join!(write(&hanging, &admin.token, "Never"), async {
        proxy.sprung(1).await;
        until_done(async || write(&healthy, &admin.token, "Others").await).await
    });
    assert_eq!(code(&hung), "UNAVAILABLE", "{}", hung.text);
    assert!(others.iter().all(|code| code == "BUSY"), "{others:?}");
    let admins = json!({ "query": "{ editorial { tags { names { text } } } }" });
    let tags = healthy.post_as(&admin.token, &admins).await.text;
    assert!(tags.contains("Others") && !tags.contains("Never"), "{tags}");
    // The node writes again, too.
    until_done(async || write(&hanging, &admin.token, "Again").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_somebody_else_that_does_nothing_with_the_lock_is_ended() {
    let cluster = Cluster::start();
    let portal = portal(cluster.options()).await;
    let admin = admin(&portal).await;
    let mut alone = ConnectOptions::new(cluster.url("postgres"));
    alone.max_connections(1);
    let somebody = Database::connect(alone).await.unwrap();
    let session = pid(&somebody).await;
    somebody.execute_unprepared(LOCK).await.unwrap();
    assert_eq!(pid(&somebody).await, session, "it is in the transaction");
    let codes = until_done(async || write(&portal, &admin.token, "Others").await).await;
    assert!(codes.iter().all(|code| code == "BUSY"), "{codes:?}");
    // The pool has noticed, and has another one.
    assert_ne!(pid(&somebody).await, session, "the session is over");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_works_with_the_lock_is_waited_for_and_then_said_to_be_busy(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let options = Options { patience: IMPATIENT, ..database.options.clone() };
    let store = Store::open(&options).await.unwrap();
    let other = Store::open(&options).await.unwrap();
    // Long by its nature, and announced.
    let restoration = other.admin().restore().await.unwrap();
    tokio::time::sleep(IMPATIENT.idle + Duration::from_millis(500)).await;
    let refused = store.keys_forget().await.unwrap_err();
    assert!(matches!(refused, StoreError::Busy), "{dialect:?}: {refused}");
    restoration.finish().await.unwrap();
    store.keys_forget().await.unwrap();
    // A command waits for its turn.
    let patient = Options { patience: Patience::COMMAND, ..options.clone() };
    let patient = Store::open(&patient).await.unwrap();
    let restoration = other.admin().restore().await.unwrap();
    let waiting = tokio::spawn(async move { patient.keys_forget().await });
    tokio::time::sleep(IMPATIENT.lock * 2).await;
    assert!(!waiting.is_finished(), "{dialect:?}");
    restoration.abandon().await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn more_writers_than_connections_are_busy_and_not_lost() {
    let database = TestDatabase::migrated(Dialect::Postgres).await;
    let options = Options { patience: IMPATIENT, ..database.options.clone() };
    let store = Store::open(&options).await.unwrap();
    let restoration = Store::open(&options).await.unwrap();
    let restoration = restoration.admin().restore().await.unwrap();
    let writing = futures_util::future::join_all((0..12).map(|_| store.keys_forget())).await;
    assert!(writing.iter().all(|done| matches!(done, Err(StoreError::Busy))), "{writing:?}");
    restoration.abandon().await.unwrap();
    futures_util::future::join_all((0..12).map(|_| store.keys_forget())).await.into_iter().for_each(Result::unwrap);
}

/// Which session of the server's it is.
async fn pid(connection: &DatabaseConnection) -> i32 {
    let statement = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()");
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}
