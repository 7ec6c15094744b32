//! Streams with a scan each in the statement's text.

use sea_orm::Value;

use super::{Sql, order_by, order_columns, quoted, source};
use crate::{
    connect::Dialect,
    read::{
        columns::{self, Select},
        stream::{Shape, Stream},
    },
};

/// The first rows of one stream.
pub(super) fn single(shape: &Shape, stream: &Stream, select: &Select) -> Sql {
    let mut values = Vec::new();
    let joined = columns::join_edition("t.edition_id", select) + " WHERE ";
    let text = format!(
        "SELECT {}, {} FROM {} {} LIMIT {}",
        order_columns(shape.key).0,
        select.list(),
        scan(shape, stream, &mut values).replacen(" WHERE ", &joined, 1),
        order_by(shape.key, shape.descending),
        stream.limit,
    );
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
