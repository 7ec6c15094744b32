//! Searching: hits in their order, how many there are, and of which sorts.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    hash::{Hash, Hasher},
};

use tantivy::{
    DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    collector::{Collector, Count, SegmentCollector},
    columnar::Column,
    query::{BooleanQuery, Occur, Query},
};
use uuid::Uuid;

use crate::{
    analysis::Language,
    error::SearchError,
    facet::{CountBy, Dimension, Facets},
    fragment::Matcher,
    index::{SearchIndex, Snapshot},
    query::{Ask, Filter, narrowed, relevance, rest},
    rank::{Cursor, Order, Rank},
    schema::Fields,
};

/// What is searched for, and by whom.
#[derive(Debug, Clone)]
pub struct Request {
    /// What was typed.
    pub ask: Ask,
    /// The locale of the reader: hits are what they get, by fallbacks too.
    pub reader: String,
    /// The languages that the hits may be in, as BCP 47 tags: the reader's and its fallbacks.
    pub languages: Vec<String>,
    /// Which hits.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// How many.
    pub first: usize,
    /// Only those after this place.
    pub after: Option<Cursor>,
    /// What is not live any more, whatever the index says: entries with their language.
    pub gone: Vec<(Uuid, String)>,
    /// What to count by. Each is counted as if the filter said nothing of it, so that another value can be chosen.
    pub facets: Vec<Dimension>,
}

/// A hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The entry. Readers of one locale get one language of it.
    pub entry: Uuid,
    /// Its place.
    pub cursor: Cursor,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The hits, in order.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u64,
    /// Whether there are more after these.
    pub has_next: bool,
    /// How many there are of each sort.
    pub facets: Facets,
    /// The change that the index is as of.
    pub seq: i64,
}

impl Request {
    pub(crate) fn of_languages(&self) -> Vec<Language> {
        let mut languages: Vec<Language> = self.languages.iter().map(|tag| Language::of(tag)).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    /// What shows where a text fits.
    #[must_use]
    pub fn matcher(&self) -> Matcher {
        Matcher::new(&self.ask)
    }

    /// The order it really is in: where nothing is asked for in texts, all fit alike.
    fn order(&self) -> Order {
        if self.order == Order::Relevance && self.ask.is_open() { Order::Newest } else { self.order }
    }

    /// Tells cursors of this search from those of others.
    fn fingerprint(&self) -> u32 {
        let mut hasher = Fnv(0x811c_9dc5);
        self.ask.wanted().for_each(|part| part.words.hash(&mut hasher));
        (self.ask.parts.len(), &self.reader, &self.filter, self.order()).hash(&mut hasher);
        hasher.0
    }

    pub(crate) fn query(
        &self,
        ask: &Ask,
        filter: &Filter,
        fields: &Fields,
        searcher: &Searcher,
    ) -> Result<Box<dyn Query>, SearchError> {
        let languages = self.of_languages();
        let mut clauses = narrowed(filter, &self.reader, &self.gone, fields);
        clauses.extend(rest(ask, fields, &languages, searcher)?);
        clauses.push((Occur::Must, relevance(ask, fields, &languages, searcher)?));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }
}

impl SearchIndex {
    /// Searches. Takes as long as it takes: call it where that holds nobody up.
    ///
    /// # Errors
    /// When there is no index yet, it turns out damaged, or the cursor is another search's.
    pub fn search(&self, request: &Request) -> Result<Found, SearchError> {
        let of = request.fingerprint();
        if request.after.is_some_and(|after| after.of != of) {
            return Err(SearchError::BadCursor);
        }
        let snapshot = self.snapshot(request.after.map(|after| after.state))?;
        let (fields, searcher) = (&self.inner.fields, &snapshot.searcher);
        let query = request.query(&request.ask, &request.filter, fields, searcher)?;
        let ranked =
            Ranked { order: request.order(), limit: request.first + 1, after: request.after.map(|after| after.rank) };
        let (mut ranks, total) = searcher.search(&query, &ranked)?;
        let has_next = ranks.len() > request.first;
        ranks.truncate(request.first);
        let (seq, state) = (snapshot.seq, snapshot.state);
        let hit = |rank: Rank| Hit { entry: Uuid::from_u128(rank.entry), cursor: Cursor { state, rank, of } };
        let hits = ranks.into_iter().map(hit).collect();
        let facets = self.facets(request, &snapshot)?;
        if has_next {
            self.keep(snapshot);
        }
        Ok(Found { hits, total, has_next, facets, seq })
    }

