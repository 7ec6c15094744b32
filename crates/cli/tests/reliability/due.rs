//! Schedules across restarts, on two servers at once, and on one that runs.

use std::collections::BTreeMap;

use courant_domain::{
    change::{Action, ChangeKey},
    id::EntryId,
    workflow::State,
};
use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    desk::{Asked, Desk, done},
    server::{Server, verified},
};

/// A time to come, as databases keep it: to the microsecond.
fn soon(millis: i64) -> Timestamp {
    let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
    now + SignedDuration::from_millis(millis)
}

/// Waits for a time to come; what is waited for is the clock itself.
async fn reach(at: Timestamp) {
    if let Ok(left) = std::time::Duration::try_from(at.duration_since(Timestamp::now())) {
        tokio::time::sleep(left).await;
    }
    while Timestamp::now() <= at {
        tokio::task::yield_now().await;
    }
}

async fn schedule(desk: &Desk, url: &str, entry: EntryId, at: Timestamp) {
    let asked = Asked::step("scheduleEntry", entry, json!({ "at": at.to_string() }));
    done(&desk.ask(url, &asked).await.unwrap());
}

async fn expire(desk: &Desk, url: &str, entry: EntryId, at: Timestamp) {
    let asked = Asked::step("unpublishEntry", entry, json!({ "at": at.to_string(), "ending": { "gone": true } }));
    done(&desk.ask(url, &asked).await.unwrap());
}

/// The entries that changed for readers behind a place in the log, in order.
async fn changed(desk: &Desk, after: i64) -> Vec<(EntryId, Action)> {
    let changes = desk.store.changes(after, 1000).await.unwrap();
    let editions = changes.into_iter().filter_map(|change| match change.key {
        ChangeKey::Edition { entry, .. } => Some((entry, change.action)),
        _ => None,
    });
    editions.collect()
}

async fn head(desk: &Desk) -> i64 {
    desk.store.refresh().await.unwrap();
    desk.store.reference().seq
}

/// What was planned before the server's end.
struct Planned {
    desk: Desk,
    /// What goes live, by its time.
    live: BTreeMap<Timestamp, EntryId>,
    /// What ends, and when.
    ended: (Timestamp, EntryId),
    /// What is not due for an hour.
    never: EntryId,
}

