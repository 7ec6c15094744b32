//! Streams that a parameter describes, a row `p` each: one statement, whatever their number.

use courant_domain::{id::EntryId, page::Position};
use sea_orm::Value;
use uuid::Uuid;

use super::{edition_meets, order_columns, quoted, scan};
use crate::{
    db::{connect::Dialect, parameters::Parameters},
    live::read::{
        columns::{self, Select},
        query::Query,
        stream::{Key, Shape, Stream},
    },
};

/// What the streams of a statement have, beyond the timeline.
pub(in crate::live::read) struct Extras {
    /// The locale of the readers, as SQL: that of all streams, or that of each.
    pub(in crate::live::read) reader: String,
    pub(in crate::live::read) lower: bool,
    pub(in crate::live::read) upper: bool,
    pub(in crate::live::read) probes: bool,
}

impl Extras {
    pub(in crate::live::read) fn of(streams: &[Stream]) -> Self {
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
    pub(in crate::live::read) fn readers(&self, shape: &Shape) -> bool {
        self.reader == "p.reader" && (shape.exact_locale || shape.key.is_views())
    }

    /// The conditions on one stream's scan, against the row `p` that describes it. A bound that this stream
    /// has not lies beyond everything there. `any_of` is the condition for the probes, `number` the SQL for the number.
    pub(in crate::live::read) fn conditions(
        &self,
        shape: &Shape,
        any_of: impl FnOnce() -> String,
        number: &str,
    ) -> Vec<String> {
        let (first, second) = order_columns(shape.key);
        let mut conditions = Vec::new();
        if self.lower {
            conditions.push(format!("({first}, {second}) > (p.lower_key, p.lower_entry)"));
        }
        if self.upper {
            conditions.push(format!("({first}, {second}) < (p.upper_key, p.upper_entry)"));
        }
        if self.probes {
            conditions.push(any_of());
        }
        if shape.has_conditions() {
            let mut of_edition = shape.conditions(&self.reader);
            of_edition.extend(shape.number.as_ref().map(|_| format!("e.number = {number}")));
            conditions.push(edition_meets(of_edition));
        }
        conditions
    }
}

/// The condition that the entry at `t` is in at least one timeline of each of a row's `sets`, a JSON array of arrays.
pub(in crate::live::read) fn in_each_set(dialect: Dialect, sets: &str) -> String {
    let (elements, set, timeline) = match dialect {
        Dialect::Postgres => ("jsonb_array_elements", "c", "i::integer"),
        Dialect::Sqlite => ("json_each", "c.value", "i.value"),
    };
    format!(
        "NOT EXISTS (SELECT 1 FROM {elements}({sets}) c WHERE NOT EXISTS (\
         SELECT 1 FROM {elements}({set}) i JOIN timeline_entry x ON x.timeline_id = {timeline} \
         AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id))"
    )
}

/// The place a stream begins behind; one before everything when it has no bound.
pub(in crate::live::read) fn lower(stream: &Stream) -> Position {
    stream.lower.unwrap_or(Position { key: i64::MIN, entry: Uuid::nil().into() })
}

/// The place a stream ends before; one behind everything when it has no bound.
pub(in crate::live::read) fn upper(stream: &Stream) -> Position {
    stream.upper.unwrap_or(Position { key: i64::MAX, entry: Uuid::max().into() })
}

/// Each stream's first rows, by a lateral join.
pub(super) fn lateral(
    shape: &Shape,
    streams: &[Stream],
    limit: u64,
    select: &Select,
    parameters: &mut Parameters,
) -> String {
    let extras = Extras::of(streams);
    let any_of = || in_each_set(Dialect::Postgres, "p.probes::jsonb");
    let (mut arrays, mut names) = (Vec::new(), Vec::new());
    let mut array = |name: &'static str, kind: &str, value: Value| {
        arrays.push(format!("{}::{kind}[]", parameters.bind(value)));
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
    format!(
        "SELECT (p.stream - 1)::integer, t.key, {columns} FROM unnest({arrays}) WITH ORDINALITY p({names}, stream) \
         CROSS JOIN LATERAL ({first_rows}) t {join}",
        columns = select.list(),
        arrays = arrays.join(", "),
        names = names.join(", "),
        first_rows = first_rows(shape, &extras, extras.conditions(shape, any_of, "p.number"), limit),
        join = columns::join_edition(Dialect::Postgres, "t.edition_id", select),
    )
}

/// The first rows of the stream that the row `p` describes: their keys and editions.
fn first_rows(shape: &Shape, extras: &Extras, conditions: Vec<String>, limit: u64) -> Query {
    let mut query = scan(shape, "p.timeline_id", &extras.reader);
    query.columns = format!("{} AS key, t.edition_id", order_columns(shape.key).0);
    query.conditions.extend(conditions);
    query.limit = limit.to_string();
    query
}

fn column<T>(streams: &[Stream], value: impl Fn(&Stream) -> T) -> Value
where
    Vec<T>: Into<Value>,
{
    streams.iter().map(value).collect::<Vec<T>>().into()
}

/// Each stream's first rows, by a list of them that is correlated with the stream: SQLite has no lateral join, but a
/// function that makes a table of such a list.
pub(super) fn correlated(
    shape: &Shape,
    streams: &[Stream],
    limit: u64,
    select: &Select,
    parameters: &mut Parameters,
) -> String {
    let extras = Extras::of(streams);
    let any_of = || in_each_set(Dialect::Sqlite, "p.probes");
    // What a list is ordered by is the edition's own, where it is not the editors' order or a count.
    let (item, key, id) = match shape.key {
        Key::Timeline if !streams.iter().any(|stream| stream.pinned) => ("edition_id", "e.published_at", "i.value"),
        Key::SignedDay => ("edition_id", "e.signed_day", "i.value"),
        Key::Timeline | Key::Views(_) => ("json_array(key, edition_id)", "i.value->>0", "i.value->>1"),
    };
    let descriptions = describe(shape, &extras, streams, parameters);
    let number = shape.number.as_deref().map(|number| parameters.bind(number)).unwrap_or_default();
    format!(
        "{descriptions} SELECT p.stream, {key}, {columns} FROM p JOIN json_each((SELECT json_group_array({item}) \
         FROM ({first_rows}))) i {join}",
        columns = select.list(),
        first_rows = first_rows(shape, &extras, extras.conditions(shape, any_of, &number), limit),
        join = columns::join_edition(Dialect::Sqlite, id, select),
    )
}

/// The streams as JSON, and the rows `p` that SQLite makes of it: the timelines' numbers, or an array each of these, lower and
/// upper bound, probes and the readers' locale.
fn describe(shape: &Shape, extras: &Extras, streams: &[Stream], parameters: &mut Parameters) -> String {
    if !extras.lower && !extras.upper && !extras.probes && !extras.readers(shape) {
        let timelines: Vec<i32> = streams.iter().map(|stream| stream.timeline).collect();
        let timelines = parameters.bind(serde_json::json!(timelines).to_string());
        return format!("WITH p AS (SELECT key AS stream, value AS timeline_id FROM json_each({timelines}))");
    }
    let hex = |entry: EntryId| entry.uuid().simple().to_string();
    let description = |stream: &Stream| {
        let Stream { timeline, probes, reader, .. } = stream;
        let (lower, upper) = (lower(stream), upper(stream));
        serde_json::json!([timeline, lower.key, hex(lower.entry), upper.key, hex(upper.entry), probes, reader.as_str()])
    };
    let rows: serde_json::Value = streams.iter().map(description).collect();
    format!(
        "WITH p AS MATERIALIZED (SELECT key AS stream, value->>0 AS timeline_id, value->>1 AS lower_key, \
         unhex(value->>2) AS lower_entry, value->>3 AS upper_key, unhex(value->>4) AS upper_entry, value->5 AS probes, \
         value->>6 AS reader FROM json_each({}))",
        parameters.bind(rows.to_string()),
    )
}
