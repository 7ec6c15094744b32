//! Batched keys, one store call. Loaders live for one request.

mod batch;
mod keys;
mod newsroom;
mod scheduler;
mod webhooks;

use std::{collections::HashMap, hash::Hash, sync::Arc};

use courant_domain::{
    change::ChangeCursor,
    page::{Page, PageRequest},
    redirect::Redirect,
};
use courant_persistence::{
    ChangesAfter, ListRequest, Live, Reads, RelationRow, Store,
    publication::{Parts, Publication},
};

use self::batch::Loader;
pub(crate) use self::{
    batch::DataLoader,
    keys::{
        ChangesOf, CountOf, EditionOf, ListOf, LogAsOf, ReaderEditionOf, RedirectOf, RelationsOf, SlugOf,
        TranslationsOf,
    },
    newsroom::{
        AuditOf, ChangeAt, ChangeOf, ClaimOf, CommentsOf, ConfirmationsOf, CopiesOf, EntriesOf, EntryOf, HistoryOf,
        LiveOf, NameOf, NewsroomLoader, NumberOf, PreviewsOf, RevisionOf, RevisionsOf, StandingsOf,
    },
    scheduler::BatchScheduler,
    webhooks::{AttemptsOf, AttemptsPageOf, DeliveriesPageOf, DeliveryOf, WebhookNumbersOf, WebhooksReachedBy},
};
use crate::{error::Error, recorder::Recorder};

/// What readers' fields load: of what is live, and of nothing else.
pub(crate) struct LiveLoader {
    live: Live,
    recorder: Arc<Recorder>,
}

/// The bound up to which lists are counted exactly.
pub(crate) const COUNT_BOUND: u64 = 10_000;

/// A request's loaders, whose loads go to the scheduler.
pub(crate) fn loaders(
    store: &Store,
    scheduler: BatchScheduler,
    recorder: &Arc<Recorder>,
) -> (DataLoader<LiveLoader>, DataLoader<NewsroomLoader>) {
    let newsroom = DataLoader::new(NewsroomLoader(store.newsroom()), scheduler.clone());
    let live = LiveLoader { live: store.live(), recorder: Arc::clone(recorder) };
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
    /// Notes what was loaded, with these parts of editions.
    fn note(&self, parts: Parts, note: impl FnOnce(&mut Reads)) {
        self.recorder.note(|reads| {
            note(reads);
            if parts.contains(Parts::VIEWS) {
                reads.views();
            }
        });
    }
}

impl Loader<SlugOf> for LiveLoader {
    type Value = Arc<Publication>;
    type Error = Error;

    async fn load(&self, keys: &[SlugOf]) -> Result<HashMap<SlugOf, Self::Value>, Error> {
        let store_key = |key: &SlugOf| (key.kind, key.locale, key.slug.clone());
        let parts = union(keys, |key| key.parts);
        let found = self
            .live
            .publications_by_slug(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        self.note(parts, |reads| {
            for (kind, locale, slug) in keys.iter().map(store_key) {
                match found.get(&(kind, locale, slug.clone())) {
                    Some(publication) => reads.edition(publication.entry, locale),
                    None => reads.missing(kind, locale, slug),
                }
            }
        });
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
            .live
            .publications_by_edition(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        self.note(parts, |reads| keys.iter().for_each(|key| reads.edition(key.entry, key.locale)));
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
            .live
            .publications_for_reader(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        self.note(parts, |reads| keys.iter().for_each(|key| reads.entry(key.entry)));
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
            .live
            .publications_of_entries(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        self.note(parts, |reads| keys.iter().for_each(|key| reads.entry(key.entry)));
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
            self.live.relations(&distinct(keys, store_key), parts).await.map_err(|error| Error::of_store(&error))?;
        self.note(parts, |reads| keys.iter().for_each(|key| reads.relations(key.entry)));
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
        let pages = self.live.lists(&requests, parts).await.map_err(|error| Error::of_store(&error))?;
        let (pages, lists): (Vec<_>, Vec<_>) = pages.into_iter().unzip();
        self.note(parts, |reads| {
            requests.iter().zip(lists).for_each(|(request, list)| reads.list(request, list));
        });
        Ok(keys.into_iter().cloned().zip(pages.into_iter().map(Arc::new)).collect())
    }
}

impl Loader<CountOf> for LiveLoader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf]) -> Result<HashMap<CountOf, u64>, Error> {
        let keys = sorted(keys, |key| list_order(&key.0));
        let requests: Vec<_> = keys.iter().map(|key| &key.0).collect();
        let counts =
            self.live.list_counts(&requests, COUNT_BOUND + 1).await.map_err(|error| Error::of_store(&error))?;
        let (counts, lists): (Vec<_>, Vec<_>) = counts.into_iter().unzip();
        self.note(Parts::NONE, |reads| {
            requests.iter().zip(lists).for_each(|(request, list)| reads.list(request, list));
        });
        Ok(keys.into_iter().cloned().zip(counts).collect())
    }
}

impl Loader<ChangesOf> for LiveLoader {
    type Value = Arc<ChangesAfter>;
    type Error = Error;

    async fn load(&self, keys: &[ChangesOf]) -> Result<HashMap<ChangesOf, Self::Value>, Error> {
        self.recorder.note(Reads::log);
        let mut found = HashMap::with_capacity(keys.len());
        for key in sorted(keys, |key| key.request.after) {
            let changes = self.live.changes(&key.request, &key.as_of.0).await;
            found.insert(key.clone(), Arc::new(changes.map_err(|error| Error::of_store(&error))?));
        }
        Ok(found)
    }
}

impl Loader<LogAsOf> for LiveLoader {
    type Value = ChangeCursor;
    type Error = Error;

    async fn load(&self, keys: &[LogAsOf]) -> Result<HashMap<LogAsOf, ChangeCursor>, Error> {
        self.recorder.note(Reads::log);
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let head = self.live.changes_head(&key.0).await.map_err(|error| Error::of_store(&error))?;
            found.insert(key.clone(), head);
        }
        Ok(found)
    }
}

impl Loader<RedirectOf> for LiveLoader {
    type Value = Redirect;
    type Error = Error;

    async fn load(&self, keys: &[RedirectOf]) -> Result<HashMap<RedirectOf, Redirect>, Error> {
        let store_key = |key: &RedirectOf| key.0.clone();
        let found =
            self.live.redirects_of(&distinct(keys, store_key)).await.map_err(|error| Error::of_store(&error))?;
        self.note(Parts::NONE, |reads| keys.iter().for_each(|key| reads.path(key.0.clone())));
        Ok(answer(keys, &found, store_key))
    }
}
