//! Portals whose lists of what goes with entries move when a test has them move.

use std::collections::BTreeMap;

use courant_domain::{change::ChangeSeq, id::EntryId};
use courant_persistence::{Dialect, Store};
use courant_workers::{Follower, followers::RelatedLists};
use sea_orm::{ConnectionTrait, Database, Statement};
use uuid::Uuid;

use crate::{Portal, TestDatabase};

/// A portal, and the follower that makes its lists.
pub struct Alike {
    /// The portal.
    pub portal: Portal,
    follower: RelatedLists,
    at: ChangeSeq,
}

impl Alike {
    /// One over a store, whose lists are made.
    pub async fn over(database: TestDatabase, store: Store) -> Self {
        let portal = Portal::over(database, store).await;
        let mut alike = Self { follower: RelatedLists::new(portal.store.clone()), portal, at: 0 };
        alike.at = alike.follower.rebuild().await.unwrap();
        alike
    }

    /// One with the sample content.
    pub async fn with_samples(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        courant_fixtures::samples::seed(&store).await.unwrap();
        Self::over(database, store).await
    }

    /// Has the lists follow what was changed since the last time.
    pub async fn follow(&mut self) {
        self.portal.store.refresh().await.unwrap();
        let changes = self.portal.store.changes(self.at, 1000).await.unwrap();
        self.follower.apply(&changes).await.unwrap();
        self.at = changes.last().map_or(self.at, |change| change.seq);
    }

    /// Gives the follower again what it has applied already, from this change on.
    pub async fn follow_again(&mut self, after: ChangeSeq) {
        let changes = self.portal.store.changes(after, 1000).await.unwrap();
        self.follower.apply(&changes).await.unwrap();
    }

    /// The titles of what goes with the article of a slug, in a language.
    pub async fn titles(&self, slug: &str, locale: &str, first: u32) -> Vec<String> {
        let query = format!(
            "{{ article(by: {{ slug: \"{slug}\" }}, locale: \"{locale}\") {{ related(first: {first}) {{ title }} }} }}"
        );
        let answer = self.portal.query(&query).await;
        let related = answer.data()["article"]["related"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
        related.iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect()
    }
}

/// All lists as they are kept.
pub async fn lists(database: &TestDatabase) -> BTreeMap<EntryId, Vec<(i32, EntryId)>> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let sql = "SELECT l.entry_id, r.likeness, r.other_id FROM related_list l LEFT JOIN related r ON r.entry_id = l.entry_id \
               ORDER BY l.entry_id, r.likeness DESC, r.other_id DESC";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let mut lists: BTreeMap<EntryId, Vec<(i32, EntryId)>> = BTreeMap::new();
    for row in &rows {
        let list = lists.entry(row.try_get_by_index::<Uuid>(0).unwrap().into()).or_default();
        if let Some(other) = row.try_get_by_index::<Option<Uuid>>(2).unwrap() {
            list.push((row.try_get_by_index(1).unwrap(), other.into()));
        }
    }
    connection.close().await.unwrap();
    lists
}
