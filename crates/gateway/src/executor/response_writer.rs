//! The JSON of objects that are resolved eagerly.

use async_graphql::{ContextSelectionSet, ServerError, ServerResult, Value};
use courant_graphql::json;
use futures_util::future::{BoxFuture, try_join_all};

use crate::schema::{ObjectFormat, RequestContext};

/// What an object with a few fields takes, or a short list: room for it is asked for at once.
const USUAL_SIZE: usize = 512;

/// JSON that is being written, with places for what has to wait.
pub(crate) struct ResponseWriter<'a> {
    pub(super) json: Vec<u8>,
    pending: Vec<Pending<'a>>,
    pub(super) request: &'a RequestContext,
    /// Of the bytes in it, those that are taken of the budget already.
    taken: usize,
}

/// A value that is still to come, and where it goes.
struct Pending<'a> {
    at: usize,
    value: BoxFuture<'a, ServerResult<Value>>,
}

impl<'a> ResponseWriter<'a> {
    pub(super) fn new(context: &'a ContextSelectionSet<'a>) -> Self {
        let request = context.data_unchecked();
        Self { json: Vec::with_capacity(USUAL_SIZE), pending: Vec::new(), request, taken: 0 }
    }

    /// Fails once it is too long.
    pub(super) fn check(&self) -> ServerResult<()> {
        let budget = &self.request.byte_budget;
        if self.json.len() - self.taken > budget.left() { Err(budget.overrun()) } else { Ok(()) }
    }

    /// Appends a value.
    pub(super) fn write(&mut self, value: &Value) {
        if let Value::Binary(written) = value {
            self.taken += written.len();
        }
        json::write(&mut self.json, value);
    }

    /// Leaves a place here for a value that is still to come.
    pub(super) fn wait_for(&mut self, value: BoxFuture<'a, ServerResult<Value>>) {
        self.pending.push(Pending { at: self.json.len(), value });
    }

    /// Waits for what is missing, all of it at once.
    pub(super) async fn finish(self) -> ServerResult<Value> {
        let Self { mut json, pending, request, taken } = self;
        let budget = &request.byte_budget;
        budget.take(json.len() - taken)?;
        if !pending.is_empty() {
            let (positions, values): (Vec<usize>, Vec<_>) =
                pending.into_iter().map(|pending| (pending.at, pending.value)).unzip();
            let values = try_join_all(values).await?;
            for value in &values {
                // Objects have taken theirs already.
                if !matches!(value, Value::Binary(_)) {
                    budget.take(json::size(value))?;
                }
            }
            let begun = std::mem::take(&mut json);
            json.reserve_exact(begun.len() + values.iter().map(json::size).sum::<usize>());
            let mut from = 0;
            for (to, value) in positions.into_iter().zip(values) {
                json.extend_from_slice(&begun[from..to]);
                json::write(&mut json, &value);
                from = to;
            }
            json.extend_from_slice(&begun[from..]);
        }
        match request.object_format {
            ObjectFormat::Json => Ok(json::written(json)),
            ObjectFormat::Values => {
                serde_json::from_slice(&json).map_err(|error| ServerError::new(error.to_string(), None))
            }
        }
    }
}
