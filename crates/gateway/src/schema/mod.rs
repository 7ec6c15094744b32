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
mod mutation;
mod node;
mod parts;
mod person;
mod preview;
mod publication;
mod query;
mod related;
mod rich_text;
mod route;
mod scalar;
mod site;
mod tag;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{EmptySubscription, Request, Response};
use courant_persistence::Store;

use self::{context::RequestContext, mutation::Mutation, query::Query};
use crate::{
    caller::Caller,
    identity::Identity,
    loader::{Round, drive},
};

type Executor = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The executor, and the store its loaders ask.
#[derive(Clone)]
pub(crate) struct Schema {
    executor: Executor,
    store: Store,
    identity: Arc<Identity>,
}

fn executor() -> Executor {
    Executor::build(Query, Mutation::default(), EmptySubscription)
        // The transport bounds documents before they come here; this is the second lock on the same door.
        .limit_recursive_depth(64)
        .disable_suggestions()
        .finish()
}

/// The schema over a store.
pub(crate) fn build(store: Store, identity: Arc<Identity>) -> Schema {
    Schema { executor: executor(), store, identity }
}

/// The schema in the schema definition language, as clients and generators read it. It has no description of the schema as
/// a whole, which older parsers do not know (graphql-parser, and with it graphql_client).
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .use_space_ident()
        .include_specified_by()
        .prefer_single_line_descriptions();
    executor().sdl_with_options(options)
}

/// What running a request came to.
pub(crate) struct Executed {
    pub(crate) response: Response,
    /// Whether rows named reference data that this node has not heard of yet.
    pub(crate) is_behind: bool,
}

/// Runs one request, with loaders and a view of the reference data of its own.
pub(crate) async fn execute(schema: &Schema, request: Request, caller: Caller) -> Executed {
    let (round, is_behind) = (Round::default(), Arc::new(AtomicBool::new(false)));
    let context = RequestContext::new(&schema.store, &schema.identity, caller, round.clone(), is_behind.clone());
    let response = drive(round, schema.executor.execute(request.data(context))).await;
    Executed { response, is_behind: is_behind.load(Ordering::Relaxed) }
}
