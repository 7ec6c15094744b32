//! What a process knows, and what it says of what it wrote.

use courant_domain::{locale::Locale, site::Site};
use tempfile::TempDir;

use super::*;
use crate::{db::migrate::migrate, live::reads::Reads};

/// A database, and two processes that work on it.
async fn two() -> (Store, Store, TempDir) {
    let folder = TempDir::new().unwrap();
    let options = Options::sqlite(&folder.path().join("courant.db"));
    migrate(&options).await.unwrap();
    (Store::open(&options).await.unwrap(), Store::open(&options).await.unwrap(), folder)
}

/// What a process knows: as of which change, and the name it has for the site.
fn known(store: &Store) -> (i64, String) {
    let reference = store.reference();
    (reference.seq, reference.site.name.get(Locale::ENGLISH).unwrap().to_owned())
}

fn site(name: &str) -> Site {
    Site::new(Locale::ENGLISH, name)
}

#[tokio::test]
async fn what_was_read_first_and_comes_last_changes_nothing() {
    let (store, other, _folder) = two().await;
    let mut heads = store.head();
    other.newsroom().site_put(&site("One")).await.unwrap();
    let late = store.look().await.unwrap().unwrap();
    other.newsroom().site_put(&site("Two")).await.unwrap();
    store.refresh().await.unwrap();
    let newest = store.reference().seq;
    assert!(late.next.seq < newest);
    assert!(store.take_in(late));
    assert_eq!(known(&store), (newest, "Two".to_owned()));
    assert_eq!(*heads.borrow_and_update(), newest);
}

#[tokio::test]
async fn a_log_that_went_back_is_taken_in_by_whoever_still_knows_better() {
    let (store, other, _folder) = two().await;
    for name in ["One", "Two", "Three"] {
        other.newsroom().site_put(&site(name)).await.unwrap();
    }
    store.refresh().await.unwrap();
    let newest = store.reference().seq;
    for sql in ["DELETE FROM change_log WHERE seq > 1", "UPDATE change_head SET seq = 1"] {
        other.writer().execute_unprepared(sql).await.unwrap();
    }
    let (one, two) = (store.look().await.unwrap().unwrap(), store.look().await.unwrap().unwrap());
    assert!(one.went_back && two.went_back && newest > 1);
    assert!(store.take_in(one));
    assert_eq!(store.reference().seq, 1);
    assert!(!store.take_in(two), "it is to be looked at again");
    other.refresh().await.unwrap();
    other.newsroom().site_put(&site("Four")).await.unwrap();
    store.refresh().await.unwrap();
    assert_eq!(known(&store), (2, "Four".to_owned()));
}

#[tokio::test]
async fn what_was_made_of_another_history_holds_no_more_when_its_number_is_reached_again() {
    let (store, other, _folder) = two().await;
    let put = async |path: &str| other.newsroom().redirect_put(path, None).await.unwrap();
    put("/en/articles/one").await;
    put("/en/articles/two").await;
    store.refresh().await.unwrap();
    let newest = store.reference().seq;
    let (_, stamp) = store.view();
    let mut reads = Reads::default();
    reads.path("/en/articles/one".to_owned());
    assert!(store.holds(&stamp, &reads));
    // An older state is put in its place, and nobody asks for this until there are as many changes again.
    for sql in ["DELETE FROM redirect", "DELETE FROM change_log WHERE seq > 1", "UPDATE change_head SET seq = 1"] {
        other.writer().execute_unprepared(sql).await.unwrap();
    }
    store.refresh().await.unwrap();
    other.refresh().await.unwrap();
    while store.reference().seq < newest {
        put(&format!("/en/articles/after-{}", store.reference().seq)).await;
        store.refresh().await.unwrap();
    }
    assert_eq!(store.reference().seq, newest);
    assert!(!store.holds(&stamp, &reads));
}

#[tokio::test]
async fn a_change_that_cannot_be_taken_in_is_made_all_the_same() {
    let (store, other, _folder) = two().await;
    let store = store.noting();
    // It can write, and read no more.
    store.reader().clone().close().await.unwrap();
    store.newsroom().site_put(&site("Made")).await.unwrap();
    assert_eq!(store.made(), 1);
    other.refresh().await.unwrap();
    assert_eq!(known(&other).1, "Made");
}

#[tokio::test]
async fn after_writes_that_did_not_fit_the_next_one_is_kept() {
    let (store, other, _folder) = two().await;
    for _ in 0..3 {
        // A bound of the connection's own, which ends with it at the latest.
        store.writer().execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
        let long = "x".repeat(1_000_000);
        let refused = store.newsroom().site_put(&site(&long)).await.unwrap_err();
        assert!(matches!(refused, StoreError::StorageFull), "{refused:?}");
    }
    assert_eq!((store.writes(), store.made()), (crate::Writes::StorageFull, 0));
    store.writer().execute_unprepared("PRAGMA max_page_count = 4294967294").await.unwrap();
    store.newsroom().site_put(&site("Fits")).await.unwrap();
    other.refresh().await.unwrap();
    assert_eq!(known(&other).1, "Fits");
    // What is small may fit where nothing else does: it takes more to be well again.
    assert_eq!(store.writes(), crate::Writes::StorageFull);
    store.write_try().await.unwrap();
    assert_eq!(store.writes(), crate::Writes::Ok);
}

#[tokio::test]
async fn what_failed_within_a_transaction_is_not_committed() {
    let (store, other, _folder) = two().await;
    let tx = crate::db::transaction::open(&store).await.unwrap();
    tx.execute_unprepared("UPDATE site SET document = 'broken'").await.unwrap();
    tx.execute_unprepared("INSERT INTO change_head (id, seq) VALUES (1, 1)").await.unwrap_err();
    // As if nobody had looked.
    tx.execute_unprepared("UPDATE site SET document = 'more broken'").await.unwrap_err();
    assert!(tx.commit().await.unwrap_err().surely);
    // Nor what nobody waited for.
    let tx = crate::db::transaction::open(&store).await.unwrap();
    tx.execute_unprepared("UPDATE site SET document = 'broken'").await.unwrap();
    let long = "UPDATE site SET document = (WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000) \
                SELECT max(n) FROM c)";
    assert!(futures_poll(tx.execute_unprepared(long)).await);
    assert!(tx.commit().await.unwrap_err().surely);
    store.newsroom().site_put(&site("Whole")).await.unwrap();
    other.refresh().await.unwrap();
    assert_eq!(known(&other).1, "Whole");
}

/// Begins something and gives it up; says whether it was still under way.
async fn futures_poll(future: impl Future) -> bool {
    let mut future = Box::pin(future);
    std::future::poll_fn(|task| std::task::Poll::Ready(future.as_mut().poll(task).is_pending())).await
}
