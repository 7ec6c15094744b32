//! Signing in and out.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use courant_domain::{
    access::Viewer,
    account::Email,
    problem::{Problem, ProblemCode},
};
use courant_identity::{
    opaque::{Kind, TokenHash},
    password::Password,
};
use courant_persistence::{Command, SessionEnd, SessionStart, WriteError, Written};

use super::UserError;
use crate::{
    error::{Error, ErrorCode},
    identity::{Identity, Tokens, Unhashed},
    schema::{context::request, scalar::DateTime},
};

/// An email address and a password.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// The email address; upper and lower case are the same.
    email: String,
    /// The password.
    password: String,
}

/// A session to carry on.
#[derive(InputObject)]
pub(crate) struct RefreshSessionInput {
    /// The newest refresh token of the session. It is used up by this; one that was used before ends the session.
    refresh_token: String,
}

/// A session to end.
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// A refresh token of the session; the session of the access token when none is given.
    refresh_token: Option<String>,
}

/// A new password.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The present password.
    current_password: String,
    /// The new one: at least 12 characters.
    new_password: String,
}

/// Somebody who signs in with a password.
#[derive(SimpleObject)]
pub(crate) struct SignedInUser {
    /// The user's id.
    id: ID,
    /// The email address.
    email: String,
    /// What they are called.
    name: String,
}

/// The tokens of a session, or why there are none.
#[derive(SimpleObject, Default)]
pub(crate) struct SessionPayload {
    /// What to send as a bearer token; it holds for some minutes.
    access_token: Option<String>,
    /// When the access token ends.
    access_token_expires_at: Option<DateTime>,
    /// What carries the session on, once.
    refresh_token: Option<String>,
    /// When the session ends.
    refresh_token_expires_at: Option<DateTime>,
    /// Who is signed in.
    user: Option<SignedInUser>,
    /// Why nobody was signed in; empty when somebody was.
    user_errors: Vec<UserError>,
}

/// What came of ending a session or changing a password.
#[derive(SimpleObject)]
pub(crate) struct DonePayload {
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Tokens> for SessionPayload {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: Some(tokens.access.expose().to_owned()),
            access_token_expires_at: Some(DateTime(tokens.access_expires_at)),
            refresh_token: Some(tokens.refresh.expose().to_owned()),
            refresh_token_expires_at: Some(DateTime(tokens.refresh_expires_at)),
            user: Some(SignedInUser {
                id: ID(tokens.user.id.to_string()),
                email: tokens.user.email.to_string(),
                name: tokens.user.name,
            }),
            user_errors: Vec::new(),
        }
    }
}

/// Why somebody was not let in: what they can mend, or what we cannot.
enum Refused {
    Problems(Vec<Problem>),
    Error(Error),
}

impl Refused {
    fn because(code: ProblemCode, field: &str, message: impl Into<String>) -> Self {
        Self::Problems(vec![Problem::new(code, field, message)])
    }
}

impl From<Unhashed> for Refused {
    fn from(unhashed: Unhashed) -> Self {
        match unhashed {
            Unhashed::Busy => {
                Self::because(ProblemCode::Throttled, "", "many are signing in just now; try again in 5 s")
            }
            Unhashed::Failed => Self::Error(Error::new(ErrorCode::Internal, "internal error")),
        }
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(problems) => Self::Problems(problems),
            WriteError::Forbidden(_) => Self::Error(Error::new(ErrorCode::Forbidden, "this is not allowed")),
            WriteError::Store(error) => Self::Error(Error::internal(&error)),
        }
    }
}

fn wrong_credentials() -> Refused {
    Refused::because(ProblemCode::WrongCredentials, "", "email address and password do not belong together")
}

fn errors(problems: Vec<Problem>) -> Vec<UserError> {
    problems.into_iter().map(UserError::from).collect()
}

fn session_payload(outcome: Result<Tokens, Refused>) -> Result<SessionPayload, Error> {
    match outcome {
        Ok(tokens) => Ok(tokens.into()),
        Err(Refused::Problems(problems)) => {
            Ok(SessionPayload { user_errors: errors(problems), ..SessionPayload::default() })
        }
        Err(Refused::Error(error)) => Err(error),
    }
}

fn done_payload(outcome: Result<(), Refused>) -> Result<DonePayload, Error> {
    match outcome {
        Ok(()) => Ok(DonePayload { user_errors: Vec::new() }),
        Err(Refused::Problems(problems)) => Ok(DonePayload { user_errors: errors(problems) }),
        Err(Refused::Error(error)) => Err(error),
    }
}

fn throttle(ctx: &Context<'_>, account: &str) -> Result<(), Refused> {
    let context = request(ctx);
    context.identity.attempt(account, context.caller.address).map_err(|retry| {
        Refused::because(ProblemCode::Throttled, "", format!("too many attempts; try again in {} s", retry.0))
    })
}

