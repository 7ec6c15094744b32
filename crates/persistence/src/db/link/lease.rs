//! PostgreSQL's connections, and what is asked through one of them.

use std::{io, pin::pin, sync::Arc, time::Duration};

use sea_orm::{ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, sea_query::Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Executor, PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
    query::Query,
};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    Pulse,
    kept::{Kept, Known},
};
use crate::db::patience::{GRACE, millis};

/// What connections are for.
pub(crate) struct Kind {
    /// How many there are.
    pub(crate) connections: u32,
    /// How long one is waited for.
    pub(crate) wait: Duration,
    /// How long the server may work for a statement.
    pub(crate) longest: Duration,
    /// Settings of the server's.
    pub(crate) settings: Vec<(&'static str, String)>,
}

impl Kind {
    /// Its settings, and those that all connections have.
    pub(super) fn all_settings(&self) -> impl Iterator<Item = (&'static str, String)> {
        // A connection that died while it was idle is noticed by the server within half a minute, which frees what it held. What the
        // server hears from us is in its own hands, so that it need not wait for the system's two hours.
        let settings = [
            ("statement_timeout", millis(self.longest)),
            ("tcp_keepalives_idle", "10".to_owned()),
            ("tcp_keepalives_interval", "5".to_owned()),
            ("tcp_keepalives_count", "3".to_owned()),
            // It guesses what comes out of a parameter's JSON at a hundred rows for each level, takes a count over that for endless, and
            // spends half a second to compile what runs for a few milliseconds.
            ("jit", "off".to_owned()),
        ];
        settings.into_iter().chain(self.settings.iter().cloned())
    }
}

/// Connections, made when they are needed.
pub(crate) fn pool(options: &PgConnectOptions, pulse: &Arc<Pulse>, kind: &Kind) -> Pool {
    // One call for all: those of the URL stay.
    let options = options.clone().options(kind.all_settings());
    let trust = Arc::clone(pulse);
    let pool = PgPoolOptions::new()
        .max_connections(kind.connections)
        .acquire_timeout(kind.wait)
        // A ping before each statement costs an eighth of the throughput. A connection that died while idle shows on its next
        // statement, and reads are then tried again (see `Store::read`).
        .test_before_acquire(false)
        .before_acquire(move |_, connection| {
            let trusted = trust.trusts(connection.age);
            Box::pin(async move { Ok(trusted) })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                // What was sent and is not taken in for ten seconds ends the connection; and a statement whose client has gone
                // is not worked for (PostgreSQL 14).
                let version = connection.server_version_num().unwrap_or(0);
                let mut settings = String::from("SET tcp_user_timeout = 10000");
                if version >= 140_000 {
                    settings.push_str("; SET client_connection_check_interval = 2000");
                }
                match connection.execute(AssertSqlSafe(settings)).await {
                    Err(sqlx::Error::Database(error)) => tracing::debug!(%error, "the server knows no such limits"),
                    Err(error) => return Err(error),
                    Ok(_) => {}
                }
                Ok(())
            })
        })
        .connect_lazy_with(options);
    Pool { pool, kept: Arc::default(), longest: kind.longest + GRACE, pulse: Arc::clone(pulse) }
}

/// Connections of a kind.
#[derive(Clone)]
pub(crate) struct Pool {
    pool: PgPool,
    kept: Arc<Kept>,
    /// How long a statement's answer is waited for.
    longest: Duration,
    pulse: Arc<Pulse>,
}

impl Pool {
    /// A connection to ask something through.
    pub(super) async fn lease(&self) -> Result<Lease, DbErr> {
        if self.pulse.is_silent() {
            return Err(away());
        }
        if let Some(known) = self.kept.take(&self.pulse) {
            return Ok(self.lent(known));
        }
        let _waiting = self.kept.wait();
        // One may have been put there since.
        if let Some(known) = self.kept.take(&self.pulse) {
            return Ok(self.lent(known));
        }
        // The pool has a limit of its own. In a box, the 8 KB of its state are not moved about.
        match within(&self.pulse, Duration::MAX, Box::pin(self.pool.acquire())).await {
            Ok(connection) => Ok(self.lent(Known::new(connection, self.longest))),
            Err(Unanswered::Failed(sqlx::Error::PoolTimedOut)) if self.pulse.beats().await => {
                Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
            }
            Err(Unanswered::Failed(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)) => Err(away()),
            Err(error) => Err(error.named(DbErr::Conn)),
        }
    }

    fn lent(&self, known: Known) -> Lease {
        Lease {
            known: Some(known),
            longest: self.longest,
            pulse: Arc::clone(&self.pulse),
            kept: Arc::clone(&self.kept),
        }
    }

    /// Asks one statement, outside of a transaction. A connection whose statement has come to its end is kept for the next one.
    pub(super) async fn once<T>(&self, ask: impl AsyncFnOnce(&mut Lease) -> Result<T, DbErr>) -> Result<T, DbErr> {
        let mut lease = self.lease().await?;
        let answer = ask(&mut lease).await;
        if answer.is_ok() {
            lease.keep();
        }
        answer
    }

    pub(super) async fn answers(&self) -> bool {
        self.pulse.beats().await
    }

    pub(super) async fn close(&self) {
        self.kept.close();
        self.pool.close().await;
    }
}

