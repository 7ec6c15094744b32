//! How many statements a piece of work runs.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

tokio::task_local! {
    static RUN: Arc<AtomicU32>;
}

/// Counts the statements that a request runs: those of readers and of the newsroom, and those of transactions. Cheap to clone; clones count
/// together.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<AtomicU32>);

impl Statements {
    /// How many have been run so far.
    #[must_use]
    pub fn so_far(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Does work, and counts what it runs on its own task.
    pub async fn counted<T>(&self, work: impl Future<Output = T>) -> T {
        RUN.scope(Arc::clone(&self.0), work).await
    }
}

/// A statement is run.
pub(crate) fn note() {
    // What nobody counts is the house's own.
    _ = RUN.try_with(|run| run.fetch_add(1, Ordering::Relaxed));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_run_for_one_is_not_counted_for_another() {
        let (one, other) = (Statements::default(), Statements::default());
        note();
        one.counted(async {
            note();
            tokio::join!(async { note() }, other.counted(async { note() }));
        })
        .await;
        assert_eq!((one.so_far(), other.so_far()), (2, 1));
    }
}
