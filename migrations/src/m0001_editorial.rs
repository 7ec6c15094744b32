//! What editors keep: the site, its reference data, entries and their revisions.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // One row: the portal's name and languages, as a document.
                "CREATE TABLE site (
                    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
                    document text NOT NULL
                )",
                "CREATE TABLE category (
                    id {uuid} NOT NULL PRIMARY KEY,
                    parent_id {uuid} REFERENCES category (id),
                    position integer NOT NULL,
                    slug text NOT NULL,
                    title text NOT NULL,
                    description text NOT NULL
                )",
                // A top category has no parent, and NULLs are never equal: hence the second index.
                "CREATE UNIQUE INDEX category_slug ON category (parent_id, slug)",
                "CREATE UNIQUE INDEX category_slug_top ON category (slug) WHERE parent_id IS NULL",
                "CREATE TABLE tag (
                    id {uuid} NOT NULL PRIMARY KEY,
                    slug text NOT NULL,
                    name text NOT NULL
                )",
                "CREATE UNIQUE INDEX tag_slug ON tag (slug)",
                "CREATE TABLE person (
                    id {uuid} NOT NULL PRIMARY KEY,
                    slug text NOT NULL,
                    name text NOT NULL,
                    role text NOT NULL
                )",
                "CREATE UNIQUE INDEX person_slug ON person (slug)",
                "CREATE TABLE feed (
                    id {uuid} NOT NULL PRIMARY KEY,
                    slug text NOT NULL,
                    document text NOT NULL
                )",
                "CREATE UNIQUE INDEX feed_slug ON feed (slug)",
                "CREATE TABLE entry (
                    id {uuid} NOT NULL PRIMARY KEY,
                    kind text NOT NULL,
                    category_id {uuid} NOT NULL REFERENCES category (id),
                    tags text NOT NULL,
                    created_at bigint NOT NULL,
                    origin text
                )",
                "CREATE UNIQUE INDEX entry_origin ON entry (origin)",
                "CREATE INDEX entry_category ON entry (category_id)",
                "CREATE TABLE revision (
                    entry_id {uuid} NOT NULL REFERENCES entry (id),
                    locale text NOT NULL,
                    number integer NOT NULL,
                    based_on integer,
                    created_at bigint NOT NULL,
                    created_by text NOT NULL,
                    comment text,
                    content text NOT NULL,
                    PRIMARY KEY (entry_id, locale, number)
                )",
                "CREATE TABLE standing (
                    entry_id {uuid} NOT NULL REFERENCES entry (id),
                    locale text NOT NULL,
                    state text NOT NULL,
                    newest integer NOT NULL,
                    scheduled_at bigint,
                    PRIMARY KEY (entry_id, locale)
                )",
                "CREATE INDEX standing_scheduled ON standing (scheduled_at) WHERE scheduled_at IS NOT NULL",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE standing",
                "DROP TABLE revision",
                "DROP TABLE entry",
                "DROP TABLE feed",
                "DROP TABLE person",
                "DROP TABLE tag",
                "DROP TABLE category",
                "DROP TABLE site",
            ],
        )
        .await
    }
}
