//! How many hits there are of each kind, category, tag, year, signatory and language.

mod columns;

use std::{collections::HashMap, sync::Arc};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

pub(crate) use self::columns::Columns;
use self::columns::Part;

/// What hits are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// What they are.
    Kind,
    /// The category that they are filed in themselves; those above it are not counted here.
    Category,
    /// Their subjects: a hit with several counts for each.
    Tag,
    /// The year they are of.
    Year,
    /// Who signed.
    Signatory,
    /// The language they are in.
    Language,
}

impl Dimension {
    const ALL: [Self; 6] = [Self::Kind, Self::Category, Self::Tag, Self::Year, Self::Signatory, Self::Language];

    const fn field(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Year => "year",
            Self::Signatory => "signatory",
            Self::Language => "locale",
        }
    }
}

/// The counts of each value that has any, by value: ids in their simple form, years, tags of languages.
pub type Facets = HashMap<Dimension, HashMap<Arc<str>, u64>>;

/// Adds the counts of some hits to those of others.
pub(crate) fn add(all: &mut Facets, more: Facets) {
    for (dimension, counts) in more {
        let known = all.entry(dimension).or_default();
        for (value, count) in counts {
            *known.entry(value).or_default() += count;
        }
    }
}

/// Counts by some dimensions.
pub(crate) struct CountBy<'a> {
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) columns: &'a Columns,
}

pub(crate) struct SegmentCounts {
    part: Arc<Part>,
    /// How many hits have each value, by the value's number.
    counts: Vec<(Dimension, Vec<u64>)>,
    /// Hits that are not counted yet.
    docs: Vec<DocId>,
}

/// So many hits are counted at once, by one dimension after the other: quicker than by all of them for each hit.
const BLOCK: usize = 1024;

impl Collector for CountBy<'_> {
    type Fruit = Facets;
    type Child = SegmentCounts;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let part = self.columns.of(segment)?;
        let none = |dimension: &Dimension| (*dimension, vec![0; self.columns.numbers(*dimension)]);
        Ok(SegmentCounts { part, counts: self.dimensions.iter().map(none).collect(), docs: Vec::with_capacity(BLOCK) })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<(Dimension, Vec<u64>)>>) -> tantivy::Result<Facets> {
        let mut all: HashMap<Dimension, Vec<u64>> = HashMap::new();
        for (dimension, counts) in segments.into_iter().flatten() {
            let sums = all.entry(dimension).or_default();
            // A part that was read later may know values that the ones before it do not.
            sums.resize(sums.len().max(counts.len()), 0);
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        Ok(all.into_iter().map(|(dimension, counts)| (dimension, self.columns.named(dimension, &counts))).collect())
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = Vec<(Dimension, Vec<u64>)>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.docs.push(doc);
        if self.docs.len() == BLOCK {
            self.count();
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.count();
        self.counts
    }
}

impl SegmentCounts {
    fn count(&mut self) {
        for (dimension, counts) in &mut self.counts {
            self.part.count(*dimension, &self.docs, counts);
        }
        self.docs.clear();
    }
}
