//! A server that receives webhooks, well or badly.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What a receiver answers with.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status, and lines of a header.
    Status(u16, String),
    /// These bytes, whatever they are, and the end of the connection.
    Raw(Vec<u8>),
    /// A head, and a byte of a body every now and then, without end.
    Trickle,
    /// A head, and a body without end.
    Flood,
    /// Nothing, and the connection stays open.
    Silence,
    /// A status, after a while.
    Late(Duration, u16),
}

impl Reply {
    /// A status alone.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self::Status(status, String::new())
    }
}

/// A message that came.
#[derive(Debug, Clone)]
pub struct Got {
    /// The header, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it was answered with 2xx.
    pub taken: bool,
}

impl Got {
    /// A line of the header; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// What it tells of.
    #[must_use]
    pub fn event(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// The path it is about; empty when it is about none.
    #[must_use]
    pub fn path(&self) -> String {
        self.json()["data"]["path"].as_str().unwrap_or_default().to_owned()
    }
}

type Answering = Arc<dyn Fn(&Got, usize) -> Reply + Send + Sync>;

/// A server that receives webhooks. It goes with the value.
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    grew: Arc<Notify>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// One that takes everything.
    pub async fn good() -> Self {
        Self::answering(|_, _| Reply::status(204)).await
    }

    /// One that answers as it is told, by the message and how many came before it.
    pub async fn answering(answer: impl Fn(&Got, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0)), answer).await
    }

    /// The same at an address, which may have been another one's before.
    pub async fn at(address: SocketAddr, answer: impl Fn(&Got, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let address = listener.local_addr().unwrap();
        let (got, grew): (Arc<Mutex<Vec<Got>>>, _) = (Arc::default(), Arc::new(Notify::new()));
        let answer: Answering = Arc::new(answer);
        let (all, told) = (got.clone(), grew.clone());
        let serving = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                connections.spawn(serve(stream, all.clone(), told.clone(), answer.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, got, grew, serving }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What has come, in order.
    #[must_use]
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Waits until so many messages have come, each of them counted once that was answered with 2xx.
    pub async fn takes(&self, number: usize) -> Vec<Got> {
        self.until(|got| {
            let taken = got.iter().filter(|got| got.taken).map(|got| got.header("webhook-id"));
            taken.collect::<HashSet<_>>().len() >= number
        })
        .await
    }

    /// Waits until what has come is as wanted.
    pub async fn until(&self, wanted: impl Fn(&[Got]) -> bool) -> Vec<Got> {
        let waited = tokio::time::timeout(Duration::from_secs(90), async {
            loop {
                let grew = self.grew.notified();
                let got = self.got();
                if wanted(&got) {
                    return got;
                }
                grew.await;
            }
        });
        match waited.await {
            Ok(got) => got,
            Err(_) => panic!(
                "it has got only {:#?}",
                self.got().iter().map(|got| (got.path(), got.taken)).collect::<Vec<_>>()
            ),
        }
    }

    /// Goes down, with all of its connections.
    pub async fn down(self) -> SocketAddr {
        self.serving.abort();
        let address = self.address;
        drop(self);
        tokio::task::yield_now().await;
        address
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut stream: TcpStream, all: Arc<Mutex<Vec<Got>>>, grew: Arc<Notify>, answer: Answering) {
    while let Some(mut got) = read(&mut stream).await {
        let before = all.lock().unwrap().len();
        let reply = answer(&got, before);
        if let Reply::Late(wait, _) = &reply {
            tokio::time::sleep(*wait).await;
        }
        let (status, header) = match &reply {
            Reply::Status(status, header) => (*status, header.as_str()),
            Reply::Late(_, status) => (*status, ""),
            _ => (0, ""),
        };
        got.taken = (200..300).contains(&status);
        all.lock().unwrap().push(got);
        grew.notify_waiters();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
        let sent = match &reply {
            Reply::Status(..) | Reply::Late(..) => {
                let length = if status == 204 { String::new() } else { "content-length: 2\r\n".to_owned() };
                let body = if status == 204 { "" } else { "ok" };
                stream.write_all(format!("HTTP/1.1 {status} X\r\n{header}{length}\r\n{body}").as_bytes()).await
            }
            Reply::Raw(bytes) => {
                drop(stream.write_all(bytes).await);
                return;
            }
            Reply::Trickle => {
                drop(stream.write_all(format!("{head}content-length: 100000\r\n\r\n").as_bytes()).await);
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                return;
            }
            Reply::Flood => {
                drop(stream.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).await);
                let piece = format!("10000\r\n{}\r\n", "y".repeat(65536));
                while stream.write_all(piece.as_bytes()).await.is_ok() {}
                return;
            }
            Reply::Silence => {
                std::future::pending::<()>().await;
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Reads a request of HTTP/1.1 with a length.
async fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers: Vec<(String, String)> =
        lines.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Got { headers, body, taken: false })
}
