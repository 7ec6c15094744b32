//! A place to try whether the database can be written to.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let bytes = if postgres { "bytea" } else { "blob" };
        let table =
            format!("CREATE TABLE write_check (id smallint PRIMARY KEY, at bigint NOT NULL, filler {bytes} NOT NULL)");
        super::run(manager, &[&table]).await?;
        if postgres {
            // What is written there is to take the room it seems to take.
            super::run(manager, &["ALTER TABLE write_check ALTER COLUMN filler SET STORAGE EXTERNAL"]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["DROP TABLE write_check"]).await
    }
}
