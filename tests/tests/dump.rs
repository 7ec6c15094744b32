//! Dumps move between the databases, and come back byte for byte.

use courant_persistence::Dialect;
use courant_tests::{
    Portal, TestDatabase, apply, both_databases,
    dump::{dump, restore},
};

#[tokio::test]
async fn from_one_database_to_the_other_and_back_nothing_changes() {
    let samples = Portal::with_samples(Dialect::Sqlite).await;
    let first = dump(&samples.store).await;
    assert!(first.len() > 150, "{} lines", first.len());
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        restore(&store, &first).await;
        let second = dump(&store).await;
        for (a, b) in first.iter().zip(&second) {
            assert_eq!(a, b, "{dialect:?}");
        }
        assert_eq!(first.len(), second.len());
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_restored_portal_answers_like_the_first(dialect: Dialect) {
    let query = "{
        articles(locale: \"tk\", first: 100) { nodes { title locale related(first: 2) { title } category { title } } totalCount }
        decrees(locale: \"ru\", first: 100) { nodes { number status(asOf: \"2027-01-01\") relations { kind decree { number } } } }
        feeds(locale: \"en\") { items(first: 10) { nodes { title viewCount } totalCount } }
        route(path: \"/en/articles/migration-talks-2021\") { ... on Redirect { target } }
    }";
    let samples = Portal::with_samples(Dialect::Postgres).await;
    let lines = dump(&samples.store).await;
    let expected = samples.query(query).await;
    expected.data();
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    restore(&store, &lines).await;
    let portal = Portal::over(database, store).await;
    assert_eq!(portal.query(query).await.body, expected.body, "{dialect:?}");
}
