//! Accepting connections, and letting them finish.
//!
//! `axum::serve` does the same with less: no bound on connections, none on how long a client may take over its
//! headers, and none on how long the last requests may take when the service is stopped.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

use super::stop::Signals;

/// How long a client may take over the headers of a request, and a connection may be idle. Longer than proxies
/// keep theirs open (a minute is usual), so that it is they who close them.
pub(super) const HEADERS: Duration = Duration::from_secs(75);

pub(super) struct Server {
    pub(super) listener: TcpListener,
    pub(super) router: Router,
    pub(super) max_connections: u32,
    /// How long a client may take over the headers of a request; [`HEADERS`], but for tests.
    pub(super) headers: Duration,
    pub(super) drain: Duration,
}

impl Server {
    /// Serves until a signal, then finishes what is under way. Says whether all of it could be finished.
    pub(super) async fn run(self, signals: &mut Signals) -> bool {
        let Self { listener, router, max_connections, headers, drain } = self;
        let places = Arc::new(Semaphore::new(max_connections as usize));
        let graceful = GracefulShutdown::new();
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(headers);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(headers).max_concurrent_streams(200);
        loop {
            let (stream, peer, place) = tokio::select! {
                accepted = accept(&listener, &places) => accepted,
                () = signals.next() => break,
            };
            let asked = Arc::new(Notify::new());
            let asking = Arc::clone(&asked);
            let service = router.clone().map_request(move |mut request: Request<_>| {
                asking.notify_one();
                // Who is at the other end, for whoever counts or records it.
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            });
            let service = TowerToHyperService::new(service);
            let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                let mut connection = pin!(connection);
                // Hyper's bounds begin once it knows the version of HTTP, and HTTP/2 has none on the first request.
                let ended = tokio::select! {
                    ended = &mut connection => ended,
                    first = tokio::time::timeout(headers, asked.notified()) => match first {
                        Ok(()) => connection.await,
                        Err(_) => Err("no request has come".into()),
                    },
                };
                if let Err(error) = ended {
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

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };

    use axum::routing::get;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

    /// Serves on a free port, with so many places and no patience.
    async fn serve(router: Router, max_connections: u32) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let headers = Duration::from_millis(100);
        let server = Server { listener, router, max_connections, headers, drain: Duration::ZERO };
        tokio::spawn(async move { server.run(&mut Signals::new().unwrap()).await });
        address
    }

    fn connect(address: SocketAddr, says: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(says).unwrap();
        stream
    }

    /// What comes until the other end closes the connection.
    fn rest(mut stream: TcpStream) -> Vec<u8> {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        rest
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_asks_for_nothing_gives_their_place_to_the_next() {
        let address = serve(Router::new().route("/", get(|| async { "answer" })), 1).await;
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let settings = [&preface[..], &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat();
        for says in [&b""[..], b"P", b"PRI * HTTP/2", b"GET / HTTP/1.1\r\n", preface, &settings] {
            let silent = connect(address, says);
            let answer = rest(connect(address, REQUEST));
            assert!(answer.ends_with(b"answer"), "{:?}: {:?}", says.escape_ascii(), answer.escape_ascii());
            drop(silent);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_may_take_longer_than_the_headers() {
        let ready = Arc::new(Notify::new());
        let waiting = Arc::clone(&ready);
        let answer = || async move {
            waiting.notified().await;
            "answer"
        };
        let address = serve(Router::new().route("/", get(answer)), 2).await;
        let slow = connect(address, REQUEST);
        // Later come, and gone for having said nothing.
        assert_eq!(rest(connect(address, b"")), b"");
        ready.notify_one();
        let answer = rest(slow);
        assert!(answer.ends_with(b"answer"), "{:?}", answer.escape_ascii());
    }
}
