//! Making an entry.

use courant_domain::{
    access::{Permission, Target},
    audit::{Act, AuditSubject},
    content::Content,
    entry::Entry,
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
    revision::Revision,
    workflow::{Standing, State},
};
use sea_orm::EntityTrait;
use serde::Serialize;
use serde_json::json;

use super::VersionKey;
use crate::{
    command::{Allowed, Command, Done, Work, Written},
    db::{entity::entry, entries::entry_row},
    live::publish,
    newsroom::Newsroom,
};

/// An entry to make, with its first language.
#[derive(Debug, Clone, Serialize)]
pub struct EntryCreate {
    /// Where it is filed.
    pub category: CategoryId,
    /// Its subjects.
    pub tags: Vec<TagId>,
    /// The language it is written in first.
    pub locale: Locale,
    /// What is there of it; it says what kind of entry this is.
    pub content: Content,
    /// Why, in the author's words.
    pub comment: Option<String>,
}

impl Newsroom {
    /// Makes an entry with a first revision, as a draft.
    ///
    /// # Errors
    /// When something it names does not exist, the viewer may not, or the database fails.
    pub async fn entry_create(&self, command: Command<'_>, input: &EntryCreate) -> Written<VersionKey> {
        self.store
            .change(command, Act::CreateEntry, input, async |work| {
                work.require_category(input.category)?;
                let target = Target { category: Some(input.category), locales: &[input.locale], own: true };
                let allowed = work.require(Permission::CreateEntry, &target)?;
                work.require_locale(input.locale)?;
                work.require_tags(&input.tags)?;
                work.require_content(None, &input.content, &[]).await?;
                let id = EntryId::generate();
                let mut content = input.content.clone();
                work.fill_slug(id, input.locale, &mut content).await?;
                let entry = Entry {
                    id,
                    kind: content.kind(),
                    category: input.category,
                    tags: input.tags.clone(),
                    created_at: work.tx.now,
                    created_by: Some(work.command.by.actor.clone()),
                    was_published: false,
                    origin: None,
                };
                work.entry_add(&allowed, &entry, vec![(input.locale, content)], input.comment.as_deref()).await?;
                let detail = json!({ "kind": entry.kind, "category": entry.category });
                let key = VersionKey { entry: id, locale: input.locale };
                Ok(Done::new(&allowed.about(id), (AuditSubject::Entry, id.uuid()), detail, key).in_locale(input.locale))
            })
            .await
    }
}

impl Work<'_> {
    /// Writes a new entry whose languages are drafts.
    pub(super) async fn entry_add(
        &self,
        allowed: &Allowed,
        new: &Entry,
        contents: Vec<(Locale, Content)>,
        comment: Option<&str>,
    ) -> Written<()> {
        let tx = &self.tx;
        entry::Entity::insert(entry_row(new, tx.now)?).exec_without_returning(tx.connection()).await?;
        for (locale, content) in contents {
            let revision = Revision {
                entry: new.id,
                locale,
                number: 1,
                based_on: None,
                created_at: tx.now,
                created_by: self.command.by.actor.to_string(),
                comment: comment.map(str::to_owned),
                content,
            };
            tx.revision_add(&revision).await?;
            tx.standing_put(allowed, &Standing::new(State::Draft, 1), &revision).await?;
        }
        publish::put_views(tx, vec![(new.id, 0)]).await?;
        Ok(())
    }
}
