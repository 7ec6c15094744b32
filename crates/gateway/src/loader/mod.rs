//! Batched keys, one store call. Loaders live for one request.

mod batch;
mod keys;
mod log;
mod newsroom;
mod objects;
mod scheduler;
mod webhooks;

use std::{collections::HashMap, hash::Hash, sync::Arc};

use courant_domain::{
    page::{Page, PageRequest},
    redirect::Redirect,
};
use courant_persistence::{
    ListReads, ListRequest, Live, Reads, RelatedList, RelationRow, Store,
    publication::{Parts, Publication},
};

pub use self::objects::ObjectCache;
pub(crate) use self::{
    batch::DataLoader,
    keys::{
        ChangesOf, CountOf, DeparturesOf, EditionOf, GoneSince, ListOf, LogAsOf, ReaderEditionOf, RedirectOf,
        RelatedOf, RelationsOf, SlugOf, TranslationsOf,
    },
    newsroom::{
        AuditOf, ChangeAt, ChangeOf, ClaimOf, CommentsOf, ConfirmationsOf, CopiesOf, EntriesOf, EntryOf, HistoryOf,
        LiveOf, NameOf, NewsroomLoader, NumberOf, PreviewsOf, RevisionOf, RevisionsOf, StandingsOf,
    },
    objects::Objects,
    scheduler::BatchScheduler,
    webhooks::{AttemptsOf, AttemptsPageOf, DeliveriesPageOf, DeliveryOf, WebhookNumbersOf, WebhooksReachedBy},
};
use self::{
    batch::Loader,
    objects::{Kept, Loaded, Weighed, loaded, values},
};
use crate::{error::Error, recorder::Recorder};

/// What readers' fields load: of what is live, and of nothing else.
pub(crate) struct LiveLoader {
    live: Live,
    recorder: Arc<Recorder>,
    /// What is in memory; none where the store is to be asked.
    objects: Option<Arc<Objects>>,
}

/// The bound up to which lists are counted exactly.
pub(crate) const COUNT_BOUND: u64 = 10_000;

/// A request's loaders, whose loads go to the scheduler.
pub(crate) fn loaders(
    store: &Store,
    scheduler: BatchScheduler,
    recorder: &Arc<Recorder>,
    objects: Option<Arc<Objects>>,
) -> (DataLoader<LiveLoader>, DataLoader<NewsroomLoader>) {
    let newsroom = DataLoader::new(NewsroomLoader(store.newsroom()), scheduler.clone());
    let live = LiveLoader { live: store.live(), recorder: Arc::clone(recorder), objects };
    (DataLoader::new(live, scheduler), newsroom)
}

/// Takes from what was found under the store's key what each loader's key asked for.
fn answer<K: Eq + Hash + Clone, S: Eq + Hash, V: Clone>(
    keys: &[K],
    found: &HashMap<S, V>,
    store_key: impl Fn(&K) -> S,
) -> HashMap<K, V> {
    keys.iter().filter_map(|key| Some((key.clone(), found.get(&store_key(key))?.clone()))).collect()
}

fn union<K>(keys: &[K], parts: impl Fn(&K) -> Parts) -> Parts {
    keys.iter().fold(Parts::NONE, |all, key| all.union(parts(key)))
}

