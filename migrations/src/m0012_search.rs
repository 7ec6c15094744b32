//! What editors' searches compare: of each language's newest revision, and of what is live.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // By which version a row's texts were folded; 0 is what is yet to be folded by this one.
                "ALTER TABLE standing ADD COLUMN folding integer NOT NULL DEFAULT 0",
                "ALTER TABLE standing ADD COLUMN slug text",
                "ALTER TABLE standing ADD COLUMN number text",
                // The authors, or the signatory, as a JSON list of ids.
                "ALTER TABLE standing ADD COLUMN persons text NOT NULL DEFAULT '[]'",
                "CREATE INDEX standing_folding ON standing (folding, entry_id)",
                "CREATE INDEX standing_slug ON standing (slug) WHERE slug IS NOT NULL",
                "CREATE INDEX standing_number ON standing (number) WHERE number IS NOT NULL",
                "ALTER TABLE edition ADD COLUMN folding integer NOT NULL DEFAULT 0",
                "ALTER TABLE edition ADD COLUMN folded text NOT NULL DEFAULT ''",
                "ALTER TABLE edition ADD COLUMN folded_number text",
                // Titles are looked through here alone, and not in the rows, which hold the texts.
                "CREATE INDEX edition_lookup ON edition (locale, kind, folded, published_at, id)",
                "CREATE INDEX edition_folding ON edition (folding, id)",
                "CREATE INDEX edition_folded_number ON edition (folded_number) WHERE folded_number IS NOT NULL",
                "CREATE INDEX entry_created ON entry (created_at, id)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP INDEX entry_created",
                "DROP INDEX edition_folded_number",
                "DROP INDEX edition_lookup",
                "DROP INDEX edition_folding",
                "ALTER TABLE edition DROP COLUMN folded_number",
                "ALTER TABLE edition DROP COLUMN folded",
                "ALTER TABLE edition DROP COLUMN folding",
                "DROP INDEX standing_number",
                "DROP INDEX standing_slug",
                "DROP INDEX standing_folding",
                "ALTER TABLE standing DROP COLUMN persons",
                "ALTER TABLE standing DROP COLUMN number",
                "ALTER TABLE standing DROP COLUMN slug",
                "ALTER TABLE standing DROP COLUMN folding",
            ],
        )
        .await
    }
}
