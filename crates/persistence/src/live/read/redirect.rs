//! Redirects as readers meet them.

use std::collections::HashMap;

use courant_domain::redirect::Redirect;

use crate::{db::convert::timestamp, error::Result, live::Live};

impl Live {
    /// What the rules say of paths, for those they say anything of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn redirects_of(&self, paths: &[String]) -> Result<HashMap<String, Redirect>> {
        let places: Vec<String> = (1..=paths.len()).map(|place| format!("${place}")).collect();
        let places = places.join(", ");
        let sql = format!("SELECT path, target, created_at FROM redirect WHERE path IN ({places}) AND NOT hidden");
        let rows = self.store.rows(sql, paths.iter().map(|path| path.as_str().into()).collect(), |mut row| {
            let path: String = row.take()?;
            let target = row.take()?;
            let created_at = timestamp(row.take()?)?;
            Ok((path.clone(), Redirect { path, target, created_at, meant: None, entry: None, hidden: false }))
        });
        Ok(rows.await?.into_iter().collect())
    }
}
