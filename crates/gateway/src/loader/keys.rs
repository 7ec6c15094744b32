//! What loaders are asked for. The parts a resolver wants are in its key; a batch loads what any of them wants.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use courant_domain::{change::ChangeSeq, entry::EntryKind, id::EntryId, locale::Locale};
use courant_persistence::{ChangeFilter, ChangesRequest, Departed, ListRequest, Reference, publication::Parts};
use jiff::Timestamp;

/// The edition at an address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SlugOf {
    pub(crate) kind: EntryKind,
    pub(crate) locale: Locale,
    pub(crate) slug: String,
    pub(crate) parts: Parts,
}

/// The edition of an entry in exactly one locale.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct EditionOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
    pub(crate) parts: Parts,
}

/// The edition of an entry that a reader of a locale gets.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ReaderEditionOf {
    pub(crate) entry: EntryId,
    pub(crate) reader: Locale,
    pub(crate) parts: Parts,
}

/// All live languages of an entry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct TranslationsOf {
    pub(crate) entry: EntryId,
    pub(crate) parts: Parts,
}

/// What an act does to others, and they to it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RelationsOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
    pub(crate) parts: Parts,
}

/// What goes with an entry for a reader of a locale: so much at the most.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RelatedOf {
    pub(crate) entry: EntryId,
    pub(crate) reader: Locale,
    pub(crate) most: u32,
    pub(crate) parts: Parts,
}

/// A page of a list. It is hashed once: loaders hash their keys several times, and a list has many parts.
#[derive(Clone)]
pub(crate) struct ListOf {
    request: Arc<ListRequest>,
    parts: Parts,
    hash: u64,
}

impl ListOf {
    pub(crate) fn new(request: Arc<ListRequest>, parts: Parts) -> Self {
        let mut hasher = DefaultHasher::new();
        request.hash(&mut hasher);
        parts.hash(&mut hasher);
        Self { request, parts, hash: hasher.finish() }
    }

    pub(crate) fn request(&self) -> &ListRequest {
        &self.request
    }

    pub(crate) const fn parts(&self) -> Parts {
        self.parts
    }
}

impl PartialEq for ListOf {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.parts == other.parts && self.request == other.request
    }
}

impl Eq for ListOf {}

impl Hash for ListOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// The number of entries of a list.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CountOf(pub(crate) Arc<ListRequest>);

/// The editions that changes after this one were about and that are not live now.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct GoneSince(pub(crate) ChangeSeq);

/// What the rules say of a path.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RedirectOf(pub(crate) String);

/// A page of the change log, as of some reference data.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ChangesOf {
    pub(crate) request: ChangesRequest,
    pub(crate) as_of: LogAsOf,
}

/// What was taken back of lists since a time, so much at the most, as of some reference data.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct DeparturesOf {
    pub(crate) departed: Departed,
    pub(crate) filter: ChangeFilter,
    pub(crate) since: Timestamp,
    pub(crate) most: usize,
    pub(crate) as_of: LogAsOf,
}

/// The change log up to the change that these reference data are as of.
#[derive(Clone)]
pub(crate) struct LogAsOf(pub(crate) Arc<Reference>);

impl PartialEq for LogAsOf {
    fn eq(&self, other: &Self) -> bool {
        self.0.seq == other.0.seq
    }
}

impl Eq for LogAsOf {}

impl Hash for LogAsOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.seq.hash(state);
    }
}
