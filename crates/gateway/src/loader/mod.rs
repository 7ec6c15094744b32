//! Batched keys, one store call. Loaders live for one request.

mod batch;
mod keys;
mod newsroom;
mod scheduler;

use std::{collections::HashMap, hash::Hash, sync::Arc};

use courant_domain::{
    page::{Page, PageRequest},
    redirect::Redirect,
};
use courant_persistence::{
    ListRequest, Live, RelationRow, Store,
    publication::{Parts, Publication},
};

use self::batch::Loader;
pub(crate) use self::{
    batch::DataLoader,
    keys::{CountOf, EditionOf, ListOf, ReaderEditionOf, RedirectOf, RelationsOf, SlugOf, TranslationsOf},
    newsroom::{
        AuditOf, EntriesOf, EntryOf, HistoryOf, LiveOf, NameOf, NewsroomLoader, NumberOf, PreviewsOf, RevisionOf,
        RevisionsOf, StandingsOf,
    },
    scheduler::BatchScheduler,
};
use crate::error::Error;

/// What readers' fields load: of what is live, and of nothing else.
pub(crate) struct LiveLoader(Live);

/// The bound up to which lists are counted exactly.
pub(crate) const COUNT_BOUND: u64 = 10_000;

/// A request's loaders, whose loads go to the scheduler.
pub(crate) fn loaders(
    store: &Store,
    scheduler: BatchScheduler,
) -> (DataLoader<LiveLoader>, DataLoader<NewsroomLoader>) {
    let newsroom = DataLoader::new(NewsroomLoader(store.newsroom()), scheduler.clone());
    (DataLoader::new(LiveLoader(store.live()), scheduler), newsroom)
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

impl Loader<SlugOf> for LiveLoader {
    type Value = Arc<Publication>;
    type Error = Error;

    async fn load(&self, keys: &[SlugOf]) -> Result<HashMap<SlugOf, Self::Value>, Error> {
        let store_key = |key: &SlugOf| (key.kind, key.locale, key.slug.clone());
        let parts = union(keys, |key| key.parts);
        let found = self
            .0
            .publications_by_slug(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<EditionOf> for LiveLoader {
    type Value = Arc<Publication>;
    type Error = Error;

    async fn load(&self, keys: &[EditionOf]) -> Result<HashMap<EditionOf, Self::Value>, Error> {
        let store_key = |key: &EditionOf| (key.entry, key.locale);
        let parts = union(keys, |key| key.parts);
        let found = self
            .0
            .publications_by_edition(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<ReaderEditionOf> for LiveLoader {
    type Value = Arc<Publication>;
    type Error = Error;

    async fn load(&self, keys: &[ReaderEditionOf]) -> Result<HashMap<ReaderEditionOf, Self::Value>, Error> {
        let store_key = |key: &ReaderEditionOf| (key.entry, key.reader);
        let parts = union(keys, |key| key.parts);
        let found = self
            .0
            .publications_for_reader(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<TranslationsOf> for LiveLoader {
    type Value = Vec<Arc<Publication>>;
    type Error = Error;

    async fn load(&self, keys: &[TranslationsOf]) -> Result<HashMap<TranslationsOf, Self::Value>, Error> {
        let store_key = |key: &TranslationsOf| key.entry;
        let parts = union(keys, |key| key.parts);
        let found = self
            .0
            .publications_of_entries(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<RelationsOf> for LiveLoader {
    type Value = Vec<RelationRow>;
    type Error = Error;

    async fn load(&self, keys: &[RelationsOf]) -> Result<HashMap<RelationsOf, Self::Value>, Error> {
        let store_key = |key: &RelationsOf| (key.entry, key.locale);
        let parts = union(keys, |key| key.parts);
        let found =
            self.0.relations(&distinct(keys, store_key), parts).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<ListOf> for LiveLoader {
    type Value = Arc<Page<Arc<Publication>>>;
    type Error = Error;

    async fn load(&self, keys: &[ListOf]) -> Result<HashMap<ListOf, Self::Value>, Error> {
        let parts = union(keys, ListOf::parts);
        let keys = sorted(keys, |key| list_order(key.request()));
        let requests: Vec<_> = keys.iter().map(|key| key.request()).collect();
        let pages = self.0.lists(&requests, parts).await.map_err(|error| Error::of_store(&error))?;
        Ok(keys.into_iter().cloned().zip(pages.into_iter().map(Arc::new)).collect())
    }
}

impl Loader<CountOf> for LiveLoader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf]) -> Result<HashMap<CountOf, u64>, Error> {
        let keys = sorted(keys, |key| list_order(&key.0));
        let requests: Vec<_> = keys.iter().map(|key| &key.0).collect();
        let counts = self.0.list_counts(&requests, COUNT_BOUND + 1).await.map_err(|error| Error::of_store(&error))?;
        Ok(keys.into_iter().cloned().zip(counts).collect())
    }
}

impl Loader<RedirectOf> for LiveLoader {
    type Value = Redirect;
    type Error = Error;

    async fn load(&self, keys: &[RedirectOf]) -> Result<HashMap<RedirectOf, Redirect>, Error> {
        let store_key = |key: &RedirectOf| key.0.clone();
        let found = self.0.redirects_of(&distinct(keys, store_key)).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}
