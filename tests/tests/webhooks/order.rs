//! Messages of one thing come in the order of its changes, whatever fails, and hold back no others.

use std::collections::HashMap;

use courant_tests::{
    Dialect, apply, both_databases,
    receiver::{Receiver, Reply},
};

use crate::support::{Site, change, cursor_of, cursors};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_holds_back_later_messages_of_the_same_thing_alone(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let receiver =
        Receiver::answering(
            |got, _| {
                if got.path().ends_with("/bad") { Reply::status(500) } else { Reply::status(200) }
            },
        )
        .await;
    let other = Receiver::good().await;
    let hook = site.hook(&receiver.url()).await;
    site.hook(&other.url()).await;
    for number in 0..3 {
        site.change("/en/articles/bad", number).await;
        site.change(&format!("/en/articles/good-{number}"), number).await;
    }
    other.takes(6).await;
    let got = receiver.until(|got| got.iter().filter(|got| got.taken).count() >= 3).await;
    let bad: Vec<_> = got.iter().filter(|got| got.path().ends_with("/bad")).collect();
    let first = bad[0].header("webhook-id").to_owned();
    assert!(bad.iter().all(|got| got.header("webhook-id") == first), "{dialect:?}: only the first one is tried");
    // Five seconds later it is tried again, with the same id and body, at another time.
    let wanted =
        |got: &[courant_tests::receiver::Got]| got.iter().filter(|got| got.path().ends_with("/bad")).count() >= 2;
    let got = receiver.until(wanted).await;
    let bad: Vec<_> = got.iter().filter(|got| got.path().ends_with("/bad")).take(2).collect();
    assert_eq!(bad[0].header("webhook-id"), bad[1].header("webhook-id"));
    assert_eq!(bad[0].body, bad[1].body);
    let tries = site.attempts_until(hook, 5).await;
    let of_bad: Vec<_> = tries.iter().filter(|attempt| attempt.result.error.is_some()).collect();
    assert!(of_bad[1].at.duration_since(of_bad[0].at).as_millis() >= 5000, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_and_whatever_fails_each_thing_keeps_its_order(dialect: Dialect) {
    const WRITERS: usize = 6;
    const EACH: usize = 8;
    let site = Site::new(dialect).await;
    // Every third message is refused once.
    let refused = std::sync::Mutex::new(std::collections::HashSet::new());
    let receiver = Receiver::answering(move |got, number| {
        let is_new = refused.lock().unwrap().insert(got.header("webhook-id").to_owned());
        if is_new && number % 3 == 1 { Reply::status(503) } else { Reply::status(204) }
    })
    .await;
    site.hook(&receiver.url()).await;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let store = site.portal.database.open().await;
        writers.push(tokio::spawn(async move {
            for number in 0..EACH {
                // Two writers share each path.
                change(&store, &format!("/en/articles/{}", writer / 2), writer * 100 + number).await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let mut hurry = tokio::time::interval(std::time::Duration::from_millis(500));
    let got = tokio::select! {
        got = receiver.takes(WRITERS * EACH) => got,
        // What was refused is tried at once here, and not only after seconds.
        () = async { loop { hurry.tick().await; site.now().await; } } => unreachable!(),
    };
    let log = site.store().changes(0, 10_000).await.unwrap();
    let seqs: HashMap<String, i64> = log.iter().map(|change| (cursor_of(change), change.seq)).collect();
    let mut by_path: HashMap<String, Vec<i64>> = HashMap::new();
    for got in got.iter().filter(|got| got.taken) {
        by_path.entry(got.path()).or_default().push(seqs[&cursors([got])[0]]);
    }
    assert_eq!(by_path.len(), WRITERS / 2);
    for (path, seqs) in by_path {
        assert_eq!(seqs.len(), 2 * EACH, "{dialect:?}: {path}: each once");
        assert!(seqs.is_sorted(), "{dialect:?}: {path}: {seqs:?}");
    }
}
