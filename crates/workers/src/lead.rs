//! Seeing that the change log has grown.

use std::time::Duration;

use courant_domain::change::ChangeSeq;
use courant_persistence::Store;
use tokio::sync::watch;

use crate::pace::Pace;

/// How often the log is looked at without a hint: a process may have been killed between its commit and the hint.
const EVERY: Duration = Duration::from_millis(500);

/// Looks at the log's head at every hint, and again and again, and passes it on.
pub(crate) async fn lead(store: Store, head: watch::Sender<ChangeSeq>) {
    let hints = store.hints();
    // What this process writes itself it takes in at once.
    let mut taken_in = store.head();
    let mut pace = Pace::new("change log", Pace::AT_WORST);
    loop {
        match store.log_head().await {
            Ok(seq) => {
                pace.went_well();
                head.send_if_modified(|known| std::mem::replace(known, seq) != seq);
            }
            Err(error) => pace.failed(&error.into()).await,
        }
        tokio::select! {
            () = hints.next() => {}
            // The store holds the sender, so that this cannot fail.
            _ = taken_in.changed() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
