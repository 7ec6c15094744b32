//! From what came out to an HTTP response: codes for every error, the status, the media type.

mod outage;
mod streamed;

use async_graphql::{
    Name, PathSegment, Response as Executed, ServerError, Value,
    parser::types::{OperationDefinition, OperationType, Selection},
};
use axum::{
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::error::ErrorCode;
use courant_graphql::{executor::was_run, json};
use serde::Serialize;
use serde_json::Value as Json;

pub(crate) use self::streamed::{answer, ended, ending, event, is_outage, not_opened, not_run, problems, refusal};
use super::{
    accept::Media,
    handler::{GraphqlState, Prepared, Ran},
};
use crate::{
    cache::{CacheStatus, Kept, MadeOf},
    middleware::{
        flow::{Charge, hold},
        refusal::{Problem, Refusal},
        request_id::RequestId,
    },
};

/// The most errors an answer holds: a document of a few thousand tokens can have as many.
const MOST_ERRORS: usize = 50;

/// The answer to a request that was run.
///
/// Status 200 when it has a `data` entry, with or without errors beside it. (The draft of GraphQL over HTTP
/// recommends a status 294 of its own making for the latter in one place and 200 in another.) When nothing of it could be done
/// because the storage is full, or the database busy or away, it has none and says so by its status, but to clients that ask for
/// `application/json` by name: these go by the body alone.
pub(crate) fn executed(ran: Ran, media: Media, id: &RequestId) -> Response {
    let Ran { response: mut executed, made, ticket, .. } = ran;
    if !made
        && !media.legacy
        && let Some(code) = outage::of(&executed)
    {
        return outage::respond(executed, code, media, id);
    }
    if !was_run(&executed) {
        return refused(not_run(executed), media, id);
    }
    named(&mut executed, id);
    let json = written(&executed);
    let mut response = respond(StatusCode::OK, media, json, |json| {
        let bytes = json.capacity();
        hold(json.into(), ticket.answered(bytes))
    });
    // What a field says of its answer: that it is not to be kept, say.
    response.headers_mut().extend(executed.http_headers);
    response
}

/// The answer to be kept, if it is one for everybody: it has no errors, and no field says how it is to be kept.
pub(crate) fn to_keep(executed: &Executed, made_of: MadeOf, prepared: &Prepared) -> Option<Kept> {
    let is_plain = executed.errors.is_empty() && executed.extensions.is_empty() && executed.http_headers.is_empty();
    let json = written(executed).ok().filter(|_| is_plain && was_run(executed))?;
    Some(Kept::new(made_of, json).of(prepared.shown_name().map(Into::into), prepared.cost()))
}

/// An answer that is kept.
pub(crate) fn kept(
    (kept, found): (&Kept, CacheStatus),
    parts: &Parts,
    media: Media,
    state: &GraphqlState,
    charge: Charge,
) -> Response {
    let is_get = parts.method != Method::POST;
    let mut response = kept.respond(found, &parts.headers, is_get, charge);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_get {
        // Somebody who shows who they are may get another one.
        headers.append(header::VARY, HeaderValue::from_static("authorization"));
        state.answers.tell(headers, kept);
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The answer as JSON, in the order of the specification's examples (GraphQL, September 2025, §7.1): errors are seen first.
fn written(executed: &Executed) -> serde_json::Result<Vec<u8>> {
    // Of a large answer, no more is taken than it needs.
    let mut json = Vec::with_capacity(json::size(&executed.data).saturating_add(64).max(4096));
    json.push(b'{');
    if !executed.errors.is_empty() {
        json::write_key(&mut json, true, "errors");
        serde_json::to_writer(&mut json, &executed.errors)?;
    }
    json::write_key(&mut json, executed.errors.is_empty(), "data");
    json::write(&mut json, &executed.data);
    if !executed.extensions.is_empty() {
        json::write_key(&mut json, false, "extensions");
        serde_json::to_writer(&mut json, &executed.extensions)?;
    }
    json.push(b'}');
    Ok(json)
}

/// The answer, to look into it.
pub(crate) fn look(executed: &Executed) -> serde_json::Result<Json> {
    serde_json::from_slice(&written(executed)?)
}

/// The errors of a request that was not run, as an answer.
#[derive(Serialize)]
struct Body<'a> {
    errors: &'a [Problem],
}

fn tidy(refusal: &mut Refusal) {
    // Several of the executor's rules can find the same.
    refusal.problems.dedup();
    refusal.problems.truncate(MOST_ERRORS);
}

/// The answer to a request that was not run.
pub(crate) fn refused(mut refusal: Refusal, media: Media, id: &RequestId) -> Response {
    let status = if refusal.of_document && media.legacy { StatusCode::OK } else { refusal.status };
    tidy(&mut refusal);
    tracing::debug!(request_id = %id, code = refusal.problems.first().map(|problem| problem.code.as_str()), "refused");
    let json = serde_json::to_vec(&Body { errors: &refusal.problems });
    let mut response = respond(status, media, json, free);
    if let Some((name, value)) = refusal.header {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The answer when we fail. What happened has been logged with the id.
pub(crate) fn internal(media: Media, id: &RequestId) -> Response {
    let body = serde_json::json!({
        "errors": [{
            "message": "internal error",
            "extensions": { "code": ErrorCode::Internal.as_str(), "requestId": id.as_str() },
        }],
    });
    respond(StatusCode::INTERNAL_SERVER_ERROR, media, serde_json::to_vec(&body), free)
}

/// The answer to an operation that was run, and that would be too large: of a query nothing is told, of a mutation that it was
/// run, of a subscription that there was an event.
pub(crate) fn too_large(operation: &OperationDefinition, limit: usize) -> Result<Executed, Refusal> {
    let code = ErrorCode::AnswerTooLarge;
    let message = match operation.ty {
        OperationType::Query => {
            let message = format!("the answer would be larger than {limit} bytes; ask for less at once");
            return Err(Problem::new(code, message).into());
        }
        OperationType::Mutation => {
            format!("the operation was run, but what it answers is larger than {limit} bytes and is left out")
        }
        OperationType::Subscription => format!("this event's answer is larger than {limit} bytes and is left out"),
    };
    let root = operation.selection_set.node.items.iter().find_map(|root| match &root.node {
        Selection::Field(field) => Some(field.node.response_key().node.to_string()),
        _ => None,
    });
    let mut error = ServerError::new(message, None).with_path(vec![PathSegment::Field(root.unwrap_or_default())]);
    error.extensions.get_or_insert_default().set("code", Value::Enum(Name::new(code.as_str())));
    Ok(Executed::from_errors(vec![error]))
}

/// Sees to it that there are not too many errors, and that each has a code.
fn named(executed: &mut Executed, id: &RequestId) {
    executed.errors.truncate(MOST_ERRORS);
    executed.errors.iter_mut().for_each(|error| name(error, id));
}

/// Sees to it that an error of the execution has a code, and the request's id when it is ours.
///
/// Resolvers' errors have a code. The executor's own, which have none, are about arguments whose scalar does not
/// read them; anything else is none of the client's business.
fn name(error: &mut ServerError, id: &RequestId) {
    let extensions = error.extensions.get_or_insert_default();
    let code = match extensions.get("code") {
        Some(Value::Enum(code)) => code.to_string(),
        Some(Value::String(code)) => code.clone(),
        _ if is_of_input(&error.message) => {
            // The types it is within, which the argument's place in the document shows.
            if let Some(end) = error.message.find(" (occurred while parsing ") {
                error.message.truncate(end);
            }
            extensions.set("code", Value::Enum(Name::new(ErrorCode::BadUserInput.as_str())));
            return;
        }
        _ => {
            tracing::error!(request_id = %id, message = error.message, "an error without a code");
            "internal error".clone_into(&mut error.message);
            extensions.set("code", Value::Enum(Name::new(ErrorCode::Internal.as_str())));
            ErrorCode::Internal.as_str().to_owned()
        }
    };
    if code == ErrorCode::Internal.as_str() {
        tracing::error!(request_id = %id, path = %path(&error.path), "a field failed");
        extensions.set("requestId", Value::String(id.as_str().to_owned()));
    }
}

/// The beginnings of the executor's errors about arguments (async-graphql 8.0.0-rc.5, `error.rs`).
fn is_of_input(message: &str) -> bool {
    ["Failed to parse \"", "Expected input type \"", "Invalid value for argument "]
        .iter()
        .any(|start| message.starts_with(start))
}

fn path(path: &[PathSegment]) -> String {
    let segments = path.iter().map(|segment| match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

/// The body of an answer that is small.
fn free(json: Vec<u8>) -> Response {
    Response::new(json.into())
}

fn respond(
    status: StatusCode,
    media: Media,
    body: serde_json::Result<Vec<u8>>,
    of: impl FnOnce(Vec<u8>) -> Response,
) -> Response {
    let (status, body) = match body {
        Ok(body) => (status, body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                br#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#.to_vec(),
            )
        }
    };
    let mut response = of(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, media.content_type());
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    // Until answers are cached on purpose, nothing in between keeps them.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
