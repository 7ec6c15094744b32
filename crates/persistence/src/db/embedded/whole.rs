//! Whether a file is a whole database of Courant's, and how much is in it.

use std::{fmt, path::Path};

use courant_migrations::Migrator;
use rusqlite::Connection;
use sea_orm_migration::MigratorTrait;

use super::FileError;
use crate::error::StoreError;

/// How many broken places of a file are named.
const NAMED: usize = 10;

/// How much a database holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    /// Entries.
    pub entries: u64,
    /// Live editions.
    pub editions: u64,
    /// Decrees among the entries.
    pub decrees: u64,
    /// Categories.
    pub categories: u64,
    /// Users.
    pub users: u64,
    /// Changes in the log.
    pub changes: u64,
    /// Records of the audit log.
    pub audits: u64,
    /// Machines' tokens that hold.
    pub api_tokens: u64,
    /// In bytes.
    pub size: u64,
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries, editions, decrees, categories, users, changes, audits, .. } = self;
        write!(
            f,
            "{entries} entries ({decrees} decrees), {editions} live editions, {categories} categories, {users} users, \
             {changes} changes and {audits} audit records"
        )
    }
}

/// Sees that a file is a whole database of Courant's, of this version or an older one, and says what is in it.
pub(super) fn check(connection: &Connection, file: &Path) -> Result<Contents, FileError> {
    let sqlite = FileError::sqlite(file);
    if let Some(broken) = integrity(connection).map_err(&sqlite)?.into_iter().next() {
        return Err(FileError::Broken(file.to_owned(), broken));
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(&sqlite)?;
    if tables == 0 {
        let what = "it is empty. A copy of a database that was in use lacks what was still in the file -wal beside it: make \
                    backups with `courant backup`";
        return Err(FileError::Foreign(file.to_owned(), what));
    }
    if !has_table(connection, "seaql_migrations").map_err(&sqlite)?
        || !has_table(connection, "site").map_err(&sqlite)?
    {
        return Err(FileError::Foreign(file.to_owned(), "it is another program's"));
    }
    known_steps(connection, file)?;
    if let Some(broken) = references(connection).map_err(&sqlite)?.into_iter().next() {
        return Err(FileError::Broken(file.to_owned(), broken));
    }
    contents(connection).map_err(sqlite)
}

/// Sees that the schema has no step that this version does not know.
fn known_steps(connection: &Connection, file: &Path) -> Result<(), FileError> {
    let taken = texts(connection, "SELECT version FROM seaql_migrations").map_err(FileError::sqlite(file))?;
    let known = Migrator::migrations();
    match taken.into_iter().find(|taken| known.iter().all(|step| step.name() != taken)) {
        Some(newer) => Err(StoreError::Newer(newer).into()),
        None => Ok(()),
    }
}

/// What SQLite finds broken in a file: pages, rows, indexes.
pub(crate) fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let found = texts(connection, &format!("PRAGMA integrity_check({NAMED})"))?;
    Ok(if found == ["ok"] { Vec::new() } else { found })
}

/// Rows that name rows of other tables which are not there.
fn references(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let rows = statement.query_map([], |row| {
        let (table, row, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let row = row.map(|row| format!("row {row} of ")).unwrap_or_default();
        Ok(format!("{row}{table} names a {parent} that is not there"))
    })?;
    rows.take(NAMED).collect()
}

/// How much is in a database of this version or an older one, which may not have all tables.
fn contents(connection: &Connection) -> rusqlite::Result<Contents> {
    let count = |table: &str, of: &str| -> rusqlite::Result<u64> {
        if !has_table(connection, table)? {
            return Ok(0);
        }
        let count: i64 = connection.query_row(&format!("SELECT count(*) FROM {table} {of}"), [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let size: i64 = connection.query_row(size, [], |row| row.get(0))?;
    Ok(Contents {
        entries: count("entry", "")?,
        editions: count("edition", "")?,
        decrees: count("entry", "WHERE kind = 'DECREE'")?,
        categories: count("category", "")?,
        users: count("account", "")?,
        changes: count("change_log", "")?,
        audits: count("audit_log", "")?,
        api_tokens: count("api_token", "WHERE revoked_at IS NULL")?,
        size: u64::try_from(size).unwrap_or_default(),
    })
}

fn has_table(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?";
    connection.query_row(sql, [table], |row| row.get::<_, i64>(0)).map(|count| count > 0)
}

fn texts(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}
