//! Rights in time: who answers for a machine's token, and the links that show what is not live.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// How long a line of tokens that were made by tokens is followed to the user at its beginning.
const GENERATIONS: usize = 16;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // A token never has more than this user has now. None where no user made it.
                "ALTER TABLE api_token ADD COLUMN owner_id {uuid}",
                "UPDATE api_token SET owner_id = (
                    SELECT x.id FROM account x WHERE 'user:' || {id of x in words} = api_token.created_by)",
                "CREATE INDEX api_token_owner ON api_token (owner_id)",
                "CREATE TABLE preview_link (
                    id {uuid} NOT NULL PRIMARY KEY,
                    entry_id {uuid} NOT NULL,
                    locale text NOT NULL,
                    revision integer NOT NULL,
                    created_by text NOT NULL,
                    created_at bigint NOT NULL,
                    expires_at bigint NOT NULL,
                    ended_at bigint
                )",
                "CREATE INDEX preview_link_entry ON preview_link (entry_id)",
                "CREATE INDEX preview_link_by ON preview_link (created_by)",
                "CREATE INDEX preview_link_expires ON preview_link (expires_at)",
                // An office is known by where it signed in from: see the limits on sign-ins.
                "CREATE INDEX session_created ON session (created_at)",
            ],
        )
        .await?;
        let made_by_a_token = "UPDATE api_token SET owner_id = (
            SELECT x.owner_id FROM api_token x WHERE 'token:' || {id of x in words} = api_token.created_by)
            WHERE owner_id IS NULL AND created_by LIKE 'token:%'";
        super::run(manager, &[made_by_a_token; GENERATIONS]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP INDEX session_created",
                "DROP TABLE preview_link",
                "DROP INDEX api_token_owner",
                "ALTER TABLE api_token DROP COLUMN owner_id",
            ],
        )
        .await
    }
}
