//! Saving a revision, and restoring an old one.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    content::Content,
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
    revision::{Revision, RevisionNumber, next_number},
    workflow::{Standing, State, Step},
};
use serde::Serialize;
use serde_json::json;

use super::{InWork, VersionKey};
use crate::{
    command::{Allowed, Command, Done, Work, WriteError, Written},
    db::entries::touch,
    newsroom::Newsroom,
};

/// A revision to save.
#[derive(Debug, Clone, Serialize)]
pub struct EntrySave {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language; one that the entry has not yet begins with it.
    pub locale: Locale,
    /// The revision its author had before them; none for a language's first.
    pub based_on: Option<RevisionNumber>,
    /// The whole content.
    pub content: Content,
    /// Why, in the author's words.
    pub comment: Option<String>,
}

/// An old revision to append again.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionRestore {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Which revision.
    pub revision: RevisionNumber,
    /// The newest revision, as the author knows it.
    pub based_on: RevisionNumber,
}

impl Newsroom {
    /// Saves a revision. What is live stays as it is.
    ///
    /// # Errors
    /// When it was not based on the newest revision, the entry is scheduled, something it names does not exist,
    /// the viewer may not, or the database fails.
    pub async fn entry_save(&self, command: Command<'_>, input: &EntrySave) -> Written<VersionKey> {
        self.store
            .change(command, Act::SaveEntry, input, async |work| {
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::EditEntry, found, input.locale)?;
                work.require_locale(input.locale)?;
                if input.content.kind() != found.entry.kind {
                    let message = "this entry is of the other kind";
                    return Err(WriteError::refused(ProblemCode::Invalid, "entryId", message));
                }
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let known = work.names(&found, key).await?;
                work.require_content(Some(input.entry), &input.content, &known).await?;
                let number = work
                    .append(&found, input.locale, input.based_on, input.content.clone(), input.comment.clone())
                    .await?;
                let subject = (AuditSubject::Entry, input.entry.uuid());
                Ok(Done::new(&found, subject, json!({ "revision": number }), key).in_locale(input.locale))
            })
            .await
    }

    /// Appends an old revision again.
    ///
    /// # Errors
    /// As for [`Newsroom::entry_save`], and when there is no such revision.
    pub async fn revision_restore(&self, command: Command<'_>, input: &RevisionRestore) -> Written<VersionKey> {
        self.store
            .change(command, Act::RestoreRevision, input, async |work| {
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::EditEntry, found, input.locale)?;
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let old = work.tx.revision(key, input.revision).await?;
                let old = old.ok_or_else(|| WriteError::not_found("revision", "revision"))?;
                work.require_content(Some(input.entry), &old.content, &old.content.names()).await?;
                let comment = Some(format!("revision {} restored", input.revision));
                let number = work.append(&found, input.locale, Some(input.based_on), old.content, comment).await?;
                let detail = json!({ "revision": number, "restored": input.revision });
                Ok(Done::new(&found, (AuditSubject::Entry, input.entry.uuid()), detail, key).in_locale(input.locale))
            })
            .await
    }
}

impl Work<'_> {
    /// What the newest revision of a language names, which whoever may edit it knows.
    async fn names(&self, found: &InWork, key: VersionKey) -> Written<Vec<EntryId>> {
        match found.standing(key.locale) {
            Some(standing) => Ok(self.tx.newest(key, standing).await?.content.names()),
            None => Ok(Vec::new()),
        }
    }

    /// Appends a revision, and makes the language a draft again.
    pub(super) async fn append(
        &mut self,
        found: &Allowed<InWork>,
        locale: Locale,
        based_on: Option<RevisionNumber>,
        mut content: Content,
        comment: Option<String>,
    ) -> Written<RevisionNumber> {
        let before = found.standing(locale);
        let number = next_number(before.map(|before| before.newest), based_on)
            .map_err(|conflict| WriteError::refused(ProblemCode::Conflict, "basedOn", conflict.to_string()))?;
        let mut standing = match before {
            Some(before) => before.after(Step::Save)?,
            None => Standing::new(State::Draft, number),
        };
        if let Some(before) = before
            && self.is_agreed(found, locale, before).await?
        {
            standing.agreed = Some(before.newest);
        }
        standing.newest = number;
        self.fill_slug(found.entry.id, locale, &mut content).await?;
        let revision = Revision {
            entry: found.entry.id,
            locale,
            number,
            based_on,
            created_at: self.tx.now,
            created_by: self.command.by.actor.to_string(),
            comment,
            content,
        };
        self.tx.revision_add(&revision).await?;
        self.tx.standing_put(found, &standing, &revision).await?;
        touch(&self.tx, found.entry.id, false).await?;
        Ok(number)
    }
}
