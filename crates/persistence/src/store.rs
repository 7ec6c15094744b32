//! The store: one database, and what is kept of it in memory.

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use courant_domain::change::{Change, ChangeSeq, Subject};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use tokio::sync::watch;

use crate::{
    change_log::{self, wake::Announcer},
    db::{
        budget::Budget,
        clock::Clock,
        connect::{self, Connections, Dialect, LONGEST, Options, Readers},
        embedded::Embedded,
        inline::Unread,
        lanes::Lane,
        link::Link,
        migrate,
        patience::Patience,
        row::Cursor,
        weight::Weight,
        writes::Health,
    },
    error::{Result, StoreError, of_driver},
    reference::{self, Reference},
};

/// A database of Courant's. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    /// The time of the request that it is asked for; without, each statement has [`LONGEST`].
    budget: Option<Budget>,
    /// How often something was written; see [`Store::noting`].
    made: Arc<AtomicU32>,
}

struct Inner {
    dialect: Dialect,
    /// For what the house asks itself: who somebody is, what has changed, whether the database is there.
    house: Lane,
    /// For what readers and the newsroom ask.
    readers: Readers,
    write: Link,
    health: Arc<Health>,
    embedded: Option<Arc<Embedded>>,
    reference: RwLock<Arc<Reference>>,
    head: watch::Sender<ChangeSeq>,
    /// Tells other processes; there are none on an embedded database that could be told.
    announcer: Option<Announcer>,
    clock: Clock,
    patience: Patience,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.inner.dialect)
    }
}

