//! Changes that say exactly what changed, and room for those who follow them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // SQLite cannot make a column nullable in place, so that the table is made anew on both.
                "ALTER TABLE change_log RENAME TO change_log_before",
                "CREATE TABLE change_log (
                    seq {rowid} NOT NULL PRIMARY KEY,
                    at bigint NOT NULL,
                    subject text NOT NULL,
                    subject_id {uuid},
                    locale text,
                    kind text,
                    path text,
                    action text NOT NULL
                )",
                "INSERT INTO change_log (seq, at, subject, subject_id, locale, kind, action)
                    SELECT c.seq, c.at, c.subject, c.subject_id, c.locale, e.kind, c.action
                    FROM change_log_before c LEFT JOIN entry e ON e.id = c.subject_id AND c.subject = 'EDITION'",
                // What does not say which edition or which path it was counts as a change of everything.
                "UPDATE change_log SET subject = 'SITE', subject_id = NULL, locale = NULL, action = 'PUT'
                    WHERE subject IN ('SITE', 'REDIRECT') OR (subject = 'EDITION' AND kind IS NULL)",
                "DROP TABLE change_log_before",
                // Servers on this database. `seq` is what each has taken in of the change log.
                "CREATE TABLE node (
                    id {uuid} NOT NULL PRIMARY KEY,
                    started_at bigint NOT NULL,
                    seen_at bigint NOT NULL,
                    seq bigint NOT NULL
                )",
                // Followers of which one runs for all nodes: how far it is, and on which node it runs.
                "CREATE TABLE follower (
                    name text NOT NULL PRIMARY KEY,
                    seq bigint,
                    node_id {uuid},
                    term bigint NOT NULL
                )",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE follower",
                "DROP TABLE node",
                "ALTER TABLE change_log RENAME TO change_log_after",
                "CREATE TABLE change_log (
                    seq {rowid} NOT NULL PRIMARY KEY,
                    at bigint NOT NULL,
                    subject text NOT NULL,
                    subject_id {uuid} NOT NULL,
                    locale text,
                    action text NOT NULL
                )",
                "INSERT INTO change_log (seq, at, subject, subject_id, locale, action)
                    SELECT seq, at, subject, COALESCE(subject_id, {nil}), locale, action FROM change_log_after",
                "DROP TABLE change_log_after",
            ],
        )
        .await
    }
}
