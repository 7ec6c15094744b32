//! The SQL of lists.
//!
//! A list that is read alone is one index scan with a LIMIT. Many lists are one statement all the same: each
//! gets its own top rows by the index, never all of a timeline. PostgreSQL does that with a lateral join;
//! SQLite, which has none, with a select for each or, for very many, with a correlated cut at the n-th key and a
//! window that breaks ties at the cut. A list that mixes articles and decrees has them merged before their editions
//! are looked up.

use courant_domain::{locale::Locale, page::Position};
use sea_orm::Value;
use uuid::Uuid;

use super::{
    columns::{self, Select},
    stream::{Key, Shape, Stream},
};
use crate::connect::Dialect;

pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

/// The statement for all of these streams. Its columns: the place of the stream's shape and the stream's place in it (absent
/// where there is one), the key, and those of [`Select::list`].
///
/// Where they shall come packed, that is one row with an array for each column, in no order.
pub(super) fn lists(dialect: Dialect, shapes: &[(Shape, Vec<Stream>)], select: &Select) -> Sql {
    let (sql, places) = match shapes {
        [(shape, streams)] => (rows(dialect, shape, streams, select), usize::from(streams.len() > 1)),
        shapes => (several(dialect, shapes, select), 2),
    };
    if !select.packed {
        return sql;
    }
    let width = places + 1 + select.width();
    let arrays: Vec<String> = (0..width).map(|column| format!("json_group_array(c{column})")).collect();
    let text = format!("WITH r ({}) AS ({}) SELECT {} FROM r", columns(width), sql.text, arrays.join(", "));
    Sql { text, ..sql }
}

/// So many names of columns.
fn columns(width: usize) -> String {
    (0..width).map(|column| format!("c{column}")).collect::<Vec<_>>().join(", ")
}

/// The rows of streams of several shapes, each by its own select.
fn several(dialect: Dialect, shapes: &[(Shape, Vec<Stream>)], select: &Select) -> Sql {
    let columns = columns(select.width());
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

/// The rows of streams of one shape. Their columns: the stream's place among `streams` (absent when there is one), the key,
/// and those of [`Select::list`].
fn rows(dialect: Dialect, shape: &Shape, streams: &[Stream], select: &Select) -> Sql {
    if let [stream] = streams {
        return single(shape, stream, select);
    }
    let limit = streams.iter().map(|stream| stream.limit).max().unwrap_or(0);
    if is_merged(shape, streams) {
        return merged(dialect, shape, streams, limit, select);
    }
    match dialect {
        Dialect::Postgres => lateral(shape, streams, limit, select),
        Dialect::Sqlite if streams.len() <= UNION && !Extras::of(streams).probes => {
            union(shape, streams, limit, select)
        }
        Dialect::Sqlite => cut(shape, streams, limit, select),
    }
}

/// Up to how many streams are a select each on SQLite. It takes 500; but preparing them takes its time, too.
const UNION: usize = 64;

/// Whether streams are merged in the database: those of one list, a kind each, so that no entry is in two of them.
/// What editors pinned comes again further down.
fn is_merged(shape: &Shape, streams: &[Stream]) -> bool {
    let different = |(at, stream): (usize, &Stream)| {
        stream.list == streams[0].list && !stream.pinned && streams[..at].iter().all(|other| other.kind != stream.kind)
    };
    !shape.has_conditions() && streams.iter().enumerate().all(different)
}

/// The tables a key is scanned in, as `t` and what it needs; `timeline` and `reader` are the SQL for the timeline's number and
/// for the locale of its readers.
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

fn single(shape: &Shape, stream: &Stream, select: &Select) -> Sql {
    let mut values = Vec::new();
    let text = format!("SELECT {}", top(shape, stream, stream.limit, select, &mut values));
    Sql { text, values }
}

/// The first rows of one stream: a select behind its SELECT.
fn top(shape: &Shape, stream: &Stream, limit: u64, select: &Select, values: &mut Vec<Value>) -> String {
    let joined = columns::join_edition(select) + " WHERE ";
    format!(
        "{}, {} FROM {} {} LIMIT {limit}",
        order_columns(shape.key).0,
        select.list(),
        scan(shape, stream, values).replacen(" WHERE ", &joined, 1),
        order_by(shape.key, shape.descending),
    )
}

/// Each stream's first rows, one select after the other: what SQLite is quickest at. It keeps statements prepared by
/// their text; so that there are few of them, streams of no timeline fill up the number.
fn union(shape: &Shape, streams: &[Stream], limit: u64, select: &Select) -> Sql {
    let none = streams.last().map(|last| Stream { timeline: 0, ..last.clone() });
    let mut values = Vec::new();
    let mut selects = Vec::with_capacity(streams.len().next_power_of_two());
    for (place, stream) in streams.iter().chain(none.iter().cycle()).take(selects.capacity()).enumerate() {
        let top = top(shape, stream, limit, select, &mut values);
        selects.push(format!("SELECT * FROM (SELECT {place}, {top})"));
    }
    Sql { text: selects.join(" UNION ALL "), values }
}

/// The first rows of streams of one list that have no entry in common, merged before anything is looked up for them.
fn merged(dialect: Dialect, shape: &Shape, streams: &[Stream], limit: u64, select: &Select) -> Sql {
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
        columns::join_edition(select),
    );
    Sql { text, values }
}

