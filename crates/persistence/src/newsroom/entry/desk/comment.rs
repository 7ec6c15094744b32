//! Comments on revisions and passages of them.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    desk::Passage,
    id::{CommentId, EntryId, UserId},
    locale::Locale,
    problem::ProblemCode,
    revision::RevisionNumber,
    text::is_blank,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;

use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::{
        convert::{locale, micros, to_document},
        entity::remark,
    },
    newsroom::{Newsroom, entry::VersionKey, input::place_in},
};

/// The most comments that a language of an entry has.
const MOST: u64 = 200;

/// The most people that a comment mentions.
const MOST_MENTIONS: usize = 20;

/// A comment to add.
#[derive(Debug, Clone, Serialize)]
pub struct CommentAdd {
    /// On which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// On which revision; on the newest when none is given.
    pub revision: Option<RevisionNumber>,
    /// On which part of it; on all of it when none is given.
    pub passage: Option<Passage>,
    /// In words.
    pub text: String,
    /// Who is mentioned.
    pub mentions: Vec<UserId>,
}

/// A comment to settle, or to open again.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct CommentResolve {
    /// Which.
    pub comment: CommentId,
    /// Whether it is settled.
    pub resolved: bool,
}

impl Newsroom {
    /// Adds a comment to a revision.
    ///
    /// # Errors
    /// When there is no such revision, passage or user, a user who is mentioned may not read it, there are as many comments as can be,
    /// the viewer may not, or the database fails.
    pub async fn comment_add(&self, command: Command<'_>, input: &CommentAdd) -> Written<VersionKey> {
        self.store
            .change(command, Act::AddComment, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::CommentEntry, found, input.locale)?;
                if is_blank(&input.text) {
                    return Err(WriteError::refused(ProblemCode::Required, "text", "say something"));
                }
                let number = input.revision.unwrap_or(found.written(input.locale)?.newest);
                let revision = work.revision_of(key, number).await?;
                if let Some(passage) = input.passage.as_ref().filter(|passage| !passage.is_in(&revision.content)) {
                    let message = format!("revision {number} has no passage {:?} there", passage.quote);
                    return Err(WriteError::refused(ProblemCode::Invalid, "passage.quote", message));
                }
                let mut mentions = input.mentions.clone();
                mentions.sort_unstable();
                mentions.dedup();
                if mentions.len() > MOST_MENTIONS {
                    let message = format!("at most {MOST_MENTIONS} people are mentioned");
                    return Err(WriteError::refused(ProblemCode::Invalid, "mentions", message));
                }
                for user in &mentions {
                    let may = (Permission::ReadDrafts, "read");
                    let at = place_in("mentions", &input.mentions, user);
                    work.require_of_user(*user, may, &found.entry, input.locale, &at).await?;
                }
                let count = remark::Entity::find()
                    .filter(remark::Column::EntryId.eq(key.entry.uuid()))
                    .filter(remark::Column::Locale.eq(key.locale.as_str()))
                    .count(work.tx.connection())
                    .await?;
                if count >= MOST {
                    let message = format!("there are {MOST} comments on it, which is the most");
                    return Err(WriteError::refused(ProblemCode::Invalid, "entryId", message));
                }
                let id = CommentId::generate();
                let row = remark::ActiveModel {
                    id: Set(id.uuid()),
                    entry_id: Set(key.entry.uuid()),
                    locale: Set(key.locale.to_string()),
                    revision: Set(i32::try_from(number).map_err(crate::error::invalid)?),
                    passage: Set(input.passage.as_ref().map(to_document).transpose()?),
                    words: Set(input.text.clone()),
                    mentions: Set(to_document(&mentions)?),
                    created_by: Set(work.command.by.actor.to_string()),
                    created_at: Set(micros(work.tx.now)),
                    resolved_by: Set(None),
                    resolved_at: Set(None),
                };
                remark::Entity::insert(row).exec_without_returning(work.tx.connection()).await?;
                let detail = json!({ "comment": id, "revision": number, "mentions": mentions });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }

    /// Settles a comment, or opens it again.
    ///
    /// # Errors
    /// When there is no such comment that the viewer sees, the viewer may not, or the database fails.
    pub async fn comment_resolve(&self, command: Command<'_>, input: &CommentResolve) -> Written<VersionKey> {
        self.store
            .change(command, Act::ResolveComment, input, async |work| {
                let hidden = || WriteError::not_found("commentId", "comment");
                let row = remark::Entity::find_by_id(input.comment.uuid()).one(work.tx.connection()).await?;
                let row = row.ok_or_else(hidden)?;
                let key = VersionKey { entry: row.entry_id.into(), locale: locale(&row.locale)? };
                let found = match work.entry(key.entry).await {
                    Err(WriteError::Refused(_)) => return Err(hidden()),
                    found => found?,
                };
                if work.require(Permission::ReadDrafts, &found.target(&[key.locale])).is_err() {
                    return Err(hidden());
                }
                let found = work.require_for(Permission::CommentEntry, found, key.locale)?;
                if row.resolved_at.is_some() == input.resolved {
                    return Ok(Done::unchanged(&found, key));
                }
                let by = work.command.by.actor.to_string();
                let row = remark::ActiveModel {
                    id: Set(row.id),
                    resolved_by: Set(input.resolved.then_some(by)),
                    resolved_at: Set(input.resolved.then_some(micros(work.tx.now))),
                    ..Default::default()
                };
                remark::Entity::update(row).exec_without_returning(work.tx.connection()).await?;
                let detail = json!({ "comment": input.comment, "resolved": input.resolved });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}

impl Work<'_> {
    pub(super) async fn revision_of(
        &self,
        key: VersionKey,
        number: RevisionNumber,
    ) -> Written<courant_domain::revision::Revision> {
        self.tx.revision(key, number).await?.ok_or_else(|| WriteError::not_found("revision", "revision"))
    }
}
