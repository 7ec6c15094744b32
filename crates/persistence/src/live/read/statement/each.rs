//! Streams with a scan each in the statement's text.

use super::{edition_meets, order_by, order_columns, quoted};
use crate::{
    db::{connect::Dialect, parameters::Parameters},
    live::read::{
        columns::{self, Select},
        query::Query,
        stream::{Key, Shape, Span, Stream},
    },
};

/// The first rows of one stream.
pub(super) fn single(
    dialect: Dialect,
    shape: &Shape,
    stream: &Stream,
    select: &Select,
    parameters: &mut Parameters,
) -> String {
    if let Some(span) = stream.span.filter(|_| shape.key != Key::Timeline) {
        return scanned_or_sorted(dialect, shape, stream, span, select, parameters);
    }
    let mut query = scan(shape, stream, parameters);
    query.columns = format!("{}, {}", order_columns(shape.key).0, select.list());
    query.joins.push(columns::join_edition(dialect, "t.edition_id", select));
    query.limit = stream.limit.to_string();
    query.to_string()
}

/// The first rows of several streams, each as if it were alone.
pub(super) fn apart(
    dialect: Dialect,
    shape: &Shape,
    streams: &[Stream],
    select: &Select,
    parameters: &mut Parameters,
) -> String {
    let rows = |(place, stream)| {
        let rows = single(dialect, shape, stream, select, parameters);
        format!("SELECT {place}, s.* FROM ({rows}) s")
    };
    streams.iter().enumerate().map(rows).collect::<Vec<_>>().join(" UNION ALL ")
}

/// Up to how many entries are sorted.
const FEW: u64 = 1_000;

/// The first rows of a stream in another order than its timeline's own. The scan in that order reads past what is not in the
/// timeline, or not of the span of time: most of all there is, where few are. So few are sorted, and which of the two it is, the
/// statement finds out.
fn scanned_or_sorted(
    dialect: Dialect,
    shape: &Shape,
    stream: &Stream,
    span: Span,
    select: &Select,
    parameters: &mut Parameters,
) -> String {
    let mut few = Query {
        columns: "t.sort_key, t.entry_id, t.edition_id".to_owned(),
        from: "timeline_entry t".to_owned(),
        conditions: vec![format!("t.timeline_id = {}", parameters.bind(stream.timeline))],
        limit: format!("{FEW} + 1"),
        ..Query::default()
    };
    for (bound, sign) in [(span.from, ">="), (span.before, "<")] {
        if let Some(key) = bound {
            few.conditions.push(format!("t.sort_key {sign} {}", parameters.bind(key)));
        }
    }
    let Stream { limit, .. } = *stream;
    // SQLite would go through all that a condition leaves out; PostgreSQL would plan badly for a limit that it does not know.
    let when = |are: &str, query: &mut Query| match dialect {
        Dialect::Sqlite => {
            query.limit = format!("(SELECT CASE WHEN count(*) {are} {FEW} THEN {limit} ELSE 0 END FROM f)");
        }
        Dialect::Postgres => {
            query.conditions.push(format!("(SELECT count(*) FROM f) {are} {FEW}"));
            query.limit = limit.to_string();
        }
    };
    let (key, order) = (order_columns(shape.key).0, order_by(shape.key, shape.descending));
    let keys = if shape.key.is_views() {
        "view_count c ON c.entry_id = t.entry_id"
    } else {
        "edition d ON d.id = t.edition_id AND d.signed_day IS NOT NULL"
    };
    // What is sorted is the keys alone, and not whole texts.
    let mut sorted = Query {
        columns: format!("{key} AS key, t.edition_id"),
        from: "f t".to_owned(),
        joins: vec![format!("{} {keys}", dialect.join())],
        conditions: vec!["TRUE".to_owned()],
        order: order.clone(),
        ..Query::default()
    };
    sorted.conditions.extend(places(shape, stream, parameters));
    if shape.has_conditions() {
        sorted.conditions.push(edition_meets(of_edition(shape, stream, parameters)));
    }
    when("<=", &mut sorted);
    let join = columns::join_edition(dialect, "t.edition_id", select);
    let mut scanned = if dialect == Dialect::Postgres && shape.key.is_views() {
        // Of a plain join, it thinks that it finds so little that it had better sort all of it.
        let (timeline, reader) = (parameters.bind(stream.timeline), quoted(stream.reader));
        let mut query = Query {
            from: format!(
                "view_count c CROSS JOIN LATERAL (SELECT t.edition_id FROM reader_edition r JOIN timeline_entry t \
                 ON t.timeline_id = {timeline} AND t.sort_key = r.published_at AND t.entry_id = r.entry_id \
                 WHERE r.entry_id = c.entry_id AND r.locale = {reader} LIMIT 1) t"
            ),
            conditions: vec!["TRUE".to_owned()],
            order,
            ..Query::default()
        };
        query.conditions.extend(places(shape, stream, parameters));
        query.conditions.extend(of_edition(shape, stream, parameters));
        query
    } else {
        scan(shape, stream, parameters)
    };
    scanned.columns = format!("{key}, {}", select.list());
    scanned.joins.push(join.clone());
    when(">", &mut scanned);
    format!(
        "WITH f AS MATERIALIZED ({few}) SELECT t.key, {} FROM ({sorted}) t {join} UNION ALL SELECT * FROM ({scanned}) s",
        select.list(),
    )
}

