//! What can go wrong with the database, in the words of the content model.

use std::borrow::Cow;

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use sqlx::postgres::PgDatabaseError;

/// An error of the store. What a client may be told is in the variants; the database's own words are kept as
/// the source of [`StoreError::Database`], for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something that must be unique is there already.
    #[error("{0} is there already")]
    AlreadyExists(&'static str),
    /// Something that is referred to is not there.
    #[error("{0} does not exist")]
    NotFound(String),
    /// A rule of the content model.
    #[error("{0}")]
    Invalid(String),
    /// A row that cannot be what we wrote.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    /// There is no connection to be had.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database is there and does not take us as we come: the name, the password, what it is asked for.
    #[error("the database does not let us in: {0}")]
    NotAdmitted(String),
    /// The schema is not there, or an older one than this version needs.
    #[error("the database has not been set up for this version")]
    NotMigrated,
    /// The schema has a step that this version does not know.
    #[error("the database was set up by a newer version of Courant: this one does not know its step {0}")]
    Newer(String),
    /// A statement was given up.
    #[error("the database takes too long to find this")]
    TooSlow,
    /// Writes do not fit: the disk, a quota, or the database's own bound is full. Reading goes on.
    #[error("the storage of the database is full")]
    StorageFull,
    /// Others are using what is needed for longer than it is waited for. Trying again later helps.
    #[error("the database is busy")]
    Busy,
    /// The database is away, silent, or shutting down.
    #[error("the database is unavailable")]
    Unavailable,
    /// The database itself.
    #[error("database error")]
    Database(#[source] DbErr),
}

/// A result of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(passing) = passing(&error) {
            // Who could not even be connected is told by the thousand; that it is away is in the log once.
            if of_driver(&error).is_some() {
                tracing::warn!(%error, "the database could not be used");
            }
            return passing;
        }
        if code_of(&error).as_deref() == Some(QUERY_CANCELED) {
            return Self::TooSlow;
        }
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(detail)) => Self::AlreadyExists(unique_thing(&detail)),
            _ => Self::Database(error),
        }
    }
}

/// What passes by itself: the database is away, or others use what is needed.
fn passing(error: &DbErr) -> Option<StoreError> {
    match error {
        // Of a pool whose database answers (`link`), or that is in this process.
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => return Some(StoreError::Busy),
        DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => return Some(StoreError::Unavailable),
        _ => {}
    }
    match of_driver(error)? {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Some(StoreError::Unavailable),
        sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
            Some(error) => of_postgres(error.code()),
            None => of_sqlite(&error.code()?),
        },
        _ => None,
    }
}

/// By PostgreSQL's codes (its documentation, appendix A).
fn of_postgres(code: &str) -> Option<StoreError> {
    match code {
        // A lock was not to be had; the transaction did nothing for too long, was in a circle of those who wait, or met another
        // one; there are too many connections.
        "55P03" | "25P03" | "25P04" | "40P01" | "40001" | "53300" => Some(StoreError::Busy),
        // It is stopping or starting, or became what cannot be written to; it does not let us in any more.
        "57P01" | "57P02" | "57P03" | "57P05" | "25006" | "3D000" => Some(StoreError::Unavailable),
        _ if code.starts_with("08") || code.starts_with("28") => Some(StoreError::Unavailable),
        _ => None,
    }
}

/// By SQLite's result codes, whose lowest byte says what kind it is: `SQLITE_BUSY` and `SQLITE_LOCKED`.
fn of_sqlite(code: &str) -> Option<StoreError> {
    let code: u32 = code.parse().ok()?;
    matches!(code & 0xff, 5 | 6).then_some(StoreError::Busy)
}

/// PostgreSQL's code for a statement that was given up.
const QUERY_CANCELED: &str = "57014";

/// The database's own code for what went wrong.
fn code_of(error: &DbErr) -> Option<Cow<'_, str>> {
    match of_driver(error)? {
        sqlx::Error::Database(error) => error.code(),
        _ => None,
    }
}

/// The driver's own error, where it is one of a connection or a statement.
pub(crate) fn of_driver(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Which thing a violated constraint is about: PostgreSQL names the index, SQLite the columns.
fn unique_thing(detail: &str) -> &'static str {
    for (index, columns, thing) in [
        ("edition_slug", "edition.slug", "a live edition with this slug"),
        ("edition_entry", "edition.entry_id", "a live edition of this entry and locale"),
        ("category_slug", "category.", "a category with this slug"),
        ("tag_slug", "tag.", "a tag with this slug"),
        ("person_slug", "person.", "a person with this slug"),
        ("feed_slug", "feed.", "a feed with this slug"),
        ("entry_origin", "entry.origin", "an entry with this origin"),
        ("account_email", "account.email", "a user with this email address"),
        ("revision_pkey", "revision.", "this revision"),
    ] {
        if detail.contains(index) || detail.contains(columns) {
            return thing;
        }
    }
    "a row with this key"
}

pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

pub(crate) fn invalid(what: impl std::fmt::Display) -> StoreError {
    StoreError::Invalid(what.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_known_by_the_databases_codes() {
        for code in ["55P03", "25P03", "40P01", "40001", "53300"] {
            assert!(matches!(of_postgres(code), Some(StoreError::Busy)), "{code}");
        }
        for code in ["57P01", "57P02", "57P03", "08000", "08006", "28P01", "3D000", "25006"] {
            assert!(matches!(of_postgres(code), Some(StoreError::Unavailable)), "{code}");
        }
        for code in ["23505", "57014", "42601", "XX000", "53100"] {
            assert!(of_postgres(code).is_none(), "{code}");
        }
        // SQLITE_BUSY, its kinds of recovery and of a snapshot, SQLITE_LOCKED.
        for code in ["5", "261", "517", "6", "262"] {
            assert!(matches!(of_sqlite(code), Some(StoreError::Busy)), "{code}");
        }
        for code in ["13", "10", "2067", "1"] {
            assert!(of_sqlite(code).is_none(), "{code}");
        }
    }

    #[test]
    fn a_broken_connection_is_a_database_that_is_away() {
        let io = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        for error in [io, sqlx::Error::PoolClosed, sqlx::Error::PoolTimedOut, sqlx::Error::Protocol("what?".into())] {
            let error = DbErr::Query(RuntimeErr::SqlxError(error.into()));
            assert!(matches!(StoreError::from(error), StoreError::Unavailable));
        }
        let timeout = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        assert!(matches!(StoreError::from(timeout), StoreError::Busy));
    }
}
