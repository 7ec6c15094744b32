mod carried;
mod http2;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::mpsc::{Receiver, Sender, channel},
};

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    routing::{get, post},
};
use tokio::sync::Notify;

use super::*;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(100);

/// Serves on a free port, with places and patience for everybody unless it is told otherwise.
async fn serve(router: Router, change: impl FnOnce(&mut Server)) -> SocketAddr {
    let (server, address) = server(router, change).await;
    tokio::spawn(async move { server.run(std::future::pending::<()>).await });
    address
}

/// A server that does not run yet.
async fn server(router: Router, change: impl FnOnce(&mut Server)) -> (Server, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut server = Server {
        listener,
        router,
        connections: 100,
        connections_per_peer: 100,
        proxies: Vec::new(),
        patience: Patience { head: LONG, idle: LONG, taking: LONG, pressed: LONG, fresh: Duration::ZERO },
        stopping: Stopping::default(),
        pressure: Pressure::default(),
        parting: Duration::ZERO,
        drain: Duration::ZERO,
    };
    change(&mut server);
    (server, address)
}

fn connect(address: SocketAddr, says: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(says).unwrap();
    stream
}

/// What comes until the other end closes the connection.
fn rest(mut stream: TcpStream) -> String {
    let mut rest = Vec::new();
    // What is cut in the middle of something is reset.
    if let Err(error) = stream.read_to_end(&mut rest) {
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
    rest.escape_ascii().to_string()
}

fn answers() -> Router {
    let health = || async { "well" };
    Router::new().route("/", get(|| async { "answer" })).route("/healthz", get(health))
}

/// A route that waits to be told.
#[derive(Clone, Default)]
struct Waiting {
    begun: Arc<Notify>,
    ready: Arc<Notify>,
}

impl Waiting {
    fn router(&self) -> Router {
        let Self { begun, ready } = self.clone();
        let wait = move || async move {
            begun.notify_one();
            ready.notified().await;
            "waited"
        };
        answers().route("/wait", get(wait))
    }

    /// A connection whose request is under way.
    async fn busy(&self, address: SocketAddr) -> TcpStream {
        let busy = connect(address, b"GET /wait HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        self.begun.notified().await;
        busy
    }
}

/// A route with a large answer, and what tells that it is no longer in memory.
fn large(bytes: usize) -> (Router, Receiver<()>) {
    struct Large {
        bytes: Vec<u8>,
        gone: Sender<()>,
    }
    impl AsRef<[u8]> for Large {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    impl Drop for Large {
        fn drop(&mut self) {
            self.gone.send(()).ok();
        }
    }
    let (gone, told) = channel();
    let answer = move || async move { Body::from(Bytes::from_owner(Large { bytes: vec![b'x'; bytes], gone })) };
    (Router::new().route("/", get(answer)).route("/small", get(|| async { "small" })), told)
}

fn wait_for(told: &Receiver<()>) {
    told.recv_timeout(Duration::from_secs(60)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_nothing_gives_their_place_to_the_next() {
    let address = serve(answers(), |server| server.connections = 1).await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let settings = [&preface[..], &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat();
    for says in [&b""[..], b"P", b"PRI * HTTP/2", b"GET / HTTP/1.1\r\n", preface, &settings] {
        let silent = connect(address, says);
        let answer = rest(connect(address, REQUEST));
        assert!(answer.ends_with("answer"), "{:?}: {answer}", says.escape_ascii());
        drop(silent);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_waited_for_less_long_than_a_request() {
    let address = serve(answers(), |server| server.patience.head = SHORT).await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    let silent = connect(address, b"");
    for says in [&b"G"[..], b"GET / HTTP/1.1\r\nhost: a\r\n", b"PRI", preface] {
        let said = rest(connect(address, says));
        assert!(!said.contains("answer"), "{said}");
    }
    // So is the next one of a connection, which came with the one before.
    let said = rest(connect(address, b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HT"));
    assert_eq!(said.matches("answer").count(), 1, "{said}");
    // Whoever has said nothing is still welcome.
    let mut silent = silent;
    silent.write_all(REQUEST).unwrap();
    assert!(rest(silent).ends_with("answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_closed_in_the_end() {
    let address = serve(answers(), |server| server.patience.idle = SHORT).await;
    assert_eq!(rest(connect(address, b"")), "");
    let said = rest(connect(address, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    assert!(said.ends_with("answer"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_may_take_longer_than_the_headers() {
    let waiting = Waiting::default();
    let patience = Patience { head: SHORT, idle: SHORT, taking: SHORT, pressed: LONG, fresh: Duration::ZERO };
    let address = serve(waiting.router(), |server| server.patience = patience).await;
    let slow = waiting.busy(address).await;
    // Later come, and gone for having said nothing.
    assert_eq!(rest(connect(address, b"")), "");
    waiting.ready.notify_one();
    let answer = rest(slow);
    assert!(answer.ends_with("waited"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_nothing_is_waited_for_less_long_while_others_find_no_room() {
    for is_http2 in [false, true] {
        let (pressure, (router, gone)) = (Pressure::default(), large(10_000_000));
        let felt = pressure.clone();
        let address = serve(router, |server| {
            server.patience.pressed = SHORT;
            server.pressure = pressure;
        })
        .await;
        let _held = if is_http2 { http2::ask_in_streams(address, 0, &["/"]) } else { connect(address, REQUEST) };
        assert!(gone.recv_timeout(SHORT * 5).is_err(), "it is held, {is_http2}");
        felt.felt();
        wait_for(&gone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_places_of_an_address_there_is_health_alone() {
    let waiting = Waiting::default();
    let address = serve(waiting.router(), |server| server.connections_per_peer = 2).await;
    let first = waiting.busy(address).await;
    let mut idle = connect(address, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert!(idle.read(&mut [0; 1024]).unwrap() > 0);
    let second = waiting.busy(address).await;
    // It has made place.
    assert_eq!(rest(idle), "");
    let beyond = rest(connect(address, REQUEST));
    assert!(beyond.starts_with("HTTP/1.1 429 ") && beyond.contains("TOO_MANY_REQUESTS"), "{beyond}");
    assert!(beyond.contains("retry-after: 1") && beyond.contains("connection: close"), "{beyond}");
    let health = b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    assert!(rest(connect(address, health)).ends_with("well"));
    // However many more there are that say nothing.
    let silent: Vec<TcpStream> = (0..places::RESERVE * 2).map(|_| connect(address, b"")).collect();
    assert!(rest(connect(address, health)).ends_with("well"));
    drop(silent);
    for busy in [first, second] {
        waiting.ready.notify_one();
        assert!(rest(busy).ends_with("waited"));
    }
    assert!(rest(connect(address, REQUEST)).ends_with("answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_a_name_or_an_address() {
    let address = serve(answers(), |_| {}).await;
    let status = |host: &str| {
        let said =
            rest(connect(address, format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes()));
        said.get(9..12).map(str::to_owned)
    };
    for host in ["example.org", "example.org:8080", "[2001:db8::1]:80", "192.0.2.1", "xn--e1afmkfd.example", ""] {
        assert_eq!(status(host).as_deref(), Some("200"), "{host:?}");
    }
    for host in ["a:0", "a:", "[::1]", "a-b.example."] {
        assert_eq!(status(host).as_deref(), Some("200"), "{host:?}");
    }
    let long = "a".repeat(300);
    for host in ["a:99999", "..", "-", long.as_str()] {
        assert_eq!(status(host).as_deref(), Some("400"), "{host:?}");
    }
    let twice =
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(rest(connect(address, twice)).starts_with("HTTP/1.1 400 "));
    for host in ["x y", "a/b", "a?b", "a#b", "user@example.org", "a, b", "http://a", "a:b:c", "[::1", "<a>"] {
        assert_eq!(status(host).as_deref(), Some("400"), "{host:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_all_places_there_is_health_alone() {
    let waiting = Waiting::default();
    let address = serve(waiting.router(), |server| server.connections = 1).await;
    let _busy = waiting.busy(address).await;
    let beyond = rest(connect(address, REQUEST));
    assert!(beyond.starts_with("HTTP/1.1 503 ") && beyond.contains("BUSY"), "{beyond}");
    assert!(beyond.contains("content-security-policy: default-src"), "{beyond}");
    assert!(rest(connect(address, b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")).ends_with("well"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_connected_a_moment_before_the_end_is_answered() {
    let stop = std::sync::Arc::new(Notify::new());
    let told = std::sync::Arc::clone(&stop);
    let (server, address) = server(answers(), |server| {
        server.patience.fresh = LONG;
        server.drain = LONG;
    })
    .await;
    let signal = move || std::sync::Arc::clone(&told).notified_owned();
    let running = tokio::spawn(async move { server.run(signal).await });
    let mut early = connect(address, b"");
    // Whoever came later is answered, so this one has been taken.
    assert!(rest(connect(address, REQUEST)).ends_with("answer"));
    stop.notify_one();
    while TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
    early.write_all(REQUEST).unwrap();
    assert!(rest(early).ends_with("answer"));
    assert!(running.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_nothing_of_an_answer_is_cut() {
    let (router, gone) = large(64 * 1024 * 1024);
    let address = serve(router, |server| server.patience.taking = SHORT).await;
    let unread = connect(address, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    wait_for(&gone);
    drop(unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_all_of_a_large_answer_gets_it() {
    let (router, gone) = large(8 * 1024 * 1024);
    let address = serve(router, |_| {}).await;
    let answer = rest(connect(address, REQUEST));
    assert!(answer.contains("content-length: 8388608") && answer.ends_with(&"x".repeat(8 * 1024 * 1024)));
    wait_for(&gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusal_of_a_body_arrives_before_the_connection_ends() {
    let refuse = || async { (StatusCode::PAYLOAD_TOO_LARGE, "too large") };
    let address = serve(answers().route("/", post(refuse)), |_| {}).await;
    let body = vec![b' '; 16 * 1024 * 1024];
    for (head, body) in [
        (format!("content-length: {}\r\n\r\n", body.len()), &body[..]),
        (format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()), &body),
        ("content-length: 100\r\nexpect: 100-continue\r\n\r\n".to_owned(), b""),
        ("content-length: 5\r\n\r\n".to_owned(), b"small"),
    ] {
        let mut stream = connect(address, b"POST / HTTP/1.1\r\nhost: a\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // All of it can be sent, and only then is the answer looked at.
        stream.write_all(body).unwrap();
        let answer = rest(stream);
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.ends_with("too large"), "{head}: {answer}");
        assert!(answer.contains("connection: close"), "{head}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_in_two_ways_is_refused() {
    let address = serve(answers().route("/", post(|body: String| async { body })), |_| {}).await;
    for request in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n",
        "GET / HTTP/1.1\nhost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\n\n",
        "GET / HTTP/1.1\r\nhost: a\r\nx: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost : a\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +5\r\n\r\nabcde",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n0\r\n\r\n",
    ] {
        let answer = rest(connect(address, request.as_bytes()));
        assert!(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.0 400 "), "{request:?}: {answer}");
    }
    let answer = rest(connect(address, b"GET / HTTP/1.0\r\n\r\n"));
    assert!(answer.contains(" 200 ") && answer.ends_with("answer"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_come_together_are_told_apart() {
    let address = serve(answers().route("/", post(|body: String| async { body })), |_| {}).await;
    let first = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let sized = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 8\r\n\r\nsized\nA\n";
    let chunked =
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n4\r\nchun\r\n5;a\r\nked\nB\r\n0\r\n\r\n";
    let bare = "GET / HTTP/1.1\nhost: a\r\n\r\n";
    for before in [first, sized, chunked] {
        let all = [first, before, sized, chunked, before, bare, first].concat();
        for pieces in [all.len(), 50, 7] {
            let mut stream = connect(address, b"");
            for piece in all.as_bytes().chunks(pieces) {
                // It may be closed before the last is sent.
                if stream.write_all(piece).is_err() {
                    break;
                }
            }
            let answer = rest(stream);
            assert_eq!(answer.matches(" 200 OK").count(), 5, "{answer}");
            assert_eq!(answer.matches(" 400 ").count(), 1, "{answer}");
            assert!(answer.contains("sized\\nA\\n") && answer.contains("chunked\\nB"), "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_the_queue_is_served_before_it_is_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let places = Arc::new(Places::new(Bounds { all: 100, of_a_peer: 100, proxies: Vec::new(), fresh: Duration::ZERO }));
    let stopping = Stopping::default();
    stopping.begin();
    let patience = Patience { head: LONG, idle: LONG, taking: LONG, pressed: LONG, fresh: Duration::ZERO };
    let taking = Arc::new(Taking::new(patience, Pressure::default()));
    let host = Host { router: answers(), stopping, places, fresh: Duration::ZERO, taking, alive: mpsc::channel(1).0 };
    let queue: Vec<TcpStream> = (0..20).map(|_| connect(address, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")).collect();
    host.take_queue(listener);
    for waiting in queue {
        let answer = rest(waiting);
        assert!(answer.ends_with("answer") && answer.contains("connection: close"), "{answer}");
    }
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
}
