//! Categories, feeds, users; and what is kept of things that are not there.

use std::collections::HashSet;

use courant_domain::{category::CategoryTree, id::EntryId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Check, Rule};
use crate::{
    db::{entity::entry, transaction::chunks},
    error::Result,
    live::publish::miscounted,
    reference::{self, Reference},
};

impl Check<'_> {
    /// The reference data, if it holds together.
    pub(super) async fn reference(&mut self) -> Result<Option<Reference>> {
        const UNTIL: &str = "the reference data; entries, lists and redirects are checked once it is mended";
        let categories = reference::categories(self.db).await;
        let Some(categories) = self.readable(UNTIL, categories)? else { return Ok(None) };
        match CategoryTree::build(categories) {
            Ok(tree) => {
                for category in tree.reserved() {
                    let what = format!("the slug of category {}", category.id);
                    self.broken(Rule::ReservedSlugs, what, "no word of the site's own pages", &category.slug);
                }
            }
            Err(error) => {
                let what = "the categories; entries, lists and redirects are checked once they are mended";
                self.broken(Rule::CategoryTree, what, "a tree", error);
                return Ok(None);
            }
        }
        let reference = reference::load(self.db, None).await;
        self.readable(UNTIL, reference)
    }

    /// Sees that readers know of the tags and persons that something live names, and of no others.
    pub(super) async fn names(&mut self) -> Result<()> {
        for (what, id, is_live) in miscounted(self.db).await? {
            let [expected, found] = if is_live { ["hidden", "live"] } else { ["live", "hidden"] };
            self.broken(Rule::LiveNames, format!("{what} {id}"), expected, found);
        }
        Ok(())
    }

    /// Sees that what feeds name is there.
    pub(super) async fn feeds(&mut self, reference: &Reference) -> Result<()> {
        for feed in reference.feeds() {
            let slug = &feed.slug;
            for id in feed.categories.iter().filter(|id| reference.categories.get(**id).is_none()) {
                self.broken(Rule::FeedReferences, format!("feed {slug}"), format!("category {id}"), "none");
            }
            for id in feed.tags.iter().filter(|id| reference.tag(**id).is_none()) {
                self.broken(Rule::FeedReferences, format!("feed {slug}"), format!("tag {id}"), "none");
            }
            let mut known: HashSet<EntryId> = HashSet::new();
            for ids in chunks(feed.pinned.iter().map(|id| id.uuid()).collect::<Vec<_>>()) {
                let query = entry::Entity::find().filter(entry::Column::Id.is_in(ids)).select_only();
                let ids: Vec<Uuid> = query.column(entry::Column::Id).into_tuple().all(self.db).await?;
                known.extend(ids.into_iter().map(EntryId::from));
            }
            for id in feed.pinned.iter().filter(|id| !known.contains(id)) {
                self.broken(Rule::FeedReferences, format!("feed {slug}"), format!("the pinned entry {id}"), "none");
            }
        }
        Ok(())
    }

    /// Sees that sessions and their tokens belong to somebody.
    pub(super) async fn sign_ins(&mut self) -> Result<()> {
        for (sql, what, wanted) in [
            (
                "SELECT s.id, s.account_id FROM session s LEFT JOIN account a ON a.id = s.account_id WHERE a.id IS NULL",
                "session",
                "user",
            ),
            (
                "SELECT DISTINCT t.session_id, t.session_id FROM refresh_token t \
                 LEFT JOIN session s ON s.id = t.session_id WHERE s.id IS NULL",
                "a refresh token of session",
                "session",
            ),
            (
                "SELECT t.id, t.owner_id FROM api_token t LEFT JOIN account a ON a.id = t.owner_id \
                 WHERE t.owner_id IS NOT NULL AND a.id IS NULL",
                "machine's token",
                "user",
            ),
        ] {
            for row in self.rows(sql, []).await? {
                let (id, wants): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                self.broken(Rule::SignIns, format!("{what} {id}"), format!("{wanted} {wants}"), "none");
            }
        }
        Ok(())
    }

    /// Sees that whatever belongs to an entry belongs to one that is there.
    pub(super) async fn orphans(&mut self) -> Result<()> {
        for (table, column) in [
            ("revision", "entry_id"),
            ("standing", "entry_id"),
            ("edition", "entry_id"),
            ("reader_edition", "entry_id"),
            ("decree_relation", "source_id"),
            ("view_count", "entry_id"),
            ("read_bucket", "entry_id"),
            ("preview_link", "entry_id"),
            ("redirect", "entry_id"),
            ("waiting_path", "entry_id"),
        ] {
            let sql = format!(
                "SELECT t.{column}, count(*) FROM {table} t LEFT JOIN entry e ON e.id = t.{column} \
                 WHERE e.id IS NULL AND t.{column} IS NOT NULL GROUP BY t.{column}"
            );
            for row in self.rows(sql, []).await? {
                let (id, count): (Uuid, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                let found = format!("none, but {count} rows of it");
                self.broken(Rule::Orphans, format!("table {table}"), format!("entry {id}"), found);
            }
        }
        Ok(())
    }
}
