//! The one place where a write transaction begins and ends.
//!
//! *Invariant*: what was not committed to the database is never reported as made, whatever failed in it or before it; and what
//! was committed is never reported as not made. See `guarded`, `settle` and [`proven`](crate::db::proven).

mod guarded;
mod settle;

use std::{sync::Arc, time::Duration};

use courant_domain::{
    change::{Action, Change, ChangeKey, ChangeSeq, Told, Touched},
    locale::Locale,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryResult, QuerySelect, Statement, Value,
};

pub(crate) use self::guarded::Guarded;
use self::{
    guarded::Uncommitted,
    settle::{Settled, settle},
};
use crate::{
    change_log::{self, Locked},
    db::{
        connect::{Dialect, WRITERS},
        entity::audit_log,
        holdup,
        link::Held,
        patience::{BULKY, Patience},
    },
    error::{Result, StoreError},
    reference::{self, Reference},
    store::{Store, is_disconnect},
};

/// An open write transaction. It holds the change log's head from its first statement to its commit, so
/// write transactions run one after the other and their changes are committed in the order of their numbers.
pub(crate) struct Transaction {
    inner: Guarded,
    /// PostgreSQL's number of it.
    id: Option<String>,
    pub(crate) reference: Reference,
    pub(crate) now: Timestamp,
    head: ChangeSeq,
    pending: Vec<Change>,
    pub(crate) audits: Vec<audit_log::ActiveModel>,
}

impl Transaction {
    pub(crate) async fn begin(store: &Store) -> Result<Self> {
        let mut inner = open(store).await?;
        let Locked { head, now, id } = match change_log::lock_head(&inner).await {
            // Who holds the lock is at work, or hangs: what is ours is ended by the server, what is not is looked for.
            Err(StoreError::Busy) if store.dialect() == Dialect::Postgres => {
                drop(inner);
                if !holdup::end_idle(store, store.patience().lock).await? {
                    return Err(StoreError::Busy);
                }
                inner = open(store).await?;
                change_log::lock_head(&inner).await?
            }
            other => other?,
        };
        let known = store.reference();
        let reference = if known.seq == head {
            Reference::clone(&known)
        } else {
            reference::load(&inner, (known.seq < head).then_some(&*known)).await?
        };
        let now = now.unwrap_or_else(|| store.now());
        Ok(Self { inner, id, reference, now, head, pending: Vec::new(), audits: Vec::new() })
    }

    /// The number of the last change so far, those of this transaction included.
    pub(crate) const fn head(&self) -> ChangeSeq {
        self.head
    }

    pub(crate) const fn connection(&self) -> &Guarded {
        &self.inner
    }

    /// The first row of a reading statement.
    pub(crate) async fn row<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<Option<QueryResult>> {
        let statement = Statement::from_sql_and_values(self.inner.get_database_backend(), sql, values);
        Ok(self.inner.query_one_raw(statement).await?)
    }

    /// Says that this is work that takes long by its nature: a statement of it may take so long, and what is done between two of
    /// them so long. Whoever else writes is told that the database is busy meanwhile.
    pub(crate) async fn takes(&self, longest: Duration, pause: Duration) -> Result<()> {
        Ok(self.inner.takes(longest, pause).await?)
    }

    /// The same of what touches many entries at once, in statements that follow one another at once.
    pub(crate) async fn is_bulky(&self) -> Result<()> {
        self.takes(BULKY, Patience::SERVING.idle).await
    }

    /// Puts a change into the log that readers see, and says its number.
    pub(crate) fn log(&mut self, key: ChangeKey, action: Action) -> ChangeSeq {
        self.log_told(key, action, Told::default())
    }

    /// The same of one that readers are told more of, or nothing.
    pub(crate) fn log_told(&mut self, key: ChangeKey, action: Action, told: Told) -> ChangeSeq {
        self.head += 1;
        let told = Some(Arc::new(told));
        self.pending.push(Change { seq: self.head, at: self.now, key, action, touched: None, told });
        self.head
    }

