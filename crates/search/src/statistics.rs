//! What scores are weighed by, so that they stay the same from page to page.
//!
//! BM25 weighs a word by how many texts have it, and a text by how long texts are on the average. Each change of the index moves both, and
//! servers whose indexes are cut into other parts count otherwise. So the hits of a first page are weighed by what is counted then, roughly,
//! and their cursors hold that: for the pages after it a text has the same score whenever and wherever it is asked for.

use std::cell::RefCell;

use tantivy::{Searcher, Term, query::Bm25StatisticsProvider, schema::Field};

use crate::{error::SearchError, schema::Fields};

/// The most words with their forms that are kept. Of what more is asked for, the index as it is says how many texts have it.
const TERMS: usize = 128;
/// The fields whose texts are weighed.
const FIELDS: usize = 4;
/// So many levels it takes to double. What is counted to a tenth ranks as well.
const STEPS: f64 = 8.0;

/// Counts, as levels, each a twelfth or so more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Statistics {
    texts: u8,
    tokens: [u8; FIELDS],
    terms: [u8; TERMS],
    known: u8,
}

fn level(count: u64) -> u8 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is rounded, and no more than 255"
    )]
    match count {
        0 => 0,
        count => (1.0 + ((count as f64).log2() * STEPS).round()).min(255.0) as u8,
    }
}

fn count(level: u8) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is rounded, and at least 1")]
    match level {
        0 => 0,
        level => (f64::from(level - 1) / STEPS).exp2().round() as u64,
    }
}

impl Statistics {
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.texts);
        bytes.extend(self.tokens);
        bytes.extend(&self.terms[..usize::from(self.known).min(TERMS)]);
    }

    /// Reads what was written, to the end.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, SearchError> {
        let (&[texts, ref tokens @ ..], given) =
            bytes.split_first_chunk::<{ 1 + FIELDS }>().ok_or(SearchError::BadCursor)?;
        let mut terms = [0; TERMS];
        terms.get_mut(..given.len()).ok_or(SearchError::BadCursor)?.copy_from_slice(given);
        let known = u8::try_from(given.len()).map_err(|_| SearchError::BadCursor)?;
        // Where there is no text there is no hit.
        if texts == 0 {
            return Err(SearchError::BadCursor);
        }
        Ok(Self { texts, tokens: *tokens, terms, known })
    }

    pub(crate) const BYTES: usize = 1 + FIELDS + TERMS;
}

/// Says what is known, and counts and keeps what is not. Words are known by the order in which they are asked for, which a query fixes.
pub(crate) struct Weighing<'a> {
    searcher: &'a Searcher,
    fields: [Field; FIELDS],
    kept: RefCell<(Vec<Term>, Statistics)>,
}

impl<'a> Weighing<'a> {
    pub(crate) fn new(searcher: &'a Searcher, fields: &Fields, known: Option<Statistics>) -> Result<Self, SearchError> {
        let fields = [fields.title, fields.text, fields.exact_title, fields.exact_text];
        let statistics = match known {
            Some(known) => known,
            None => {
                let texts = level(searcher.total_num_docs()?).max(1);
                let mut tokens = [0; FIELDS];
                for (tokens, field) in tokens.iter_mut().zip(fields) {
                    *tokens = level(searcher.total_num_tokens(field)?);
                }
                Statistics { texts, tokens, terms: [0; TERMS], known: 0 }
            }
        };
        Ok(Self { searcher, fields, kept: RefCell::new((Vec::new(), statistics)) })
    }

    pub(crate) const fn searcher(&self) -> &'a Searcher {
        self.searcher
    }

    /// All that was known, or was asked for.
    pub(crate) fn statistics(&self) -> Statistics {
        self.kept.borrow().1
    }
}

impl Bm25StatisticsProvider for Weighing<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        match self.fields.iter().position(|known| *known == field) {
            Some(at) => Ok(count(self.kept.borrow().1.tokens[at]).max(1)),
            None => self.searcher.total_num_tokens(field),
        }
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(count(self.kept.borrow().1.texts).max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let most = self.total_num_docs()?;
        // Conditions have no weight.
        if !self.fields.contains(&term.field()) {
            return Ok(most);
        }
        let mut kept = self.kept.borrow_mut();
        let (asked, statistics) = &mut *kept;
        let at = asked.iter().position(|known| known == term).unwrap_or_else(|| {
            asked.push(term.clone());
            asked.len() - 1
        });
        if at < usize::from(statistics.known) {
            return Ok(count(statistics.terms[at]).min(most));
        }
        let found = level(self.searcher.doc_freq(term)?);
        if at == usize::from(statistics.known) && at < TERMS {
            statistics.terms[at] = found;
            statistics.known += 1;
        }
        Ok(count(found).min(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_near_what_is_counted() {
        let mut last = 0;
        for of in (0..2000).chain((1..20).map(|n| n * 49_999_999)) {
            let (level, near) = (level(of), count(level(of)));
            assert!(near.abs_diff(of) * 100 <= of * 10, "{of}: {near}");
            assert!(level >= last, "{of}");
            last = level;
        }
        assert_eq!(count(255), count(level(u64::MAX)));
    }
}
