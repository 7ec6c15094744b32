//! Putting a language of an entry away.

use courant_domain::{access::Permission, audit::Act, workflow::Step};
use serde_json::json;

use super::VersionKey;
use crate::{
    command::{Command, Written},
    newsroom::Newsroom,
};

impl Newsroom {
    /// Puts a language of an entry away. Saving a revision takes it out again.
    ///
    /// # Errors
    /// When it is live or scheduled, the viewer may not, or the database fails.
    pub async fn entry_archive(&self, command: Command<'_>, key: VersionKey) -> Written<VersionKey> {
        let rules = (Act::ArchiveEntry, Permission::ArchiveEntry, Step::Archive);
        self.step(command, key, rules, &key, json!({})).await
    }
}
