//! Accepting connections, and letting them finish.
//!
//! `axum::serve` does the same with less: no bound on connections, none on how long a client may take over its
//! headers, and none on how long the last requests may take when the service is stopped.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

use super::stop::Signals;

/// How long a client may take over the headers of a request, and a connection may be idle. Longer than proxies
/// keep theirs open (a minute is usual), so that it is they who close them.
const HEADERS: Duration = Duration::from_secs(75);

pub(super) struct Server {
    pub(super) listener: TcpListener,
    pub(super) router: Router,
    pub(super) max_connections: u32,
    pub(super) drain: Duration,
}

impl Server {
    /// Serves until a signal, then finishes what is under way. Says whether all of it could be finished.
    pub(super) async fn run(self, signals: &mut Signals) -> bool {
        let Self { listener, router, max_connections, drain } = self;
        let places = Arc::new(Semaphore::new(max_connections as usize));
        let graceful = GracefulShutdown::new();
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).max_concurrent_streams(200);
        loop {
            let (stream, peer, place) = tokio::select! {
                accepted = accept(&listener, &places) => accepted,
                () = signals.next() => break,
            };
            // Who is at the other end, for whoever counts or records it.
            let service = router.clone().map_request(move |mut request: Request<_>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            });
            let service = TowerToHyperService::new(service);
            let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    // Clients go away as they please.
                    tracing::debug!(error, "a connection ended");
                }
                drop(place);
            });
        }
        drop(listener);
        tracing::info!(connections = graceful.count(), "stopping; a second signal stops at once");
        tokio::select! {
            () = graceful.shutdown() => true,
            () = tokio::time::sleep(drain) => {
                tracing::warn!(?drain, "requests were still under way and are broken off");
                false
            }
            () = signals.next() => {
                tracing::warn!("stopped at once");
                false
            }
        }
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // An answer is written in one piece; waiting for more of it only delays it.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "cannot set TCP_NODELAY");
                }
                return (stream, peer, place);
            }
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                // Out of file descriptors, most often: it passes when connections end.
                tracing::error!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_the_clients(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
