//! Reading and writing the change log.

pub(crate) mod followers;
pub(crate) mod pings;
pub(crate) mod recent;
pub(crate) mod wake;

use std::sync::Arc;

use courant_domain::change::{Action, Change, ChangeKey, ChangeSeq, Subject, Told};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, Statement,
};

use crate::{
    db::{
        convert::{from_document, from_word, locale, micros, timestamp, to_document},
        entity::change_log,
        transaction::{Guarded, chunks},
    },
    error::{Result, StoreError, corrupt},
};

/// The number of the last change, and what the database's clock says; an embedded database has none but ours.
pub(crate) async fn head<C: ConnectionTrait>(connection: &C) -> Result<(ChangeSeq, Option<Timestamp>)> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => format!("SELECT seq, {NOW} FROM change_head WHERE id = 1"),
        _ => "SELECT seq, NULL FROM change_head WHERE id = 1".to_owned(),
    };
    read_head(&head_row(connection, sql).await?)
}

/// What a transaction that writes is told when it has the lock of all writers.
pub(crate) struct Locked {
    pub(crate) head: ChangeSeq,
    pub(crate) now: Option<Timestamp>,
    /// PostgreSQL's number of the transaction, by which the server can be asked what became of it.
    pub(crate) id: Option<String>,
}

/// The same of a transaction that writes, and from here on it alone does: nobody else gets a number until it has ended. The time is
/// read once the lock is held, so that times follow one another as numbers do.
pub(crate) async fn lock_head(connection: &Guarded) -> Result<Locked> {
    let sql = match connection.get_database_backend() {
        // What stands beside a lock in one SELECT is read before it waits for the lock.
        DbBackend::Postgres => format!(
            "SELECT head.seq, {NOW}, CAST(pg_current_xact_id() AS text) \
             FROM (SELECT seq FROM change_head WHERE id = 1 FOR UPDATE) AS head"
        ),
        _ => "SELECT seq, NULL, NULL FROM change_head WHERE id = 1".to_owned(),
    };
    let row = match head_row(connection, sql).await {
        // Who waits for others that wait waits twice: each time for so long as a lock is waited for.
        Err(StoreError::TooSlow) => return Err(StoreError::Busy),
        other => other?,
    };
    let (head, now) = read_head(&row)?;
    Ok(Locked { head, now, id: row.try_get_by_index(2)? })
}

/// The table whose one row all writers lock.
pub(crate) const LOCKED: &str = "change_head";

/// What PostgreSQL's clock says at this very moment, in microseconds.
pub(crate) const NOW: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";

async fn head_row<C: ConnectionTrait>(connection: &C, sql: String) -> Result<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await?.ok_or_else(|| corrupt("no change_head"))
}

fn read_head(row: &QueryResult) -> Result<(ChangeSeq, Option<Timestamp>)> {
    let now: Option<i64> = row.try_get_by_index(1)?;
    Ok((row.try_get_by_index(0)?, now.map(timestamp).transpose()?))
}

/// Up to `limit` changes after `after`, in order.
pub(crate) async fn changes<C: ConnectionTrait>(connection: &C, after: ChangeSeq, limit: u64) -> Result<Vec<Change>> {
    change_log::Entity::find()
        .filter(change_log::Column::Seq.gt(after))
        .order_by_asc(change_log::Column::Seq)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(change)
        .collect()
}

/// Writes changes and the number of the last one.
pub(crate) async fn append<C: ConnectionTrait>(tx: &C, changes: Vec<Change>) -> Result<()> {
    let Some(head) = changes.last().map(|change| change.seq) else { return Ok(()) };
    for rows in chunks(changes.into_iter().map(row).collect()) {
        change_log::Entity::insert_many(rows.into_iter().collect::<Result<Vec<_>>>()?)
            .exec_without_returning(tx)
            .await?;
    }
    let sql = "UPDATE change_head SET seq = $1 WHERE id = 1";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [head.into()])).await?;
    Ok(())
}

