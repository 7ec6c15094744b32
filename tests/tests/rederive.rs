//! What an older version derived of a text is derived anew, once, and readers' caches hear of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::change::{Action, Subject};
use courant_persistence::{Dialect, verify};
use courant_tests::{Portal, apply, both_databases, write_by_hand};
use serde_json::Value;

/// As version 0 had it: ids without their prefix, on the texts that have headings.
const AS_BEFORE: &str = "UPDATE edition SET derivation = 0, html = replace(html, 'user-content-', ''), \
                         outline = replace(outline, 'user-content-', '')";

const LAW: &str = "{ decree(by: { path: \"/en/decrees/law-on-pensions\" }) { title body { html outline { id } } } }";

fn ids(law: &Value) -> Vec<&str> {
    law["decree"]["body"]["outline"].as_array().unwrap().iter().map(|heading| heading["id"].as_str().unwrap()).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn what_another_version_derived_is_derived_anew_once(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    let (store, options) = (&portal.store, &portal.database.options);
    let fresh = portal.query(LAW).await.data().clone();
    assert!(ids(&fresh).iter().all(|id| id.starts_with("user-content-")), "{dialect:?}: {fresh}");
    assert_eq!(store.admin().rederive().await.unwrap(), 0, "{dialect:?}: all is as it should be");

    write_by_hand(&options.url, AS_BEFORE).await;
    let before = portal.query(LAW).await.data().clone();
    assert!(ids(&before).iter().all(|id| !id.starts_with("user-content-")), "{dialect:?}: {before}");
    let mut notes = 0;
    let checked = verify(options, |_| notes += 1).await.unwrap();
    assert_eq!((checked.broken, checked.notes, notes), (0, checked.editions, checked.editions), "{dialect:?}");

    let head = store.reference().seq;
    // Whoever is first does it, and nobody does it twice.
    let other = portal.database.open().await;
    let (here, there) = (store.admin(), other.admin());
    let (one, two) = tokio::join!(here.rederive(), there.rederive());
    assert_eq!(one.unwrap() + two.unwrap(), checked.editions, "{dialect:?}");
    other.close().await.unwrap();
    store.refresh().await.unwrap();
    assert_eq!(portal.query(LAW).await.data(), &fresh, "{dialect:?}");
    let changes = store.changes(head, 10_000).await.unwrap();
    let is_edition = |subject: Subject, action: Action| subject == Subject::Edition && action == Action::Put;
    assert!(changes.iter().all(|change| is_edition(change.key.subject(), change.action)), "{dialect:?}");
    let with_headings = changes.len() as u64;
    assert!(0 < with_headings && with_headings < checked.editions, "{dialect:?}: {with_headings} are others now");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
    assert_eq!(store.admin().rederive().await.unwrap(), 0, "{dialect:?}: once");
}
