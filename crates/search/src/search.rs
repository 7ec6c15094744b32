//! Searching: hits in their order, how many there are, and of which sorts.

mod kept;
mod ranked;
mod readers;

use std::hash::{Hash, Hasher};

use tantivy::{
    DocSet, Executor, Searcher, TERMINATED, Term,
    collector::{Collector, Count},
    query::{BooleanQuery, EnableScoring, Occur, Query},
};
use uuid::Uuid;

pub(crate) use self::{
    kept::Kept,
    readers::{Reader, Readers},
};
use self::{ranked::Ranked, readers::OfReader};

use crate::{
    analysis::Language,
    error::SearchError,
    facet::{CountBy, Dimension, Facets, add},
    fragment::Matcher,
    index::{OfAll, SearchIndex, Snapshot},
    query::{Ask, Breadth, Filter, can_widen, having, narrowed, relevance, rest},
    rank::{Cursor, Order, Rank},
    schema::Fields,
    statistics::Weighing,
};

/// So many hits that have all that is asked for are enough: a page of them.
const ENOUGH: usize = 10;

/// So many editions are searched on more than one thread: among fewer, what is frequent takes no longer than handing it over.
const MANY: u64 = 200_000;

/// What is searched for, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// By which fallbacks readers get what they get now, see [`crate::fallbacks`]; 0 where that does not matter. Of an index that was made by
    /// others only what is in the reader's own language is found, which they get whatever the fallbacks are.
    pub fallbacks: u64,
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
    /// How many of them have all that was asked for. The others come after these.
    pub strict: u64,
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

    /// What it counts of all there is, if it asks for nothing less.
    fn of_all(&self) -> Option<OfAll> {
        let is_of_all = self.ask == Ask::default() && self.filter == Filter::default() && self.gone.is_empty();
        let of = || (self.reader.clone(), self.fallbacks, self.facets.clone());
        (is_of_all && !self.facets.is_empty()).then(of)
    }

    /// What says that a text is the reader's. `fallbacks` are those that the index knows.
    fn of_reader(&self, fields: &Fields, snapshot: &Snapshot) -> Term {
        let of_index = snapshot.mark.fallbacks;
        let are_known = self.fallbacks == 0 || of_index == 0 || self.fallbacks == of_index;
        Term::from_field_text(if are_known { fields.readers } else { fields.locale }, &self.reader)
    }

    /// What is found, whoever reads.
    fn found(
        &self,
        ask: &Ask,
        filter: &Filter,
        breadth: Breadth,
        fields: &Fields,
        reader: &Reader<'_>,
    ) -> Result<Box<dyn Query>, SearchError> {
        let languages = self.of_languages();
        let mut clauses = narrowed(filter, &self.gone, fields);
        clauses.extend(rest(ask, fields, &languages, reader)?);
        clauses.push((Occur::Must, relevance(ask, breadth, fields, &languages, reader)?));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// What is found of what the reader gets, in an order that is nobody's.
    pub(crate) fn query(
        &self,
        ask: &Ask,
        filter: &Filter,
        fields: &Fields,
        reader: &Reader<'_>,
    ) -> Result<Box<dyn Query>, SearchError> {
        let found = self.found(ask, filter, Breadth::Strict, fields, reader)?;
        let theirs = having(reader.term.clone());
        Ok(Box::new(BooleanQuery::intersection(vec![theirs, found])))
    }
}

impl SearchIndex {
    /// Searches. Takes as long as it takes: call it where that holds nobody up. What is asked again while the index is the same is kept.
    ///
    /// # Errors
    /// When there is no index yet, it turns out damaged, or the cursor is another search's.
    pub fn search(&self, request: &Request) -> Result<Found, SearchError> {
        let of = request.fingerprint();
        if request.after.is_some_and(|after| after.of != of) {
            return Err(SearchError::BadCursor);
        }
        let snapshot = self.snapshot(request.after.map(|after| after.state))?;
        let found = self.inner.kept.or_found(snapshot.state, request, || self.find(request, of, &snapshot))?;
        if found.has_next {
            self.keep(snapshot);
        }
        Ok(found)
    }

