//! `courant migrate`.

use std::io::{Write, stdout};

use anyhow::Result;
use courant_options::DatabaseOptions;

/// Set up the database, or bring its schema up to date
///
/// Texts of live editions that an older version derived in another way are derived anew. `serve`, `seed` and `import` do
/// the same before they begin. Keep a backup: there is no way back, and a version that
/// does not know a step refuses the database.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseOptions,
}

pub(crate) async fn run(args: MigrateArgs) -> Result<()> {
    args.database.open_migrated().await?.close().await?;
    writeln!(stdout(), "{} is up to date", args.database)?;
    Ok(())
}
