//! Making a copy of an entry.

use courant_domain::{
    access::{Permission, Target},
    audit::{Act, AuditSubject},
    content::Content,
    entry::Entry,
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
};
use serde::Serialize;
use serde_json::json;

use super::VersionKey;
use crate::{
    command::{Command, Done, WriteError, Written},
    newsroom::Newsroom,
};

/// An entry to copy.
#[derive(Debug, Clone, Serialize)]
pub struct EntryDuplicate {
    /// Which entry.
    pub entry: EntryId,
    /// Which of its languages; all that the viewer may read when none are given.
    pub locales: Option<Vec<Locale>>,
}

impl Newsroom {
    /// Makes a new entry out of the newest revisions of another, as drafts without slugs of their own yet.
    ///
    /// # Errors
    /// When there is no such entry or language, the viewer may not, or the database fails.
    pub async fn entry_duplicate(&self, command: Command<'_>, input: &EntryDuplicate) -> Written<EntryId> {
        self.store
            .change(command, Act::DuplicateEntry, input, async |work| {
                let found = work.entry(input.entry).await?;
                let readable = |locale: &Locale| {
                    let target = Target { category: Some(found.entry.category), locales: &[*locale], own: found.own };
                    work.command.by.may(Permission::ReadDrafts, &target, &work.tx.reference.categories)
                };
                let seen: Vec<Locale> = found.locales().into_iter().filter(readable).collect();
                let locales = input.locales.clone().unwrap_or_else(|| seen.clone());
                if locales.is_empty() {
                    return Err(WriteError::not_found("locales", "language of this entry"));
                }
                for (index, locale) in locales.iter().enumerate() {
                    let at = format!("locales.{index}");
                    if !seen.contains(locale) {
                        return Err(WriteError::not_found(&at, "language of this entry"));
                    }
                    if locales[..index].contains(locale) {
                        let message = format!("{locale} stands twice");
                        return Err(WriteError::refused(ProblemCode::Invalid, &at, message));
                    }
                }
                let target = Target { category: Some(found.entry.category), locales: &locales, own: true };
                let allowed = work.require(Permission::CreateEntry, &target)?;
                let copy = Entry {
                    id: EntryId::generate(),
                    created_at: work.tx.now,
                    created_by: Some(work.command.by.actor.clone()),
                    was_published: false,
                    origin: None,
                    ..found.entry.clone()
                };
                let mut contents = Vec::with_capacity(locales.len());
                for locale in locales {
                    let key = VersionKey { entry: input.entry, locale };
                    let mut content = work.tx.newest(key, found.written(locale)?).await?.content;
                    match &mut content {
                        Content::Article(article) => article.slug = None,
                        // The number is another act's.
                        Content::Decree(decree) => (decree.slug, decree.number) = (None, None),
                    }
                    work.require_content(Some(copy.id), &content, &content.names()).await?;
                    contents.push((locale, content));
                }
                work.entry_add(&allowed, &copy, contents, Some(&format!("copy of {}", input.entry))).await?;
                let detail = json!({ "copyOf": input.entry });
                Ok(Done::new(&allowed.about(copy.id), (AuditSubject::Entry, copy.id.uuid()), detail, copy.id))
            })
            .await
    }
}
