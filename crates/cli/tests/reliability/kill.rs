//! The server is killed while several editors write, and started again, time after time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use courant_persistence::{Dialect, dump::EntryRecord};
use tokio::sync::watch;

use crate::{
    desk::Desk,
    editor::Editor,
    random::Random,
    server::{Server, verified},
};

const EDITORS: usize = 6;

/// How often it is killed: `COURANT_TEST_KILL_ROUNDS`, or 15 times.
#[expect(clippy::disallowed_methods, reason = "a setting of this test's own")]
pub(crate) fn rounds() -> usize {
    std::env::var("COURANT_TEST_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(15)
}

async fn nothing_is_lost_or_doubled(dialect: Dialect) {
    let mut random = Random::new(&format!("killed on {dialect:?}"));
    let desk = Arc::new(Desk::new(dialect).await);
    let audits_before = audits(&desk).await;
    let mut editors: Vec<Editor> = (0..EDITORS).map(|name| Editor::new(name, random.split())).collect();
    let (mut answers, published) = (0, AtomicUsize::new(0));
    for round in 0..rounds() {
        let server = Server::start(&desk.database);
        for editor in &mut editors {
            editor.ask_again(&desk, &server.url).await;
        }
        let records = check(&desk, &mut editors, &published).await;
        assert_eq!(records.len(), editors.iter().map(Editor::pieces).sum::<usize>(), "round {round}: entries");
        let places = desk.store.reference().categories.iter().count();
        assert_eq!(places, 1 + editors.iter().map(Editor::places).sum::<usize>(), "round {round}: categories");

        let (answered, mut count) = watch::channel(0);
        let answered = Arc::new(answered);
        let mut working = tokio::task::JoinSet::new();
        for mut editor in std::mem::take(&mut editors) {
            let (desk, answered, url) = (desk.clone(), answered.clone(), server.url.clone());
            working.spawn(async move {
                editor.work(&desk, &url, &answered).await;
                editor
            });
        }
        let enough = 20 + random.below(360);
        tokio::select! {
            reached = count.wait_for(|count| *count >= enough) => { reached.unwrap(); }
            Some(ended) = working.join_next() => panic!("an editor stopped before the server did: {:?}", ended.err()),
        }
        // Somewhere within what is under way then.
        tokio::time::sleep(Duration::from_micros(random.next() % 8000)).await;
        server.kill();
        editors = working.join_all().await;
        answers += *count.borrow();
        verified(&desk.database);
    }
    let server = Server::start(&desk.database);
    for editor in &mut editors {
        editor.ask_again(&desk, &server.url).await;
    }
    // What is still to go live does so within a second or so.
    loop {
        check(&desk, &mut editors, &published).await;
        if !editors.iter().any(Editor::waits) {
            break;
        }
        tokio::task::yield_now().await;
    }
    server.kill();
    verified(&desk.database);
    let deeds: usize = editors.iter().map(|editor| editor.deeds).sum();
    let published = published.load(Ordering::Relaxed);
    let audits = audits(&desk).await - audits_before;
    assert_eq!(audits, deeds + published, "{dialect:?}: each change is recorded once");
    println!("{dialect:?}: {answers} answered, {deeds} made, {published} of them went live by themselves");
}

/// Sees that everything is as each editor left it, and gives what there is.
async fn check(desk: &Desk, editors: &mut [Editor], published: &AtomicUsize) -> Vec<EntryRecord> {
    let records = desk.records().await;
    desk.store.refresh().await.unwrap();
    for editor in editors {
        editor.check(desk, &records, published);
    }
    records
}

/// How many records the audit log has.
async fn audits(desk: &Desk) -> usize {
    let checked = courant_persistence::verify(&desk.database.options, |finding| panic!("{finding}")).await.unwrap();
    usize::try_from(checked.audits).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    nothing_is_lost_or_doubled(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_on_postgres() {
    nothing_is_lost_or_doubled(Dialect::Postgres).await;
}
