//! Opening a database.

mod dialect;
mod shown;

use std::{
    fmt,
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use sqlx::{
    ConnectOptions as _, Connection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

pub use self::dialect::Dialect;
use crate::{
    db::{
        embedded::Embedded,
        inline::Inline,
        lanes::{self, Lane, Lanes},
        link::{self, Kind, Link, Pipelines, Pulse},
        patience::{LONG, Patience, millis},
        proven,
    },
    error::{Result, StoreError, invalid, of_driver, outage},
};

/// How to reach the database, and how much of it to use.
#[derive(Clone)]
pub struct Options {
    /// `postgres://…`, or `sqlite:` and a path.
    pub url: String,
    /// How many connections read at once what is quick to find; none leaves it to us.
    pub read_connections: Option<u32>,
    /// How long it is waited for.
    pub patience: Patience,
    /// How far the clock of this process is off; zero, but for tests.
    pub clock_off_by: SignedDuration,
}

impl Options {
    fn of(url: String) -> Self {
        Self { url, read_connections: None, patience: Patience::default(), clock_off_by: SignedDuration::ZERO }
    }

    /// The embedded database in this file.
    #[must_use]
    pub fn sqlite(file: &Path) -> Self {
        // What a URL would take for something else than the path.
        let path = file.display().to_string().replace('%', "%25").replace('?', "%3f");
        Self::of(format!("sqlite://{path}"))
    }

    /// A database by its URL.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the URL is neither PostgreSQL's nor SQLite's, or names no file.
    pub fn parse(url: &str) -> Result<Self> {
        let options = Self::of(url.to_owned());
        match options.dialect()? {
            Dialect::Sqlite if is_in_memory(url)? => Err(StoreError::Invalid(
                "databases in memory are not supported: behind sqlite: goes the path of a file, such as \
                 sqlite:/srv/courant/courant.db"
                    .into(),
            )),
            _ => Ok(options),
        }
    }

    /// The file of an embedded database.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the URL is neither PostgreSQL's nor SQLite's.
    pub fn file(&self) -> Result<Option<PathBuf>> {
        match self.dialect()? {
            Dialect::Sqlite => sqlite_file(&self.url).map(Some),
            Dialect::Postgres => Ok(None),
        }
    }

    /// Which of the two databases it names.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the URL is neither PostgreSQL's nor SQLite's.
    pub fn dialect(&self) -> Result<Dialect> {
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            Ok(Dialect::Postgres)
        } else if self.url.starts_with("sqlite:") {
            Ok(Dialect::Sqlite)
        } else {
            Err(StoreError::Invalid("a database URL starts with postgres:// or sqlite:".into()))
        }
    }
}

/// The URL may hold a password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("read_connections", &self.read_connections).finish_non_exhaustive()
    }
}

/// How many connections write on PostgreSQL. They take turns; the others wait for the lock.
pub(crate) const WRITERS: u32 = 4;

/// How long a reading statement may take that is no request's: requests have a [`Budget`](crate::Budget).
pub(crate) const LONGEST: Duration = Duration::from_secs(10);

/// How soon a file is opened again that somebody else is making.
const AGAIN: Duration = Duration::from_millis(20);

/// How many connections are for what the house asks itself: who signs in or shows a token, what has changed, whether the database is
/// there. Nothing that readers ask goes through them.
const HOUSE: u32 = 3;

pub(crate) struct Connections {
    pub(crate) dialect: Dialect,
    pub(crate) house: Lane,
    pub(crate) readers: Readers,
    pub(crate) write: Link,
    /// What is kept beside the connections to an embedded database.
    pub(crate) embedded: Option<Arc<Embedded>>,
}

impl Connections {
    /// Closes all of them; the writer comes last, and takes the write-ahead log away.
    pub(crate) async fn close(&self) -> Result<()> {
        self.readers.close().await?;
        self.house.link().clone().close().await?;
        if let Some(embedded) = &self.embedded {
            embedded.settle().await;
        }
        self.write.clone().close().await?;
        if let Some(embedded) = &self.embedded {
            embedded.release();
        }
        Ok(())
    }
}

/// Through what requests read.
pub(crate) enum Readers {
    /// SQLite, where it is asked.
    Inline(Inline),
    /// PostgreSQL.
    Lanes(Lanes),
}

impl Readers {
    /// Closes the connections; statements under way finish first.
    pub(crate) async fn close(&self) -> Result<()> {
        match self {
            Self::Inline(inline) => inline.close(),
            Self::Lanes(lanes) => lanes.close().await?,
        }
        Ok(())
    }
}

