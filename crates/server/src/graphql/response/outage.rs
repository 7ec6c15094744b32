//! Answers to requests of which nothing could be done for now.

use async_graphql::{PathSegment, Response as Executed, ServerError, Value};
use axum::{http::header, response::Response};
use courant_gateway::error::ErrorCode;
use serde_json::json;

use super::{MOST_ERRORS, free, name};
use crate::{
    graphql::accept::Media,
    middleware::{
        refusal::{outage_status, retry_after},
        request_id::RequestId,
    },
};

/// The code of the first error, when every field at the root is missing because of an outage and there is nothing else to tell.
pub(super) fn of(executed: &Executed) -> Option<ErrorCode> {
    let first = code(executed.errors.first()?)?;
    let failed = |key: &str| {
        executed.errors.iter().any(|error| matches!(error.path.first(), Some(PathSegment::Field(name)) if name == key))
    };
    let nothing = match &executed.data {
        Value::Null => true,
        Value::Object(fields) => {
            let mut asked = fields.iter().filter(|(key, _)| key.as_str() != "__typename").peekable();
            asked.peek().is_some() && asked.all(|(key, value)| *value == Value::Null && failed(key))
        }
        _ => false,
    };
    (nothing && executed.errors.iter().all(|error| code(error).is_some())).then_some(first)
}

/// The code of an error that is one of an outage.
fn code(error: &ServerError) -> Option<ErrorCode> {
    let code = match error.extensions.as_ref()?.get("code")? {
        Value::Enum(name) => ErrorCode::of_name(name),
        Value::String(name) => ErrorCode::of_name(name),
        _ => None,
    };
    code.filter(|code| code.is_outage())
}

/// The answer without data, with the status of this code.
pub(super) fn respond(mut executed: Executed, why: ErrorCode, media: Media, id: &RequestId) -> Response {
    executed.errors.truncate(MOST_ERRORS);
    for error in &mut executed.errors {
        name(error, id);
        // It would lead into the data.
        error.path.clear();
    }
    let body = json!({ "errors": executed.errors });
    let status = outage_status(why).unwrap_or_default();
    let mut response = super::respond(status, media, serde_json::to_vec(&body), free);
    if let Some(seconds) = retry_after(why) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
