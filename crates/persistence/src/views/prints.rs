//! What other nodes have counted today, so that nobody counts it again.

use courant_identity::reader::Print;
use sea_orm::{ConnectionTrait, QueryResult};

use super::{Views, statement};
use crate::{db::transaction::Guarded, error::Result};

/// Prints of readers, in the order in which nodes have counted them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prints {
    /// Up to which number of nodes' writing.
    pub number: i64,
    /// The prints.
    pub prints: Vec<Print>,
}

/// How much is read at once: each piece is what a node has counted within some seconds.
const AT_ONCE: i64 = 64;

const SQL: &str = "SELECT number, prints FROM read_print WHERE number > $1 AND day = $2 ORDER BY number LIMIT $3";

impl Views {
    /// Some of what was counted on a day after a number, by whichever node; nothing when there is no more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn prints(&self, after: i64, day: i32) -> Result<Option<Prints>> {
        read(self.store.read(SQL, vec![after.into(), day.into(), AT_ONCE.into()]).await?)
    }
}

/// The same within a transaction.
pub(super) async fn prints(tx: &Guarded, after: i64, day: i32) -> Result<Option<Prints>> {
    read(tx.query_all_raw(statement(tx, SQL, [after.into(), day.into(), AT_ONCE.into()])).await?)
}

fn read(rows: Vec<QueryResult>) -> Result<Option<Prints>> {
    let mut found: Option<Prints> = None;
    for row in rows {
        let bytes: Vec<u8> = row.try_get_by_index(1)?;
        let found = found.get_or_insert(Prints { number: 0, prints: Vec::new() });
        found.number = row.try_get_by_index(0)?;
        found.prints.extend(bytes.chunks_exact(8).filter_map(|bytes| bytes.try_into().ok()).map(Print::from_be_bytes));
    }
    Ok(found)
}

pub(super) fn written<'a>(prints: impl Iterator<Item = &'a Print>) -> Vec<u8> {
    prints.flat_map(|print| print.to_be_bytes()).collect()
}
