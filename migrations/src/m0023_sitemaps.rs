//! How many texts each day's part of a sitemap has, and when it last changed: the index of sitemaps is made of that, whatever their size.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let month = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "CAST(extract(year FROM date '1970-01-01' + d.day) * 12 \
                 + extract(month FROM date '1970-01-01' + d.day) - 1 AS integer)"
            }
            _ => {
                "CAST(strftime('%Y', d.day * 86400, 'unixepoch') AS integer) * 12 \
                 + CAST(strftime('%m', d.day * 86400, 'unixepoch') AS integer) - 1"
            }
        };
        // Of texts of before it is known when they last changed, but not when others left: what was changed counts.
        let fill = format!(
            "INSERT INTO sitemap_day (locale, month, day, kind, texts, moved_at, changed_at) \
             SELECT d.locale, {month}, d.day, d.kind, count(*), max(d.updated_at), max(d.updated_at) FROM (\
             SELECT e.locale, e.kind, e.updated_at, \
             CAST(CASE WHEN e.published_at >= 0 THEN e.published_at / 86400000000 \
             ELSE -((86399999999 - e.published_at) / 86400000000) END AS integer) AS day \
             FROM edition e WHERE e.details{{json}} ->> 'withdrawal' IS NULL \
             AND e.details{{json}} ->> 'canonical_url' IS NULL) d GROUP BY d.locale, d.day, d.kind"
        );
        super::run(
            manager,
            &[
                // Days and months in UTC, days since 1970-01-01, months since the year 0. Texts that are listed nowhere, as they were
                // taken back or are another site's, are not counted. `moved_at` is when one last came or went.
                "CREATE TABLE sitemap_day (
                    locale text NOT NULL,
                    month integer NOT NULL,
                    day integer NOT NULL,
                    kind text NOT NULL,
                    texts bigint NOT NULL,
                    moved_at bigint NOT NULL,
                    changed_at bigint NOT NULL,
                    PRIMARY KEY (locale, month, day, kind)
                ){clustered}",
                &fill,
                "CREATE INDEX change_log_names ON change_log (seq)
                    WHERE subject IN ('SITE', 'CATEGORY', 'FEED', 'TAG', 'PERSON')",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, &["DROP INDEX change_log_names", "DROP TABLE sitemap_day"]).await
    }
}
