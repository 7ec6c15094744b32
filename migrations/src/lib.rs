//! The database schema, step by step, for SQLite and PostgreSQL.
//!
//! Steps only ever get added. A step that takes something away waits until no released version reads it
//! (expand, then contract), so that two versions can run on one database while nodes are replaced.
//!
//! Two habits hold on both databases. Times are `bigint`, microseconds since 1970 in UTC, and days of the live
//! tables are `integer`, days since 1970-01-01: the same numbers, order and precision everywhere. Documents
//! (`…` columns of JSON) are `text`: they are read and written whole, and keep their bytes.

use sea_orm_migration::prelude::*;

mod m0001_editorial;
mod m0002_live;
mod m0003_newsroom;
mod m0004_redirects;
mod m0005_derivation;
mod m0006_rights;
mod m0007_write_check;
mod m0008_followers;
mod m0009_asked;
mod m0010_embeds;
mod m0011_listed;
mod m0012_search;
mod m0013_desk;
mod m0014_touched;
mod m0015_shown;
mod m0016_webhooks;
mod m0018_told;
mod m0019_departed;
mod m0020_related;
mod m0021_reads;
mod m0022_pings;
mod m0023_sitemaps;
mod m0024_waiting_paths;

/// Runs the steps.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_editorial::Migration),
            Box::new(m0002_live::Migration),
            Box::new(m0003_newsroom::Migration),
            Box::new(m0004_redirects::Migration),
            Box::new(m0005_derivation::Migration),
            Box::new(m0006_rights::Migration),
            Box::new(m0007_write_check::Migration),
            Box::new(m0008_followers::Migration),
            Box::new(m0009_asked::Migration),
            Box::new(m0010_embeds::Migration),
            Box::new(m0011_listed::Migration),
            Box::new(m0012_search::Migration),
            Box::new(m0013_desk::Migration),
            Box::new(m0014_touched::Migration),
            Box::new(m0015_shown::Migration),
            Box::new(m0016_webhooks::Migration),
            Box::new(m0018_told::Migration),
            Box::new(m0019_departed::Migration),
            Box::new(m0020_related::Migration),
            Box::new(m0021_reads::Migration),
            Box::new(m0022_pings::Migration),
            Box::new(m0023_sitemaps::Migration),
            Box::new(m0024_waiting_paths::Migration),
        ]
    }
}

/// Runs statements that both databases understand, or that differ only in the words given.
async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let postgres = manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres;
    for statement in statements {
        let (uuid, rowid, clustered, include, json) = if postgres {
            ("uuid", "bigint", "", " INCLUDE (edition_id)", "::json")
        } else {
            ("blob", "integer", " WITHOUT ROWID", "", "")
        };
        let words = if postgres {
            "x.id::text"
        } else {
            "lower(substr(hex(x.id), 1, 8) || '-' || substr(hex(x.id), 9, 4) || '-' || substr(hex(x.id), 13, 4) \
             || '-' || substr(hex(x.id), 17, 4) || '-' || substr(hex(x.id), 21))"
        };
        let nil = if postgres { "CAST('00000000-0000-0000-0000-000000000000' AS uuid)" } else { "zeroblob(16)" };
        let sql = statement
            .replace("{uuid}", uuid)
            .replace("{nil}", nil)
            .replace("{rowid}", rowid)
            .replace("{clustered}", clustered)
            .replace("{include edition_id}", include)
            .replace("{json}", json)
            .replace("{id of x in words}", words);
        connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}
