//! Several editors at the same time.

use std::collections::HashSet;

use courant_domain::workflow::State;
use courant_tests::{apply, both_databases};
use serde_json::json;

use crate::{
    desk::{Asked, Desk, done, entry_id, refusals},
    server::{Server, verified},
};
use courant_persistence::Dialect;

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_save_at_once_one_wins_and_the_other_changes_nothing(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let server = Server::start(&desk.database);
    let entry = desk.article(&server.url, "contested", "Contested").await;
    for round in 1..=20 {
        let titles = [format!("Ana's {round}"), format!("Ben's {round}")];
        let [one, two] = titles.clone().map(|title| Asked::save(entry, round, "contested", &title));
        let (one, two) = tokio::join!(desk.ask(&server.url, &one), desk.ask(&server.url, &two));
        let answers = [one.unwrap(), two.unwrap()];
        let mut refused: Vec<Vec<&str>> = answers.iter().map(refusals).collect();
        let winner = refused.iter().position(Vec::is_empty).unwrap();
        refused.sort();
        assert_eq!(refused, [vec![], vec!["CONFLICT"]], "{dialect:?}: {answers:?}");
        let record = desk.record(entry).await.unwrap();
        assert_eq!(record.revisions.len(), round + 1);
        let newest = record.revisions.last().unwrap();
        assert_eq!(newest.content.title(), Some(titles[winner].as_str()));
        assert_eq!(record.standings[0].standing.newest as usize, round + 1);
    }
    drop(server);
    verified(&desk.database);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn different_articles_are_published_at_once(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let server = Server::start(&desk.database);
    let mut articles = Vec::new();
    for number in 0..24 {
        articles.push(desk.article(&server.url, &format!("article-{number}"), "Published").await);
    }
    let asked: Vec<Asked> = articles.iter().map(|entry| Asked::step("publishEntry", *entry, json!({}))).collect();
    let answers = together(&desk, &server, &asked).await;
    answers.iter().for_each(done);
    let live = desk.records().await;
    assert!(live.iter().all(|record| record.standings[0].standing.state == State::Published));
    assert!(live.iter().all(|record| record.editions.len() == 1), "{dialect:?}");
    assert_eq!(desk.title_at(&server.url, "article-23").await.as_deref(), Some("Published"));
    drop(server);
    verified(&desk.database);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn one_request_sent_ten_times_at_once_is_done_once(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let server = Server::start(&desk.database);
    let asked = Asked::create(desk.category, "once", "Once");
    let answers = together(&desk, &server, &vec![asked; 10]).await;
    answers.iter().for_each(done);
    let ids: HashSet<_> = answers.iter().map(entry_id).collect();
    assert_eq!(ids.len(), 1, "{dialect:?}");
    let records = desk.records().await;
    assert_eq!(records.len(), 1);
    let publish = Asked::step("publishEntry", records[0].entry.id, json!({ "changeNote": "Said once." }));
    let answers = together(&desk, &server, &vec![publish; 10]).await;
    answers.iter().for_each(done);
    let notes = desk.records().await[0].editions[0].change_notes.len();
    assert_eq!(notes, 1, "{dialect:?}: published once");
    drop(server);
    verified(&desk.database);
}

/// Asks for all of these at the same time.
async fn together(desk: &Desk, server: &Server, asked: &[Asked]) -> Vec<serde_json::Value> {
    let mut asking = tokio::task::JoinSet::new();
    for asked in asked {
        let (desk, url, asked) = (desk.client(), server.url.clone(), asked.clone());
        asking.spawn(async move { desk.ask(&url, &asked).await.unwrap() });
    }
    asking.join_all().await
}
