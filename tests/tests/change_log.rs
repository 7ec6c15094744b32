//! The change log: in order, without gaps, whoever writes.

use courant_domain::{change::Subject, locale::Locale};
use courant_persistence::{Dialect, Store};
use courant_tests::{Portal, apply, both_databases};

#[apply(both_databases)]
#[tokio::test]
async fn concurrent_writers_leave_no_gap_and_no_double(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let before = portal.store.reference().seq;
    // A second store on the same database is what another process is.
    let other = Store::open(&portal.database.options).await.unwrap();
    let write = |store: Store, name: &'static str| async move {
        for number in 0..10 {
            store.newsroom().redirect_put(&format!("/en/articles/{name}-{number}"), None).await.unwrap();
        }
    };
    tokio::join!(write(portal.store.clone(), "a"), write(other.clone(), "b"), write(portal.store.clone(), "c"));
    let changes = portal.store.changes(before, 1000).await.unwrap();
    let numbers: Vec<i64> = changes.iter().map(|change| change.seq).collect();
    assert_eq!(numbers, (before + 1..=before + 30).collect::<Vec<_>>(), "{dialect:?}");
    assert!(changes.iter().all(|change| change.key.subject() == Subject::Redirect));
}

#[apply(both_databases)]
#[tokio::test]
async fn another_process_sees_what_was_written_after_a_refresh(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let other = Store::open(&portal.database.options).await.unwrap();
    let mut head = other.head();
    let mut site = portal.store.reference().site.clone();
    let english = Locale::ENGLISH;
    site.name.set(english, "Renamed");
    portal.store.newsroom().site_put(&site).await.unwrap();
    assert_eq!(portal.store.reference().site.name.get(english), Some("Renamed"));
    other.refresh().await.unwrap();
    assert_eq!(other.reference().site.name.get(english), Some("Renamed"), "{dialect:?}");
    assert!(head.has_changed().unwrap(), "followers are woken");
    assert_eq!(*head.borrow_and_update(), portal.store.reference().seq);
}

#[apply(both_databases)]
#[tokio::test]
async fn other_fallbacks_file_every_list_anew(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let count = "{ tk: articles(locale: \"tk\") { totalCount } ru: articles(locale: \"ru\") { totalCount } feed(slug: \"editors-choice\", locale: \"tk\") { items { totalCount } } }";
    let with = portal.query(count).await.data().clone();
    let site = portal.store.reference().site.clone();
    let mut without = site.clone();
    for locale in &mut without.locales {
        locale.fallbacks.clear();
    }
    portal.store.newsroom().site_put(&without).await.unwrap();
    let answer = portal.query(count).await;
    assert_eq!(answer.data()["tk"]["totalCount"], 68, "{dialect:?}");
    assert_eq!(answer.data()["feed"]["items"]["totalCount"], 6);
    portal.store.newsroom().site_put(&site).await.unwrap();
    assert_eq!(*portal.query(count).await.data(), with, "{dialect:?}: and back");
}