pub(crate) async fn connect(options: &Options) -> Result<Connections> {
    let dialect = options.dialect()?;
    let patience = options.patience;
    let (house, readers, write, embedded) = match dialect {
        Dialect::Postgres => {
            let server = postgres(options)?;
            see_listening(&server).await?;
            let pulse = Arc::new(Pulse::new(server.clone(), patience.silence));
            let connections = |kind| Link::Postgres(link::pool(&server, &pulse, &kind));
            let reading = |number, longest| Lane::new(connections(for_readers(number, longest, patience)), number);
            let house = reading(HOUSE, LONGEST);
            let number = options.read_connections.unwrap_or_else(quick_connections);
            let pipelines = Pipelines::new(&server, &pulse, &for_readers(number, lanes::MOMENT, patience));
            let quick = reading(number, lanes::MOMENT);
            // Each of its statements says how long it may take.
            let slow = reading(lanes::SLOW, LONGEST);
            let write = connections(for_writers(patience));
            (house, Readers::Lanes(Lanes::new(pipelines, quick, slow)), write, None)
        }
        Dialect::Sqlite => {
            let file = sqlite_file(&options.url)?;
            let embedded = Embedded::share(&file)?;
            make_file(&file)?;
            // The writer comes first: it sets what the file remembers (WAL, page size).
            // One writer is all SQLite has.
            let write = pool(options, 1, patience.write, true).await?;
            // Few, because each keeps a cache of its own.
            let connections = options.read_connections.unwrap_or(2);
            let house = pool(options, connections, patience.read, false).await?;
            let inline = Inline::open(&file, Inline::connections());
            let inline = inline.map_err(|error| StoreError::Unreachable(error.to_string()))?;
            (Lane::new(Link::Sqlite(house), connections), Readers::Inline(inline), Link::Sqlite(write), Some(embedded))
        }
    };
    Ok(Connections { dialect, house, readers, write, embedded })
}

/// A connection to PostgreSQL for the steps of the schema: they take the time they take, one after the other, and wait for nodes that
/// take them at the same moment.
pub(crate) async fn for_steps(options: &Options) -> Result<DatabaseConnection> {
    let server = postgres(options)?;
    see_listening(&server).await?;
    let settings = [
        ("statement_timeout", millis(LONG)),
        ("idle_in_transaction_session_timeout", millis(Duration::from_secs(60))),
        ("tcp_keepalives_idle", "10".to_owned()),
        ("tcp_keepalives_interval", "5".to_owned()),
        ("tcp_keepalives_count", "3".to_owned()),
    ];
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(options.patience.write);
    Ok(pool.connect_lazy_with(server.options(settings)).into())
}

/// How the server is reached.
pub(crate) fn postgres(options: &Options) -> Result<PgConnectOptions> {
    let server = PgConnectOptions::from_str(&options.url).map_err(invalid)?.disable_statement_logging();
    // By this name nodes know one another (`holdup.rs`).
    Ok(match server.get_application_name() {
        Some(_) => server,
        None => server.application_name("courant"),
    })
}

/// Left to itself, PostgreSQL plans a list's statement anew each time it runs, which takes as long as running it:
/// it finds that timelines differ in length. But every list is a scan of a key with a limit, for which there is one
/// plan whatever the length. And it remembers editions it has looked up, because one is in many timelines; but it is
/// once in a list, and remembering it costs a fifth of the statement.
///
/// What takes too long is given up; whoever reads all of the database says so ([`Link::begin_snapshot`]).
fn for_readers(connections: u32, longest: Duration, patience: Patience) -> Kind {
    Kind {
        connections,
        wait: patience.read,
        longest,
        settings: vec![
            ("plan_cache_mode", "force_generic_plan".to_owned()),
            ("enable_memoize", "off".to_owned()),
            ("idle_in_transaction_session_timeout", millis(Duration::from_secs(60))),
        ],
    }
}

/// All who write wait for one lock. A node that holds it and hangs is thrown out by the server, and who waits is told before that
/// takes too long. Work that is long by its nature says so ([`Held::takes`](crate::db::link::Held::takes)).
fn for_writers(patience: Patience) -> Kind {
    Kind {
        connections: WRITERS,
        wait: patience.write,
        longest: patience.statement,
        settings: vec![
            ("lock_timeout", millis(patience.lock)),
            ("idle_in_transaction_session_timeout", millis(patience.idle)),
        ],
    }
}

/// How many connections to PostgreSQL read what is quick: each takes several statements at once, so that a few keep all of a
/// server's processors at work.
fn quick_connections() -> u32 {
    (2 * Inline::connections()).clamp(4, 16)
}

