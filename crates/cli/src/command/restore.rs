//! `courant restore`.

use std::{
    io::{Write, stdout},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use courant_options::DatabaseOptions;
use courant_persistence::FileError;

use crate::interrupt::interrupted;

/// Put a backup in the place of the embedded database
///
/// Nothing may have the database open: stop the service first. The backup is copied, looked at as a whole and brought up to
/// date beside the database, and then takes its place at once: at whatever moment this is stopped, what is there is the old
/// database or the new one.
///
/// Whoever was signed in when the backup was made has to sign in again. Users who were disabled and tokens that were revoked
/// since then are back.
///
/// A dump that `courant export` wrote is no backup: `courant import` takes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "docs/operations.md has the drill, and what else to think of.")]
pub(crate) struct RestoreArgs {
    /// A backup that `courant backup` wrote, which is only read
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Restore also where there is a database already, which is kept beside the new one
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    database: DatabaseOptions,
}

pub(crate) async fn run(args: RestoreArgs) -> Result<()> {
    let Some(database) = args.database.file()? else {
        bail!(
            "backups of PostgreSQL are put back with its own tools:\n  pg_restore --clean --if-exists --single-transaction \
             --dbname='{}' '{}'",
            args.database.url_without_password(),
            args.file.display()
        );
    };
    args.database.make_folder()?;
    let restored = tokio::select! {
        restored = courant_persistence::restore(&database, &args.file, args.force) => restored,
        () = interrupted() => {
            courant_persistence::restore_cleared(&database);
            Err(FileError::Stopped)
        }
    };
    let restored = restored.map_err(|error| match error {
        FileError::Exists(file) => anyhow::anyhow!(
            "{} is there already; with --force the backup takes its place, and it is kept beside it",
            file.display()
        ),
        FileError::InUse(file) => {
            anyhow::anyhow!("{} is in use: stop the service, and whatever else has it open, first", file.display())
        }
        FileError::Store(error) => args.database.explain(error),
        other => other.into(),
    });
    let restored = restored.with_context(|| format!("{} is not restored", args.file.display()))?;
    let mut out = stdout().lock();
    writeln!(out, "{} holds {}", args.database, restored.contents)?;
    if let Some(kept) = restored.kept {
        writeln!(out, "The database that was there is kept as {}", kept.display())?;
    }
    writeln!(
        out,
        "{} sessions are ended; {} API tokens hold. What was revoked or disabled after the backup was made is as it was \
         before: see `courant user list`",
        restored.sessions, restored.contents.api_tokens
    )?;
    Ok(())
}
