//! Answers that go on, over HTTP/1.1.

use std::{convert::Infallible, sync::Mutex};

use axum::response::Response;
use futures_util::stream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;

const STREAM: &[u8] = b"GET /stream HTTP/1.1\r\nhost: a\r\n\r\n";

/// A route that answers with what it is sent, and notes when nobody follows it any more.
fn streaming() -> (Router, UnboundedSender<Bytes>, Receiver<()>) {
    let (send, told) = unbounded_channel();
    let (ended, has_ended) = channel();
    let told = Arc::new(Mutex::new(Some((told, ended))));
    let stream = move || {
        let (told, ended) = told.lock().unwrap().take().unwrap();
        async move {
            let body = stream::unfold(
                (told, Ending(ended)),
                |(mut told, ending): (UnboundedReceiver<Bytes>, Ending)| async move {
                    let bytes = told.recv().await?;
                    Some((Ok::<_, Infallible>(bytes), (told, ending)))
                },
            );
            let mut response = Response::new(Body::from_stream(body));
            response.headers_mut().insert("content-type", "text/event-stream".parse().unwrap());
            response
        }
    };
    (answers().route("/stream", get(stream)), send, has_ended)
}

struct Ending(Sender<()>);

impl Drop for Ending {
    fn drop(&mut self) {
        // Nobody may be interested.
        let _ = self.0.send(());
    }
}

fn ends(has_ended: &Receiver<()>) {
    has_ended.recv_timeout(Duration::from_secs(60)).unwrap();
}

/// What comes up to this end.
fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", read.escape_ascii());
        read.push(byte[0]);
    }
    String::from_utf8(read).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_goes_on_comes_in_chunks_and_ends() {
    let (router, send, has_ended) = streaming();
    let address = serve(router, |_| {}).await;
    let mut stream = connect(address, STREAM);
    let head = until(&mut stream, "\r\n\r\n").to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("transfer-encoding: chunked"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    send.send(Bytes::from_static(b"data: 1\n\n")).unwrap();
    assert_eq!(until(&mut stream, "\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
    // What is empty is no chunk: that would be the end.
    send.send(Bytes::new()).unwrap();
    let large = vec![b'x'; 1_000_000];
    send.send(large.clone().into()).unwrap();
    let mut read = 0;
    while read < large.len() {
        let length = usize::from_str_radix(until(&mut stream, "\r\n").trim_end(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        stream.read_exact(&mut chunk).unwrap();
        assert!(chunk[..length].iter().all(|byte| *byte == b'x') && chunk.ends_with(b"\r\n"));
        read += length;
    }
    drop(send);
    assert_eq!(rest(stream), "0\\r\\n\\r\\n");
    ends(&has_ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_away_is_followed_no_longer() {
    let (router, send, has_ended) = streaming();
    let address = serve(router, |_| {}).await;
    let mut stream = connect(address, STREAM);
    until(&mut stream, "\r\n\r\n");
    send.send(Bytes::from_static(b"1")).unwrap();
    until(&mut stream, "1\r\n1\r\n");
    // What is said meanwhile is nobody's business.
    stream.write_all(STREAM).unwrap();
    drop(stream);
    ends(&has_ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_away_before_the_head_is_followed_no_longer() {
    let Waiting { begun, ready } = Waiting::default();
    let (ended, has_ended) = channel();
    let has_begun = Arc::clone(&begun);
    let stream = move || async move {
        let _ending = Ending(ended);
        begun.notify_one();
        ready.notified().await;
    };
    let address = serve(answers().route("/stream", get(stream)), |_| {}).await;
    let stream = connect(address, STREAM);
    has_begun.notified().await;
    drop(stream);
    ends(&has_ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_it_is_cut() {
    let (router, send, has_ended) = streaming();
    let address = serve(router, |server| server.patience.taking = SHORT).await;
    let mut stream = connect(address, STREAM);
    until(&mut stream, "\r\n\r\n");
    // More than all that is between them holds.
    send.send(vec![b'x'; 64 * 1024 * 1024].into()).unwrap();
    ends(&has_ended);
    drop(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_waits_for_it_and_no_longer_than_it_may() {
    let (router, send, has_ended) = streaming();
    let (server, address) = server(router, |server| server.drain = LONG).await;
    let stop = Arc::new(Notify::new());
    let told = Arc::clone(&stop);
    let running = tokio::spawn(async move { server.run(move || Arc::clone(&told).notified_owned()).await });
    let mut stream = connect(address, STREAM);
    until(&mut stream, "\r\n\r\n");
    stop.notify_one();
    send.send(Bytes::from_static(b"last")).unwrap();
    assert_eq!(until(&mut stream, "last\r\n"), "4\r\nlast\r\n");
    drop(send);
    assert_eq!(rest(stream), "0\\r\\n\\r\\n");
    ends(&has_ended);
    assert!(running.await.unwrap(), "all of it could be finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_http_1_0_has_it_without_chunks() {
    let (router, send, has_ended) = streaming();
    let address = serve(router, |_| {}).await;
    let mut stream = connect(address, b"GET /stream HTTP/1.0\r\n\r\n");
    until(&mut stream, "\r\n\r\n");
    send.send(Bytes::from_static(b"data: 1\n\n")).unwrap();
    drop(send);
    assert_eq!(rest(stream), "data: 1\\n\\n");
    ends(&has_ended);
}
