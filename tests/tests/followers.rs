//! Followers of the change log: every change, in order, whatever becomes of those who follow.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use courant_domain::change::{Action, Change, ChangeKey, ChangeSeq};
use courant_persistence::{Dialect, NodeId, Store};
use courant_tests::{TestDatabase, apply, both_databases};
use courant_workers::{Follower, Result, Runs, Statuses, WorkError, Workers};
use tokio::sync::Notify;

/// What followers have been given, by all that there were.
#[derive(Clone, Default)]
struct Book {
    inner: Arc<Mutex<Vec<Entry>>>,
    written: Arc<Notify>,
}

enum Entry {
    Built(ChangeSeq),
    Applied(Vec<Change>),
}

impl Book {
    fn write(&self, entry: Entry) {
        self.inner.lock().unwrap().push(entry);
        self.written.notify_waiters();
    }

    fn entries(&self) -> usize {
        self.inner.lock().unwrap().len()
    }

    /// The last change that was applied.
    fn last(&self) -> ChangeSeq {
        match self.inner.lock().unwrap().last() {
            Some(Entry::Built(seq)) => *seq,
            Some(Entry::Applied(changes)) => changes.last().unwrap().seq,
            None => 0,
        }
    }

    async fn reaches(&self, seq: ChangeSeq) {
        loop {
            let written = self.written.notified();
            if self.last() >= seq {
                return;
            }
            written.await;
        }
    }

    /// The paths of all redirects in the order in which they were applied first. Changes may come again after an end that was not
    /// waited for, but none is left out, and none comes before one with a lower number.
    fn paths(&self) -> Vec<String> {
        let (mut at, mut paths) = (0, Vec::new());
        for entry in &*self.inner.lock().unwrap() {
            match entry {
                Entry::Built(seq) => {
                    assert!(paths.is_empty(), "it is built once");
                    at = *seq;
                }
                Entry::Applied(changes) => {
                    assert!(changes[0].seq <= at + 1, "{} came after {at}", changes[0].seq);
                    assert!(changes.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1), "in order and without gaps");
                    for change in changes.iter().filter(|change| change.seq > at) {
                        if let (ChangeKey::Redirect { path }, Action::Put) = (&change.key, change.action) {
                            paths.push(path.clone());
                        }
                    }
                    at = at.max(changes.last().unwrap().seq);
                }
            }
        }
        paths
    }
}

/// Writes down what it is given, and takes its time.
struct Scribe<const FOR_ALL: bool> {
    store: Store,
    book: Book,
}

