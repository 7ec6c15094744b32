//! The server is killed between the commit of changes and the delivery of what they tell, time after time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use courant_domain::{
    access::Viewer,
    change::{ChangeCursor, ChangeKey},
    id::DeliveryId,
    webhook::{Delivery, WebhookFilter},
};
use courant_persistence::{Command, Dialect, WebhookCreate};
use courant_tests::receiver::{Receiver, Reply};
use serde_json::json;
use tokio::sync::watch;

use crate::{desk::Desk, kill::rounds, random::Random, server::Server, server::verified};

const WRITERS: usize = 3;
/// So many messages to one webhook are under way at once.
const UNDER_WAY: usize = 4;

fn start(desk: &Desk) -> Server {
    Server::start_with(&desk.database, |command| {
        command.env("COURANT_WEBHOOK_ALLOW", "127.0.0.1");
    })
}

/// Has the servers before be thought dead, as they are when fifteen seconds have passed.
async fn they_are_dead(desk: &Desk) {
    courant_tests::write_by_hand(&desk.database.options.url, "UPDATE node SET seen_at = 0").await;
}

async fn every_change_is_told_and_at_most_what_was_under_way_twice(dialect: Dialect) {
    let mut random = Random::new(&format!("webhooks on {dialect:?}"));
    let desk = Arc::new(Desk::new(dialect).await);
    let receiver = Receiver::answering(|_, _| Reply::Late(Duration::from_millis(3), 204)).await;
    let create = WebhookCreate { url: receiver.url(), name: "A mirror".to_owned(), filter: WebhookFilter::default() };
    let hook = desk.store.webhooks().create(Command::of(&Viewer::program()), &create).await.unwrap().id;
    let mut acknowledged = 0;
    for round in 0..rounds() {
        they_are_dead(&desk).await;
        let server = start(&desk);
        let (count, mut counted) = watch::channel(0);
        let count = Arc::new(count);
        let mut writing = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let (machine, url, count) = (desk.client(), server.url.clone(), count.clone());
            writing.spawn(async move {
                for number in 0.. {
                    let path = format!("/en/articles/{writer}-{}", number % 3);
                    let query = format!(
                        "mutation {{ putRedirect(input: {{ path: \"{path}\", target: \"https://example.org/{round}/{number}\" }}) \
                         {{ userErrors {{ code }} }} }}"
                    );
                    let Ok(answer) = machine.post(&url, &json!({ "query": query })).await else { return };
                    assert_eq!(answer["data"]["putRedirect"]["userErrors"], json!([]), "{answer}");
                    count.send_modify(|count| *count += 1);
                }
            });
        }
        let enough = 3 + random.below(60);
        counted.wait_for(|count| *count >= enough).await.unwrap();
        // Somewhere within what is under way then.
        tokio::time::sleep(Duration::from_micros(random.next() % 20_000)).await;
        server.kill();
        writing.join_all().await;
        acknowledged += *counted.borrow();
    }
    they_are_dead(&desk).await;
    let server = start(&desk);
    let log = desk.store.changes(0, 1_000_000).await.unwrap();
    let changes: Vec<_> = log.iter().filter(|change| matches!(change.key, ChangeKey::Redirect { .. })).collect();
    assert!(changes.len() >= acknowledged, "{dialect:?}: what was acknowledged is in the log");
    let wanted: BTreeSet<String> =
        changes.iter().map(|change| Delivery::message_id(DeliveryId::of_change(hook, change.seq, change.at))).collect();
    let got = receiver.takes(wanted.len()).await;
    server.kill();
    let told: BTreeSet<String> = got.iter().map(|got| got.header("webhook-id").to_owned()).collect();
    assert_eq!(told, wanted, "{dialect:?}");
    let doubled = got.len() - told.len();
    assert!(doubled <= rounds() * UNDER_WAY, "{dialect:?}: {doubled} came again");
    let places: BTreeMap<String, i64> =
        changes.iter().map(|change| (ChangeCursor::of(change).to_string(), change.seq)).collect();
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for got in &got {
        let place = places[got.json()["data"]["cursor"].as_str().unwrap()];
        let before = last.insert(got.path(), place).unwrap_or(0);
        assert!(place >= before, "{dialect:?}: {} of {} came after {before}", place, got.path());
    }
    verified(&desk.database);
    println!("{dialect:?}: {acknowledged} acknowledged, {} told of, {doubled} of them twice", told.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_on_sqlite() {
    every_change_is_told_and_at_most_what_was_under_way_twice(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_on_postgres() {
    every_change_is_told_and_at_most_what_was_under_way_twice(Dialect::Postgres).await;
}
