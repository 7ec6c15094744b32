//! Collecting keys until a round begins, and sharing out what one load brought.
//!
//! In the place of the library's loader (docs/adr/0002-rounds-instead-of-timers.md), which brings a cache of least
//! recently used values that nobody here uses, and with it a crate that RUSTSEC-2026-0253 is about.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::oneshot;

use super::scheduler::BatchScheduler;

/// What loads the values of keys, many at a time.
pub(crate) trait Loader<K: Key>: Send + Sync + 'static {
    /// A value.
    type Value: Send + Sync + Clone + 'static;

    /// Why there are none.
    type Error: Send + Clone + 'static;

    /// Loads the values of these keys, each of which is there once. A key without a value is left out.
    fn load(&self, keys: &[K]) -> impl Future<Output = Found<K, Self::Value, Self::Error>> + Send;

    /// The value of a key, or that it has none, where that is known without loading anything.
    fn at_once(&self, _key: &K) -> Option<Option<Self::Value>> {
        None
    }
}

/// A key of a sort of its own: all of a sort are loaded together.
pub(crate) trait Key: Send + Sync + Clone + Eq + Hash + 'static {}

impl<K: Send + Sync + Clone + Eq + Hash + 'static> Key for K {}

type Found<K, V, E> = Result<HashMap<K, V>, E>;

/// What all who wait for a load are told.
type Shared<K, V, E> = Result<Arc<HashMap<K, V>>, E>;

/// Collects what one request asks for, sort by sort.
pub(crate) struct DataLoader<T> {
    inner: Arc<Inner<T>>,
    scheduler: BatchScheduler,
}

struct Inner<T> {
    loader: T,
    /// A [`Batch`] for each sort of keys that was asked for.
    batches: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
}

/// The keys of the next load, and who waits for it.
struct Batch<K, V, E> {
    keys: HashSet<K>,
    waiting: Vec<oneshot::Sender<Shared<K, V, E>>>,
}

impl<T: Send + Sync + 'static> DataLoader<T> {
    /// Loads go to the scheduler.
    pub(crate) fn new(loader: T, scheduler: BatchScheduler) -> Self {
        Self { inner: Arc::new(Inner { loader, batches: Mutex::default() }), scheduler }
    }

    /// The value of a key, if there is one.
    pub(crate) async fn load_one<K: Key>(&self, key: K) -> Result<Option<T::Value>, T::Error>
    where
        T: Loader<K>,
    {
        match self.inner.loader.at_once(&key) {
            Some(known) => Ok(known),
            None => Ok(self.load(std::iter::once(key.clone())).await?.get(&key).cloned()),
        }
    }

    /// The values of keys, but for those that have none.
    pub(crate) async fn load_many<K: Key>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<HashMap<K, T::Value>, T::Error>
    where
        T: Loader<K>,
    {
        let (mut values, mut keys) = (HashMap::new(), keys.into_iter().collect::<HashSet<K>>());
        keys.retain(|key| match self.inner.loader.at_once(key) {
            Some(known) => {
                values.extend(known.map(|value| (key.clone(), value)));
                false
            }
            None => true,
        });
        if !keys.is_empty() {
            let found = self.load(keys.iter().cloned()).await?;
            values.extend(keys.into_iter().filter_map(|key| found.get(&key).cloned().map(|value| (key, value))));
        }
        Ok(values)
    }

    async fn load<K: Key>(&self, keys: impl Iterator<Item = K>) -> Shared<K, T::Value, T::Error>
    where
        T: Loader<K>,
    {
        let (sender, found) = oneshot::channel();
        let is_first = self.inner.with_batch(|batch: &mut Batch<K, T::Value, T::Error>| {
            batch.keys.extend(keys);
            batch.waiting.push(sender);
            batch.waiting.len() == 1
        });
        if is_first {
            let inner = Arc::clone(&self.inner);
            self.scheduler.add(Box::pin(async move { inner.run::<K>().await }));
        }
        // A load answers many at once, more than the runtime lets one task take in without a pause; to pause here would look as
        // if there were nothing more to ask for.
        match tokio::task::unconstrained(found).await {
            Ok(found) => found,
            // The load was given up, and so is the whole request, this future with it.
            Err(_) => std::future::pending().await,
        }
    }
}

impl<T: Send + Sync + 'static> Inner<T> {
    fn with_batch<K: Key, R>(&self, change: impl FnOnce(&mut Batch<K, T::Value, T::Error>) -> R) -> R
    where
        T: Loader<K>,
    {
        let empty = || Batch::<K, T::Value, T::Error> { keys: HashSet::new(), waiting: Vec::new() };
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = batches.entry(TypeId::of::<K>()).or_insert_with(|| Box::new(empty()));
        match batch.downcast_mut() {
            Some(batch) => change(batch),
            // Under a sort's own name there is nothing else; were there, its load would be one of its own.
            None => change(&mut empty()),
        }
    }

    /// Loads what was collected by now.
    async fn run<K: Key>(&self)
    where
        T: Loader<K>,
    {
        let (keys, waiting) = self.with_batch(|batch: &mut Batch<K, T::Value, T::Error>| {
            (std::mem::take(&mut batch.keys), std::mem::take(&mut batch.waiting))
        });
        let keys: Vec<K> = keys.into_iter().collect();
        let found = self.loader.load(&keys).await.map(Arc::new);
        for waits in waiting {
            // Whoever waits no more has no use for it.
            drop(waits.send(found.clone()));
        }
    }
}
