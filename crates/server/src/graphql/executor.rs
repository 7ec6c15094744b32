//! What runs operations.

use async_graphql::{Request as Operation, Response};
use courant_gateway::{Caller, Event, Executed, Opened, Run, Schema};
use futures_util::future::BoxFuture;

/// What runs operations; a trait, so that a test can put a schema of its own behind the transport.
pub(crate) trait Executor: Send + Sync {
    /// Runs a query or a mutation.
    fn execute(&self, operation: Operation, caller: Caller, run: Run) -> BoxFuture<'static, Executed>;

    /// Opens a subscription. `resume` is where the client goes on, if it says so beside the operation; none comes of it when the executor
    /// was asked to run nothing of it.
    fn open(
        &self,
        operation: Operation,
        caller: Caller,
        run: Run,
        resume: Option<Box<str>>,
    ) -> BoxFuture<'static, Result<Option<Opened>, Response>>;

    /// Executes a subscription for something that has happened.
    fn tell(&self, operation: Operation, caller: Caller, run: Run, event: Event) -> BoxFuture<'static, Executed>;
}

impl Executor for Schema {
    fn execute(&self, operation: Operation, caller: Caller, run: Run) -> BoxFuture<'static, Executed> {
        let schema = self.clone();
        Box::pin(async move { courant_gateway::execute(&schema, operation, caller, run).await })
    }

    fn open(
        &self,
        operation: Operation,
        caller: Caller,
        run: Run,
        resume: Option<Box<str>>,
    ) -> BoxFuture<'static, Result<Option<Opened>, Response>> {
        let schema = self.clone();
        Box::pin(async move { courant_gateway::open(&schema, operation, caller, run, resume).await })
    }

    fn tell(&self, operation: Operation, caller: Caller, run: Run, event: Event) -> BoxFuture<'static, Executed> {
        let schema = self.clone();
        Box::pin(async move { courant_gateway::tell(&schema, operation, caller, run, event).await })
    }
}
