//! In which way the text of a live edition was derived, so that an upgrade that derives texts in another way finds those
//! to derive anew.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // A node of the version before, which writes on meanwhile, derives as it did: 0.
                "ALTER TABLE edition ADD COLUMN derivation integer NOT NULL DEFAULT 0",
                "CREATE INDEX edition_derivation ON edition (derivation)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["DROP INDEX edition_derivation", "ALTER TABLE edition DROP COLUMN derivation"]).await
    }
}
