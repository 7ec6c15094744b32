//! The steps of the schema, taken by several nodes at once, broken off, and beside a service.

use courant_persistence::{Dialect, Options, Store, migrate};
use courant_tests::{
    Portal, TestDatabase, apply, both_databases,
    cluster::Cluster,
    proxy::{Proxy, Then},
};
use futures_util::future::join_all;

use crate::support::read;

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_take_each_step_once(dialect: Dialect) {
    let database = TestDatabase::bare(dialect).await;
    let nodes = join_all((0..5).map(|_| migrate(&database.options))).await;
    assert!(nodes.iter().all(Result::is_ok), "{dialect:?}: {nodes:?}");
    database.open().await.close().await.unwrap();
    assert_eq!(database.broken().await, Vec::<String>::new(), "{dialect:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_are_broken_off_leave_nothing_and_are_taken_again() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.address()).await;
    let through = Options { url: proxy.url("postgres"), ..cluster.options() };
    for (said, then) in [("CREATE TABLE", Then::Cut), ("CREATE INDEX", Then::Silence), ("COMMIT", Then::Cut)] {
        proxy.when(said, then);
        if then == Then::Silence {
            // Killed while it waits for an answer: the node is gone, and the server is told by nobody.
            let options = through.clone();
            let killed = tokio::spawn(async move { migrate(&options).await });
            proxy.sprung(2).await;
            killed.abort();
            assert!(killed.await.unwrap_err().is_cancelled());
            proxy.cut();
        } else {
            migrate(&through).await.unwrap_err();
        }
        assert!(Store::open(&cluster.options()).await.is_err(), "{said}: nothing of it is there");
    }
    migrate(&through).await.unwrap();
    Store::open(&through).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_service_reads_and_writes_while_another_node_migrates(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let migrating = async {
        for _ in 0..5 {
            migrate(&portal.database.options).await.unwrap();
        }
    };
    let using = async {
        for _ in 0..20 {
            read(&portal).await.data();
            portal.store.keys_forget().await.unwrap();
        }
    };
    tokio::join!(migrating, using);
}
