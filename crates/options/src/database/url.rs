//! The database's URL, which may have a password in it that nobody else is to see.

use std::{ffi::OsStr, fs::File, io::Read, path::Path};

use clap::{Arg, Command, builder::TypedValueParser, error::ErrorKind};
use courant_persistence::Options;

/// Longer than any URL.
const MAX_LEN: u64 = 16 * 1024;

/// Reads the URL itself. What is wrong with it is said without it, which clap's own parsers repeat.
#[derive(Debug, Clone)]
pub(super) struct GivenUrl;

/// Reads the URL from the file that is named.
#[derive(Debug, Clone)]
pub(super) struct UrlFile;

impl TypedValueParser for GivenUrl {
    type Value = Options;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Options, clap::Error> {
        let read = value.to_str().ok_or_else(|| "it is not UTF-8".to_owned()).and_then(parse);
        read.map_err(|why| wrong(command, arg, &why))
    }
}

impl TypedValueParser for UrlFile {
    type Value = Options;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Options, clap::Error> {
        let file = Path::new(value);
        let read = read(file).map_err(|why| format!("{}: {why}", file.display()));
        read.map_err(|why| wrong(command, arg, &why))
    }
}

fn wrong(command: &Command, arg: Option<&Arg>, why: &str) -> clap::Error {
    let arg = arg.map(ToString::to_string).unwrap_or_default();
    clap::Error::raw(ErrorKind::ValueValidation, format!("invalid value for '{arg}': {why}\n")).with_cmd(command)
}

fn parse(url: &str) -> Result<Options, String> {
    Options::parse(url).map_err(|error| error.to_string())
}

fn read(file: &Path) -> Result<Options, String> {
    let cannot = |error: std::io::Error| format!("it cannot be read: {error}");
    let opened = File::open(file).map_err(cannot)?;
    warn_if_open_to_all(file, &opened);
    let mut text = String::new();
    opened.take(MAX_LEN).read_to_string(&mut text).map_err(cannot)?;
    let url = text.trim_end_matches(['\n', '\r']);
    if url.trim().is_empty() {
        return Err("it is empty; wanted is a database's URL".to_owned());
    }
    if url.contains(['\n', '\r']) {
        return Err("it has several lines; wanted is a database's URL and nothing else".to_owned());
    }
    parse(url)
}

/// Says so if others on the machine can read the password.
fn warn_if_open_to_all(path: &Path, file: &File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = file.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o004 != 0);
        if open {
            let path = path.display();
            eprintln!("warning: everybody on this machine can read {path}, and a password in it: chmod 600 {path}");
        }
    }
    #[cfg(not(unix))]
    let _ = (path, file);
}
