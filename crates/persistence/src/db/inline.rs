//! SQLite on the thread that asks.
//!
//! The driver that everything else goes through runs SQLite on threads of its own. The way there and back takes longer than the
//! statements of a page: two fifths of the processor's time went into changing threads. So what readers ask for runs where it is
//! asked, on connections that can only read. It must be quick there, for it holds up a thread of the server: what takes longer than
//! a moment begins anew with a thread to itself, and what is known to take long begins there. Few of these run at once, each with what
//! is left of its request's time; what cannot begin within [`PATIENCE`] is refused as busy.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::{
    Connection, ErrorCode, OpenFlags, Statement,
    types::{ToSqlOutput, ValueRef},
};
use sea_orm::Value;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::Semaphore,
    time::timeout,
};

use super::{row::Cursor, weight::Weight};
use crate::{
    db::{budget::Budget, lanes::PATIENCE},
    error::StoreError,
};

/// How long a statement may hold up a thread of the server.
const MOMENT: Duration = Duration::from_millis(10);
/// How many statements may take longer than that at once.
const SLOW: u32 = 2;
/// So many steps of SQLite's machine are between two looks at the clock: a page of a list takes some thousands.
const STEPS: i32 = 20_000;
/// How many pages the connections keep in memory, all of them together, in KiB.
const CACHE: u32 = 64 * 1_024;

/// Connections that read where they are asked.
pub(crate) struct Inline {
    quick: Idle,
    slow: Idle,
    turns: Semaphore,
}

/// Connections that nobody reads with; nothing once they are closed.
struct Idle(Mutex<Option<Vec<Reader>>>);

struct Reader {
    connection: Connection,
    opened: Instant,
    /// When its statement is given up, in microseconds since it was opened.
    until: Arc<AtomicU64>,
}

/// Why a statement gave no rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It took too long.
    Slow,
    /// Others took too long before it.
    Busy,
    /// There is no connection for it, or none yet.
    Unconnected,
    /// Something else, which the driver is asked to say in its own words, or to do better.
    Failed(String),
}

impl From<rusqlite::Error> for Unread {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::Slow,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<StoreError> for Unread {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Inline {
    /// Connections to the database in this file, for so many quick statements at once.
    pub(crate) fn open(file: &Path, connections: u32) -> rusqlite::Result<Self> {
        let cache = CACHE / (connections + SLOW);
        let idle = |count| -> rusqlite::Result<Idle> {
            let readers = (0..count).map(|_| Reader::open(file, cache)).collect::<rusqlite::Result<_>>()?;
            Ok(Idle(Mutex::new(Some(readers))))
        };
        Ok(Self { quick: idle(connections)?, slow: idle(SLOW)?, turns: Semaphore::new(SLOW as usize) })
    }

    /// As many as the server has threads: none of them ever waits for another.
    pub(crate) fn connections() -> u32 {
        thread::available_parallelism().map_or(2, |threads| u32::try_from(threads.get()).unwrap_or(u32::MAX))
    }

