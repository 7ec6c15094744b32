//! Days that come by themselves: acts whose status is another one on them are in the change log.
//!
//! *Invariant*: each day is told once for all nodes. Up to which day that was done stands beside the change log's head, which whoever
//! writes has locked; so a day and the changes that it brings are there together or not at all, and days on which nothing ran
//! are told when something runs again.

use std::time::Duration;

use courant_domain::zone::ZoneName;
use jiff::{SignedDuration, Timestamp, civil::Date};
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    db::{
        convert::{date, day},
        transaction::Transaction,
    },
    error::{Result, corrupt},
    live::publish,
    newsroom::Newsroom,
};

/// Clocks of several nodes differ by less: one that is behind does not take for yesterday what another has told as today.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(10);

/// What has come of looking which day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysTold {
    /// The last day that is told.
    pub until: Date,
    /// How many acts' changes of status were told by this look.
    pub changes: usize,
}

impl Newsroom {
    /// The day it is where the site is, and how long that lasts.
    #[must_use]
    pub fn day(&self, now: Timestamp) -> (Date, Option<Duration>) {
        let reference = self.store.reference();
        let zone = &reference.site.time_zone;
        let left = zone.day_ends(now).and_then(|end| Duration::try_from(end.duration_since(now)).ok());
        (zone.day(now), left)
    }

    /// Has the change log tell of the days up to the one it is now: of each act whose status is another one on one of them. Any node
    /// may do it, as often as it likes: nothing is told twice. Where the site was moved to a time zone in which it is yesterday, the day
    /// comes once more.
    ///
    /// # Errors
    /// When the database fails; nothing is told then.
    pub async fn days_tell(&self, now: Timestamp) -> Result<DaysTold> {
        let rows = self.store.read(TOLD, Vec::new()).await?;
        let told = rows.first().and_then(|row| row.try_get_by_index::<Option<i32>>(0).transpose()).transpose()?;
        let until = self.day(now).0;
        if told == Some(day(until)) {
            return Ok(DaysTold { until, changes: 0 });
        }
        let mut tx = Transaction::begin(&self.store).await?;
        match tell(&mut tx, now).await {
            Ok((told, true)) => {
                tx.commit(&self.store).await?;
                Ok(told)
            }
            Ok((told, false)) => {
                tx.rollback().await?;
                Ok(told)
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }
}

const TOLD: &str = "SELECT told_day FROM change_head WHERE id = 1";

/// What was told, and whether anything was written.
async fn tell(tx: &mut Transaction, now: Timestamp) -> Result<(DaysTold, bool)> {
    let row = tx.row(TOLD, []).await?.ok_or_else(|| corrupt("no change_head"))?;
    let told = row.try_get_by_index::<Option<i32>>(0)?.map(date).transpose()?;
    let zone: ZoneName = tx.reference.site.time_zone.clone();
    let today = zone.day(now);
    let mut changes = 0;
    match told {
        Some(told) if told < today => changes = publish::days_pass(tx, told, today).await?,
        // Told by another node, whose clock is a little ahead.
        Some(told) if told == today || told <= zone.day(now + CLOCKS_DIFFER) => {
            return Ok((DaysTold { until: told, changes }, false));
        }
        // It was later elsewhere, or nothing was told yet: from here on it is.
        Some(_) | None => {}
    }
    let sql = "UPDATE change_head SET told_day = $1 WHERE id = 1";
    let backend = tx.connection().get_database_backend();
    tx.connection().execute_raw(Statement::from_sql_and_values(backend, sql, [day(today).into()])).await?;
    Ok((DaysTold { until: today, changes }, true))
}
