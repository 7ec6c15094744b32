//! Which texts are a reader's, in memory.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tantivy::{
    DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, Term,
    collector::{Collector, SegmentCollector},
    index::SegmentId,
    schema::{Field, IndexRecordOption},
};

/// The texts of each part of the index that have a term which says whose they are. A part's never change, so that they are read from its
/// files once. Each search is of one reader: to ask of a hit whether it is theirs costs less than to go along all that is theirs.
#[derive(Default)]
pub(crate) struct Readers(Mutex<HashMap<(SegmentId, Term), Arc<Texts>>>);

/// A bit for each text.
struct Texts(Box<[u64]>);

impl Readers {
    fn of(&self, segment: &SegmentReader, term: &Term) -> tantivy::Result<Arc<Texts>> {
        let key = (segment.segment_id(), term.clone());
        if let Some(texts) = self.lock().get(&key) {
            return Ok(texts.clone());
        }
        let mut texts = Texts(vec![0; segment.max_doc().div_ceil(u64::BITS) as usize].into());
        if let Some(mut docs) = segment.inverted_index(term.field())?.read_postings(term, IndexRecordOption::Basic)? {
            let mut doc = docs.doc();
            while doc != TERMINATED {
                texts.insert(doc);
                doc = docs.advance();
            }
        }
        let texts = Arc::new(texts);
        self.lock().insert(key, texts.clone());
        Ok(texts)
    }

    /// Reads those of new parts ahead, for whoever has searched before, and lets go of those of others.
    pub(crate) fn follow(&self, searcher: &Searcher) {
        let segments = searcher.segment_readers();
        let terms: HashSet<Term> = self.lock().keys().map(|(_, term)| term.clone()).collect();
        self.lock().retain(|(id, _), _| segments.iter().any(|segment| segment.segment_id() == *id));
        for (segment, term) in segments.iter().flat_map(|segment| terms.iter().map(move |term| (segment, term))) {
            // What cannot be read is found out by whoever searches.
            if let Err(error) = self.of(segment, term) {
                tracing::debug!(%error, "whose texts those of a part of the index are cannot be read ahead");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(SegmentId, Term), Arc<Texts>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Texts {
    const fn place(doc: DocId) -> (usize, u64) {
        ((doc / u64::BITS) as usize, 1 << (doc % u64::BITS))
    }

    fn insert(&mut self, doc: DocId) {
        let (at, bit) = Self::place(doc);
        if let Some(bits) = self.0.get_mut(at) {
            *bits |= bit;
        }
    }

    fn contains(&self, doc: DocId) -> bool {
        let (at, bit) = Self::place(doc);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }
}

/// A reader of one state of the index.
pub(crate) struct Reader<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) readers: &'a Readers,
    /// What says that a text is theirs.
    pub(super) term: Term,
}

impl Reader<'_> {
    /// What is searched.
    pub(crate) const fn searcher(&self) -> &Searcher {
        self.searcher
    }

    /// Whether any of their texts has a word in one of these fields.
    pub(crate) fn has(&self, fields: &[Field], word: &[u8]) -> tantivy::Result<bool> {
        for segment in self.searcher.segment_readers() {
            let texts = self.readers.of(segment, &self.term)?;
            for field in fields {
                let term = Term::from_field_text(*field, &String::from_utf8_lossy(word));
                let index = segment.inverted_index(*field)?;
                let Some(mut docs) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
                let mut doc = docs.doc();
                while doc != TERMINATED {
                    if texts.contains(doc) && segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                        return Ok(true);
                    }
                    doc = docs.advance();
                }
            }
        }
        Ok(false)
    }
}

/// Collects what is a reader's of what is found.
pub(super) struct OfReader<'a, C> {
    pub(super) collector: &'a C,
    pub(super) reader: &'a Reader<'a>,
}

pub(super) struct OfReaderSegment<C> {
    collector: C,
    texts: Arc<Texts>,
}

impl<C: Collector> Collector for OfReader<'_, C> {
    type Fruit = C::Fruit;
    type Child = OfReaderSegment<C::Child>;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let texts = self.reader.readers.of(segment, &self.reader.term)?;
        Ok(OfReaderSegment { collector: self.collector.for_segment(ordinal, segment)?, texts })
    }

    fn requires_scoring(&self) -> bool {
        self.collector.requires_scoring()
    }

    fn merge_fruits(&self, segments: Vec<<C::Child as SegmentCollector>::Fruit>) -> tantivy::Result<C::Fruit> {
        self.collector.merge_fruits(segments)
    }
}

impl<C: SegmentCollector> SegmentCollector for OfReaderSegment<C> {
    type Fruit = C::Fruit;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.texts.contains(doc) {
            self.collector.collect(doc, score);
        }
    }

    fn harvest(self) -> C::Fruit {
        self.collector.harvest()
    }
}