/// The first rows of streams of one list that have no entry in common, merged before anything is looked up for them.
pub(super) fn merged(
    dialect: Dialect,
    shape: &Shape,
    streams: &[Stream],
    limit: u64,
    select: &Select,
    parameters: &mut Parameters,
) -> String {
    let (first, second) = order_columns(shape.key);
    let way = if shape.descending { "DESC" } else { "ASC" };
    let rows = |(place, stream)| {
        let mut query = scan(shape, stream, parameters);
        query.columns = format!("{place} AS stream, {first} AS key, {second} AS entry, t.edition_id");
        match dialect {
            // It does not merge what it could sort, and would sort all of a timeline.
            Dialect::Postgres => {
                query.limit = limit.to_string();
                format!("SELECT * FROM ({query}) s{place}")
            }
            Dialect::Sqlite => {
                query.order.clear();
                query.to_string()
            }
        }
    };
    let selects: Vec<String> = streams.iter().enumerate().map(rows).collect();
    format!(
        "SELECT t.stream, t.key, {} FROM ({} ORDER BY key {way}, entry {way} LIMIT {limit}) t {}",
        select.list(),
        selects.join(" UNION ALL "),
        columns::join_edition(dialect, "t.edition_id", select),
    )
}

/// The scan of one stream, with all of its conditions, in its order.
fn scan(shape: &Shape, stream: &Stream, parameters: &mut Parameters) -> Query {
    let mut query = super::scan(shape, &parameters.bind(stream.timeline), &quoted(stream.reader));
    query.conditions.extend(places(shape, stream, parameters));
    query.conditions.extend(of_edition(shape, stream, parameters));
    query
}

/// The conditions on the places in the list.
fn places(shape: &Shape, stream: &Stream, parameters: &mut Parameters) -> Vec<String> {
    let (first, second) = order_columns(shape.key);
    let mut conditions = Vec::new();
    for (bound, sign) in [(stream.lower, '>'), (stream.upper, '<')] {
        if let Some(place) = bound {
            let (key, entry) = (parameters.bind(place.key), parameters.bind(place.entry.uuid()));
            conditions.push(format!("({first}, {second}) {sign} ({key}, {entry})"));
        }
    }
    conditions.extend(stream.probes.iter().map(|probe| {
        let ids: Vec<String> = probe.iter().map(ToString::to_string).collect();
        format!(
            "EXISTS (SELECT 1 FROM timeline_entry x WHERE x.timeline_id IN ({}) \
             AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id)",
            ids.join(", ")
        )
    }));
    conditions
}

/// The conditions on the edition.
fn of_edition(shape: &Shape, stream: &Stream, parameters: &mut Parameters) -> Vec<String> {
    let mut conditions = shape.conditions(&quoted(stream.reader));
    conditions.extend(shape.number.as_deref().map(|number| format!("e.number = {}", parameters.bind(number))));
    conditions
}
