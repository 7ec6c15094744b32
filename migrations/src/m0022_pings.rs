//! What hubs and search engines last answered to what they were told.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // By the name of the follower that tells them. `refused_from` to `refused_to` are the last changes that it did not
                // want; `problem` is its last answer, if it did not take what it was told; until `waits_until` it asked to be left alone.
                "CREATE TABLE ping (
                    name text NOT NULL PRIMARY KEY,
                    taken_at bigint,
                    refused_from bigint,
                    refused_to bigint,
                    problem text,
                    waits_until bigint
                )",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["DROP TABLE ping"]).await
    }
}