/// The tables one stream is scanned in and its conditions, from the first table to the last condition.
fn scan(shape: &Shape, stream: &Stream, values: &mut Vec<Value>) -> String {
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let (first, second) = order_columns(shape.key);
    let reader = quoted(stream.reader);
    let mut scan = source(shape.key, &bind(stream.timeline.into()), &reader);
    for (bound, sign) in [(stream.lower, '>'), (stream.upper, '<')] {
        if let Some(place) = bound {
            let (key, entry) = (bind(place.key.into()), bind(place.entry.uuid().into()));
            scan.push_str(&format!(" AND ({first}, {second}) {sign} ({key}, {entry})"));
        }
    }
    for probe in &stream.probes {
        let ids: Vec<String> = probe.iter().map(ToString::to_string).collect();
        scan.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM timeline_entry x WHERE x.timeline_id IN ({}) \
             AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id)",
            ids.join(", ")
        ));
    }
    scan.push_str(&shape.conditions(&reader));
    if let Some(number) = &shape.number {
        scan.push_str(&format!(" AND e.number = {}", bind(number.as_str().into())));
    }
    scan
}

/// A locale as SQL: its tag has letters, digits and hyphens alone.
fn quoted(locale: Locale) -> String {
    format!("'{locale}'")
}

/// What the streams of a statement have, beyond the timeline.
pub(super) struct Extras {
    /// The locale of the readers, as SQL: that of all streams, or that of each.
    pub(super) reader: String,
    pub(super) lower: bool,
    pub(super) upper: bool,
    pub(super) probes: bool,
}

impl Extras {
    pub(super) fn of(streams: &[Stream]) -> Self {
        let reader = match streams {
            [first, rest @ ..] if rest.iter().all(|stream| stream.reader == first.reader) => quoted(first.reader),
            _ => "p.reader".to_owned(),
        };
        Self {
            reader,
            lower: streams.iter().any(|stream| stream.lower.is_some()),
            upper: streams.iter().any(|stream| stream.upper.is_some()),
            probes: streams.iter().any(|stream| !stream.probes.is_empty()),
        }
    }

    /// Whether the streams are of readers of several locales, and it matters.
    pub(super) fn readers(&self, shape: &Shape) -> bool {
        self.reader == "p.reader" && (shape.exact_locale || shape.key == Key::Views)
    }

    /// The conditions on one stream's scan, against the row `p` that describes it. A bound that this stream
    /// has not lies beyond everything there.
    pub(super) fn conditions(&self, shape: &Shape, any_of: &str, number: &str) -> String {
        let (first, second) = order_columns(shape.key);
        let mut conditions = String::new();
        if self.lower {
            conditions.push_str(&format!(" AND ({first}, {second}) > (p.lower_key, p.lower_entry)"));
        }
        if self.upper {
            conditions.push_str(&format!(" AND ({first}, {second}) < (p.upper_key, p.upper_entry)"));
        }
        if self.probes {
            conditions.push_str(any_of);
        }
        if shape.has_conditions() {
            conditions.push_str(" AND EXISTS (SELECT 1 FROM edition e WHERE e.id = t.edition_id");
            conditions.push_str(&shape.conditions(&self.reader));
            if shape.number.is_some() {
                conditions.push_str(&format!(" AND e.number = {number}"));
            }
            conditions.push(')');
        }
        conditions
    }
}

/// A description of the streams as JSON, one array each: number, timeline, lower and upper bound, probes, readers' locale.
fn describe(streams: &[Stream]) -> String {
    let hex = |entry: courant_domain::id::EntryId| entry.uuid().simple().to_string();
    let rows: Vec<serde_json::Value> = streams
        .iter()
        .enumerate()
        .map(|(index, stream)| {
            let (lower, upper) = (lower(stream), upper(stream));
            serde_json::json!([
                index,
                stream.timeline,
                lower.key,
                hex(lower.entry),
                upper.key,
                hex(upper.entry),
                stream.probes,
                stream.reader.as_str()
            ])
        })
        .collect();
    serde_json::Value::from(rows).to_string()
}

/// The place a stream begins behind; one before everything when it has no bound.
pub(super) fn lower(stream: &Stream) -> Position {
    stream.lower.unwrap_or(Position { key: i64::MIN, entry: Uuid::nil().into() })
}

