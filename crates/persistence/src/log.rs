//! Reading the change log.

use courant_domain::change::{Change, ChangeSeq};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};

use crate::{
    convert::{from_word, locale, timestamp},
    entity::change_log,
    error::{Result, corrupt},
};

/// The number of the last change.
pub(crate) async fn head<C: ConnectionTrait>(connection: &C) -> Result<ChangeSeq> {
    let statement =
        Statement::from_string(connection.get_database_backend(), "SELECT seq FROM change_head WHERE id = 1");
    let row = connection.query_one_raw(statement).await?.ok_or_else(|| corrupt("no change_head"))?;
    Ok(row.try_get_by_index(0)?)
}

/// Up to `limit` changes behind `after`, in order.
pub(crate) async fn changes<C: ConnectionTrait>(connection: &C, after: ChangeSeq, limit: u64) -> Result<Vec<Change>> {
    change_log::Entity::find()
        .filter(change_log::Column::Seq.gt(after))
        .order_by_asc(change_log::Column::Seq)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Change {
                seq: row.seq,
                at: timestamp(row.at)?,
                subject: from_word(&row.subject)?,
                id: row.subject_id,
                locale: row.locale.as_deref().map(locale).transpose()?,
                action: from_word(&row.action)?,
            })
        })
        .collect()
}
