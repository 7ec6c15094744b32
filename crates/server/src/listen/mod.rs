//! Accepting connections, watching over them, and letting them finish.
//!
//! `axum::serve` does the same with less: no bound on connections, none on how long a client may take over its headers or over an
//! answer, and none on how long the last requests may take when the service is stopped.
//!
//! | part | does |
//! |---|---|
//! | `places` | gives each connection its place, or one in the reserve |
//! | `wire`, `head`, `chunks` | see what comes before the parser does, and read to the end what nobody wants |
//! | `request` | refuses what is not for the router, and closes after what was not read |
//! | `carried` | gives answers that go on without what HTTP needs for another request |
//! | `pace`, `streams` | give answers in pieces, and end those that are not taken |
//! | `link` | is what all of these know of a connection |
//! | `files` | raises the limit on open files |
//! | `signals` | are what the service is stopped by |
//!
//! *Invariant*: accepting never waits for anything but a connection.

mod carried;
mod chunks;
mod files;
mod head;
mod link;
mod pace;
mod places;
mod request;
mod signals;
mod streams;
mod wire;

use std::{future::poll_fn, io, net::SocketAddr, pin::pin, sync::Arc, task::Poll, time::Duration};

use axum::Router;
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Instant, sleep, sleep_until, timeout_at},
};

pub use self::signals::Signals;
use self::{
    carried::{Shared, carry},
    link::{Link, Order},
    pace::{Paced, Taking},
    places::{Bounds, Place, Places, Standing},
    request::Answerer,
    streams::Streams,
    wire::Wire,
};
use crate::{Pressure, Stopping};

/// What the kernel may hold of an answer beyond what is on its way: then what it takes is what the client takes.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 128 * 1024;
/// What HTTP/1 is read by, and so the longest head.
const READ: usize = 128 * 1024;
/// What may come of bodies of HTTP/2 before somebody reads it.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 512 * 1024;

/// How long clients are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the first byte of a request to the end of its headers.
    pub head: Duration,
    /// Without a request.
    pub idle: Duration,
    /// Without taking anything of an answer.
    pub taking: Duration,
    /// The same, while others find no room for theirs.
    pub pressed: Duration,
    /// For the first request, when others wait for a place.
    pub fresh: Duration,
}

impl Patience {
    /// How often connections are looked at.
    fn tick(self) -> Duration {
        (self.head.min(self.idle).min(self.taking).min(self.pressed) / 10)
            .clamp(Duration::from_millis(5), Duration::from_secs(1))
    }
}

/// A service and the connections it is served on.
pub struct Server {
    /// Where connections come in.
    pub listener: TcpListener,
    /// What answers requests.
    pub router: Router,
    /// How many connections are served at once.
    pub connections: usize,
    /// How many of them may come from one address, or one /64 network of IPv6.
    pub connections_per_peer: usize,
    /// Networks whose connections are not counted by their addresses.
    pub proxies: Vec<IpNet>,
    /// How long clients are waited for.
    pub patience: Patience,
    /// What is told that the service stops.
    pub stopping: Stopping,
    /// What tells that answers find no room.
    pub pressure: Pressure,
    /// How long connections are taken after the signal to stop.
    pub parting: Duration,
    /// How long the last requests may take from the signal on.
    pub drain: Duration,
}

impl Server {
    /// Serves until `signal` is there for the first time, then finishes what is under way, unless it is there again. Says whether
    /// all of it could be finished.
    pub async fn run(self, mut signal: impl AsyncFnMut()) -> bool {
        let Self { listener, router, connections, connections_per_peer, proxies, patience, .. } = self;
        let Self { stopping, pressure, parting, drain, .. } = self;
        let all = connections.min(files::enough_for());
        if all < connections {
            tracing::warn!(connections = all, "the limit on open files allows no more connections");
        }
        hold_little(&listener);
        queue_many(&listener);
        let places =
            Arc::new(Places::new(Bounds { all, of_a_peer: connections_per_peer, proxies, fresh: patience.fresh }));
        // Whoever has an end of it lives; nothing is sent through it.
        let (alive, mut ended) = mpsc::channel::<()>(1);
        let taking = Arc::new(Taking::new(patience, pressure));
        let watch = tokio::spawn(watch(Arc::clone(&places), patience, Arc::clone(&taking)));
        let host = Host {
            router,
            stopping: stopping.clone(),
            places: Arc::clone(&places),
            fresh: patience.fresh,
            taking,
            alive,
        };
        loop {
            tokio::select! {
                accepted = listener.accept() => host.take(accepted).await,
                () = signal() => break,
            }
        }
        let end = Instant::now() + drain;
        stopping.begin();
        tracing::info!(connections = places.count(), "stopping; a second signal stops at once");
        let stopped = async {
            let mut parting = pin!(sleep(parting));
            // Whoever sends requests here has time to see that they are to go elsewhere.
            loop {
                tokio::select! {
                    accepted = listener.accept() => host.take(accepted).await,
                    () = &mut parting => break,
                }
            }
            host.take_queue(listener);
            drop(host);
            places.tell(Order::Close);
            // Nobody sends: it ends with the last connection.
            timeout_at(end, ended.recv()).await.is_ok()
        };
        let stopped = tokio::select! {
            stopped = stopped => {
                if !stopped {
                    tracing::warn!(?drain, "requests were still under way and are broken off");
                }
                stopped
            }
            () = signal() => {
                tracing::warn!("stopped at once");
                false
            }
        };
        watch.abort();
        stopped
    }
}

