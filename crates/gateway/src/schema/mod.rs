//! The schema: thin resolvers over loaders. Descriptions here are the product's documentation; they end up in
//! `schema.graphql`.

mod article;
mod by;
mod category;
mod connection;
mod context;
mod decree;
mod feed;
mod filter;
mod id;
mod mutation;
mod newsroom;
mod node;
mod person;
mod preview;
mod projection;
mod publication;
mod query;
mod related;
mod rich_text;
mod route;
mod scalar;
mod site;
mod tag;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{EmptySubscription, Request, Response, SchemaBuilder, ValidationMode};
use courant_graphql::{Roots, SchemaMetadata};
use courant_persistence::{Budget, Store};

pub use self::context::ObjectFormat;
pub(crate) use self::context::RequestContext;
use self::{mutation::Mutation, query::Query, scalar::SchemaScalars};
use crate::{caller::Caller, cost::SchemaPrices, executor::ByteBudget, identity::Identity, loader::BatchScheduler};

type Executor = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The executors, and the store their loaders ask.
#[derive(Clone)]
pub struct Schema {
    /// It validates what it runs.
    validating: Executor,
    /// It runs what the other one has validated.
    trusting: Executor,
    store: Store,
    identity: Arc<Identity>,
    /// How many bytes an answer may have.
    answer_bytes: usize,
    time: DatabaseTime,
}

/// How long the database may work for one request.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseTime {
    /// Of nobody.
    pub anonymous: Duration,
    /// Of somebody who has shown who they are.
    pub signed_in: Duration,
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Executor::build(Query, Mutation::default(), EmptySubscription)
        // The transport bounds documents before they come here; this is the second lock on the same door.
        .limit_recursive_depth(64)
        .disable_suggestions()
}

/// The schema over a store.
#[must_use]
pub fn build(store: Store, identity: Arc<Identity>, time: DatabaseTime, answer_bytes: usize) -> Schema {
    let trusting = builder().validation_mode(ValidationMode::Fast).finish();
    Schema { validating: builder().finish(), trusting, store, identity, answer_bytes, time }
}

/// The schema in the schema definition language, as clients and generators read it. It has no description of the schema as
/// a whole, which older parsers do not know (graphql-parser, and with it graphql_client).
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .use_space_ident()
        .include_specified_by()
        .prefer_single_line_descriptions();
    builder().finish().sdl_with_options(options)
}

/// What running a request came to.
pub struct Executed {
    /// The response of the executor.
    pub response: Response,
    /// Whether rows named reference data that this node has not heard of yet.
    pub is_behind: bool,
    /// Whether the answer was cut short, because it would have become too large.
    pub is_over: bool,
    /// Whether anything was written for it, or may have been.
    pub made: bool,
}

/// The schema as documents are checked and priced against it.
///
/// # Panics
/// Never: a test reads it.
#[must_use]
pub fn metadata() -> SchemaMetadata {
    #[expect(clippy::expect_used, reason = "the schema is ours, and a test reads it: this fails at start or never")]
    SchemaMetadata::read(&sdl(), &SchemaScalars, &SchemaPrices).expect("the schema can be read")
}

/// What objects can come as when this is asked of the roots. The executor joins what is asked for twice at the root,
/// in payloads of mutations and in the newsroom's types; anything else is resolved eagerly.
#[must_use]
pub fn object_format(roots: &Roots) -> ObjectFormat {
    let is_joined = !roots.are_queries || roots.has_repeated_object || roots.fields.contains("editorial");
    if is_joined { ObjectFormat::Values } else { ObjectFormat::Json }
}

/// Runs one request, with loaders and a view of the reference data of its own. It is validated first in the mode
/// [`ValidationMode::Strict`] alone.
pub async fn execute(
    schema: &Schema,
    request: Request,
    caller: Caller,
    mode: ValidationMode,
    object_format: ObjectFormat,
) -> Executed {
    let (scheduler, is_behind) = (BatchScheduler::default(), Arc::new(AtomicBool::new(false)));
    let byte_budget = Arc::new(ByteBudget::of(schema.answer_bytes));
    let time = if caller.viewer.is_some() { schema.time.signed_in } else { schema.time.anonymous };
    let store = schema.store.within(Budget::new(time)).noting();
    let context = RequestContext::new(
        store.clone(),
        &schema.identity,
        caller,
        object_format,
        scheduler.clone(),
        is_behind.clone(),
        byte_budget.clone(),
    );
    let executor = match mode {
        ValidationMode::Strict => &schema.validating,
        ValidationMode::Fast => &schema.trusting,
    };
    let response = scheduler.run(Box::pin(executor.execute(request.data(context)))).await;
    Executed {
        response,
        is_behind: is_behind.load(Ordering::Relaxed),
        is_over: byte_budget.is_over(),
        made: store.made() > 0,
    }
}
