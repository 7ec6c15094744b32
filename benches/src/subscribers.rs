//! Many subscribers on one server: what each of them takes while nothing happens, and how soon all of them hear of what is published.

use std::{
    cell::{Cell, RefCell},
    fmt::Write as _,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::LocalSet,
    time::sleep,
};

use crate::{
    editor::{self, Editor},
    load::precise,
    process::{self, Server},
};

/// What they ask for.
const QUERY: &str = "subscription { publicationChanged { mustReread cursor change { action path } publication { id title category { title } } } }";

/// What an event has, and whether it says that all has to be read anew follows.
const EVENT: &[u8] = b"{\"mustReread\":";

/// After how long a subscriber says that it is there.
const SILENT: Duration = Duration::from_secs(20);

/// How many connect from an address: systems have some 28,000 ports to connect from.
const FROM_AN_ADDRESS: usize = 10_000;

/// How they are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By WebSockets.
    WebSocket,
    /// By Server-Sent Events.
    Events,
}

/// What is run.
#[derive(Debug)]
pub struct Subscribers {
    /// Courant's program.
    pub courant: PathBuf,
    /// How many subscribe.
    pub subscribers: usize,
    /// How many changes are published one by one.
    pub publishes: usize,
    /// How many a second are published in the storm, and for how many seconds.
    pub storm: (u32, u32),
}

/// What all subscribers have heard.
#[derive(Default)]
struct Heard {
    /// How many of them may hear something.
    ready: Cell<usize>,
    /// When the change was sent that is waited for.
    since: Cell<Option<Instant>>,
    /// How long it took to each, in microseconds.
    latencies: RefCell<Vec<u32>>,
    events: Cell<usize>,
    each: RefCell<Vec<Rc<Told>>>,
}

/// What one subscriber was told.
#[derive(Default)]
struct Told {
    events: Cell<usize>,
    /// How often it was that there were more than could be told.
    rereads: Cell<usize>,
}

impl Subscribers {
    /// Runs it on an embedded database of its own, and gives a table in Markdown.
    ///
    /// # Errors
    /// When the server fails, or a subscriber does not hear of something.
    pub async fn run(&self, folder: &Path, way: Way) -> Result<String> {
        let url = editor::prepare(&self.courant, folder)?;
        let most = (self.subscribers + 100).to_string();
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log",
            "error",
            "--database-url",
            &url,
            "--max-connections",
            &most,
            "--max-connections-per-address",
            &most,
        ];
        let server = Server::start(&self.courant, &arguments, Stdio::inherit())?;
        LocalSet::new().run_until(self.measure(&server, way)).await
    }

    async fn measure(&self, server: &Server, way: Way) -> Result<String> {
        let editor = Editor::sign_in(server.address).await?;
        editor.publish(&news(0)).await?;
        let before = process::resident(server.id())?;
        let heard = Rc::new(Heard::default());
        for number in 0..self.subscribers {
            // A few connect at once.
            wait("earlier subscribers are there", || number < heard.ready.get() + 200).await?;
            let subscriber = subscribe(number, server.address, way, Rc::clone(&heard));
            tokio::task::spawn_local(async move {
                // It may also be that the measuring is over.
                if let Err(error) = subscriber.await {
                    eprintln!("a subscriber has gone: {error:#}");
                }
            });
        }
        wait("all subscribers are there", || heard.ready.get() == self.subscribers).await?;
        // Whoever was acknowledged is about to be in a group.
        sleep(Duration::from_secs(2)).await;
        let each = (process::resident(server.id())? - before) * 1024.0 / precise(self.subscribers);
        let idle = busy(server.id(), Duration::from_secs(10)).await?;

        let cpu = process::cpu(server.id()).context("the server has ended")?;
        for number in 1..=self.publishes {
            let expected = heard.events.get() + self.subscribers;
            heard.since.set(Some(Instant::now()));
            editor.publish(&news(number)).await?;
            wait("all have heard", || heard.events.get() >= expected).await?;
            heard.since.set(None);
            sleep(Duration::from_millis(300)).await;
        }
        let spent = process::cpu(server.id()).context("the server has ended")?.saturating_sub(cpu);
        let mut latencies = heard.latencies.take();
        latencies.sort_unstable();
        let at = |permille: usize| {
            let at = (latencies.len() * permille / 1000).min(latencies.len().saturating_sub(1));
            latencies.get(at).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
        };

        let (a_second, seconds) = self.storm;
        let (begun, mut sent) = (Instant::now(), 0);
        for told in &*heard.each.borrow() {
            told.events.set(0);
        }
        for number in 0..a_second * seconds {
            let due = begun + Duration::from_secs(1) * number / a_second;
            sleep(due.saturating_duration_since(Instant::now())).await;
            editor.publish(&news(1_000 + number as usize)).await?;
            sent += 1;
        }
        let lasted = begun.elapsed();
        // Until nothing more comes.
        let mut quiet = (heard.events.get(), Instant::now());
        while quiet.1.elapsed() < Duration::from_secs(5) {
            sleep(Duration::from_millis(100)).await;
            let events = heard.events.get();
            if events != quiet.0 {
                quiet = (events, Instant::now());
            }
        }
        let mut told = (0, 0, 0);
        for subscriber in &*heard.each.borrow() {
            let (events, rereads) = (subscriber.events.get(), subscriber.rereads.get());
            told = (told.0 + events, told.1 + rereads, told.2 + usize::from(events != sent && rereads == 0));
        }
        let (one_by_one, rereads, lost) = told;
        let after = process::resident(server.id())?;

        let mut table = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "{way:?}, {} subscribers with the same selection\n\n| | |\n|---|---:|\n\
             | memory for each while nothing happens, KiB | {each:.1} |\n\
             | of a core while nothing happens, % | {idle:.1} |\n\
             | from the mutation sent to an event read, p50, ms | {:.0} |\n\
             | p99, ms | {:.0} |\n| the last, ms | {:.0} |\n\
             | CPU for each publish, ms | {:.0} |\n\
             | storm: {sent} publishes in {:.0} s (wanted {seconds} s), events told | {one_by_one} |\n\
             | that all has to be read anew, as there were too many, times | {rereads} |\n\
             | subscribers who were told neither | {lost} |\n\
             | memory after it, MB | {after:.0} |",
            self.subscribers,
            at(500),
            at(990),
            at(1000),
            spent.as_secs_f64() * 1000.0 / precise(self.publishes.max(1)),
            lasted.as_secs_f64(),
        );
        Ok(table)
    }
}

