//! The newest rows of many parents, in one statement: for each parent as many as its page takes, by the index.

use courant_domain::page::{Direction, Page, PageRequest, Position};
use sea_orm::Value;

use super::Parameters;
use crate::{db::row::Cursor, error::Result, live::read::KEYS, store::Store};

/// A table whose rows belong to parents, and have numbers that are unique for each parent.
pub(super) struct Children {
    /// The table.
    pub(super) table: &'static str,
    /// The column with the numbers.
    pub(super) key: &'static str,
    /// Which rows `t` belong to a parent `p`, which has two columns, `a` and `b`.
    pub(super) on: &'static str,
}

/// A parent's two columns.
pub(super) type Parent = [Value; 2];

impl Children {
    /// A page of each parent's rows, greatest number first.
    pub(super) async fn pages<T>(
        &self,
        store: &Store,
        columns: &str,
        requests: &[(Parent, &PageRequest)],
        read: impl Fn(&Cursor<'_>) -> Result<(Position, T)>,
    ) -> Result<Vec<Page<T>>> {
        let mut found: Vec<Vec<(Position, T)>> = requests.iter().map(|_| Vec::new()).collect();
        for direction in [Direction::Forward, Direction::Backward] {
            let places: Vec<usize> =
                (0..requests.len()).filter(|place| requests[*place].1.direction == direction).collect();
            for places in places.chunks(KEYS) {
                let mut parameters = Parameters::default();
                let sql = self.sql(columns, requests, places, direction, &mut parameters);
                for (place, row) in
                    store.rows(sql, parameters.0, |row| Ok((row.get::<i32>("place")?, read(&row)?))).await?
                {
                    if let Some(found) = usize::try_from(place).ok().and_then(|place| found.get_mut(place)) {
                        found.push(row);
                    }
                }
            }
        }
        Ok(requests
            .iter()
            .zip(found)
            .map(|((_, page), mut found)| {
                found.sort_by_key(|(place, _)| place.key);
                if page.direction == Direction::Forward {
                    found.reverse();
                }
                Page::cut(page, found)
            })
            .collect())
    }

    fn sql(
        &self,
        columns: &str,
        requests: &[(Parent, &PageRequest)],
        places: &[usize],
        direction: Direction,
        parameters: &mut Parameters,
    ) -> String {
        let parents: Vec<String> = places
            .iter()
            .map(|place| {
                let ([a, b], page) = &requests[*place];
                let values = [
                    i32::try_from(*place).unwrap_or(i32::MAX).into(),
                    a.clone(),
                    b.clone(),
                    // Numbers descend: what lies before a place is greater.
                    page.before.map_or(i64::MIN, |place| place.key).into(),
                    page.after.map_or(i64::MAX, |place| place.key).into(),
                ];
                format!("({})", parameters.bind_all(values))
            })
            .collect();
        let limit = places.iter().map(|place| requests[*place].1.size).max().map_or(0, u64::from) + 1;
        let Self { table, key, on } = self;
        let (sign, end, way) = match direction {
            Direction::Forward => (">=", "min", "DESC"),
            Direction::Backward => ("<=", "max", "ASC"),
        };
        let scan = format!("{on} AND t.{key} > p.lower AND t.{key} < p.upper");
        format!(
            "WITH p(place, a, b, lower, upper) AS (VALUES {parents}) \
             SELECT p.place, {columns} FROM p CROSS JOIN {table} t WHERE {scan} AND t.{key} {sign} \
             (SELECT {end}(k.number) FROM (SELECT t.{key} AS number FROM {table} t WHERE {scan} \
             ORDER BY t.{key} {way} LIMIT {limit}) k)",
            parents = parents.join(", "),
        )
    }

    /// How many rows each parent has: exact up to `bound`, and `bound` for more.
    pub(super) async fn counts(&self, store: &Store, parents: &[Parent], bound: u64) -> Result<Vec<u64>> {
        let mut counts = vec![0; parents.len()];
        let places: Vec<usize> = (0..parents.len()).collect();
        for places in places.chunks(KEYS) {
            let mut parameters = Parameters::default();
            let rows: Vec<String> = places
                .iter()
                .map(|place| {
                    let [a, b] = parents[*place].clone();
                    let place = i32::try_from(*place).unwrap_or(i32::MAX).into();
                    format!("({})", parameters.bind_all([place, a, b]))
                })
                .collect();
            let Self { table, on, .. } = self;
            let sql = format!(
                "WITH p(place, a, b) AS (VALUES {}) SELECT p.place, \
                 (SELECT count(*) FROM (SELECT 1 FROM {table} t WHERE {on} LIMIT {bound}) n) FROM p",
                rows.join(", ")
            );
            let read = |mut row: Cursor<'_>| Ok((row.take::<i32>()?, row.take::<i64>()?));
            for (place, count) in store.rows(sql, parameters.0, read).await? {
                if let Some(known) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
                    *known = u64::try_from(count).unwrap_or(0);
                }
            }
        }
        Ok(counts)
    }
}
