//! What goes with an entry, as a follower of the change log keeps it: what is compared of entries, by which like ones are found, and the
//! lists made of it. Readers read the lists by [`Live`](crate::Live), which shows nothing of them that is not live.
//!
//! *Invariants*: all of it is made of what is live. Each writing is one transaction and takes the next version, if what it was made of is
//! still the last one: whoever was held up writes nothing over what came after. A list has the version of the last writing that changed it.

mod news;
mod read;
mod write;

use courant_domain::{change::ChangeSeq, id::EntryId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

pub(crate) use self::news::RelatedNews;
pub use self::{
    read::Place,
    write::{Dropped, Known, List, Offered, Update},
};
use crate::{
    db::{connect::Dialect, convert::from_word, parameters::Parameters},
    error::{Result, corrupt},
    store::Store,
};

/// What goes with an entry, as it is kept.
#[derive(Debug, Clone)]
pub struct Related {
    store: Store,
}

impl Store {
    /// What goes with an entry, as it is kept.
    #[must_use]
    pub fn related(&self) -> Related {
        Related { store: self.clone() }
    }
}

/// How far the making of all lists is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    /// It has not begun.
    None,
    /// Entries are looked at, in the order of their ids.
    Profiles,
    /// Lists are made, in the same order.
    Lists,
    /// It is done; what has changed since is taken in as it comes.
    Done,
}

impl Phase {
    const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Profiles => "PROFILES",
            Self::Lists => "LISTS",
            Self::Done => "DONE",
        }
    }
}

/// What is known of all lists together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelatedState {
    /// The version of the last writing.
    pub version: i64,
    /// How far their making is.
    pub building: Building,
}

/// A making of all lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Building {
    /// The version of what makes them.
    pub made_by: u32,
    /// What is made.
    pub phase: Phase,
    /// The change that it began after, and when that was written, by which another history is known.
    pub seq: ChangeSeq,
    /// In microseconds since 1970.
    pub micros: i64,
    /// The last entry that is done.
    pub after: Option<EntryId>,
}

impl Related {
    /// The name of the follower that keeps them, and of its cursor.
    pub const FOLLOWER: &'static str = "related";

    /// How far it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn state(&self) -> Result<RelatedState> {
        let sql = "SELECT version, made_by, phase, seq, micros, after_id FROM related_state WHERE id = 1";
        let rows = self.store.read(sql, Vec::new()).await?;
        let row = rows.first().ok_or_else(|| corrupt("no related_state"))?;
        Ok(RelatedState {
            version: row.try_get_by_index(0)?,
            building: Building {
                made_by: u32::try_from(row.try_get_by_index::<i32>(1)?).map_err(corrupt)?,
                phase: from_word(&row.try_get_by_index::<String>(2)?)?,
                seq: row.try_get_by_index(3)?,
                micros: row.try_get_by_index(4)?,
                after: row.try_get_by_index::<Option<Uuid>>(5)?.map(EntryId::from),
            },
        })
    }
}

/// The version of the last writing.
pub(crate) async fn version<C: ConnectionTrait>(connection: &C) -> Result<i64> {
    let sql = "SELECT version FROM related_state WHERE id = 1";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?.ok_or_else(|| corrupt("no related_state"))?;
    Ok(row.try_get_by_index(0)?)
}

/// Rows of values as SQL: `($1, $2), ($3, $4)`.
fn rows_of<const N: usize>(parameters: &mut Parameters, rows: impl IntoIterator<Item = [Value; N]>) -> String {
    let rows = rows.into_iter().map(|row| format!("({})", parameters.bind_all(row)));
    rows.collect::<Vec<_>>().join(", ")
}

/// The ids of a column `entry_id` in one text, as [`ids`] reads them.
const fn joined(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "string_agg(x.entry_id::text, ',')",
        Dialect::Sqlite => "group_concat(hex(x.entry_id))",
    }
}

fn ids(row: &QueryResult, at: usize) -> Result<Vec<EntryId>> {
    let text: Option<String> = row.try_get_by_index(at)?;
    let ids = text.iter().flat_map(|text| text.split(','));
    ids.map(|id| Uuid::try_parse(id).map(EntryId::from).map_err(corrupt)).collect()
}
