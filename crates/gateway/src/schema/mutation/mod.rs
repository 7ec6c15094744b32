//! Changes. A mutation reads its input, asks the store, and shows what was changed; who may is for the store to ask.
//!
//! Fields are nullable here: a mutation that fails must not take the answers of those before it along.

// Before the others, which its macro is for.
#[macro_use]
mod idempotency;

mod api_token;
mod category;
mod ending;
mod entry;
mod feed;
mod grant;
mod input;
mod person;
mod pin;
mod reading;
mod redirect;
mod session;
mod tag;
#[cfg(test)]
mod tests;
mod text;
mod user;
mod user_error;
mod webhook;

use async_graphql::{Context, MergedObject};
use courant_domain::access::Permission;
use courant_persistence::{Command, Still, WriteError, Written};

pub(in crate::schema) use self::entry::{RelationKind, RichTextInput};
use self::{
    api_token::ApiTokenMutations,
    category::CategoryMutations,
    ending::EndingMutations,
    entry::{ContentMutations, DeskMutations, EntryMutations, PreviewMutations, WorkflowMutations},
    feed::FeedMutations,
    input::Reader,
    person::PersonMutations,
    pin::PinMutations,
    reading::ReadingMutations,
    redirect::SiteMutations,
    session::SessionMutations,
    tag::TagMutations,
    user::UserMutations,
    user_error::UserError,
    webhook::WebhookMutations,
};
use super::context::request;
use crate::error::{Error, ErrorCode};

/// What can be changed. Each field runs in its turn.
#[derive(MergedObject, Default)]
pub(crate) struct Mutation(
    SessionMutations,
    ContentMutations,
    WorkflowMutations,
    EntryMutations,
    DeskMutations,
    PreviewMutations,
    TagMutations,
    CategoryMutations,
    FeedMutations,
    PinMutations,
    PersonMutations,
    UserMutations,
    ApiTokenMutations,
    EndingMutations,
    SiteMutations,
    WebhookMutations,
    ReadingMutations,
);

/// Makes the change that the viewer asks for under the key they give, once its input could be read.
async fn perform<T, P: From<Result<T, Vec<UserError>>>>(
    ctx: &Context<'_>,
    key: Option<&str>,
    input: Reader,
    change: impl AsyncFnOnce(Command<'_>) -> Written<T>,
) -> Result<P, Error> {
    let context = request(ctx);
    let viewer = context.viewer()?;
    if let Err(problems) = input.finish() {
        return Ok(Err(problems).into());
    }
    let address = context.caller.address.map(|address| address.to_string());
    let still = context.caller.shown.map(Still::new);
    let command = Command {
        by: viewer,
        still: still.as_ref(),
        key,
        address: address.as_deref(),
        request_id: Some(&context.caller.request_id),
    };
    let before = context.store.made();
    // In a place of its own: what holds the futures of all changes would be too large for a thread's stack.
    let done = Box::pin(change(command)).await;
    if matches!(done, Err(WriteError::Unknown)) {
        context.is_now(None);
    } else if let Some(viewer) = still.and_then(Still::changed) {
        context.is_now(Some(viewer));
    }
    match done {
        Ok(done) => {
            context.look_again();
            Ok(Ok(done).into())
        }
        Err(WriteError::Unknown) => Err(context.viewer().err().unwrap_or_else(unknown)),
        Err(error) => {
            let failed = failure(error).map(|errors| Err(errors).into());
            failed.map_err(|error| if context.store.made() > before { error.but_done() } else { error })
        }
    }
}

/// What whoever asked for a change that was not made can mend, or the error it is.
fn failure(error: WriteError) -> Result<Vec<UserError>, Error> {
    match error {
        WriteError::Refused(problems) => Ok(problems.into_iter().map(UserError::from).collect()),
        WriteError::Forbidden(permission) => Err(forbidden(permission)),
        WriteError::Unknown => Err(unknown()),
        WriteError::Store(error) => Err(Error::of_store(&error)),
    }
}

fn unknown() -> Error {
    Error::new(ErrorCode::Unauthenticated, "the sign-in or token that was sent with this request has ended")
}

fn forbidden(permission: Permission) -> Error {
    Error::new(ErrorCode::Forbidden, format!("this needs the permission {} here", permission.as_str()))
}
