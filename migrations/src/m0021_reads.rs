//! Reads are counted: by hour and by day, for as long as a window of time needs them, and once for each reader of a day.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == sea_orm::DbBackend::Postgres;
        let bytes = if postgres { "bytea" } else { "blob" };
        super::run(
            manager,
            &[
                // How much it was read within a day, a week and a month, as a number that need not be touched to decay.
                "ALTER TABLE view_count ADD COLUMN day_score bigint NOT NULL DEFAULT 0",
                "ALTER TABLE view_count ADD COLUMN week_score bigint NOT NULL DEFAULT 0",
                "ALTER TABLE view_count ADD COLUMN month_score bigint NOT NULL DEFAULT 0",
                "CREATE INDEX view_count_day ON view_count (day_score, entry_id)",
                "CREATE INDEX view_count_week ON view_count (week_score, entry_id)",
                "CREATE INDEX view_count_month ON view_count (month_score, entry_id)",
                // What scores are made of.
                "CREATE TABLE read_bucket (
                    entry_id {uuid} NOT NULL,
                    span smallint NOT NULL,
                    start bigint NOT NULL,
                    reads bigint NOT NULL,
                    PRIMARY KEY (entry_id, span, start)
                ){clustered}",
                "CREATE INDEX read_bucket_start ON read_bucket (span, start, entry_id)",
                // What readers of a day are hashed with. Deleted when the day is over.
                "CREATE TABLE read_salt (day integer NOT NULL PRIMARY KEY, salt text NOT NULL)",
                // Whoever writes counts locks this row first: what nodes have counted has an order.
                "CREATE TABLE read_head (
                    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
                    number bigint NOT NULL,
                    day integer NOT NULL,
                    prints bigint NOT NULL,
                    week_left bigint NOT NULL
                )",
                "INSERT INTO read_head (id, number, day, prints, week_left) VALUES (1, 0, 0, 0, 0)",
                // Hashes of today's readers and what they have read, so that other nodes do not count them again. `upto` says how many there
                // are of the day with these.
                &format!(
                    "CREATE TABLE read_print (
                        number bigint NOT NULL PRIMARY KEY,
                        day integer NOT NULL,
                        upto bigint NOT NULL,
                        prints {bytes} NOT NULL
                    )"
                ),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE read_print",
                "DROP TABLE read_head",
                "DROP TABLE read_salt",
                "DROP TABLE read_bucket",
                "DROP INDEX view_count_month",
                "DROP INDEX view_count_week",
                "DROP INDEX view_count_day",
                "ALTER TABLE view_count DROP COLUMN month_score",
                "ALTER TABLE view_count DROP COLUMN week_score",
                "ALTER TABLE view_count DROP COLUMN day_score",
            ],
        )
        .await
    }
}
