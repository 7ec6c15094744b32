//! The load generator: a fixed number of connections, each sending the next request as soon as it has its answer.
//!
//! It shares the machine with what it measures, so it does as little as it can: requests are bytes made before,
//! one thread, and of an answer it reads the status, the length and the first bytes.

mod paced;

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

pub use self::paced::paced;

/// How much load, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// How many connections.
    pub connections: usize,
    /// How long before anything counts.
    pub warm_up: Duration,
    /// How long what counts takes.
    pub measured: Duration,
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// How many answers came.
    pub answers: usize,
    /// How long it took.
    pub seconds: f64,
    /// How long each took, in microseconds, in ascending order.
    pub latencies: Vec<u32>,
}

impl Measured {
    /// Answers per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        precise(self.answers) / self.seconds
    }

    /// How long so many per thousand took at the most, in milliseconds.
    #[must_use]
    pub fn permille(&self, permille: usize) -> f64 {
        let at = (self.latencies.len() * permille / 1000).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

/// A count as a float. Counts here are far below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2⁵³")]
pub(crate) const fn precise(count: usize) -> f64 {
    count as f64
}

/// A GET request.
#[must_use]
pub fn get(path: &str) -> Arc<[u8]> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n").into_bytes().into()
}

/// A POST request with a body of JSON.
#[must_use]
pub fn post(path: &str, body: &str) -> Arc<[u8]> {
    send("POST", path, body)
}

/// A request with a body of JSON.
#[must_use]
pub fn send(method: &str, path: &str, body: &str) -> Arc<[u8]> {
    with(method, path, "", body)
}

/// A POST request of somebody who has a token.
#[must_use]
pub fn post_as(token: &str, path: &str, body: &str) -> Arc<[u8]> {
    with("POST", path, &format!("Authorization: Bearer {token}\r\n"), body)
}

fn with(method: &str, path: &str, more: &str, body: &str) -> Arc<[u8]> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n{more}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    head.into_bytes().into()
}

/// Sends one request and gives the body of its answer.
///
/// # Errors
/// When there is none, or its status is not 200.
pub async fn once(server: SocketAddr, request: &[u8]) -> Result<Vec<u8>> {
    let mut client = Client::connect(server).await?;
    client.send(request).await?;
    Ok(client.answer().to_vec())
}

/// Sends the requests one after the other, from all connections together, over and over. Asks `gauge` when the
/// warm-up is over and again when the measured time is, and gives both its answers.
///
/// # Errors
/// When an answer is not one.
pub async fn run<T>(
    server: SocketAddr,
    requests: &Rc<Vec<Arc<[u8]>>>,
    load: Load,
    gauge: impl AsyncFn() -> Result<T>,
) -> Result<(Measured, [T; 2])> {
    let next = Rc::new(Cell::new(0));
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 18)));
    let start = Instant::now() + load.warm_up;
    let stop = start + load.measured;
    let local = LocalSet::new();
    let clients: Vec<_> = (0..load.connections)
        .map(|_| {
            let (requests, next, latencies) = (requests.clone(), next.clone(), latencies.clone());
            local.spawn_local(async move {
                let mut client = Client::connect(server).await?;
                loop {
                    let sent = Instant::now();
                    if sent >= stop {
                        return Ok(());
                    }
                    let at = next.get();
                    next.set((at + 1) % requests.len());
                    client.send(&requests[at]).await?;
                    let came = Instant::now();
                    // Counted is what is answered in the measured time, whenever it was sent.
                    if came >= start && came < stop {
                        let micros = u32::try_from((came - sent).as_micros()).unwrap_or(u32::MAX);
                        latencies.borrow_mut().push(micros);
                    }
                }
            })
        })
        .collect();
    let gauged = local.run_until(async {
        tokio::time::sleep_until(start.into()).await;
        let before = gauge().await?;
        tokio::time::sleep_until(stop.into()).await;
        anyhow::Ok([before, gauge().await?])
    });
    let gauged = gauged.await?;
    local.await;
    for client in clients {
        let result: Result<()> = client.await.context("a connection of the load generator broke")?;
        result?;
    }
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    let measured = Measured { answers: latencies.len(), seconds: load.measured.as_secs_f64(), latencies };
    Ok((measured, gauged))
}

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the last answer's body begins in the buffer.
    body: usize,
}

impl Client {
    pub(crate) async fn connect(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await.context("cannot connect to the server")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 16), body: 0 })
    }

    /// The head of the last answer.
    pub(crate) fn head(&self) -> &[u8] {
        &self.buffer[..self.body]
    }

    /// The body of the last answer.
    pub(crate) fn answer(&self) -> &[u8] {
        &self.buffer[self.body..]
    }

    /// Sends a request, and reads the answer.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let length = loop {
            self.read().await?;
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                self.body = end + 4;
                break content_length(&self.buffer[..end])?;
            }
        };
        while self.buffer.len() < self.body + length {
            self.read().await?;
        }
        let body = &self.buffer[self.body..];
        ensure!(has_data(body), "no data in an answer: {}", String::from_utf8_lossy(body));
        Ok(())
    }

    /// Sends requests whose answers have no body, and reads all of these.
    pub(crate) async fn tell(&mut self, requests: &[u8], count: usize) -> Result<()> {
        const END: &[u8] = b"\r\n\r\n";
        self.stream.write_all(requests).await?;
        self.buffer.clear();
        let (mut answered, mut from) = (0, 0);
        while answered < count {
            self.read().await?;
            while let Some(end) = self.buffer[from..].windows(END.len()).position(|four| four == END) {
                let head = &self.buffer[from..from + end];
                ensure!(
                    head.starts_with(b"HTTP/1.1 204 "),
                    "an answer without success: {}",
                    String::from_utf8_lossy(head)
                );
                from += end + END.len();
                answered += 1;
            }
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed a connection");
        }
        Ok(())
    }
}

/// Whether an answer begins as one does that has data. PostgreSQL puts spaces around colons.
fn has_data(body: &[u8]) -> bool {
    let mut bytes = body.iter().filter(|byte| **byte != b' ');
    b"{\"data\":{".iter().all(|wanted| bytes.next() == Some(wanted))
}

/// The length of the body, from the head of an answer with status 200.
fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    ensure!(head.starts_with("HTTP/1.1 200 "), "an answer without success: {head}");
    let mut lines = head.lines();
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    length.context("an answer without a Content-Length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_whatever_their_case() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 42";
        assert_eq!(content_length(head).ok(), Some(42));
        assert!(content_length(b"HTTP/1.1 404 Not Found\r\ncontent-length: 42").is_err());
        assert!(content_length(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked").is_err());
    }

    #[test]
    fn an_answer_without_data_is_none() {
        assert!(has_data(br#"{"data":{"articles":{}}}"#));
        assert!(has_data(br#"{"data" : {"articles" : {}}}"#));
        assert!(!has_data(br#"{"data":null,"errors":[]}"#));
        assert!(!has_data(br#"{"errors":[]}"#));
        assert!(!has_data(b""));
    }

    #[test]
    fn quantiles_are_of_what_was_measured() {
        let measured = Measured { answers: 1000, seconds: 2.0, latencies: (1..=1000).map(|at| at * 1000).collect() };
        assert!((measured.rate() - 500.0).abs() < 1e-9);
        assert!((measured.permille(500) - 501.0).abs() < 1e-9);
        assert!((measured.permille(990) - 991.0).abs() < 1e-9);
        assert!(Measured::default().permille(500).abs() < 1e-9);
    }
}