fn distinct<K, S: Ord>(keys: &[K], store_key: impl Fn(&K) -> S) -> Vec<S> {
    let mut distinct: Vec<S> = keys.iter().map(store_key).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// Keys come in no order; the same request shall run the same statements in the same order each time.
fn sorted<K, S: Ord>(keys: &[K], by: impl Fn(&K) -> S) -> Vec<&K> {
    let mut keys: Vec<&K> = keys.iter().collect();
    if keys.len() > 1 {
        keys.sort_by_cached_key(|key| by(key));
    }
    keys
}

fn page_order(page: &PageRequest) -> impl Ord + use<> {
    (page.size, page.after, page.before)
}

fn list_order(request: &ListRequest) -> impl Ord + use<> {
    (request.list.fingerprint(), page_order(&request.page))
}

impl LiveLoader {
    /// What is known of keys, and for the others what loading brings.
    async fn through<K: Kept, V: Weighed>(
        &self,
        keys: &[K],
        load: impl AsyncFnOnce(&[K]) -> Result<Vec<Loaded<K, V>>, Error>,
    ) -> Result<HashMap<K, V>, Error> {
        let Some(objects) = &self.objects else {
            let loaded = load(keys).await?;
            self.note_all(&loaded);
            return Ok(values(loaded));
        };
        let mut found = HashMap::with_capacity(keys.len());
        let missing: Vec<K> = keys.iter().filter(|key| !self.take_known(objects, *key, &mut found)).cloned().collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let begun = objects.begin();
        let loaded = load(&missing).await?;
        self.note_all(&loaded);
        loaded.iter().for_each(|loaded| objects.keep(&begun, loaded));
        found.extend(values(loaded));
        Ok(found)
    }

    fn note_all<K, V>(&self, loaded: &[Loaded<K, V>]) {
        self.recorder.note(|reads| loaded.iter().for_each(|loaded| reads.add(&loaded.reads)));
    }

    /// Puts to the others what is known of a key; says whether anything is.
    fn take_known<K: Kept, V: Weighed>(&self, objects: &Objects, key: &K, found: &mut HashMap<K, V>) -> bool {
        let Some(value) = self.known(objects, key) else { return false };
        if let Some(value) = value {
            found.insert(key.clone(), value);
        }
        true
    }

    /// What is known of a key, which may be that there is nothing.
    fn known<K: Kept, V: Weighed>(&self, objects: &Objects, key: &K) -> Option<Option<V>> {
        let object = objects.get(key)?;
        let value = object.found()?.clone();
        self.recorder.note(|reads| reads.add(&object.reads));
        Some(value)
    }
}

/// What is loaded by keys that say which parts of editions they want, of the store by other keys, and is kept.
macro_rules! editions {
    ($key:ident => $value:ty, $load:ident, $store_key:expr, $note:expr) => {
        impl Loader<$key> for LiveLoader {
            type Value = $value;
            type Error = Error;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Self::Value>, Error> {
                self.through(keys, async |keys: &[$key]| {
                    let parts = union(keys, |key| key.parts);
                    let found = self
                        .live
                        .$load(&distinct(keys, $store_key), parts)
                        .await
                        .map_err(|error| Error::of_store(&error))?;
                    Ok(loaded(keys, |key| key.parts, |key| found.get(&$store_key(key)).cloned(), $note))
                })
                .await
            }

            fn at_once(&self, key: &$key) -> Option<Option<Self::Value>> {
                self.known(self.objects.as_deref()?, key)
            }
        }
    };
}

editions!(
    SlugOf => Arc<Publication>,
    publications_by_slug,
    |key: &SlugOf| (key.kind, key.locale, key.slug.clone()),
    |reads, key, found: Option<&Arc<Publication>>| match found {
        Some(publication) => reads.edition(publication.entry, key.locale),
        None => reads.missing(key.kind, key.locale, key.slug.clone()),
    }
);
editions!(
    EditionOf => Arc<Publication>,
    publications_by_edition,
    |key: &EditionOf| (key.entry, key.locale),
    |reads, key, _| reads.edition(key.entry, key.locale)
);
editions!(
    ReaderEditionOf => Arc<Publication>,
    publications_for_reader,
    |key: &ReaderEditionOf| (key.entry, key.reader),
    |reads, key, _| reads.entry(key.entry)
);
editions!(
    TranslationsOf => Vec<Arc<Publication>>,
    publications_of_entries,
    |key: &TranslationsOf| key.entry,
    |reads, key, _| reads.entry(key.entry)
);
editions!(
    RelationsOf => Vec<RelationRow>,
    relations,
    |key: &RelationsOf| (key.entry, key.locale),
    |reads, key, _| reads.relations(key.entry)
);

impl Loader<RelatedOf> for LiveLoader {
    type Value = RelatedList;
    type Error = Error;

    async fn load(&self, keys: &[RelatedOf]) -> Result<HashMap<RelatedOf, Self::Value>, Error> {
        self.through(keys, async |keys: &[RelatedOf]| {
            let parts = union(keys, |key| key.parts);
            let most = keys.iter().map(|key| key.most).max().unwrap_or_default();
            let of = |key: &RelatedOf| (key.entry, key.reader);
            let found = self.live.related(&distinct(keys, of), most, parts).await;
            let found = found.map_err(|error| Error::of_store(&error))?;
            let first = |key: &RelatedOf| {
                let mut list = found.get(&of(key))?.clone();
                list.shown.truncate(key.most as usize);
                Some(list)
            };
            Ok(loaded(
                keys,
                |key| key.parts,
                first,
                |reads, key, found: Option<&Self::Value>| {
                    reads.related_to(key.entry);
                    let shown = found.into_iter().flat_map(|list| list.shown.iter().map(|other| other.entry));
                    let hidden = found.into_iter().flat_map(|list| list.hidden.iter().copied());
                    shown.chain(hidden).for_each(|other| reads.entry(other));
                },
            ))
        })
        .await
    }

    fn at_once(&self, key: &RelatedOf) -> Option<Option<Self::Value>> {
        if !self.live.has_related() {
            // The first list that is made ends what was made without.
            self.recorder.note(|reads| reads.related_to(key.entry));
            return Some(None);
        }
        self.known(self.objects.as_deref()?, key)
    }
}

impl Loader<ListOf> for LiveLoader {
    type Value = Arc<Page<Arc<Publication>>>;
    type Error = Error;

    async fn load(&self, keys: &[ListOf]) -> Result<HashMap<ListOf, Self::Value>, Error> {
        self.through(keys, async |keys: &[ListOf]| {
            let parts = union(keys, ListOf::parts);
            let keys = sorted(keys, |key| list_order(key.request()));
            let requests: Vec<_> = keys.iter().map(|key| key.request()).collect();
            let pages = self.live.lists(&requests, parts).await.map_err(|error| Error::of_store(&error))?;
            Ok(keys
                .into_iter()
                .zip(pages)
                .map(|(key, (page, list))| listed(key, key.request(), Arc::new(page), list, key.parts()))
                .collect())
        })
        .await
    }

    fn at_once(&self, key: &ListOf) -> Option<Option<Self::Value>> {
        self.known(self.objects.as_deref()?, key)
    }
}

impl Loader<CountOf> for LiveLoader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf]) -> Result<HashMap<CountOf, u64>, Error> {
        self.through(keys, async |keys: &[CountOf]| {
            let keys = sorted(keys, |key| list_order(&key.0));
            let requests: Vec<&ListRequest> = keys.iter().map(|key| &*key.0).collect();
            let counts =
                self.live.list_counts(&requests, COUNT_BOUND + 1).await.map_err(|error| Error::of_store(&error))?;
            Ok(keys
                .into_iter()
                .zip(counts)
                .map(|(key, (count, list))| listed(key, &key.0, count, list, Parts::NONE))
                .collect())
        })
        .await
    }

    fn at_once(&self, key: &CountOf) -> Option<Option<u64>> {
        self.known(self.objects.as_deref()?, key)
    }
}

/// What was found of a list, with these parts of its editions.
fn listed<K: Clone, V>(key: &K, request: &ListRequest, found: V, list: ListReads, parts: Parts) -> Loaded<K, V> {
    let mut reads = Reads::default();
    reads.list(request, list);
    if parts.contains(Parts::VIEWS) {
        reads.views();
    }
    Loaded { key: key.clone(), found: Some(found), reads }
}

impl Loader<RedirectOf> for LiveLoader {
    type Value = Redirect;
    type Error = Error;

    async fn load(&self, keys: &[RedirectOf]) -> Result<HashMap<RedirectOf, Redirect>, Error> {
        self.through(keys, async |keys: &[RedirectOf]| {
            let paths = distinct(keys, |key| key.0.clone());
            let found = self.live.redirects_of(&paths).await.map_err(|error| Error::of_store(&error))?;
            let note = |reads: &mut Reads, key: &RedirectOf, _: Option<&Redirect>| reads.path(key.0.clone());
            Ok(loaded(keys, |_| Parts::NONE, |key| found.get(&key.0).cloned(), note))
        })
        .await
    }

    fn at_once(&self, key: &RedirectOf) -> Option<Option<Redirect>> {
        self.known(self.objects.as_deref()?, key)
    }
}
