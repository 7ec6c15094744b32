//! What of the database's errors passes by itself, or once somebody has seen to it.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use sqlx::{error::DatabaseError, postgres::PgDatabaseError, sqlite::SqliteError};

use super::{StoreError, of_driver};

/// What an error is put in the place of once it is known that there is no room: the database's own words for some full
/// disks are those for broken ones.
const NO_ROOM: &str = "there is no room for what was to be written";

/// The error of a write that did not fit.
pub(crate) fn no_room() -> DbErr {
    DbErr::Custom(NO_ROOM.to_owned())
}

/// [`StoreError::StorageFull`], [`StoreError::Busy`] or [`StoreError::Unavailable`], where it is one of them.
pub(crate) fn outage(error: &DbErr) -> Option<StoreError> {
    match error {
        // Of a pool whose database answers (`link`), or that is in this process.
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => return Some(StoreError::Busy),
        DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) | DbErr::Conn(RuntimeErr::Internal(_)) => {
            return Some(StoreError::Unavailable);
        }
        DbErr::Custom(text) if text == NO_ROOM => return Some(StoreError::StorageFull),
        _ => {}
    }
    match of_driver(error)? {
        sqlx::Error::Database(error) => of_database(&**error),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // What comes from the other end is not the protocol, or stops in the middle of it.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Some(StoreError::Unavailable),
        _ => None,
    }
}

fn of_database(error: &dyn DatabaseError) -> Option<StoreError> {
    let code = error.code()?;
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        of_postgres(&code)
    } else if error.try_downcast_ref::<SqliteError>().is_some() {
        of_sqlite(code.parse().ok()?)
    } else {
        None
    }
}

/// By PostgreSQL's codes (its documentation, appendix A).
fn of_postgres(code: &str) -> Option<StoreError> {
    match code {
        // disk_full
        "53100" => Some(StoreError::StorageFull),
        // A lock was not to be had; the transaction did nothing for too long, was in a circle of those who wait, or met another
        // one; there is no memory, there are too many connections, or too many temporary files.
        "55P03" | "25P03" | "25P04" | "40P01" | "40001" | "53000" | "53200" | "53300" | "53400" => {
            Some(StoreError::Busy)
        }
        // It is stopping or starting, or became what cannot be written to; it does not let us in any more; its disk fails.
        "57P01" | "57P02" | "57P03" | "57P05" | "25006" | "3D000" | "58030" => Some(StoreError::Unavailable),
        _ if code.starts_with("08") || code.starts_with("28") => Some(StoreError::Unavailable),
        _ => None,
    }
}

const SQLITE_IOERR: i32 = 10;
const SQLITE_FULL: i32 = 13;
const SQLITE_IOERR_WRITE: i32 = 778;
/// What is shared between the connections cannot grow; the file is beside the database's.
const SQLITE_IOERR_SHMSIZE: i32 = 4874;

/// By SQLite's extended result codes.
const fn of_sqlite(code: i32) -> Option<StoreError> {
    if code == SQLITE_IOERR_SHMSIZE {
        return Some(StoreError::StorageFull);
    }
    match code & 0xff {
        SQLITE_FULL => Some(StoreError::StorageFull),
        // BUSY, LOCKED, NOMEM, PROTOCOL (of locking).
        5 | 6 | 7 | 15 => Some(StoreError::Busy),
        // READONLY, IOERR, CANTOPEN.
        8 | SQLITE_IOERR | 14 => Some(StoreError::Unavailable),
        _ => None,
    }
}

fn sqlite_code(error: &DbErr) -> Option<i32> {
    let Some(sqlx::Error::Database(error)) = of_driver(error) else { return None };
    error.try_downcast_ref::<SqliteError>()?;
    error.code()?.parse().ok()
}

/// Whether SQLite could not write, for a reason that may be that there is no room: a quota, and a bound on the size of files
/// (`ulimit -f`), come as I/O errors, as does what the file system finds out only when it is to make sure of what was written.
pub(crate) fn may_lack_room(error: &DbErr) -> bool {
    sqlite_code(error).is_some_and(|code| matches!(code & 0xff, SQLITE_IOERR | 14))
}

/// Whether a `COMMIT` that failed so has surely left nothing behind. SQLite commits with the last frame it appends to the log.
/// A frame that could not be written is not whole, and nothing behind it counts; but when making sure of them failed, they may
/// all be there, and whoever opens the database after a crash finds them.
pub(crate) fn left_nothing(error: &DbErr) -> bool {
    sqlite_code(error).is_some_and(|code| code & 0xff != SQLITE_IOERR || code == SQLITE_IOERR_WRITE)
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnAcquireErr;

    use super::*;

    #[test]
    fn every_kind_of_outage_is_known_by_the_databases_codes() {
        for code in ["55P03", "25P03", "40P01", "40001", "53200", "53300", "53400"] {
            assert!(matches!(of_postgres(code), Some(StoreError::Busy)), "{code}");
        }
        for code in ["57P01", "57P02", "57P03", "08000", "08006", "28P01", "3D000", "25006", "58030"] {
            assert!(matches!(of_postgres(code), Some(StoreError::Unavailable)), "{code}");
        }
        assert!(matches!(of_postgres("53100"), Some(StoreError::StorageFull)));
        for code in ["23505", "57014", "42601", "XX000"] {
            assert!(of_postgres(code).is_none(), "{code}");
        }
        // BUSY, its kinds of recovery and of a snapshot, LOCKED.
        for code in [5, 261, 517, 6, 262] {
            assert!(matches!(of_sqlite(code), Some(StoreError::Busy)), "{code}");
        }
        // FULL, IOERR_SHMSIZE.
        for code in [13, 4874] {
            assert!(matches!(of_sqlite(code), Some(StoreError::StorageFull)), "{code}");
        }
        // IOERR, of a write and of making sure of it, READONLY, CANTOPEN.
        for code in [10, 778, 1034, 8, 14] {
            assert!(matches!(of_sqlite(code), Some(StoreError::Unavailable)), "{code}");
        }
        for code in [2067, 1] {
            assert!(of_sqlite(code).is_none(), "{code}");
        }
    }

    #[test]
    fn a_broken_connection_is_a_database_that_is_away() {
        let io = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        let others = [sqlx::Error::PoolClosed, sqlx::Error::PoolTimedOut, sqlx::Error::Protocol("what?".into())];
        for error in [io, sqlx::Error::WorkerCrashed].into_iter().chain(others) {
            let error = DbErr::Query(RuntimeErr::SqlxError(error.into()));
            assert!(matches!(StoreError::from(error), StoreError::Unavailable));
        }
        let closed = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        assert!(matches!(StoreError::from(closed), StoreError::Unavailable));
        let timeout = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        assert!(matches!(StoreError::from(timeout), StoreError::Busy));
        assert!(matches!(StoreError::from(no_room()), StoreError::StorageFull));
    }
}
