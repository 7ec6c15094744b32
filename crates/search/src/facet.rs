//! How many hits there are of each kind, category, tag, year, signatory and language.

use std::collections::HashMap;

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    columnar::{RowId, StrColumn},
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
pub(crate) struct CountBy<'a>(pub(crate) &'a [Dimension]);

pub(crate) struct SegmentCounts {
    columns: Vec<Counted>,
    /// Hits that are not counted yet.
    docs: Vec<DocId>,
    scratch: Scratch,
}

/// So many hits are counted at once, column after column: quicker than all columns for each hit.
const BLOCK: usize = 1024;

struct Counted {
    dimension: Dimension,
    column: StrColumn,
    /// How many hits have each value, by the value's ordinal.
    counts: Vec<u64>,
}

/// What looking values up leaves behind, for its memory to be had again.
#[derive(Default)]
struct Scratch {
    docs: Vec<DocId>,
    rows: Vec<RowId>,
    ordinals: Vec<u64>,
}

impl Collector for CountBy<'_> {
    type Fruit = Facets;
    type Child = SegmentCounts;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let mut columns = Vec::with_capacity(self.0.len());
        for dimension in self.0 {
            if let Some(column) = segment.fast_fields().str(dimension.field())? {
                let counts = vec![0; column.num_terms()];
                columns.push(Counted { dimension: *dimension, column, counts });
            }
        }
        Ok(SegmentCounts { columns, docs: Vec::with_capacity(BLOCK), scratch: Scratch::default() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Result<Facets, TantivyError>>) -> tantivy::Result<Facets> {
        let mut all = Facets::new();
        for segment in segments {
            add(&mut all, segment?);
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = Result<Facets, TantivyError>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.docs.push(doc);
        if self.docs.len() == BLOCK {
            self.count();
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.count();
        self.columns.iter().map(|counted| Ok((counted.dimension, counted.values()?))).collect()
    }
}

impl SegmentCounts {
    fn count(&mut self) {
        let Scratch { docs, rows, ordinals } = &mut self.scratch;
        for Counted { column, counts, .. } in &mut self.columns {
            docs.clear();
            rows.clear();
            column.ords().index.docids_to_rowids(&self.docs, docs, rows);
            ordinals.resize(rows.len(), 0);
            column.ords().values.get_vals(rows, ordinals);
            for ordinal in &*ordinals {
                if let Some(count) = usize::try_from(*ordinal).ok().and_then(|ordinal| counts.get_mut(ordinal)) {
                    *count += 1;
                }
            }
        }
        self.docs.clear();
    }
}

impl Counted {
    /// The values that any hit has. They are read in one go: each by itself, the dictionary would be read from a block's beginning for each.
    fn values(&self) -> Result<HashMap<String, u64>, TantivyError> {
        let (ordinals, counts): (Vec<u64>, Vec<u64>) = (0_u64..)
            .zip(&self.counts)
            .filter(|(_, count)| **count > 0)
            .map(|(ordinal, count)| (ordinal, *count))
            .unzip();
        let mut values = HashMap::with_capacity(counts.len());
        let mut counts = counts.into_iter();
        self.column.dictionary().sorted_ords_to_term_cb(&ordinals, |value| {
            values.insert(String::from_utf8_lossy(value).into_owned(), counts.next().unwrap_or_default());
        })?;
        Ok(values)
    }
}
