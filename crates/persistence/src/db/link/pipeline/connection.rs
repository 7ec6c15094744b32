//! One connection, and how it is made.

mod bound;

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use quick_cache::sync::Cache;
use sea_orm::Value;
use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::{task::AbortHandle, time::timeout};
use tokio_postgres::{Client, Config, NoTls, Row, Statement, config::SslMode, types::ToSql};

use self::bound::Bound;
use super::super::{Kind, Pulse, kept::OLDEST};

/// How many prepared statements a connection remembers.
const STATEMENTS: usize = 256;
/// How soon it is tried again where none could be made.
const AGAIN: Duration = Duration::from_secs(1);
/// How long one may take to be made, and then again to be told of its limits: a server may take it and say nothing.
const MAKING: Duration = Duration::from_secs(3);

/// How the server is reached, and what it is told; none where it wants what the driver has not.
pub(super) fn config(options: &PgConnectOptions, kind: &Kind) -> Option<Config> {
    if !matches!(options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer) {
        return None;
    }
    let mut config = Config::new();
    config.user(options.get_username()).port(options.get_port());
    match (options.get_socket(), options.get_host()) {
        (Some(folder), _) => config.host_path(folder),
        (None, folder) if folder.starts_with('/') => config.host_path(folder),
        (None, host) => config.host(host.trim_start_matches('[').trim_end_matches(']')),
    };
    if let Some(password) = password(options) {
        config.password(password);
    }
    if let Some(database) = options.get_database() {
        config.dbname(database);
    }
    if let Some(name) = options.get_application_name() {
        config.application_name(name);
    }
    let settings = options.clone().options(kind.all_settings());
    let settings = settings.get_options().unwrap_or_default();
    // Whatever is asked through it, nothing is written.
    config.options(format!("{settings} -c default_transaction_read_only=on").trim_start());
    config.ssl_mode(SslMode::Disable).connect_timeout(kind.wait).tcp_user_timeout(Duration::from_secs(10));
    Some(config)
}

/// The password that the options have, which their URL alone tells: one of a host and a user that any URL can name.
fn password(options: &PgConnectOptions) -> Option<Vec<u8>> {
    let mut url = options.clone().host("localhost").username("user").to_url_lossy();
    url.set_query(None);
    let config = url.as_str().parse::<Config>().ok()?;
    config.get_password().map(<[u8]>::to_vec)
}

/// A place for a connection.
#[derive(Default)]
pub(super) struct Slot {
    state: Mutex<State>,
    under_way: AtomicUsize,
}

#[derive(Default)]
struct State {
    open: Option<Arc<Open>>,
    is_connecting: bool,
    is_closed: bool,
    /// Not tried again before this.
    not_before: Option<Instant>,
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many statements it has.
    pub(super) fn load(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// It has one more, until what this gives is dropped.
    pub(super) fn under_way(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    /// Its connection, if there is one. Where there is none, or an old one, another is made meanwhile.
    pub(super) fn open(self: &Arc<Self>, config: &Arc<Config>, pulse: &Arc<Pulse>) -> Option<Arc<Open>> {
        let mut state = self.state();
        if let Some(open) = &state.open {
            let age = open.since.elapsed();
            if open.is_closed() || !pulse.trusts(age) {
                state.open = None;
            } else if age < OLDEST {
                return Some(Arc::clone(open));
            }
        }
        let may_try = state.not_before.is_none_or(|time| time <= Instant::now());
        if !state.is_connecting && !state.is_closed && may_try && !pulse.is_silent() {
            state.is_connecting = true;
            tokio::spawn(Arc::clone(self).connect(Arc::clone(config)));
        }
        state.open.clone()
    }

    async fn connect(self: Arc<Self>, config: Arc<Config>) {
        let made = Open::new(&config, MAKING).await;
        let mut state = self.state();
        state.is_connecting = false;
        match made {
            Ok(open) if !state.is_closed => state.open = Some(Arc::new(open)),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "no connection for several statements at once");
                state.not_before = Some(Instant::now() + AGAIN);
            }
        }
    }

    /// From now on there is none.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        state.open = None;
    }
}

/// A statement under way.
pub(super) struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection. When nobody holds it any more it ends as soon as it has answered.
pub(super) struct Open {
    client: Client,
    since: Instant,
    statements: Cache<String, Statement>,
    /// The task that sends and receives.
    carrier: AbortHandle,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Unsaid {
    /// The client says why.
    Client(tokio_postgres::Error),
    /// A value is of a type that statements of readers do not have.
    Unbound(String),
    /// The server says nothing.
    Silent,
}

impl Unsaid {
    fn unbound(value: &Value) -> Self {
        Self::Unbound(format!("{value:?}"))
    }
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => write!(f, "{error}"),
            Self::Unbound(value) => write!(f, "{value} cannot be bound"),
            Self::Silent => f.write_str("the server says nothing"),
        }
    }
}

