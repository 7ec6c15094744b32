//! Where the index of the search is, as an option.

use std::path::PathBuf;

use clap::Args;
use courant_server::SearchIndex;

use crate::database::DatabaseArgs;

/// What is searched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Search")]
pub(super) struct SearchArgs {
    /// The folder of the search index, which is made if it is not there, or "memory". Each server has one of its own; what is in it can be
    /// deleted at any time, and is built anew [default: beside the file of the embedded database; on PostgreSQL, memory]
    #[arg(long, env = "COURANT_SEARCH_DIR", value_name = "FOLDER|memory")]
    search_dir: Option<PathBuf>,
}

impl SearchArgs {
    pub(super) fn index(&self, database: &DatabaseArgs) -> SearchIndex {
        let folder = self.search_dir.clone().or_else(|| database.folder_beside("search"));
        SearchIndex::new(folder.as_deref().filter(|folder| folder.as_os_str() != "memory"))
    }
}
