//! Filing an entry elsewhere.

use courant_domain::{
    access::{Permission, Target, WhilePlanned, while_planned},
    audit::{Act, AuditSubject, Whereabouts},
    id::{CategoryId, EntryId, TagId},
    problem::ProblemCode,
    workflow::{LocaleStanding, State},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::Serialize;
use serde_json::json;

use super::{InWork, VersionKey};
use crate::{
    command::{Allowed, Command, Done, Work, WriteError, Written},
    db::{convert::to_document, entity::entry, entries::touch},
    newsroom::Newsroom,
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

impl Newsroom {
    /// Files an entry under another category or other tags. Readers see it there once each language is published
    /// again. An editor's approval ends with it, as it was given to what the entry was where it was.
    ///
    /// # Errors
    /// When something it names does not exist, the viewer may not, here or there, something is planned that they may
    /// not publish in both places, or the database fails.
    pub async fn entry_file(&self, command: Command<'_>, input: &EntryFile) -> Written<EntryId> {
        self.store
            .change(command, Act::FileEntry, input, async |work| {
                let found = work.entry(input.entry).await?;
                let found = work.require_for_all(Permission::EditEntry, found)?;
                let mut row = entry::ActiveModel { id: Set(input.entry.uuid()), ..Default::default() };
                let mut places = vec![found.entry.category];
                if let Some(category) = input.category {
                    work.require_category(category)?;
                    let locales = found.locales();
                    let there = Target { category: Some(category), locales: &locales, own: found.own };
                    work.require(Permission::EditEntry, &there)?;
                    row.category_id = Set(category.uuid());
                    places.push(category);
                }
                if let Some(tags) = &input.tags {
                    work.require_tags(tags)?;
                    row.tags = Set(to_document(tags)?);
                }
                let is_moved = input.category.is_some_and(|category| category != found.entry.category)
                    || input.tags.as_ref().is_some_and(|tags| *tags != found.entry.tags);
                if !is_moved {
                    return Ok(Done::unchanged(&found, input.entry));
                }
                work.require_planned(&found, &places)?;
                entry::Entity::update(row).exec(work.tx.connection()).await?;
                work.standings_follow(&found, input.category.is_some_and(|to| to != found.entry.category)).await?;
                touch(&work.tx, input.entry, None, false).await?;
                let detail = json!({
                    "category": input.category,
                    "tags": input.tags,
                    "before": { "category": found.entry.category, "tags": found.entry.tags },
                    (Whereabouts::KEY): found.whereabouts(),
                });
                Ok(Done::new(&found, (AuditSubject::Entry, input.entry.uuid()), detail, input.entry))
            })
            .await
    }
}

impl Work<'_> {
    /// Sees that whoever changes where an entry is, or whether it is there, may publish what is planned of it in all of
    /// these places.
    pub(super) fn require_planned(&self, found: &InWork, places: &[CategoryId]) -> Written<()> {
        let locales = found.planned();
        if locales.is_empty() || while_planned(self.act) != WhilePlanned::Publishers {
            return Ok(());
        }
        for category in places {
            let target = Target { category: Some(*category), locales: &locales, own: found.own };
            self.require(Permission::PublishEntry, &target)?;
        }
        Ok(())
    }

    /// Ends approvals of an entry that is filed elsewhere. Who puts it into another category answers for the times that
    /// are set: they may publish it there, which whoever set them perhaps may not.
    async fn standings_follow(&self, found: &Allowed<InWork>, into_another: bool) -> Written<()> {
        let by = &self.command.by.actor;
        for LocaleStanding { locale, standing } in &found.standings {
            let is_scheduled = standing.state == State::Scheduled;
            if is_scheduled && standing.approval.is_some() && self.tx.reference.site.four_eyes {
                let message = "it is scheduled as it was agreed to: unschedule it first";
                return Err(WriteError::refused(ProblemCode::WrongState, "", message));
            }
            let mut next = standing.filed_elsewhere();
            if into_another && is_scheduled && standing.scheduled_by.is_some() {
                self.require_agreed(found, *locale, &next, Some(by)).await?;
                next.scheduled_by = Some(by.clone());
            }
            if let Some(expiry) = next.expiry.as_mut().filter(|_| into_another) {
                expiry.by = by.clone();
            }
            if next != *standing {
                let newest = self.tx.newest(VersionKey { entry: found.entry.id, locale: *locale }, &next).await?;
                self.tx.standing_put(found, &next, &newest).await?;
            }
        }
        Ok(())
    }
}
