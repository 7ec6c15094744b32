//! Every query folder, on both databases.

use courant_persistence::Dialect;
use courant_tests::golden::check_all;

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    check_all(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    check_all(Dialect::Postgres).await;
}
