//! The SQL of lists.
//!
//! A list that is read alone is one index scan with a LIMIT. Many lists are one statement all the same: each
//! gets its own top rows by the index, never all of a timeline. PostgreSQL does that with a lateral join; SQLite, which
//! has none, with a function that makes a table of a correlated list. A list that mixes articles and decrees has them
//! merged before their editions are looked up. A list in another order than its timeline's own is scanned in that order, or
//! sorted where it may have few.

mod described;
mod each;

use courant_domain::locale::Locale;
use sea_orm::Value;

pub(super) use self::described::{Extras, in_each_set, lower, upper};
use super::{
    columns::Select,
    stream::{Key, Shape, Stream},
};
use crate::db::connect::Dialect;

pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

/// The statement for all of these streams. Its columns: the place of the stream's shape and the stream's place in it
/// (absent where there is one), the key, and those of [`Select::list`].
pub(super) fn lists(dialect: Dialect, shapes: &[(Shape, Vec<Stream>)], select: &Select) -> Sql {
    match shapes {
        [(shape, streams)] => rows(dialect, shape, streams, select),
        shapes => several(dialect, shapes, select),
    }
}

/// The rows of streams of several shapes, each by its own select.
fn several(dialect: Dialect, shapes: &[(Shape, Vec<Stream>)], select: &Select) -> Sql {
    let columns = (0..select.width()).map(|column| format!("c{column}")).collect::<Vec<_>>().join(", ");
    let (mut parts, mut selects, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (shape, streams)) in shapes.iter().enumerate() {
        let sql = rows(dialect, shape, streams, select);
        let text = shift(&sql.text, values.len());
        values.extend(sql.values);
        let (name, stream) = if streams.len() > 1 { ("stream, ", "stream") } else { ("", "0") };
        parts.push(format!("s{at} ({name}key, {columns}) AS ({text})"));
        selects.push(format!("SELECT {at}, {stream}, CAST(key AS bigint), {columns} FROM s{at}"));
    }
    Sql { text: format!("WITH {} {}", parts.join(", "), selects.join(" UNION ALL ")), values }
}

/// A statement whose parameters are counted from `by`. No text in a statement has a dollar sign.
fn shift(text: &str, by: usize) -> String {
    let mut pieces = text.split('$');
    let mut shifted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.find(|character: char| !character.is_ascii_digit()).unwrap_or(piece.len());
        let number = piece[..digits].parse::<usize>().map_or(by, |number| number + by);
        shifted.push_str(&format!("${number}{}", &piece[digits..]));
    }
    shifted
}

/// The rows of streams of one shape. Their columns: the stream's place among `streams` (absent when there is one), the
/// key, and those of [`Select::list`].
fn rows(dialect: Dialect, shape: &Shape, streams: &[Stream], select: &Select) -> Sql {
    if let [stream] = streams {
        return each::single(dialect, shape, stream, select);
    }
    if streams.len() <= APART && streams.iter().any(|stream| stream.span.is_some()) {
        return each::apart(dialect, shape, streams, select);
    }
    let limit = streams.iter().map(|stream| stream.limit).max().unwrap_or(0);
    if is_merged(shape, streams) {
        return each::merged(dialect, shape, streams, limit, select);
    }
    match dialect {
        Dialect::Postgres => described::lateral(shape, streams, limit, select),
        Dialect::Sqlite => described::correlated(shape, streams, limit, select),
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

/// The tables a key is scanned in, as `t` and what it needs; `timeline` and `reader` are the SQL for the timeline's
/// number and for the locale of its readers.
fn source(key: Key, timeline: &str, reader: &str) -> String {
    match key {
        Key::Timeline => format!("timeline_entry t WHERE t.timeline_id = {timeline}"),
        // CROSS JOIN keeps SQLite scanning in the order of the key.
        Key::Views => format!(
            "view_count c CROSS JOIN reader_edition r CROSS JOIN timeline_entry t \
             WHERE r.entry_id = c.entry_id AND r.locale = {reader} AND t.timeline_id = {timeline} \
             AND t.sort_key = r.published_at AND t.entry_id = r.entry_id"
        ),
        Key::SignedDay => format!(
            "edition d CROSS JOIN timeline_entry t WHERE d.signed_day IS NOT NULL AND t.timeline_id = {timeline} \
             AND t.sort_key = d.published_at AND t.entry_id = d.entry_id AND t.edition_id = d.id"
        ),
    }
}

/// The two columns a scan is ordered by.
const fn order_columns(key: Key) -> (&'static str, &'static str) {
    match key {
        Key::Timeline => ("t.sort_key", "t.entry_id"),
        Key::Views => ("c.views", "c.entry_id"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_on() {
        assert_eq!(shift("a = $1 AND (b, c) < ($2, $10) LIMIT 5", 3), "a = $4 AND (b, c) < ($5, $13) LIMIT 5");
        assert_eq!(shift("SELECT 1", 3), "SELECT 1");
    }
}
