//! The part of a moment that readers see.
//!
//! *Invariant*: what is read here starts from the live tables. Of the newsroom's own tables only revisions are
//! touched, and of them only those that an edition names: no draft can get into what is made of this.

use std::collections::HashSet;

use courant_domain::{feed::Feed, id::EntryId, redirect::Redirect};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::Snapshot;
use crate::{
    admin::dump::EntryRecord,
    db::{
        entity::{edition, revision, view_count},
        entries::{edition_rows, read_revision},
        transaction::chunks,
    },
    error::{Result, corrupt},
};

impl Snapshot {
    /// How many entries readers see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn published_count(&self) -> Result<u64> {
        let count = Expr::col(edition::Column::EntryId).count_distinct();
        let query = edition::Entity::find().select_only().expr(count);
        let count: Option<i64> = query.into_tuple().one(&self.inner).await?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }

    /// Up to `limit` of the entries readers see behind `after`, in the order of their ids, as
    /// [`EntryRecord::published`] makes them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn published(&self, after: Option<EntryId>, limit: u64) -> Result<Vec<EntryRecord>> {
        let db = &self.inner;
        let ids: Vec<Uuid> = edition::Entity::find()
            .select_only()
            .column(edition::Column::EntryId)
            .distinct()
            .filter(edition::Column::EntryId.gt(after.map_or_else(Uuid::nil, Into::into)))
            .order_by_asc(edition::Column::EntryId)
            .limit(limit)
            .into_tuple()
            .all(db)
            .await?;
        let editions = edition_rows(db, &ids).await?;
        let named = Query::select()
            .columns([edition::Column::EntryId, edition::Column::Locale, edition::Column::Revision])
            .from(edition::Entity)
            .and_where(edition::Column::EntryId.is_in(ids.clone()))
            .take();
        let key = [revision::Column::EntryId, revision::Column::Locale, revision::Column::Number].map(Expr::col);
        let rows = revision::Entity::find().filter(Expr::tuple(key).in_subquery(named)).all(db).await?;
        let revisions = rows.into_iter().map(read_revision).collect::<Result<Vec<_>>>()?;
        let views = view_count::Entity::find().filter(view_count::Column::EntryId.is_in(ids.clone())).all(db).await?;
        let live = self.live_of(revisions.iter().flat_map(|revision| revision.content.names()).collect()).await?;
        let mut records = Vec::with_capacity(ids.len());
        for id in ids.into_iter().map(EntryId::from) {
            let mut editions: Vec<_> = editions.iter().filter(|live| live.entry == id).cloned().collect();
            editions.sort_by_key(|live| live.locale);
            let revisions = revisions.iter().filter(|revision| revision.entry == id).cloned().collect();
            let views = views.iter().find(|count| count.entry_id == id.uuid()).map_or(0, |count| count.views);
            let record = EntryRecord::published(editions, revisions, views, |id| live.contains(&id));
            records.push(record.map_err(corrupt)?);
        }
        Ok(records)
    }

    /// The feeds, with those of their pins that readers see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn published_feeds(&self) -> Result<Vec<Feed>> {
        let mut feeds = self.reference().feeds().to_vec();
        let live = self.live_of(feeds.iter().flat_map(|feed| feed.pinned.iter().copied()).collect()).await?;
        for feed in &mut feeds {
            feed.pinned.retain(|entry| live.contains(entry));
        }
        Ok(feeds)
    }

    /// The redirects as readers get them, by path: where they lead now, and nothing of what they were meant for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn published_redirects(&self) -> Result<Vec<Redirect>> {
        let mut rules = self.redirects().await?;
        let is_told = |rule: &Redirect| rule.target.as_deref().is_none_or(|target| self.reference().leads_to(target));
        rules.retain(|rule| !rule.hidden && is_told(rule));
        for rule in &mut rules {
            (rule.meant, rule.entry) = (None, None);
        }
        Ok(rules)
    }

    /// Which of these entries readers see.
    async fn live_of(&self, entries: Vec<EntryId>) -> Result<HashSet<EntryId>> {
        let mut live = HashSet::new();
        for ids in chunks(entries.into_iter().map(Uuid::from).collect()) {
            let rows: Vec<Uuid> = edition::Entity::find()
                .select_only()
                .column(edition::Column::EntryId)
                .distinct()
                .filter(edition::Column::EntryId.is_in(ids))
                .into_tuple()
                .all(&self.inner)
                .await?;
            live.extend(rows.into_iter().map(EntryId::from));
        }
        Ok(live)
    }
}
