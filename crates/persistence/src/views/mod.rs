//! How often entries were read.
//!
//! Nodes count in memory and bring here what they have counted ([`Views::add`]), in transactions of their own: no change of content
//! waits for them, nothing is written to the change log, and nobody is woken. Counts are added up in SQL. Beside the count of all
//! time, an entry has a score for each window of time (`courant_domain::reading`), by which lists are ordered; what has left a window
//! is taken out of it by [`Views::let_go`].
//!
//! *Invariant*: whoever writes here locks the row of `read_head` first, and then rows in the order of their entries. So no two wait
//! for one another, and what nodes have counted has an order, by which each learns what the others have counted ([`Views::prints`]).

mod add;
mod let_go;
mod prints;
mod restore;
mod salts;

use courant_domain::{
    id::EntryId,
    reading::{ReadingWindow, Score, Span},
};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, Value};
use serde_json::Value as Json;

pub(crate) use self::restore::restore;
pub use self::{
    add::{Added, EditionReads, PARTS},
    prints::Prints,
    salts::DaySalt,
};
use crate::{
    db::{connect::Dialect, convert::micros, transaction::Guarded},
    error::{Result, StoreError},
    store::Store,
    webhooks::statement,
};

/// How often entries were read: the handle through which counts are written.
#[derive(Debug, Clone)]
pub struct Views {
    store: Store,
}

impl Store {
    /// How often entries were read.
    #[must_use]
    pub fn views(&self) -> Views {
        Views { store: self.clone() }
    }
}

/// The number that the table of buckets has for how long they are.
const fn number_of(span: Span) -> i16 {
    match span {
        Span::Hour => 0,
        Span::Day => 1,
    }
}

/// The span that has this number.
pub(crate) const fn span_of(number: i16) -> Span {
    if number == number_of(Span::Hour) { Span::Hour } else { Span::Day }
}

/// The scores of an entry, in the order of [`ReadingWindow::ALL`].
type Scores = [Score; 3];

/// What a value is in a row that a statement is given.
#[derive(Debug, Clone, Copy)]
enum Sort {
    Id,
    Text,
    Number,
}

/// Rows that a statement is given as one parameter, `$1`, in JSON: what stands for them in the statement's `FROM`, as `i`.
fn given(dialect: Dialect, columns: &[(&str, Sort)]) -> String {
    let column = |(name, sort): &(&str, Sort)| match (dialect, sort) {
        (Dialect::Postgres, Sort::Id) => format!("{name} uuid"),
        (Dialect::Postgres, Sort::Text) => format!("{name} text"),
        (Dialect::Postgres, Sort::Number) => format!("{name} bigint"),
        (Dialect::Sqlite, Sort::Id) => format!("unhex(value->>'{name}') AS {name}"),
        (Dialect::Sqlite, _) => format!("value->>'{name}' AS {name}"),
    };
    let columns = columns.iter().map(column).collect::<Vec<_>>().join(", ");
    match dialect {
        Dialect::Postgres => format!("jsonb_to_recordset($1::text::jsonb) AS i({columns})"),
        Dialect::Sqlite => format!("(SELECT {columns} FROM json_each($1)) i"),
    }
}

/// An id as [`given`] takes it.
fn id(entry: EntryId) -> String {
    entry.uuid().simple().to_string()
}

/// The rows as [`given`] takes them.
fn rows(rows: Vec<Json>) -> Value {
    Json::Array(rows).to_string().into()
}

/// Locks what all who write counts lock first, and says what the others have left there: the last number, the day, how many prints
/// there are of it, and up to where days have left the week.
async fn lock(tx: &Guarded) -> Result<(i64, i32, i64, i64)> {
    let sql = "UPDATE read_head SET number = number WHERE id = 1 RETURNING number, day, prints, week_left";
    let row = tx.query_one_raw(statement(tx, sql, [])).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("the table read_head has no row".to_owned()))?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?))
}

/// Puts scores in the place of what they were.
async fn put_scores(tx: &Guarded, dialect: Dialect, scores: &[(EntryId, Scores)]) -> Result<()> {
    let row = |(entry, [day, week, month]): &(EntryId, Scores)| serde_json::json!({ "entry": id(*entry), "d": day.number(), "w": week.number(), "m": month.number() });
    let columns = [("entry", Sort::Id), ("d", Sort::Number), ("w", Sort::Number), ("m", Sort::Number)];
    let sql = format!(
        "UPDATE view_count SET day_score = i.d, week_score = i.w, month_score = i.m FROM {} WHERE entry_id = i.entry",
        given(dialect, &columns)
    );
    tx.execute_raw(statement(tx, &sql, [rows(scores.iter().map(row).collect())])).await?;
    Ok(())
}

/// The score of each window as the buckets make it.
fn scores(buckets: &[courant_domain::reading::Bucket], now: Timestamp) -> Scores {
    ReadingWindow::ALL.map(|window| Score::of(window, buckets, now))
}

fn left(span: Span, now: Timestamp) -> i64 {
    micros(span.kept_for().left_at(now))
}
