//! Several servers, and servers that die.

use std::{collections::HashMap, time::Duration};

use courant_tests::{
    Dialect, apply, both_databases,
    receiver::{Receiver, Reply},
};

use crate::support::{Site, change, sends};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_nothing_is_lost_and_at_most_what_was_under_way_comes_twice(dialect: Dialect) {
    const PATHS: usize = 5;
    const EACH: usize = 6;
    let mut site = Site::new(dialect).await;
    // A while for each, so that some are under way whenever somebody dies.
    let receiver = Receiver::answering(|_, _| Reply::Late(Duration::from_millis(15), 200)).await;
    site.hook(&receiver.url()).await;
    let writer = {
        let store = site.portal.database.open().await;
        tokio::spawn(async move {
            for number in 0..EACH {
                for path in 0..PATHS {
                    change(&store, &format!("/en/articles/{path}"), number).await;
                }
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        })
    };
    let mut deaths = 0;
    while !writer.is_finished() || deaths < 4 {
        let before = receiver.got().len();
        let more = receiver.until(|got| got.len() > before + deaths % 3);
        drop(tokio::time::timeout(Duration::from_millis(300), more).await);
        site.crash().await;
        site.start();
        deaths += 1;
    }
    writer.await.unwrap();
    let got = receiver.takes(PATHS * EACH).await;
    let (mut times, mut order): (HashMap<String, usize>, HashMap<String, Vec<i64>>) = (HashMap::new(), HashMap::new());
    let log = site.store().changes(0, 10_000).await.unwrap();
    let seqs: HashMap<String, i64> = log.iter().map(|change| (crate::support::cursor_of(change), change.seq)).collect();
    for got in &got {
        *times.entry(got.header("webhook-id").to_owned()).or_default() += 1;
        order.entry(got.path()).or_default().push(seqs[&crate::support::cursors([got])[0]]);
    }
    assert_eq!(times.len(), PATHS * EACH, "{dialect:?}: each is there");
    let doubled: usize = times.values().map(|times| times - 1).sum();
    assert!(doubled <= deaths * PATHS, "{dialect:?}: {doubled} came again after {deaths} deaths");
    for (path, seqs) in order {
        // What comes again is what was under way: the one before it at most.
        assert!(seqs.is_sorted(), "{dialect:?}: {path}: {seqs:?}");
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_servers_one_sends_and_the_other_takes_over(dialect: Dialect) {
    let mut site = Site::new(dialect).await;
    let receiver = Receiver::good().await;
    let hook = site.hook(&receiver.url()).await;
    let other = site.portal.database.open().await;
    let workers = sends(&other);
    for number in 0..10 {
        let store = if number % 2 == 0 { site.store() } else { &other };
        change(store, &format!("/en/articles/{number}"), number).await;
    }
    let got = receiver.takes(10).await;
    assert_eq!(got.len(), 10, "{dialect:?}: each once");
    site.settled(hook).await;
    site.crash().await;
    for number in 10..20 {
        change(&other, &format!("/en/articles/{number}"), number).await;
    }
    let got = receiver.takes(20).await;
    assert_eq!(got.len(), 20, "{dialect:?}");
    workers.stop().await;
}
