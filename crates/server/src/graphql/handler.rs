//! A GraphQL request, stage by stage.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request as Operation, Response as Executed,
    parser::types::{OperationType, Selection},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::{
    Caller, Form, Validity,
    error::{Error, ErrorCode},
    form,
};
use courant_graphql::{Coerced, Documents, Limits, Shape, coerce, json, leave_out, price, put_nulls, settle};
use courant_persistence::Store;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value as Json};

use super::{accept, body, params, response};
use crate::middleware::{
    auth::{Authentication, Unknown},
    flow::{Begun, Flow, Ticket},
    refusal::Refusal,
    request_id::id_of,
};

/// Runs an operation. A function, so that a test can put a schema of its own behind the transport.
pub(crate) type Execute =
    Arc<dyn Fn(Operation, Caller, Validity, Form) -> BoxFuture<'static, courant_gateway::Executed> + Send + Sync>;

/// What a GraphQL request is answered with.
pub(crate) struct GraphqlState {
    pub(crate) execute: Execute,
    pub(crate) shape: Arc<Shape>,
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
    let begun = match state.flow.begin(state.authentication.address(&parts)) {
        Ok(begun) => begun,
        Err(refusal) => return response::refused(refusal, media, &id),
    };
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
    match run(&state, &parts, body, caller, &begun).await {
        Ok(ran) => response::executed(ran, media, &id),
        Err(refusal) => response::refused(refusal, media, &id),
    }
}

async fn run(state: &GraphqlState, parts: &Parts, body: Body, caller: Caller, begun: &Begun) -> Result<Ran, Refusal> {
    let params = if parts.method == Method::POST {
        let packing = params::check_content_type(&parts.headers)?;
        let (limit, charge) = (state.limits.body_bytes, state.flow.reading(begun));
        params::from_json(&body::read(body, packing, limit, state.body_patience, charge).await?)?
    } else {
        params::from_query(parts.uri.query().unwrap_or_default())?
    };

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
    let coerced = coerce(&state.shape, operation, variables)?;
    let price = price(&state.shape, &document.parsed, operation, &coerced.variables, state.limits.page);
    state.limits.check_cost(price)?;
    let Limits { cost: most, answer_bytes, .. } = state.limits;
    let bytes = usize::try_from(price.bytes).unwrap_or(usize::MAX).min(answer_bytes);
    let ticket = state.flow.admit(caller.address, price.content, most, bytes).await?;

    // Answers that are cached come out here: everything that an answer depends on is known.
    let run = async |coerced: &Coerced, validity: Validity, purpose: Purpose| {
        let mut parsed = document.parsed.clone();
        settle(&mut parsed, name.as_deref(), &coerced.variables, &coerced.omitted);
        if purpose == Purpose::Validation {
            leave_out(&mut parsed, name.as_deref());
        }
        let mut operation = Operation::new(String::new()).variables(coerced.variables.clone());
        operation.operation_name.clone_from(&name);
        operation.set_parsed_query(parsed);
        (state.execute)(operation, caller.clone(), validity, form(&document.roots)).await
    };
    let key = |coerced: &Coerced| format!("{} {}", coerced.sort(operation), name.as_deref().unwrap_or_default());
    let known = |key: &str| if document.is_valid(key) { Validity::Known } else { Validity::Unknown };
    let mut validity = Validity::Known;
    let mut to_pass = None;
    let without_nulls = match operation.ty {
        OperationType::Query => coerced.without_nulls(operation, &document.fragile),
        // What has been done before a field fails would have been done for an answer that is null.
        OperationType::Mutation | OperationType::Subscription => None,
    };
    match without_nulls {
        // Validation would refuse these nulls, which are for the field they are given to. Without them, it has to pass.
        Some(coerced) => {
            let key = key(&coerced);
            if known(&key) == Validity::Unknown {
                let validated = run(&coerced, Validity::Unknown, Purpose::Validation).await.response;
                if !response::was_run(&validated) {
                    return Ok(Ran { response: validated, made: false, ticket });
                }
                document.has_passed(key);
            }
        }
        None => {
            let key = key(&coerced);
            validity = known(&key);
            to_pass = Some(key).filter(|_| validity == Validity::Unknown);
        }
    }
    let mut executed = run(&coerced, validity, Purpose::Answer).await;
    if let Some(key) = to_pass.filter(|_| response::was_run(&executed.response)) {
        document.has_passed(key);
    }
    // A mutation is not run twice; its answer may lack what another node has made a moment ago.
    if executed.is_behind && operation.ty == OperationType::Query && state.store.refresh().await.is_ok() {
        executed = run(&coerced, validity, Purpose::Answer).await;
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
    put_nulls(&state.shape, &document.parsed, operation, &mut executed.response);
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

/// What an operation is given to the executor for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Answer,
    /// It is looked at, and nothing of it is run.
    Validation,
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
