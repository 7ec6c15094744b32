//! Bringing the schema up to date.

use std::time::Duration;

use courant_migrations::Migrator;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::{
    db::{
        connect::{self, Dialect, Options},
        link::{Link, Pulse},
        patience::{Patience, millis},
    },
    error::{Result, StoreError},
};

/// The lock that nodes which start together take in turn; any number will do that nobody else uses.
const LOCK: i64 = 0x0063_6f75_7261_6e74;

/// How often it is looked at whether the database is still there.
const AGAIN: Duration = Duration::from_secs(5);

/// How long a step waits for a table that somebody uses.
const TABLES: Duration = Duration::from_secs(10);

/// Brings a database's schema up to date, and makes the site if there is none. Can be run at any time, by several
/// nodes at once.
///
/// # Errors
/// When the database cannot be reached, is a newer version's, or a step fails; the schema is as it was then.
pub async fn migrate(options: &Options) -> Result<()> {
    match options.dialect()? {
        Dialect::Sqlite => {
            // It waits for its turn, whoever opens the database.
            let connections = connect::connect(&Options { patience: Patience::COMMAND, ..options.clone() }).await?;
            if let Link::Sqlite(write) = &connections.write {
                steps(write).await?;
            }
            connections.close().await
        }
        Dialect::Postgres => {
            let pulse = Pulse::new(connect::postgres(options)?, options.patience.silence);
            let taken = async { steps(&connect::for_steps(options).await?).await };
            tokio::select! {
                done = taken => done,
                // What is not committed is not there.
                () = silence(&pulse) => Err(StoreError::Unavailable),
            }
        }
    }
}

/// Comes to an end when the database does not answer any more.
async fn silence(pulse: &Pulse) {
    loop {
        tokio::time::sleep(AGAIN).await;
        if !pulse.beats().await {
            return;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the change log, whose lock other writes take, may not be there yet")]
async fn steps(connection: &DatabaseConnection) -> Result<()> {
    let transaction = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = connection.begin_with_options(transaction).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock =
            Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [LOCK.into()]);
        tx.query_one_raw(lock).await?;
        // Whoever reads or writes a table meanwhile waits for those who wait for it.
        tx.execute_unprepared(&format!("SET LOCAL lock_timeout = {}", millis(TABLES))).await?;
    }
    // The table of the steps comes first: on PostgreSQL a statement that fails ends the transaction.
    Migrator::install(&tx).await?;
    match check(&tx).await {
        Ok(()) | Err(StoreError::NotMigrated) => {}
        Err(error) => return Err(error),
    }
    Migrator::up(&tx, None).await?;
    crate::newsroom::site::create_default(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Sees that every step of the schema was taken, and none that this version does not know: what a newer one keeps
/// there, this one might break.
pub(crate) async fn check(connection: &impl ConnectionTrait) -> Result<()> {
    let taken = taken(connection).await?;
    let steps = Migrator::migrations();
    if let Some(newer) = taken.iter().find(|taken| steps.iter().all(|step| step.name() != *taken)) {
        return Err(StoreError::Newer(newer.clone()));
    }
    if steps.iter().all(|step| taken.iter().any(|taken| taken == step.name())) {
        Ok(())
    } else {
        Err(StoreError::NotMigrated)
    }
}

/// The steps that were taken, in order.
async fn taken(connection: &impl ConnectionTrait) -> Result<Vec<String>> {
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.map_err(|error| match &error {
        DbErr::Query(RuntimeErr::SqlxError(source)) if no_such_table(source) => StoreError::NotMigrated,
        _ => error.into(),
    })?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

fn no_such_table(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table"))
}
