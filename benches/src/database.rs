//! The database as the hand-written handlers use it: SQLx without anything in between, with the same settings
//! and the same number of connections as Courant's own pools.

use std::{future::Future, time::Duration};

use anyhow::{Context, Result};
use sqlx::{
    ConnectOptions, Database as Driver, Executor, Row,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow},
};
use uuid::Uuid;

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The embedded one.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// The dialect a URL names.
    #[must_use]
    pub fn of(url: &str) -> Self {
        if url.starts_with("sqlite:") { Self::Sqlite } else { Self::Postgres }
    }

    /// Its name, as it writes it itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A value for a statement's parameter.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// `text`
    Text(&'a str),
    /// `bigint`
    Long(i64),
    /// `integer`
    Int(i32),
    /// `uuid` on PostgreSQL, a blob of 16 bytes on SQLite
    Id(Uuid),
}

/// A pool of connections that read.
pub trait Database: Clone + Send + Sync + 'static {
    /// Its rows.
    type Row: Columns + Send;

    /// Which one it is.
    const DIALECT: Dialect;

    /// Runs a statement that stays prepared.
    fn rows(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;

    /// Runs a statement that gives one row of one text.
    fn json(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Option<String>, sqlx::Error>> + Send;
}

/// A row's columns, by their place.
pub trait Columns {
    /// A text, empty for none.
    ///
    /// # Errors
    /// When the column is missing or something else.
    fn text(&self, at: usize) -> Result<&str, sqlx::Error>;

    /// A text that may be missing.
    ///
    /// # Errors
    /// When the column is missing or something else.
    fn text_or_null(&self, at: usize) -> Result<Option<&str>, sqlx::Error>;

    /// A 64-bit number.
    ///
    /// # Errors
    /// When the column is missing or something else.
    fn long(&self, at: usize) -> Result<i64, sqlx::Error>;

    /// A 32-bit number.
    ///
    /// # Errors
    /// When the column is missing or something else.
    fn int(&self, at: usize) -> Result<i32, sqlx::Error>;

    /// An id.
    ///
    /// # Errors
    /// When the column is missing or something else.
    fn id(&self, at: usize) -> Result<Uuid, sqlx::Error>;

    /// An id that may be missing.
    ///
    /// # Errors
    /// When the column is missing or something else.
    fn id_or_null(&self, at: usize) -> Result<Option<Uuid>, sqlx::Error>;
}

macro_rules! backend {
    ($database:ident, $pool:ty, $driver:ty, $row:ty, $dialect:expr) => {
        impl Columns for $row {
            fn text(&self, at: usize) -> Result<&str, sqlx::Error> {
                self.try_get(at)
            }

            fn text_or_null(&self, at: usize) -> Result<Option<&str>, sqlx::Error> {
                self.try_get(at)
            }

            fn long(&self, at: usize) -> Result<i64, sqlx::Error> {
                self.try_get(at)
            }

            fn int(&self, at: usize) -> Result<i32, sqlx::Error> {
                self.try_get(at)
            }

            fn id(&self, at: usize) -> Result<Uuid, sqlx::Error> {
                self.try_get(at)
            }

            fn id_or_null(&self, at: usize) -> Result<Option<Uuid>, sqlx::Error> {
                self.try_get(at)
            }
        }

        #[doc = concat!(stringify!($driver), ".")]
        #[derive(Clone, Debug)]
        pub struct $database($pool);

        impl Database for $database {
            type Row = $row;

            const DIALECT: Dialect = $dialect;

            async fn rows(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<$row>, sqlx::Error> {
                let query = values.iter().fold(sqlx::query::<$driver>(sql), |query, value| match *value {
                    Value::Text(text) => query.bind(text.to_owned()),
                    Value::Long(number) => query.bind(number),
                    Value::Int(number) => query.bind(number),
                    Value::Id(id) => query.bind(id),
                });
                query.fetch_all(&self.0).await
            }

            async fn json(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<String>, sqlx::Error> {
                match self.rows(sql, values).await?.first() {
                    Some(row) => row.try_get(0),
                    None => Ok(None),
                }
            }
        }
    };
}

backend!(Sqlite, SqlitePool, sqlx::Sqlite, SqliteRow, Dialect::Sqlite);
backend!(Postgres, PgPool, sqlx::Postgres, PgRow, Dialect::Postgres);

/// How many connections Courant reads with on SQLite.
const SQLITE_CONNECTIONS: u32 = 2;

/// How many connections Courant reads with on PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

impl Sqlite {
    /// Opens the file; each connection runs `prepare` first.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(url: &str, prepare: &'static str) -> Result<Self> {
        let options: SqliteConnectOptions = url.parse().with_context(|| format!("{url} is no URL of SQLite's"))?;
        let options = options
            .read_only(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(15))
            .pragma("cache_size", "-16384")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(SQLITE_CONNECTIONS)
            .test_before_acquire(false)
            .after_connect(move |connection, _| Box::pin(run::<sqlx::Sqlite>(connection, prepare)))
            .connect_with(options);
        Ok(Self(pool.await.with_context(|| format!("cannot open {url}"))?))
    }
}

impl Postgres {
    /// Connects to the server; each connection runs `prepare` first.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(url: &str, prepare: &'static str) -> Result<Self> {
        let options: PgConnectOptions = url.parse().context("this is no URL of PostgreSQL's")?;
        // As Courant has it: without the first, PostgreSQL plans some of the statements anew each time.
        let options = options.options([("plan_cache_mode", "force_generic_plan"), ("enable_memoize", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .test_before_acquire(false)
            .after_connect(move |connection, _| Box::pin(run::<sqlx::Postgres>(connection, prepare)))
            .connect_with(options.statement_cache_capacity(256).disable_statement_logging());
        Ok(Self(pool.await.context("cannot reach the database")?))
    }
}

async fn run<D: Driver>(connection: &mut D::Connection, sql: &'static str) -> Result<(), sqlx::Error>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    if !sql.is_empty() {
        connection.execute(sqlx::raw_sql(sql)).await?;
    }
    Ok(())
}
