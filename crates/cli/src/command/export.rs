//! `courant export`.

use std::{
    io::{BufWriter, stdout},
    path::{Path, PathBuf},
};

use anyhow::Result;
use courant_options::DatabaseOptions;
use courant_persistence::dump::Extent;

use crate::progress;

/// Write everything the database holds as NDJSON
///
/// One record a line: the site, categories, tags, persons, feeds, entries with all their revisions, redirects.
/// `courant import` restores it into an empty database, PostgreSQL or SQLite. The same content gives the same bytes.
///
/// With --published it is for readers: what is live now, the revisions it is made from, and redirects. No draft, no
/// older revision and nobody's name but those on what is published is in it.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// The file to write, which appears when it is complete; a new one is for its owner alone, unless it is --published;
    /// - for standard output
    #[arg(env = "COURANT_EXPORT_FILE", value_name = "FILE", default_value = "-")]
    file: PathBuf,

    /// Only what readers can see
    #[arg(long, env = "COURANT_EXPORT_PUBLISHED")]
    published: bool,

    #[command(flatten)]
    database: DatabaseOptions,
}

impl ExportArgs {
    const fn extent(&self) -> Extent {
        if self.published { Extent::Published } else { Extent::All }
    }
}

pub(crate) async fn run(args: ExportArgs) -> Result<()> {
    let store = args.database.open_existing().await?;
    let bar = progress::bar(0, "entries");
    let progress = |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    };
    if args.file == Path::new("-") {
        store.admin().write_dump(args.extent(), &mut BufWriter::new(stdout().lock()), progress).await?;
    } else {
        store.admin().write_dump_file(args.extent(), &args.file, progress).await?;
    }
    bar.finish_and_clear();
    store.close().await?;
    Ok(())
}