impl Store {
    /// Opens a database whose schema is up to date (see [`migrate`](crate::migrate())).
    ///
    /// # Errors
    /// When it cannot be reached, or has not been migrated.
    pub async fn open(options: &Options) -> Result<Self> {
        let Connections { dialect, house, readers, write, embedded } = connect::connect(options).await?;
        migrate::check(house.link()).await?;
        let clock = Clock::new(options.clock_off_by);
        head_and_time(house.link(), &clock).await?;
        let reference = reference::load(house.link(), None).await?;
        let head = watch::Sender::new(reference.seq);
        let announcer = match dialect {
            Dialect::Postgres => Some(Announcer::new(connect::postgres(options)?)),
            Dialect::Sqlite => None,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                dialect,
                house,
                readers,
                write,
                health: Arc::new(Health::new(options.file()?)),
                embedded,
                reference: RwLock::new(Arc::new(reference)),
                head,
                announcer,
                clock,
                patience: options.patience,
            }),
            budget: None,
            made: Arc::default(),
        })
    }

    /// The same database for one request, whose statements together have this time.
    #[must_use]
    pub fn within(&self, budget: Budget) -> Self {
        Self { budget: Some(budget), ..self.clone() }
    }

    /// The same store, which counts anew how often something is written through it.
    #[must_use]
    pub fn noting(&self) -> Self {
        Self { made: Arc::default(), ..self.clone() }
    }

    /// How often something was written through this store and its clones, or may have been.
    #[must_use]
    pub fn made(&self) -> u32 {
        self.made.load(Ordering::Relaxed)
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

    /// The number of the last change in the log, taken in or not. By the way the clock is set.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_head(&self) -> Result<ChangeSeq> {
        head_and_time(self.reader(), &self.inner.clock).await
    }

    /// Takes in what has changed since, by this process or another. Costs one small statement when nothing has. However many
    /// do so at once, what is known only moves forward.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        while let Some(news) = self.look().await? {
            if self.take_in(news) {
                break;
            }
        }
        Ok(())
    }

    /// What there is to take in.
    async fn look(&self) -> Result<Option<News>> {
        let known = self.reference();
        let head = head_and_time(self.reader(), &self.inner.clock).await?;
        if head == known.seq {
            return Ok(None);
        }
        if head < known.seq {
            // Whoever asks twice is not told of a moment that is over.
            if change_log::head(self.reader()).await?.0 >= known.seq {
                return Ok(None);
            }
            tracing::warn!(
                head,
                known = known.seq,
                "the change log went back: this is another database, or an older state of it"
            );
            let next = reference::load(self.reader(), None).await?;
            return Ok(Some(News { known, next, went_back: true }));
        }
        let changes = change_log::changes(self.reader(), known.seq, 1000).await?;
        let only_editions = changes.last().is_some_and(|change| change.seq >= head)
            && changes.iter().all(|change| change.key.subject() == Subject::Edition);
        let next = if only_editions {
            let mut next = Reference::clone(&known);
            next.timelines_add(reference::new_timelines(self.reader(), known.last_timeline()).await?);
            next.seq = head;
            next
        } else {
            reference::load(self.reader(), Some(&known)).await?
        };
        Ok(Some(News { known, next, went_back: false }))
    }

    /// Puts news in the place of what is known, unless something newer is there; says whether that is all. A log that went back
    /// is another database's, of which nothing known holds; but only if it is behind what is known now: otherwise it has to be
    /// looked at again.
    fn take_in(&self, news: News) -> bool {
        let News { known, next, went_back } = news;
        let mut reference = self.inner.reference.write().unwrap_or_else(PoisonError::into_inner);
        if went_back && !Arc::ptr_eq(&reference, &known) {
            return false;
        }
        if went_back || next.seq > reference.seq {
            let seq = next.seq;
            *reference = Arc::new(next);
            // Before the next one can be taken in, so that this follows in the same order.
            self.inner.head.send_replace(seq);
        }
        true
    }

    /// Up to `limit` changes after `after`, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, after: ChangeSeq, limit: u64) -> Result<Vec<Change>> {
        change_log::changes(self.reader(), after, limit).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        change_log::head(self.reader()).await.map(|_| ())
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
        if let Some(announcer) = self.announcer() {
            announcer.close().await;
        }
        self.inner.readers.close().await?;
        self.reader().clone().close().await?;
        if let Some(embedded) = &self.inner.embedded {
            embedded.settle().await;
        }
        self.inner.write.clone().close().await?;
        if let Some(embedded) = &self.inner.embedded {
            embedded.release();
        }
        Ok(())
    }

    pub(crate) fn announcer(&self) -> Option<&Announcer> {
        self.inner.announcer.as_ref()
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.inner.patience
    }

    pub(crate) fn writer(&self) -> &Link {
        &self.inner.write
    }

    pub(crate) fn health(&self) -> &Arc<Health> {
        &self.inner.health
    }

    /// Notes that something was written.
    pub(crate) fn note_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn reader(&self) -> &Link {
        self.inner.house.link()
    }

    /// Runs one reading statement of a request, and reads each of its rows.
    pub(crate) async fn rows<T>(
        &self,
        sql: String,
        values: Vec<Value>,
        read: impl FnMut(Cursor<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.rows_of(Weight::Light, sql, values, read).await
    }

    /// The same of one that is known to take long, or not to.
    pub(crate) async fn rows_of<T>(
        &self,
        weight: Weight,
        sql: String,
        values: Vec<Value>,
        mut read: impl FnMut(Cursor<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        tracing::debug!(target: "courant::sql", statement = sql);
        let alone;
        let budget = match &self.budget {
            Some(budget) => budget,
            None => {
                alone = Budget::new(LONGEST);
                &alone
            }
        };
        let rows = match &self.inner.readers {
            Readers::Inline(inline) => match inline.rows(&sql, &values, weight, budget, &mut read).await {
                Ok(rows) => return Ok(rows),
                Err(Unread::Slow) => return Err(StoreError::TooSlow),
                Err(Unread::Busy) => return Err(StoreError::Busy),
                Err(Unread::Failed(error)) => {
                    tracing::debug!(target: "courant::sql", left_to_driver = error);
                    Box::pin(self.inner.house.run(&self.statement(sql, values))).await?
                }
            },
            Readers::Lanes(lanes) => lanes.run(&self.statement(sql, values), weight, budget).await?,
        };
        rows.iter().map(|row| read(Cursor::new(row))).collect()
    }

    /// Runs one small reading statement of the house's own. Every statement that a request causes goes through here or through
    /// [`Store::rows`], which makes this the place to count and log them: at level `debug` of the target `courant::sql`.
    pub(crate) async fn read(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<Vec<QueryResult>> {
        let sql = sql.into();
        tracing::debug!(target: "courant::sql", statement = sql);
        self.inner.house.run(&self.statement(sql, values)).await
    }

    fn statement(&self, sql: String, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.reader().get_database_backend(), sql, values)
    }
}

/// What there is to take in, and what it was found to be newer than.
struct News {
    known: Arc<Reference>,
    next: Reference,
    went_back: bool,
}

/// The number of the last change. The clock is set by the way.
async fn head_and_time(connection: &Link, clock: &Clock) -> Result<ChangeSeq> {
    let sent = Instant::now();
    let (head, now) = change_log::head(connection).await?;
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

#[cfg(test)]
mod tests;
