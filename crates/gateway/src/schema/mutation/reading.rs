//! Telling that something was read.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use courant_domain::{
    problem::{Problem, ProblemCode},
    reading::EditionName,
};

use super::UserError;
use crate::schema::context::request;

/// What was read.
#[derive(InputObject)]
pub(crate) struct RecordViewInput {
    /// The article or the decree: its id.
    id: ID,
}

/// What came of telling that something was read.
#[derive(SimpleObject)]
pub(crate) struct RecordViewPayload {
    /// Why it could not be taken in; empty when it was, whether it counts or not.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct ReadingMutations;

#[Object]
impl ReadingMutations {
    /// Tells that a reader looks at an article or a decree. It counts once for a reader, an edition and a day, if it is of something
    /// live and the request is a reader's own; who the reader is, is not kept. The answer does not say whether it counts. Counts and
    /// lists ordered by them show it some seconds later. Needs no permission.
    async fn record_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was read.")] input: RecordViewInput,
    ) -> Option<RecordViewPayload> {
        let context = request(ctx);
        let Some(edition) = EditionName::of_global_id(&input.id) else {
            let problem = Problem::new(ProblemCode::Invalid, "id", "this is no id of an article or a decree");
            return Some(RecordViewPayload { user_errors: vec![problem.into()] });
        };
        let caller = &context.caller;
        if caller.is_reading {
            let program = caller.program.as_deref().unwrap_or_default();
            context.reads.count(context.store.now(), caller.address, program, edition);
        }
        Some(RecordViewPayload { user_errors: Vec::new() })
    }
}