/// A connection while it is used. It goes back by itself.
pub(super) struct Lease {
    /// None when it was waited for in vain, or is lost.
    known: Option<Known>,
    pub(super) longest: Duration,
    pulse: Arc<Pulse>,
    kept: Arc<Kept>,
}

impl Lease {
    pub(super) async fn execute(&mut self, statement: &Statement) -> Result<ExecResult, DbErr> {
        let Some(connection) = self.known.as_mut().and_then(Known::connection) else { return Err(away()) };
        let answer = within(&self.pulse, self.longest, query(statement).execute(&mut **connection)).await;
        self.checked(answer, DbErr::Exec).map(Into::into)
    }

    /// Several statements, which have no parameters.
    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let Some(connection) = self.known.as_mut().and_then(Known::connection) else { return Err(away()) };
        let sql = AssertSqlSafe(sql.to_owned());
        let answer = within(&self.pulse, self.longest, Executor::execute(&mut **connection, sql)).await;
        self.checked(answer, DbErr::Exec).map(Into::into)
    }

    pub(super) async fn query_one(&mut self, statement: &Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(connection) = self.known.as_mut().and_then(Known::connection) else { return Err(away()) };
        let answer = within(&self.pulse, self.longest, query(statement).fetch_optional(&mut **connection)).await;
        Ok(self.checked(answer, DbErr::Query)?.map(Into::into))
    }

    pub(super) async fn query_all(&mut self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(connection) = self.known.as_mut().and_then(Known::connection) else { return Err(away()) };
        let answer = within(&self.pulse, self.longest, query(statement).fetch_all(&mut **connection)).await;
        Ok(self.checked(answer, DbErr::Query)?.into_iter().map(Into::into).collect())
    }

    /// Takes it out of what is about to be dropped.
    pub(super) fn take(&mut self) -> Self {
        let (pulse, kept) = (Arc::clone(&self.pulse), Arc::clone(&self.kept));
        Self { known: self.known.take(), longest: self.longest, pulse, kept }
    }

    /// Keeps the connection for others: its statement has come to its end.
    fn keep(mut self) {
        if let Some(known) = self.known.take() {
            self.kept.put(known);
        }
    }

    /// Closes it without a word: the other end may not be there to hear it.
    pub(super) fn discard(&mut self) {
        if let Some(known) = self.known.take() {
            known.discard();
        }
    }

    fn checked<T>(&mut self, answer: Result<T, Unanswered>, name: fn(RuntimeErr) -> DbErr) -> Result<T, DbErr> {
        answer.map_err(|error| {
            if error.breaks() {
                self.discard();
                // What has ended one has ended most: a restart, a network that forgot them.
                self.pulse.distrust();
            }
            error.named(name)
        })
    }
}

/// Why there is no answer.
pub(super) enum Unanswered<E = sqlx::Error> {
    /// The driver says why.
    Failed(E),
    /// There is none on this connection, while the database answers others.
    Lost,
    /// The database answers nobody.
    Away,
}

impl Unanswered {
    /// Whether the connection is of no use any more.
    fn breaks(&self) -> bool {
        use sqlx::postgres::{PgDatabaseError, PgSeverity};
        match self {
            Self::Failed(sqlx::Error::Database(error)) => error
                .try_downcast_ref::<PgDatabaseError>()
                .is_some_and(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
            Self::Failed(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_))
            | Self::Lost
            | Self::Away => true,
            Self::Failed(_) => false,
        }
    }

    fn named(self, name: fn(RuntimeErr) -> DbErr) -> DbErr {
        match self {
            Self::Failed(error) => name(RuntimeErr::SqlxError(Arc::new(error))),
            Self::Lost => {
                let error = io::Error::new(io::ErrorKind::TimedOut, "there was no answer in time");
                name(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(error))))
            }
            Self::Away => away(),
        }
    }
}

/// The database answers nobody.
fn away() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

fn query(statement: &Statement) -> Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or_else(|| Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

/// Waits for an answer for so long at most, and less when the database answers nobody.
pub(super) async fn within<T, E>(
    pulse: &Pulse,
    longest: Duration,
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, Unanswered<E>> {
    /// How often it is looked at again while a statement takes long.
    const AGAIN: Duration = Duration::from_secs(5);
    let outages = pulse.outages();
    let mut answer = pin!(answer);
    let usual = pulse.patience().min(longest);
    if let Ok(answer) = timeout(usual, &mut answer).await {
        return answer.map_err(Unanswered::Failed);
    }
    // Statements of an hour have no deadline that could be missed.
    let deadline = Instant::now().checked_add(longest.saturating_sub(usual));
    loop {
        tokio::select! {
            biased;
            answer = &mut answer => return answer.map_err(Unanswered::Failed),
            beats = pulse.beats() => if !beats {
                return Err(Unanswered::Away);
            },
        }
        if pulse.outages() != outages {
            // It was away and is there again; what was said to it before may never have come through.
            return Err(Unanswered::Lost);
        }
        let until = Instant::now() + AGAIN;
        let is_last = deadline.is_some_and(|deadline| deadline <= until);
        let until = if is_last { deadline.unwrap_or(until) } else { until };
        match timeout_at(until, &mut answer).await {
            Ok(answer) => return answer.map_err(Unanswered::Failed),
            Err(_) if is_last => return Err(Unanswered::Lost),
            Err(_) => {}
        }
    }
}
