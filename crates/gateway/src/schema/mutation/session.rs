//! Signing in, and what follows of it.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use courant_domain::{
    account::Email,
    problem::{Problem, ProblemCode},
};
use courant_identity::{
    opaque::{Kind, TokenHash},
    password::Password,
    throttle::RetryAfter,
};
use courant_persistence::{Command, SessionEnd, SessionStart, Still, WriteError};

use super::{UserError, failure};
use crate::{
    error::{Error, ErrorCode},
    identity::{Identity, Tokens, Unhashed},
    schema::{
        context::{RequestContext, request},
        newsroom::User,
        scalar::DateTime,
    },
};

/// What somebody signs in with.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// The user's email address.
    email: String,
    /// The user's password.
    password: String,
}

/// What a session is carried on with.
#[derive(InputObject)]
pub(crate) struct RefreshSessionInput {
    /// The session's newest refresh token. It is used up by this.
    refresh_token: String,
}

/// Which session to end.
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// A refresh token of the session; the session of the bearer token is meant when none is given.
    refresh_token: Option<String>,
}

/// One password in the place of another.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The password as it is.
    current_password: String,
    /// The new password: at least 12 characters, and not one of the first that somebody would guess.
    new_password: String,
}

/// The tokens of a session.
#[derive(SimpleObject, Default)]
pub(crate) struct SessionPayload {
    /// What to send as `Authorization: Bearer …`; null when there is no session.
    access_token: Option<String>,
    /// When the access token ends; get another one before.
    access_token_expires_at: Option<DateTime>,
    /// What gets the next access token, once; then there is a new one of these, too.
    refresh_token: Option<String>,
    /// When the session ends, and the refresh token with it.
    refresh_token_expires_at: Option<DateTime>,
    /// Who has signed in.
    user: Option<User>,
    /// Why there is no session; empty when there is one.
    user_errors: Vec<UserError>,
}

/// What came of signing out.
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// Why no session could be ended; empty when it has ended, now or before.
    user_errors: Vec<UserError>,
}

/// What came of changing a password.
#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// Whose password it is; null when it was not changed.
    user: Option<User>,
    /// Why it was not changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Tokens> for SessionPayload {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: Some(tokens.access.expose().to_owned()),
            access_token_expires_at: Some(DateTime(tokens.access_expires_at)),
            refresh_token: Some(tokens.refresh.expose().to_owned()),
            refresh_token_expires_at: Some(DateTime(tokens.refresh_expires_at)),
            user: Some(User(tokens.user)),
            user_errors: Vec::new(),
        }
    }
}

impl From<Vec<UserError>> for SessionPayload {
    fn from(user_errors: Vec<UserError>) -> Self {
        Self { user_errors, ..Self::default() }
    }
}

impl From<Vec<UserError>> for SignOutPayload {
    fn from(user_errors: Vec<UserError>) -> Self {
        Self { user_errors }
    }
}

impl From<Vec<UserError>> for ChangePasswordPayload {
    fn from(user_errors: Vec<UserError>) -> Self {
        Self { user: None, user_errors }
    }
}

#[derive(Default)]
pub(crate) struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Begins a session: an access token for some minutes, and a refresh token that gets the next one. What is wrong
    /// with email address or password is not said, nor whether there is such a user.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and their password.")] input: SignInInput,
    ) -> Option<Result<SessionPayload, Error>> {
        Some(sign_in(request(ctx), input).await.or_else(|refusal| refused(ctx, refusal)))
    }

    /// Carries a session on: gives a new access token and a new refresh token for the refresh token that is shown, which
    /// counts once. A refresh token that comes a second time ends the session, as somebody else may have it. Send it
    /// without the access token, which may have expired.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshSessionInput,
    ) -> Option<Result<SessionPayload, Error>> {
        Some(refresh(request(ctx), &input).await.or_else(|refusal| refused(ctx, refusal)))
    }

    /// Ends a session, and its access and refresh tokens at once. Ending one that has ended does nothing.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: SignOutInput,
    ) -> Option<Result<SignOutPayload, Error>> {
        Some(sign_out(request(ctx), &input).await.or_else(|refusal| refused(ctx, refusal)))
    }

    /// Gives the viewer another password, and ends their other sessions. Sent again, it finds that this is done.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two passwords.")] input: ChangePasswordInput,
    ) -> Option<Result<ChangePasswordPayload, Error>> {
        Some(change_password(request(ctx), input).await.or_else(|refusal| refused(ctx, refusal)))
    }
}

