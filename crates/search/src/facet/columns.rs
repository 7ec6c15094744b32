//! The values that texts are counted by, in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tantivy::{DocId, Searcher, SegmentReader, index::SegmentId};

use super::Dimension;

/// The values of each text by each dimension, part by part of the index. A part's never change, so that they are read from its files once: from
/// memory, the texts of a very frequent word are counted several times as quickly. Each value has a number, the same in all parts.
#[derive(Default)]
pub(crate) struct Columns {
    parts: Mutex<HashMap<SegmentId, Arc<Part>>>,
    numbered: Mutex<[Numbered; Dimension::ALL.len()]>,
}

/// Values with their numbers. A number is never given to another value; 0 is none's.
#[derive(Default)]
struct Numbered {
    numbers: HashMap<Arc<str>, u32>,
    values: Vec<Arc<str>>,
}

/// The values of the texts of one part.
pub(crate) struct Part([Rows; Dimension::ALL.len()]);

/// The numbers of the values of each text.
enum Rows {
    /// One at the most.
    One(Numbers),
    /// Any number of them: those of a text are from its start to the start of the next one.
    Many { starts: Box<[u32]>, numbers: Numbers },
}

/// Numbers, as short as they can be: there is one of each for each text.
enum Numbers {
    Short(Box<[u16]>),
    Long(Box<[u32]>),
}

impl Columns {
    /// Those of a part.
    pub(super) fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Part>> {
        let id = segment.segment_id();
        if let Some(part) = lock(&self.parts).get(&id) {
            return Ok(part.clone());
        }
        let mut rows = Vec::with_capacity(Dimension::ALL.len());
        for dimension in Dimension::ALL {
            rows.push(self.rows(segment, dimension)?);
        }
        let Ok(rows) = rows.try_into() else { unreachable!("there is one for each dimension") };
        let part = Arc::new(Part(rows));
        lock(&self.parts).insert(id, part.clone());
        Ok(part)
    }

    fn rows(&self, segment: &SegmentReader, dimension: Dimension) -> tantivy::Result<Rows> {
        let Some(column) = segment.fast_fields().str(dimension.field())? else {
            return Ok(Rows::One(Numbers::Short(Box::default())));
        };
        let ordinals: Vec<u64> = (0..column.num_terms() as u64).collect();
        let mut numbers = Vec::with_capacity(ordinals.len());
        {
            let numbered = &mut lock(&self.numbered)[dimension as usize];
            let number = |value: &[u8]| numbers.push(numbered.number(&String::from_utf8_lossy(value)));
            column.dictionary().sorted_ords_to_term_cb(&ordinals, number)?;
        }
        let number = |ordinal: u64| numbers.get(ordinal as usize).copied().unwrap_or_default();
        let texts = 0..segment.max_doc();
        let ords = column.ords();
        if !ords.get_cardinality().is_multivalue() {
            let numbers = texts.map(|doc| ords.first(doc).map_or(0, number)).collect();
            return Ok(Rows::One(Numbers::of(numbers)));
        }
        let (mut starts, mut all) = (vec![0], Vec::new());
        for doc in texts {
            all.extend(ords.values_for_doc(doc).map(number));
            starts.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        }
        Ok(Rows::Many { starts: starts.into(), numbers: Numbers::of(all) })
    }

    /// Reads those of all parts ahead, so that no search waits for it, and lets go of those of others.
    pub(crate) fn follow(&self, searcher: &Searcher) {
        let segments = searcher.segment_readers();
        lock(&self.parts).retain(|id, _| segments.iter().any(|segment| segment.segment_id() == *id));
        for segment in segments {
            // What cannot be read is found out by whoever searches.
            if let Err(error) = self.of(segment) {
                tracing::debug!(%error, "the values of a part of the index cannot be read ahead");
            }
        }
    }

    /// How many numbers there are, that of none included.
    pub(super) fn numbers(&self, dimension: Dimension) -> usize {
        lock(&self.numbered)[dimension as usize].values.len() + 1
    }

    /// The values that have any, by how often each number was counted.
    pub(super) fn named(&self, dimension: Dimension, counts: &[u64]) -> HashMap<Arc<str>, u64> {
        let numbered = &lock(&self.numbered)[dimension as usize];
        let counted = numbered.values.iter().zip(counts.iter().skip(1)).filter(|(_, count)| **count > 0);
        counted.map(|(value, count)| (value.clone(), *count)).collect()
    }
}

impl Numbered {
    fn number(&mut self, value: &str) -> u32 {
        if let Some(known) = self.numbers.get(value) {
            return *known;
        }
        let value: Arc<str> = value.into();
        self.values.push(value.clone());
        let number = u32::try_from(self.values.len()).unwrap_or_default();
        self.numbers.insert(value, number);
        number
    }
}

impl Part {
    /// Counts the values of texts.
    pub(super) fn count(&self, dimension: Dimension, texts: &[DocId], counts: &mut [u64]) {
        match &self.0[dimension as usize] {
            Rows::One(Numbers::Short(numbers)) => one(numbers, texts, counts),
            Rows::One(Numbers::Long(numbers)) => one(numbers, texts, counts),
            Rows::Many { starts, numbers: Numbers::Short(numbers) } => many(starts, numbers, texts, counts),
            Rows::Many { starts, numbers: Numbers::Long(numbers) } => many(starts, numbers, texts, counts),
        }
    }
}

impl Numbers {
    fn of(numbers: Vec<u32>) -> Self {
        let short: Result<Box<[u16]>, _> = numbers.iter().map(|number| u16::try_from(*number)).collect();
        short.map_or_else(|_| Self::Long(numbers.into()), Self::Short)
    }
}

fn one<N: Copy + Into<u32>>(numbers: &[N], texts: &[DocId], counts: &mut [u64]) {
    for text in texts {
        if let Some(number) = numbers.get(*text as usize) {
            add((*number).into(), counts);
        }
    }
}

fn many<N: Copy + Into<u32>>(starts: &[u32], numbers: &[N], texts: &[DocId], counts: &mut [u64]) {
    for text in texts {
        let at = *text as usize;
        if let (Some(from), Some(to)) = (starts.get(at), starts.get(at + 1)) {
            for number in numbers.get(*from as usize..*to as usize).unwrap_or_default() {
                add((*number).into(), counts);
            }
        }
    }
}

fn add(number: u32, counts: &mut [u64]) {
    if let Some(count) = counts.get_mut(number as usize) {
        *count += 1;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_values_than_short_numbers_are_counted_alike() {
        let part = |numbers: Vec<u32>| {
            let none = || Rows::One(Numbers::of(Vec::new()));
            let many = Rows::Many { starts: [0, 2, 2, 3].into(), numbers: Numbers::of(numbers.clone()) };
            Part([Rows::One(Numbers::of(numbers)), none(), many, none(), none(), none()])
        };
        for last in [4_u32, 70_000] {
            let part = part(vec![1, last, last]);
            let (mut ones, mut manies) = (vec![0; 70_001], vec![0; 70_001]);
            part.count(Dimension::Kind, &[0, 2], &mut ones);
            part.count(Dimension::Tag, &[0, 1, 2, 9], &mut manies);
            let last = last as usize;
            assert_eq!((ones[1], ones[last], manies[1], manies[last]), (1, 1, 1, 2));
            assert_eq!(manies.iter().sum::<u64>(), 3);
        }
    }
}
