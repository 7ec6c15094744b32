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
pub(crate) mod scalar;
mod site;
mod tag;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    EmptySubscription, Request, Response, SchemaBuilder, ValidationMode,
    parser::types::{Field, OperationType},
};
use courant_persistence::{Budget, Store};

pub(crate) use self::context::Form;
use self::{context::RequestContext, mutation::Mutation, query::Query, room::Room};
use crate::{
    caller::Caller,
    identity::Identity,
    loader::{Round, drive},
};

type Executor = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The executors, and the store their loaders ask.
#[derive(Clone)]
pub(crate) struct Schema {
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
pub(crate) struct DatabaseTime {
    /// Of nobody.
    pub(crate) anonymous: Duration,
    /// Of somebody who has shown who they are.
    pub(crate) signed_in: Duration,
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Executor::build(Query, Mutation::default(), EmptySubscription)
        // The transport bounds documents before they come here; this is the second lock on the same door.
        .limit_recursive_depth(64)
        .disable_suggestions()
}

/// The schema over a store.
pub(crate) fn build(store: Store, identity: Arc<Identity>, time: DatabaseTime, answer_bytes: usize) -> Schema {
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
pub(crate) struct Executed {
    pub(crate) response: Response,
    /// Whether rows named reference data that this node has not heard of yet.
    pub(crate) is_behind: bool,
    /// Whether the answer was cut short, because it would have become too large.
    pub(crate) is_over: bool,
    /// Whether anything was written for it, or may have been.
    pub(crate) made: bool,
}

/// Whether an operation still has to be validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validity {
    /// It may not fit the schema.
    Unknown,
    /// It has been run before, with variables of the same sort.
    Known,
}

/// What form objects can come in when these fields are asked of the root. The executor joins what is asked for twice at the root,
/// in payloads of mutations and in the newsroom's types; anything else is resolved in place.
pub(crate) fn form(ty: OperationType, root: &[&Field]) -> Form {
    let is_joined = |(at, field): (usize, &&Field)| {
        let mut before = root[..at].iter();
        let key = &field.response_key().node;
        let is_leaf = field.selection_set.node.items.is_empty();
        field.name.node == "editorial" || (!is_leaf && before.any(|other| other.response_key().node == *key))
    };
    if ty == OperationType::Query && !root.iter().enumerate().any(is_joined) { Form::Written } else { Form::Values }
}

/// Runs one request, with loaders and a view of the reference data of its own.
pub(crate) async fn execute(
    schema: &Schema,
    request: Request,
    caller: Caller,
    validity: Validity,
    form: Form,
) -> Executed {
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
