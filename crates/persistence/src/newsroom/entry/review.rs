//! Handing in, sending back, approving.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    id::EntryId,
    locale::Locale,
    problem::ProblemCode,
    revision::RevisionNumber,
    text::is_blank,
    workflow::{Approval, SentBack, Step},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::VersionKey;
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::entries::touch,
    newsroom::Newsroom,
};

/// A draft to send back to its author.
#[derive(Debug, Clone, Serialize)]
pub struct EntrySendBack {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// What is to be done about it.
    pub comment: String,
}

/// What was handed in, to approve.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct EntryApprove {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// The newest revision, as it was read; whatever is newest when none is given.
    pub revision: Option<RevisionNumber>,
}

impl Newsroom {
    /// Hands a draft in for review.
    ///
    /// # Errors
    /// When it is no draft, the viewer may not, or the database fails.
    pub async fn entry_submit(&self, command: Command<'_>, key: VersionKey) -> Written<VersionKey> {
        let rules = (Act::SubmitEntry, Permission::SubmitEntry, Step::Submit);
        self.step(command, key, rules, &key, json!({})).await
    }

    /// Sends what was handed in back to its author.
    ///
    /// # Errors
    /// When it was not handed in, the comment says nothing, the viewer may not, or the database fails.
    pub async fn entry_send_back(&self, command: Command<'_>, input: &EntrySendBack) -> Written<VersionKey> {
        if is_blank(&input.comment) {
            let message = "say what is to be done about it";
            return Err(WriteError::refused(ProblemCode::Required, "comment", message));
        }
        let key = VersionKey { entry: input.entry, locale: input.locale };
        let rules = (Act::SendBackEntry, Permission::ReviewEntry, Step::SendBack);
        self.step(command, key, rules, input, json!({ "comment": input.comment })).await
    }

    /// Approves what was handed in.
    ///
    /// # Errors
    /// When it was not handed in, another revision is the newest, the viewer may not, or not what they wrote, or the
    /// database fails.
    pub async fn entry_approve(&self, command: Command<'_>, input: &EntryApprove) -> Written<VersionKey> {
        let key = VersionKey { entry: input.entry, locale: input.locale };
        let rules = (Act::ApproveEntry, Permission::ReviewEntry, Step::Approve);
        self.step_of(command, key, rules, input, input.revision, json!({})).await
    }

    /// Takes a step that changes nothing but where a language stands, whichever revision is the newest.
    pub(super) async fn step(
        &self,
        command: Command<'_>,
        key: VersionKey,
        rules: (Act, Permission, Step),
        input: &impl Serialize,
        detail: Value,
    ) -> Written<VersionKey> {
        self.step_of(command, key, rules, input, None, detail).await
    }

    /// Takes such a step with the revision that is meant, if one is.
    async fn step_of(
        &self,
        command: Command<'_>,
        key: VersionKey,
        (act, permission, step): (Act, Permission, Step),
        input: &impl Serialize,
        meant: Option<RevisionNumber>,
        mut detail: Value,
    ) -> Written<VersionKey> {
        self.store
            .change(command, act, input, async |work| {
                let found = work.entry(key.entry).await?;
                let found = work.require_for(permission, found, key.locale)?;
                let before = found.written(key.locale)?;
                Work::require_newest("revision", meant, before.newest)?;
                if step == Step::Archive && found.live(key.locale).is_some() {
                    let message = "readers still see it; unpublish it first";
                    return Err(WriteError::refused(ProblemCode::StillLive, "", message));
                }
                let mut standing = before.after(step)?;
                if step == Step::Approve {
                    work.require_anothers(&found, key.locale, before).await?;
                    standing.approval = Some(Approval { by: work.command.by.actor.clone(), at: work.tx.now });
                }
                if step == Step::SendBack {
                    let comment = detail["comment"].as_str().unwrap_or_default().to_owned();
                    standing.sent_back = Some(SentBack { by: work.command.by.actor.clone(), at: work.tx.now, comment });
                }
                let newest = work.tx.newest(key, &standing).await?;
                work.tx.standing_put(&found, &standing, &newest).await?;
                if step == Step::Archive {
                    work.tx.previews_end(key, newest.number).await?;
                }
                touch(&work.tx, key.entry, Some(key.locale), false).await?;
                detail["revision"] = standing.newest.into();
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}
