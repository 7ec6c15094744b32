//! When somebody last did something to each language of an entry: who works in one language is not told of the others. And the dates of
//! force of acts that what was taken back commenced or repealed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "ALTER TABLE standing ADD COLUMN touched_at bigint NOT NULL DEFAULT 0",
                "UPDATE standing SET touched_at = coalesce(
                    (SELECT max(r.created_at) FROM revision r
                     WHERE r.entry_id = standing.entry_id AND r.locale = standing.locale), 0)",
                // What was done to the entry last was most likely done to the language that was written in last.
                "UPDATE standing SET touched_at = (SELECT e.touched_at FROM entry e WHERE e.id = standing.entry_id)
                 WHERE touched_at = (SELECT max(r.created_at) FROM revision r WHERE r.entry_id = standing.entry_id)",
                // What was taken back has no effect on other acts any more: those are derived anew.
                "UPDATE edition SET derivation = 0 WHERE kind = 'DECREE' AND entry_id IN
                    (SELECT d.target_id FROM decree_relation d JOIN edition s ON s.entry_id = d.source_id
                     AND s.locale = d.locale WHERE s.details LIKE '%\"withdrawal\":{%')",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["ALTER TABLE standing DROP COLUMN touched_at"]).await
    }
}