/// Why it was not done.
enum Refusal {
    Problem(Problem),
    /// Too many attempts, or too many at once; the seconds after which there may be another.
    Throttled(u64, String),
    Write(WriteError),
    Error(Error),
}

impl<E: Into<WriteError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Write(error.into())
    }
}

fn problem(code: ProblemCode, field: &str, message: impl Into<String>) -> Refusal {
    Refusal::Problem(Problem::new(code, field, message))
}

fn refused<P: From<Vec<UserError>>>(ctx: &Context<'_>, refusal: Refusal) -> Result<P, Error> {
    match refusal {
        Refusal::Problem(problem) => Ok(vec![problem.into()].into()),
        Refusal::Throttled(seconds, message) => {
            ctx.insert_http_header("retry-after", seconds.to_string());
            Ok(vec![Problem::new(ProblemCode::Throttled, "", message).into()].into())
        }
        Refusal::Write(error) => failure(error).map(P::from),
        Refusal::Error(error) => Err(error),
    }
}

fn unhashed(reason: Unhashed) -> Refusal {
    match reason {
        Unhashed::Busy => Refusal::Throttled(Unhashed::WAIT, Unhashed::BUSY.to_owned()),
        Unhashed::Failed => Refusal::Error(Error::internal(&Unhashed::Failed)),
    }
}

fn wrong_credentials() -> Refusal {
    problem(ProblemCode::WrongCredentials, "", "email address and password do not belong together")
}

/// Everybody is answered in the same words, and after the same work: one statement and one hash.
async fn sign_in(context: &RequestContext, input: SignInInput) -> Result<SessionPayload, Refusal> {
    let (identity, store, caller) = (&context.identity, &context.store, &context.caller);
    let lane = identity.attempt(&input.email, caller.address).map_err(|wait| throttled(context, wait))?;
    let known = match Email::parse(&input.email) {
        Ok(email) => store.accounts().credentials(&email).await?,
        Err(_) => None,
    };
    let verified = known.as_ref().and_then(|known| known.password.clone());
    let checked = identity.check(input.password, input.email, verified.clone(), lane).await.map_err(unhashed)?;
    let user = known.map(|known| known.user).filter(|user| checked.matches && user.disabled_at.is_none());
    let Some(user) = user else {
        tracing::info!(address = caller.address.map(tracing::field::display), "a sign-in was refused");
        return Err(wrong_credentials());
    };

    let (refresh, hash) = Identity::refresh_token().map_err(|error| Refusal::Error(Error::internal(&error)))?;
    let start = SessionStart {
        user: user.id,
        verified: verified.as_ref(),
        rehashed: checked.rehashed.as_ref(),
        refresh: hash,
        lasts: identity.session_lifetime(),
    };
    let (viewer, address) = (user.viewer(), address(context));
    let command = Command { address: address.as_deref(), request_id: Some(&caller.request_id), ..Command::of(&viewer) };
    let session = store.accounts().session_start(command, &start).await?;
    identity.remember(session.user.email.as_str(), caller.address);
    Ok(identity.tokens(store, session, refresh).await.into())
}

