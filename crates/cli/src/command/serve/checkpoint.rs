//! Keeping what is in the write-ahead log of an embedded database short.

use std::time::Duration;

use courant_persistence::{Dialect, Store};

/// How long what was written may be in the log alone. A turn that finds nothing to do costs some microseconds.
const EVERY: Duration = Duration::from_secs(1);
const AT_WORST: Duration = Duration::from_secs(60);

/// Brings the log into the file until it is aborted. While that fails it is tried less and less often.
pub(super) async fn run(store: Store) {
    if store.dialect() != Dialect::Sqlite {
        return;
    }
    let mut pause = EVERY;
    loop {
        tokio::time::sleep(pause).await;
        match store.checkpoint().await {
            Ok(()) => pause = EVERY,
            Err(error) => {
                pause = (pause * 2).min(AT_WORST);
                tracing::warn!(%error, again_in = ?pause, "cannot bring the write-ahead log into the database's file");
            }
        }
    }
}