    /// Runs a statement, and reads each of its rows.
    pub(crate) async fn rows<T>(
        &self,
        sql: &str,
        values: &[Value],
        weight: Weight,
        budget: &Budget,
        mut read: impl FnMut(Cursor<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, Unread> {
        if weight == Weight::Light && budget.left() > Duration::ZERO {
            let _spending = budget.spending();
            match self.quick.rows(sql, values, MOMENT, &mut read) {
                Some(Err(Unread::Slow)) | None => {}
                Some(rows) => return rows,
            }
        }
        let closed = || Err(Unread::Unconnected);
        let _turn = match timeout(PATIENCE, self.turns.acquire()).await {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) => return closed(),
            Err(_) => return Err(Unread::Busy),
        };
        tracing::debug!(statement = sql, "a statement takes long");
        let longest = weight.allowance(budget).ok_or(Unread::Slow)?;
        let _spending = budget.spending();
        on_a_thread_to_itself(|| self.slow.rows(sql, values, longest, &mut read)).unwrap_or_else(closed)
    }

    /// Closes the connections, those in use as soon as they have read. Statements go through the driver from now on.
    pub(crate) fn close(&self) {
        self.turns.close();
        for idle in [&self.quick, &self.slow] {
            drop(idle.lock().take());
        }
    }
}

/// Runs what blocks, while the server's other work goes on elsewhere.
fn on_a_thread_to_itself<T>(blocks: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(blocks),
        // There is no other thread, so there is nothing to hand over.
        _ => blocks(),
    }
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Option<Vec<Reader>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a connection reads, if there is one.
    fn rows<T>(
        &self,
        sql: &str,
        values: &[Value],
        longest: Duration,
        read: impl FnMut(Cursor<'_>) -> Result<T, StoreError>,
    ) -> Option<Result<Vec<T>, Unread>> {
        let reader = self.lock().as_mut()?.pop()?;
        let rows = reader.rows(sql, values, longest, read);
        if let Some(idle) = self.lock().as_mut() {
            idle.push(reader);
        }
        Some(rows)
    }
}

impl Reader {
    fn open(file: &Path, cache: u32) -> rusqlite::Result<Self> {
        // A connection is never in two threads at once.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "cache_size", -i64::from(cache))?;
        connection.pragma_update(None, "temp_store", "memory")?;
        connection.set_prepared_statement_cache_capacity(256);
        let (opened, until) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let deadline = Arc::clone(&until);
        let is_over = move || opened.elapsed().as_micros() > u128::from(deadline.load(Ordering::Relaxed));
        connection.progress_handler(STEPS, Some(is_over))?;
        Ok(Self { connection, opened, until })
    }

    fn rows<T>(
        &self,
        sql: &str,
        values: &[Value],
        longest: Duration,
        mut read: impl FnMut(Cursor<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, Unread> {
        let until = (self.opened.elapsed() + longest).as_micros();
        self.until.store(u64::try_from(until).unwrap_or(u64::MAX), Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(Cursor::inline(row))?);
        }
        Ok(found)
    }
}

/// Binds the parameters, which are called by their numbers: `$1`.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), Unread> {
    for index in 1..=statement.parameter_count() {
        let number = statement.parameter_name(index).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = match value {
            Some(Value::Bool(Some(value))) => i64::from(*value).into(),
            Some(Value::Int(Some(value))) => i64::from(*value).into(),
            Some(Value::BigInt(Some(value))) => (*value).into(),
            Some(Value::String(Some(text))) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Some(Value::Uuid(Some(id))) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            other => return Err(Unread::Failed(format!("{other:?} cannot be bound"))),
        };
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Counts to its parameter.
    const COUNT: &str =
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $1) SELECT max(n) FROM c";

    fn enough() -> Budget {
        Budget::new(Duration::from_secs(60))
    }

    fn opened() -> (tempfile::TempDir, Inline) {
        let data = tempfile::TempDir::new().unwrap();
        let file = data.path().join("courant.db");
        let writer = Connection::open(&file).unwrap();
        writer.execute_batch("CREATE TABLE a (id blob, title text, size integer, live integer)").unwrap();
        let id = Uuid::from_u128(7);
        writer.execute("INSERT INTO a VALUES (?, 'A \"title\"', 9007199254740993, 1)", [id.as_bytes()]).unwrap();
        writer.execute("INSERT INTO a VALUES (?, NULL, 2147483648, 0)", [b"no id"]).unwrap();
        (data, Inline::open(&file, 1).unwrap())
    }

