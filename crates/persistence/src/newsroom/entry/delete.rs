//! Deleting an entry that readers never saw.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject, Whereabouts},
    feed::Feed,
    id::EntryId,
    problem::ProblemCode,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::{
    command::{Command, Done, WriteError, Written},
    db::entity::{entry, open_claim, preview_link, remark, revision, standing, view_count, waiting_path, working_copy},
    newsroom::{Newsroom, reference_put},
};

impl Newsroom {
    /// Deletes an entry, with all its revisions. What was ever published is never deleted: it is unpublished and
    /// archived.
    ///
    /// # Errors
    /// When it was published, what is live names it, the viewer may not, or may not publish what is planned of it, or the
    /// database fails.
    pub async fn entry_delete(&self, command: Command<'_>, id: EntryId) -> Written<EntryId> {
        self.store
            .change(command, Act::DeleteEntry, &id, async |work| {
                let found = work.entry(id).await?;
                let found = work.require_for_all(Permission::DeleteEntry, found)?;
                work.require_planned(&found, &[found.entry.category])?;
                if found.entry.was_published {
                    let message = "it was published; unpublish and archive it instead";
                    return Err(WriteError::refused(ProblemCode::WasPublished, "entryId", message));
                }
                work.require_unnamed(id).await?;
                // What is pinned before it is live shows once it is, which it now never will.
                let pins = |feed: &&Feed| feed.pinned.contains(&id);
                let feeds: Vec<Feed> = work.tx.reference.feeds().iter().filter(pins).cloned().collect();
                for mut feed in feeds {
                    feed.pinned.retain(|pinned| *pinned != id);
                    reference_put::feed_put(&mut work.tx, &feed).await?;
                }
                let db = work.tx.connection();
                preview_link::Entity::delete_many()
                    .filter(preview_link::Column::EntryId.eq(id.uuid()))
                    .exec(db)
                    .await?;
                working_copy::Entity::delete_many()
                    .filter(working_copy::Column::EntryId.eq(id.uuid()))
                    .exec(db)
                    .await?;
                remark::Entity::delete_many().filter(remark::Column::EntryId.eq(id.uuid())).exec(db).await?;
                open_claim::Entity::delete_many().filter(open_claim::Column::EntryId.eq(id.uuid())).exec(db).await?;
                standing::Entity::delete_many().filter(standing::Column::EntryId.eq(id.uuid())).exec(db).await?;
                revision::Entity::delete_many().filter(revision::Column::EntryId.eq(id.uuid())).exec(db).await?;
                // Readers were never led to it, so there is no rule; others may wait for the addresses that it had elsewhere.
                waiting_path::Entity::delete_many()
                    .filter(waiting_path::Column::EntryId.eq(id.uuid()))
                    .exec(db)
                    .await?;
                // It has no reads by the hour or the day: only what is live is counted.
                view_count::Entity::delete_by_id(id.uuid()).exec(db).await?;
                entry::Entity::delete_by_id(id.uuid()).exec(db).await?;
                let languages: Vec<_> = found.locales();
                let detail = json!({ "languages": languages, (Whereabouts::KEY): found.whereabouts() });
                Ok(Done::new(&found, (AuditSubject::Entry, id.uuid()), detail, id))
            })
            .await
    }
}
