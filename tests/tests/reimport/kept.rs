//! Old addresses that are waited for, through dumps and from older versions.

use courant_domain::{edition::Ending, workflow::State};
use courant_migrations::Migrator;
use courant_persistence::{Dialect, dump::Record};
use courant_tests::{
    TestDatabase, apply, both_databases,
    dump::{dump, restore},
};
use sea_orm::Database;
use sea_orm_migration::MigratorTrait;
use serde_json::json;

use crate::{
    Desk,
    old_paths::{all_to, led, waiting},
};

#[apply(both_databases)]
#[tokio::test]
async fn a_restored_database_keeps_old_addresses_for_the_same_entries(dialect: Dialect) {
    for order in [["a", "b"], ["b", "a"]] {
        let desk = Desk::new(dialect).await;
        desk.drafts(&[("a", "ferry"), ("b", "barge"), ("d", "dory")]).await;
        desk.go_live("d").await;
        desk.go_live(order[0]).await;
        let lines = dump(&desk.store).await;
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        restore(&store, &lines).await;
        assert_eq!(dump(&store).await, lines);
        assert_eq!(database.broken().await, [""; 0]);
        assert_eq!(led(&store).await, all_to("dory"));
        let desk = Desk { database, store, ..desk };
        desk.go_live(order[1]).await;
        desk.end("d", Ending::Vanish).await;
        assert_eq!(led(&desk.store).await, all_to("ferry"), "{order:?}: who waits longest comes first");
        let published = desk.store.admin().snapshot().await.unwrap().published(None, 10).await.unwrap();
        assert!(published.iter().all(|record| record.waiting_paths.is_empty()) && published.len() == 2);
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_waits_for_no_address_that_can_be_is_refused(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.drafts(&[("a", "ferry")]).await;
    let lines = dump(&desk.store).await;
    let line = lines.iter().find(|line| line.contains("waiting_paths")).unwrap();
    let refused = |from: &str, to: &str| {
        assert!(line.contains(from), "{line}");
        let Record::Entry(record) = serde_json::from_str(&line.replace(from, to)).unwrap() else { panic!("{line}") };
        record.validate().unwrap_err().to_string()
    };
    assert_eq!(
        refused("/2019/05/ferry", "/2019//ferry"),
        "it waits for \"/2019//ferry\", which is no path of a site in its normal form"
    );
    assert_eq!(refused("/2019/05/ferry", "/?p=12"), "a path that it waits for stands twice");
    // A version before this one had a hidden redirect for it, and nothing in the entry.
    let mut old = lines.clone();
    let mut rules = Vec::new();
    for line in &mut old {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(entry) = record.get_mut("entry").and_then(serde_json::Value::as_object_mut) else { continue };
        let Some(waiting) = entry.remove("waiting_paths") else { continue };
        for it in waiting.as_array().unwrap() {
            rules.push(
                json!({ "redirect": {
                    "path": it["path"], "target": null, "created_at": it["created_at"], "entry": entry["id"], "hidden": true
                } })
                .to_string(),
            );
        }
        *line = record.to_string();
    }
    old.extend(rules);
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    restore(&store, &old).await;
    assert_eq!(dump(&store).await, lines, "{dialect:?}");
    assert_eq!(database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn hidden_redirects_of_older_versions_wait_from_now_on(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.drafts(&[("a", "ferry"), ("b", "barge")]).await;
    // What vanished had its path here.
    let pier = courant_tests::incoming::article("p", desk.news, "pier", State::Published);
    desk.bring(vec![pier]).await;
    desk.end("p", Ending::Vanish).await;
    let before = dump(&desk.store).await;
    let listed = waiting(&desk.store).await;
    let Desk { database, store, editor, news, sport, tag } = desk;
    store.close().await.unwrap();
    let connection = Database::connect(&database.options.url).await.unwrap();
    let steps = Migrator::migrations();
    let first = steps.iter().position(|step| step.name() == "m0024_waiting_paths").unwrap();
    Migrator::down(&connection, u32::try_from(steps.len() - first).ok()).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    connection.close().await.unwrap();

    let store = database.open().await;
    let desk = Desk { database, store, editor, news, sport, tag };
    desk.holds().await;
    assert_eq!(waiting(&desk.store).await, listed, "{dialect:?}");
    // An older version had but one for each; that of the second is lost, and all else is as it was.
    let after = dump(&desk.store).await;
    let lost: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
    assert!(lost.len() == 1 && lost[0].contains("barge"), "{lost:?}");
    assert!(after.iter().any(|line| line.contains("/en/articles/pier") && line.contains("\"hidden\":true")));
    desk.go_live("a").await;
    assert_eq!(led(&desk.store).await, all_to("ferry"), "{dialect:?}");
}