/// Sees that it lets us in, for the program to say at its start why not.
async fn see_listening(server: &PgConnectOptions) -> Result<()> {
    match tokio::time::timeout(Duration::from_secs(5), server.connect()).await {
        Ok(Ok(connection)) => {
            drop(tokio::time::timeout(Duration::from_secs(1), connection.close()).await);
            Ok(())
        }
        Ok(Err(error)) => Err(not_connected(&error)),
        Err(_) => Err(StoreError::Unreachable("it does not answer".to_owned())),
    }
}

async fn pool(options: &Options, connections: u32, wait: Duration, writer: bool) -> Result<DatabaseConnection> {
    let mut connect = ConnectOptions::new(options.url.clone());
    connect
        .max_connections(connections)
        .connect_timeout(wait)
        .acquire_timeout(wait)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false);
    sqlite(&mut connect, writer, options.patience.lock);
    let deadline = Instant::now() + wait;
    loop {
        match Database::connect(connect.clone()).await {
            // Who makes the file sets what it remembers, and SQLite waits for nobody then (`PRAGMA journal_mode`).
            Err(error) if is_locked(&error) && Instant::now() < deadline => tokio::time::sleep(AGAIN).await,
            connected => return connected.map_err(|error| unreachable(&error)),
        }
    }
}

/// Whether somebody else has the whole file at this moment: SQLITE_BUSY, in any of its forms.
fn is_locked(error: &DbErr) -> bool {
    let Some(sqlx::Error::Database(error)) = of_driver(error) else { return false };
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

fn unreachable(error: &DbErr) -> StoreError {
    match of_driver(error) {
        _ if matches!(outage(error), Some(StoreError::StorageFull)) => StoreError::StorageFull,
        Some(error) => not_connected(error),
        None => StoreError::Unreachable(error.to_string()),
    }
}

/// Why there is no connection: for now, or for good as long as nobody changes what we are told.
fn not_connected(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Unreachable("it does not answer".to_owned()),
        sqlx::Error::Io(error) => StoreError::Unreachable(error.to_string()),
        sqlx::Error::Database(error) if error.code().is_some_and(|code| is_for_good(&code)) => {
            StoreError::NotAdmitted(error.message().to_owned())
        }
        sqlx::Error::Database(error) => StoreError::Unreachable(error.message().to_owned()),
        sqlx::Error::Configuration(error) => StoreError::NotAdmitted(error.to_string()),
        other => StoreError::Unreachable(other.to_string()),
    }
}

/// What waiting does not mend: who we are (class 28), the database's name (3D000), what we ask it to set (42704, 22023) or to let
/// us do (42501).
fn is_for_good(code: &str) -> bool {
    code.starts_with("28") || matches!(code, "3D000" | "42704" | "22023" | "42501")
}

/// Makes the database's file if it is not there, for its owner alone: drafts are in it, and what signs tokens.
/// SQLite gives the files it keeps beside it the same mode.
fn make_file(file: &Path) -> Result<()> {
    let mut create = OpenOptions::new();
    create.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    match create.open(file) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(StoreError::StorageFull),
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::Unreachable(error.to_string())),
        _ => Ok(()),
    }
}

/// Whether SQLite would hold it in memory, or in a file without a name; each connection would have another one.
fn is_in_memory(url: &str) -> Result<bool> {
    let file = sqlite_file(url)?;
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    Ok(file.as_os_str().is_empty()
        || file == Path::new(":memory:")
        || path.ends_with(":memory:")
        || query.split('&').any(|parameter| parameter == "mode=memory"))
}

/// The file that a URL of SQLite's names.
fn sqlite_file(url: &str) -> Result<PathBuf> {
    let options = SqliteConnectOptions::from_str(url).map_err(invalid)?;
    Ok(options.get_filename().to_owned())
}

fn sqlite(connect: &mut ConnectOptions, writer: bool, lock: Duration) {
    proven::sqlite(connect, writer);
    connect.map_sqlx_sqlite_opts(move |options| {
        let options = options
            .create_if_missing(writer)
            .read_only(!writer)
            .foreign_keys(true)
            .busy_timeout(lock)
            .pragma("cache_size", "-16384")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(256)
            // A statement runs on a thread of its own, which stops when so many rows lie ready: with the usual 50, a
            // page of 100 titles went to and fro between the threads eleven times.
            .row_buffer_size(1024);
        if !writer {
            // What follows is kept in the file, and a reader may not even try to write it.
            return options;
        }
        options
            .page_size(8192)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .journal_mode(SqliteJournalMode::Wal)
            // Acknowledged writes survive a loss of power, too.
            .synchronous(SqliteSynchronous::Full)
    });
}
