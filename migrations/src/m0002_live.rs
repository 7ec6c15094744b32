//! What readers see, and the log of its changes.
//!
//! *Invariant*: a row gets into these tables only when something is published. Readers' queries read these
//! tables and the reference data, and nothing else.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // One row per live language of an entry. `id` is the change that first published it, which makes
                // it small and unique without a sequence. What lists show comes first; the text comes last, where
                // it costs nothing unless it is asked for (overflow pages, TOAST).
                "CREATE TABLE edition (
                    id {rowid} NOT NULL PRIMARY KEY,
                    entry_id {uuid} NOT NULL,
                    locale text NOT NULL,
                    kind text NOT NULL,
                    category_id {uuid} NOT NULL,
                    slug text NOT NULL,
                    title text NOT NULL,
                    summary text,
                    published_at bigint NOT NULL,
                    first_published_at bigint NOT NULL,
                    updated_at bigint NOT NULL,
                    version bigint NOT NULL,
                    revision integer NOT NULL,
                    number text,
                    signed_day integer,
                    partly_from_day integer,
                    from_day integer,
                    partly_until_day integer,
                    until_day integer,
                    details text NOT NULL,
                    format text NOT NULL,
                    word_count integer NOT NULL,
                    outline text NOT NULL,
                    html text NOT NULL,
                    plain text NOT NULL,
                    source text NOT NULL
                )",
                "CREATE UNIQUE INDEX edition_entry ON edition (entry_id, locale)",
                "CREATE UNIQUE INDEX edition_slug ON edition (slug, locale, kind)",
                "CREATE INDEX edition_signed ON edition (signed_day, entry_id) WHERE signed_day IS NOT NULL",
                "CREATE INDEX edition_number ON edition (number) WHERE number IS NOT NULL",
                // Which edition a reader of a locale gets: fallback, resolved when something is published.
                "CREATE TABLE reader_edition (
                    entry_id {uuid} NOT NULL,
                    locale text NOT NULL,
                    edition_id bigint NOT NULL,
                    published_at bigint NOT NULL,
                    PRIMARY KEY (entry_id, locale)
                ){clustered}",
                // A timeline: the entries of one kind that a reader of one locale gets under one scope.
                "CREATE TABLE timeline (
                    id integer NOT NULL PRIMARY KEY,
                    locale text NOT NULL,
                    kind text NOT NULL,
                    scope text NOT NULL
                )",
                "CREATE UNIQUE INDEX timeline_key ON timeline (scope, locale, kind)",
                // Its entries in order. Every list is a scan of this key.
                "CREATE TABLE timeline_entry (
                    timeline_id integer NOT NULL,
                    sort_key bigint NOT NULL,
                    entry_id {uuid} NOT NULL,
                    edition_id bigint NOT NULL,
                    PRIMARY KEY (timeline_id, sort_key, entry_id){include edition_id}
                ){clustered}",
                // What live acts do to others.
                "CREATE TABLE decree_relation (
                    source_id {uuid} NOT NULL,
                    locale text NOT NULL,
                    position integer NOT NULL,
                    kind text NOT NULL,
                    target_id {uuid} NOT NULL,
                    on_day integer,
                    partial boolean NOT NULL,
                    note text,
                    PRIMARY KEY (source_id, locale, position)
                )",
                "CREATE INDEX decree_relation_target ON decree_relation (target_id)",
                "CREATE TABLE redirect (
                    path text NOT NULL PRIMARY KEY,
                    target text,
                    created_at bigint NOT NULL
                )",
                "CREATE INDEX redirect_target ON redirect (target)",
                // Counts are no content: they never enter the change log.
                "CREATE TABLE view_count (
                    entry_id {uuid} NOT NULL PRIMARY KEY,
                    views bigint NOT NULL
                )",
                "CREATE INDEX view_count_views ON view_count (views, entry_id)",
                "CREATE TABLE change_log (
                    seq {rowid} NOT NULL PRIMARY KEY,
                    at bigint NOT NULL,
                    subject text NOT NULL,
                    subject_id {uuid} NOT NULL,
                    locale text,
                    action text NOT NULL
                )",
                // The log's last number. Whoever writes to the log locks this row first and holds it until the
                // commit: numbers are committed in order and without gaps, so no follower ever skips one.
                "CREATE TABLE change_head (
                    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
                    seq bigint NOT NULL
                )",
                "INSERT INTO change_head (id, seq) VALUES (1, 0)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE change_head",
                "DROP TABLE change_log",
                "DROP TABLE view_count",
                "DROP TABLE redirect",
                "DROP TABLE decree_relation",
                "DROP TABLE timeline_entry",
                "DROP TABLE timeline",
                "DROP TABLE reader_edition",
                "DROP TABLE edition",
            ],
        )
        .await
    }
}
