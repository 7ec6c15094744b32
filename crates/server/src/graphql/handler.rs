//! A GraphQL request, stage by stage.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request as Operation, Response as Executed, ValidationMode,
    parser::types::{OperationDefinition, OperationType},
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::{Caller, Run as How, error::ErrorCode, object_format};
use courant_graphql::{
    Coerced, Cost, Document, Documents, Limits, SchemaMetadata, Validation, coerce,
    executor::{propagate_nulls, request, validation_request, was_run},
    json, price,
};
use courant_persistence::Store;
use serde_json::{Map, Value as Json};

use super::{
    accept::{self, Media},
    body,
    executor::Executor,
    params::{self, Params},
    persisted::Persisted,
    response,
    sse::{self, SingleStreams},
    subscribe,
};
use crate::{
    Stopping,
    cache::{Answer, Answers, CacheStatus, Key, Made, MadeOf},
    middleware::{
        auth::{Authentication, token},
        flow::{Flow, Read, Ticket},
        refusal::Refusal,
        request_id::id_of,
        request_log,
    },
    subscription::{Subscription, Subscriptions, Token},
};

/// What a GraphQL request is answered with.
pub(crate) struct GraphqlState {
    pub(crate) executor: Arc<dyn Executor>,
    pub(crate) subscriptions: Arc<Subscriptions>,
    /// Streams that operations of several requests come over.
    pub(crate) streams: SingleStreams,
    pub(crate) metadata: Arc<SchemaMetadata>,
    pub(crate) documents: Documents,
    pub(crate) flow: Flow,
    pub(crate) limits: Limits,
    pub(crate) stopping: Stopping,
    pub(crate) body_patience: Duration,
    pub(crate) authentication: Authentication,
    pub(crate) store: Store,
    /// Documents by their names.
    pub(crate) persisted: Persisted,
    /// What is kept of answers.
    pub(crate) answers: Arc<Answers>,
}

/// `POST` and `GET` of `/graphql`.
pub(super) async fn graphql(state: Arc<GraphqlState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = id_of(&parts.extensions);
    let accepted = match accept::negotiate(&parts.headers) {
        Ok(accepted) => accepted,
        Err(refusal) => return response::refused(refusal, Media::JSON, &id),
    };
    let media = accepted.media.unwrap_or(Media::JSON);
    // Who takes nothing else is given a stream of one answer, too.
    let only = accepted.stream.filter(|_| accepted.media.is_none());
    let read = state.flow.read(state.authentication.address(&parts));
    let caller = match state.authentication.authenticate(&parts, &id).await {
        Ok(caller) => caller,
        Err(unknown) => return unknown.respond(media, &id),
    };
    request_log::note_actor(&caller);
    let address = caller.address;
    let refused = |refusal: Refusal| match only.filter(|_| refusal.of_document) {
        // Who reads events reads what is wrong with the document there, too (GraphQL over SSE, distinct connections).
        Some(stream) => stream.once(response::refusal(refusal)),
        None => response::refused(refusal, media, &id),
    };
    match answer(&state, &parts, body, caller, read).await {
        Ok(Outcome::Answer(Answer::Kept(kept, found))) => match state.flow.charge(address, kept.len()).await {
            Ok(charge) => match only {
                Some(stream) => stream.once(kept.body()),
                None => response::kept((&kept, found), &parts, media, &state, charge),
            },
            Err(refusal) => response::refused(refusal, media, &id),
        },
        Ok(Outcome::Answer(Answer::Made(ran))) => match only {
            Some(stream) => match response::answer(ran.response, id.as_str()) {
                Ok(payload) => stream.once(payload),
                Err(refusal) => refused(refusal),
            },
            None => response::executed(ran, media, &id),
        },
        Ok(Outcome::Subscription(subscription)) => match accepted.stream {
            Some(stream) => stream.follow(*subscription, &state),
            None => response::refused(Refusal::needs_stream(), media, &id),
        },
        Err(refusal) => refused(refusal),
    }
}

/// What a request comes to.
#[expect(clippy::large_enum_variant, reason = "nearly all are answers")]
enum Outcome {
    Answer(Answer<Ran>),
    Subscription(Box<Subscription>),
}