/// Looks at the connections over and over.
async fn watch(places: Arc<Places>, patience: Patience, taking: Arc<Taking>) {
    let tick = patience.tick();
    loop {
        sleep(tick).await;
        places.look(Patience { taking: taking.now(), ..patience });
    }
}

/// What every connection is served by.
struct Host {
    router: Router,
    stopping: Stopping,
    places: Arc<Places>,
    fresh: Duration,
    taking: Arc<Taking>,
    alive: mpsc::Sender<()>,
}

impl Host {
    async fn take(&self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((stream, peer)) => self.serve(stream, peer),
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                // Out of file descriptors or of memory, most often: it passes when connections end.
                tracing::error!(%error, "cannot accept a connection");
                self.places.make_room();
                sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Takes the connections that clients have already, and closes the listener. Whoever connects between the last look and the
    /// end of it is reset by the kernel, which has no way to close the one without the other.
    fn take_queue(&self, listener: TcpListener) {
        let listener = match listener.into_std() {
            Ok(listener) => listener,
            Err(error) => return tracing::debug!(%error, "cannot look at who is waiting"),
        };
        while let Ok((stream, peer)) = listener.accept() {
            match stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream)) {
                Ok(stream) => self.serve(stream, peer),
                Err(error) => tracing::debug!(%error, "cannot serve a connection"),
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(place) = self.places.take(peer.ip()) else { return };
        // An answer is written in one piece; waiting for more of it only delays it.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let answerer = Answerer {
            router: self.router.clone(),
            stopping: self.stopping.clone(),
            link: Arc::clone(&place.link),
            peer,
            standing: place.standing,
        };
        let wire = Wire::new(stream, Held { place, _alive: self.alive.clone() });
        tokio::spawn(connect(wire, answerer, self.fresh, Arc::clone(&self.taking)));
    }
}

/// What a connection has for as long as its bytes flow, whatever protocol it goes on with.
struct Held {
    place: Place,
    _alive: mpsc::Sender<()>,
}

/// Serves a connection to its end, or until it goes on with another protocol.
async fn connect(wire: Wire, answerer: Answerer, fresh: Duration, taking: Arc<Taking>) {
    let link = Arc::clone(&answerer.link);
    let _left = Left(Arc::clone(&link));
    let mut builder = auto::Builder::new(Streams { taking });
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(READ);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(75))
        .max_concurrent_streams(200)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(64 * 1024);
    if answerer.standing != Standing::Served {
        builder.http1().keep_alive(false);
    }
    // It is called as soon as a head is parsed, before anything else is read: `wire` needs to know what comes after it.
    let service = service_fn(move |request| answerer.answer(request));
    let wire = Shared::new(wire);
    let io = TokioIo::new(wire.clone());
    let mut connection = pin!(builder.serve_connection_with_upgrades(io, service).into_owned());
    let mut close_at = None;
    loop {
        let close = async {
            match close_at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let served = poll_fn(|task| match connection.as_mut().poll(task) {
            Poll::Ready(ended) => Poll::Ready(Ended::Over(ended)),
            Poll::Pending => link.carried().map_or(Poll::Pending, |body| Poll::Ready(Ended::Carried(body))),
        });
        tokio::select! {
            ended = served => {
                match ended {
                    Ended::Over(Ok(())) => {}
                    // Clients go away as they please.
                    Ended::Over(Err(error)) => tracing::debug!(error, "a connection ended"),
                    // In a task of its own, which is a small one.
                    Ended::Carried(body) => {
                        if let Some(wire) = wire.take() {
                            tokio::spawn(carry(wire, body, link));
                        }
                    }
                }
                return;
            }
            order = link.told() => match order {
                Order::Close => close_at = Some(Instant::now() + link.first_request_within(fresh)),
                Order::Cut => return tracing::debug!("a connection was ended"),
            },
            () = close => {
                close_at = None;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// What a connection leaves behind that ends before its answer could be carried on.
struct Left(Arc<Link>);

impl Drop for Left {
    fn drop(&mut self) {
        drop(self.0.uncarry());
    }
}

/// How hyper's part of a connection ends.
enum Ended<E> {
    Over(Result<(), E>),
    /// This is to be carried on.
    Carried(Box<Paced>),
}

/// How many connections the kernel keeps until they are taken, where it may; with the usual 128 a burst loses some, which their
/// clients try again a second later.
const QUEUE: i32 = 4096;

/// Has the kernel keep connections that come faster than they are taken.
fn queue_many(listener: &TcpListener) {
    if let Err(error) = socket2::SockRef::from(listener).listen(QUEUE) {
        tracing::debug!(%error, "cannot lengthen the listener's queue");
    }
}

/// Makes the kernel take no more of an answer than the client soon takes of it.
fn hold_little(listener: &TcpListener) {
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(listener).set_tcp_notsent_lowat(UNSENT) {
        tracing::debug!(%error, "cannot set TCP_NOTSENT_LOWAT");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = listener;
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests;