fn row(change: Change) -> Result<change_log::ActiveModel> {
    let subject = change.key.subject().as_str().to_owned();
    let (mut id, mut language, mut kind, mut of) = (None, None, None, None);
    match change.key {
        ChangeKey::Site => {}
        ChangeKey::Edition { entry, locale, kind: is } => {
            id = Some(entry.uuid());
            language = Some(locale.to_string());
            kind = Some(is.as_str().to_owned());
        }
        ChangeKey::Category(category) => id = Some(category.uuid()),
        ChangeKey::Feed(feed) => id = Some(feed.uuid()),
        ChangeKey::Tag(tag) => id = Some(tag.uuid()),
        ChangeKey::Person(person) => id = Some(person.uuid()),
        ChangeKey::Redirect { path } => of = Some(path),
    }
    // Servers of before know no other word; what it was is told beside it.
    let action = if change.action == Action::ForceChanged { Action::Put } else { change.action };
    Ok(change_log::ActiveModel {
        seq: Set(change.seq),
        at: Set(micros(change.at)),
        subject: Set(subject),
        subject_id: Set(id),
        locale: Set(language),
        kind: Set(kind),
        path: Set(of),
        action: Set(action.as_str().to_owned()),
        touched: Set(change.touched.as_deref().map(to_document).transpose()?),
        told: Set(change.told.as_deref().map(to_document).transpose()?),
    })
}

/// Reads a row.
pub(crate) fn change(row: change_log::Model) -> Result<Change> {
    let change_log::Model { seq, at, subject, subject_id, locale: language, kind, path, action, touched, told } = row;
    let lacks = |column: &str| corrupt(format!("change {seq} has no {column}"));
    let id = || subject_id.ok_or_else(|| lacks("subject_id"));
    let key = match from_word(&subject)? {
        Subject::Site => ChangeKey::Site,
        Subject::Edition => ChangeKey::Edition {
            entry: id()?.into(),
            locale: locale(language.as_deref().ok_or_else(|| lacks("locale"))?)?,
            kind: from_word(kind.as_deref().ok_or_else(|| lacks("kind"))?)?,
        },
        Subject::Category => ChangeKey::Category(id()?.into()),
        Subject::Feed => ChangeKey::Feed(id()?.into()),
        Subject::Tag => ChangeKey::Tag(id()?.into()),
        Subject::Person => ChangeKey::Person(id()?.into()),
        Subject::Redirect => ChangeKey::Redirect { path: path.ok_or_else(|| lacks("path"))? },
    };
    let touched = touched.as_deref().map(from_document).transpose()?.map(Arc::new);
    let told = told.as_deref().map(from_document::<Told>).transpose()?.map(Arc::new);
    let is_by_day = told.as_ref().is_some_and(|told| told.day.is_some());
    let action = if is_by_day { Action::ForceChanged } else { from_word(&action)? };
    Ok(Change { seq, at: timestamp(at)?, key, action, touched, told })
}

#[cfg(test)]
mod tests {
    use courant_domain::{change::Touched, entry::EntryKind, locale::Locale};
    use sea_orm::{TryIntoModel, sqlx::types::Uuid};

    use super::*;

    #[test]
    fn every_key_comes_back() {
        let id = Uuid::from_u128(42);
        let (entry, locale, kind) = (id.into(), Locale::ENGLISH, EntryKind::Decree);
        for key in [
            ChangeKey::Site,
            ChangeKey::Edition { entry, locale, kind },
            ChangeKey::Category(id.into()),
            ChangeKey::Feed(id.into()),
            ChangeKey::Tag(id.into()),
            ChangeKey::Person(id.into()),
            ChangeKey::Redirect { path: "/en/articles/a".to_owned() },
        ] {
            let touched = Touched { slug: Some("a".to_owned()), relations: vec![entry], ..Touched::default() };
            let touched = Some(Arc::new(touched));
            let told = Some(Arc::new(Told::named(Some("b"), Some("a"))));
            let by_day = Some(Arc::new(Told { day: Some(jiff::civil::date(2026, 11, 29)), ..Told::default() }));
            for (action, told) in [(Action::Removed, told), (Action::Put, None), (Action::ForceChanged, by_day)] {
                let (key, touched) = (key.clone(), touched.clone());
                let written = Change { seq: 7, at: Timestamp::UNIX_EPOCH, key, action, touched, told };
                assert_eq!(change(row(written.clone()).unwrap().try_into_model().unwrap()).unwrap(), written);
            }
        }
    }

    #[test]
    fn a_row_that_does_not_say_what_changed_is_corrupt() {
        let key = ChangeKey::Redirect { path: "/en/articles/a".to_owned() };
        let written = Change { seq: 7, at: Timestamp::UNIX_EPOCH, key, action: Action::Put, touched: None, told: None };
        let mut read = row(written).unwrap().try_into_model().unwrap();
        read.path = None;
        assert!(matches!(change(read), Err(StoreError::Corrupt(_))));
    }
}
