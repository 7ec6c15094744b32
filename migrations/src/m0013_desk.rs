//! What people of the newsroom leave on the desk: working copies, comments, who has what open, and whose it is to do.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // One for each person and language of an entry; saved over, and no revision yet.
                "CREATE TABLE working_copy (
                    entry_id {uuid} NOT NULL REFERENCES entry (id),
                    locale text NOT NULL,
                    owner text NOT NULL,
                    based_on integer,
                    content text NOT NULL,
                    created_at bigint NOT NULL,
                    saved_at bigint NOT NULL,
                    PRIMARY KEY (entry_id, locale, owner)
                )",
                "CREATE TABLE remark (
                    id {uuid} NOT NULL PRIMARY KEY,
                    entry_id {uuid} NOT NULL REFERENCES entry (id),
                    locale text NOT NULL,
                    revision integer NOT NULL,
                    passage text,
                    words text NOT NULL,
                    mentions text NOT NULL,
                    created_by text NOT NULL,
                    created_at bigint NOT NULL,
                    resolved_by text,
                    resolved_at bigint
                )",
                "CREATE INDEX remark_entry ON remark (entry_id, locale, created_at)",
                // Who has a language of an entry open, until when if they do not say so again.
                "CREATE TABLE open_claim (
                    entry_id {uuid} NOT NULL REFERENCES entry (id),
                    locale text NOT NULL,
                    owner text NOT NULL,
                    since bigint NOT NULL,
                    until bigint NOT NULL,
                    PRIMARY KEY (entry_id, locale)
                )",
                "ALTER TABLE standing ADD COLUMN assignee text",
                "ALTER TABLE standing ADD COLUMN due_at bigint",
                "CREATE INDEX standing_assignee ON standing (assignee) WHERE assignee IS NOT NULL",
                "CREATE INDEX standing_due ON standing (due_at) WHERE due_at IS NOT NULL",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP INDEX standing_due",
                "DROP INDEX standing_assignee",
                "ALTER TABLE standing DROP COLUMN due_at",
                "ALTER TABLE standing DROP COLUMN assignee",
                "DROP TABLE open_claim",
                "DROP TABLE remark",
                "DROP TABLE working_copy",
            ],
        )
        .await
    }
}
