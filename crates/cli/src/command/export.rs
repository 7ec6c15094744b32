//! `courant export`.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, BufWriter, Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use courant_persistence::{Store, dump::Extent};

use crate::{database::DatabaseArgs, progress};

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
    database: DatabaseArgs,
}

impl ExportArgs {
    const fn extent(&self) -> Extent {
        if self.published { Extent::Published } else { Extent::All }
    }
}

pub(crate) async fn run(args: ExportArgs) -> Result<ExitCode> {
    let store = args.database.open_existing().await?;
    if args.file == Path::new("-") {
        dump(&store, args.extent(), &mut BufWriter::new(stdout().lock())).await?;
    } else {
        to_file(&store, args.extent(), &args.file).await?;
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a file beside the wanted one, which takes its place when it is complete. What is no file (a pipe, a device)
/// is written to as it is.
async fn to_file(store: &Store, extent: Extent, file: &Path) -> Result<()> {
    let cannot = || format!("cannot write {}", file.display());
    let there = match fs::metadata(file) {
        Ok(there) => Some(there),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(cannot),
    };
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        let out = OpenOptions::new().write(true).open(file).with_context(cannot)?;
        return dump(store, extent, &mut BufWriter::new(out)).await;
    }
    let target = target(file.to_owned()).with_context(cannot)?;
    let name = target.file_name().with_context(|| format!("{} is no name of a file", file.display()))?;
    let mut part = name.to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = target.with_file_name(part);
    let written = async {
        let out = create(&part, extent, there).with_context(|| format!("cannot write {}", part.display()))?;
        let mut out = BufWriter::new(out);
        dump(store, extent, &mut out).await?;
        out.into_inner().context("cannot write the dump")?.sync_all().context("cannot write the dump")?;
        fs::rename(&part, &target).with_context(cannot)
    };
    let written = written.await;
    if written.is_err() {
        // What went wrong is the error to tell; a part left behind is not.
        drop(fs::remove_file(&part));
    }
    written
}

/// How many symbolic links are followed, as on Linux.
const MAX_LINKS: usize = 40;

/// Where symbolic links lead, even to nothing yet.
fn target(mut file: PathBuf) -> io::Result<PathBuf> {
    for _ in 0..MAX_LINKS {
        match fs::read_link(&file) {
            // What it says is seen from its folder, unless it begins at the root.
            Ok(to) => file = file.with_file_name("").join(to),
            // No link, or nothing at all.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::NotFound) => {
                return Ok(file);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Makes the file, with the mode of the one it is to replace. A new one that has drafts in it is its owner's alone.
fn create(part: &Path, extent: Extent, replaced: Option<Metadata>) -> io::Result<File> {
    // One that was left behind by a process of the same number.
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if extent == Extent::All || replaced.is_some() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let file = options.open(part)?;
    if let Some(replaced) = replaced {
        file.set_permissions(replaced.permissions())?;
    }
    Ok(file)
}

/// Writes all records, as of one moment.
async fn dump(store: &Store, extent: Extent, out: &mut impl Write) -> Result<()> {
    let bar = progress::bar(0, "entries");
    let written = store.write_dump(extent, out, |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    written.await?;
    bar.finish_and_clear();
    Ok(())
}
