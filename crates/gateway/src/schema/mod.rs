//! The schema: thin resolvers over loaders. Descriptions here are the product's documentation; they end up in
//! `schema.graphql`.

mod article;
mod by;
mod category;
mod change;
mod connection;
mod context;
mod decree;
mod definition;
mod feed;
mod feed_link;
mod filter;
mod id;
mod known;
mod mutation;
mod named;
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
mod search;
mod site;
mod subscription;
mod tag;
#[cfg(test)]
pub(crate) mod walk;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{Request, Response, SchemaBuilder, ValidationMode};
use courant_graphql::{Roots, SchemaMetadata, executor::WholePaths};
use courant_outbound::Public;
use courant_persistence::{Budget, Reads, Stamp, Store};
use courant_reads::{Counter, Settings};
use courant_search::SearchIndex;
use futures_util::StreamExt;

pub(crate) use self::context::RequestContext;
use self::{
    context::Execution,
    mutation::Mutation,
    query::Query,
    scalar::SchemaScalars,
    subscription::{Opening, Stage, Subscription},
};
pub use self::{
    context::ObjectFormat,
    newsroom::{CacheReached, OutsideReached, Reached},
    subscription::{Event, Followed, Opened, Topic},
};
pub use crate::loader::ObjectCache;
use crate::{
    caller::Caller,
    cost::SchemaPrices,
    executor::ByteBudget,
    identity::Identity,
    loader::{BatchScheduler, Objects},
    recorder::Recorder,
};

type Executor = async_graphql::Schema<Query, Mutation, Subscription>;

/// The executors, and the store their loaders ask.
#[derive(Clone)]
pub struct Schema {
    /// It validates what it runs.
    validating: Executor,
    /// It runs what was validated, where all objects are resolved eagerly.
    eager: Executor,
    /// It runs what was validated, where it joins objects itself.
    joining: Executor,
    store: Store,
    identity: Arc<Identity>,
    /// How many bytes an answer may have.
    answer_bytes: usize,
    time: DatabaseTime,
    /// Where messages of webhooks may be sent.
    destinations: Arc<Public>,
    reached: Arc<Reached>,
    objects: Arc<Objects>,
    search: SearchIndex,
    /// What counts reads.
    reads: Arc<Counter>,
    /// Where the site is; empty where that is not known.
    origin: Arc<str>,
}

/// How long the database may work for one request.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseTime {
    /// Of nobody.
    pub anonymous: Duration,
    /// Of somebody who has shown who they are.
    pub signed_in: Duration,
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Executor::build(Query, Mutation::default(), Subscription)
        // The transport bounds documents before they come here; this is the second lock on the same door.
        .limit_recursive_depth(64)
        .disable_suggestions()
}

/// The schema over a store.
#[must_use]
pub fn build(
    store: Store,
    identity: Arc<Identity>,
    time: DatabaseTime,
    answer_bytes: usize,
    destinations: Public,
    objects: ObjectCache,
) -> Schema {
    let destinations = Arc::new(destinations);
    // What is resolved eagerly has the paths of its errors from there. The extension would cost each field of it.
    // As one that has entities of a federation, it need not look through all types for one at each field of the root. It is never asked
    // for `_service`, which no valid document has, nor what its types are.
    let eager = builder().validation_mode(ValidationMode::Fast).enable_federation().finish();
    let joining = builder().validation_mode(ValidationMode::Fast).extension(WholePaths).finish();
    let (reached, origin, search) = (Arc::default(), "".into(), SearchIndex::new(None));
    let objects = Arc::new(Objects::new(store.clone(), objects));
    let validating = builder().extension(WholePaths).finish();
    // It counts nothing, as it has no salt.
    let reads = Arc::new(Counter::new(Settings { seen_bytes: 0, ..Settings::default() }));
    Schema {
        validating,
        eager,
        joining,
        store,
        identity,
        answer_bytes,
        time,
        destinations,
        reached,
        objects,
        search,
        reads,
        origin,
    }
}

impl Schema {
    /// The same, where these are asked, too, how far a change has come.
    #[must_use]
    pub fn reaching(self, reached: Reached) -> Self {
        Self { reached: Arc::new(reached), ..self }
    }

    /// The same, where this is searched.
    #[must_use]
    pub fn searching(self, search: SearchIndex) -> Self {
        Self { search, ..self }
    }

    /// The same, where this counts reads.
    #[must_use]
    pub fn counting(self, reads: Arc<Counter>) -> Self {
        Self { reads, ..self }
    }

    /// The same of a site that is at an address: scheme, host and port, without a slash at the end.
    #[must_use]
    pub fn at(self, origin: &str) -> Self {
        Self { origin: origin.into(), ..self }
    }
}

