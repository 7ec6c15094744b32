//! Filing an entry elsewhere.

use courant_domain::{
    access::{Permission, Target},
    audit::{Act, AuditSubject},
    id::{CategoryId, EntryId, TagId},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::Serialize;
use serde_json::json;

use crate::{
    convert::to_document,
    entity::entry,
    entries::touch,
    newsroom::{Begun, Command, Work, Written},
    store::Store,
};

/// Where an entry shall be filed; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct EntryFile {
    /// Which entry.
    pub entry: EntryId,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Its subjects.
    pub tags: Option<Vec<TagId>>,
}

impl Store {
    /// Files an entry under another category or other tags. Readers see it there once each language is published
    /// again.
    ///
    /// # Errors
    /// When something it names does not exist, the viewer may not, here or there, or the database fails.
    pub async fn entry_file(&self, command: Command<'_>, input: &EntryFile) -> Written<EntryId> {
        let work = match Work::begin(self, command, Act::FileEntry, input).await? {
            Begun::Work(work) => work,
            Begun::Done(id) => return Ok(id),
        };
        let found = work.entry(input.entry).await?;
        work.require_for_all(Permission::EditEntry, &found)?;
        let mut row = entry::ActiveModel { id: Set(input.entry.uuid()), ..Default::default() };
        if let Some(category) = input.category {
            work.require_category(category)?;
            let locales = found.locales();
            let there = Target { category: Some(category), locales: &locales, own: found.own };
            work.require(Permission::EditEntry, &there)?;
            row.category_id = Set(category.uuid());
        }
        if let Some(tags) = &input.tags {
            work.require_tags(tags)?;
            row.tags = Set(to_document(tags)?);
        }
        if input.category.is_some() || input.tags.is_some() {
            entry::Entity::update(row).exec(work.tx.connection()).await?;
        }
        touch(&work.tx, input.entry, false).await?;
        let detail = json!({
            "category": input.category,
            "tags": input.tags,
            "before": { "category": found.entry.category, "tags": found.entry.tags },
        });
        work.finish((AuditSubject::Entry, input.entry.uuid()), None, &detail, input.entry).await
    }
}
