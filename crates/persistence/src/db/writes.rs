//! Whether the database takes writes, and finding out when it does again.

mod room;

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use tokio::sync::watch;

use crate::{
    db::{convert::micros, transaction},
    error::{Result, StoreError, may_lack_room, no_room, outage},
    store::Store,
};

/// How much is written by a try, in bytes: success is to mean that what editors write fits, too.
pub(crate) const ROOM: u64 = 64 * 1024;

/// How writes fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// The last one that was tried was made, or refused for reasons of its own.
    Ok,
    /// They do not fit.
    StorageFull,
    /// The database is away, cannot be written to, or the disk fails.
    Unavailable,
}

impl Writes {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::StorageFull => "STORAGE_FULL",
            Self::Unavailable => "UNAVAILABLE",
        }
    }
}

/// How the writes of this process fare: [`Transaction`](crate::db::transaction::Transaction) says when one fails, and
/// [`Store::write_try`] when one has been made again.
pub(crate) struct Health {
    writes: watch::Sender<Writes>,
    /// The file of an embedded database.
    file: Option<PathBuf>,
}

impl Health {
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        Self { writes: watch::Sender::new(Writes::Ok), file }
    }

    /// Takes in that a write failed; gives the error with the reason in it, as far as that can be found out.
    pub(crate) async fn failed(&self, error: DbErr) -> DbErr {
        let known = self.known(&error).await;
        let writes = match outage(known.as_ref().unwrap_or(&error)) {
            Some(StoreError::StorageFull) => Writes::StorageFull,
            Some(StoreError::Unavailable) => Writes::Unavailable,
            _ => return error,
        };
        let before = self.writes.send_replace(writes);
        if before == Writes::Ok {
            tracing::warn!(%error, writes = writes.as_str(), "nothing can be written to the database");
        } else {
            tracing::debug!(%error, writes = writes.as_str(), "still nothing can be written to the database");
        }
        known.unwrap_or(error)
    }

    /// The error that an I/O error is in truth.
    async fn known(&self, error: &DbErr) -> Option<DbErr> {
        let file = self.file.clone().filter(|_| may_lack_room(error))?;
        let lacks = tokio::task::spawn_blocking(move || room::lacks(&file)).await;
        lacks.unwrap_or(false).then(no_room)
    }

    fn succeeded(&self) {
        if self.writes.send_replace(Writes::Ok) != Writes::Ok {
            tracing::info!("the database can be written to again");
        }
    }
}

impl Store {
    /// How writes fare, as far as this process knows.
    #[must_use]
    pub fn writes(&self) -> Writes {
        *self.health().writes.borrow()
    }

    /// Tries whether something can be written: writes 64 KiB, and commits them. They go into a table of their own, and wait for
    /// nobody's lock but SQLite's.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn write_try(&self) -> Result<()> {
        let tx = transaction::open(self).await?;
        // Random, since SQLite leaves alone what has not changed.
        let (backend, filler) = match tx.get_database_backend() {
            DbBackend::Postgres => (DbBackend::Postgres, format!("decode(repeat('00', {ROOM}), 'hex')")),
            other => (other, format!("randomblob({ROOM})")),
        };
        let sql = format!(
            "INSERT INTO write_check (id, at, filler) VALUES (1, $1, {filler}) \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, filler = excluded.filler"
        );
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [micros(self.now()).into()])).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        self.health().succeeded();
        Ok(())
    }
}
