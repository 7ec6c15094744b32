//! Reads that are told of by beacons: how many a second are taken in, and what readers lose while they come.

use std::{
    cell::Cell as Counter,
    fmt::Write,
    path::PathBuf,
    process::Stdio,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use courant_domain::{
    global_id::{GlobalId, NodeKind},
    locale::Locale,
};
use tokio::task::LocalSet;

use crate::{
    cell::Cell,
    database::{Database, Dialect, Postgres, Sqlite},
    load::{Client, Load, precise},
    process::{self, Server},
    report::median,
    run::{self, Target, Variant},
    sample::{Random, Sample, default_locale},
};

/// How many beacons are made before: each of another reader's, of articles by Zipf's law.
const READERS: u32 = 400_000;

/// What is run.
#[derive(Debug)]
pub struct Views {
    /// Courant's program.
    pub courant: PathBuf,
    /// The load of one round.
    pub load: Load,
    /// How often each is measured.
    pub rounds: usize,
    /// How many requests a connection sends before it reads their answers: what a proxy with many readers does.
    pub pipelined: usize,
    /// How many reads a second come while readers are measured.
    pub beside: u32,
    /// What the requests are drawn with.
    pub seed: u64,
}

/// What was found out of a round.
struct Round {
    /// Beacons that were answered, a second, with nothing else going on.
    taken: f64,
    /// The server's processor time for each, in microseconds.
    cpu: f64,
    /// Requests of readers a second, alone and beside the beacons.
    alone: f64,
    beside: f64,
}

impl Views {
    /// Runs it on one database, and gives a table in Markdown.
    ///
    /// # Errors
    /// When a server fails.
    pub async fn on(&self, target: &Target) -> Result<String> {
        match Dialect::of(&target.url) {
            Dialect::Sqlite => self.with(&Sqlite::open(&target.url, "").await?, target).await,
            Dialect::Postgres => self.with(&Postgres::open(&target.url, "").await?, target).await,
        }
    }

    async fn with<D: Database>(&self, database: &D, target: &Target) -> Result<String> {
        let sample = Sample::draw(database, self.seed).await?;
        let beacons = self.beacons(&sample, default_locale(database).await?);
        let pages = Variant::Courant.requests(Cell::Article, &sample);
        let mut rounds = Vec::with_capacity(self.rounds);
        for _ in 0..self.rounds {
            let server = self.server(target)?;
            let before = process::cpu(server.id()).context("the server has ended")?;
            let taken = flood(&server, &beacons, self.load, self.pipelined).await?;
            let used = process::cpu(server.id()).context("the server has ended")?.saturating_sub(before);
            let all = self.load.warm_up + self.load.measured;
            let cpu = used.as_secs_f64() * 1e6 / (taken * all.as_secs_f64());
            drop(server);
            let server = self.server(target)?;
            let alone = run::round(self.load, database, &server, &pages).await?.rate;
            let (reading, _) = tokio::join!(
                run::round(self.load, database, &server, &pages),
                trickle(&server, &beacons, self.load, self.beside),
            );
            rounds.push(Round { taken, cpu, alone, beside: reading?.rate });
        }
        Ok(self.table(target, D::DIALECT, &rounds))
    }

    fn server(&self, target: &Target) -> Result<Server> {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", &target.url, "--log", "error"];
        Server::with(&self.courant, &arguments, &[("COURANT_TRUSTED_PROXIES", "127.0.0.1/32")], Stdio::inherit())
    }

    /// Beacons of readers each at an address of their own.
    fn beacons(&self, sample: &Sample, locale: Locale) -> Rc<Vec<Vec<u8>>> {
        let mut random = Random::new(self.seed);
        let number = sample.places.len();
        let beacon = |reader: u32| {
            // Few are read by many: a half of the readers read an eighth of the articles.
            let share = random.fraction();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
            let at = (share * share * share * precise(number)) as usize;
            let entry = sample.places[at.min(number - 1)].entry;
            let id = GlobalId { kind: NodeKind::Article, id: entry, locale }.encode();
            let [_, a, b, c] = reader.to_be_bytes();
            format!(
                "POST /reads HTTP/1.1\r\nHost: bench\r\nOrigin: http://bench\r\nSec-Fetch-Site: same-origin\r\n\
                 User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0\r\n\
                 X-Forwarded-For: 10.{a}.{b}.{c}\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\n\r\n{id}",
                id.len()
            )
            .into_bytes()
        };
        Rc::new((0..READERS).map(beacon).collect())
    }

    fn table(&self, target: &Target, dialect: Dialect, rounds: &[Round]) -> String {
        let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
        let loss = median(rounds.iter().map(|round| 1.0 - round.beside / round.alone).collect());
        let mut table = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            table,
            "{dialect:?}, {} articles; medians of {} rounds of {} s, {} connections, {} requests of each at a time:\n\n\
             | | |\n|---|---:|\n| beacons taken in, a second | {:.0} |\n| µs of the server's CPU for each | {:.1} |\n\
             | article pages a second, alone | {:.0} |\n| ... beside {} beacons a second | {:.0} |\n| lost | {:.1} % |\n",
            target.articles,
            rounds.len(),
            self.load.measured.as_secs_f64(),
            self.load.connections,
            self.pipelined,
            of(|round| round.taken),
            of(|round| round.cpu),
            of(|round| round.alone),
            self.beside,
            of(|round| round.beside),
            loss * 100.0,
        );
        table
    }
}

/// Sends beacons as fast as they are taken, and says how many were a second.
async fn flood(server: &Server, beacons: &Rc<Vec<Vec<u8>>>, load: Load, pipelined: usize) -> Result<f64> {
    let (next, taken) = (Rc::new(Counter::new(0)), Rc::new(Counter::new(0usize)));
    let start = Instant::now() + load.warm_up;
    let stop = start + load.measured;
    let address = server.address;
    let local = LocalSet::new();
    let clients: Vec<_> = (0..load.connections)
        .map(|_| {
            let (beacons, next, taken) = (beacons.clone(), next.clone(), taken.clone());
            local.spawn_local(async move {
                let mut client = Client::connect(address).await?;
                let mut piece = Vec::new();
                while Instant::now() < stop {
                    piece.clear();
                    for _ in 0..pipelined {
                        let at = next.get();
                        next.set((at + 1) % beacons.len());
                        piece.extend_from_slice(&beacons[at]);
                    }
                    client.tell(&piece, pipelined).await?;
                    let came = Instant::now();
                    if came >= start && came < stop {
                        taken.set(taken.get() + pipelined);
                    }
                }
                anyhow::Ok(())
            })
        })
        .collect();
    local.await;
    for client in clients {
        let told: Result<()> = client.await.context("a connection of the load generator broke")?;
        told?;
    }
    ensure!(taken.get() > 0, "no beacon was answered");
    Ok(precise(taken.get()) / load.measured.as_secs_f64())
}

/// Sends so many beacons a second, for as long as a round takes.
async fn trickle(server: &Server, beacons: &[Vec<u8>], load: Load, rate: u32) -> Result<()> {
    const TICK: Duration = Duration::from_millis(10);
    let mut client = Client::connect(server.address).await?;
    let mut tick = tokio::time::interval(TICK);
    let stop = Instant::now() + load.warm_up + load.measured;
    let at_once = (rate / 100).max(1) as usize;
    for piece in beacons.chunks(at_once) {
        tick.tick().await;
        if Instant::now() >= stop {
            break;
        }
        client.tell(&piece.concat(), piece.len()).await?;
    }
    Ok(())
}
