//! Whose a language of an entry is to do, and by when.

use courant_domain::{
    access::{ActorId, Permission},
    audit::{Act, AuditSubject},
    id::{EntryId, UserId},
    locale::Locale,
    patch::Patch,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::{
    command::{Command, Done, Written},
    db::entries::touch,
    newsroom::{Newsroom, entry::VersionKey},
};

/// Who shall do what is to be done of a language of an entry; what is kept stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct EntryAssign {
    /// Of which entry.
    pub entry: EntryId,
    /// Which language.
    pub locale: Locale,
    /// Who.
    pub assignee: Patch<Option<UserId>>,
    /// By when.
    pub due_at: Patch<Option<Timestamp>>,
}

impl Newsroom {
    /// Says whose a language of an entry is to do, and by when. It gives nobody a right.
    ///
    /// # Errors
    /// When there is no such user, they may not edit it, the viewer may not, or the database fails.
    pub async fn entry_assign(&self, command: Command<'_>, input: &EntryAssign) -> Written<VersionKey> {
        self.store
            .change(command, Act::AssignEntry, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::AssignEntry, found, input.locale)?;
                let before = found.written(input.locale)?;
                let mut standing = before.clone();
                if let Patch::Set(to) = &input.assignee {
                    if let Some(user) = to {
                        let may = (Permission::EditEntry, "edit");
                        work.require_of_user(*user, may, &found.entry, input.locale, "assigneeId").await?;
                    }
                    standing.assignee = to.map(ActorId::user);
                }
                input.due_at.clone().apply(&mut standing.due_at);
                if standing == *before {
                    return Ok(Done::unchanged(&found, key));
                }
                let newest = work.tx.newest(key, &standing).await?;
                work.tx.standing_put(&found, &standing, &newest).await?;
                touch(&work.tx, key.entry, Some(key.locale), false).await?;
                let detail = json!({
                    "assignee": standing.assignee,
                    "dueAt": standing.due_at,
                    "before": { "assignee": before.assignee, "dueAt": before.due_at },
                });
                Ok(Done::new(&found, (AuditSubject::Entry, key.entry.uuid()), detail, key).in_locale(key.locale))
            })
            .await
    }
}
