//! An operation that is carried on: how it is opened, and how it is executed for something that happens.

use std::sync::Arc;

use async_graphql::{ValidationMode, Value};
use bytes::Bytes;
use courant_gateway::{Caller, Event, Run as How, error::ErrorCode};
use courant_graphql::{Validation, executor, json};

use super::{
    handler::{GraphqlState, Prepared},
    response,
};
use crate::{
    cache::MadeOf,
    middleware::refusal::Refusal,
    subscription::{Subscription, Token},
};

/// How much may be kept of what somebody subscribes to.
const MOST_VARIABLES: usize = 8 * 1024;
const MOST_TOKENS: usize = 1_000;

/// Opens a subscription: its arguments are read, and it is seen whether whoever asks may have it.
pub(super) async fn open(
    state: &Arc<GraphqlState>,
    prepared: &Prepared,
    (caller, token): (Caller, Token),
    resume: Option<&str>,
) -> Result<Subscription, Refusal> {
    let operation = prepared.operation()?;
    let (_, _, variables) = prepared.identity()?;
    // They are kept for as long as it lasts.
    if variables.len() > MOST_VARIABLES {
        let message = format!("the variables of a subscription take {MOST_VARIABLES} bytes of JSON at the most");
        return Err(Refusal::limit(ErrorCode::PayloadTooLarge, message));
    }
    if prepared.document.tokens() > MOST_TOKENS {
        let message = format!("the document of a subscription has {MOST_TOKENS} tokens at the most");
        return Err(Refusal::limit(ErrorCode::TooManyTokens, message));
    }
    let (document, name, coerced) = (&prepared.document, prepared.name.as_deref(), &prepared.coerced);
    let most = state.limits.cost;
    let _ticket = state.flow.admit(caller.address, prepared.cost(), most, 0).await?;
    let validation = document.validation(name, operation, coerced);
    let request = match &validation {
        Validation::First(without_nulls, _) => executor::validation_request(document, name, without_nulls),
        Validation::Passed | Validation::WhenRun(_) => executor::request(document, name, coerced),
    };
    let object_format = courant_gateway::object_format(&document.roots);
    let how = |mode| How { mode, object_format, is_query: false, is_kept: false };
    let resume = resume.map(Into::into);
    let mut opened = state.executor.open(request, caller.clone(), how(ValidationMode::Strict), resume.clone()).await;
    match validation {
        Validation::First(_, key) => {
            if let Ok(None) = opened {
                document.has_passed(key);
                let request = executor::request(document, name, coerced);
                opened = state.executor.open(request, caller.clone(), how(ValidationMode::Fast), resume).await;
            }
        }
        Validation::WhenRun(key) if opened.is_ok() => document.has_passed(key),
        Validation::Passed | Validation::WhenRun(_) => {}
    }
    match opened {
        Ok(Some(opened)) => Subscription::begin(state, prepared, (caller, token), opened).await,
        Ok(None) => Err(Refusal::bad_request("the subscription has no field")),
        Err(refused) => Err(response::not_opened(refused, &caller.request_id)),
    }
}

impl Prepared {
    /// Executes it for something that has happened, and writes the answer; none if it cannot be executed now.
    pub(crate) async fn execute_event(
        &self,
        state: &GraphqlState,
        caller: Caller,
        event: Event,
    ) -> Result<Told, Postponed> {
        let operation = self.operation().map_err(|_| Postponed)?;
        let format = courant_gateway::object_format(&self.document.roots);
        let is_kept = caller.viewer.is_none();
        let how = How { mode: ValidationMode::Fast, object_format: format, is_query: false, is_kept };
        let id = caller.request_id.clone();
        let run = async || {
            let request = executor::request(&self.document, self.name.as_deref(), &self.coerced);
            state.executor.tell(request, caller.clone(), how, event.clone()).await
        };
        let mut executed = run().await;
        if executed.is_behind && state.store.refresh().await.is_ok() {
            executed = run().await;
        }
        if response::is_outage(&executed.response) {
            return Err(Postponed);
        }
        if executed.is_over || json::size(&executed.response.data) > state.limits.answer_bytes {
            executed.response = response::too_large(operation, state.limits.answer_bytes).map_err(|_| Postponed)?;
        }
        executor::propagate_nulls(&state.metadata, &self.document.parsed, operation, &mut executed.response);
        let kept = executed.kept.filter(|_| !executed.is_behind && executed.response.errors.is_empty());
        // Nothing of it is for whoever asks.
        let is_none = executed.response.data == Value::Null && executed.response.errors.is_empty();
        let payload = (!is_none).then(|| response::event(executed.response, &id));
        Ok(Told { payload, made_of: kept })
    }
}

/// What a subscriber is told of something.
pub(crate) struct Told {
    /// The answer as JSON; none if it is not for them.
    pub(crate) payload: Option<Bytes>,
    /// What it was made of, where it holds until that is something else.
    pub(crate) made_of: Option<MadeOf>,
}

/// It cannot be executed now: the database is away, say.
#[derive(Debug)]
pub(crate) struct Postponed;
