//! Counting lists.

use super::{
    list::{ListRequest, read_index},
    row::Cursor,
    statement,
    stream::{Shape, Stream, streams},
};
use crate::{error::Result, store::Store};

/// The streams of one list, with its number among the lists.
type Group = (usize, Vec<Stream>);

/// How many entries each list has, up to `bound`; paging arguments do not matter.
pub(super) async fn counts(store: &Store, requests: &[&ListRequest], bound: u64) -> Result<Vec<u64>> {
    let reference = store.reference();
    let mut shapes: Vec<(Shape, Vec<Group>)> = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let mut groups: Vec<(Shape, Vec<Stream>)> = Vec::new();
        for (shape, stream) in streams(index, request, &reference) {
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
        let sql = statement::count(store.dialect(), &shape, &groups, bound);
        for row in store.read(sql.text, sql.values).await? {
            let mut cursor = Cursor::new(&row);
            let index = read_index(&mut cursor)?;
            let count: i64 = cursor.take()?;
            if let Some(list) = lists.get(index) {
                counts[*list] = bound.min(counts[*list] + u64::try_from(count).unwrap_or(0));
            }
        }
    }
    Ok(counts)
}
