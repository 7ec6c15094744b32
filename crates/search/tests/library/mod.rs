//! A few texts, indexed.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(dead_code, clippy::allow_attributes, reason = "not every test needs all of it")]

use courant_search::{Ask, Document, FieldWord, Filter, Indexer, Mark, Narrowed, Order, Request, SearchIndex};
use uuid::Uuid;

pub(crate) struct Library {
    pub(crate) index: SearchIndex,
    indexer: Indexer,
    seq: i64,
}

pub(crate) fn id(number: u16) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

pub(crate) fn article(number: u16, locale: &str, title: &str, text: &str) -> Document {
    Document {
        entry: id(number),
        locale: locale.to_owned(),
        readers: vec![locale.to_owned()],
        kind: "ARTICLE".to_owned(),
        category: id(80),
        tags: Vec::new(),
        signatory: None,
        year: 2024,
        published: i64::from(number),
        number: None,
        title: title.to_owned(),
        summary: None,
        text: text.to_owned(),
    }
}

impl Library {
    pub(crate) fn of(editions: &[Document]) -> Self {
        Self::in_index(SearchIndex::new(None), editions)
    }

    pub(crate) fn keeping_nothing(editions: &[Document]) -> Self {
        Self::in_index(SearchIndex::keeping_nothing(None), editions)
    }

    fn in_index(index: SearchIndex, editions: &[Document]) -> Self {
        let mut indexer = Indexer::new(index.clone());
        indexer.begin(editions.len() as u64).unwrap();
        indexer.add(editions).unwrap();
        indexer.finish(Mark { seq: 1, micros: 1, fallbacks: 0 }).unwrap();
        Self { index, indexer, seq: 1 }
    }

    pub(crate) fn put(&mut self, editions: &[Document]) {
        self.seq += 1;
        let entries: Vec<Uuid> = editions.iter().map(|edition| edition.entry).collect();
        self.indexer.apply(&entries, editions, Mark { seq: self.seq, micros: self.seq, fallbacks: 0 }).unwrap();
    }

    pub(crate) fn take_out(&mut self, number: u16) {
        self.seq += 1;
        self.indexer.apply(&[id(number)], &[], Mark { seq: self.seq, micros: self.seq, fallbacks: 0 }).unwrap();
    }

    pub(crate) fn request(&self, reader: &str, typed: &str) -> Request {
        request(reader, typed)
    }

    pub(crate) fn found(&self, reader: &str, typed: &str) -> Vec<u128> {
        found_in(&self.index, reader, typed)
    }

    pub(crate) fn found_by(
        &self,
        reader: &str,
        typed: &str,
        narrow: impl FnMut(FieldWord, &str) -> Option<Narrowed>,
    ) -> Vec<u128> {
        ids(&self.index, &request_by(reader, typed, narrow))
    }
}

pub(crate) fn request(reader: &str, typed: &str) -> Request {
    request_by(reader, typed, |_, _| None)
}

fn request_by(reader: &str, typed: &str, narrow: impl FnMut(FieldWord, &str) -> Option<Narrowed>) -> Request {
    Request {
        ask: Ask::read(typed, narrow),
        reader: reader.to_owned(),
        languages: ["tk", "ru", "en"].map(str::to_owned).to_vec(),
        filter: Filter::default(),
        order: Order::Relevance,
        first: 10,
        after: None,
        gone: Vec::new(),
        facets: Vec::new(),
        fallbacks: 0,
    }
}

/// What is found in an index: the numbers of the articles, in order.
pub(crate) fn found_in(index: &SearchIndex, reader: &str, typed: &str) -> Vec<u128> {
    ids(index, &request(reader, typed))
}

fn ids(index: &SearchIndex, request: &Request) -> Vec<u128> {
    let found = index.search(request).unwrap();
    assert_eq!(found.total, found.hits.len() as u64);
    found.hits.iter().map(|hit| hit.entry.as_u128()).collect()
}
