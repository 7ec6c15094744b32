//! Machines' tokens.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use courant_domain::account as domain;
use courant_identity::{
    Secret,
    opaque::{self, Kind},
};
use courant_persistence::ApiTokenCreate;
use macro_rules_attribute::apply;

use super::{UserError, grant::GrantInput, input::Reader, perform};
use crate::{
    error::Error,
    schema::{context::request, newsroom::ApiToken, scalar::DateTime},
};

/// A machine's token to make.
#[derive(InputObject)]
pub(crate) struct CreateApiTokenInput {
    /// What it is for, in words.
    name: String,
    /// What it may do.
    grants: Vec<GrantInput>,
    /// When it ends by itself; never, when none is given.
    expires_at: Option<DateTime>,
    /// A key of the client's own making: sent again under the same key, the request is answered again, but without the
    /// secret, and not done again. Kept for a week.
    idempotency_key: Option<String>,
}

/// Which machine's token to revoke.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct RevokeApiTokenInput {
    /// Its id; not the token.
    id: ID,
}

/// What came of making a machine's token.
#[derive(SimpleObject)]
pub(crate) struct CreateApiTokenPayload {
    /// The token, without its secret; null when there is none.
    api_token: Option<ApiToken>,
    /// What the machine is to send as `Authorization: Bearer …`. It is shown this once: null when the request came again
    /// under its idempotency key.
    secret: Option<String>,
    /// Why none was made; empty when one was.
    user_errors: Vec<UserError>,
}

/// What came of a change to a machine's token.
#[derive(SimpleObject)]
pub(crate) struct ApiTokenPayload {
    /// The token as it is now; null when there is none.
    api_token: Option<ApiToken>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

type Made = (Option<domain::ApiToken>, Option<Secret>);

impl From<Result<Made, Vec<UserError>>> for CreateApiTokenPayload {
    fn from(outcome: Result<Made, Vec<UserError>>) -> Self {
        match outcome {
            Ok((token, secret)) => Self {
                api_token: token.map(ApiToken),
                secret: secret.map(|secret| secret.expose().to_owned()),
                user_errors: Vec::new(),
            },
            Err(user_errors) => Self { api_token: None, secret: None, user_errors },
        }
    }
}

impl From<Result<Option<domain::ApiToken>, Vec<UserError>>> for ApiTokenPayload {
    fn from(outcome: Result<Option<domain::ApiToken>, Vec<UserError>>) -> Self {
        match outcome {
            Ok(token) => Self { api_token: token.map(ApiToken), user_errors: Vec::new() },
            Err(user_errors) => Self { api_token: None, user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct ApiTokenMutations;

#[Object]
impl ApiTokenMutations {
    /// Makes a token for a machine. Needs the permission `MANAGE_TOKENS`; nobody gives more than they may do themselves.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: CreateApiTokenInput,
    ) -> Option<Result<CreateApiTokenPayload, Error>> {
        Some(create(ctx, input).await)
    }

    /// Revokes a machine's token: its next request is refused. Revoking one that is revoked does nothing. Needs the
    /// permission `MANAGE_TOKENS`.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RevokeApiTokenInput,
    ) -> Option<Result<ApiTokenPayload, Error>> {
        let mut reader = Reader::default();
        let id = reader.id("id", &input.id, &[]);
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        let revoke = async |command: courant_persistence::Command<'_>| {
            let id = store.accounts().api_token_revoke(command, id).await?;
            Ok(store.accounts().api_token(id).await?)
        };
        Some(perform(ctx, key, reader, revoke).await)
    }
}

async fn create(ctx: &Context<'_>, input: CreateApiTokenInput) -> Result<CreateApiTokenPayload, Error> {
    let mut reader = Reader::default();
    let grants = reader.grants("grants", input.grants);
    let (secret, hash) = opaque::generate(Kind::Api).map_err(|error| Error::internal(&error))?;
    let expires_at = input.expires_at.map(DateTime::as_bound);
    let create = ApiTokenCreate { name: input.name, grants, expires_at, hash };
    let store = &request(ctx).store;
    perform(ctx, input.idempotency_key.as_deref(), reader, async |command| {
        let made = store.accounts().api_token_create(command, &create).await?;
        Ok((store.accounts().api_token(made.id).await?, made.now.then_some(secret)))
    })
    .await
}
