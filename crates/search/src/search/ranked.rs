//! The first hits in their order.

use std::{cmp::Reverse, collections::BinaryHeap};

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
            is_strict: self.is_strict,
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
            && self.best.peek().is_some_and(|worst| first_of(score) < worst.0.first)
        {
            return;
        }
        let published = self.published.first(doc).unwrap_or_default();
        let entry =
            Uuid::from_u64_pair(self.high.first(doc).unwrap_or_default(), self.low.first(doc).unwrap_or_default());
        let rank = Rank { is_strict: self.is_strict, ..Rank::new(self.order, score, published, entry) };
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
