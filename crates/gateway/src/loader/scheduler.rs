//! The scheduler of batches: they are sent in rounds, without a clock.
//!
//! A loader that collects keys must decide when it has seen them all. Stock loaders wait a timer's tick per
//! level, which costs milliseconds. Here the answer is exact: the request's future is polled until nothing in
//! it can go on without a load. Everything it asked for by then is one round; the next round starts when
//! all of this one's loads have come back. So a level of the query is one batch per loader, whatever the
//! number of its parents, and always the same number of statements for the same request.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered, task::AtomicWaker};

/// The loads a request has asked for and that have not started yet.
#[derive(Clone, Default)]
pub(crate) struct BatchScheduler {
    loads: Arc<Mutex<Vec<BoxFuture<'static, ()>>>>,
}

impl BatchScheduler {
    pub(super) fn add(&self, load: BoxFuture<'static, ()>) {
        self.loads.lock().unwrap_or_else(PoisonError::into_inner).push(load);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.loads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells whether the request's future asked to be polled again, and passes it on.
struct Flag {
    woken: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl BatchScheduler {
    /// Runs a request's future, and its loads round by round, in one task.
    pub(crate) async fn run<F: Future>(self, request: F) -> F::Output {
        let flag = Arc::new(Flag { woken: AtomicBool::new(false), task: AtomicWaker::new() });
        let waker = Waker::from(flag.clone());
        let mut request = pin!(request);
        let mut loads = FuturesUnordered::new();
        std::future::poll_fn(move |task| {
            flag.task.register(task.waker());
            loop {
                flag.woken.store(false, Ordering::Release);
                if let Poll::Ready(output) = request.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Poll::Ready(output);
                }
                if flag.woken.load(Ordering::Acquire) {
                    continue; // It can still go on by itself.
                }
                // Only now has it asked for all that it can: what came back of a round that is not over may have let it ask for
                // some, and the rest of that round lets it ask for more.
                if loads.is_empty() {
                    loads.extend(self.take());
                }
                while let Poll::Ready(Some(())) = loads.poll_next_unpin(task) {}
                if !flag.woken.load(Ordering::Acquire) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, convert::Infallible};

    use futures_util::future::join_all;

    use super::{
        super::batch::{DataLoader, Loader},
        *,
    };

    #[derive(Clone, Default)]
    struct Batches(Arc<Mutex<Vec<usize>>>);

    impl Loader<u32> for Batches {
        type Value = u32;
        type Error = Infallible;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, Infallible> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(keys.len());
            tokio::task::yield_now().await;
            Ok(keys.iter().map(|key| (*key, key * 2)).collect())
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_level_is_one_batch_even_when_parents_yield_at_different_times() {
        let batches = Batches::default();
        let scheduler = BatchScheduler::default();
        let loader = DataLoader::new(batches.clone(), scheduler.clone());
        let loader = &loader;
        let sum = scheduler
            .run(async move {
                let parents = (0..100u32).map(|key| async move {
                    for _ in 0..key % 7 {
                        tokio::task::yield_now().await;
                    }
                    let Ok(child) = loader.load_one(key).await;
                    let Ok(grandchild) = loader.load_one(child.unwrap_or(0) + 1000).await;
                    grandchild.unwrap_or(0)
                });
                join_all(parents).await.into_iter().map(u64::from).sum::<u64>()
            })
            .await;
        assert_eq!(sum, (0..100u64).map(|key| (key * 2 + 1000) * 2).sum::<u64>());
        assert_eq!(*batches.0.lock().unwrap_or_else(PoisonError::into_inner), [100, 100]);
    }
}
