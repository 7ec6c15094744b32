//! The reader app, as options.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Args;
use courant_server::{Origin, Reader};

/// Where `npm run build` puts it, seen from the project's folder.
const BUILT: &str = "web/reader/dist";

/// What readers find at /.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reader app")]
pub(super) struct ReaderOptions {
    /// The folder the reader app was built into, to serve it at / [default: web/reader/dist, if it is there]
    #[arg(long, env = "COURANT_READER", value_name = "FOLDER")]
    reader: Option<PathBuf>,

    /// Where the site is, such as https://news.example.org, for the addresses that others are told [default: wherever a
    /// request was sent to]
    #[arg(long, env = "COURANT_PUBLIC_URL", value_name = "URL", value_parser = Origin::parse)]
    public_url: Option<Origin>,

    /// For how long browsers that came by HTTPS are told to come by HTTPS alone (Strict-Transport-Security); 0 for not
    /// at all. Whether a request came by HTTPS is for a trusted proxy to say, and else for --public-url
    #[arg(long, env = "COURANT_HSTS_SECONDS", value_name = "SECONDS", default_value_t = 31_536_000)]
    hsts_seconds: u64,
}

impl ReaderOptions {
    pub(super) fn load(&self) -> Result<Option<Reader>> {
        let folder = match &self.reader {
            Some(folder) => folder,
            None if Path::new(BUILT).join("index.html").is_file() => Path::new(BUILT),
            None => return Ok(None),
        };
        let reader = Reader::load(folder).with_context(|| {
            format!("there is no reader app in {}; `npm run build` in web/reader makes one", folder.display())
        })?;
        Ok(Some(reader))
    }

    pub(super) const fn hsts(&self) -> Duration {
        Duration::from_secs(self.hsts_seconds)
    }

    pub(super) fn origin(&self) -> Origin {
        self.public_url.clone().unwrap_or(Origin::OF_REQUEST)
    }
}
