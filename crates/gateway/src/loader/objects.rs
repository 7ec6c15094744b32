//! What is live, in memory, in front of the store: what readers' loaders have loaded is given again for as long as no change touches
//! it. A level of an answer that is wholly here runs no statement.
//!
//! *Invariants*: what is given holds as of the last change that this process knows of, as answers that are kept do (docs/adr/0014), and its
//! read set goes into the answer's. Nothing is given unless the change log was looked at within the last second.

use std::{any::Any, collections::HashMap, sync::Arc, time::Duration};

use courant_domain::{page::Page, redirect::Redirect};
use courant_persistence::{
    Reads, RelatedList, RelationRow, Stamp, Store,
    publication::{Parts, Publication},
};
use jiff::{SignedDuration, Timestamp};
use quick_cache::{Weighter, sync::Cache};

use super::{
    CountOf, EditionOf, ListOf, ReaderEditionOf, RedirectOf, RelatedOf, RelationsOf, SlugOf, TranslationsOf, batch::Key,
};

/// How much of what is live is kept in memory, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectCache {
    /// In bytes; zero keeps nothing. 16 MiB.
    pub bytes: u64,
    /// How long view counts may lag, and what is ordered by them. Five seconds.
    pub views_lag: Duration,
}

impl Default for ObjectCache {
    fn default() -> Self {
        Self { bytes: 16 * 1024 * 1024, views_lag: Duration::from_secs(5) }
    }
}

/// What is kept of what is live.
pub(crate) struct Objects {
    settings: ObjectCache,
    store: Store,
    kept: Cache<ObjectKey, Arc<Object>, ByBytes>,
}

/// What was asked for: of any sort that is kept.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum ObjectKey {
    Slug(SlugOf),
    Edition(EditionOf),
    ReaderEdition(ReaderEditionOf),
    Translations(TranslationsOf),
    Relations(RelationsOf),
    Related(RelatedOf),
    List(ListOf),
    Count(CountOf),
    Redirect(RedirectOf),
}

/// What was found, or that nothing was; and what that depends on.
pub(crate) struct Object {
    stamp: Stamp,
    pub(super) reads: Reads,
    found: Box<dyn Any + Send + Sync>,
    bytes: usize,
}

impl Object {
    /// What was found for a key of the sort whose values these are.
    pub(super) fn found<V: Clone + 'static>(&self) -> Option<&Option<V>> {
        self.found.downcast_ref()
    }
}

/// What a loader has loaded for a key.
pub(super) struct Loaded<K, V> {
    pub(super) key: K,
    pub(super) found: Option<V>,
    pub(super) reads: Reads,
}

impl Objects {
    pub(crate) fn new(store: Store, settings: ObjectCache) -> Self {
        let entries = usize::try_from(settings.bytes / LEAST_BYTES).unwrap_or(usize::MAX).max(1);
        Self { kept: Cache::with_weighter(entries, settings.bytes, ByBytes), settings, store }
    }

    pub(crate) const fn is_on(&self) -> bool {
        self.settings.bytes > 0
    }

    /// What is known for a key, if that holds.
    pub(super) fn get<K: Kept>(&self, key: &K) -> Option<Arc<Object>> {
        if !self.store.is_fresh() {
            return None;
        }
        let object = self.kept.get(&key.object())?;
        self.store.holds(&object.stamp, &object.reads).then_some(object)
    }

    /// As of when, what is loaded from now on can be kept.
    pub(super) fn begin(&self) -> Begun {
        Begun { stamp: self.store.view().1, at: self.store.now() }
    }