impl From<tokio_postgres::Error> for Unsaid {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Client(error)
    }
}

impl Open {
    /// Makes one. Neither of its two steps is waited for longer than so.
    async fn new(config: &Config, longest: Duration) -> Result<Self, Unsaid> {
        let since = Instant::now();
        let (client, connection) = timeout(longest, config.connect(NoTls)).await.map_err(|_| Unsaid::Silent)??;
        let carrier = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection for several statements at once has ended");
            }
        });
        let open = Self { client, since, statements: Cache::new(STATEMENTS), carrier: carrier.abort_handle() };
        match timeout(longest, open.see_to_limits()).await {
            Ok(seen_to) => seen_to?,
            Err(_) => {
                open.discard();
                return Err(Unsaid::Silent);
            }
        }
        Ok(open)
    }

    /// As the driver's connections have them: what was sent and is not taken in for ten seconds ends the connection; and a statement
    /// whose client has gone is not worked for (PostgreSQL 14).
    async fn see_to_limits(&self) -> Result<(), tokio_postgres::Error> {
        for setting in ["SET tcp_user_timeout = 10000", "SET client_connection_check_interval = 2000"] {
            match self.client.batch_execute(setting).await {
                Err(error) if error.code().is_some() => tracing::debug!(%error, "the server knows no such limit"),
                other => other?,
            }
        }
        Ok(())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Ends it without a word: the other end may not be there to hear it.
    pub(super) fn discard(&self) {
        self.carrier.abort();
    }

    /// The rows of a statement.
    pub(super) async fn ask(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Unsaid> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement,
            None => self.prepare(sql, values).await?,
        };
        let bound = values.iter().map(Bound::of).collect::<Result<Vec<_>, _>>()?;
        let parameters = bound.iter().map(|bound| bound as &(dyn ToSql + Sync)).collect::<Vec<_>>();
        let rows = self.client.query(&statement, &parameters).await;
        if rows.as_ref().is_err_and(|error| error.code().is_some()) {
            // It may have been prepared for tables that are different now.
            self.statements.remove(sql);
        }
        Ok(rows?)
    }

    async fn prepare(&self, sql: &str, values: &[Value]) -> Result<Statement, Unsaid> {
        let types = values.iter().map(bound::type_of).collect::<Result<Vec<_>, _>>()?;
        let statement = Box::pin(self.client.prepare_typed(sql, &types)).await?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use tokio_postgres::config::Host;

    use super::*;

    fn of(url: &str) -> Option<Config> {
        let kind = Kind {
            connections: 1,
            wait: Duration::from_secs(3),
            longest: Duration::from_millis(100),
            settings: vec![("enable_memoize", "off".to_owned())],
        };
        config(&PgConnectOptions::from_str(url).unwrap(), &kind)
    }

    #[test]
    fn the_server_is_the_one_that_the_driver_reaches() {
        let config = of("postgres://editor:p%40ss%2Bw%20rd@db.example:6543/news?application_name=desk").unwrap();
        assert_eq!(config.get_hosts(), [Host::Tcp("db.example".to_owned())]);
        assert_eq!(config.get_ports(), [6543]);
        assert_eq!(config.get_user(), Some("editor"));
        assert_eq!(config.get_password(), Some(&b"p@ss+w rd"[..]));
        assert_eq!(config.get_dbname(), Some("news"));
        assert_eq!(config.get_application_name(), Some("desk"));
        let options = config.get_options().unwrap();
        for setting in ["enable_memoize=off", "jit=off", "default_transaction_read_only=on"] {
            assert!(options.contains(setting), "{setting}: {options}");
        }
    }

    #[test]
    fn addresses_and_sockets_are_taken_as_they_are() {
        let config = of("postgres://a%2Fb@[::1]:5432/news").unwrap();
        assert_eq!((config.get_hosts(), config.get_user()), (&[Host::Tcp("::1".to_owned())][..], Some("a/b")));
        for url in ["postgres:///news?user=editor&host=/run/pg", "postgres://editor@%2Frun%2Fpg/news"] {
            assert_eq!(of(url).unwrap().get_hosts(), [Host::Unix("/run/pg".into())], "{url}");
        }
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_not_waited_for_without_end() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let config = of(&format!("postgres://editor@{}/news", silent.local_addr().unwrap())).unwrap();
        let made = Open::new(&config, Duration::from_millis(20)).await;
        assert!(matches!(made, Err(Unsaid::Silent)), "{:?}", made.err());
    }

    #[test]
    fn what_has_to_be_encrypted_is_the_drivers() {
        assert!(of("postgres://editor@db.example/news?sslmode=require").is_none());
        assert!(of("postgres://editor@db.example/news?sslmode=prefer").is_some());
    }
}
