//! One operation of a connection, from its beginning to its end.

use std::{pin::Pin, sync::Arc};

use bytes::Bytes;
use courant_gateway::Caller;
use futures_util::{
    Stream, StreamExt,
    stream::{self, AbortHandle},
};

use super::super::{
    handler::{self, GraphqlState, Operated},
    params::Params,
    response,
};
use crate::{
    middleware::{auth::Unknown, refusal::Refusal},
    subscription::{Step, Subscription, Token},
};

/// What comes of an operation, one after the other.
pub(super) enum Part {
    Next(Bytes),
    /// It was not run.
    Error(Bytes),
    /// It is over.
    Complete,
}

/// What comes of an operation, with its name.
type Parts = Pin<Box<dyn Stream<Item = (Arc<str>, Part)> + Send>>;

/// The operations of a connection.
pub(super) type Operations = stream::SelectAll<Parts>;

enum Stage {
    Begun(Box<Begun>),
    Carried(Box<Subscription>),
    Answered,
    Over,
}

/// What an operation begins with.
struct Begun {
    params: Result<Params, Refusal>,
    caller: Caller,
    token: Token,
}

/// Begins one.
pub(super) fn begin(
    state: Arc<GraphqlState>,
    id: Arc<str>,
    params: Result<Params, Refusal>,
    (caller, token): (Caller, Token),
) -> (Parts, AbortHandle) {
    let parts = stream::unfold(Stage::Begun(Box::new(Begun { params, caller, token })), move |stage| {
        let state = Arc::clone(&state);
        async move { next(&state, stage).await }
    });
    let (parts, end) = stream::abortable(parts);
    (Box::pin(parts.map(move |part| (Arc::clone(&id), part))), end)
}

async fn next(state: &Arc<GraphqlState>, stage: Stage) -> Option<(Part, Stage)> {
    match stage {
        Stage::Begun(begun) => {
            // Aside: what runs an operation is large, and an operation that waits for news needs little.
            let operated = Box::pin(operate(state, *begun)).await;
            match operated {
                Ok(Operated::Answer(payload)) => Some((Part::Next(payload), Stage::Answered)),
                Ok(Operated::Subscription(subscription)) => carry(subscription).await,
                Err(refusal) => Some((Part::Error(response::problems(refusal)), Stage::Over)),
            }
        }
        Stage::Carried(subscription) => carry(subscription).await,
        Stage::Answered => Some((Part::Complete, Stage::Over)),
        Stage::Over => None,
    }
}

async fn carry(mut subscription: Box<Subscription>) -> Option<(Part, Stage)> {
    Some(match subscription.next().await {
        Step::Next(message) => (Part::Next(message.payload), Stage::Carried(subscription)),
        Step::Ended(ending) => (Part::Error(response::ending(ending)), Stage::Over),
    })
}

async fn operate(state: &Arc<GraphqlState>, Begun { params, caller, token }: Begun) -> Result<Operated, Refusal> {
    let params = params?;
    // It is somebody else's hour by now, perhaps.
    let caller = match &token {
        None => caller,
        Some(shown) => state.authentication.again(shown, &caller).await.map_err(Unknown::refusal)?,
    };
    let begun = state.flow.begin(state.flow.read(caller.address))?;
    let operated = handler::operate(state, params, (caller, token)).await;
    drop(begun);
    operated
}
