//! What a decree does to another.

use courant_domain::{
    access::Permission,
    audit::Act,
    content::Content,
    decree::{DecreeContent, Relation, RelationKind},
    id::EntryId,
    locale::Locale,
    revision::{Revision, RevisionNumber},
};
use serde::Serialize;
use serde_json::json;

use super::{InWork, VersionKey};
use crate::{
    command::{Allowed, Command, Work, WriteError, Written},
    newsroom::Newsroom,
};

/// A relation to add to a decree's draft.
#[derive(Debug, Clone, Serialize)]
pub struct DecreeRelate {
    /// The acting decree.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Its newest revision, as the editor knows it.
    pub based_on: RevisionNumber,
    /// What it does, and to which act.
    pub relation: Relation,
}

/// A relation to take out of a decree's draft.
#[derive(Debug, Clone, Serialize)]
pub struct DecreeUnrelate {
    /// The acting decree.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Its newest revision, as the editor knows it.
    pub based_on: RevisionNumber,
    /// What it would do.
    pub kind: RelationKind,
    /// To which act.
    pub target: EntryId,
}

impl Newsroom {
    /// Saves a revision of a decree that does something more to another act. It takes effect when it is published.
    ///
    /// # Errors
    /// When either is no decree, the relation is there already, and as for [`Newsroom::entry_save`].
    pub async fn decree_relate(&self, command: Command<'_>, input: &DecreeRelate) -> Written<VersionKey> {
        self.store
            .change(command, Act::RelateDecree, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let (found, newest, mut decree) = work.decree(key).await?;
                Work::require_base(Some(newest.number), Some(input.based_on))?;
                let added = decree.relations.len();
                let known = Content::Decree(decree.clone()).names();
                decree.relations.push(input.relation.clone());
                let content = Content::Decree(decree);
                let checked = work.require_content(Some(input.entry), &content, &known).await;
                checked.map_err(|error| of_relation(error, added))?;
                let saved = work.append(&found, key, Some(&newest), content, None, None).await?;
                Ok(saved.done(&found, key, json!({ "relation": input.relation })))
            })
            .await
    }

    /// Saves a revision of a decree without one of its relations.
    ///
    /// # Errors
    /// When it has no such relation, and as for [`Newsroom::entry_save`].
    pub async fn decree_unrelate(&self, command: Command<'_>, input: &DecreeUnrelate) -> Written<VersionKey> {
        self.store
            .change(command, Act::UnrelateDecree, input, async |work| {
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let (found, newest, mut decree) = work.decree(key).await?;
                Work::require_base(Some(newest.number), Some(input.based_on))?;
                let before = decree.relations.len();
                decree.relations.retain(|known| known.kind != input.kind || known.target != input.target);
                if decree.relations.len() == before {
                    return Err(WriteError::not_found("targetId", "relation"));
                }
                let content = Content::Decree(decree);
                let saved = work.append(&found, key, Some(&newest), content, None, None).await?;
                Ok(saved.done(&found, key, json!({ "kind": input.kind, "target": input.target })))
            })
            .await
    }
}

impl Work<'_> {
    /// The newest revision of a decree that the viewer may edit.
    async fn decree(&self, key: VersionKey) -> Written<(Allowed<InWork>, Revision, DecreeContent)> {
        let found = self.entry(key.entry).await?;
        let found = self.require_for(Permission::EditEntry, found, key.locale)?;
        let newest = self.tx.newest(key, found.written(key.locale)?).await?;
        match &newest.content {
            Content::Decree(decree) => {
                let decree = decree.clone();
                Ok((found, newest, decree))
            }
            Content::Article(_) => Err(WriteError::not_found("entryId", "decree")),
        }
    }
}

/// Problems of the relation that is added are told of the input, where it stands alone.
fn of_relation(error: WriteError, added: usize) -> WriteError {
    let WriteError::Refused(mut problems) = error else { return error };
    let content = ["content".to_owned(), "relations".to_owned(), added.to_string()];
    for problem in &mut problems {
        if problem.field.starts_with(&content) {
            problem.field.splice(..content.len(), ["relation".to_owned()]);
        }
    }
    WriteError::Refused(problems)
}
