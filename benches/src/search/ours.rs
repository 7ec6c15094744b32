//! Our own index, in a folder.

use std::{
    io::ErrorKind,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use courant_search::{Ask, Dimension, Document, Filter, Indexer, Mark, Order, Request, SearchIndex};

use super::{
    PAGE, Put,
    corpus::{Corpus, Sort},
};
use crate::process;

const FACETS: [Dimension; 6] =
    [Dimension::Kind, Dimension::Category, Dimension::Tag, Dimension::Year, Dimension::Signatory, Dimension::Language];

/// So many texts are handed over at once, as the follower does.
const BATCH: u32 = 500;

pub(super) struct Ours {
    pub(super) index: SearchIndex,
    /// What this process had in memory before.
    before: f64,
}

impl Ours {
    /// Puts the texts into an index.
    pub(super) fn build(corpus: &Corpus, documents: u32, folder: &Path) -> Result<(Self, Put)> {
        let before = process::own()?;
        let index = SearchIndex::keeping_nothing(Some(folder));
        let mut indexer = Indexer::new(index.clone());
        let mut took = Duration::ZERO;
        let begun = Instant::now();
        indexer.begin(u64::from(documents))?;
        took += begun.elapsed();
        for from in (0..documents).step_by(BATCH as usize) {
            // That they are made is nobody's time.
            let batch: Vec<Document> =
                (from..documents.min(from + BATCH)).map(|number| corpus.text(number).document()).collect();
            let begun = Instant::now();
            indexer.add(&batch)?;
            took += begun.elapsed();
        }
        let begun = Instant::now();
        indexer.finish(Mark { seq: 1, micros: 1, fallbacks: 0 })?;
        took += begun.elapsed();
        indexer.close();
        Ok((Self { index, before }, Put { took, bytes: size(folder)? }))
    }

    /// The same, as a server has it: what is asked again is kept.
    pub(super) fn keeping(self, folder: &Path) -> Result<Self> {
        let before = self.before;
        drop(self);
        let index = SearchIndex::new(Some(folder));
        Indexer::new(index.clone()).resume()?.context("the index is not there any more")?;
        Ok(Self { index, before })
    }

    /// What it has in memory beside pages of its files, in megabytes.
    pub(super) fn memory(&self) -> Result<f64> {
        Ok(process::own()? - self.before)
    }

    /// Searches with all facets; how many were found.
    pub(super) fn search(&self, sort: Sort, language: &str, typed: &str) -> Result<u64> {
        let typed = match sort {
            Sort::Phrase => format!("\"{typed}\""),
            Sort::Prefix => format!("{typed}*"),
            _ => typed.to_owned(),
        };
        let mut request = request(language, &typed);
        request.facets = FACETS.to_vec();
        Ok(self.index.search(&request)?.total)
    }

    /// How what is being typed may go on; how many are proposed.
    pub(super) fn suggest(&self, language: &str, typed: &str) -> Result<u64> {
        let mut request = request(language, typed);
        request.first = 8;
        Ok(self.index.suggest(typed, &request)?.len() as u64)
    }
}

pub(super) fn request(language: &str, typed: &str) -> Request {
    Request {
        ask: Ask::read(typed, |_, _| None),
        reader: language.to_owned(),
        languages: vec![language.to_owned()],
        filter: Filter::default(),
        order: Order::Relevance,
        first: PAGE,
        after: None,
        gone: Vec::new(),
        facets: Vec::new(),
        fallbacks: 0,
    }
}

/// What the files of a folder take, in bytes; one that is merged away meanwhile takes nothing.
pub(super) fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = match entry.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            about => about?,
        };
        bytes += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(bytes)
}