/// The place a stream ends before; one behind everything when it has no bound.
pub(super) fn upper(stream: &Stream) -> Position {
    stream.upper.unwrap_or(Position { key: i64::MAX, entry: Uuid::max().into() })
}

fn values(shape: &Shape, streams: &[Stream]) -> Vec<Value> {
    let mut values: Vec<Value> = vec![describe(streams).into()];
    values.extend(shape.number.as_deref().map(Value::from));
    values
}

fn lateral(shape: &Shape, streams: &[Stream], limit: u64, select: &Select) -> Sql {
    let extras = Extras::of(streams);
    let (first, _) = order_columns(shape.key);
    let any_of = " AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(p.probes::jsonb) c WHERE NOT EXISTS (\
                  SELECT 1 FROM jsonb_array_elements(c) i JOIN timeline_entry x ON x.timeline_id = i::integer \
                  AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id))";
    let mut values: Vec<Value> = Vec::new();
    let (mut arrays, mut names) = (Vec::new(), Vec::new());
    let mut array = |name: &'static str, kind: &str, value: Value| {
        values.push(value);
        arrays.push(format!("${}::{kind}[]", values.len()));
        names.push(name);
    };
    array("timeline_id", "integer", column(streams, |stream| stream.timeline));
    if let Some(number) = &shape.number {
        array("number", "text", column(streams, |_| number.clone()));
    }
    if extras.lower {
        array("lower_key", "bigint", column(streams, |stream| lower(stream).key));
        array("lower_entry", "uuid", column(streams, |stream| lower(stream).entry.uuid()));
    }
    if extras.upper {
        array("upper_key", "bigint", column(streams, |stream| upper(stream).key));
        array("upper_entry", "uuid", column(streams, |stream| upper(stream).entry.uuid()));
    }
    if extras.readers(shape) {
        array("reader", "text", column(streams, |stream| stream.reader.as_str().to_owned()));
    }
    if extras.probes {
        array("probes", "text", column(streams, |stream| serde_json::json!(stream.probes).to_string()));
    }
    let text = format!(
        "SELECT (p.stream - 1)::integer, t.key, {columns} FROM unnest({arrays}) WITH ORDINALITY p({names}, stream) \
         CROSS JOIN LATERAL (SELECT {first} AS key, t.edition_id FROM {source}{conditions} {order} LIMIT {limit}) t{join}",
        columns = select.list(),
        arrays = arrays.join(", "),
        names = names.join(", "),
        source = source(shape.key, "p.timeline_id", &extras.reader),
        conditions = extras.conditions(shape, any_of, "p.number"),
        order = order_by(shape.key, shape.descending),
        join = columns::join_edition(select),
    );
    Sql { text, values }
}

fn column<T>(streams: &[Stream], value: impl Fn(&Stream) -> T) -> Value
where
    Vec<T>: Into<Value>,
{
    streams.iter().map(value).collect::<Vec<T>>().into()
}

fn cut(shape: &Shape, streams: &[Stream], limit: u64, select: &Select) -> Sql {
    let extras = Extras::of(streams);
    let (first, _) = order_columns(shape.key);
    let any_of = " AND NOT EXISTS (SELECT 1 FROM json_each(p.probes) c WHERE NOT EXISTS (\
                  SELECT 1 FROM json_each(c.value) i JOIN timeline_entry x ON x.timeline_id = i.value \
                  AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id))";
    let source = source(shape.key, "p.timeline_id", &extras.reader);
    let conditions = extras.conditions(shape, any_of, "$2");
    let order = order_by(shape.key, shape.descending);
    let (sign, end) = if shape.descending { (">=", "min") } else { ("<=", "max") };
    let text = format!(
        "WITH p AS MATERIALIZED (SELECT value->>0 AS stream, value->>1 AS timeline_id{bounds}{reader} FROM json_each($1)), \
         top AS (SELECT p.stream, {first} AS key, t.edition_id, \
         row_number() OVER (PARTITION BY p.stream {order}) AS place \
         FROM p CROSS JOIN {source}{conditions} AND {first} {sign} \
         (SELECT {end}(key) FROM (SELECT {first} AS key FROM {source}{conditions} {order} LIMIT {limit}))) \
         SELECT t.stream, t.key, {columns} FROM top t{join} WHERE t.place <= {limit}",
        bounds = if extras.lower || extras.upper || extras.probes {
            ", value->>2 AS lower_key, unhex(value->>3) AS lower_entry, value->>4 AS upper_key, \
             unhex(value->>5) AS upper_entry, value->6 AS probes"
        } else {
            ""
        },
        reader = if extras.readers(shape) { ", value->>7 AS reader" } else { "" },
        columns = select.list(),
        join = columns::join_edition(select),
    );
    Sql { text, values: values(shape, streams) }
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