fn news(number: usize) -> String {
    format!("News {number}")
}

/// Connects the subscriber of a number: the first ones from where all do, further ones from addresses of this machine's own.
async fn connect(number: usize, server: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let own @ 1.. = number / FROM_AN_ADDRESS {
        socket.bind((Ipv4Addr::new(127, 0, 0, u8::try_from(own + 1)?), 0).into())?;
    }
    Ok(socket.connect(server).await?)
}

async fn subscribe(number: usize, server: SocketAddr, way: Way, heard: Rc<Heard>) -> Result<()> {
    let mut stream = connect(number, server).await?;
    let body = json!({ "query": QUERY });
    let is_ready: &[u8] = match way {
        Way::WebSocket => {
            let upgrade = "GET /graphql HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                           Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
                           Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
            let subscribe = json!({ "id": "1", "type": "subscribe", "payload": body }).to_string();
            stream.write_all(upgrade.as_bytes()).await?;
            stream.write_all(&frame(r#"{"type":"connection_init"}"#)?).await?;
            stream.write_all(&frame(&subscribe)?).await?;
            b"connection_ack"
        }
        Way::Events => {
            let body = body.to_string();
            let request = format!(
                "POST /graphql HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes()).await?;
            b"\r\n:\n\n"
        }
    };
    let mut buffer: Vec<u8> = Vec::with_capacity(1024);
    let mut is_waiting = true;
    let mut said = Instant::now();
    let told = Rc::new(Told::default());
    heard.each.borrow_mut().push(Rc::clone(&told));
    loop {
        if let Ok(read) = tokio::time::timeout(SILENT, stream.read_buf(&mut buffer)).await
            && read? == 0
        {
            bail!("the server has closed a connection");
        }
        // The server asks whether somebody is there who says nothing.
        if way == Way::WebSocket && said.elapsed() >= SILENT {
            said = Instant::now();
            stream.write_all(&frame(r#"{"type":"pong"}"#)?).await?;
        }
        if is_waiting && find(&buffer, is_ready).is_some() {
            is_waiting = false;
            heard.ready.set(heard.ready.get() + 1);
        }
        while let Some(at) = find(&buffer, EVENT)
            && let Some(is_reread) = buffer.get(at + EVENT.len()).map(|byte| *byte == b't')
        {
            buffer.drain(..=at + EVENT.len());
            heard.events.set(heard.events.get() + 1);
            let count = if is_reread { &told.rereads } else { &told.events };
            count.set(count.get() + 1);
            if let Some(since) = heard.since.get() {
                heard.latencies.borrow_mut().push(u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
        }
        // Of what is no event, the end may be the beginning of one.
        let keep = EVENT.len().max(is_ready.len()) + 1;
        if !is_waiting && buffer.len() > keep {
            let end = buffer.len() - keep;
            buffer.drain(..end);
        }
    }
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

/// A text as a frame of a client's, whose mask changes nothing.
fn frame(text: &str) -> Result<Vec<u8>> {
    let mut frame = vec![0x81];
    match text.len() {
        length @ ..126 => frame.push(0x80 | u8::try_from(length)?),
        length => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(length)?.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    Ok(frame)
}

async fn wait(what: &str, is_so: impl Fn() -> bool) -> Result<()> {
    let begun = Instant::now();
    while !is_so() {
        ensure!(begun.elapsed() < Duration::from_secs(120), "waited in vain until {what}");
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// How much of a core a process uses, in per cent.
async fn busy(process: u32, during: Duration) -> Result<f64> {
    let before = process::cpu(process).context("the server has ended")?;
    sleep(during).await;
    let after = process::cpu(process).context("the server has ended")?;
    Ok(after.saturating_sub(before).as_secs_f64() / during.as_secs_f64() * 100.0)
}
