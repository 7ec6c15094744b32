//! Which database a command works on, and opening it.

mod url;

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use courant_persistence::{Dialect, Options, Patience, Store, StoreError};

use self::url::{GivenUrl, UrlFile};

/// Which database a command works on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseOptions {
    /// The folder of the embedded database, which is made if it is not there
    #[arg(long, env = "COURANT_DATA_DIR", value_name = "FOLDER", default_value = "./data")]
    data_dir: PathBuf,

    /// Another database than the embedded one: postgres://USER:PASSWORD@HOST/NAME, or sqlite: and a path. Everybody on the
    /// machine can read a password that is given here in the list of processes: put it into a file, or into the variable
    #[arg(long, env = "COURANT_DATABASE_URL", value_name = "URL", hide_env_values = true, value_parser = GivenUrl)]
    database_url: Option<Options>,

    /// A file with the URL of the database, and nothing else
    #[arg(long, env = "COURANT_DATABASE_URL_FILE", value_name = "FILE", value_parser = UrlFile, conflicts_with = "database_url")]
    database_url_file: Option<Options>,

    /// How many connections read at once: on PostgreSQL what is quick to find, four statements on each, and as many in reserve; on
    /// SQLite sign-ins and tokens, beside one for each processor for all else [default: two for each processor, 4 to 16, on
    /// PostgreSQL; 2 on SQLite]
    #[arg(long, env = "COURANT_READ_CONNECTIONS", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1000))]
    read_connections: Option<u32>,
}

/// What the file of the embedded database is called in its folder.
const FILE: &str = "courant.db";

impl DatabaseOptions {
    /// Opens the database after bringing its schema up to date, and what was derived by an older version; makes it if
    /// there is none.
    ///
    /// # Errors
    /// What failed, and what to do about it.
    pub async fn open_migrated(&self) -> Result<Store> {
        self.migrate().await?;
        let store = self.open(&self.options()).await?;
        let texts =
            store.admin().rederive().await.with_context(|| format!("cannot derive the texts of {self} anew"))?;
        if texts > 0 {
            tracing::info!(texts, "texts that an older version derived were derived anew");
        }
        Ok(store)
    }

    /// The same for a service: others wait for it, so it waits for less.
    ///
    /// # Errors
    /// The same, and whether it is worth trying again.
    pub async fn open_to_serve(&self) -> Result<Store, NotOpened> {
        let options = Options { patience: Patience::SERVING, ..self.options() };
        let opened = async {
            self.make_folder()?;
            courant_persistence::migrate(&options).await.map_err(|error| NotOpened::of(self, error, "set up"))?;
            let store = Store::open(&options).await.map_err(|error| NotOpened::of(self, error, "open"))?;
            match store.admin().rederive().await {
                // Readers are served all the same, with texts as they were derived before.
                Err(error @ (StoreError::StorageFull | StoreError::Busy)) => {
                    tracing::warn!(%error, "texts that an older version derived cannot be derived anew yet");
                }
                Err(error) => return Err(NotOpened::of(self, error, "derive the texts anew of")),
                Ok(_) => {}
            }
            Ok(store)
        };
        opened.await
    }

    /// Brings the database's schema up to date; makes it if there is none.
    async fn migrate(&self) -> Result<()> {
        self.make_folder()?;
        courant_persistence::migrate(&self.options())
            .await
            .map_err(|error| self.explain(error))
            .with_context(|| format!("cannot set up {self}"))
    }

