//! Courant's schema, as async-graphql-axum would have an executor.

use std::{any::TypeId, sync::Arc, time::Duration};

use async_graphql::{
    Data, Executor, Request, Response, ValidationMode, Value, Variables,
    parser::types::{DocumentOperations, OperationType},
};
use courant_gateway::{
    Caller, DatabaseTime, Event, Identity, ObjectCache, ObjectFormat, Opened, Run, Schema, Topic, build, execute, open,
    tell,
};
use courant_outbound::Public;
use courant_persistence::Store;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::{sync::mpsc, time::sleep};

/// How often the audit log is looked at, and what may have gone wrong is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// How many entries of a log are read at once.
const AT_ONCE: u64 = 1000;

/// The schema, for somebody.
#[derive(Clone)]
pub(crate) struct Courant {
    schema: Schema,
    store: Store,
    identity: Arc<Identity>,
    pub(crate) caller: Caller,
}

/// What somebody has asked, to be executed for each event.
#[derive(Clone)]
struct Asked {
    query: String,
    name: Option<String>,
    variables: Variables,
}

impl Asked {
    fn request(&self) -> Request {
        let request = Request::new(self.query.clone()).variables(self.variables.clone());
        match &self.name {
            Some(name) => request.operation_name(name),
            None => request,
        }
    }
}

const fn how(is_query: bool) -> Run {
    Run { mode: ValidationMode::Strict, object_format: ObjectFormat::Values, is_query, is_kept: false }
}

impl Courant {
    pub(crate) fn new(store: Store, identity: Arc<Identity>) -> Self {
        let within = Duration::from_secs(30);
        let time = DatabaseTime { anonymous: within, signed_in: within };
        let (most, objects) = (32 * 1024 * 1024, ObjectCache::default());
        let schema = build(store.clone(), Arc::clone(&identity), time, most, Public::default(), objects);
        Self { schema, store, identity, caller: Caller::default() }
    }

    /// The same for whoever shows this, or nobody in particular; none if it does not hold.
    pub(crate) async fn shown(&self, authorization: Option<&str>) -> Option<Self> {
        let Some(authorization) = authorization else { return Some(self.clone()) };
        let token = authorization.strip_prefix("Bearer ")?;
        let bearer = self.identity.bearer(&self.store, token, None).await.ok()?;
        let caller = Caller {
            viewer: Some(bearer.viewer),
            session: bearer.session,
            shown: Some(bearer.shown),
            ..Caller::default()
        };
        Some(Self { caller, ..self.clone() })
    }

    /// The responses to an operation, one after the other.
    async fn answers(self, mut request: Request) -> BoxStream<'static, Response> {
        if !is_subscription(&mut request) {
            return stream::once(async move { self.execute(request).await }).boxed();
        }
        let asked = Asked {
            query: request.query.clone(),
            name: request.operation_name.clone(),
            variables: request.variables.clone(),
        };
        let opened = match open(&self.schema, request, self.caller.clone(), how(false), None).await {
            Ok(Some(opened)) => opened,
            Ok(None) => return stream::empty().boxed(),
            Err(response) => return stream::once(async move { response }).boxed(),
        };
        let (send, told) = mpsc::channel(16);
        tokio::spawn(async move { self.follow(&asked, &opened, &send).await });
        stream::unfold(told, async |mut told| Some((told.recv().await?, told))).boxed()
    }

    /// Executes it for all that happens, until nobody listens.
    async fn follow(&self, asked: &Asked, opened: &Opened, send: &mpsc::Sender<Response>) -> Option<()> {
        let mut head = self.store.head();
        let is_audit = matches!(opened.topic, Topic::Audit(_));
        let mut at = match opened.after {
            Some(after) => after.seq,
            None if is_audit => self.store.newsroom().audit_last().await.ok()?.map_or(0, |record| record.seq),
            None => *head.borrow(),
        };
        let mut last = String::new();
        loop {
            head.mark_unchanged();
            for (seq, event) in self.after(at, &opened.topic).await? {
                at = seq;
                if !matches!(event, Event::Now) && !opened.topic.takes(&event, &self.store.reference()) {
                    continue;
                }
                let is_now = matches!(event, Event::Now);
                let told = tell(&self.schema, asked.request(), self.caller.clone(), how(false), event).await.response;
                let text = serde_json::to_string(&told).ok()?;
                if is_now && text == last || told.data == Value::Null && told.errors.is_empty() {
                    continue;
                }
                last = text;
                send.send(told).await.ok()?;
            }
            tokio::select! {
                changed = head.changed() => changed.ok()?,
                () = sleep(AGAIN), if is_audit => {}
                () = send.closed() => return None,
            }
        }
    }

    /// What has happened after a place.
    async fn after(&self, at: i64, topic: &Topic) -> Option<Vec<(i64, Event)>> {
        Some(match topic {
            Topic::Changes(_) => {
                let changes = self.store.changes(at, AT_ONCE).await.ok()?;
                changes.into_iter().map(|change| (change.seq, Event::Changed(Arc::new(change)))).collect()
            }
            Topic::Audit(_) => {
                let records = self.store.newsroom().audit_after(at, AT_ONCE).await.ok()?;
                records.into_iter().map(|record| (record.seq, Event::Audited(record))).collect()
            }
            Topic::Now => vec![(at, Event::Now)],
        })
    }
}

fn is_subscription(request: &mut Request) -> bool {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return false };
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => match name {
            Some(name) => operations.get(name.as_str()),
            None => operations.values().next().filter(|_| operations.len() == 1),
        },
    };
    operation.is_some_and(|operation| operation.node.ty == OperationType::Subscription)
}

impl Executor for Courant {
    async fn execute(&self, request: Request) -> Response {
        execute(&self.schema, request, self.caller.clone(), how(true)).await.response
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let of_session = session.and_then(|data| data.get(&TypeId::of::<Caller>())?.downcast_ref::<Caller>().cloned());
        let courant = Self { caller: of_session.unwrap_or_else(|| self.caller.clone()), ..self.clone() };
        stream::once(courant.answers(request)).flatten().boxed()
    }
}
