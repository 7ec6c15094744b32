//! What goes with an entry: what is compared of entries, the words by which like ones are found, and the lists made of it. All of it is
//! derived from what is live, by a follower of the change log, and can be made anew at any time.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "CREATE TABLE related_profile (
                    entry_id {uuid} NOT NULL PRIMARY KEY,
                    profile text NOT NULL
                )",
                // The words that are central to entries, each in the order in which its entries were published.
                "CREATE TABLE related_word (
                    word bigint NOT NULL,
                    published_at bigint NOT NULL,
                    entry_id {uuid} NOT NULL,
                    PRIMARY KEY (word, published_at, entry_id)
                ){clustered}",
                // Which lists are made, and in which version each last changed.
                "CREATE TABLE related_list (
                    entry_id {uuid} NOT NULL PRIMARY KEY,
                    version bigint NOT NULL
                )",
                "CREATE INDEX related_list_version ON related_list (version)",
                // The lists. What is more alike has a higher likeness.
                "CREATE TABLE related (
                    entry_id {uuid} NOT NULL,
                    other_id {uuid} NOT NULL,
                    likeness integer NOT NULL,
                    PRIMARY KEY (entry_id, other_id)
                ){clustered}",
                "CREATE INDEX related_other ON related (other_id)",
                // Each writing takes the next version. Beside it, how far the making of all lists is: `seq` and `micros` are the change
                // that it began after, `after_id` the last entry that was taken in.
                "CREATE TABLE related_state (
                    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
                    version bigint NOT NULL,
                    made_by integer NOT NULL,
                    phase text NOT NULL,
                    seq bigint NOT NULL,
                    micros bigint NOT NULL,
                    after_id {uuid}
                )",
                "INSERT INTO related_state (id, version, made_by, phase, seq, micros) VALUES (1, 0, 0, 'NONE', 0, 0)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE related_state",
                "DROP TABLE related",
                "DROP TABLE related_list",
                "DROP TABLE related_word",
                "DROP TABLE related_profile",
                "DELETE FROM follower WHERE name = 'related'",
            ],
        )
        .await
    }
}
