//! What a request's resolvers share.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::Context;
use courant_domain::{
    access::Viewer,
    change::{Change, ChangeCursor},
    locale::Locale,
    site::Site,
};
use courant_outbound::Public;
use courant_persistence::{ChangeFilter, ChangesAfter, ChangesRequest, Departed, Reference, Store};
use courant_reads::Counter;
use courant_search::SearchIndex;
use jiff::{Timestamp, civil::Date};

use crate::{
    caller::Caller,
    error::{Error, ErrorCode},
    executor::ByteBudget,
    identity::Identity,
    loader::{
        BatchScheduler, ChangesOf, DataLoader, DeparturesOf, LiveLoader, LogAsOf, NewsroomLoader, Objects, loaders,
    },
    recorder::Recorder,
    schema::{known::Known, newsroom::Reached, subscription::Stage},
};

/// One request's view of the world: who asks, the reference data as it was when the request came or when its last
/// mutation was done, and its loaders.
pub(crate) struct RequestContext {
    pub(crate) caller: Caller,
    pub(crate) store: Store,
    pub(crate) identity: Arc<Identity>,
    /// What is live.
    pub(crate) live: DataLoader<LiveLoader>,
    /// What is in work.
    pub(crate) newsroom: DataLoader<NewsroomLoader>,
    pub(crate) object_format: ObjectFormat,
    pub(crate) byte_budget: Arc<ByteBudget>,
    pub(crate) recorder: Arc<Recorder>,
    /// What it is executed for.
    pub(crate) stage: Arc<Stage>,
    /// Where messages of webhooks may be sent.
    pub(crate) destinations: Arc<Public>,
    /// Who is asked how far a change has come.
    pub(crate) reached: Arc<Reached>,
    /// What is searched.
    pub(crate) search: SearchIndex,
    /// What counts reads.
    pub(crate) reads: Arc<Counter>,
    /// Where the site is; empty where that is not known.
    origin: Arc<str>,
    view: View,
    who: Who,
    is_behind: Arc<AtomicBool>,
}

/// What objects that are resolved eagerly come as. Where the executor joins what is asked for twice, it needs to see into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectFormat {
    /// JSON already: see [`courant_graphql::json`].
    Json,
    /// Trees of values.
    Values,
}

/// The reference data, and the newer one that took its place within this request.
struct View {
    reference: Arc<Reference>,
    newer: OnceLock<Box<View>>,
}

impl View {
    fn newest(&self) -> &Self {
        let mut view = self;
        while let Some(newer) = view.newer.get() {
            view = newer;
        }
        view
    }
}

/// Who asks, and who they turned out to be within this request: an earlier change may have made them another, or nobody.
struct Who {
    viewer: Option<Viewer>,
    newer: OnceLock<Box<Who>>,
}

impl Who {
    const fn new(viewer: Option<Viewer>) -> Self {
        Self { viewer, newer: OnceLock::new() }
    }

    fn newest(&self) -> &Self {
        let mut who = self;
        while let Some(newer) = who.newer.get() {
            who = newer;
        }
        who
    }
}

/// What a request shares with whoever runs it.
pub(crate) struct Execution {
    pub(crate) object_format: ObjectFormat,
    pub(crate) scheduler: BatchScheduler,
    /// Is set when the reference data turn out to be older than what was read.
    pub(crate) is_behind: Arc<AtomicBool>,
    pub(crate) byte_budget: Arc<ByteBudget>,
    pub(crate) reference: Arc<Reference>,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) objects: Option<Arc<Objects>>,
    pub(crate) stage: Arc<Stage>,
    pub(crate) destinations: Arc<Public>,
    pub(crate) reached: Arc<Reached>,
    pub(crate) search: SearchIndex,
    pub(crate) reads: Arc<Counter>,
    pub(crate) origin: Arc<str>,
}

impl RequestContext {
    pub(crate) fn new(store: Store, identity: &Arc<Identity>, mut caller: Caller, execution: Execution) -> Self {
        let Execution {
            object_format,
            scheduler,
            is_behind,
            byte_budget,
            reference,
            recorder,
            objects,
            stage,
            destinations,
            reached,
            search,
            reads,
            origin,
        } = execution;
        let (live, newsroom) = loaders(&store, scheduler, &recorder, objects);
        Self {
            who: Who::new(caller.viewer.take()),
            caller,
            identity: identity.clone(),
            live,
            newsroom,
            object_format,
            byte_budget,
            recorder,
            stage,
            destinations,
            reached,
            search,
            reads,
            origin,
            view: View { reference, newer: OnceLock::new() },
            store,
            is_behind,
        }
    }

