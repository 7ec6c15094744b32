//! The first hits in their order.

use std::cmp::Ordering;

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};
use uuid::Uuid;

use crate::rank::{Order, Rank, first_of};

/// The best hits after a place, and how many there are before and after it. Ties are broken by what a hit is, and not by where it is in
/// the index, so that the same hits come in the same order on every server.
pub(super) struct Ranked {
    pub(super) order: Order,
    pub(super) limit: usize,
    pub(super) after: Option<Rank>,
    pub(super) is_strict: bool,
}

pub(super) struct RankedSegment {
    order: Order,
    limit: usize,
    after: Option<Rank>,
    is_strict: bool,
    published: Column<i64>,
    entries: Entries,
    /// The best up to now, and some that are not: they are parted when there are too many.
    best: Vec<Candidate>,
    /// The last of the best, once there are enough.
    worst: Option<Candidate>,
    total: u64,
}

/// A hit that may be one of the best.
#[derive(Clone, Copy)]
struct Candidate {
    first: i64,
    published: i64,
    doc: DocId,
}

struct Entries {
    high: Column<u64>,
    low: Column<u64>,
}

impl Entries {
    fn of(&self, doc: DocId) -> u128 {
        let half = |column: &Column<u64>| column.first(doc).unwrap_or_default();
        Uuid::from_u64_pair(half(&self.high), half(&self.low)).as_u128()
    }

    /// Which of two comes later. What they are is looked up where nothing else tells them apart.
    fn order(&self, a: &Candidate, b: &Candidate) -> Ordering {
        let known = (b.first, b.published).cmp(&(a.first, a.published));
        known.then_with(|| self.of(b.doc).cmp(&self.of(a.doc)))
    }
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
            is_strict: self.is_strict,
            published: columns.i64("published")?,
            entries: Entries { high: columns.u64("high")?, low: columns.u64("low")? },
            best: Vec::with_capacity(2 * self.limit),
            worst: None,
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
        // What is surely worse than the last of the best is not looked at further.
        if self.order == Order::Relevance && self.worst.is_some_and(|worst| first_of(score) < worst.first) {
            return;
        }
        let published = self.published.first(doc).unwrap_or_default();
        let hit = Candidate { first: self.order.first(score, published), published, doc };
        if self.worst.is_some_and(|worst| self.entries.order(&hit, &worst).is_ge()) || self.is_before(&hit) {
            return;
        }
        self.best.push(hit);
        if self.best.len() == 2 * self.limit {
            let entries = &self.entries;
            let (_, worst, _) = self.best.select_nth_unstable_by(self.limit - 1, |a, b| entries.order(a, b));
            self.worst = Some(*worst);
            self.best.truncate(self.limit);
        }
    }

    fn harvest(self) -> (Vec<Rank>, u64) {
        (self.best.iter().map(|hit| self.rank(hit)).collect(), self.total)
    }
}

impl RankedSegment {
    /// Whether it is on a page before this one, or the last of that.
    fn is_before(&self, hit: &Candidate) -> bool {
        self.after.is_some_and(|after| {
            let known =
                (self.is_strict, hit.first, hit.published).cmp(&(after.is_strict, after.first, after.published));
            known.then_with(|| self.entries.of(hit.doc).cmp(&after.entry)).is_ge()
        })
    }

    fn rank(&self, hit: &Candidate) -> Rank {
        let Candidate { first, published, doc } = *hit;
        Rank { is_strict: self.is_strict, first, published, entry: self.entries.of(doc) }
    }
}