/// Reads a request, and answers it.
async fn answer(
    state: &Arc<GraphqlState>,
    parts: &Parts,
    body: Body,
    caller: Caller,
    mut read: Read,
) -> Result<Outcome, Refusal> {
    let is_get = parts.method != Method::POST;
    let body = if is_get {
        Vec::new()
    } else {
        let packing = params::check_content_type(&parts.headers)?;
        body::read(body, packing, state.limits.body_bytes, state.body_patience, &mut read).await?
    };
    let _begun = state.flow.begin(read)?;
    let sent = if is_get { parts.uri.query().unwrap_or_default().as_bytes() } else { &body };
    let is_kept = state.answers.is_on() && caller.viewer.is_none();
    if is_kept && let Some(kept) = state.answers.to_sent(is_get, sent).await {
        request_log::note_operation(kept.operation.as_deref());
        request_log::note_cost(kept.cost);
        return Ok(Outcome::Answer(Answer::Kept(kept, CacheStatus::Hit)));
    }
    let params =
        if is_get { params::from_query(parts.uri.query().unwrap_or_default())? } else { params::from_json(&body)? };
    let (prepared, brings_it) = read_operation(state, params, is_get)?;
    if prepared.ty()? == OperationType::Subscription {
        let token = token(&parts.headers);
        let resume = parts.headers.get(sse::LAST_EVENT_ID).and_then(|value| value.to_str().ok());
        let subscription = subscribe::open(state, &prepared, (caller, token), resume).await?;
        return Ok(Outcome::Subscription(Box::new(subscription)));
    }
    if !is_kept || prepared.ty()? != OperationType::Query {
        return run(state, &prepared, caller, false).await.map(Answer::Made).map(Outcome::Answer);
    }
    let begun = state.store.now();
    let make = async {
        let mut ran = run(state, &prepared, caller.clone(), true).await?;
        let kept = ran.kept.take().and_then(|(stamp, reads)| {
            let made_of = (stamp, state.answers.reads(begun, reads));
            response::to_keep(&ran.response, made_of, &prepared)
        });
        Ok::<_, Refusal>(Made { answer: ran, kept })
    };
    let answer = state.answers.answer(prepared.key()?, Box::pin(make)).await?;
    if let Answer::Kept(kept, _) = &answer
        && !brings_it
    {
        state.answers.was_sent(is_get, sent, kept);
    }
    Ok(Outcome::Answer(answer))
}

/// Reads the operation that is asked for. Says, too, whether it brings a document that is to be named from then on: that is read each
/// time, as it may have been forgotten.
fn read_operation(state: &GraphqlState, params: Params, only_safe: bool) -> Result<(Prepared, bool), Refusal> {
    // A request that is refused has at least the name that it was given.
    if params.operation_name.is_some() {
        request_log::note_operation(params.operation_name.as_deref());
    }
    let Params { query, named, operation_name, variables, .. } = params;
    let brings_it = query.is_some() && named.hash.is_some();
    let document = state.persisted.find(query, &named)?;
    let prepared = prepare(state, &document.text, operation_name, variables, only_safe)?;
    state.persisted.keep(&document);
    Ok((prepared, brings_it))
}

/// Answers an operation that has come over a connection of its own, or opens it.
pub(super) async fn operate(
    state: &Arc<GraphqlState>,
    params: Params,
    (caller, token): (Caller, Token),
) -> Result<Operated, Refusal> {
    let id = caller.request_id.clone();
    let (prepared, _) = read_operation(state, params, false)?;
    if prepared.ty()? == OperationType::Subscription {
        let subscription = subscribe::open(state, &prepared, (caller, token), None).await?;
        return Ok(Operated::Subscription(Box::new(subscription)));
    }
    let ran = run(state, &prepared, caller, false).await?;
    response::answer(ran.response, &id).map(Operated::Answer)
}

/// What an operation comes to over a connection of its own.
pub(super) enum Operated {
    /// Its one answer.
    Answer(Bytes),
    /// It is carried on.
    Subscription(Box<Subscription>),
}

/// An operation that is ready to be run.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(super) document: Arc<Document>,
    pub(super) name: Option<String>,
    pub(super) coerced: Coerced,
    price: Cost,
}

impl Prepared {
    pub(super) fn operation(&self) -> Result<&OperationDefinition, Refusal> {
        Ok(&self.document.operation(self.name.as_deref())?.node)
    }

    fn ty(&self) -> Result<OperationType, Refusal> {
        Ok(self.operation()?.ty)
    }

    /// What is asked: everything that an answer to nobody in particular depends on, but for the content.
    fn key(&self) -> Result<Key, Refusal> {
        let (document, name, variables) = self.identity()?;
        Ok(Key::Operation { document, name, variables })
    }

    /// What tells it from other operations.
    pub(crate) fn identity(&self) -> Result<Identity, Refusal> {
        let variables = serde_json::to_string(&self.coerced.variables);
        let variables = variables.map_err(|_| Refusal::bad_request("the variables cannot be written"))?;
        Ok((self.document.number, self.name.as_deref().map(Into::into), variables.into()))
    }

    /// What the log calls it.
    pub(crate) fn shown_name(&self) -> Option<&str> {
        self.name.as_deref().or_else(|| self.document.only_name())
    }

    pub(crate) const fn cost(&self) -> u64 {
        self.price.content
    }
}