    #[tokio::test]
    async fn columns_are_read_in_their_types_and_parameters_bound_by_their_numbers() {
        let (_data, inline) = opened();
        let sql = "SELECT size, id, title, live FROM a WHERE live = $2 AND (title = $3 OR id = $1)";
        let values = [Uuid::from_u128(7).into(), true.into(), "B".into()];
        let budget = enough();
        let rows = inline.rows(sql, &values, Weight::Light, &budget, |mut row| {
            Ok((row.take::<i64>()?, row.take::<Uuid>()?, row.take::<Option<String>>()?, row.take::<bool>()?))
        });
        let expected = (9_007_199_254_740_993, Uuid::from_u128(7), Some("A \"title\"".to_owned()), true);
        assert_eq!(rows.await, Ok(vec![expected]));
        let sql = "SELECT title, size, id FROM a WHERE live = $1";
        let title = |mut row: Cursor<'_>| row.take::<Option<String>>();
        assert_eq!(inline.rows(sql, &[0.into()], Weight::Light, &enough(), title).await, Ok(vec![None]));
        let size = |mut row: Cursor<'_>| row.take::<Option<String>>().and_then(|_| row.take::<i32>());
        assert!(
            matches!(inline.rows(sql, &[0.into()], Weight::Light, &enough(), size).await, Err(Unread::Failed(_))),
            "it is too large"
        );
        let id = |mut row: Cursor<'_>| {
            row.take::<Option<String>>()?;
            row.take::<i64>()?;
            row.take::<Uuid>()
        };
        assert!(
            matches!(inline.rows(sql, &[0.into()], Weight::Light, &enough(), id).await, Err(Unread::Failed(_))),
            "it is no id"
        );
        assert!(
            matches!(inline.rows(sql, &[], Weight::Light, &enough(), title).await, Err(Unread::Failed(_))),
            "a value is missing"
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_takes_long_is_not_run_on_a_thread_of_the_server() {
        let (_data, inline) = opened();
        let number = |mut row: Cursor<'_>| row.take::<i64>();
        let run = |longest| inline.quick.rows(COUNT, &[300_000i64.into()], longest, number).unwrap();
        assert_eq!(run(Duration::ZERO), Err(Unread::Slow));
        assert_eq!(run(Duration::from_secs(60)), Ok(vec![300_000]));
        // The connection that gave it up is as good as before.
        assert_eq!(inline.rows(COUNT, &[10i64.into()], Weight::Light, &enough(), number).await, Ok(vec![10]));
        assert_eq!(inline.rows(COUNT, &[300_000i64.into()], Weight::Light, &enough(), number).await, Ok(vec![300_000]));
        inline.close();
        let closed = inline.rows(COUNT, &[10i64.into()], Weight::Light, &enough(), number).await;
        assert_eq!(closed, Err(Unread::Unconnected), "it is the driver's");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn all_statements_of_a_request_are_on_one_clock() {
        let (_data, inline) = opened();
        let number = |mut row: Cursor<'_>| row.take::<i64>();
        let endless = [i64::MAX.into()];
        for weight in [Weight::Light, Weight::Heavy, Weight::Unindexed] {
            let budget = Budget::new(Duration::from_millis(30));
            assert_eq!(inline.rows(COUNT, &endless, weight, &budget, number).await, Err(Unread::Slow));
            // Nothing is left for what it asks next, however little that is; what no index answers leaves some.
            let next = inline.rows(COUNT, &[10i64.into()], Weight::Light, &budget, number).await;
            assert_eq!(next, if weight == Weight::Unindexed { Ok(vec![10]) } else { Err(Unread::Slow) }, "{weight:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_cannot_begin_soon_is_refused_and_what_is_quick_goes_on() {
        let (_data, inline) = opened();
        let number = |mut row: Cursor<'_>| row.take::<i64>();
        let _turns = inline.turns.acquire_many(SLOW).await.unwrap();
        let refused = inline.rows(COUNT, &[10i64.into()], Weight::Heavy, &enough(), number).await;
        assert_eq!(refused, Err(Unread::Busy));
        assert_eq!(inline.rows(COUNT, &[10i64.into()], Weight::Light, &enough(), number).await, Ok(vec![10]));
    }

    #[tokio::test]
    async fn nothing_is_written() {
        let (_data, inline) = opened();
        let rows = inline
            .rows("DELETE FROM a RETURNING size", &[], Weight::Light, &enough(), |mut row| row.take::<i64>())
            .await;
        assert!(matches!(rows, Err(Unread::Failed(message)) if message.contains("readonly")));
    }
}
