//! The store: one database, and what is kept of it in memory.

use std::{
    sync::{Arc, RwLock},
    time::Instant,
};

use courant_domain::change::{Change, ChangeSeq, Subject};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use tokio::sync::watch;

use crate::{
    clock::Clock,
    connect::{self, Connections, Dialect, Options},
    embedded::Embedded,
    error::{Result, StoreError, of_driver},
    link::Link,
    log, migrate,
    patience::Patience,
    read::{Cursor, Inline, Unread},
    reference::{self, Reference},
};

/// A database of Courant's. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dialect: Dialect,
    /// How many connections may lie idle in the pool.
    idle: u32,
    read: Link,
    write: Link,
    inline: Option<Inline>,
    embedded: Option<Arc<Embedded>>,
    reference: RwLock<Arc<Reference>>,
    head: watch::Sender<ChangeSeq>,
    clock: Clock,
    patience: Patience,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.inner.dialect)
    }
}

impl Store {
    /// Opens a database whose schema is up to date (see [`migrate`]).
    ///
    /// # Errors
    /// When it cannot be reached, or has not been migrated.
    pub async fn open(options: &Options) -> Result<Self> {
        let Connections { dialect, idle, read, write, inline, embedded } = connect::connect(options).await?;
        migrate::check(&read).await?;
        let clock = Clock::new(options.clock_off_by);
        head_and_time(&read, &clock).await?;
        let reference = reference::load(&read, None).await?;
        let head = watch::Sender::new(reference.seq);
        Ok(Self {
            inner: Arc::new(Inner {
                dialect,
                idle,
                read,
                write,
                inline,
                embedded,
                reference: RwLock::new(Arc::new(reference)),
                head,
                clock,
                patience: options.patience,
            }),
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    /// The reference data as of the last [`Store::refresh`].
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        match self.inner.reference.read() {
            Ok(reference) => reference.clone(),
            // The lock is only ever held to swap the pointer, so what is behind it is whole.
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// What time it is by the clock that all nodes on the database go by: PostgreSQL's, or that of the one process an embedded
    /// database is in. Asks nothing of the database.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The last change this process has taken in; wakes on every later one.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<ChangeSeq> {
        self.inner.head.subscribe()
    }

    /// Takes in what has changed since, by this process or another. Costs one small statement when nothing has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        let current = self.reference();
        let head = head_and_time(&self.inner.read, &self.inner.clock).await?;
        if head == current.seq {
            return Ok(());
        }
        let changes = log::changes(&self.inner.read, current.seq, 1000).await?;
        let only_editions = head > current.seq
            && changes.last().is_some_and(|change| change.seq >= head)
            && changes.iter().all(|change| change.subject == Subject::Edition);
        let next = if only_editions {
            let mut next = Reference::clone(&current);
            next.timelines_add(reference::new_timelines(&self.inner.read, current.last_timeline()).await?);
            next.seq = head;
            next
        } else {
            // A log that went back is another database's: nothing known holds.
            let known = (head > current.seq).then_some(&*current);
            reference::load(&self.inner.read, known).await?
        };
        let seq = next.seq;
        let next = Arc::new(next);
        match self.inner.reference.write() {
            Ok(mut reference) => *reference = next,
            Err(poisoned) => *poisoned.into_inner() = next,
        }
        self.inner.head.send_replace(seq);
        Ok(())
    }

    /// Up to `limit` changes behind `after`, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, after: ChangeSeq, limit: u64) -> Result<Vec<Change>> {
        log::changes(&self.inner.read, after, limit).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        log::head(&self.inner.read).await.map(|_| ())
    }

    /// Whether no entry has ever been made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_empty(&self) -> Result<bool> {
        Ok(self.read("SELECT 1 FROM entry LIMIT 1", Vec::new()).await?.is_empty())
    }

    /// Brings what is in the write-ahead log of an embedded database into its file, as far as nobody's reading stands against
    /// it, and without anybody waiting for it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn checkpoint(&self) -> Result<()> {
        match &self.inner.embedded {
            Some(embedded) => embedded.checkpoint(false).await,
            None => Ok(()),
        }
    }

    /// Closes the connections; statements under way finish first. An embedded database is its file alone after that, if nobody
    /// else uses it.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(&self) -> Result<()> {
        if let Some(inline) = &self.inner.inline {
            inline.close();
        }
        self.inner.read.clone().close().await?;
        if let Some(embedded) = &self.inner.embedded {
            embedded.settle().await;
        }
        self.inner.write.clone().close().await?;
        if let Some(embedded) = &self.inner.embedded {
            embedded.release();
        }
        Ok(())
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.inner.patience
    }

    pub(crate) fn writer(&self) -> &Link {
        &self.inner.write
    }

    pub(crate) fn reader(&self) -> &Link {
        &self.inner.read
    }

    /// Runs one reading statement of a reader's request, and reads each of its rows.
    pub(crate) async fn rows<T>(
        &self,
        sql: String,
        values: Vec<Value>,
        mut read: impl FnMut(Cursor<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        tracing::debug!(target: "courant::sql", statement = sql);
        if let Some(inline) = &self.inner.inline {
            match inline.rows(&sql, &values, &mut read).await {
                Ok(rows) => return Ok(rows),
                Err(Unread::Slow) => return Err(StoreError::TooSlow),
                Err(Unread::Failed(error)) => tracing::debug!(target: "courant::sql", left_to_driver = error),
            }
        }
        self.run(sql, values).await?.iter().map(|row| read(Cursor::new(row))).collect()
    }

    /// Runs one reading statement. Every statement that a request causes goes through here or through [`Store::rows`], which
    /// makes this the place to count and log them: at level `debug` of the target `courant::sql`.
    pub(crate) async fn read(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<Vec<QueryResult>> {
        let sql = sql.into();
        tracing::debug!(target: "courant::sql", statement = sql);
        self.run(sql, values).await
    }

    async fn run(&self, sql: String, values: Vec<Value>) -> Result<Vec<QueryResult>> {
        let backend = self.inner.read.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        // Idle connections are not pinged; one the server closed meanwhile shows here, and leaves the pool by it.
        // After a restart of the server that is all of them, one after the other.
        for _ in 0..self.inner.idle {
            match self.inner.read.query_all_raw(statement.clone()).await {
                Err(error) if is_disconnect(&error) => {
                    tracing::warn!(%error, "a database connection was lost, trying another one");
                }
                other => return Ok(other?),
            }
        }
        Ok(self.inner.read.query_all_raw(statement).await?)
    }
}

/// The number of the last change. The clock is set by the way.
async fn head_and_time(connection: &Link, clock: &Clock) -> Result<ChangeSeq> {
    let sent = Instant::now();
    let (head, now) = log::head(connection).await?;
    if let Some(now) = now {
        clock.seen(now, sent);
    }
    Ok(head)
}

/// Whether the connection was lost, before or while it ran a statement.
pub(crate) fn is_disconnect(error: &sea_orm::DbErr) -> bool {
    match of_driver(error) {
        Some(sqlx::Error::Io(_)) => true,
        // 57P01 to 57P03: the server is shutting down, or has just come back.
        Some(sqlx::Error::Database(error)) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
