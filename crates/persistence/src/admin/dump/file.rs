//! Writing a dump into a file.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use super::{error::WriteError, write::Extent};
use crate::admin::Admin;

impl Admin {
    /// Writes a dump into a file beside the wanted one, which takes its place when it is complete. What is no file (a
    /// pipe, a device) is written to as it is. A new file of everything is for its owner alone.
    ///
    /// # Errors
    /// As for [`Admin::write_dump`]; what was there is still there then.
    pub async fn write_dump_file(
        &self,
        extent: Extent,
        file: &Path,
        progress: impl FnMut(u64, u64),
    ) -> Result<(), WriteError> {
        let cannot = |source| WriteError::File { file: file.to_owned(), source };
        let there = match fs::metadata(file) {
            Ok(there) => Some(there),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(cannot(error)),
        };
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let out = OpenOptions::new().write(true).open(file).map_err(cannot)?;
            return self.write_dump(extent, &mut BufWriter::new(out), progress).await;
        }
        let target = target(file.to_owned()).map_err(cannot)?;
        let name = target.file_name().ok_or_else(|| WriteError::NoFileName(file.to_owned()))?;
        let mut part = name.to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let part = target.with_file_name(part);
        let written = async {
            let out = create(&part, extent, there);
            let mut out = BufWriter::new(out.map_err(|source| WriteError::File { file: part.clone(), source })?);
            self.write_dump(extent, &mut out, progress).await?;
            let out = out.into_inner().map_err(|error| WriteError::Output(error.into_error()))?;
            out.sync_all().map_err(WriteError::Output)?;
            fs::rename(&part, &target).map_err(cannot)
        };
        let written = written.await;
        if written.is_err() {
            // What went wrong is the error to tell; a part left behind is not.
            drop(fs::remove_file(&part));
        }
        written
    }
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