/// The number of an operation's document, its name, and its variables as they were made to fit.
type Identity = (u64, Option<Box<str>>, Box<str>);

/// Runs an operation as it is: the one of this name, or the only one of the document.
pub(crate) async fn execute(
    state: &GraphqlState,
    text: &str,
    name: Option<String>,
    variables: Map<String, Json>,
    caller: Caller,
    is_kept: bool,
) -> Result<Ran, Refusal> {
    run(state, &prepare(state, text, name, variables, true)?, caller, is_kept).await
}

/// Makes an operation ready to be run.
fn prepare(
    state: &GraphqlState,
    text: &str,
    name: Option<String>,
    variables: Map<String, Json>,
    only_queries: bool,
) -> Result<Prepared, Refusal> {
    let document = state.documents.read(text)?;
    let operation = &document.operation(name.as_deref())?.node;
    if name.is_none() {
        request_log::note_operation(document.only_name());
    }
    if only_queries {
        check_safe(operation.ty)?;
    }
    let coerced = coerce(&state.metadata, operation, variables)?;
    let price = price(&state.metadata, &document.parsed, operation, &coerced.variables, state.limits.page);
    request_log::note_cost(price.content);
    state.limits.check_cost(price)?;
    Ok(Prepared { document, name, coerced, price })
}

async fn run(state: &GraphqlState, prepared: &Prepared, caller: Caller, is_kept: bool) -> Result<Ran, Refusal> {
    let Prepared { document, name, coerced, price } = prepared;
    let operation = prepared.operation()?;
    let Limits { cost: most, answer_bytes, .. } = state.limits;
    let bytes = usize::try_from(price.bytes).unwrap_or(usize::MAX).min(answer_bytes);
    let ticket = state.flow.admit(caller.address, price.content, most, bytes).await?;

    let name = name.as_deref();
    let is_query = operation.ty == OperationType::Query;
    // What is not kept is made of what is in memory, too, and shall be no older than what is. If the log cannot be looked at, its
    // statements say so.
    if is_query && !state.store.is_fresh() {
        drop(state.store.refresh().await);
    }
    let run = async |request: Operation, mode: ValidationMode| {
        let how = How { mode, object_format: object_format(&document.roots), is_query, is_kept };
        state.executor.execute(request, caller.clone(), how).await
    };
    let run_as = async |mode: ValidationMode| run(request(document, name, coerced), mode).await;
    let (mut executed, passed) = match document.validation(name, operation, coerced) {
        Validation::Passed => (run_as(ValidationMode::Fast).await, None),
        Validation::WhenRun(key) => (run_as(ValidationMode::Strict).await, Some(key)),
        Validation::First(without_nulls, key) => {
            let validated =
                run(validation_request(document, name, &without_nulls), ValidationMode::Strict).await.response;
            if !was_run(&validated) {
                return Ok(Ran { response: validated, made: false, kept: None, ticket });
            }
            document.has_passed(key);
            (run_as(ValidationMode::Fast).await, None)
        }
    };
    let was_validated = passed.is_none() || was_run(&executed.response);
    if let Some(key) = passed.filter(|_| was_validated) {
        document.has_passed(key);
    }
    // A mutation is not run twice; its answer may lack what another node has made a moment ago.
    if executed.is_behind && is_query && state.store.refresh().await.is_ok() {
        executed = run_as(if was_validated { ValidationMode::Fast } else { ValidationMode::Strict }).await;
    }
    if executed.is_over || json::size(&executed.response.data) > answer_bytes {
        return response::too_large(operation, answer_bytes).map(|response| Ran {
            response,
            made: executed.made,
            kept: None,
            ticket,
        });
    }
    propagate_nulls(&state.metadata, &document.parsed, operation, &mut executed.response);
    let kept = executed.kept.filter(|_| !executed.is_behind && !executed.made);
    Ok(Ran { response: executed.response, made: executed.made, kept, ticket })
}

/// What running an operation came to.
pub(crate) struct Ran {
    pub(crate) response: Executed,
    /// Whether anything was written for it, or may have been.
    pub(crate) made: bool,
    /// What it was made of, if it can be kept.
    pub(crate) kept: Option<MadeOf>,
    /// What is under way until the answer is sent.
    pub(crate) ticket: Ticket,
}

/// A GET is safe by definition (RFC 9110 §9.2.1), so no mutation runs over one.
fn check_safe(ty: OperationType) -> Result<(), Refusal> {
    match ty {
        OperationType::Mutation => Err(Refusal::http(
            StatusCode::METHOD_NOT_ALLOWED,
            ErrorCode::MethodNotAllowed,
            "a mutation can be sent with POST only",
        )
        .with_header(header::ALLOW, HeaderValue::from_static("POST"))),
        _ => Ok(()),
    }
}
