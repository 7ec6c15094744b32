//! A database that is silent: frozen, or behind a network that drops everything.

use std::time::{Duration, Instant};

use courant_persistence::{Options, Store, StoreError};
use courant_tests::{cluster::Cluster, proxy::Proxy};
use futures_util::future::join_all;

use crate::support::{admin, code, keeping, portal, read, until_done, write};

/// Reads with all connections that there are, which are open and idle after that.
async fn all_read(portal: &courant_tests::Portal) {
    for answer in join_all((0..40).map(|_| read(portal))).await {
        answer.data();
    }
}

/// Far more than the limits of these tests, and far less than for ever.
const BOUND: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_database_is_told_of_and_used_again() {
    let cluster = Cluster::start();
    let portal = portal(cluster.options()).await;
    let admin = admin(&portal).await;
    // All connections are open and idle.
    all_read(&portal).await;
    write(&portal, &admin.token, "Before").await.done();

    cluster.freeze();
    let began = Instant::now();
    for answer in join_all((0..40).map(|_| read(&portal))).await {
        assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.text);
    }
    // Who shows a token, reading and writing.
    let query = serde_json::json!({ "query": "{ editorial { viewer { name } } }" });
    let answer = portal.post_as(&admin.token, &query).await;
    assert!(answer.status == 503 || code(&answer) == "UNAVAILABLE", "{} {}", answer.status, answer.text);
    assert!(matches!(portal.store.keys_forget().await, Err(StoreError::Unavailable)));
    assert!(portal.store.ping().await.is_err());
    assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());

    cluster.thaw();
    until_done(async || read(&portal).await).await;
    until_done(async || write(&portal, &admin.token, "After").await).await;
    // No place of the pools is lost.
    all_read(&portal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_finds_out_first_is_told_that_it_is_away_and_not_that_they_ask_for_too_much() {
    let cluster = Cluster::start();
    for path in ["/changes.ndjson", "/graphql?query={changes{head}}", "/graphql?query={articles{nodes{title}}}"] {
        let proxy = Proxy::to(cluster.address()).await;
        let portal = portal(Options { url: proxy.url("postgres"), ..cluster.options() }).await;
        all_read(&portal).await;
        proxy.silence(true);
        let answer = reqwest::get(format!("{}{path}", portal.url)).await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert!(text.contains("UNAVAILABLE"), "{path}: {text}");
        assert!(path.starts_with("/graphql") || status == 503, "{path}: {status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_a_network_has_lost_are_given_up() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.address()).await;
    let options = Options { url: proxy.url("postgres"), ..cluster.options() };
    let portal = portal(options).await;
    let admin = admin(&portal).await;
    join_all((0..40).map(|_| read(&portal))).await;

    proxy.silence(true);
    assert_eq!(code(&read(&portal).await), "UNAVAILABLE");
    assert!(matches!(portal.store.keys_forget().await, Err(StoreError::Unavailable)));
    // New connections come through; the old ones are silent for good.
    proxy.silence(false);
    until_done(async || read(&portal).await).await;
    until_done(async || write(&portal, &admin.token, "After").await).await;
    all_read(&portal).await;
    let began = Instant::now();
    portal.store.close().await.unwrap();
    assert!(began.elapsed() < BOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_refused_or_frozen_is_not_waited_for_at_the_start() {
    let cluster = Cluster::start();
    courant_persistence::migrate(&cluster.options()).await.unwrap();
    cluster.freeze();
    assert!(matches!(Store::open(&cluster.options()).await, Err(StoreError::Unreachable(_))));
    cluster.thaw();
    let wrong = Options { url: cluster.url("nowhere"), ..cluster.options() };
    assert!(matches!(Store::open(&wrong).await, Err(StoreError::NotAdmitted(_))));
    cluster.stop();
    assert!(matches!(Store::open(&cluster.options()).await, Err(StoreError::Unreachable(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_database_is_told_of_and_used_again() {
    let cluster = Cluster::start();
    let portal = portal(cluster.options()).await;
    let admin = admin(&portal).await;
    let keeping = keeping(&portal).await;
    join_all((0..20).map(|_| read(&portal))).await;
    read(&keeping).await.data();
    assert_eq!(read(&keeping).await.header("cache-status"), "Courant; hit");
    cluster.stop();
    assert_eq!(code(&read(&portal).await), "UNAVAILABLE");
    // What may have changed since is given by nobody: it is not known any more whether it has.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(code(&read(&keeping).await), "UNAVAILABLE");
    assert!(matches!(portal.store.keys_forget().await, Err(StoreError::Unavailable)));
    cluster.go();
    until_done(async || read(&portal).await).await;
    until_done(async || write(&portal, &admin.token, "After").await).await;
}