impl<const FOR_ALL: bool> Follower for Scribe<FOR_ALL> {
    const NAME: &'static str = "scribe";
    const RUNS: Runs = if FOR_ALL { Runs::OneNode } else { Runs::EachNode };

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        // It may be ended before it has applied them, or after.
        tokio::task::yield_now().await;
        self.book.write(Entry::Applied(changes.to_vec()));
        tokio::task::yield_now().await;
        Ok(())
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        let seq = self.store.reference().seq;
        self.book.write(Entry::Built(seq));
        Ok(seq)
    }
}

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_and_whoever_dies_each_change_is_applied_in_order(dialect: Dialect) {
    const WRITERS: usize = 16;
    const EACH: usize = 12;
    let database = TestDatabase::migrated(dialect).await;
    let book = Book::default();
    let start = async || {
        let store = database.open().await;
        let mut workers = Workers::start(store.clone(), Statuses::default());
        workers.follow(Scribe::<true> { store: store.clone(), book: book.clone() });
        (store, workers)
    };
    let mut following = start().await;
    book.reaches(0).await;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let store = database.open().await;
        writers.push(tokio::spawn(async move {
            for number in 0..EACH {
                store.newsroom().redirect_put(&format!("/en/articles/{writer}-{number}"), None).await.unwrap();
            }
            store.reference().seq
        }));
    }
    let mut chance = Chance(42);
    let mut deaths = 0;
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) || deaths < 5 {
        // At some moment of its work, or when there is none left.
        let entries = book.entries() as u64 + chance.below(4);
        while (book.entries() as u64) < entries && !writers.iter().all(tokio::task::JoinHandle::is_finished) {
            tokio::task::yield_now().await;
        }
        let (store, workers) = following;
        if chance.below(2) == 0 {
            workers.stop().await;
        } else {
            // Killed: it says nothing to anybody. The others find out when its signs of life are too old.
            drop(workers);
            courant_tests::write_by_hand(&database.options.url, "UPDATE node SET seen_at = 0").await;
        }
        store.close().await.unwrap();
        deaths += 1;
        following = start().await;
    }
    let mut last = 0;
    for writer in writers {
        last = last.max(writer.await.unwrap());
    }
    book.reaches(last).await;
    let mut paths = book.paths();
    assert_eq!(paths.len(), WRITERS * EACH, "{dialect:?}, after {deaths} deaths");
    // Each writer's own changes are in its order.
    for writer in 0..WRITERS {
        let of_writer: Vec<&String> =
            paths.iter().filter(|path| path.starts_with(&format!("/en/articles/{writer}-"))).collect();
        let expected: Vec<String> = (0..EACH).map(|number| format!("/en/articles/{writer}-{number}")).collect();
        assert_eq!(of_writer, expected.iter().collect::<Vec<_>>(), "{dialect:?}");
    }
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), WRITERS * EACH, "{dialect:?}: each once");
    following.1.stop().await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn each_node_follows_for_itself_and_one_for_all(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let (each, all) = (Book::default(), Book::default());
    let mut nodes = Vec::new();
    for _ in 0..3 {
        let store = database.open().await;
        let statuses = Statuses::default();
        let mut workers = Workers::start(store.clone(), statuses.clone());
        workers.follow(Scribe::<true> { store: store.clone(), book: all.clone() });
        nodes.push((store, workers, statuses));
    }
    let other = database.open().await;
    let mut workers = Workers::start(other.clone(), Statuses::default());
    workers.follow(Scribe::<false> { store: other.clone(), book: each.clone() });
    // Until both have been built, what is written belongs to that.
    while all.inner.lock().unwrap().is_empty() || each.inner.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    for number in 0..10 {
        let (store, ..) = &nodes[number % 3];
        store.newsroom().redirect_put(&format!("/en/articles/{number}"), None).await.unwrap();
    }
    let last = nodes[0].0.log_head().await.unwrap();
    each.reaches(last).await;
    all.reaches(last).await;
    assert_eq!((each.paths().len(), all.paths().len()), (10, 10), "{dialect:?}");
    let built = all.inner.lock().unwrap().iter().filter(|entry| matches!(entry, Entry::Built(_))).count();
    assert_eq!(built, 1, "{dialect:?}: on one node");
    // All of them say how far it is.
    for (_, _, statuses) in &nodes {
        loop {
            let of = |name| statuses.followers().into_iter().find(|status| status.name == name);
            if [of("scribe"), of("reference data")].iter().flatten().filter(|status| status.lag == 0).count() == 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    for (_, workers, _) in nodes {
        workers.stop().await;
    }
    workers.stop().await;
}

#[apply(both_databases)]
#[tokio::test]
async fn who_was_thought_dead_has_lost_what_it_ran_for_all(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let (one, two) = (NodeId::new(), NodeId::new());
    store.node_seen(one, 0).await.unwrap();
    store.node_seen(two, 0).await.unwrap();
    let mut first = store.follower_claim("scribe", one).await.unwrap().unwrap();
    assert_eq!(first.seq, None);
    assert!(store.follower_moved("scribe", &mut first, 7).await.unwrap());
    assert_eq!(store.follower_claim("scribe", two).await.unwrap(), None, "{dialect:?}: it is alive");

    courant_tests::write_by_hand(&database.options.url, "UPDATE node SET seen_at = seen_at - 16000000").await;
    let mut second = store.follower_claim("scribe", two).await.unwrap().unwrap();
    assert_eq!(second.seq, Some(7), "it goes on where the other one ended");
    assert!(!store.follower_moved("scribe", &mut first, 8).await.unwrap(), "{dialect:?}");
    assert!(store.follower_moved("scribe", &mut second, 9).await.unwrap());
    assert_eq!(store.follower_seq("scribe").await.unwrap(), Some(9));

    store.node_gone(two).await.unwrap();
    store.node_seen(one, 0).await.unwrap();
    let third = store.follower_claim("scribe", one).await.unwrap().unwrap();
    assert_eq!(third.seq, Some(9), "{dialect:?}: whoever stops leaves it at once");
}

#[apply(both_databases)]
#[tokio::test]
async fn who_has_an_embedded_database_alone_need_not_wait_for_the_dead(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let [one, two, three] = [NodeId::new(), NodeId::new(), NodeId::new()];
    let claim = async |store: &Store, node| {
        store.node_seen(node, 7).await.unwrap();
        store.follower_claim("scribe", node).await.unwrap().is_some()
    };
    let store = database.open().await;
    assert!(claim(&store, one).await);
    // It ends without a word, as one does that is killed.
    store.close().await.unwrap();
    let store = database.open().await;
    let is_known = dialect == Dialect::Sqlite;
    assert_eq!(claim(&store, two).await, is_known, "{dialect:?}: nobody else has the file open, so the first is gone");
    assert!(!store.is_a_node_behind(7).await.unwrap());
    assert!(store.is_a_node_behind(8).await.unwrap(), "{dialect:?}: it is itself");
    let third = database.open().await;
    assert!(!claim(&third, three).await, "{dialect:?}: it is alive, or may be");
    store.close().await.unwrap();
    let again = database.open().await;
    assert!(!claim(&again, NodeId::new()).await, "{dialect:?}: somebody had it open, who may be the one");
    third.close().await.unwrap();
    again.close().await.unwrap();
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn who_was_frozen_and_wakes_applies_nothing_more(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let (statuses, book) = (Statuses::default(), Book::default());
    let mut workers = Workers::start(store.clone(), statuses.clone());
    workers.follow(Scribe::<true> { store: store.clone(), book: book.clone() });
    while book.entries() == 0 {
        tokio::task::yield_now().await;
    }
    store.newsroom().redirect_put("/en/articles/before", None).await.unwrap();
    let applied = store.reference().seq;
    book.reaches(applied).await;
    // The cursor has moved, too, and nothing is under way.
    while store.follower_seq("scribe").await.unwrap() != Some(applied) {
        tokio::task::yield_now().await;
    }

    // Another server has taken over meanwhile, and is far ahead.
    let successor = NodeId::new();
    store.node_seen(successor, 0).await.unwrap();
    let ahead = applied + 1000;
    let sql = format!(
        "UPDATE follower SET term = term + 1, seq = {ahead}, node_id = \
         (SELECT n.id FROM node n WHERE n.id <> follower.node_id); UPDATE node SET seen_at = seen_at + 3600000000"
    );
    courant_tests::write_by_hand(&database.options.url, &sql).await;
    store.newsroom().redirect_put("/en/articles/after", None).await.unwrap();
    let knows = || statuses.followers().iter().any(|status| status.name == "scribe" && status.seq == Some(ahead));
    while !knows() {
        tokio::task::yield_now().await;
    }
    assert_eq!(book.paths(), ["/en/articles/before"], "{dialect:?}");
    workers.stop().await;
}

/// Fails so often before it goes well.
struct Faulty {
    failures: usize,
    store: Store,
    book: Book,
}

impl Follower for Faulty {
    const NAME: &'static str = "faulty";
    const RUNS: Runs = Runs::EachNode;

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        if self.failures > 0 {
            self.failures -= 1;
            return Err(WorkError::Other("not yet".to_owned()));
        }
        self.book.write(Entry::Applied(changes.to_vec()));
        Ok(())
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        self.book.write(Entry::Built(self.store.reference().seq));
        Ok(self.store.reference().seq)
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_applied_comes_again(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let (statuses, book) = (Statuses::default(), Book::default());
    let mut workers = Workers::start(store.clone(), statuses.clone());
    workers.follow(Faulty { failures: 2, store: store.clone(), book: book.clone() });
    while book.inner.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    store.newsroom().redirect_put("/en/articles/a", None).await.unwrap();
    let failing =
        || statuses.followers().iter().any(|status| status.name == "faulty" && status.failing && status.lag == 1);
    while !failing() {
        tokio::task::yield_now().await;
    }
    book.reaches(store.reference().seq).await;
    assert_eq!(book.paths(), ["/en/articles/a"], "{dialect:?}");
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hint_comes_before_anybody_would_look() {
    let database = TestDatabase::migrated(Dialect::Postgres).await;
    let (writer, reader) = (database.open().await, database.open().await);
    let hints = reader.hints();
    // The first one says that it listens.
    hints.next().await;
    for number in 0..3 {
        writer.newsroom().redirect_put(&format!("/en/articles/{number}"), None).await.unwrap();
        hints.next().await;
    }
    // What changes nothing that readers see tells nobody: the next hint is that of the next change.
    writer.node_seen(NodeId::new(), 0).await.unwrap();
    let quiet = tokio::time::timeout(Duration::from_millis(300), hints.next()).await;
    assert!(quiet.is_err());
}
