//! What was taken back is found without reading the whole log.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX change_log_departed ON change_log (seq) \
                     WHERE subject = 'EDITION' AND action = 'REMOVED'";
        super::run(manager, &[index]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["DROP INDEX change_log_departed"]).await
    }
}
