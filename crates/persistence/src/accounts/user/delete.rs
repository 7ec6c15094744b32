//! Deleting a user of whom nothing is kept.

use courant_domain::{
    access::{ActorId, Permission, Target},
    audit::{Act, AuditSubject},
    id::UserId,
    problem::ProblemCode,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::keeps_the_house;
use crate::{
    accounts::Accounts,
    command::{Command, Done, WriteError, Written},
    db::{
        convert::to_word,
        entity::{
            account, api_token, audit_log, entry, open_claim, refresh_token, remark, revision, session, standing,
            working_copy,
        },
    },
};

impl Accounts {
    /// Deletes a user who has done nothing but sign in, and of whom nothing speaks.
    ///
    /// # Errors
    /// When there is no such user, something is theirs, nobody would be left who may do everything, the viewer may not, or the database
    /// fails.
    pub async fn user_delete(&self, command: Command<'_>, id: UserId) -> Written<UserId> {
        self.store
            .change(command, Act::DeleteUser, &id, async |work| {
                let allowed = work.require(Permission::ManageUsers, &Target::default())?;
                let db = work.tx.connection();
                let old = account::Entity::find_by_id(id.uuid()).one(db).await?;
                let old = old.ok_or_else(|| WriteError::not_found("id", "user"))?;
                if work.command.by.actor.as_user() == Some(id) {
                    return Err(WriteError::refused(ProblemCode::Invalid, "id", "nobody deletes themselves"));
                }
                if keeps_the_house(&old)? {
                    work.require_another_keeper(id).await?;
                }
                let actor = ActorId::user(id);
                let by = actor.as_str();
                let named = format!("%\"{id}\"%");
                let own = [Act::SignIn, Act::SignOut, Act::ChangePassword].iter().map(to_word);
                let own = own.collect::<Result<Vec<_>, _>>()?;
                let counts = [
                    ("entries", entry::Entity::find().filter(entry::Column::CreatedBy.eq(by)).count(db).await?),
                    ("revisions", revision::Entity::find().filter(revision::Column::CreatedBy.eq(by)).count(db).await?),
                    ("records of the audit log", {
                        let acts = audit_log::Entity::find().filter(audit_log::Column::Actor.eq(by));
                        acts.filter(audit_log::Column::Act.is_not_in(own)).count(db).await?
                    }),
                    ("working copies", {
                        working_copy::Entity::find().filter(working_copy::Column::Owner.eq(by)).count(db).await?
                    }),
                    ("comments", {
                        let any = Condition::any()
                            .add(remark::Column::CreatedBy.eq(by))
                            .add(remark::Column::Mentions.like(&named));
                        remark::Entity::find().filter(any).count(db).await?
                    }),
                    ("claims", open_claim::Entity::find().filter(open_claim::Column::Owner.eq(by)).count(db).await?),
                    ("assignments", {
                        standing::Entity::find().filter(standing::Column::Assignee.eq(by)).count(db).await?
                    }),
                    (
                        "tokens",
                        api_token::Entity::find().filter(api_token::Column::OwnerId.eq(id.uuid())).count(db).await?,
                    ),
                ];
                if let Some((what, count)) = counts.into_iter().find(|(_, count)| *count > 0) {
                    let message = format!("{count} {what} are theirs; keep them out instead");
                    return Err(WriteError::refused(ProblemCode::InUse, "id", message));
                }
                let sessions: Vec<Uuid> = session::Entity::find()
                    .filter(session::Column::AccountId.eq(id.uuid()))
                    .select_only()
                    .column(session::Column::Id)
                    .into_tuple()
                    .all(db)
                    .await?;
                refresh_token::Entity::delete_many()
                    .filter(refresh_token::Column::SessionId.is_in(sessions))
                    .exec(db)
                    .await?;
                session::Entity::delete_many().filter(session::Column::AccountId.eq(id.uuid())).exec(db).await?;
                account::Entity::delete_by_id(id.uuid()).exec(db).await?;
                let detail = json!({ "email": old.email, "name": old.name });
                Ok(Done::new(&allowed, (AuditSubject::User, id.uuid()), detail, id))
            })
            .await
    }
}
