//! The answer to the operation that the app would ask first, sent along with the page.

use async_graphql::{PathSegment, ServerError, Value};
use axum::http::StatusCode;
use courant_gateway::{Caller, error::ErrorCode};
use serde_json::{Map, Value as Json, json};

use super::{bundle::PageOperation, html::in_script, place::Asked, plain::Page};
use crate::{
    cache::MadeOf,
    graphql::{
        handler::{self, GraphqlState, Ran},
        response,
    },
    middleware::{flow::Ticket, request_log},
};

/// The answer to the page's first operation.
pub(super) struct First {
    /// The element that holds it; nothing when the app is to ask itself.
    pub(super) element: String,
    /// Its data.
    pub(super) data: Json,
    /// Why there is none.
    pub(super) failed: Option<Failed>,
    /// What it was made of, if the page can be kept.
    pub(super) made_of: Option<MadeOf>,
    pub(super) ticket: Option<Ticket>,
}

/// Why an operation has no answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failed {
    /// What the address holds means nothing.
    Meaningless,
    /// It could not be run.
    Unavailable,
    /// The index of the search is being built.
    Unready,
}

impl Failed {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Meaningless => StatusCode::NOT_FOUND,
            Self::Unavailable | Self::Unready => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The page that says so.
    pub(super) const fn page(self) -> Page {
        match self {
            Self::Meaningless => Page::NotFound,
            Self::Unavailable => Page::Away,
            Self::Unready => Page::Unready,
        }
    }
}

/// Codes of errors by which the address means nothing: a foreign language, a cursor of no list.
const MEANINGLESS: [ErrorCode; 3] = [ErrorCode::UnknownLocale, ErrorCode::BadCursor, ErrorCode::BadUserInput];

/// Codes of errors by which the page, or a part of it, cannot be had now.
const OUTAGES: [ErrorCode; 3] = [ErrorCode::StorageFull, ErrorCode::Busy, ErrorCode::Unavailable];

/// Asks it.
pub(super) async fn first_answer(graphql: &GraphqlState, asked: &Asked<'_>, caller: Caller, is_kept: bool) -> First {
    let PageOperation { operation, document, .. } = asked.operation;
    request_log::note_operation(Some(operation));
    let without = |failed: Failed| First {
        element: String::new(),
        data: Json::Null,
        failed: Some(failed),
        made_of: None,
        ticket: None,
    };
    let Ran { response: executed, kept, ticket, .. } =
        match run(graphql, document, operation, asked.variables.clone(), caller, is_kept).await {
            Ok(ran) => ran,
            Err(failed) => return without(failed),
        };
    let has_code = |error: &ServerError, codes: &[ErrorCode]| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        codes.iter().any(|known| code == Some(&known.as_str().into()))
    };
    let is_meaningless = |error: &ServerError| has_code(error, &MEANINGLESS);
    let is_outage = |error: &ServerError| has_code(error, &OUTAGES);
    if executed.errors.iter().any(is_meaningless) {
        return without(Failed::Meaningless);
    }
    if executed.errors.iter().any(|error| has_code(error, &[ErrorCode::SearchRebuilding])) {
        return without(Failed::Unready);
    }
    // What the page is about: anything of its route, or a list that could not be had at all. Of what stands beside, a part may be missing.
    let of_page = |error: &ServerError| match error.path.as_slice() {
        [_] => true,
        [PathSegment::Field(name), ..] => name == "route",
        _ => false,
    };
    if executed.data == Value::Null || executed.errors.iter().any(|error| of_page(error) || is_outage(error)) {
        return without(Failed::Unavailable);
    }
    let Ok(result) = response::look(&executed) else { return without(Failed::Unavailable) };
    let mut data = json!({ "operation": operation, "variables": asked.variables, "result": result });
    // The app finds it by what no text can make: a script element, and an attribute of ours.
    let element = format!("<script type=\"application/json\" data-courant-data>{}</script>", in_script(&data));
    let data = data["result"]["data"].take();
    let made_of = kept.filter(|_| executed.errors.is_empty());
    First { element, data, failed: None, made_of, ticket: Some(ticket) }
}

/// Runs an operation of the app's or of ours, as nobody.
pub(super) async fn run(
    graphql: &GraphqlState,
    document: &str,
    operation: &str,
    variables: Map<String, Json>,
    caller: Caller,
    is_kept: bool,
) -> Result<Ran, Failed> {
    match handler::execute(graphql, document, Some(operation.to_owned()), variables, caller, is_kept).await {
        Ok(ran) => Ok(ran),
        Err(refusal) if refusal.problems.iter().all(|problem| MEANINGLESS.contains(&problem.code)) => {
            Err(Failed::Meaningless)
        }
        Err(refusal) => {
            tracing::warn!(operation, problems = ?refusal.problems, "an operation of the reader app is refused");
            Err(Failed::Unavailable)
        }
    }
}
