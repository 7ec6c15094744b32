//! The storage below the rows, and how much of everything there is.

use std::path::PathBuf;

use tokio::task::spawn_blocking;

use super::{Check, Checked, Finding, Rule};
use crate::{
    db::{connect::Options, embedded},
    error::{Result, StoreError, corrupt},
};

/// How many pages the log of an embedded database has that its file has not.
pub(super) async fn behind(options: &Options) -> Result<u64> {
    match options.file()?.filter(|file| file.exists()) {
        Some(file) => blocking(move || embedded::behind(&file)).await,
        None => Ok(0),
    }
}

/// Sees that SQLite finds the file of an embedded database whole.
pub(super) async fn check(file: PathBuf, checked: &mut Checked, found: &mut (dyn FnMut(Finding) + Send)) -> Result<()> {
    // What tables name of each other, the other rules look at.
    let broken = blocking(move || embedded::integrity(&embedded::open(&file)?)).await?;
    for what in broken {
        checked.broken += 1;
        found(Finding {
            rule: Rule::Storage,
            what: "the file".to_owned(),
            expected: "what was written".to_owned(),
            found: what,
        });
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static) -> Result<T> {
    let done = spawn_blocking(work).await.map_err(corrupt)?;
    done.map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => corrupt(error),
        _ => StoreError::Unreachable(error.to_string()),
    })
}

impl Check<'_> {
    /// Counts what no rule counts, so that an empty database is seen to be one.
    pub(super) async fn count(&mut self) -> Result<()> {
        let sql = "SELECT (SELECT count(*) FROM entry WHERE kind = 'DECREE'), (SELECT count(*) FROM category), \
                   (SELECT count(*) FROM tag), (SELECT count(*) FROM person), (SELECT count(*) FROM feed), \
                   (SELECT count(*) FROM account)";
        let rows = self.rows(sql, []).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let count = |at| -> Result<u64> { Ok(u64::try_from(row.try_get_by_index::<i64>(at)?).unwrap_or_default()) };
        let checked = &mut self.checked;
        (checked.decrees, checked.categories, checked.tags) = (count(0)?, count(1)?, count(2)?);
        (checked.persons, checked.feeds, checked.users) = (count(3)?, count(4)?, count(5)?);
        Ok(())
    }
}