async fn sign_in(ctx: &Context<'_>, input: SignInInput) -> Result<Tokens, Refused> {
    let context = request(ctx);
    throttle(ctx, &input.email)?;
    let found = match Email::parse(&input.email) {
        Ok(email) => context.store.credentials(&email).await.map_err(WriteError::from)?,
        Err(_) => None,
    };
    // Nobody, somebody without a password and somebody who is kept out take as long as a wrong password.
    let hash = found.as_ref().filter(|found| found.user.disabled_at.is_none()).and_then(|it| it.password.clone());
    let checked = context.identity.check(input.password, input.email, hash).await?;
    let found = found.filter(|_| checked.matches).ok_or_else(wrong_credentials)?;
    let viewer: Viewer = found.user.viewer();
    let (refresh, hash) = Identity::refresh_token().map_err(|error| Refused::Error(Error::internal(&error)))?;
    let start = SessionStart {
        user: found.user.id,
        verified: found.password.as_ref(),
        rehashed: checked.rehashed.as_ref(),
        refresh: hash,
        lasts: context.identity.session_lifetime(),
    };
    let address = context.caller.address.map(|address| address.to_string());
    let request_id = Some(context.caller.request_id.as_str());
    let command = Command { by: &viewer, key: None, address: address.as_deref(), request_id };
    let session = context.store.session_start(command, &start).await?;
    Ok(context.identity.tokens(session, refresh))
}

async fn refresh(ctx: &Context<'_>, token: &str) -> Result<Tokens, Refused> {
    let context = request(ctx);
    let ended =
        || Refused::because(ProblemCode::WrongCredentials, "refreshToken", "the session has ended; sign in again");
    let old = TokenHash::of(Kind::Refresh, token).ok_or_else(ended)?;
    let (refresh, hash) = Identity::refresh_token().map_err(|error| Refused::Error(Error::internal(&error)))?;
    let address = context.caller.address.map(|address| address.to_string());
    let request_id = Some(context.caller.request_id.as_str());
    let session = context.store.session_refresh(old, hash, address.as_deref(), request_id).await?;
    Ok(context.identity.tokens(session, refresh))
}

async fn sign_out(ctx: &Context<'_>, token: Option<String>) -> Result<(), Refused> {
    let context = request(ctx);
    let which = match token {
        // What is no refresh token has no session to end.
        Some(token) => TokenHash::of(Kind::Refresh, &token).map(SessionEnd::Of),
        None => {
            context.viewer().map_err(Refused::Error)?;
            context.caller.session.map(SessionEnd::This)
        }
    };
    let Some(which) = which else { return Ok(()) };
    let address = context.caller.address.map(|address| address.to_string());
    let request_id = Some(context.caller.request_id.as_str());
    let ended: Written<()> = context.store.session_end(which, address.as_deref(), request_id).await;
    Ok(ended?)
}

async fn change_password(ctx: &Context<'_>, input: ChangePasswordInput) -> Result<(), Refused> {
    let context = request(ctx);
    let viewer = context.viewer().map_err(Refused::Error)?;
    let Some(id) = viewer.actor.as_user() else {
        return Err(Refused::because(ProblemCode::Invalid, "", "this viewer has no password here"));
    };
    let known = context.store.credentials_of(id).await.map_err(WriteError::from)?.ok_or_else(wrong_credentials)?;
    let email = known.user.email.to_string();
    throttle(ctx, &email)?;
    let password = Password::parse(&input.new_password, &email)
        .map_err(|error| Refused::because(ProblemCode::Invalid, "newPassword", error.to_string()))?;
    let checked = context.identity.check(input.current_password, email, known.password.clone()).await?;
    let wrong = || Refused::because(ProblemCode::WrongCredentials, "currentPassword", "this is not the password");
    let verified = known.password.filter(|_| checked.matches).ok_or_else(wrong)?;
    let hash = context.identity.hash(password).await?;
    let address = context.caller.address.map(|address| address.to_string());
    let request_id = Some(context.caller.request_id.as_str());
    let command = Command { by: viewer, key: None, address: address.as_deref(), request_id };
    Ok(context.store.password_change(command, id, context.caller.session, &verified, &hash).await?)
}

#[derive(Default)]
pub(crate) struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Begins a session for who shows the password. An unknown address and a wrong password are answered alike.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and the password.")] input: SignInInput,
    ) -> Option<Result<SessionPayload, Error>> {
        Some(session_payload(sign_in(ctx, input).await))
    }

    /// Carries a session on: new tokens for the newest refresh token.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshSessionInput,
    ) -> Option<Result<SessionPayload, Error>> {
        Some(session_payload(refresh(ctx, &input.refresh_token).await))
    }

    /// Ends a session: its tokens stop working at once. One that has ended is none to end.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: SignOutInput,
    ) -> Option<Result<DonePayload, Error>> {
        Some(done_payload(sign_out(ctx, input.refresh_token).await))
    }

    /// Gives the viewer another password and ends their other sessions.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The present password and the new one.")] input: ChangePasswordInput,
    ) -> Option<Result<DonePayload, Error>> {
        Some(done_payload(change_password(ctx, input).await))
    }
}
