//! What becomes of what somebody has given out when they are kept out: machines' tokens, preview links.

use courant_domain::{
    access::{ActorId, Grant, Permission, Target, Viewer},
    audit::{Act, AuditSubject},
    id::{ApiTokenId, UserId},
    problem::ProblemCode,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value, json};

use super::UserUpdate;
use crate::{
    command::{Work, WriteError, Written},
    db::{
        convert::{from_document, micros},
        entity::api_token,
        transaction::chunks,
    },
};

/// What becomes of a disabled user's API tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum TokensThen {
    /// They end.
    #[default]
    End,
    /// They pass to another user, who answers for them from then on.
    PassTo(UserId),
}

impl Work<'_> {
    /// Ends or passes on what somebody has given out who is being kept out, and says so in the audit record's details.
    pub(super) async fn leave(&mut self, input: &UserUpdate, detail: &mut Value) -> Written<()> {
        if input.disabled != Some(true) {
            if input.api_tokens.is_some() {
                let message = "this is decided when somebody is kept out: set disabled, too";
                return Err(WriteError::refused(ProblemCode::Invalid, "apiTokens", message));
            }
            return Ok(());
        }
        let tokens = api_token::Entity::find()
            .filter(api_token::Column::OwnerId.eq(input.id.uuid()))
            .filter(api_token::Column::RevokedAt.is_null())
            .order_by_asc(api_token::Column::Id)
            .all(self.tx.connection())
            .await?;
        let ids: Vec<ApiTokenId> = tokens.iter().map(|token| token.id.into()).collect();
        let mut actors = vec![ActorId::user(input.id)];
        match input.api_tokens.unwrap_or_default() {
            TokensThen::PassTo(to) => {
                self.require(Permission::ManageTokens, &Target::default())?;
                self.require_heir(to, input.id, &tokens).await?;
                let row = api_token::ActiveModel { owner_id: Set(Some(to.uuid())), ..Default::default() };
                self.set_tokens(&ids, row).await?;
                if !ids.is_empty() {
                    detail["apiTokens"] = json!({ "passedTo": to, "ids": ids });
                }
            }
            TokensThen::End => {
                let ended = Some(micros(self.tx.now));
                self.set_tokens(&ids, api_token::ActiveModel { revoked_at: Set(ended), ..Default::default() }).await?;
                if !ids.is_empty() {
                    detail["apiTokens"] = json!({ "ended": ids });
                }
                for token in &tokens {
                    let command = self.command;
                    let why = json!({ "name": token.name, "user": input.id });
                    self.tx.audit(&command, Act::RevokeApiToken, (AuditSubject::ApiToken, token.id), None, &why)?;
                }
                actors.extend(ids.into_iter().map(ActorId::token));
            }
        }
        self.tx.previews_end_by(&actors).await?;
        Ok(())
    }

    async fn set_tokens(&self, ids: &[ApiTokenId], row: api_token::ActiveModel) -> Written<()> {
        for ids in chunks(ids.to_vec()) {
            api_token::Entity::update_many()
                .set(row.clone())
                .filter(api_token::Column::Id.is_in(ids.into_iter().map(uuid::Uuid::from)))
                .exec(self.tx.connection())
                .await?;
        }
        Ok(())
    }

    /// Sees that somebody can answer for tokens: they are there, are not kept out, and may all that these may, which
    /// would do less otherwise without anybody having said so.
    async fn require_heir(&self, to: UserId, from: UserId, tokens: &[api_token::Model]) -> Written<()> {
        const FIELD: &str = "apiTokens.passTo";
        let heir = self.account(to).await?.map(|known| known.user).filter(|user| user.disabled_at.is_none());
        let heir =
            heir.filter(|_| to != from).ok_or_else(|| WriteError::not_found(FIELD, "user to answer for them"))?;
        let heir: Viewer = heir.viewer();
        for token in tokens {
            let grants: Vec<Grant> = from_document(&token.grants)?;
            if !heir.may_grant(&grants, &self.tx.reference.categories) {
                let message = format!("{} may do less than the token {:?}", heir.name, token.name);
                return Err(WriteError::refused(ProblemCode::Invalid, FIELD, message));
            }
        }
        Ok(())
    }
}