    /// Says where a change of this transaction shows beyond what it is of, and what name it took away.
    pub(crate) fn touches(&mut self, seq: ChangeSeq, touched: Touched, before: Option<&str>) {
        if let Some(change) = self.pending.iter_mut().rev().find(|change| change.seq == seq) {
            if before.is_some_and(|before| touched.slug.as_deref() != Some(before)) {
                let told = change.told.as_deref().cloned().unwrap_or_default();
                change.told = Some(Arc::new(Told { before: before.map(str::to_owned), ..told }));
            }
            change.touched = Some(Arc::new(touched));
        }
    }

    /// The site's languages.
    pub(crate) fn locales(&self) -> Vec<Locale> {
        self.reference.site.locales.iter().map(|locale| locale.tag).collect()
    }

    /// Reads the reference data again, after this transaction has changed it.
    pub(crate) async fn reload_reference(&mut self) -> Result<()> {
        self.reference = reference::load(&self.inner, Some(&self.reference)).await?;
        Ok(())
    }

    /// Commits, and wakes whoever follows the log in this process. When it fails, nothing was written, unless it says that
    /// this is not known.
    pub(crate) async fn commit(mut self, store: &Store) -> Result<()> {
        let has_changed = !self.pending.is_empty();
        change_log::append(&self.inner, std::mem::take(&mut self.pending)).await?;
        self.write_audits().await?;
        if let Err(Uncommitted { error, surely }) = self.inner.commit().await {
            let settled = if surely { Settled::NotMade } else { Box::pin(settle(store, self.id.as_deref())).await };
            match settled {
                Settled::Made => tracing::warn!(%error, "a change was committed, but its answer was lost"),
                Settled::NotMade => return Err(error.into()),
                Settled::Unknown => {
                    tracing::error!(%error, "it is not known whether a change was committed");
                    store.note_made();
                    return Err(StoreError::OutcomeUnknown);
                }
            }
        }
        store.note_made();
        if has_changed {
            store.announce();
        }
        // It is made, whether it can be read again yet or not. Whoever follows the log takes it in later.
        if let Err(error) = Box::pin(store.refresh()).await {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(%error, source, "a change was committed, but cannot be taken in yet");
        }
        Ok(())
    }

    /// Numbers and writes the audit log's new records. The lock on the change log's head is held, so that their
    /// numbers are committed in order, too.
    async fn write_audits(&mut self) -> Result<()> {
        if self.audits.is_empty() {
            return Ok(());
        }
        let last: Option<Option<i64>> = audit_log::Entity::find()
            .select_only()
            .column_as(audit_log::Column::Seq.max(), "last")
            .into_tuple()
            .one(&self.inner)
            .await?;
        let first = last.flatten().unwrap_or(0) + 1;
        let rows = std::mem::take(&mut self.audits);
        let rows = rows.into_iter().zip(first..).map(|(row, seq)| audit_log::ActiveModel { seq: Set(seq), ..row });
        for rows in chunks(rows.collect()) {
            audit_log::Entity::insert_many(rows).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<()> {
        Ok(self.inner.rollback().await?)
    }
}

/// Begins a transaction without the lock that all writers take.
pub(crate) async fn open(store: &Store) -> Result<Guarded> {
    match begin(store).await {
        Ok(inner) => Ok(Guarded::new(inner, store.health().clone())),
        Err(error) => Err(Box::pin(store.health().failed(error)).await.into()),
    }
}

async fn begin(store: &Store) -> Result<Held, DbErr> {
    // Nothing has been done yet, so that a connection lost while it lay idle is no loss.
    for _ in 0..WRITERS {
        match store.writer().begin().await {
            Err(error) if is_disconnect(&error) => tracing::warn!(%error, "a database connection was lost"),
            other => return other,
        }
    }
    store.writer().begin().await
}

/// Rows in portions that stay below both databases' limits on parameters.
pub(crate) fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    const ROWS: usize = 1000;
    let mut rows = rows.into_iter().peekable();
    std::iter::from_fn(move || rows.peek().is_some().then(|| rows.by_ref().take(ROWS).collect()))
}
