//! Pages of lists.

use std::sync::Arc;

use courant_domain::{
    fingerprint::fingerprint,
    id::{EntryId, FeedId},
    list::List,
    page::{Direction, Page, PageRequest, Position},
};

use super::{
    columns::{self, Select},
    statement,
    stream::{self, Key, Shape, Stream, known, known_at, streams},
    weight,
};
use crate::{
    db::row::Cursor,
    error::Result,
    live::{
        Live,
        publication::{Parts, Publication},
        reads::ListReads,
    },
};

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
    /// The feed whose items it gives.
    pub feed: Option<FeedId>,
    /// The feed whose pinned entries stand on top.
    pub pinned: Option<FeedId>,
    /// Whether there is nothing below them.
    pub pinned_only: bool,
}

impl ListRequest {
    /// A page of a plain list, which does not say whether there is more.
    #[must_use]
    pub const fn new(list: List, page: PageRequest) -> Self {
        Self { list, page, more: false, excluding: Vec::new(), feed: None, pinned: None, pinned_only: false }
    }

    /// A number that tells the list from others, so that a cursor of one is not taken for another's.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        match self.feed {
            None => self.list.fingerprint(),
            Some(feed) => fingerprint(&(self.list.fingerprint(), feed, self.pinned_only)),
        }
    }
}

/// A page of a list, and what it was made of.
pub type Listed = (Page<Arc<Publication>>, ListReads);

/// What was found for one list: a place, and the edition there.
type Found = (Position, Arc<Publication>);

impl Live {
    /// The pages of lists, in the order of the requests: one statement, whatever their number and whatever they ask
    /// for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lists(&self, requests: &[&ListRequest], parts: Parts) -> Result<Vec<Listed>> {
        let reference = self.store.reference();
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
        if !shapes.is_empty() {
            let select = Select { parts, known: known(&shapes) };
            let sql = statement::lists(self.store.dialect(), &shapes, &select);
            let weight = weight::of_lists(&shapes, statement::APART);
            let rows = self.store.rows_of(weight, sql.text, sql.values, |mut columns| {
                let Some((stream, key)) = read_place(&mut columns, &shapes)? else { return Ok(None) };
                let publication = columns::read(&mut columns, parts, known_at(select.known, stream, key)?)?;
                Ok(Some((stream.list, Position { key, entry: publication.entry }, publication)))
            });
            for (list, place, publication) in rows.await?.into_iter().flatten() {
                found[list].push((place, publication));
            }
        }
        let listed = requests.iter().zip(found).enumerate().map(|(index, (request, found))| {
            let streams = shapes.iter().flat_map(|(_, streams)| streams).filter(|stream| stream.list == index);
            let reads = stream::reads(request, &streams.collect::<Vec<_>>(), &reference);
            page(request, found, &reference, reads)
        });
        Ok(listed.collect())
    }

    /// How many entries lists have, in the order of the requests: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_counts(&self, requests: &[&ListRequest], bound: u64) -> Result<Vec<(u64, ListReads)>> {
        super::count::counts(&self.store, requests, bound).await
    }
}

pub(super) fn read_index(cursor: &mut Cursor<'_>) -> Result<usize> {
    Ok(usize::try_from(cursor.take::<i32>()?).unwrap_or(usize::MAX))
}

/// The stream a row is from, and its key: what [`statement::lists`] puts before the edition.
fn read_place<'a>(cursor: &mut Cursor<'_>, shapes: &'a [(Shape, Vec<Stream>)]) -> Result<Option<(&'a Stream, i64)>> {
    let several = shapes.len() > 1;
    let shape = if several { read_index(cursor)? } else { 0 };
    let Some((shape, streams)) = shapes.get(shape) else { return Ok(None) };
    let stream = if several || streams.len() > 1 { read_index(cursor)? } else { 0 };
    let key = match shape.key {
        Key::SignedDay if !several => cursor.take::<i32>()?.into(),
        _ => cursor.take()?,
    };
    Ok(streams.get(stream).map(|stream| (stream, key)))
}

/// Joins what the streams of one list gave: in order, once each, without what is left out, cut to size.
fn page(
    request: &ListRequest,
    mut found: Vec<Found>,
    reference: &crate::reference::Reference,
    mut reads: ListReads,
) -> Listed {
    let descending = request.list.order.is_descending() != (request.page.direction == Direction::Backward);
    found.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
    // What comes from two timelines has one place, unless editors have given it another one.
    found.dedup_by_key(|(position, _)| *position);
    if let Some(feed) = request.pinned {
        let pinned = reference.feed(feed).map_or(&[][..], |feed| &feed.pinned);
        found.retain(|(position, _)| {
            // Below the pins, what is pinned does not come again, on whichever page.
            let is_pin = position.key > crate::live::publish::LATEST_TIME;
            is_pin || !pinned.contains(&position.entry)
        });
    }
    found.retain(|(position, _)| !request.excluding.contains(&position.entry));
    // What is behind the last row that was needed may change as it likes.
    let needed = request.page.size as usize + usize::from(request.more);
    if let Some((last, _)) = needed.checked_sub(1).and_then(|last| found.get(last))
        && !Key::of(&request.list).is_views()
    {
        *(if descending { &mut reads.from } else { &mut reads.to }) = Some(last.key);
    }
    (Page::cut(&request.page, found), reads)
}
