//! What hubs and search engines last answered to what they were told, by the names of the followers that tell them.
//!
//! It is no part of the log: it says how far the news has come outside, and until when somebody asked to be left alone, which whoever
//! tells them next has to know.

use courant_domain::change::ChangeSeq;
use jiff::Timestamp;

use crate::{
    db::convert::{micros, timestamp},
    error::Result,
    store::Store,
};

/// What somebody outside last answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PingStatus {
    /// When it last took what it was told; none before the first time.
    pub taken_at: Option<Timestamp>,
    /// The last changes that it did not want to be told of: the first of them and the last.
    pub refused: Option<(ChangeSeq, ChangeSeq)>,
    /// What it answered instead of taking what it was told the last time; none when it took it.
    pub problem: Option<String>,
    /// Until when it asked to be left alone.
    pub waits_until: Option<Timestamp>,
}

impl Store {
    /// Notes that somebody has taken what it was told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ping_taken(&self, name: &str) -> Result<()> {
        let sql = "INSERT INTO ping (name, taken_at) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at, problem = NULL, waits_until = NULL";
        self.alone(sql, [name.into(), micros(self.now()).into()]).await.map(drop)
    }

    /// Notes that somebody does not want to be told of some changes, and what it answered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ping_refused(&self, name: &str, changes: (ChangeSeq, ChangeSeq), answer: &str) -> Result<()> {
        let sql = "INSERT INTO ping (name, refused_from, refused_to, problem) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET refused_from = excluded.refused_from, \
                   refused_to = excluded.refused_to, problem = excluded.problem, waits_until = NULL";
        self.alone(sql, [name.into(), changes.0.into(), changes.1.into(), answer.into()]).await.map(drop)
    }

    /// Notes that somebody could not be told, what it answered, and until when it wants to be left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ping_failed(&self, name: &str, problem: &str, until: Option<Timestamp>) -> Result<()> {
        let sql = "INSERT INTO ping (name, problem, waits_until) VALUES ($1, $2, $3) \
                   ON CONFLICT (name) DO UPDATE SET problem = excluded.problem, waits_until = excluded.waits_until";
        self.alone(sql, [name.into(), problem.into(), until.map(micros).into()]).await.map(drop)
    }

    /// Until when somebody asked to be left alone, whichever server it told so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ping_waits_until(&self, name: &str) -> Result<Option<Timestamp>> {
        let rows = self.read("SELECT waits_until FROM ping WHERE name = $1", vec![name.into()]).await?;
        let until: Option<i64> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        until.map(timestamp).transpose()
    }
}
