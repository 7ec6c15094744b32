//! Which servers are on the database, and how far those are that follow the change log for all of them.
//!
//! Rows here are written outside of the transactions that change something: nobody waits for them, and they notify nobody.

use std::time::Duration;

use courant_domain::change::ChangeSeq;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::{
    change_log::NOW,
    db::{
        convert::micros,
        transaction::{self, Guarded},
    },
    error::Result,
    store::Store,
};

/// How long after its last sign of life a server still holds what it runs for all.
pub const LEASE: Duration = Duration::from_secs(15);
/// How long rows of servers are kept that gave no sign of life.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// A server on the database. Each start is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(Uuid);

impl NodeId {
    /// One that nobody else has.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each is another one")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

/// The right to run a follower for all servers, for as long as the one that has it is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The last change that was applied; none when nothing has been built yet.
    pub seq: Option<ChangeSeq>,
    node: NodeId,
    /// How often it was taken over. A server that was thought dead and is not has an older number.
    term: i64,
}

impl Claim {
    /// Whether it still holds, as of a transaction.
    pub(crate) async fn holds(&self, tx: &Guarded, name: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM follower WHERE name = $1 AND node_id = $2 AND term = $3";
        let row = tx.query_one_raw(statement(tx, sql, [name.into(), self.node.0.into(), self.term.into()])).await?;
        Ok(row.is_some())
    }
}

impl Store {
    /// Says that a server is alive, and what it has taken in of the change log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn node_seen(&self, node: NodeId, seq: ChangeSeq) -> Result<()> {
        let now = self.time();
        let sql = format!(
            "INSERT INTO node (id, started_at, seen_at, seq) VALUES ($1, {now}, {now}, $2) \
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, seq = excluded.seq"
        );
        self.alone(&sql, [node.0.into(), seq.into()]).await.map(drop)
    }

    /// The time, as SQL, after which whoever has given a sign of life counts as alive. Who opened an embedded database that nobody else had
    /// open knows that those are gone who had it before, and need not wait for it.
    pub(crate) fn alive_since(&self) -> String {
        match self.reader().get_database_backend() {
            DbBackend::Postgres => format!("{NOW} - {}", micros_of(LEASE)),
            _ => {
                let leased = micros(self.now()) - micros_of(LEASE);
                self.alone_at().map_or(leased, |alone_at| leased.max(micros(alone_at))).to_string()
            }
        }
    }

    /// Whether a server that is alive has not said yet that it has taken a change in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_a_node_behind(&self, seq: ChangeSeq) -> Result<bool> {
        let sql = format!("SELECT 1 FROM node WHERE seq < $1 AND seen_at > {} LIMIT 1", self.alive_since());
        Ok(!self.read(&sql, vec![seq.into()]).await?.is_empty())
    }

    /// Forgets a server that has stopped, and gives up what it ran for all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn node_gone(&self, node: NodeId) -> Result<()> {
        let tx = transaction::open(self).await?;
        for sql in ["UPDATE follower SET node_id = NULL WHERE node_id = $1", "DELETE FROM node WHERE id = $1"] {
            tx.execute_raw(statement(&tx, sql, [node.0.into()])).await?;
        }
        tx.commit().await.map_err(|uncommitted| uncommitted.error.into())
    }

    /// Forgets servers that have given no sign of life for a day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn nodes_forget(&self) -> Result<()> {
        let sql = format!("DELETE FROM node WHERE seen_at < {} - $1", self.time());
        self.alone(&sql, [micros_of(REMEMBERED).into()]).await.map(drop)
    }

    /// Takes a follower over, if nobody alive has it. The server has said that it is alive ([`Store::node_seen`]).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follower_claim(&self, name: &str, node: NodeId) -> Result<Option<Claim>> {
        let sql = format!(
            "UPDATE follower SET node_id = $2, term = term + 1 WHERE name = $1 AND (node_id IS NULL OR NOT EXISTS \
             (SELECT 1 FROM node n WHERE n.id = follower.node_id AND n.id <> $2 AND n.seen_at > {})) \
             RETURNING seq, term",
            self.alive_since()
        );
        let tx = transaction::open(self).await?;
        let first = "INSERT INTO follower (name, term) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING";
        tx.execute_raw(statement(&tx, first, [name.into()])).await?;
        let values = [name.into(), node.0.into()];
        let row = tx.query_one_raw(statement(&tx, &sql, values)).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        row.map(|row| Ok(Claim { seq: row.try_get_by_index(0)?, node, term: row.try_get_by_index(1)? })).transpose()
    }

    /// Whether a claim still holds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn follower_holds(&self, name: &str, claim: &Claim) -> Result<bool> {
        let sql = "SELECT 1 FROM follower WHERE name = $1 AND node_id = $2 AND term = $3";
        let values = vec![name.into(), claim.node.0.into(), claim.term.into()];
        Ok(!self.read(sql, values).await?.is_empty())
    }

    /// Notes that changes were applied, up to this one. Says whether the claim still held: who has lost it has to stop.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follower_moved(&self, name: &str, claim: &mut Claim, seq: ChangeSeq) -> Result<bool> {
        let sql = "UPDATE follower SET seq = $4 WHERE name = $1 AND node_id = $2 AND term = $3";
        let values = [name.into(), claim.node.0.into(), claim.term.into(), seq.into()];
        let holds = self.alone(sql, values).await? == 1;
        if holds {
            claim.seq = Some(seq);
        }
        Ok(holds)
    }

    /// How far a follower is that runs once for all servers, wherever it runs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn follower_seq(&self, name: &str) -> Result<Option<ChangeSeq>> {
        let rows = self.read("SELECT seq FROM follower WHERE name = $1", vec![name.into()]).await?;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }

    /// What time it is by the clock that all servers go by, as SQL.
    pub(crate) fn time(&self) -> String {
        match self.reader().get_database_backend() {
            DbBackend::Postgres => NOW.to_owned(),
            _ => micros(self.now()).to_string(),
        }
    }

    /// Runs one writing statement in a transaction of its own; says how many rows it touched.
    pub(super) async fn alone<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<u64> {
        let tx = transaction::open(self).await?;
        let done = tx.execute_raw(statement(&tx, sql, values)).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        Ok(done.rows_affected())
    }
}

fn statement<const N: usize>(tx: &Guarded, sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(tx.get_database_backend(), sql, values)
}

fn micros_of(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
