//! What people leave on the desk beside revisions: one file per sort of thing.

mod assign;
mod claim;
mod comment;
mod draft;

use courant_domain::{
    access::{Permission, Target},
    entry::Entry,
    id::UserId,
    locale::Locale,
    problem::ProblemCode,
};

use crate::command::{Work, WriteError, Written};

pub use self::{
    assign::EntryAssign,
    claim::{EntryClaim, LONGEST_CLAIM},
    comment::{CommentAdd, CommentResolve},
    draft::{DraftKeep, DraftSave},
};

impl Work<'_> {
    /// Sees that a user whom an input names at a field is there, is not kept out, and may do something to a language of an entry.
    async fn require_of_user(
        &self,
        user: UserId,
        (permission, verb): (Permission, &str),
        entry: &Entry,
        locale: Locale,
        field: &str,
    ) -> Written<()> {
        let known = self.account(user).await?.map(|known| known.user).filter(|user| user.disabled_at.is_none());
        let known = known.ok_or_else(|| WriteError::not_found(field, "user"))?.viewer();
        let own = entry.created_by.as_ref() == Some(&known.actor);
        let target = Target { category: Some(entry.category), locales: &[locale], own };
        if known.may(permission, &target, &self.tx.reference.categories) {
            return Ok(());
        }
        let message = format!("{} may not {verb} this", known.name);
        Err(WriteError::refused(ProblemCode::Invalid, field, message))
    }
}
