//! Addresses that entries had elsewhere and do not have here. Any number of entries may wait for one, which a rule, of which a path has
//! one alone, could not say.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // They were hidden rules for the first entry that brought them. So is what vanished: an entry that was published, at a path of its
        // own.
        let waits = "r.hidden AND r.meant IS NULL AND EXISTS (\
             SELECT 1 FROM entry e WHERE e.id = r.entry_id AND (NOT e.was_published OR NOT EXISTS (\
             SELECT 1 FROM standing s WHERE s.entry_id = e.id AND (r.path LIKE '/' || s.locale || '/articles/%' \
             OR r.path LIKE '/' || s.locale || '/decrees/%'))))";
        super::run(
            manager,
            &[
                // The first that waits comes first; of those that came at once, the older entry.
                "CREATE TABLE waiting_path (
                    path text NOT NULL,
                    entry_id {uuid} NOT NULL,
                    created_at bigint NOT NULL,
                    PRIMARY KEY (path, entry_id)
                ){clustered}",
                "CREATE INDEX waiting_path_entry ON waiting_path (entry_id)",
                &format!(
                    "INSERT INTO waiting_path (path, entry_id, created_at) \
                     SELECT r.path, r.entry_id, r.created_at FROM redirect r WHERE {waits}"
                ),
                "DELETE FROM redirect WHERE hidden AND meant IS NULL AND EXISTS (\
                 SELECT 1 FROM waiting_path w WHERE w.path = redirect.path AND w.entry_id = redirect.entry_id)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "INSERT INTO redirect (path, target, created_at, meant, entry_id, hidden) \
                 SELECT w.path, NULL, w.created_at, NULL, w.entry_id, TRUE FROM waiting_path w \
                 WHERE NOT EXISTS (SELECT 1 FROM redirect r WHERE r.path = w.path) AND NOT EXISTS (\
                 SELECT 1 FROM waiting_path o WHERE o.path = w.path AND (o.created_at < w.created_at \
                 OR (o.created_at = w.created_at AND o.entry_id < w.entry_id)))",
                "DROP TABLE waiting_path",
            ],
        )
        .await
    }
}
