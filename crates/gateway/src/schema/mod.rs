//! The schema: thin resolvers over loaders. Descriptions here are the product's documentation; they end up in
//! `schema.graphql`.

mod article;
mod by;
mod category;
mod connection;
mod context;
mod decree;
mod editorial;
mod feed;
mod filter;
mod id;
mod in_place;
mod mutation;
mod node;
mod parts;
mod person;
mod preview;
mod publication;
mod query;
mod related;
mod rich_text;
mod room;
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

pub use self::context::Form;
use self::{context::RequestContext, mutation::Mutation, query::Query, room::Room, scalar::SchemaScalars};
use crate::{
    caller::Caller,
    cost::SchemaPrices,
    identity::Identity,
    loader::{Round, drive},
};

type Executor = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The executors, and the store their loaders ask.
#[derive(Clone)]
pub struct Schema {
    /// It validates what it runs.
    executor: Executor,
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
    Schema { executor: builder().finish(), trusting, store, identity, answer_bytes, time }
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

/// Whether an operation still has to be validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// It may not fit the schema.
    Unknown,
    /// It has been run before, with variables of the same sort.
    Known,
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

/// What form objects can come in when this is asked of the roots. The executor joins what is asked for twice at the root,
/// in payloads of mutations and in the newsroom's types; anything else is resolved in place.
#[must_use]
pub fn form(roots: &Roots) -> Form {
    let is_joined = !roots.are_queries || roots.has_repeated_object || roots.fields.contains("editorial");
    if is_joined { Form::Values } else { Form::Written }
}

/// Runs one request, with loaders and a view of the reference data of its own.
pub async fn execute(schema: &Schema, request: Request, caller: Caller, validity: Validity, form: Form) -> Executed {
    let (round, is_behind) = (Round::default(), Arc::new(AtomicBool::new(false)));
    let room = Arc::new(Room::of(schema.answer_bytes));
    let time = if caller.viewer.is_some() { schema.time.signed_in } else { schema.time.anonymous };
    let store = schema.store.within(Budget::new(time)).noting();
    let context = RequestContext::new(
        store.clone(),
        &schema.identity,
        caller,
        form,
        round.clone(),
        is_behind.clone(),
        room.clone(),
    );
    let executor = match validity {
        Validity::Unknown => &schema.executor,
        Validity::Known => &schema.trusting,
    };
    let response = drive(round, executor.execute(request.data(context))).await;
    Executed { response, is_behind: is_behind.load(Ordering::Relaxed), is_over: room.is_over(), made: store.made() > 0 }
}
