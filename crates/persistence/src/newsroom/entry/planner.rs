//! Whether who set a time may still do what it is set for, when it has come.

use courant_domain::{
    access::{ActorId, Permission, Target, Viewer},
    locale::Locale,
    problem::ProblemCode,
};
use sea_orm::EntityTrait;

use super::InWork;
use crate::{
    accounts::read_user,
    command::{Work, WriteError, Written},
    db::entity::{account, api_token},
};

/// What is known here of an actor.
enum Known {
    /// Nothing: the program, somebody whom only an external issuer knows, or of another database, whose dump was
    /// restored here.
    Nothing,
    /// They cannot do anything any more.
    Ended,
    /// What they may do.
    Viewer(Viewer),
}

impl Work<'_> {
    /// Sees that who set a time may do what it is set for now, where the entry is by now.
    pub(super) async fn require_planner(
        &self,
        by: Option<&ActorId>,
        permission: Permission,
        found: &InWork,
        locale: Locale,
    ) -> Written<()> {
        let Some(by) = by else { return Ok(()) };
        let viewer = match self.known(by).await? {
            Known::Nothing => return Ok(()),
            Known::Ended => return Err(no_more("who set the time is kept out by now")),
            Known::Viewer(viewer) => viewer,
        };
        let own = found.entry.created_by.as_ref() == Some(by);
        let target = Target { category: Some(found.entry.category), locales: &[locale], own };
        if viewer.may(permission, &target, &self.tx.reference.categories) {
            Ok(())
        } else {
            Err(no_more(&format!("who set the time has not the permission {} here by now", permission.as_str())))
        }
    }

    async fn known(&self, actor: &ActorId) -> Written<Known> {
        if let Some(id) = actor.as_user() {
            let row = account::Entity::find_by_id(id.uuid()).one(self.tx.connection()).await?;
            let Some(user) = row.as_ref().map(read_user).transpose()?.map(|known| known.user) else {
                return Ok(Known::Nothing);
            };
            return Ok(if user.disabled_at.is_some() { Known::Ended } else { Known::Viewer(user.viewer()) });
        }
        if let Some(id) = actor.as_token() {
            if let Some(viewer) = self.tx.token_viewer(id).await? {
                return Ok(Known::Viewer(viewer));
            }
            let row = api_token::Entity::find_by_id(id.uuid()).one(self.tx.connection()).await?;
            return Ok(if row.is_some() { Known::Ended } else { Known::Nothing });
        }
        Ok(Known::Nothing)
    }
}

fn no_more(message: &str) -> WriteError {
    WriteError::refused(ProblemCode::WrongState, "", message)
}
