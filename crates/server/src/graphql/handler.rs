//! A GraphQL request, stage by stage.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request as Operation, Response as Executed, ValidationMode,
    parser::types::{OperationType, Selection},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::{
    Caller, ObjectFormat,
    error::{Error, ErrorCode},
    object_format,
};
use courant_graphql::{
    Documents, Limits, SchemaMetadata, Validation, coerce,
    executor::{propagate_nulls, request, validation_request, was_run},
    json, price,
};
use courant_persistence::Store;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value as Json};

use super::{accept, body, params, response};
use crate::middleware::{
    auth::{Authentication, Unknown},
    flow::{Flow, Read, Ticket},
    refusal::Refusal,
    request_id::id_of,
};

/// Runs an operation. A function, so that a test can put a schema of its own behind the transport.
pub(crate) type Execute = Arc<
    dyn Fn(Operation, Caller, ValidationMode, ObjectFormat) -> BoxFuture<'static, courant_gateway::Executed>
        + Send
        + Sync,
>;

/// What a GraphQL request is answered with.
pub(crate) struct GraphqlState {
    pub(crate) execute: Execute,
    pub(crate) metadata: Arc<SchemaMetadata>,
    pub(crate) documents: Documents,
    pub(crate) flow: Flow,
    pub(crate) limits: Limits,
    pub(crate) body_patience: Duration,
    pub(crate) authentication: Authentication,
    pub(crate) store: Store,
}

/// `POST` and `GET` of `/graphql`.
pub(crate) async fn graphql(State(state): State<Arc<GraphqlState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = id_of(&parts.extensions);
    let media = match accept::negotiate(&parts.headers) {
        Ok(media) => media,
        Err(refusal) => return response::refused(refusal, accept::Media::JSON, &id),
    };
    let read = state.flow.read(state.authentication.address(&parts));
    let caller = match state.authentication.authenticate(&parts, &id).await {
        Ok(caller) => caller,
        Err(Unknown::Refused(refusal)) => return response::refused(refusal, media, &id),
        Err(Unknown::Failed(error)) => {
            return match Refusal::outage(Error::of_store(&error)) {
                Some(refusal) => response::refused(refusal, media, &id),
                None => response::internal(media, &id),
            };
        }
    };
    match run(&state, &parts, body, caller, read).await {
        Ok(ran) => response::executed(ran, media, &id),
        Err(refusal) => response::refused(refusal, media, &id),
    }
}

async fn run(state: &GraphqlState, parts: &Parts, body: Body, caller: Caller, mut read: Read) -> Result<Ran, Refusal> {
    let params = if parts.method == Method::POST {
        let packing = params::check_content_type(&parts.headers)?;
        let limit = state.limits.body_bytes;
        params::from_json(&body::read(body, packing, limit, state.body_patience, &mut read).await?)?
    } else {
        params::from_query(parts.uri.query().unwrap_or_default())?
    };
    let _begun = state.flow.begin(read)?;

    let only_queries = parts.method != Method::POST;
    execute(state, &params.query, params.operation_name, params.variables, caller, only_queries).await
}

/// Runs an operation: the one of this name, or the only one of the document.
pub(crate) async fn execute(
    state: &GraphqlState,
    text: &str,
    name: Option<String>,
    variables: Map<String, Json>,
    caller: Caller,
    only_queries: bool,
) -> Result<Ran, Refusal> {
    let document = state.documents.read(text)?;
    let operation = &document.operation(name.as_deref())?.node;
    if only_queries {
        check_safe(operation.ty)?;
    }
    let coerced = coerce(&state.metadata, operation, variables)?;
    let price = price(&state.metadata, &document.parsed, operation, &coerced.variables, state.limits.page);
    state.limits.check_cost(price)?;
    let Limits { cost: most, answer_bytes, .. } = state.limits;
    let bytes = usize::try_from(price.bytes).unwrap_or(usize::MAX).min(answer_bytes);
    let ticket = state.flow.admit(caller.address, price.content, most, bytes).await?;

    // Answers that are cached come out here: everything that an answer depends on is known.
    let name = name.as_deref();
    let run = async |request: Operation, mode: ValidationMode| {
        (state.execute)(request, caller.clone(), mode, object_format(&document.roots)).await
    };
    let run_as = async |mode: ValidationMode| run(request(&document, name, &coerced), mode).await;
    let (mut executed, passed) = match document.validation(name, operation, &coerced) {
        Validation::Passed => (run_as(ValidationMode::Fast).await, None),
        Validation::WhenRun(key) => (run_as(ValidationMode::Strict).await, Some(key)),
        Validation::First(without_nulls, key) => {
            let validated =
                run(validation_request(&document, name, &without_nulls), ValidationMode::Strict).await.response;
            if !was_run(&validated) {
                return Ok(Ran { response: validated, made: false, ticket });
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
    if executed.is_behind && operation.ty == OperationType::Query && state.store.refresh().await.is_ok() {
        executed = run_as(if was_validated { ValidationMode::Fast } else { ValidationMode::Strict }).await;
    }
    if executed.is_over || json::size(&executed.response.data) > answer_bytes {
        let root = operation.selection_set.node.items.iter().find_map(|root| match &root.node {
            Selection::Field(field) => Some(field.node.response_key().node.as_str()),
            _ => None,
        });
        return response::too_large(operation.ty, root.unwrap_or_default(), answer_bytes).map(|response| Ran {
            response,
            made: executed.made,
            ticket,
        });
    }
    propagate_nulls(&state.metadata, &document.parsed, operation, &mut executed.response);
    Ok(Ran { response: executed.response, made: executed.made, ticket })
}

/// What running an operation came to.
pub(crate) struct Ran {
    pub(crate) response: Executed,
    /// Whether anything was written for it, or may have been.
    pub(crate) made: bool,
    /// What is under way until the answer is sent.
    pub(crate) ticket: Ticket,
}

/// A GET is safe by definition (RFC 9110 §9.2.1), so no mutation runs over one. Subscriptions have a transport of
/// their own.
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
