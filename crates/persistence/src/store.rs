//! The store: one database, and what is kept of it in memory.

mod news;

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use courant_domain::change::{Change, ChangeSeq};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use tokio::sync::{Notify, watch};

use crate::{
    change_log::{self, recent::Recent, wake::Announcer},
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
        statements,
        weight::Weight,
        writes::Health,
    },
    error::{Result, StoreError, of_driver},
    live::read::departure::Departures,
    reference::{self, Reference},
    related::{self, RelatedNews},
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
    recent: Recent,
    departures: Departures,
    related: RelatedNews,
    /// Tells other processes; there are none on an embedded database that could be told.
    announcer: Option<Announcer>,
    clock: Clock,
    patience: Patience,
    /// Tells whoever sends to webhooks in this process that there may be something to send.
    outbox: Notify,
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
        let related = RelatedNews::new(related::version(house.link()).await?);
        let (head, recent) = (watch::Sender::new(reference.seq), Recent::new(reference.seq));
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
                recent,
                departures: Departures::default(),
                related,
                announcer,
                clock,
                patience: options.patience,
                outbox: Notify::new(),
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
        self.with_reference(Arc::clone)
    }

    /// Looks at the reference data while nobody can put newer ones in their place.
    pub(crate) fn with_reference<T>(&self, look: impl FnOnce(&Arc<Reference>) -> T) -> T {
        // The lock is only ever held to swap the pointer, so what is behind it is whole.
        look(&self.inner.reference.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// When nobody else had an embedded database open, if that is known.
    pub(crate) fn alone_at(&self) -> Option<Timestamp> {
        let alone_at = self.inner.embedded.as_ref()?.alone_at()?;
        Some(self.inner.clock.shown(alone_at))
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
        let looked_at = Instant::now();
        let head = head_and_time(self.reader(), &self.inner.clock).await?;
        self.recent().is_head(head, looked_at);
        Ok(head)
    }

    /// Up to `limit` changes after `after`, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, after: ChangeSeq, limit: u64) -> Result<Vec<Change>> {
        change_log::changes(self.reader(), after, limit).await
    }

    /// Waits until this process has put something into the outbox of webhooks. There is one who waits.
    pub async fn outbox_grows(&self) {
        self.inner.outbox.notified().await;
    }

    pub(crate) fn outbox_grew(&self) {
        self.inner.outbox.notify_one();
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

    pub(crate) fn recent(&self) -> &Recent {
        &self.inner.recent
    }

    pub(crate) fn related_news(&self) -> &RelatedNews {
        &self.inner.related
    }

    pub(crate) fn known_departures(&self) -> &Departures {
        &self.inner.departures
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
        statements::note();
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
                Err(Unread::Unconnected) => Box::pin(self.inner.house.run(&self.statement(sql, values))).await?,
                Err(Unread::Failed(error)) => {
                    tracing::debug!(target: "courant::sql", left_to_driver = error);
                    Box::pin(self.inner.house.run(&self.statement(sql, values))).await?
                }
            },
            Readers::Lanes(lanes) => return lanes.rows(sql, values, weight, budget, read).await,
        };
        rows.iter().map(|row| read(Cursor::new(row))).collect()
    }

    /// Runs one small reading statement of the house's own. Every statement that a request causes goes through here or through
    /// [`Store::rows`], which makes this the place to count and log them: at level `debug` of the target `courant::sql`.
    pub(crate) async fn read(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<Vec<QueryResult>> {
        let sql = sql.into();
        statements::note();
        tracing::debug!(target: "courant::sql", statement = sql);
        self.inner.house.run(&self.statement(sql, values)).await
    }

    fn statement(&self, sql: String, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.reader().get_database_backend(), sql, values)
    }
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