/// Plans five articles and an end, and kills the server before the first of the times. A machine so slow that the
/// time comes before that is given another try, with more time.
async fn planned(dialect: Dialect) -> Planned {
    let mut lead = 2000;
    loop {
        let desk = Desk::new(dialect).await;
        let server = Server::start(&desk.database);
        let ended = desk.article(&server.url, "ended", "Ended").await;
        done(&desk.ask(&server.url, &Asked::step("publishEntry", ended, json!({}))).await.unwrap());
        let mut articles = Vec::new();
        for number in 0..5 {
            articles.push(desk.article(&server.url, &format!("due-{number}"), "Due").await);
        }
        let never = desk.article(&server.url, "never", "Never").await;
        schedule(&desk, &server.url, never, soon(3_600_000)).await;
        // Made in another order than they come due in.
        let first = soon(lead);
        let mut live = BTreeMap::new();
        for (place, index) in (0..).zip([3, 0, 4, 1, 2]) {
            let at = first + SignedDuration::from_millis(place * 50);
            live.insert(at, articles[index]);
        }
        for (at, entry) in live.iter().rev() {
            schedule(&desk, &server.url, *entry, *at).await;
        }
        let end = first + SignedDuration::from_millis(125);
        expire(&desk, &server.url, ended, end).await;
        server.kill();
        if Timestamp::now() < first {
            return Planned { desk, live, ended: (end, ended), never };
        }
        lead *= 2;
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_came_due_while_nothing_ran_goes_live_at_start_in_order(dialect: Dialect) {
    let Planned { desk, live, ended: (end, ended), never } = planned(dialect).await;
    let before = head(&desk).await;
    let last = *live.keys().next_back().unwrap();
    reach(last).await;
    assert_eq!(changed(&desk, before).await, [], "{dialect:?}: nothing runs, so nothing goes live");

    let server = Server::start(&desk.database);
    // It is ready: all of it is there.
    let mut expected: Vec<(Timestamp, EntryId, Action)> =
        live.iter().map(|(at, entry)| (*at, *entry, Action::Put)).collect();
    expected.push((end, ended, Action::Removed));
    expected.sort_by_key(|(at, ..)| *at);
    let expected: Vec<_> = expected.into_iter().map(|(_, entry, action)| (entry, action)).collect();
    assert_eq!(changed(&desk, before).await, expected, "{dialect:?}: each once, in the order of their times");
    for (at, entry) in &live {
        let record = desk.record(*entry).await.unwrap();
        assert_eq!(record.editions[0].published_at, *at, "{dialect:?}: it carries its planned time");
    }
    assert_eq!(desk.record(never).await.unwrap().standings[0].standing.state, State::Scheduled);
    assert_eq!(desk.title_at(&server.url, "due-4").await.as_deref(), Some("Due"));
    assert_eq!(desk.title_at(&server.url, "ended").await, None);
    server.kill();
    drop(Server::start(&desk.database));
    assert_eq!(changed(&desk, before).await, expected, "{dialect:?}: another start does nothing again");
    verified(&desk.database);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_do_each_thing_once() {
    let desk = Desk::new(Dialect::Postgres).await;
    let servers = [Server::start(&desk.database), Server::start(&desk.database)];
    let mut articles = Vec::new();
    for number in 0..30 {
        let url = &servers[number % 2].url;
        articles.push(desk.article(url, &format!("due-{number}"), "Due").await);
    }
    let before = head(&desk).await;
    let mut planned = Vec::new();
    for (number, entry) in articles.iter().enumerate() {
        // In bursts: ten at the same time.
        let at = soon(2000 + i64::try_from(number / 10).unwrap() * 200);
        schedule(&desk, &servers[number % 2].url, *entry, at).await;
        planned.push(at);
    }
    while changed(&desk, before).await.len() < articles.len() {
        tokio::task::yield_now().await;
    }
    let [one, two] = servers;
    one.kill();
    two.kill();
    // A start looks at the schedule once more.
    drop(Server::start(&desk.database));
    let mut done: Vec<EntryId> = changed(&desk, before).await.into_iter().map(|(entry, _)| entry).collect();
    done.sort_unstable();
    let mut wanted = articles.clone();
    wanted.sort_unstable();
    assert_eq!(done, wanted, "each once");
    for (entry, at) in articles.iter().zip(&planned) {
        assert_eq!(desk.record(*entry).await.unwrap().editions[0].published_at, *at);
    }
    verified(&desk.database);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_publishes_and_ends_at_the_set_times(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let server = Server::start(&desk.database);
    let entry = desk.article(&server.url, "short-lived", "Short-lived").await;
    let begin = soon(2000);
    schedule(&desk, &server.url, entry, begin).await;
    let late = first_seen(&desk, &server, begin, true).await;
    let end = soon(2000);
    expire(&desk, &server.url, entry, end).await;
    let later = first_seen(&desk, &server, end, false).await;
    println!("{dialect:?}: live {late} late, ended {later} late");
    drop(server);
    verified(&desk.database);
}

/// Asks readers' way again and again until the article is there, or is there no more, and says how long after the time
/// for it that was; before the time it never is.
async fn first_seen(desk: &Desk, server: &Server, due: Timestamp, there: bool) -> SignedDuration {
    loop {
        let is_there = desk.title_at(&server.url, "short-lived").await.is_some();
        let late = Timestamp::now().duration_since(due);
        if is_there == there {
            assert!(late >= SignedDuration::ZERO, "it was before its time");
            return late;
        }
        assert!(late < SignedDuration::from_secs(30), "waited in vain");
        tokio::task::yield_now().await;
    }
}