    /// Makes the folder of an embedded database that no URL names.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_folder(&self) -> Result<()> {
        if self.url().is_some() {
            return Ok(());
        }
        make_folder(&self.data_dir).with_context(|| {
            format!("cannot make the folder {}; name another one with --data-dir", self.data_dir.display())
        })
    }

    /// Opens a database that is there.
    ///
    /// # Errors
    /// What failed, and what to do about it.
    pub async fn open_existing(&self) -> Result<Store> {
        self.open(&self.existing()?).await
    }

    /// How to reach a database that is there.
    ///
    /// # Errors
    /// When an embedded one is not.
    pub fn existing(&self) -> Result<Options> {
        let file = self.file()?;
        if let Some(file) = file.filter(|file| !file.exists()) {
            bail!(
                "there is no database at {}; make one with `courant migrate`, or name its folder with --data-dir",
                file.display()
            );
        }
        Ok(self.options())
    }

    async fn open(&self, options: &Options) -> Result<Store> {
        Store::open(options).await.map_err(|error| self.explain(error)).with_context(|| format!("cannot open {self}"))
    }

    /// A folder beside the file of an embedded database: `courant.db.search`. None on PostgreSQL.
    pub(crate) fn folder_beside(&self, name: &str) -> Option<PathBuf> {
        let mut path = self.file().ok()??.into_os_string();
        path.push(".");
        path.push(name);
        Some(path.into())
    }

    fn options(&self) -> Options {
        let mut options = self.url().cloned().unwrap_or_else(|| Options::sqlite(&self.data_dir.join(FILE)));
        options.read_connections = self.read_connections;
        options.patience = Patience::COMMAND;
        options
    }

    /// The URL of another database than the one in the folder.
    fn url(&self) -> Option<&Options> {
        self.database_url.as_ref().or(self.database_url_file.as_ref())
    }

    /// The file of an embedded database.
    ///
    /// # Errors
    /// When its URL names none.
    pub fn file(&self) -> Result<Option<PathBuf>> {
        Ok(self.options().file()?)
    }

    /// Where it is, for the command line of PostgreSQL's own programs.
    #[must_use]
    pub fn url_without_password(&self) -> String {
        self.options().url_without_password().unwrap_or_else(|| "postgres://USER@HOST/NAME".to_owned())
    }

    /// Puts what to do about it behind the errors that a wrong configuration causes.
    #[must_use]
    pub fn explain(&self, error: StoreError) -> anyhow::Error {
        let hint = match &error {
            StoreError::NotMigrated => "run `courant migrate` on it first",
            StoreError::Newer(_) => "run that version or a later one, or restore a backup of before the upgrade",
            StoreError::NotAdmitted(_) => "is --database-url right?",
            StoreError::Unreachable(_)
                if self.options().dialect().is_ok_and(|dialect| dialect == Dialect::Postgres) =>
            {
                "is it running, and is --database-url right?"
            }
            StoreError::Unreachable(_) => "may this user write there? Another place is named with --data-dir",
            _ => return error.into(),
        };
        anyhow::anyhow!("{error}; {hint}")
    }
}

/// Why a database could not be opened.
#[derive(Debug)]
pub struct NotOpened {
    /// Whether it is away, which passes by itself.
    pub is_away: bool,
    /// What failed, and what to do about it.
    pub error: anyhow::Error,
}

impl NotOpened {
    fn of(database: &DatabaseOptions, error: StoreError, tried: &str) -> Self {
        let is_away = error.is_away() && database.options().dialect().is_ok_and(|dialect| dialect == Dialect::Postgres);
        Self { is_away, error: database.explain(error).context(format!("cannot {tried} {database}")) }
    }
}

impl From<anyhow::Error> for NotOpened {
    fn from(error: anyhow::Error) -> Self {
        let is_away = error.chain().filter_map(|cause| cause.downcast_ref()).any(StoreError::is_away);
        Self { is_away, error }
    }
}

/// Makes a folder for its owner alone, and those above it as they are usually made; one that is there stays as it is.
fn make_folder(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        fs::create_dir_all(above)?;
    }
    let mut create = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut create, 0o700);
    match create.create(folder) {
        Err(error) if !folder.is_dir() => Err(error),
        _ => Ok(()),
    }
}

/// Where the data is, without the password.
impl fmt::Display for DatabaseOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.url() {
            Some(options) => options.fmt(f),
            None => write!(f, "{} (SQLite)", self.data_dir.join(FILE).display()),
        }
    }
}
