//! Streams with a scan each in the statement's text.

use std::fmt::Display;

use sea_orm::Value;

use super::{Sql, order_by, order_columns, quoted, shift, source};
use crate::{
    db::connect::Dialect,
    live::read::{
        columns::{self, Select},
        stream::{Key, Shape, Span, Stream},
    },
};

/// The first rows of one stream.
pub(super) fn single(dialect: Dialect, shape: &Shape, stream: &Stream, select: &Select) -> Sql {
    if let Some(span) = stream.span.filter(|_| shape.key != Key::Timeline) {
        return scanned_or_sorted(dialect, shape, stream, span, select);
    }
    let mut values = Vec::new();
    let joined = columns::join_edition("t.edition_id", select) + " WHERE ";
    let from = scan(shape, stream, &mut values).replacen(" WHERE ", &joined, 1);
    let text = first_of(shape, select, &from, stream.limit);
    Sql { text, values }
}

/// The first rows of several streams, each as if it were alone.
pub(super) fn apart(dialect: Dialect, shape: &Shape, streams: &[Stream], select: &Select) -> Sql {
    let (mut selects, mut values) = (Vec::with_capacity(streams.len()), Vec::new());
    for (place, stream) in streams.iter().enumerate() {
        let sql = single(dialect, shape, stream, select);
        selects.push(format!("SELECT {place}, s.* FROM ({}) s", shift(&sql.text, values.len())));
        values.extend(sql.values);
    }
    Sql { text: selects.join(" UNION ALL "), values }
}

/// The first rows of what is behind a FROM.
fn first_of(shape: &Shape, select: &Select, from: &str, limit: impl Display) -> String {
    let (key, columns) = (order_columns(shape.key).0, select.list());
    format!("SELECT {key}, {columns} FROM {from} {} LIMIT {limit}", order_by(shape.key, shape.descending))
}

/// Up to how many entries are sorted.
const FEW: u64 = 1_000;

/// The first rows of a stream in another order than its timeline's own. The scan in that order reads past what is not in the
/// timeline, or not of the span of time: most of all there is, where few are. So few are sorted, and which of the two it is, the
/// statement finds out.
fn scanned_or_sorted(dialect: Dialect, shape: &Shape, stream: &Stream, span: Span, select: &Select) -> Sql {
    let mut values = vec![stream.timeline.into()];
    let mut few =
        "SELECT t.sort_key, t.entry_id, t.edition_id FROM timeline_entry t WHERE t.timeline_id = $1".to_owned();
    for (bound, sign) in [(span.from, ">="), (span.before, "<")] {
        if let Some(key) = bound {
            values.push(key.into());
            few.push_str(&format!(" AND t.sort_key {sign} ${}", values.len()));
        }
    }
    let Stream { limit, .. } = *stream;
    // SQLite would go through all that a condition leaves out; PostgreSQL would plan badly for a limit that it does not know.
    let when = |are: &str| match dialect {
        Dialect::Sqlite => {
            (String::new(), format!("(SELECT CASE WHEN count(*) {are} {FEW} THEN {limit} ELSE 0 END FROM f)"))
        }
        Dialect::Postgres => (format!(" AND (SELECT count(*) FROM f) {are} {FEW}"), limit.to_string()),
    };
    let (key, order) = (order_columns(shape.key).0, order_by(shape.key, shape.descending));
    let keys = if shape.key == Key::Views {
        "JOIN view_count c ON c.entry_id = t.entry_id"
    } else {
        "JOIN edition d ON d.id = t.edition_id AND d.signed_day IS NOT NULL"
    };
    let mut conditions = places(shape, stream, &mut values);
    if shape.has_conditions() {
        let of_edition = of_edition(shape, stream, &mut values);
        conditions.push_str(&format!(" AND EXISTS (SELECT 1 FROM edition e WHERE e.id = t.edition_id{of_edition})"));
    }
    let join = columns::join_edition("t.edition_id", select);
    let (only, at_most) = when("<=");
    // What is sorted is the keys alone, and not whole texts.
    let sorted = format!(
        "SELECT t.key, {} FROM (SELECT {key} AS key, t.edition_id FROM f t {keys} WHERE TRUE{conditions}{only} {order} \
         LIMIT {at_most}) t{join}",
        select.list(),
    );
    let (only, at_most) = when(">");
    let from = if dialect == Dialect::Postgres && shape.key == Key::Views {
        // Of a plain join, it thinks that it finds so little that it had better sort all of it.
        let (timeline, reader) = (bind(stream.timeline, &mut values), quoted(stream.reader));
        let (places, of_edition) = (places(shape, stream, &mut values), of_edition(shape, stream, &mut values));
        format!(
            "view_count c CROSS JOIN LATERAL (SELECT t.edition_id FROM reader_edition r JOIN timeline_entry t \
             ON t.timeline_id = {timeline} AND t.sort_key = r.published_at AND t.entry_id = r.entry_id \
             WHERE r.entry_id = c.entry_id AND r.locale = {reader} LIMIT 1) t{join} WHERE TRUE{places}{of_edition}{only}"
        )
    } else {
        scan(shape, stream, &mut values).replacen(" WHERE ", &(join + " WHERE "), 1) + &only
    };
    let scanned = first_of(shape, select, &from, at_most);
    let text = format!("WITH f AS MATERIALIZED ({few} LIMIT {FEW} + 1) {sorted} UNION ALL SELECT * FROM ({scanned}) s");
    Sql { text, values }
}