    fn find(&self, request: &Request, of: u32, snapshot: &Snapshot) -> Result<Found, SearchError> {
        let is_wide = match request.after {
            Some(after) => after.is_wide,
            None => self.is_too_little(request, snapshot)?,
        };
        let (fields, searcher) = (&self.inner.fields, &snapshot.searcher);
        let reader = self.reader(request, snapshot);
        let weighing = Weighing::new(searcher, fields, request.after.map(|after| after.statistics))?;
        let query = |breadth| request.found(&request.ask, &request.filter, breadth, fields, &reader);
        let ranked = |is_strict| Ranked {
            order: request.order(),
            limit: request.first + 1,
            after: request.after.map(|after| after.rank),
            is_strict,
        };
        let (apart, together): (Vec<Dimension>, Vec<Dimension>) =
            request.facets.iter().partition(|dimension| has(&request.filter, **dimension));
        let known = self.counts_of_all(request, snapshot);
        let count_by = || (known.is_none() && !together.is_empty()).then(|| self.count_by(&together));
        let strict = query(Breadth::Strict)?;
        let ((mut ranks, count), counts) = self.collect(&weighing, &reader, &strict, &(ranked(true), count_by()))?;
        let (mut total, mut facets) = (count, counts.unwrap_or_default());
        if is_wide {
            let less = BooleanQuery::new(vec![(Occur::Must, query(Breadth::Wide)?), (Occur::MustNot, strict)]);
            let ((others, more), counts) = self.collect(&weighing, &reader, &less, &(ranked(false), count_by()))?;
            ranks.extend(others);
            total += more;
            add(&mut facets, counts.unwrap_or_default());
        }
        let breadth = if is_wide { Breadth::Wide } else { Breadth::Strict };
        for dimension in apart {
            let filter = without(request.filter.clone(), dimension);
            let query = request.found(&request.ask, &filter, breadth, fields, &reader)?;
            add(&mut facets, self.collect(&weighing, &reader, &query, &self.count_by(&[dimension]))?);
        }
        let facets = known.unwrap_or_else(|| self.keep_counts_of_all(request, snapshot, facets));
        let has_next = ranks.len() > request.first;
        ranks.truncate(request.first);
        let (seq, state) = (snapshot.mark.seq, snapshot.state);
        let statistics = weighing.statistics();
        let hit = |rank: Rank| Hit {
            entry: Uuid::from_u128(rank.entry),
            cursor: Cursor { state, rank, of, is_wide, statistics },
        };
        let hits = ranks.into_iter().map(hit).collect();
        Ok(Found { hits, total, strict: count, has_next, facets, seq })
    }

    /// Who reads.
    pub(crate) fn reader<'a>(&'a self, request: &Request, snapshot: &'a Snapshot) -> Reader<'a> {
        let (searcher, readers) = (&snapshot.searcher, &self.inner.readers);
        Reader { searcher, readers, term: request.of_reader(&self.inner.fields, snapshot) }
    }

    fn count_by<'a>(&'a self, dimensions: &'a [Dimension]) -> CountBy<'a> {
        CountBy { dimensions, columns: &self.inner.columns }
    }

    /// Collects what a query finds: of many editions, on more than one thread.
    fn collect<C: Collector>(
        &self,
        weighing: &Weighing<'_>,
        reader: &Reader<'_>,
        query: &dyn Query,
        collector: &C,
    ) -> Result<C::Fruit, SearchError> {
        let searcher = weighing.searcher();
        let scoring = if collector.requires_scoring() {
            EnableScoring::enabled_from_statistics_provider(weighing, searcher)
        } else {
            EnableScoring::disabled_from_searcher(searcher)
        };
        let executor = if searcher.num_docs() < MANY { &Executor::SingleThread } else { self.pool()? };
        let collector = OfReader { collector, reader };
        Ok(searcher.search_with_executor(query, &collector, executor, scoring)?)
    }

    /// Whether so little has all that is asked for that what has less is shown, too. The filter is not asked: else choosing a category would
    /// show what was no hit before.
    fn is_too_little(&self, request: &Request, snapshot: &Snapshot) -> Result<bool, SearchError> {
        if !can_widen(&request.ask) {
            return Ok(false);
        }
        let fields = &self.inner.fields;
        let reader = self.reader(request, snapshot);
        let query = request.query(&request.ask, &Filter::default(), fields, &reader)?;
        Ok(!has_at_least(ENOUGH, query.as_ref(), &snapshot.searcher)?)
    }

    /// Whether anything is found by it, and how much.
    pub(crate) fn count(&self, request: &Request, ask: &Ask, snapshot: &Snapshot) -> Result<u64, SearchError> {
        let reader = self.reader(request, snapshot);
        let query = request.query(ask, &request.filter, &self.inner.fields, &reader)?;
        Ok(snapshot.searcher.search(&query, &Count)? as u64)
    }

    /// Whether anything is found by it: looks no further than the first.
    pub(crate) fn is_found(&self, request: &Request, ask: &Ask, snapshot: &Snapshot) -> Result<bool, SearchError> {
        let reader = self.reader(request, snapshot);
        let query = request.query(ask, &request.filter, &self.inner.fields, &reader)?;
        has_at_least(1, query.as_ref(), &snapshot.searcher)
    }

    /// How many there are of each sort where nothing is asked for, as on a page on which somebody is about to type: that is counted once for
    /// each state of the index.
    fn counts_of_all(&self, request: &Request, snapshot: &Snapshot) -> Option<Facets> {
        self.counted(snapshot.state, &request.of_all()?)
    }

    fn keep_counts_of_all(&self, request: &Request, snapshot: &Snapshot, counts: Facets) -> Facets {
        if let Some(of) = request.of_all() {
            self.keep_counts(snapshot.state, of, counts.clone());
        }
        counts
    }
}

/// Whether there are so many hits: looks no further than that.
fn has_at_least(many: usize, query: &dyn Query, searcher: &Searcher) -> Result<bool, SearchError> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = 0;
    for segment in searcher.segment_readers() {
        let mut docs = weight.scorer(segment, 1.0)?;
        let mut doc = docs.doc();
        while doc != TERMINATED {
            found += usize::from(segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)));
            if found >= many {
                return Ok(true);
            }
            doc = docs.advance();
        }
    }
    Ok(false)
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
