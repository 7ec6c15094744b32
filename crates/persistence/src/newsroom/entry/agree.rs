//! Four eyes: that somebody else than who wrote a text agrees to it before it goes live, where the site wants that.

use courant_domain::{
    access::ActorId, locale::Locale, problem::ProblemCode, revision::RevisionNumber, workflow::Standing,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::InWork;
use crate::{
    command::{Work, WriteError, Written},
    db::entity::{api_token, revision},
};

impl Work<'_> {
    /// Sees that somebody may agree to the newest revision of a language: they have written nothing of what is new in
    /// it.
    pub(super) async fn require_anothers(&self, found: &InWork, locale: Locale, before: &Standing) -> Written<()> {
        let by = &self.command.by.actor;
        if !self.wants_four_eyes(by) || self.is_anothers(found, locale, before, by).await? {
            return Ok(());
        }
        Err(four_eyes("who wrote in it since it was last agreed to does not approve it; somebody else has to"))
    }

    /// Sees that somebody may let the newest revision of a language go live: they have written nothing of what is new in
    /// it, so that theirs is the second pair of eyes, or an approval by another such person is there.
    pub(super) async fn require_agreed(
        &self,
        found: &InWork,
        locale: Locale,
        before: &Standing,
        by: Option<&ActorId>,
    ) -> Written<()> {
        let Some(by) = by.filter(|by| self.wants_four_eyes(by)) else { return Ok(()) };
        if self.is_anothers(found, locale, before, by).await? || self.is_agreed(found, locale, before).await? {
            return Ok(());
        }
        Err(four_eyes("who wrote in it does not let it go live alone; somebody else has to approve it first"))
    }

    /// Whether the newest revision was approved by somebody who wrote nothing of what is new in it.
    pub(super) async fn is_agreed(&self, found: &InWork, locale: Locale, standing: &Standing) -> Written<bool> {
        match &standing.approval {
            Some(approval) => self.is_anothers(found, locale, standing, &approval.by).await,
            None => Ok(false),
        }
    }

    /// What whoever owns the machine does on it is theirs to answer for.
    fn wants_four_eyes(&self, by: &ActorId) -> bool {
        self.tx.reference.site.four_eyes && *by != ActorId::program()
    }

    /// Whether somebody wrote none of the revisions since the last one that is live or was agreed to. A machine writes
    /// for the user who answers for it.
    async fn is_anothers(&self, found: &InWork, locale: Locale, standing: &Standing, by: &ActorId) -> Written<bool> {
        let live = found.live(locale).map(|live| live.revision);
        let since: RevisionNumber = standing.agreed.max(live).unwrap_or(0);
        let authors: Vec<String> = revision::Entity::find()
            .filter(revision::Column::EntryId.eq(found.entry.id.uuid()))
            .filter(revision::Column::Locale.eq(locale.as_str()))
            .filter(revision::Column::Number.gt(i32::try_from(since).unwrap_or(i32::MAX)))
            .select_only()
            .column(revision::Column::CreatedBy)
            .distinct()
            .into_tuple()
            .all(self.tx.connection())
            .await?;
        let mut people: Vec<ActorId> = authors.into_iter().map(ActorId::from).chain([by.clone()]).collect();
        let tokens: Vec<Uuid> = people.iter().filter_map(ActorId::as_token).map(Uuid::from).collect();
        if !tokens.is_empty() {
            let owners: Vec<(Uuid, Option<Uuid>)> = api_token::Entity::find()
                .filter(api_token::Column::Id.is_in(tokens))
                .select_only()
                .columns([api_token::Column::Id, api_token::Column::OwnerId])
                .into_tuple()
                .all(self.tx.connection())
                .await?;
            for person in &mut people {
                let token = person.as_token().map(Uuid::from);
                let owner = owners.iter().find(|(id, _)| Some(*id) == token).and_then(|(_, owner)| *owner);
                *person = owner.map_or_else(|| person.clone(), |owner| ActorId::user(owner.into()));
            }
        }
        let by = people.pop();
        Ok(!people.iter().any(|author| Some(author) == by.as_ref()))
    }
}

fn four_eyes(message: &str) -> WriteError {
    WriteError::refused(ProblemCode::FourEyes, "", message)
}
