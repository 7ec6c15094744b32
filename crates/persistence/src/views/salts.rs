//! What readers of a day are hashed with.

use courant_domain::reading::day_of;
use courant_identity::reader::ReaderSalt;
use jiff::{SignedDuration, Timestamp};
use sea_orm::ConnectionTrait;

use super::{Views, statement};
use crate::{
    db::transaction,
    error::{Result, corrupt, invalid},
};

/// A salt and its day: days since 1970, in UTC.
pub type DaySalt = (i32, ReaderSalt);

impl Views {
    /// The salts of today and tomorrow, the same for all nodes; made when they are asked for the first time. Those of earlier days are
    /// deleted then.
    ///
    /// # Errors
    /// When the database fails, or the system gives no random bytes.
    pub async fn salts(&self, now: Timestamp) -> Result<[DaySalt; 2]> {
        let today = day_of(now);
        let days = [today, day_of(now.checked_add(SignedDuration::from_hours(24)).map_err(invalid)?)];
        if let [Some(one), Some(other)] = self.known_salts(days).await? {
            return Ok([(days[0], one), (days[1], other)]);
        }
        let tx = transaction::open(&self.store).await?;
        super::lock(&tx).await?;
        for day in days {
            let made = ReaderSalt::generate().map_err(invalid)?;
            let sql = "INSERT INTO read_salt (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING";
            tx.execute_raw(statement(&tx, sql, [day.into(), made.to_text().expose().into()])).await?;
        }
        tx.execute_raw(statement(&tx, "DELETE FROM read_salt WHERE day < $1", [today.into()])).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        match self.known_salts(days).await? {
            [Some(one), Some(other)] => Ok([(days[0], one), (days[1], other)]),
            _ => Err(corrupt("the salts of readers are not there")),
        }
    }

    async fn known_salts(&self, days: [i32; 2]) -> Result<[Option<ReaderSalt>; 2]> {
        let sql = "SELECT day, salt FROM read_salt WHERE day IN ($1, $2)";
        let mut known = [None, None];
        for row in self.store.read(sql, days.map(Into::into).to_vec()).await? {
            let (of, salt): (i32, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let at = usize::from(of != days[0]);
            known[at] = Some(ReaderSalt::parse(&salt).map_err(corrupt)?);
        }
        Ok(known)
    }
}