    /// Whether anything is found by it, and how much.
    pub(crate) fn count(&self, request: &Request, ask: &Ask, searcher: &Searcher) -> Result<u64, SearchError> {
        let query = request.query(ask, &request.filter, &self.inner.fields, searcher)?;
        Ok(searcher.search(&query, &Count)? as u64)
    }

    fn facets(&self, request: &Request, snapshot: &Snapshot) -> Result<Facets, SearchError> {
        let (apart, together): (Vec<Dimension>, Vec<Dimension>) =
            request.facets.iter().partition(|dimension| has(&request.filter, **dimension));
        let mut facets = Facets::new();
        let mut count = |filter: &Filter, dimensions: &[Dimension]| -> Result<(), SearchError> {
            let query = request.query(&request.ask, filter, &self.inner.fields, &snapshot.searcher)?;
            facets.extend(snapshot.searcher.search(&query, &CountBy(dimensions))?);
            Ok(())
        };
        if !together.is_empty() {
            count(&request.filter, &together)?;
        }
        for dimension in apart {
            count(&without(request.filter.clone(), dimension), &[dimension])?;
        }
        Ok(facets)
    }
}

const fn has(filter: &Filter, dimension: Dimension) -> bool {
    match dimension {
        Dimension::Kind => filter.kinds.is_some(),
        Dimension::Category => filter.categories.is_some(),
        Dimension::Tag => filter.tags.is_some(),
        Dimension::Year => filter.years.is_some(),
        Dimension::Signatory => filter.signatories.is_some(),
        Dimension::Language => filter.locales.is_some(),
    }
}

fn without(mut filter: Filter, dimension: Dimension) -> Filter {
    match dimension {
        Dimension::Kind => filter.kinds = None,
        Dimension::Category => filter.categories = None,
        Dimension::Tag => filter.tags = None,
        Dimension::Year => filter.years = None,
        Dimension::Signatory => filter.signatories = None,
        Dimension::Language => filter.locales = None,
    }
    filter
}

/// The best hits after a place, and how many there are before and after it. Ties are broken by what a hit is, and not by where it is in
/// the index, so that the same hits come in the same order on every server.
struct Ranked {
    order: Order,
    limit: usize,
    after: Option<Rank>,
}

struct RankedSegment {
    order: Order,
    limit: usize,
    after: Option<Rank>,
    published: Column<i64>,
    high: Column<u64>,
    low: Column<u64>,
    best: BinaryHeap<Reverse<Rank>>,
    total: u64,
}

impl Collector for Ranked {
    type Fruit = (Vec<Rank>, u64);
    type Child = RankedSegment;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<RankedSegment> {
        let columns = segment.fast_fields();
        Ok(RankedSegment {
            order: self.order,
            limit: self.limit,
            after: self.after,
            published: columns.i64("published")?,
            high: columns.u64("high")?,
            low: columns.u64("low")?,
            best: BinaryHeap::with_capacity(self.limit + 1),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, segments: Vec<(Vec<Rank>, u64)>) -> tantivy::Result<(Vec<Rank>, u64)> {
        let total = segments.iter().map(|(_, total)| total).sum();
        let mut ranks: Vec<Rank> = segments.into_iter().flat_map(|(ranks, _)| ranks).collect();
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        ranks.truncate(self.limit);
        Ok((ranks, total))
    }
}

impl SegmentCollector for RankedSegment {
    type Fruit = (Vec<Rank>, u64);

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        let is_full = self.best.len() == self.limit;
        // What is surely worse than the worst of the best is not looked at further.
        if is_full
            && self.order == Order::Relevance
            && self.best.peek().is_some_and(|worst| i64::from(score.max(0.0).to_bits()) < worst.0.first)
        {
            return;
        }
        let published = self.published.first(doc).unwrap_or_default();
        let entry =
            Uuid::from_u64_pair(self.high.first(doc).unwrap_or_default(), self.low.first(doc).unwrap_or_default());
        let rank = Rank::new(self.order, score, published, entry);
        if self.after.is_some_and(|after| rank >= after) {
            return;
        }
        if !is_full {
            self.best.push(Reverse(rank));
        } else if self.best.peek().is_some_and(|worst| rank > worst.0) {
            self.best.pop();
            self.best.push(Reverse(rank));
        }
    }

    fn harvest(self) -> (Vec<Rank>, u64) {
        (self.best.into_iter().map(|rank| rank.0).collect(), self.total)
    }
}

/// FNV-1a: the same on every server and in every version.
struct Fnv(u32);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        u64::from(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }
}
