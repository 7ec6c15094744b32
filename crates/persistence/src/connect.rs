//! Opening a database.

use std::{
    fmt,
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};
use sqlx::{
    ConnectOptions as _, Connection,
    postgres::PgConnectOptions,
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{
    embedded::Embedded,
    error::{Result, StoreError, invalid},
    lanes::{self, Lane, Lanes},
    read::Inline,
};

/// How to reach the database, and how much of it to use.
#[derive(Clone)]
pub struct Options {
    /// `postgres://…`, or `sqlite:` and a path.
    pub url: String,
    /// How many connections read at once what is quick to find; none leaves it to us.
    pub read_connections: Option<u32>,
}

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded one.
    Sqlite,
    /// A server.
    Postgres,
}

impl Options {
    /// The embedded database in this file.
    #[must_use]
    pub fn sqlite(file: &Path) -> Self {
        // What a URL would take for something else than the path.
        let path = file.display().to_string().replace('%', "%25").replace('?', "%3f");
        Self { url: format!("sqlite://{path}"), read_connections: None }
    }

    /// A database by its URL.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the URL is neither PostgreSQL's nor SQLite's, or names no file.
    pub fn parse(url: &str) -> Result<Self> {
        let options = Self { url: url.to_owned(), read_connections: None };
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

/// How long a read waits for a connection to PostgreSQL: who reads is there to be told that it cannot be reached.
const READ_WAIT: Duration = Duration::from_secs(3);

/// How long a reading statement may take that is no request's: requests have a [`Budget`](crate::Budget).
pub(crate) const LONGEST: Duration = Duration::from_secs(10);

/// How many connections are for what the house asks itself: who signs in or shows a token, what has changed, whether the database is
/// there. Nothing that readers ask goes through them.
const HOUSE: u32 = 3;

pub(crate) struct Connections {
    pub(crate) dialect: Dialect,
    pub(crate) house: Lane,
    pub(crate) readers: Readers,
    pub(crate) write: DatabaseConnection,
    /// What is kept beside the connections to an embedded database.
    pub(crate) embedded: Option<Arc<Embedded>>,
}

impl Connections {
    /// Closes all of them; the writer comes last, and takes the write-ahead log away.
    pub(crate) async fn close(&self) -> Result<()> {
        self.readers.close().await?;
        self.house.pool().clone().close().await?;
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
    let (house, readers, write, embedded) = match dialect {
        Dialect::Postgres => {
            see_listening(&options.url).await?;
            let reading = async |connections, longest| -> Result<Lane> {
                let pool = pool(options, connections, |opts| {
                    opts.acquire_timeout(READ_WAIT);
                    for_readers(opts, longest);
                });
                Ok(Lane::new(pool.await?, connections))
            };
            let house = reading(HOUSE, LONGEST).await?;
            let quick = reading(options.read_connections.unwrap_or(16), lanes::MOMENT).await?;
            // Each of its statements says how long it may take.
            let slow = reading(lanes::SLOW, LONGEST).await?;
            let write = pool(options, WRITERS, |_| {}).await?;
            (house, Readers::Lanes(Lanes::new(quick, slow)), write, None)
        }
        Dialect::Sqlite => {
            let file = sqlite_file(&options.url)?;
            let embedded = Embedded::share(&file)?;
            make_file(&file)?;
            // The writer comes first: it sets what the file remembers (WAL, page size).
            // One writer is all SQLite has.
            let write = pool(options, 1, |opts| {
                sqlite(opts, true);
            })
            .await?;
            // Few, because each keeps a cache of its own.
            let connections = options.read_connections.unwrap_or(2);
            let house = pool(options, connections, |opts| {
                sqlite(opts, false);
            })
            .await?;
            let inline = Inline::open(&file, Inline::connections());
            let inline = inline.map_err(|error| StoreError::Unreachable(error.to_string()))?;
            (Lane::new(house, connections), Readers::Inline(inline), write, Some(embedded))
        }
    };
    Ok(Connections { dialect, house, readers, write, embedded })
}

async fn pool(
    options: &Options,
    connections: u32,
    tune: impl FnOnce(&mut ConnectOptions),
) -> Result<DatabaseConnection> {
    let mut connect = ConnectOptions::new(options.url.clone());
    connect
        .max_connections(connections)
        .connect_timeout(Duration::from_secs(5))
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        // A ping before each statement costs an eighth of the throughput. A connection that died while idle
        // shows on its next statement, and reads are then tried again (see `Store::read`).
        .test_before_acquire(false);
    tune(&mut connect);
    Database::connect(connect).await.map_err(|error| unreachable(&error))
}

/// Sees that somebody listens there. Pools take a refused connection for a server that is about to start, try again until
/// they run out of time, and then no longer know why; at the start of the program that is said at once.
async fn see_listening(url: &str) -> Result<()> {
    let options = PgConnectOptions::from_str(url).map_err(invalid)?;
    let Ok(connected) = tokio::time::timeout(Duration::from_secs(5), options.connect()).await else {
        return Err(StoreError::Unreachable("it does not answer".to_owned()));
    };
    match connected {
        Ok(connection) => drop(connection.close().await),
        Err(sqlx::Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            return Err(StoreError::Unreachable(error.to_string()));
        }
        // Left to the pool.
        Err(_) => {}
    }
    Ok(())
}

/// Left to itself, PostgreSQL plans a list's statement anew each time it runs, which takes as long as running it:
/// it finds that timelines differ in length. But every list is a scan of a key with a limit, for which there is one
/// plan whatever the length. And it remembers editions it has looked up, because one is in many timelines; but it is
/// once in a list, and remembering it costs a fifth of the statement.
///
/// What takes too long is given up; whoever reads all of the database says so (`snapshot::begin`).
fn for_readers(connect: &mut ConnectOptions, longest: Duration) {
    let longest = longest.as_millis().to_string();
    // One call: what is set by another one would take its place.
    connect.map_sqlx_postgres_opts(move |options| {
        options.options([
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_memoize", "off"),
            ("statement_timeout", &longest),
        ])
    });
}

fn unreachable(error: &DbErr) -> StoreError {
    StoreError::Unreachable(match error {
        DbErr::Conn(RuntimeErr::SqlxError(source)) => match &**source {
            // The pool tries again while the server starts, and then no longer knows why.
            sqlx::Error::PoolTimedOut => "it does not answer".to_owned(),
            sqlx::Error::Database(error) => error.message().to_owned(),
            sqlx::Error::Io(error) => error.to_string(),
            other => other.to_string(),
        },
        other => other.to_string(),
    })
}

/// Makes the database's file if it is not there, for its owner alone: drafts are in it, and what signs tokens.
/// SQLite gives the files it keeps beside it the same mode.
fn make_file(file: &Path) -> Result<()> {
    let mut create = OpenOptions::new();
    create.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    match create.open(file) {
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

fn sqlite(connect: &mut ConnectOptions, writer: bool) {
    connect.map_sqlx_sqlite_opts(move |options| {
        let options = options
            .create_if_missing(writer)
            .read_only(!writer)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(15))
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
