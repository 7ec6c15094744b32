//! Telling the other processes on a PostgreSQL database that something has changed, and being told.
//!
//! A `NOTIFY` is only ever a hint to look at the change log: it may be lost, and those who wait look by themselves, too. It goes over
//! a connection of its own and never in a transaction, where it would be sent behind the lock that all writers wait for.

use std::{sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::store::Store;

const CHANNEL: &str = "courant_change";
const NOTIFY: &str = "NOTIFY courant_change";
/// How long the server may take to pass a hint on.
const PATIENCE: Duration = Duration::from_secs(2);
/// How soon a connection that was lost is made again.
const AGAIN: Duration = Duration::from_secs(1);
const AT_WORST: Duration = Duration::from_secs(30);

/// Tells others. Several changes while one hint is on its way are one more hint.
pub(crate) struct Announcer {
    server: PgConnectOptions,
    news: watch::Sender<News>,
    telling: Mutex<Option<JoinHandle<()>>>,
}

/// What there is to tell.
#[derive(Debug, Clone, Copy, Default)]
struct News {
    /// How many changes there were.
    changes: u64,
    /// Whether there will be no more.
    is_over: bool,
}

impl Announcer {
    /// On a server that is spoken to when there is something to tell, until this is dropped.
    pub(crate) fn new(server: PgConnectOptions) -> Self {
        let (sender, news) = watch::channel(News::default());
        let telling = Mutex::new(Some(tokio::spawn(tell(server.clone(), news))));
        Self { server, news: sender, telling }
    }

    fn announce(&self) {
        self.news.send_modify(|news| news.changes += 1);
    }

    /// Tells of the last change, and closes the connection.
    pub(crate) async fn close(&self) {
        self.news.send_modify(|news| news.is_over = true);
        if let Some(telling) = self.telling.lock().await.take() {
            drop(timeout(PATIENCE * 2, telling).await);
        }
    }
}

async fn tell(server: PgConnectOptions, mut news: watch::Receiver<News>) {
    let mut connection: Option<PgConnection> = None;
    let mut told_of = 0;
    while news.changed().await.is_ok() {
        let News { changes, is_over } = *news.borrow_and_update();
        if changes == told_of {
            break;
        }
        told_of = changes;
        let told = timeout(PATIENCE, async {
            let mut open = match connection.take() {
                Some(open) => open,
                None => PgConnectOptions::connect(&server).await?,
            };
            open.execute(NOTIFY).await?;
            Ok::<_, sqlx::Error>(open)
        });
        match told.await {
            Ok(Ok(open)) => connection = Some(open),
            Ok(Err(error)) => tracing::debug!(%error, "cannot tell others of a change; they look by themselves"),
            Err(_) => tracing::debug!("cannot tell others of a change in time; they look by themselves"),
        }
        if is_over {
            break;
        }
    }
    if let Some(open) = connection {
        drop(timeout(PATIENCE, open.close()).await);
    }
}

/// Hints that the change log has grown.
#[derive(Debug)]
pub struct Hints {
    hint: Arc<Notify>,
    listening: Option<JoinHandle<()>>,
}

impl Hints {
    /// The next hint; several that came since the last one are one. There are none on an embedded database.
    pub async fn next(&self) {
        self.hint.notified().await;
    }
}

impl Drop for Hints {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

impl Store {
    /// Begins to listen for other processes' changes.
    #[must_use]
    pub fn hints(&self) -> Hints {
        let hint = Arc::new(Notify::new());
        let listening = self.announcer().map(|announcer| tokio::spawn(listen(announcer.server.clone(), hint.clone())));
        Hints { hint, listening }
    }

    /// Tells other processes that something has changed, as soon as that can be done; nobody waits for it.
    pub(crate) fn announce(&self) {
        if let Some(announcer) = self.announcer() {
            announcer.announce();
        }
    }
}

async fn listen(server: PgConnectOptions, hint: Arc<Notify>) {
    let mut pause = AGAIN;
    loop {
        match hear(&server, &hint, &mut pause).await {
            Ok(()) => tracing::debug!("the connection that listens for changes was lost"),
            Err(error) => tracing::debug!(%error, again_in = ?pause, "cannot listen for changes"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(AT_WORST);
    }
}

/// Passes hints on until the connection is lost.
async fn hear(server: &PgConnectOptions, hint: &Notify, pause: &mut Duration) -> sqlx::Result<()> {
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(server.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    *pause = AGAIN;
    // Something may have changed before.
    hint.notify_one();
    while listener.try_recv().await?.is_some() {
        while listener.next_buffered().is_some() {}
        hint.notify_one();
    }
    Ok(())
}
