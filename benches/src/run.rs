//! The run: for each database the servers side by side, each request in turns.

use std::{
    collections::HashMap,
    io::Read,
    path::{Path, PathBuf},
    process::Stdio,
    rc::Rc,
    time::Duration,
};

use crate::{
    cell::Cell,
    check,
    database::{Columns, Database, Dialect, Postgres, Sqlite},
    load::{self, Load},
    process::{self, Server},
    sample::Sample,
};
use anyhow::{Context, Result, ensure};

/// How many answers of each request are compared before it is timed.
const COMPARED: usize = 40;

/// What a server is told to say: a line for each request that it answers.
const REQUESTS: &str = "off,courant_server::middleware::request_log=info";
/// How often a request is sent to count its statements: the most that one of these took are shown.
const COUNTED: usize = 20;

/// What is run.
#[derive(Debug)]
pub struct Run {
    /// Courant's program.
    pub courant: PathBuf,
    /// The handlers' program.
    pub handwritten: PathBuf,
    /// Which requests.
    pub cells: Vec<Cell>,
    /// The load of one round.
    pub load: Load,
    /// How often each is measured.
    pub rounds: usize,
    /// What the slugs and places are drawn with.
    pub seed: u64,
}

/// A database to run on.
#[derive(Debug, Clone)]
pub struct Target {
    /// How many articles it holds.
    pub articles: u64,
    /// Where it is.
    pub url: String,
}

/// What answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Courant.
    Courant,
    /// The handler with one statement that builds JSON.
    Json,
    /// The handler that fetches rows.
    Rows,
}

impl Variant {
    /// All of them, Courant first.
    pub const ALL: [Self; 3] = [Self::Courant, Self::Json, Self::Rows];

    /// What it is called in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Courant => "Courant",
            Self::Json => "A",
            Self::Rows => "B",
        }
    }

    pub(crate) fn requests(self, cell: Cell, sample: &Sample) -> Rc<Vec<std::sync::Arc<[u8]>>> {
        Rc::new(match self {
            Self::Courant => cell.courant(sample),
            Self::Json => cell.handler("/a", sample),
            Self::Rows => cell.handler("/b", sample),
        })
    }
}

/// One round's figures of one variant.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Answers per second.
    pub rate: f64,
    /// Half of the answers took at most so many milliseconds.
    pub p50: f64,
    /// 99 of 100 answers took at most so many milliseconds.
    pub p99: f64,
    /// Microseconds of processor time per request, of the server.
    pub server_cpu: f64,
    /// The same, of PostgreSQL's processes; SQLite's work is in the server's.
    pub database_cpu: f64,
}

/// What was found out about one request.
#[derive(Debug)]
pub struct CellReport {
    /// Which one.
    pub cell: Cell,
    /// How many statements Courant runs for it.
    pub statements: usize,
    /// The rounds' figures, in the order of [`Variant::ALL`].
    pub rounds: Vec<[Figures; 3]>,
}

/// What was found out on one database.
#[derive(Debug)]
pub struct TargetReport {
    /// How many articles it holds.
    pub articles: u64,
    /// Which database.
    pub dialect: Dialect,
    /// Its version.
    pub version: String,
    /// The most memory in RAM that Courant and the handlers had under load, in megabytes.
    pub memory: [f64; 2],
    /// The requests.
    pub cells: Vec<CellReport>,
}

impl Run {
    /// Runs it on one database.
    ///
    /// # Errors
    /// When a server fails, or the answers are not the same.
    pub async fn on(&self, target: &Target) -> Result<TargetReport> {
        match Dialect::of(&target.url) {
            Dialect::Sqlite => self.with(&Sqlite::open(&target.url, "").await?, target).await,
            Dialect::Postgres => self.with(&Postgres::open(&target.url, "").await?, target).await,
        }
    }

    async fn with<D: Database>(&self, database: &D, target: &Target) -> Result<TargetReport> {
        let sample = Sample::draw(database, self.seed).await?;
        let counted = self.count_statements(target, &sample).await?;
        let courant = courant(&self.courant, target, "error", Keeping::Nothing, Stdio::inherit())?;
        let handlers = Server::start(&self.handwritten, &["--database-url", &target.url], Stdio::inherit())?;
        let mut cells = Vec::new();
        let mut memory = [0.0_f64; 2];
        for (cell, statements) in self.cells.iter().copied().zip(counted) {
            compare(cell, &sample, &courant, &handlers).await?;
            let requests = Variant::ALL.map(|variant| variant.requests(cell, &sample));
            let mut rounds = Vec::with_capacity(self.rounds);
            for _ in 0..self.rounds {
                let mut figures = Vec::with_capacity(Variant::ALL.len());
                for (variant, requests) in Variant::ALL.into_iter().zip(&requests) {
                    let server = if variant == Variant::Courant { &courant } else { &handlers };
                    figures.push(round(self.load, database, server, requests).await?);
                    let at = usize::from(variant != Variant::Courant);
                    memory[at] = memory[at].max(process::resident(server.id())?);
                }
                let figures = figures.try_into().ok().context("a figure for each variant")?;
                rounds.push(figures);
            }
            let report = CellReport { cell, statements, rounds };
            eprintln!("{}", crate::report::line(target, D::DIALECT, &report));
            cells.push(report);
        }
        Ok(TargetReport {
            articles: target.articles,
            dialect: D::DIALECT,
            version: version(database).await?,
            memory,
            cells,
        })
    }

