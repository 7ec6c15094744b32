//! Users.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject};
use courant_domain::{access::Permission, account as domain, id::UserId, patch::Patch, problem::ProblemCode};
use courant_identity::password::Password;
use courant_persistence::{NewPassword, TokensThen, UserCreate, UserUpdate};
use macro_rules_attribute::apply;

use super::{
    UserError, forbidden,
    grant::GrantInput,
    input::{Reader, given},
    perform,
};
use crate::{
    error::Error,
    identity::Unhashed,
    schema::{context::request, newsroom::User},
};

/// A user to make.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreateUserInput {
    /// What they sign in with.
    email: String,
    /// What they are called.
    name: String,
    /// What they may do.
    grants: Vec<GrantInput>,
    /// Their password: at least 12 characters, and not one of the first that somebody would guess. Until they have one,
    /// they cannot sign in.
    password: Option<String>,
}

/// What becomes of a disabled user's API tokens.
#[derive(OneofObject)]
pub(crate) enum ApiTokensThenInput {
    /// They end, if true; so they do when nothing is said, too.
    End(bool),
    /// They pass to the user with this id, who answers for them from then on; it must be somebody who may all that they
    /// may. Needs the permission `MANAGE_TOKENS`, too.
    PassTo(ID),
}

/// What changes of a user: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdateUserInput {
    /// Which one.
    id: ID,
    /// What they sign in with; never empty.
    email: MaybeUndefined<String>,
    /// What they are called; never empty.
    name: MaybeUndefined<String>,
    /// What they may do, in full; an empty list is nothing.
    grants: MaybeUndefined<Vec<GrantInput>>,
    /// Whether they are kept out, which is true or false; that ends their sessions and preview links at once.
    disabled: MaybeUndefined<bool>,
    /// What becomes of the machines' tokens they answer for, when they are kept out; they end when it is not given.
    api_tokens: Option<ApiTokensThenInput>,
    /// A new password, or null for none, without which they cannot sign in; either ends their sessions at once. One's own
    /// is changed with `changePassword`.
    password: MaybeUndefined<String>,
}

/// What came of a change to a user.
#[derive(SimpleObject)]
pub(crate) struct UserPayload {
    /// The user as it is now; null when there is none.
    user: Option<User>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<Option<domain::User>, Vec<UserError>>> for UserPayload {
    fn from(outcome: Result<Option<domain::User>, Vec<UserError>>) -> Self {
        match outcome {
            Ok(user) => Self { user: user.map(User), user_errors: Vec::new() },
            Err(user_errors) => Self { user: None, user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct UserMutations;

#[Object]
impl UserMutations {
    /// Makes a user who can sign in. Needs the permission `MANAGE_USERS`; nobody gives more than they may do themselves.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user.")] input: CreateUserInput,
    ) -> Option<Result<UserPayload, Error>> {
        Some(create(ctx, input).await)
    }

    /// Changes a user, whose next request is answered as they are then. Needs the permission `MANAGE_USERS`; nobody
    /// gives more than they may do themselves, and the last administrator who can sign in stays one.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateUserInput,
    ) -> Option<Result<UserPayload, Error>> {
        Some(update(ctx, input).await)
    }
}

async fn create(ctx: &Context<'_>, input: CreateUserInput) -> Result<UserPayload, Error> {
    let mut reader = Reader::default();
    let email = reader.email("email", &input.email);
    let grants = reader.grants("grants", input.grants);
    let password = new_password(ctx, &mut reader, input.password, &input.email).await?;
    let store = &request(ctx).store;
    perform(ctx, input.idempotency_key.as_deref(), reader, async |command| {
        // Without an address the reader has a problem, and this is not run.
        let Some(email) = email else { return Ok(None) };
        let id =
            store.accounts().user_create(command, &UserCreate { email, name: input.name, grants, password }).await?;
        Ok(store.accounts().user(id).await?)
    })
    .await
}

async fn update(ctx: &Context<'_>, input: UpdateUserInput) -> Result<UserPayload, Error> {
    let store = &request(ctx).store;
    let mut reader = Reader::default();
    let id: UserId = reader.id("id", &input.id, &[]);
    let email = reader.required("email", input.email).and_then(|text| reader.email("email", &text));
    let grants = given(input.grants, |grants| reader.grants("grants", grants));
    let password = match (input.password, &email) {
        (MaybeUndefined::Undefined, _) => Patch::Keep,
        (MaybeUndefined::Null, _) => Patch::Set(None),
        (MaybeUndefined::Value(password), Some(email)) => {
            Patch::Set(new_password(ctx, &mut reader, Some(password), email.as_str()).await?)
        }
        (MaybeUndefined::Value(password), None) => {
            let known = store.accounts().user(id).await.map_err(|error| Error::of_store(&error))?;
            let email = known.map(|user| user.email.to_string()).unwrap_or_default();
            Patch::Set(new_password(ctx, &mut reader, Some(password), &email).await?)
        }
    };
    let api_tokens = input.api_tokens.and_then(|then| match then {
        ApiTokensThenInput::End(true) => Some(TokensThen::End),
        ApiTokensThenInput::End(false) => {
            reader.invalid("apiTokens.end", "say to whom they pass, or nothing");
            None
        }
        ApiTokensThenInput::PassTo(to) => Some(TokensThen::PassTo(reader.id("apiTokens.passTo", &to, &[]))),
    });
    let update = UserUpdate {
        email,
        name: reader.required("name", input.name),
        grants,
        disabled: reader.required("disabled", input.disabled),
        password,
        api_tokens,
        ..UserUpdate::of(id)
    };
    perform(ctx, input.idempotency_key.as_deref(), reader, async |command| {
        let id = store.accounts().user_update(command, &update).await?;
        Ok(store.accounts().user(id).await?)
    })
    .await
}

/// A password to be; of one that is refused, the reason is with the reader. Nothing is hashed for those
/// whom the store will refuse anyway.
async fn new_password(
    ctx: &Context<'_>,
    reader: &mut Reader,
    text: Option<String>,
    email: &str,
) -> Result<Option<NewPassword>, Error> {
    let context = request(ctx);
    let Some(text) = text else { return Ok(None) };
    if !context.viewer()?.may_somewhere(Permission::ManageUsers) {
        return Err(forbidden(Permission::ManageUsers));
    }
    let password = match Password::parse(&text, email) {
        Ok(password) => password,
        Err(error) => {
            reader.invalid("password", error.to_string());
            return Ok(None);
        }
    };
    let digest = context.identity.keyring.keys(&context.store).await.digest(&text);
    match context.identity.hash(password).await {
        Ok(hash) => Ok(Some(NewPassword { hash, digest })),
        Err(Unhashed::Busy) => {
            ctx.insert_http_header("retry-after", Unhashed::WAIT.to_string());
            reader.problem(ProblemCode::Throttled, "", Unhashed::BUSY);
            Ok(None)
        }
        Err(error @ Unhashed::Failed) => Err(Error::internal(&error)),
    }
}
