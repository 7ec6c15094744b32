//! Lists of what goes with entries. Their follower may be behind, so that they are held against nothing but themselves.

use courant_domain::related::{MOST, Profile};
use uuid::Uuid;

use super::{Check, Rule};
use crate::{db::convert::from_document, error::Result};

/// How many profiles are read at once.
const ROWS: u64 = 2_000;

impl Check<'_> {
    /// Sees that lists hold others than their own entry, of which something is known, and no more than they may; and that the versions are
    /// those of writings that were.
    pub(super) async fn related_lists(&mut self) -> Result<()> {
        for (sql, expected, found) in [
            ("SELECT l.entry_id FROM related l WHERE l.entry_id = l.other_id", "other entries", "itself"),
            (
                "SELECT DISTINCT l.entry_id FROM related l LEFT JOIN related_profile p ON p.entry_id = l.other_id \
                 WHERE p.entry_id IS NULL",
                "entries of which something is known",
                "one of which nothing is",
            ),
            (
                "SELECT DISTINCT l.entry_id FROM related l LEFT JOIN related_list m ON m.entry_id = l.entry_id \
                 WHERE m.entry_id IS NULL",
                "a list with a version",
                "one without",
            ),
            (
                "SELECT m.entry_id FROM related_list m LEFT JOIN related_profile p ON p.entry_id = m.entry_id \
                 WHERE p.entry_id IS NULL",
                "an entry of which something is known",
                "one of which nothing is",
            ),
            (
                "SELECT m.entry_id FROM related_list m JOIN related_state s ON s.version < m.version",
                "a version that was",
                "one to come",
            ),
        ] {
            for row in self.rows(sql, []).await? {
                let entry: Uuid = row.try_get_by_index(0)?;
                self.broken(Rule::RelatedLists, format!("what goes with entry {entry}"), expected, found);
            }
        }
        let sql = format!("SELECT l.entry_id, count(*) FROM related l GROUP BY l.entry_id HAVING count(*) > {MOST}");
        for row in self.rows(sql, []).await? {
            let (entry, count): (Uuid, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let what = format!("what goes with entry {entry}");
            self.broken(Rule::RelatedLists, what, format!("{MOST} entries at the most"), count);
        }
        self.related_profiles().await
    }

    /// Sees that what is known of entries can be read, and that they are found by their words and by no others.
    async fn related_profiles(&mut self) -> Result<()> {
        let sql = format!(
            "SELECT p.entry_id, p.profile FROM related_profile p WHERE p.entry_id > $1 ORDER BY p.entry_id LIMIT {ROWS}"
        );
        let (mut after, mut words) = (Uuid::nil(), 0_i64);
        loop {
            let rows = self.rows(sql.as_str(), [after.into()]).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                after = row.try_get_by_index(0)?;
                let profile = from_document::<Profile>(&row.try_get_by_index::<String>(1)?);
                if let Some(profile) = self.readable(format!("what is compared of entry {after}"), profile)? {
                    words += i64::try_from(profile.words().len()).unwrap_or(i64::MAX);
                }
            }
        }
        let rows = self.rows("SELECT count(*) FROM related_word", []).await?;
        let found: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        if found != words {
            self.broken(Rule::RelatedLists, "the words by which entries are found", words, found);
        }
        Ok(())
    }
}
