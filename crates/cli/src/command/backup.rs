//! `courant backup`.

use std::{
    io::{Write, stdout},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result, bail};
use courant_options::DatabaseOptions;
use courant_persistence::FileError;

use crate::{interrupt::interrupted, progress};

/// Write a backup of the embedded database
///
/// Everything is in it, as of one moment: drafts, users, sessions and the audit log, too, so it is a file for its owner alone.
/// It may be made while the service runs and is written to. The file appears when all of it is on the disk and was seen to
/// be whole; when something fails or it is stopped, nothing is left of it.
///
/// `courant restore` puts it in the place of a database. Of a database on PostgreSQL, this says what to run.
#[derive(Debug, clap::Args)]
#[command(after_help = "docs/operations.md has the drill: a backup, and what it takes to be back from one.")]
pub(crate) struct BackupArgs {
    /// The file to write; nothing of this name may be there
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    database: DatabaseOptions,
}

pub(crate) async fn run(args: BackupArgs) -> Result<()> {
    let Some(database) = args.database.existing()?.file()? else {
        let file = args.file.display();
        bail!(
            "backups of PostgreSQL are made with its own tools, which ask for the password or read it from ~/.pgpass:\n  \
             pg_dump --format=custom --file='{file}' --dbname='{0}'\nand put back with\n  pg_restore --clean --if-exists \
             --single-transaction --dbname='{0}' '{file}'\nFor a copy of the whole server, and every moment after it, see \
             pg_basebackup and continuous archiving",
            args.database.url_without_password()
        );
    };
    if args.file == Path::new("-") {
        bail!("a backup is a file: it is looked at as a whole before it is one; name it, and send it on from there");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let file = args.file.clone();
    let mut written = tokio::task::spawn_blocking(move || {
        let bar = progress::bar(0, "pages");
        let contents = courant_persistence::backup(&database, &file, &stopping, |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        contents
    });
    let written = tokio::select! {
        written = &mut written => written,
        () = interrupted() => {
            // What is written then is cleared away first.
            stop.store(true, Ordering::Relaxed);
            written.await
        }
    };
    let contents = written?.map_err(|error| match error {
        FileError::Exists(file) => anyhow::anyhow!("{} is there already; name another file", file.display()),
        other => other.into(),
    });
    let contents = contents.with_context(|| format!("there is no backup of {}", args.database))?;
    writeln!(stdout(), "{}: {contents} ({} bytes)", args.file.display(), contents.size)?;
    Ok(())
}
