//! Nobody finds what they shall not read: every draft, every withdrawn text and every plan holds words that stand
//! nowhere else, and walks through all that the server answers find those words that whoever asks may read, and no
//! other.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod base;
mod desk;
mod hidden;
mod log;
mod members;
mod mutations;
mod pages;
mod pools;
mod readers;
mod roles;
mod schema;
mod selection;
mod twins;
mod walk;
mod webhooks;
mod words;

use courant_persistence::{Dialect, NodeId};
use courant_tests::{Portal, TestDatabase};

/// A portal with nothing in it, that lets one operation ask for everything there is.
async fn empty_portal(dialect: Dialect) -> Portal {
    over(TestDatabase::migrated(dialect).await).await
}

async fn over(database: TestDatabase) -> Portal {
    let store = database.open().await;
    Portal::configured(database, store, twins::generous()).await
}

/// One with languages and categories, to plant in.
async fn portal(dialect: Dialect) -> Portal {
    let portal = empty_portal(dialect).await;
    base::found(&portal.store).await;
    // A server that has gone silent, for changes not to have come everywhere.
    portal.store.node_seen(NodeId::new(), 0).await.unwrap();
    let sql = "UPDATE node SET seen_at = seen_at - 60000000";
    courant_tests::write_by_hand(&portal.database.options.url, sql).await;
    // A hub that has asked to be left alone.
    let hub = twins::hub().told[0].name();
    let sql = format!(
        "INSERT INTO follower (name, seq, term) VALUES ('{hub}', 0, 1); \
         INSERT INTO ping (name, taken_at, problem, waits_until) VALUES ('{hub}', 1, '503', 4000000000000000)"
    );
    courant_tests::write_by_hand(&portal.database.options.url, &sql).await;
    portal
}

/// Two portals that hold what this one does.
async fn copies(portal: Portal, dialect: Dialect) -> [Portal; 2] {
    portal.store.close().await.unwrap();
    let [one, two] = [
        TestDatabase::copy_of(&portal.database, dialect).await,
        TestDatabase::copy_of(&portal.database, dialect).await,
    ];
    [over(one).await, over(two).await]
}
