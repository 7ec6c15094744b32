//! Paths that entries had elsewhere and do not have here.

use courant_domain::address;
use uuid::Uuid;

use super::{Check, Rule};
use crate::error::Result;

const ROWS: usize = 1000;

impl Check<'_> {
    /// Sees that entries can come to have the paths that they wait for, and have none of them already. That the entries are there is seen
    /// to with all else that is kept of entries.
    pub(super) async fn waiting_paths(&mut self) -> Result<()> {
        let mut after = String::new();
        loop {
            let sql = format!("SELECT DISTINCT path FROM waiting_path WHERE path > $1 ORDER BY path LIMIT {ROWS}");
            let rows = self.rows(sql, [after.clone().into()]).await?;
            for row in &rows {
                after = row.try_get_by_index(0)?;
                if !address::is_kept(&after) {
                    let normal = address::kept(&after).unwrap_or_else(|| "a path of the site".to_owned());
                    let what = format!("who waits for {after:?}");
                    self.broken(Rule::WaitingPaths, what, format!("{normal:?}"), format!("{after:?}"));
                }
            }
            if rows.len() < ROWS {
                break;
            }
        }
        let sql = "SELECT w.entry_id, w.path FROM waiting_path w JOIN redirect r ON r.path = w.path AND r.entry_id = w.entry_id";
        for row in self.rows(sql, []).await? {
            let (entry, path): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let what = format!("entry {entry} at {path:?}");
            self.broken(Rule::WaitingPaths, what, "either its path or one that it waits for", "both");
        }
        Ok(())
    }
}
