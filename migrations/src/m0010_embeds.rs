//! What live texts embed; and acts that would begin once they are repealed never do.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = [
            "ALTER TABLE edition ADD COLUMN embeds text NOT NULL DEFAULT '[]'",
            "UPDATE edition SET from_day = NULL WHERE from_day >= until_day",
            "UPDATE edition SET partly_from_day = NULL WHERE partly_from_day >= until_day",
        ];
        super::run(manager, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["ALTER TABLE edition DROP COLUMN embeds"]).await
    }
}