    /// How many statements Courant runs for each request, as its log says.
    async fn count_statements(&self, target: &Target, sample: &Sample) -> Result<Vec<usize>> {
        let mut counts = Vec::with_capacity(self.cells.len());
        for cell in &self.cells {
            let mut server = courant(&self.courant, target, REQUESTS, Keeping::Nothing, Stdio::piped())?;
            let mut log = server.log().context("no log")?;
            let reading = std::thread::spawn(move || {
                let mut text = String::new();
                log.read_to_string(&mut text).map(|_| text)
            });
            for request in cell.courant(sample).iter().cycle().take(COUNTED) {
                load::once(server.address, request).await?;
            }
            drop(server);
            let log = reading.join().ok().context("the log cannot be read")??;
            let of_request = |line: &str| line.rsplit_once(" statements=")?.1.trim().parse::<usize>().ok();
            counts.push(log.lines().filter_map(of_request).max().context("no request in the log")?);
        }
        Ok(counts)
    }
}

/// What Courant keeps in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Neither answers nor what they are made of.
    Nothing,
    /// What answers are made of.
    Objects,
    /// Both.
    Answers,
}

impl Keeping {
    const fn settings(self) -> [(&'static str, &'static str); 2] {
        let (answers, objects) = match self {
            Self::Nothing => ("off", "off"),
            Self::Objects => ("off", "64M"),
            Self::Answers => ("48M", "16M"),
        };
        [("COURANT_ANSWER_CACHE", answers), ("COURANT_OBJECT_CACHE", objects)]
    }
}

/// Starts Courant on a database.
pub(crate) fn courant(program: &Path, target: &Target, log: &str, keeping: Keeping, output: Stdio) -> Result<Server> {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", &target.url, "--log", log];
    // Builds from before there were such settings pass over what they do not know.
    Server::with(program, &arguments, &keeping.settings(), output)
}

/// Loads a server for one round.
pub(crate) async fn round<D: Database>(
    load: Load,
    database: &D,
    server: &Server,
    requests: &Rc<Vec<std::sync::Arc<[u8]>>>,
) -> Result<Figures> {
    let process = server.id();
    let gauge = async || {
        let of_server = process::cpu(process).context("a server has ended")?;
        anyhow::Ok((of_server, backends(database).await?))
    };
    let (measured, [before, after]) = load::run(server.address, requests, load, gauge).await?;
    ensure!(measured.answers > 0, "no answer at all");
    let of_database: Duration = after
        .1
        .iter()
        .map(|(backend, used)| used.saturating_sub(before.1.get(backend).copied().unwrap_or_default()))
        .sum();
    let per_request = |used: Duration| used.as_secs_f64() * 1e6 / load::precise(measured.answers);
    Ok(Figures {
        rate: measured.rate(),
        p50: measured.permille(500),
        p99: measured.permille(990),
        server_cpu: per_request(after.0.saturating_sub(before.0)),
        database_cpu: per_request(of_database),
    })
}

/// Compares answers to the same requests.
async fn compare(cell: Cell, sample: &Sample, courant: &Server, handlers: &Server) -> Result<()> {
    let [ours, json, rows] = Variant::ALL.map(|variant| variant.requests(cell, sample));
    for at in 0..COMPARED.min(ours.len()) {
        let answer = load::once(courant.address, &ours[at]).await?;
        let fingerprint = sample.places[at].fingerprint;
        for (variant, request) in [(Variant::Json, &json[at]), (Variant::Rows, &rows[at])] {
            let other = load::once(handlers.address, request).await?;
            check::same(&answer, &other, fingerprint)
                .with_context(|| format!("{}, request {at}, handler {}", cell.name(), variant.name()))?;
        }
    }
    Ok(())
}

/// The processor time of PostgreSQL's processes that work on this database, by process; SQLite has none.
async fn backends<D: Database>(database: &D) -> Result<HashMap<u32, Duration>> {
    if D::DIALECT == Dialect::Sqlite {
        return Ok(HashMap::new());
    }
    let rows = database.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()", &[]).await?;
    let mut backends = HashMap::new();
    for row in &rows {
        let process = row.int(0)?.unsigned_abs();
        backends.extend(process::cpu(process).map(|used| (process, used)));
    }
    Ok(backends)
}

async fn version<D: Database>(database: &D) -> Result<String> {
    let sql = match D::DIALECT {
        Dialect::Sqlite => "SELECT sqlite_version()",
        Dialect::Postgres => "SELECT split_part(current_setting('server_version'), ' ', 1)",
    };
    database.json(sql, &[]).await?.context("a database without a version")
}
