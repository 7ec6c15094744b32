//! Following the change log, so that what other processes change is served, too.

use std::time::Duration;

use courant_persistence::Store;

const EVERY: Duration = Duration::from_millis(200);
const AT_WORST: Duration = Duration::from_secs(10);

/// Takes in changes until it is aborted. While the database fails it is asked less and less often.
pub(super) async fn follow(store: Store) {
    let mut pause = EVERY;
    loop {
        tokio::time::sleep(pause).await;
        match store.refresh().await {
            Ok(()) if pause > EVERY => {
                tracing::info!("following the change log again");
                pause = EVERY;
            }
            Ok(()) => {}
            Err(error) => {
                pause = (pause * 2).min(AT_WORST);
                let source = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, source, again_in = ?pause, "cannot follow the change log");
            }
        }
    }
}
