//! How many hits there are of each kind, category, tag, year, signatory and language.

use std::collections::HashMap;

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    columnar::StrColumn,
};

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
pub type Facets = HashMap<Dimension, HashMap<String, u64>>;

/// Counts by some dimensions.
pub(crate) struct CountBy<'a>(pub(crate) &'a [Dimension]);

pub(crate) struct SegmentCounts {
    columns: Vec<(Dimension, StrColumn, Vec<u64>)>,
}

impl Collector for CountBy<'_> {
    type Fruit = Facets;
    type Child = SegmentCounts;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let mut columns = Vec::with_capacity(self.0.len());
        for dimension in self.0 {
            if let Some(column) = segment.fast_fields().str(dimension.field())? {
                let counts = vec![0; column.num_terms()];
                columns.push((*dimension, column, counts));
            }
        }
        Ok(SegmentCounts { columns })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Result<Facets, TantivyError>>) -> tantivy::Result<Facets> {
        let mut all = Facets::new();
        for segment in segments {
            for (dimension, counts) in segment? {
                let known = all.entry(dimension).or_default();
                for (value, count) in counts {
                    *known.entry(value).or_default() += count;
                }
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = Result<Facets, TantivyError>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        for (_, column, counts) in &mut self.columns {
            for ordinal in column.term_ords(doc) {
                if let Some(count) = usize::try_from(ordinal).ok().and_then(|ordinal| counts.get_mut(ordinal)) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut found = Facets::new();
        for (dimension, column, counts) in self.columns {
            let values = found.entry(dimension).or_default();
            for (ordinal, count) in (0_u64..).zip(counts).filter(|(_, count)| *count > 0) {
                let mut value = String::new();
                if column.ord_to_str(ordinal, &mut value)? {
                    values.insert(value, count);
                }
            }
        }
        Ok(found)
    }
}
