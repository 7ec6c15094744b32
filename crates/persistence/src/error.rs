//! What can go wrong with the database, in the words of the content model.

mod outage;

use std::borrow::Cow;

use sea_orm::{DbErr, RuntimeErr};

pub(crate) use self::outage::{left_nothing, may_lack_room, no_room, outage};

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
    #[error("the storage of the database is full; free some space and try again")]
    StorageFull,
    /// Others are using what is needed for longer than it is waited for. Trying again later helps.
    #[error("the database is busy")]
    Busy,
    /// The database is away, silent, or shutting down.
    #[error("the database is unavailable")]
    Unavailable,
    /// The connection was lost, or the disk failed, while it was being committed: it may have been made.
    #[error("it is not known whether this was written")]
    OutcomeUnknown,
    /// The database itself.
    #[error("database error")]
    Database(#[source] DbErr),
}

impl StoreError {
    /// Whether it passes by itself when the database is there again.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Unavailable | Self::Busy)
    }
}

/// A result of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match outage(&error) {
            None => {}
            // It is in the log once that nothing can be written.
            Some(StoreError::StorageFull) => return Self::StorageFull,
            Some(outage) => {
                // Who could not even be connected is told by the thousand; that it is away is in the log once.
                if of_driver(&error).is_some() {
                    tracing::warn!(%error, "the database could not be used");
                }
                return outage;
            }
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