/// The schema in the schema definition language, as clients and generators read it. It has no description of the schema as
/// a whole, which older parsers do not know (graphql-parser, and with it graphql_client).
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new().use_space_ident().include_specified_by();
    definition::printed(&builder().finish().sdl_with_options(options))
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
    /// What it was made of, if it is to be kept and can be.
    pub kept: Option<(Stamp, Reads)>,
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
/// in payloads of mutations, in the newsroom's types and of the schema itself; anything else is resolved eagerly.
#[must_use]
pub fn object_format(roots: &Roots) -> ObjectFormat {
    let is_joined = !roots.are_queries
        || roots.has_repeated_object
        || ["editorial", "__schema", "__type"].iter().any(|name| roots.fields.contains(*name));
    if is_joined { ObjectFormat::Values } else { ObjectFormat::Json }
}

/// How a request is run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Whether it is validated first.
    pub mode: ValidationMode,
    /// What objects come as.
    pub object_format: ObjectFormat,
    /// Whether it is a query: those of nobody in particular may be answered from what is in memory.
    pub is_query: bool,
    /// Whether the answer is to be kept, as far as that depends on who asks and for what.
    pub is_kept: bool,
}

/// Runs one request, with loaders and a view of the reference data of its own. It is validated first in the mode
/// [`ValidationMode::Strict`] alone.
pub async fn execute(schema: &Schema, request: Request, caller: Caller, run: Run) -> Executed {
    execute_for(schema, request, caller, run, Arc::new(Stage::Request)).await
}

/// Opens a subscription: reads its arguments, and sees whether the caller may have it. `resume` is where the client goes on, if it says so
/// beside the operation. None when the executor was asked to run nothing of it.
///
/// # Errors
/// The executor's response, when it cannot be opened.
pub async fn open(
    schema: &Schema,
    request: Request,
    caller: Caller,
    run: Run,
    resume: Option<Box<str>>,
) -> Result<Option<Opened>, Response> {
    let stage = Arc::new(Stage::Opening(Opening::new(resume)));
    let executed = execute_for(schema, request, caller, run, Arc::clone(&stage)).await;
    if executed.response.is_err() {
        return Err(executed.response);
    }
    Ok(match &*stage {
        Stage::Opening(opening) => opening.take(),
        _ => None,
    })
}

/// Executes a subscription for something that has happened.
pub async fn tell(schema: &Schema, request: Request, caller: Caller, run: Run, event: Event) -> Executed {
    execute_for(schema, request, caller, run, Arc::new(Stage::Telling(event))).await
}

async fn execute_for(
    schema: &Schema,
    request: Request,
    caller: Caller,
    Run { mode, object_format, is_query, is_kept }: Run,
    stage: Arc<Stage>,
) -> Executed {
    let (scheduler, is_behind) = (BatchScheduler::default(), Arc::new(AtomicBool::new(false)));
    let byte_budget = Arc::new(ByteBudget::of(schema.answer_bytes));
    let time = if caller.viewer.is_some() { schema.time.signed_in } else { schema.time.anonymous };
    let store = schema.store.within(Budget::new(time)).noting();
    let (reference, stamp) = store.view();
    let recorder = Arc::new(Recorder::new(is_kept && caller.viewer.is_none()));
    // Who has just changed something, and who is told of a change, is to see it.
    let may_be_known = is_query && caller.viewer.is_none() && schema.objects.is_on();
    let execution = Execution {
        object_format,
        scheduler: scheduler.clone(),
        is_behind: is_behind.clone(),
        byte_budget: byte_budget.clone(),
        reference,
        recorder: recorder.clone(),
        objects: may_be_known.then(|| schema.objects.clone()),
        stage: stage.clone(),
        destinations: schema.destinations.clone(),
        reached: schema.reached.clone(),
        search: schema.search.clone(),
        reads: schema.reads.clone(),
        origin: schema.origin.clone(),
    };
    let context = RequestContext::new(store.clone(), &schema.identity, caller, execution);
    let executor = match (mode, object_format) {
        (ValidationMode::Strict, _) => &schema.validating,
        (ValidationMode::Fast, ObjectFormat::Json) => &schema.eager,
        (ValidationMode::Fast, ObjectFormat::Values) => &schema.joining,
    };
    let request = request.data(context);
    let response = match &*stage {
        Stage::Request => scheduler.run(Box::pin(executor.execute(request))).await,
        // A stream of one response at the most; of none, when a subscription was opened.
        Stage::Opening(_) | Stage::Telling(_) => {
            let mut responses = executor.execute_stream(request);
            scheduler.run(Box::pin(async move { responses.next().await.unwrap_or_default() })).await
        }
    };
    Executed {
        response,
        is_behind: is_behind.load(Ordering::Relaxed),
        is_over: byte_budget.is_over(),
        made: store.made() > 0,
        kept: recorder.take().map(|reads| (stamp, reads)),
    }
}