async fn refresh(context: &RequestContext, input: &RefreshSessionInput) -> Result<SessionPayload, Refusal> {
    let old = TokenHash::of(Kind::Refresh, input.refresh_token.trim()).ok_or_else(|| {
        problem(ProblemCode::WrongCredentials, "refreshToken", "this is no refresh token, or not a whole one")
    })?;
    let (new, hash) = Identity::refresh_token().map_err(|error| Refusal::Error(Error::internal(&error)))?;
    let request_id = Some(context.caller.request_id.as_str());
    let session = context.store.accounts().session_refresh(old, hash, address(context).as_deref(), request_id).await?;
    context.identity.remember(session.user.email.as_str(), context.caller.address);
    Ok(context.identity.tokens(&context.store, session, new).await.into())
}

async fn sign_out(context: &RequestContext, input: &SignOutInput) -> Result<SignOutPayload, Refusal> {
    let which = match (&input.refresh_token, context.caller.session) {
        (Some(token), _) => SessionEnd::Of(TokenHash::of(Kind::Refresh, token.trim()).ok_or_else(|| {
            problem(ProblemCode::Invalid, "refreshToken", "this is no refresh token, or not a whole one")
        })?),
        (None, Some(session)) => SessionEnd::This(session),
        (None, None) => {
            context.viewer().map_err(Refusal::Error)?;
            let message = "give a refresh token, or send the access token of the session to end";
            return Err(problem(ProblemCode::Required, "refreshToken", message));
        }
    };
    let request_id = Some(context.caller.request_id.as_str());
    context.store.accounts().session_end(which, address(context).as_deref(), request_id).await?;
    Ok(Vec::new().into())
}

async fn change_password(
    context: &RequestContext,
    input: ChangePasswordInput,
) -> Result<ChangePasswordPayload, Refusal> {
    let (identity, store, caller) = (&context.identity, &context.store, &context.caller);
    let viewer = context.viewer().map_err(Refusal::Error)?;
    let known = match viewer.actor.as_user() {
        Some(id) => store.accounts().credentials_of(id).await?,
        None => None,
    };
    let Some(known) = known else {
        let message = "only users who sign in with a password have one to change";
        return Err(Refusal::Error(Error::new(ErrorCode::Forbidden, message)));
    };
    let email = known.user.email.to_string();
    let wanted = Password::parse(&input.new_password, &email)
        .map_err(|error| problem(ProblemCode::Invalid, "newPassword", error.to_string()))?;
    // Whoever holds a session is not kept waiting by those who try to get one.
    let lane = match caller.session {
        Some(session) => identity.attempt_within(session),
        None => identity.attempt(&email, caller.address),
    };
    let lane = lane.map_err(|wait| throttled(context, wait))?;

    let present = known.password.clone();
    let checked =
        identity.check(input.current_password, email.clone(), present.clone(), lane).await.map_err(unhashed)?;
    let Some(verified) = present.filter(|_| checked.matches) else {
        // The answer to the first request may have been lost: then the new password is the present one.
        if identity.check(input.new_password, email, known.password, lane).await.map_err(unhashed)?.matches {
            return Ok(ChangePasswordPayload { user: Some(User(known.user)), user_errors: Vec::new() });
        }
        return Err(problem(ProblemCode::WrongCredentials, "currentPassword", "this is not the password"));
    };
    let password = identity.hash(wanted).await.map_err(unhashed)?;
    let address = address(context);
    let still = caller.shown.map(Still::new);
    let command = Command {
        still: still.as_ref(),
        address: address.as_deref(),
        request_id: Some(&caller.request_id),
        ..Command::of(viewer)
    };
    store.accounts().password_change(command, known.user.id, caller.session, &verified, &password).await?;
    Ok(ChangePasswordPayload { user: Some(User(known.user)), user_errors: Vec::new() })
}

/// The refusal of an attempt to show a password, before any work is done for it.
fn throttled(context: &RequestContext, RetryAfter(seconds): RetryAfter) -> Refusal {
    tracing::info!(address = context.caller.address.map(tracing::field::display), "sign-ins are throttled");
    Refusal::Throttled(seconds, RetryAfter(seconds).to_string())
}

fn address(context: &RequestContext) -> Option<String> {
    context.caller.address.map(|address| address.to_string())
}
