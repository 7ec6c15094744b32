//! Answers that are sent over something else than a response of their own.

use async_graphql::{Response as Executed, ServerError, Value};
use bytes::Bytes;
use courant_gateway::error::ErrorCode;
use courant_graphql::executor::was_run;

use super::{Body, name, named, outage, tidy, written};
use crate::{
    middleware::{
        refusal::{Problem, Refusal},
        request_id::RequestId,
    },
    subscription::Ending,
};

/// The answer to an operation as JSON.
///
/// # Errors
/// When it was not run, as its document does not fit the schema.
pub(crate) fn answer(executed: Executed, id: &str) -> Result<Bytes, Refusal> {
    if was_run(&executed) { Ok(event(executed, id)) } else { Err(not_run(executed)) }
}

/// The answer of what was run, as JSON.
pub(crate) fn event(mut executed: Executed, id: &str) -> Bytes {
    named(&mut executed, &RequestId::given(id));
    json(written(&executed))
}

/// Whether nothing of it could be executed, for a reason that passes.
pub(crate) fn is_outage(executed: &Executed) -> bool {
    outage::of(executed).is_some()
}

/// Why a document was not run that does not fit the schema.
pub(crate) fn not_run(executed: Executed) -> Refusal {
    let problems = executed.errors.into_iter().map(|error| Problem {
        code: ErrorCode::ValidationFailed,
        message: error.message,
        positions: error.locations,
    });
    Refusal::document(problems.collect())
}

/// Why a subscription was not opened: its document does not fit, or its field has refused it.
pub(crate) fn not_opened(mut executed: Executed, id: &str) -> Refusal {
    if executed.errors.iter().all(|error| error.path.is_empty()) {
        return not_run(executed);
    }
    let id = RequestId::given(id);
    executed.errors.iter_mut().for_each(|error| name(error, &id));
    let code = |error: &ServerError| match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::Enum(name)) => ErrorCode::of_name(name),
        Some(Value::String(name)) => ErrorCode::of_name(name),
        _ => None,
    };
    let problems = executed.errors.into_iter().map(|error| Problem {
        code: code(&error).unwrap_or(ErrorCode::Internal),
        message: error.message,
        positions: error.locations,
    });
    Refusal::document(problems.collect())
}

/// The answer to what was not run.
pub(crate) fn refusal(mut refusal: Refusal) -> Bytes {
    tidy(&mut refusal);
    json(serde_json::to_vec(&Body { errors: &refusal.problems }))
}

/// The errors alone of what was not run.
pub(crate) fn problems(mut refusal: Refusal) -> Bytes {
    tidy(&mut refusal);
    json(serde_json::to_vec(&refusal.problems))
}

/// The answer in which a subscription ends otherwise than by its client's wish.
pub(crate) fn ended(ending: Ending) -> Bytes {
    refusal(why(ending))
}

/// The errors alone of such an answer.
pub(crate) fn ending(ending: Ending) -> Bytes {
    problems(why(ending))
}

fn why(ending: Ending) -> Refusal {
    let (code, message) = match ending {
        Ending::Unauthorised => {
            (ErrorCode::Unauthenticated, "what was shown to be allowed to subscribe does not hold any more")
        }
        Ending::Failed => (ErrorCode::Unavailable, "the subscription cannot be carried on; subscribe again"),
    };
    Problem::new(code, message).into()
}

fn json(written: serde_json::Result<Vec<u8>>) -> Bytes {
    written.map_or_else(
        |error| {
            tracing::error!(%error, "an answer could not be written");
            Bytes::from_static(br#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#)
        },
        Into::into,
    )
}
