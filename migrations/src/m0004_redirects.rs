//! Where redirects were meant to lead, so that they lead there again once something is there again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // What the rule says; `target` is where that leads now, so that readers need one look.
                "ALTER TABLE redirect ADD COLUMN meant text",
                "UPDATE redirect SET meant = target",
                // Whose path it was: it leads to this entry when that is live.
                "ALTER TABLE redirect ADD COLUMN entry_id {uuid}",
                // Kept for when something is there again; until then readers are told nothing, not even that it is gone.
                "ALTER TABLE redirect ADD COLUMN hidden boolean NOT NULL DEFAULT FALSE",
                "DROP INDEX redirect_target",
                "CREATE INDEX redirect_meant ON redirect (meant)",
                "CREATE INDEX redirect_entry ON redirect (entry_id) WHERE entry_id IS NOT NULL",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP INDEX redirect_entry",
                "DROP INDEX redirect_meant",
                "DELETE FROM redirect WHERE hidden",
                "CREATE INDEX redirect_target ON redirect (target)",
                "ALTER TABLE redirect DROP COLUMN hidden",
                "ALTER TABLE redirect DROP COLUMN entry_id",
                "ALTER TABLE redirect DROP COLUMN meant",
            ],
        )
        .await
    }
}
