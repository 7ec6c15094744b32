//! Pages of lists.

use std::{collections::HashSet, sync::Arc};

use courant_domain::{
    id::{EntryId, FeedId},
    list::List,
    page::{Direction, Page, PageRequest, Position},
    publication::{Parts, Publication},
};

use super::{
    columns::{self, Select},
    row::{Cursor, unpack},
    statement,
    stream::{Shape, Stream, known, known_at, streams},
};
use crate::{connect::Dialect, error::Result, store::Store};

/// A page of a list that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListRequest {
    /// The list.
    pub list: List,
    /// The page of it.
    pub page: PageRequest,
    /// Whether the page shall say if there is more behind it; without, [`Page::has_next`] means nothing, nor does
    /// [`Page::has_previous`] of a page from the end.
    pub more: bool,
    /// Entries to be left out.
    pub excluding: Vec<EntryId>,
    /// The feed whose pinned entries stand on top.
    pub pinned: Option<FeedId>,
    /// Whether there is nothing below them.
    pub pinned_only: bool,
}

impl ListRequest {
    /// A page of a plain list, which does not say whether there is more.
    #[must_use]
    pub const fn new(list: List, page: PageRequest) -> Self {
        Self { list, page, more: false, excluding: Vec::new(), pinned: None, pinned_only: false }
    }
}

/// What was found for one list: a place, and the edition there.
type Found = (Position, Arc<Publication>);

impl Store {
    /// The pages of lists, in the order of the requests. Requests that differ only in what they list, from
    /// where and how many, are one statement, whatever their number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lists(&self, requests: &[&ListRequest], parts: Parts) -> Result<Vec<Page<Arc<Publication>>>> {
        let reference = self.reference();
        let mut shapes: Vec<(Shape, Vec<Stream>)> = Vec::new();
        for (index, request) in requests.iter().enumerate() {
            for (shape, stream) in streams(index, request, &reference) {
                match shapes.iter_mut().find(|(known, _)| *known == shape) {
                    Some((_, streams)) => streams.push(stream),
                    None => shapes.push((shape, vec![stream])),
                }
            }
        }
        let mut found: Vec<Vec<Found>> = vec![Vec::new(); requests.len()];
        for (shape, streams) in shapes {
            // Texts are better copied than written as JSON and read again.
            let packed = self.dialect() == Dialect::Sqlite && !parts.intersects(Parts::TEXTS);
            let select = Select { parts, known: known(&shape, &streams), packed };
            let sql = statement::list(self.dialect(), &shape, &streams, &select);
            let rows = self.read(sql.text, sql.values).await?;
            let mut take = |mut cursor: Cursor<'_>| -> Result<()> {
                let stream = if streams.len() == 1 { 0 } else { read_index(&mut cursor)? };
                let key = read_key(&mut cursor, &shape)?;
                let Some(stream) = streams.get(stream) else { return Ok(()) };
                let publication = columns::read(&mut cursor, parts, known_at(select.known, stream, key)?)?;
                found[stream.list].push((Position { key, entry: publication.entry }, Arc::new(publication)));
                Ok(())
            };
            for row in &rows {
                if packed {
                    let text: String = Cursor::new(row).take()?;
                    unpack(&text)?.iter().try_for_each(|row| take(Cursor::packed(row)))?;
                } else {
                    take(Cursor::new(row))?;
                }
            }
        }
        Ok(requests.iter().zip(found).map(|(request, found)| page(request, found, &reference)).collect())
    }

    /// How many entries lists have, in the order of the requests: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_counts(&self, requests: &[&ListRequest], bound: u64) -> Result<Vec<u64>> {
        super::count::counts(self, requests, bound).await
    }
}

pub(super) fn read_index(cursor: &mut Cursor<'_>) -> Result<usize> {
    Ok(usize::try_from(cursor.take::<i32>()?).unwrap_or(usize::MAX))
}

fn read_key(cursor: &mut Cursor<'_>, shape: &Shape) -> Result<i64> {
    match shape.key {
        super::stream::Key::SignedDay => Ok(cursor.take::<i32>()?.into()),
        _ => cursor.take(),
    }
}

/// Joins what the streams of one list gave: in order, once each, without what is left out, cut to size.
fn page(
    request: &ListRequest,
    mut found: Vec<Found>,
    reference: &crate::reference::Reference,
) -> Page<Arc<Publication>> {
    let descending = request.list.order.is_descending() != (request.page.direction == Direction::Backward);
    found.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
    // What comes from two timelines has one place, unless editors have given it another one.
    found.dedup_by_key(|(position, _)| *position);
    if let Some(feed) = request.pinned {
        let pinned = reference.feed(feed).map_or(&[][..], |feed| &feed.pinned);
        let mut seen: HashSet<EntryId> = HashSet::new();
        found.retain(|(position, _)| {
            // Below the pins, what is pinned does not come again, on whichever page.
            let is_pin = position.key > crate::publish::LATEST_TIME;
            seen.insert(position.entry) && (is_pin || !pinned.contains(&position.entry))
        });
    }
    found.retain(|(position, _)| !request.excluding.contains(&position.entry));
    Page::cut(&request.page, found)
}
