//! Counting lists.

use jiff::Timestamp;

use super::{
    list::{ListRequest, read_index},
    query::Query,
    statement::{Extras, Sql, in_each_set, lower, upper},
    stream::{self, Key, Shape, Stream, streams},
    weight,
};
use crate::{
    db::{connect::Dialect, convert::micros, parameters::Parameters, row::Cursor},
    error::Result,
    live::reads::ListReads,
    store::Store,
};

/// The streams of one list, with its number among the lists.
type Group = (usize, Vec<Stream>);

/// How many entries each list has, up to `bound`; paging arguments do not matter.
pub(super) async fn counts(store: &Store, requests: &[&ListRequest], bound: u64) -> Result<Vec<(u64, ListReads)>> {
    let reference = store.reference();
    let mut shapes: Vec<(Shape, Vec<Group>)> = Vec::new();
    let mut reads = Vec::with_capacity(requests.len());
    for (index, request) in requests.iter().enumerate() {
        let mut groups: Vec<(Shape, Vec<Stream>)> = Vec::new();
        let streams = streams(index, request, &reference);
        let of_all = stream::reads(request, &streams.iter().map(|(_, stream)| stream).collect::<Vec<_>>(), &reference);
        // Where it is in the list by what it is, it may leave it without leaving a timeline.
        let counted = request.pinned.is_none() && streams.iter().all(|(shape, _)| !shape.has_conditions());
        let (from, to) = whole(request);
        reads.push(ListReads { from, to, by_day: false, counted, ..of_all });
        for (shape, stream) in streams {
            match groups.iter_mut().find(|(known, _)| known.has_conditions_of(&shape)) {
                Some((_, streams)) => streams.push(stream),
                None => groups.push((shape, vec![stream])),
            }
        }
        for (shape, streams) in groups {
            match shapes.iter_mut().find(|(known, _)| known.has_conditions_of(&shape)) {
                Some((_, groups)) => groups.push((index, streams)),
                None => shapes.push((shape, vec![(index, streams)])),
            }
        }
    }
    let mut counts = vec![0; requests.len()];
    for (shape, groups) in shapes {
        let (lists, groups): (Vec<usize>, Vec<Vec<Stream>>) = groups.into_iter().unzip();
        let sql = statement(store.dialect(), &shape, &groups, bound);
        let weight = weight::of_counts(&shape, &groups);
        let read = |mut row: Cursor<'_>| Ok((read_index(&mut row)?, row.take::<i64>()?));
        let rows = store.rows_of(weight, sql.text, sql.values, read);
        for (index, count) in rows.await? {
            if let Some(list) = lists.get(index) {
                counts[*list] = bound.min(counts[*list] + u64::try_from(count).unwrap_or(0));
            }
        }
    }
    Ok(counts.into_iter().zip(reads).collect())
}

/// The keys between which a list is counted, whatever page is asked for.
fn whole(request: &ListRequest) -> (Option<i64>, Option<i64>) {
    let filter = &request.list.filter;
    let is_by_time = Key::of(&request.list) == Key::Timeline;
    let key = |at: Option<Timestamp>| at.filter(|_| is_by_time).map(micros);
    // What is at the end of the span is in it no more.
    (key(filter.published_from), key(filter.published_before).map(|before| before - 1))
}

/// The statement that counts lists, each up to `bound` entries. `groups` holds one list's timelines each.
/// Its columns: the list's place among `groups`, and the count.
fn statement(dialect: Dialect, shape: &Shape, groups: &[Vec<Stream>], bound: u64) -> Sql {
    // What editors pinned is in a list whatever its conditions are; the others have their conditions in common.
    let common = |group: &Vec<Stream>| group.iter().find(|stream| !stream.pinned).or(group.first()).cloned();
    let streams: Vec<Stream> = groups.iter().filter_map(common).collect();
    let extras = Extras::of(&streams);
    let shape = &Shape { key: Key::Timeline, ..shape.clone() };
    let pins = extras.probes && groups.iter().flatten().any(|stream| stream.pinned);
    let rows: Vec<serde_json::Value> = groups
        .iter()
        .zip(streams.iter())
        .enumerate()
        .map(|(index, (group, common))| {
            let timelines: Vec<i32> = group.iter().map(|stream| stream.timeline).collect();
            let pinned: Vec<i32> = group.iter().filter(|stream| stream.pinned).map(|stream| stream.timeline).collect();
            let (reader, from, before) = (common.reader.as_str(), lower(common).key, upper(common).key);
            serde_json::json!([index, timelines, common.probes, reader, from, before, pinned])
        })
        .collect();
    let mut parameters = Parameters::default();
    let described = parameters.bind(serde_json::Value::from(rows).to_string());
    let number = shape.number.as_deref().map(|number| parameters.bind(number)).unwrap_or_default();
    let (row, table, cast) = match dialect {
        Dialect::Postgres => ("s", format!("jsonb_array_elements({described}::jsonb) s"), "::bigint"),
        Dialect::Sqlite => ("value", format!("json_each({described})"), ""),
    };
    let mut p = match dialect {
        Dialect::Postgres => "(s->>0)::integer AS list, s->1 AS timelines, s->2 AS probes".to_owned(),
        Dialect::Sqlite => "value->>0 AS list, value->1 AS timelines, value->2 AS probes".to_owned(),
    };
    let list = |name: &str| match dialect {
        Dialect::Postgres => format!("SELECT i::integer FROM jsonb_array_elements(p.{name}) i"),
        Dialect::Sqlite => format!("SELECT i.value FROM json_each(p.{name}) i"),
    };
    let mut query = Query {
        columns: "DISTINCT t.entry_id".to_owned(),
        from: "timeline_entry t".to_owned(),
        conditions: vec![format!("t.timeline_id IN ({})", list("timelines"))],
        limit: bound.to_string(),
        ..Query::default()
    };
    let mut add = |wanted: bool, column: String, condition: Option<&str>| {
        if wanted {
            p.push_str(&column);
            query.conditions.extend(condition.map(str::to_owned));
        }
    };
    add(extras.readers(shape), format!(", {row}->>3 AS reader"), None);
    add(extras.lower, format!(", ({row}->>4){cast} AS lower_key"), Some("t.sort_key >= p.lower_key"));
    add(extras.upper, format!(", ({row}->>5){cast} AS upper_key"), Some("t.sort_key < p.upper_key"));
    add(pins, format!(", {row}->6 AS pinned"), None);
    let any_of = || {
        let any_of = in_each_set(dialect, "p.probes");
        if pins { format!("(t.timeline_id IN ({}) OR {any_of})", list("pinned")) } else { any_of }
    };
    // The bounds of a page are none of the count's: these are of the list's own span of time.
    let extras = Extras { lower: false, upper: false, ..extras };
    query.conditions.extend(extras.conditions(shape, any_of, &number));
    let text = format!("SELECT p.list, (SELECT count(*) FROM ({query}) n) FROM (SELECT {p} FROM {table}) p");
    Sql { text, values: parameters.0 }
}