/// The first rows of streams of one list that have no entry in common, merged before anything is looked up for them.
pub(super) fn merged(dialect: Dialect, shape: &Shape, streams: &[Stream], limit: u64, select: &Select) -> Sql {
    let (first, second) = order_columns(shape.key);
    let way = if shape.descending { "DESC" } else { "ASC" };
    let mut values = Vec::new();
    let mut selects = Vec::with_capacity(streams.len());
    for (place, stream) in streams.iter().enumerate() {
        let scan = scan(shape, stream, &mut values);
        let select = format!("SELECT {place} AS stream, {first} AS key, {second} AS entry, t.edition_id FROM {scan}");
        selects.push(match dialect {
            // It does not merge what it could sort, and would sort all of a timeline.
            Dialect::Postgres => {
                let order = order_by(shape.key, shape.descending);
                format!("SELECT * FROM ({select} {order} LIMIT {limit}) s{place}")
            }
            Dialect::Sqlite => select,
        });
    }
    let text = format!(
        "SELECT t.stream, t.key, {} FROM ({} ORDER BY key {way}, entry {way} LIMIT {limit}) t{}",
        select.list(),
        selects.join(" UNION ALL "),
        columns::join_edition("t.edition_id", select),
    );
    Sql { text, values }
}

/// The tables one stream is scanned in and its conditions, from the first table to the last condition.
fn scan(shape: &Shape, stream: &Stream, values: &mut Vec<Value>) -> String {
    let timeline = bind(stream.timeline, values);
    let source = source(shape.key, &timeline, &quoted(stream.reader));
    source + &places(shape, stream, values) + &of_edition(shape, stream, values)
}

fn bind(value: impl Into<Value>, values: &mut Vec<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// The conditions on the places in the list, each with an AND before it.
fn places(shape: &Shape, stream: &Stream, values: &mut Vec<Value>) -> String {
    let (first, second) = order_columns(shape.key);
    let mut conditions = String::new();
    for (bound, sign) in [(stream.lower, '>'), (stream.upper, '<')] {
        if let Some(place) = bound {
            let (key, entry) = (bind(place.key, values), bind(place.entry.uuid(), values));
            conditions.push_str(&format!(" AND ({first}, {second}) {sign} ({key}, {entry})"));
        }
    }
    for probe in &stream.probes {
        let ids: Vec<String> = probe.iter().map(ToString::to_string).collect();
        conditions.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM timeline_entry x WHERE x.timeline_id IN ({}) \
             AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id)",
            ids.join(", ")
        ));
    }
    conditions
}

/// The conditions on the edition, each with an AND before it.
fn of_edition(shape: &Shape, stream: &Stream, values: &mut Vec<Value>) -> String {
    let mut conditions = shape.conditions(&quoted(stream.reader));
    if let Some(number) = &shape.number {
        conditions.push_str(&format!(" AND e.number = {}", bind(number.as_str(), values)));
    }
    conditions
}
