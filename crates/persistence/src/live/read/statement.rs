//! The SQL of lists.
//!
//! A list that is read alone is one index scan with a LIMIT. Many lists are one statement all the same: each
//! gets its own top rows by the index, never all of a timeline. PostgreSQL does that with a lateral join; SQLite, which
//! has none, with a function that makes a table of a correlated list. A list that mixes articles and decrees has them
//! merged before their editions are looked up. A list in another order than its timeline's own is scanned in that order, or
//! sorted where it may have few.

mod described;
mod each;

use courant_domain::{locale::Locale, reading::ReadingWindow};
use sea_orm::Value;

pub(super) use self::described::{Extras, in_each_set, lower, upper};
use super::{
    columns::Select,
    query::Query,
    stream::{Key, Shape, Stream},
};
use crate::db::{connect::Dialect, parameters::Parameters};

pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

/// The statement for all of these streams. Its columns: the place of the stream's shape and the stream's place in it
/// (absent where there is one), the key, and those of [`Select::list`].
pub(super) fn lists(dialect: Dialect, shapes: &[(Shape, Vec<Stream>)], select: &Select) -> Sql {
    let mut parameters = Parameters::default();
    let text = match shapes {
        [(shape, streams)] => rows(dialect, shape, streams, select, &mut parameters),
        shapes => several(dialect, shapes, select, &mut parameters),
    };
    Sql { text, values: parameters.0 }
}

/// The rows of streams of several shapes, each by its own select.
fn several(dialect: Dialect, shapes: &[(Shape, Vec<Stream>)], select: &Select, parameters: &mut Parameters) -> String {
    let columns = (0..select.width()).map(|column| format!("c{column}")).collect::<Vec<_>>().join(", ");
    let (mut parts, mut selects) = (Vec::new(), Vec::new());
    for (at, (shape, streams)) in shapes.iter().enumerate() {
        let rows = rows(dialect, shape, streams, select, parameters);
        let (name, stream) = if streams.len() > 1 { ("stream, ", "stream") } else { ("", "0") };
        parts.push(format!("s{at} ({name}key, {columns}) AS ({rows})"));
        selects.push(format!("SELECT {at}, {stream}, CAST(key AS bigint), {columns} FROM s{at}"));
    }
    format!("WITH {} {}", parts.join(", "), selects.join(" UNION ALL "))
}

/// The rows of streams of one shape. Their columns: the stream's place among `streams` (absent when there is one), the
/// key, and those of [`Select::list`].
fn rows(dialect: Dialect, shape: &Shape, streams: &[Stream], select: &Select, parameters: &mut Parameters) -> String {
    if let [stream] = streams {
        return each::single(dialect, shape, stream, select, parameters);
    }
    if streams.len() <= APART && streams.iter().any(|stream| stream.span.is_some()) {
        return each::apart(dialect, shape, streams, select, parameters);
    }
    let limit = streams.iter().map(|stream| stream.limit).max().unwrap_or(0);
    if is_merged(shape, streams) {
        return each::merged(dialect, shape, streams, limit, select, parameters);
    }
    match dialect {
        Dialect::Postgres => described::lateral(shape, streams, limit, select, parameters),
        Dialect::Sqlite => described::correlated(shape, streams, limit, select, parameters),
    }
}

/// Up to how many streams that may have few are looked at one by one.
pub(super) const APART: usize = 8;

/// Whether streams are merged in the database: those of one list, a kind each, so that no entry is in two of them.
/// What editors pinned comes again further down.
fn is_merged(shape: &Shape, streams: &[Stream]) -> bool {
    let different = |(at, stream): (usize, &Stream)| {
        stream.list == streams[0].list && !stream.pinned && streams[..at].iter().all(|other| other.kind != stream.kind)
    };
    !shape.has_conditions() && streams.iter().enumerate().all(different)
}

/// The tables a key is scanned in, as `t` and what it needs, in its order; `timeline` and `reader` are the SQL for the timeline's
/// number and for the locale of its readers.
fn scan(shape: &Shape, timeline: &str, reader: &str) -> Query {
    let (from, conditions) = match shape.key {
        Key::Timeline => ("timeline_entry t", vec![format!("t.timeline_id = {timeline}")]),
        // CROSS JOIN keeps SQLite scanning in the order of the key.
        Key::Views(_) => (
            "view_count c CROSS JOIN reader_edition r CROSS JOIN timeline_entry t",
            vec![
                format!("r.entry_id = c.entry_id AND r.locale = {reader} AND t.timeline_id = {timeline}"),
                "t.sort_key = r.published_at AND t.entry_id = r.entry_id".to_owned(),
            ],
        ),
        Key::SignedDay => (
            "edition d CROSS JOIN timeline_entry t",
            vec![
                format!("d.signed_day IS NOT NULL AND t.timeline_id = {timeline}"),
                "t.sort_key = d.published_at AND t.entry_id = d.entry_id AND t.edition_id = d.id".to_owned(),
            ],
        ),
    };
    let order = order_by(shape.key, shape.descending);
    Query { from: from.to_owned(), conditions, order, ..Query::default() }
}

/// The condition that the edition of the entry at `t` meets these.
fn edition_meets(conditions: Vec<String>) -> String {
    let mut query = Query { columns: "1".to_owned(), from: "edition e".to_owned(), ..Query::default() };
    query.conditions.push("e.id = t.edition_id".to_owned());
    query.conditions.extend(conditions);
    format!("EXISTS ({query})")
}

/// The two columns a scan is ordered by.
const fn order_columns(key: Key) -> (&'static str, &'static str) {
    match key {
        Key::Timeline => ("t.sort_key", "t.entry_id"),
        Key::Views(None) => ("c.views", "c.entry_id"),
        Key::Views(Some(ReadingWindow::Day)) => ("c.day_score", "c.entry_id"),
        Key::Views(Some(ReadingWindow::Week)) => ("c.week_score", "c.entry_id"),
        Key::Views(Some(ReadingWindow::Month)) => ("c.month_score", "c.entry_id"),
        Key::SignedDay => ("d.signed_day", "d.entry_id"),
    }
}

fn order_by(key: Key, descending: bool) -> String {
    let (first, second) = order_columns(key);
    let way = if descending { "DESC" } else { "ASC" };
    format!("ORDER BY {first} {way}, {second} {way}")
}

/// A locale as SQL: its tag has letters, digits and hyphens alone.
fn quoted(locale: Locale) -> String {
    format!("'{locale}'")
}
