//! Dumps move between the databases, and come back byte for byte.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::dump::{EntryRecord, Record};
use courant_persistence::{Dialect, ReferenceData, Snapshot, Store};
use courant_tests::{BOTH, Portal, TestDatabase};

/// Everything a store holds, as the lines of a dump.
async fn dump(store: &Store) -> Vec<String> {
    let snapshot = store.snapshot().await.unwrap();
    let reference = snapshot.reference();
    let mut records = vec![Record::Site(reference.site.clone())];
    records.extend(reference.categories.iter().cloned().map(Record::Category));
    records.extend(reference.tags().iter().cloned().map(Record::Tag));
    records.extend(reference.persons().iter().cloned().map(Record::Person));
    records.extend(reference.feeds().iter().cloned().map(Record::Feed));
    records.extend(entries(&snapshot).await.into_iter().map(Record::Entry));
    records.extend(snapshot.redirects().await.unwrap().into_iter().map(Record::Redirect));
    records.iter().map(|record| serde_json::to_string(record).unwrap()).collect()
}

async fn entries(snapshot: &Snapshot) -> Vec<EntryRecord> {
    let mut all: Vec<EntryRecord> = Vec::new();
    loop {
        let page = snapshot.entries(all.last().map(|record| record.entry.id), 17).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

async fn restore(store: &Store, lines: &[String]) {
    let mut data = ReferenceData::default();
    let mut entries = Vec::new();
    let mut redirects = Vec::new();
    for line in lines {
        match serde_json::from_str(line).unwrap() {
            Record::Courant(_) | Record::End(_) => {}
            Record::Site(site) => store.site_put(&site).await.unwrap(),
            Record::Category(category) => data.categories.push(category),
            Record::Tag(tag) => data.tags.push(tag),
            Record::Person(person) => data.persons.push(person),
            Record::Feed(feed) => data.feeds.push(feed),
            Record::Entry(entry) => entries.push(entry),
            Record::Redirect(redirect) => redirects.push(redirect),
        }
    }
    store.reference_put(&data).await.unwrap();
    for batch in entries.chunks(13) {
        store.entries_create(batch).await.unwrap();
    }
    store.redirects_restore(redirects).await.unwrap();
}

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

#[tokio::test]
async fn a_restored_portal_answers_like_the_first() {
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
    for dialect in BOTH {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        restore(&store, &lines).await;
        let portal = Portal::over(database, store).await;
        assert_eq!(portal.query(query).await.body, expected.body, "{dialect:?}");
    }
}
