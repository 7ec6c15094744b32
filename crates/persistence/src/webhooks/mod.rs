//! Webhooks: endpoints, the outbox of messages to them, and what became of each try.
//!
//! A follower of the change log puts messages into the outbox ([`Webhooks::tell`]); the one node that sends takes them from there
//! ([`Webhooks::due`]) and notes what came of it ([`Webhooks::settle`]). Messages of one thing form a *lane*: the first that waits holds
//! back the others.
//!
//! *Invariant*: whoever puts a message into a lane, or takes one out, holds the lock on its webhook's row. So a lane is listed in
//! `webhook_lane` exactly while something waits in it.

mod create;
mod delete;
mod due;
mod forget;
mod keys;
mod list;
mod message;
mod outbox;
mod reach;
mod replay;
mod rotate;
mod settle;
mod tell;
mod test;
mod update;

use courant_domain::{
    audit::AuditSubject,
    bounds::Bound,
    id::WebhookId,
    problem::ProblemCode,
    webhook::{Webhook, WebhookFilter},
};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use uuid::Uuid;

pub use self::{
    create::{WebhookCreate, WebhookMade},
    due::DueDelivery,
    list::{AttemptsRequest, DeliveriesRequest, WebhookNumbers},
    reach::WebhookReached,
    replay::{Replay, Replayed},
    rotate::WebhookRotate,
    settle::Settled,
    update::{WebhookUpdate, WebhookUpdated},
};
use crate::{
    command::{Work, WriteError, Written},
    db::convert::{from_document, from_word, timestamp},
    error::{Result, corrupt},
    store::Store,
};

/// The name of the follower that tells webhooks of changes, and of its cursor.
pub const WEBHOOKS_FOLLOWER: &str = "webhooks";

/// Webhooks, their outbox, and the log of what was sent.
#[derive(Debug, Clone)]
pub struct Webhooks {
    store: Store,
}

impl Store {
    /// Webhooks, their outbox, and the log of what was sent.
    #[must_use]
    pub fn webhooks(&self) -> Webhooks {
        Webhooks { store: self.clone() }
    }
}

/// How many webhooks there can be.
const MOST: i64 = 100;

/// What is selected of webhooks, in the order that [`read`] takes it in.
pub(crate) const COLUMNS: &str = "w.id, w.url, w.name, w.filter, w.state, w.keys, w.stopped_at, w.stopped_after, w.failing_since, \
                       w.failures, w.paused_until, w.delivered_at, w.created_at, w.created_by";

pub(crate) fn read(row: &QueryResult) -> Result<Webhook> {
    let time = |at: usize| -> Result<_> { row.try_get_by_index::<Option<i64>>(at)?.map(timestamp).transpose() };
    let text = |at: usize| row.try_get_by_index::<String>(at);
    Ok(Webhook {
        id: row.try_get_by_index::<Uuid>(0)?.into(),
        url: text(1)?,
        name: text(2)?,
        filter: from_document(&text(3)?)?,
        state: from_word(&text(4)?)?,
        keys: from_document(&text(5)?)?,
        stopped_at: time(6)?,
        stopped_after: row.try_get_by_index::<Option<String>>(7)?.map(|at| at.parse().map_err(corrupt)).transpose()?,
        failing_since: time(8)?,
        failures: u32::try_from(row.try_get_by_index::<i32>(9)?).map_err(corrupt)?,
        paused_until: time(10)?,
        delivered_at: time(11)?,
        created_at: timestamp(row.try_get_by_index(12)?)?,
        created_by: text(13)?.into(),
    })
}

/// A webhook as it is in a transaction, and locked in it.
async fn locked<C: ConnectionTrait>(connection: &C, id: WebhookId) -> Result<Option<Webhook>> {
    let lock = lock_of(connection.get_database_backend());
    let sql = format!("SELECT {COLUMNS} FROM webhook w WHERE w.id = $1{lock}");
    let row = connection.query_one_raw(statement(connection, &sql, [id.uuid().into()])).await?;
    row.as_ref().map(read).transpose()
}

/// All of them, by their ids.
pub(crate) async fn all_in<C: ConnectionTrait>(connection: &C) -> Result<Vec<Webhook>> {
    let sql = format!("SELECT {COLUMNS} FROM webhook w ORDER BY w.id");
    let rows = connection.query_all_raw(statement(connection, &sql, [])).await?;
    rows.iter().map(read).collect()
}

/// A lock that stands against other writers of the row, and not against messages that name it. An embedded database has one writer.
const fn lock_of(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => " FOR NO KEY UPDATE",
        _ => "",
    }
}

pub(crate) fn statement<C: ConnectionTrait>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

/// What the audit log says a change was done to.
fn subject(id: WebhookId) -> (AuditSubject, Uuid) {
    (AuditSubject::Webhook, id.uuid())
}

impl Work<'_> {
    /// The webhook with this id, locked.
    async fn webhook(&self, id: WebhookId) -> Written<Webhook> {
        locked(self.tx.connection(), id).await?.ok_or_else(|| WriteError::not_found("id", "webhook"))
    }

    /// Sees that a webhook can be called this.
    fn webhook_name(name: &str) -> Written<String> {
        let name = name.trim();
        Bound::NAME.check(name).map_err(|error| {
            let message = error.to_string();
            WriteError::refused(error.into(), "name", message)
        })?;
        Ok(name.to_owned())
    }

    /// Sees that what a filter names is there.
    fn webhook_filter(&self, filter: &WebhookFilter) -> Written<()> {
        let reference = &self.tx.reference;
        if let Some(at) = filter.categories.iter().position(|id| reference.categories.get(*id).is_none()) {
            return Err(WriteError::not_found(&format!("filter.categories.{at}"), "category"));
        }
        if let Some(at) = filter.tags.iter().position(|id| reference.tag(*id).is_none()) {
            return Err(WriteError::not_found(&format!("filter.tags.{at}"), "tag"));
        }
        let foreign = filter.locales.iter().enumerate().find(|(_, locale)| !reference.site.has(**locale));
        if let Some((at, locale)) = foreign {
            let (field, message) = (format!("filter.locales.{at}"), format!("the site has no language {locale}"));
            return Err(WriteError::refused(ProblemCode::Invalid, &field, message));
        }
        Ok(())
    }
}

impl Webhooks {
    /// All webhooks, by their names.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all(&self) -> Result<Vec<Webhook>> {
        let rows = self.store.read(format!("SELECT {COLUMNS} FROM webhook w"), Vec::new()).await?;
        let mut found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(found)
    }

    /// The webhook with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn one(&self, id: WebhookId) -> Result<Option<Webhook>> {
        let sql = format!("SELECT {COLUMNS} FROM webhook w WHERE w.id = $1");
        let rows = self.store.read(sql, vec![id.uuid().into()]).await?;
        rows.first().map(read).transpose()
    }
}
