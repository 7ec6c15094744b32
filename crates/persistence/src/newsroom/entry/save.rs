//! Saving a revision, and restoring an old one.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    content::{Content, ContentPatch},
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
    revision::{Revision, RevisionNumber, next_number},
    workflow::{Standing, State, Step, TranslationSource},
};
use serde::Serialize;
use serde_json::{Value, json};

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
    /// What of the content shall be different.
    pub content: ContentPatch,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// The revision of another language that this one says the same as; what was said before stays when none is given.
    pub translated_from: Option<TranslationSource>,
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
    /// Saves a revision. What is live stays as it is. Where the content stays as it is, no revision is made.
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
                let newest = work.newest_of(&found, key).await?;
                Work::require_base(newest.as_ref().map(|newest| newest.number), input.based_on)?;
                let before = newest.as_ref().map(|newest| newest.content.clone());
                let known = before.as_ref().map(Content::names).unwrap_or_default();
                let content = input.content.clone().applied_to(before);
                work.require_content(Some(input.entry), &content, &known).await?;
                let source = work.translation_source(&found, key, input.translated_from).await?;
                let saved = work.append(&found, key, newest.as_ref(), content, input.comment.clone(), source).await?;
                let detail = input.translated_from.map_or(json!({}), |source| json!({ "translatedFrom": source }));
                Ok(saved.done(&found, key, detail))
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
                let newest = work.newest_of(&found, key).await?;
                Work::require_base(newest.as_ref().map(|newest| newest.number), Some(input.based_on))?;
                work.require_content(Some(input.entry), &old.content, &old.content.names()).await?;
                let comment = Some(format!("revision {} restored", input.revision));
                let saved = work.append(&found, key, newest.as_ref(), old.content, comment, None).await?;
                Ok(saved.done(&found, key, json!({ "restored": input.revision })))
            })
            .await
    }
}

/// What a save has come to.
pub(super) enum Saved {
    /// A revision.
    Revision(RevisionNumber),
    /// The content stays as it is, but what was put away is a draft again, or it is brought up to another revision of its source.
    Kept(RevisionNumber),
    /// Everything stays as it is.
    Nothing,
}

impl Saved {
    /// What there is to be recorded of it.
    pub(super) fn done(self, found: &Allowed<InWork>, key: VersionKey, mut detail: Value) -> Done<VersionKey> {
        match self {
            Self::Revision(number) | Self::Kept(number) => {
                detail["revision"] = number.into();
                Done::new(found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale)
            }
            Self::Nothing => Done::unchanged(found, key),
        }
    }
}

impl Work<'_> {
    /// The newest revision of a language, if it has been written in.
    pub(super) async fn newest_of(&self, found: &InWork, key: VersionKey) -> Written<Option<Revision>> {
        match found.standing(key.locale) {
            Some(standing) => Ok(Some(self.tx.newest(key, standing).await?)),
            None => Ok(None),
        }
    }

    /// What a language is translated from, if something is said of that. One that begins is taken for a translation of what is
    /// live in the site's default language, or of the one that is live in another.
    pub(super) async fn translation_source(
        &self,
        found: &InWork,
        key: VersionKey,
        given: Option<TranslationSource>,
    ) -> Written<Option<TranslationSource>> {
        let live = |locale| found.live(locale).map(|live| TranslationSource { locale, revision: live.revision });
        let Some(source) = given else {
            let others = found.editions.iter().map(|live| live.locale).filter(|locale| *locale != key.locale);
            let others: Vec<Locale> = others.collect();
            let default = self.tx.reference.site.default_locale;
            let of = match others[..] {
                [only] => Some(only),
                _ => others.contains(&default).then_some(default),
            };
            return Ok(of.filter(|_| found.standing(key.locale).is_none()).and_then(live));
        };
        let hidden = || WriteError::not_found("translatedFrom", "revision of another language");
        if source.locale == key.locale {
            return Err(hidden());
        }
        let target = found.target(std::slice::from_ref(&source.locale));
        let reads = self.command.by.may(Permission::ReadDrafts, &target, &self.tx.reference.categories);
        let of = VersionKey { entry: key.entry, locale: source.locale };
        let is_there = reads && self.tx.revision(of, source.revision).await?.is_some();
        if is_there || live(source.locale) == Some(source) { Ok(Some(source)) } else { Err(hidden()) }
    }

    /// Sees that a save was based on the newest revision.
    pub(super) fn require_base(newest: Option<RevisionNumber>, based_on: Option<RevisionNumber>) -> Written<()> {
        match next_number(newest, based_on) {
            Ok(_) => Ok(()),
            Err(conflict) => Err(WriteError::refused(ProblemCode::Conflict, "basedOn", conflict.to_string())),
        }
    }

    /// Appends a revision after the newest, and makes the language a draft again; where nothing is different about the content, no
    /// revision is made.
    pub(super) async fn append(
        &mut self,
        found: &Allowed<InWork>,
        key: VersionKey,
        newest: Option<&Revision>,
        mut content: Content,
        comment: Option<String>,
        source: Option<TranslationSource>,
    ) -> Written<Saved> {
        self.fill_slug(key.entry, key.locale, &mut content).await?;
        let before = found.standing(key.locale);
        if let (Some(before), Some(newest)) = (before, newest.filter(|newest| newest.content == content)) {
            let taken_out = before.after(Step::Save)?;
            let mut standing = if before.state == State::Archived { taken_out } else { before.clone() };
            standing.translated_from = source.or(standing.translated_from);
            if standing == *before {
                return Ok(Saved::Nothing);
            }
            self.tx.standing_put(found, &standing, newest).await?;
            touch(&self.tx, key.entry, Some(key.locale), false).await?;
            return Ok(Saved::Kept(newest.number));
        }
        let based_on = newest.map(|newest| newest.number);
        let number = based_on.unwrap_or(0) + 1;
        let mut standing = match before {
            Some(before) => before.after(Step::Save)?,
            None => Standing::new(State::Draft, number),
        };
        if let Some(before) = before
            && self.is_agreed(found, key.locale, before).await?
        {
            standing.agreed = Some(before.newest);
        }
        standing.newest = number;
        standing.translated_from = source.or(standing.translated_from);
        let revision = Revision {
            entry: key.entry,
            locale: key.locale,
            number,
            based_on,
            created_at: self.tx.now,
            created_by: self.command.by.actor.to_string(),
            comment,
            content,
        };
        self.tx.revision_add(&revision).await?;
        self.tx.standing_put(found, &standing, &revision).await?;
        touch(&self.tx, key.entry, Some(key.locale), false).await?;
        Ok(Saved::Revision(number))
    }
}