    /// Keeps what was loaded.
    pub(super) fn keep<K: Kept, V: Weighed>(&self, begun: &Begun, loaded: &Loaded<K, V>) {
        let mut reads = loaded.reads.clone();
        if reads.has_views() {
            let lag = SignedDuration::try_from(self.settings.views_lag).unwrap_or(SignedDuration::ZERO);
            reads.ends(begun.at.checked_add(lag).unwrap_or(begun.at));
        }
        let bytes = size_of::<Object>() + reads.bytes() + loaded.found.as_ref().map_or(0, Weighed::bytes);
        let object = Object { stamp: begun.stamp.clone(), reads, found: Box::new(loaded.found.clone()), bytes };
        self.kept.insert(loaded.key.object(), Arc::new(object));
    }
}

/// About what the smallest of what is kept takes.
const LEAST_BYTES: u64 = 1_024;

/// What a key takes, and the cache for it.
const KEY_BYTES: usize = 256;

#[derive(Clone)]
struct ByBytes;

impl Weighter<ObjectKey, Arc<Object>> for ByBytes {
    fn weight(&self, _: &ObjectKey, object: &Arc<Object>) -> u64 {
        (KEY_BYTES + object.bytes) as u64
    }
}

/// When loading began.
pub(super) struct Begun {
    stamp: Stamp,
    at: Timestamp,
}

/// A key whose values are kept.
pub(super) trait Kept: Key {
    fn object(&self) -> ObjectKey;
}

macro_rules! kept {
    ($($key:ident as $object:ident),*) => {
        $(impl Kept for $key {
            fn object(&self) -> ObjectKey {
                ObjectKey::$object(self.clone())
            }
        })*
    };
}

kept!(
    SlugOf as Slug,
    EditionOf as Edition,
    ReaderEditionOf as ReaderEdition,
    TranslationsOf as Translations,
    RelationsOf as Relations,
    RelatedOf as Related,
    ListOf as List,
    CountOf as Count,
    RedirectOf as Redirect
);

/// A value that says about how many bytes it takes.
pub(super) trait Weighed: Clone + Send + Sync + 'static {
    fn bytes(&self) -> usize;
}

impl Weighed for Arc<Publication> {
    fn bytes(&self) -> usize {
        Publication::bytes(self)
    }
}

impl Weighed for Vec<Arc<Publication>> {
    fn bytes(&self) -> usize {
        self.iter().map(Weighed::bytes).sum()
    }
}

impl Weighed for Arc<Page<Arc<Publication>>> {
    fn bytes(&self) -> usize {
        size_of::<Page<()>>()
            + self.items.iter().map(|(position, item)| size_of_val(position) + item.bytes()).sum::<usize>()
    }
}

impl Weighed for RelatedList {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.shown.bytes() + size_of_val(self.hidden.as_slice())
    }
}

impl Weighed for Vec<RelationRow> {
    fn bytes(&self) -> usize {
        self.iter().map(|row| size_of_val(row) + row.note.as_ref().map_or(0, String::len) + row.other.bytes()).sum()
    }
}

impl Weighed for u64 {
    fn bytes(&self) -> usize {
        0
    }
}

impl Weighed for Redirect {
    fn bytes(&self) -> usize {
        let texts = [Some(&self.path), self.target.as_ref(), self.meant.as_ref()];
        size_of::<Self>() + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

/// What was found by key, of values with these parts, and what each of it depends on.
pub(super) fn loaded<K: Clone, V: Clone>(
    keys: &[K],
    parts: impl Fn(&K) -> Parts,
    find: impl Fn(&K) -> Option<V>,
    note: impl Fn(&mut Reads, &K, Option<&V>),
) -> Vec<Loaded<K, V>> {
    let one = |key: &K| {
        let (found, mut reads) = (find(key), Reads::default());
        note(&mut reads, key, found.as_ref());
        if parts(key).contains(Parts::VIEWS) {
            reads.views();
        }
        Loaded { key: key.clone(), found, reads }
    };
    keys.iter().map(one).collect()
}

/// The same as a loader answers.
pub(super) fn values<K: Key, V>(loaded: Vec<Loaded<K, V>>) -> HashMap<K, V> {
    loaded.into_iter().filter_map(|Loaded { key, found, .. }| Some((key, found?))).collect()
}
