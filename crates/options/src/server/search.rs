//! Where the index of the search is, and where its snapshots are, as options.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use clap::Args;
use courant_outbound::Storage;
use courant_server::SearchIndex;
use courant_workers::followers::Snapshots;

use crate::database::DatabaseOptions;

/// What is searched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Search")]
pub(super) struct SearchOptions {
    /// The folder of the search index, which is made if it is not there, or "memory". Each server has one of its own; what is in it can be
    /// deleted at any time, and is built anew [default: beside the file of the embedded database; on PostgreSQL, memory]
    #[arg(long, env = "COURANT_SEARCH_DIR", value_name = "FOLDER|memory")]
    search_dir: Option<PathBuf>,

    /// Where one server puts snapshots of the index and others start from them, in the place of indexing everything: a folder that all
    /// of them have, or s3://bucket/prefix with the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (docs/search.md) [default: nowhere]
    #[arg(long, env = "COURANT_SEARCH_SNAPSHOTS", value_name = "FOLDER|s3://BUCKET/PREFIX")]
    search_snapshots: Option<String>,

    /// How often there is a new snapshot, in seconds, if something has changed
    #[arg(long, env = "COURANT_SEARCH_SNAPSHOTS_EVERY", value_name = "SECONDS", default_value_t = 6 * 3600,
          value_parser = clap::value_parser!(u64).range(1..=30 * 24 * 3600))]
    search_snapshots_every: u64,
}

impl SearchOptions {
    pub(super) fn index(&self, database: &DatabaseOptions) -> SearchIndex {
        let folder = self.search_dir.clone().or_else(|| database.folder_beside("search"));
        SearchIndex::new(folder.as_deref().filter(|folder| folder.as_os_str() != "memory"))
    }

    pub(super) fn snapshots(&self) -> Result<Option<Arc<Snapshots>>> {
        let Some(address) = &self.search_snapshots else { return Ok(None) };
        // As S3's own clients are told of their keys and where they are.
        let settings = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok().filter(|name| name.starts_with("AWS_"))?;
            Some((name, value.into_string().ok()?))
        });
        let storage = Storage::open(address, settings).context("--search-snapshots")?;
        Ok(Some(Arc::new(Snapshots::new(storage, Duration::from_secs(self.search_snapshots_every)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::parse;

    fn snapshots(options: &[&str]) -> Result<Option<Arc<Snapshots>>> {
        parse::<SearchOptions>(options)?.snapshots()
    }

    #[test]
    fn snapshots_are_in_a_folder_or_a_bucket() {
        assert!(snapshots(&[]).unwrap().is_none());
        for place in ["snapshots", "/srv/snapshots", "file:///srv/snapshots", "s3://bucket", "s3://bucket/site/search"]
        {
            assert!(snapshots(&["--search-snapshots", place]).unwrap().is_some(), "{place}");
        }
        for place in ["", "ftp://host/folder", "s3://", "s3://me:key@bucket/", "file://host/folder"] {
            let error = format!("{:#}", snapshots(&["--search-snapshots", place]).unwrap_err());
            assert!(error.contains("--search-snapshots") && error.contains("s3://bucket/prefix"), "{error}");
        }
        assert!(snapshots(&["--search-snapshots", "a", "--search-snapshots-every", "0"]).is_err());
    }
}
