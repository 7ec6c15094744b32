//! Where the streams of HTTP/2 run: each is a task of its own, and ends when its client takes nothing of its answer.

use std::{pin::pin, sync::Arc};

use hyper::rt::Executor;

use super::pace::{Pace, Taking};

tokio::task_local! {
    static PACE: Arc<Pace>;
}

/// How the answer of the stream that runs here is taken.
pub(super) fn pace() -> Option<Arc<Pace>> {
    PACE.try_with(Arc::clone).ok()
}

#[derive(Debug, Clone)]
pub(super) struct Streams {
    pub(super) taking: Arc<Taking>,
}

impl<S> Executor<S> for Streams
where
    S: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, stream: S) {
        let (pace, taking) = (Arc::<Pace>::default(), Arc::clone(&self.taking));
        tokio::spawn(PACE.scope(Arc::clone(&pace), async move {
            {
                let mut stream = pin!(stream);
                tokio::select! {
                    biased;
                    _ = &mut stream => {}
                    // Without its task, the stream is reset, and what waits of it is thrown away.
                    () = pace.stalled(&taking) => return,
                }
            }
            if pace.waits() {
                // What is left is in the hands of the connection, which nothing can take it from.
                tokio::select! {
                    biased;
                    () = pace.taken() => {}
                    () = pace.stalled(&taking) => pace.cut(),
                }
            }
        }));
    }
}