    /// The reference data, with what is asked of them noted.
    pub(crate) fn known(&self) -> Known<'_> {
        Known::new(&self.view.newest().reference, &self.recorder)
    }

    /// All of the reference data; an answer that is made of them is not kept.
    pub(crate) fn reference(&self) -> &Reference {
        self.recorder.give_up();
        &self.view.newest().reference
    }

    /// A page of the change log, up to the change that the reference data are as of.
    pub(crate) async fn changes(&self, wanted: ChangesRequest) -> Result<Arc<ChangesAfter>, Error> {
        let key = ChangesOf { request: wanted, as_of: LogAsOf(self.view.newest().reference.clone()) };
        let found = self.live.load_one(key).await?.ok_or_else(|| Error::missing("the change log"))?;
        if matches!(*found, ChangesAfter::Behind) {
            self.is_behind.store(true, Ordering::Relaxed);
        }
        Ok(found)
    }

    /// What was taken back of lists since a time, up to the change that the reference data are as of.
    pub(crate) async fn departures(
        &self,
        departed: Departed,
        filter: ChangeFilter,
        since: Timestamp,
        most: usize,
    ) -> Result<Vec<Arc<Change>>, Error> {
        let as_of = LogAsOf(self.view.newest().reference.clone());
        let key = DeparturesOf { departed, filter, since, most, as_of };
        self.live.load_one(key).await?.ok_or_else(|| Error::missing("the change log"))
    }

    /// The place of the last change that the reference data are as of.
    pub(crate) async fn changes_head(&self) -> Result<ChangeCursor, Error> {
        let head = self.live.load_one(LogAsOf(self.view.newest().reference.clone())).await?;
        head.ok_or_else(|| Error::missing("the change log"))
    }

    /// What was found in the reference data of something that a row names. That it is not there means that another node
    /// has made it a moment ago.
    pub(crate) fn named<T>(&self, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.is_behind.store(true, Ordering::Relaxed);
        }
        found
    }

    /// Looks at the reference data as it is now: after a mutation, so that its answer shows what it did.
    pub(crate) fn look_again(&self) {
        let newer = View { reference: self.store.reference(), newer: OnceLock::new() };
        // Mutations run one after the other, so nobody else has set it.
        drop(self.view.newest().newer.set(Box::new(newer)));
    }

    /// Takes in who asks by now: nobody, when what they have shown does not hold any more.
    pub(crate) fn is_now(&self, viewer: Option<Viewer>) {
        // Mutations run one after the other, so nobody else has set it.
        drop(self.who.newest().newer.set(Box::new(Who::new(viewer))));
    }

    /// Who asks.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` when nobody has shown who they are, or what they have shown has ended within this request.
    pub(crate) fn viewer(&self) -> Result<&Viewer, Error> {
        self.recorder.give_up();
        self.who.newest().viewer.as_ref().ok_or_else(|| {
            let message = if self.who.newer.get().is_some() {
                "the sign-in or token that was sent with this request has ended"
            } else {
                "sign in first, and send the access token as a bearer token"
            };
            Error::new(ErrorCode::Unauthenticated, message)
        })
    }

    /// Where a path of the site is; the path alone where it is not known where the site is. Other addresses stay as they are.
    pub(crate) fn absolute(&self, path: &str) -> String {
        if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_owned() }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.view.newest().reference.site
    }

    /// The locale a request means: the one it names, or the site's for another region of the same language,
    /// or the site's default when it names none.
    pub(crate) fn locale(&self, wanted: Option<Locale>) -> Result<Locale, Error> {
        let Some(wanted) = wanted else { return Ok(self.site().default_locale) };
        if self.site().has(wanted) {
            return Ok(wanted);
        }
        let offered: Vec<Locale> = self.site().locales.iter().map(|locale| locale.tag).collect();
        Locale::negotiate(wanted, &offered).ok_or_else(|| {
            let offered: Vec<&str> = offered.iter().map(Locale::as_str).collect();
            Error::new(
                ErrorCode::UnknownLocale,
                format!("this site has no locale {wanted}; it has {}", offered.join(", ")),
            )
        })
    }
}

/// Today where the site is, by the clock that all nodes go by.
pub(crate) fn today(ctx: &Context<'_>) -> Date {
    let context = request(ctx);
    let (zone, now) = (&context.site().time_zone, context.store.now());
    if let Some(end) = zone.day_ends(now) {
        context.recorder.note(|reads| reads.ends(end));
    }
    zone.day(now)
}

/// The request's context.
pub(crate) fn request<'a>(ctx: &Context<'a>) -> &'a RequestContext {
    ctx.data_unchecked::<RequestContext>()
}
