//! The single connection mode: a client reserves a stream, opens it, and then begins and ends operations by requests of their own, whose
//! answers all come over the one stream.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_gateway::{Caller, error::ErrorCode};
use futures_util::stream;
use tokio::{sync::mpsc, task::AbortHandle};

use super::{
    super::{
        accept::{self, Media},
        body,
        handler::{self, GraphqlState, Operated},
        params::{self, Params},
        response,
        stream::{KEEP_ALIVE, Stream},
    },
    STREAM_TOKEN,
};
use crate::{
    Stopping,
    middleware::{
        address::network,
        auth::token,
        flow::{Crowd, Read},
        refusal::Refusal,
        request_id::id_of,
    },
    subscription::{Step, Subscription, Token},
};

/// How long a stream is reserved until it is opened.
const RESERVED: Duration = Duration::from_secs(60);
/// How many streams there are at the most.
const MOST: usize = 50_000;
/// And how many of one client.
const MOST_OF_ONE: usize = 1_000;
/// How many events wait for a stream. Those of a subscription wait in its mailbox, too.
const WAITING: usize = 16;

/// Streams that operations of several requests come over, by their tokens.
#[derive(Default)]
pub(crate) struct SingleStreams(Mutex<HashMap<Box<str>, Arc<Single>>>);

/// One of them.
struct Single {
    network: Option<IpAddr>,
    reserved_at: Instant,
    events: mpsc::Sender<Bytes>,
    /// Until it is opened.
    waiting: Mutex<Option<mpsc::Receiver<Bytes>>>,
    /// Those that are under way, by the names that the client has given them.
    operations: Mutex<HashMap<Box<str>, Option<AbortHandle>>>,
}

impl SingleStreams {
    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Arc<Single>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(&self, network: Option<IpAddr>) -> Result<String, Refusal> {
        let mut bytes = [0; 18];
        getrandom::fill(&mut bytes).map_err(|_| busy())?;
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let mut streams = self.lock();
        if streams.len() >= MOST {
            streams.retain(|_, single| single.is_open() || single.reserved_at.elapsed() < RESERVED);
        }
        if streams.len() >= MOST {
            return Err(busy());
        }
        // Where there are few, nobody has too many.
        if streams.len() >= MOST_OF_ONE
            && streams.values().filter(|single| single.network == network).count() >= MOST_OF_ONE
        {
            return Err(Crowd::Client.refusal());
        }
        let (events, waiting) = mpsc::channel(WAITING);
        let single = Single {
            network,
            reserved_at: Instant::now(),
            events,
            waiting: Mutex::new(Some(waiting)),
            operations: Mutex::default(),
        };
        streams.insert(token.as_str().into(), Arc::new(single));
        Ok(token)
    }

    fn find(&self, token: &str) -> Result<Arc<Single>, Refusal> {
        let mut streams = self.lock();
        let found = streams.get(token).cloned();
        let holds = found.filter(|single| single.is_open() || single.reserved_at.elapsed() < RESERVED);
        if holds.is_none() {
            streams.remove(token);
        }
        holds.ok_or_else(|| refuse(StatusCode::NOT_FOUND, ErrorCode::NotFound, "there is no such stream; reserve one"))
    }
}

impl Single {
    fn is_open(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn operations(&self) -> MutexGuard<'_, HashMap<Box<str>, Option<AbortHandle>>> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the name of an operation that begins.
    fn begin(&self, id: &str, most: usize) -> Result<(), Refusal> {
        let mut operations = self.operations();
        if operations.contains_key(id) {
            let message = format!("there is an operation {id:?} already");
            return Err(refuse(StatusCode::CONFLICT, ErrorCode::BadRequest, message));
        }
        if operations.len() >= most {
            let message = format!("the stream has {most} operations under way, and no more may be");
            return Err(refuse(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyRequests, message));
        }
        operations.insert(id.into(), None);
        Ok(())
    }

    async fn next(&self, id: &str, payload: &[u8]) {
        let id = serde_json::Value::from(id).to_string();
        let event = [b"event: next\ndata: {\"id\":", id.as_bytes(), b",\"payload\":", payload, b"}\n\n"].concat();
        // Who is not there any more is told nothing.
        drop(self.events.send(event.into()).await);
    }

    async fn complete(&self, id: &str) {
        self.operations().remove(id);
        let name = serde_json::Value::from(id).to_string();
        drop(self.events.send(format!("event: complete\ndata: {{\"id\":{name}}}\n\n").into()).await);
    }
}

/// The token in the query of a URL.
pub(super) fn token_in(query: Option<&str>) -> Option<String> {
    let mut found = form_urlencoded::parse(query?.as_bytes()).filter(|(name, _)| name == "token");
    found.next().map(|(_, token)| token.into_owned())
}

/// Answers a request about a stream.
pub(crate) async fn single(state: Arc<GraphqlState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = id_of(&parts.extensions);
    let media = accept::negotiate(&parts.headers).ok().and_then(|accepted| accepted.media).unwrap_or(Media::JSON);
    let read = state.flow.read(state.authentication.address(&parts));
    let caller = match state.authentication.authenticate(&parts, &id).await {
        Ok(caller) => caller,
        Err(unknown) => return unknown.respond(media, &id),
    };
    let answered = match parts.method {
        Method::PUT => reserve(&state, &caller),
        Method::GET => open(&state, &parts),
        Method::DELETE => end(&state, &parts),
        _ => begin(&state, &parts, body, caller, read).await,
    };
    answered.unwrap_or_else(|refusal| response::refused(refusal, media, &id))
}

fn reserve(state: &GraphqlState, caller: &Caller) -> Result<Response, Refusal> {
    let token = state.streams.reserve(caller.address.map(network))?;
    let mut response = Response::new(Body::from(token));
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn open(state: &Arc<GraphqlState>, parts: &Parts) -> Result<Response, Refusal> {
    let token = named(parts)?;
    let single = state.streams.find(&token)?;
    let events = single.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let events = events.ok_or_else(|| {
        refuse(StatusCode::CONFLICT, ErrorCode::BadRequest, "this stream is open already; reserve another one")
    })?;
    let opened = Opened { token, single, events, stopping: state.stopping.clone(), begun: false, state: state.clone() };
    let body = stream::unfold(opened, |mut opened| async move {
        let bytes = opened.next().await?;
        Some((Ok::<_, Infallible>(bytes), opened))
    });
    Ok(Stream::Events.respond(Body::from_stream(body)))
}

/// A stream that is open. With it, all its operations end.
struct Opened {
    token: String,
    single: Arc<Single>,
    events: mpsc::Receiver<Bytes>,
    stopping: Stopping,
    begun: bool,
    state: Arc<GraphqlState>,
}

impl Opened {
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some(Bytes::from_static(b":\n\n"));
        }
        tokio::select! {
            event = self.events.recv() => event,
            () = self.stopping.begun() => None,
            () = tokio::time::sleep(KEEP_ALIVE) => Some(Bytes::from_static(b":\n\n")),
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.state.streams.lock().remove(&*self.token);
        for operation in std::mem::take(&mut *self.single.operations()).into_values().flatten() {
            operation.abort();
        }
    }
}

/// Begins an operation.
async fn begin(
    state: &Arc<GraphqlState>,
    parts: &Parts,
    body: Body,
    caller: Caller,
    mut read: Read,
) -> Result<Response, Refusal> {
    let single = state.streams.find(&named(parts)?)?;
    let params = if parts.method == Method::POST {
        let packing = params::check_content_type(&parts.headers)?;
        params::from_json(&body::read(body, packing, state.limits.body_bytes, state.body_patience, &mut read).await?)?
    } else {
        params::from_query(parts.uri.query().unwrap_or_default())?
    };
    let _begun = state.flow.begin(read)?;
    let Some(id) = params.operation_id.clone() else {
        return Err(Refusal::bad_request("the parameter extensions.operationId must be a string"));
    };
    single.begin(&id, state.subscriptions.settings.per_connection)?;
    let operated = operate(state, params, (caller, token(&parts.headers))).await;
    let operated = match operated {
        // It was begun, and its field has refused it: that is an answer like another.
        Err(refusal) if refusal.of_document && !refusal.is_of_schema() => Operated::Answer(response::refusal(refusal)),
        operated => operated.inspect_err(|_| drop(single.operations().remove(&*id)))?,
    };
    let running = tokio::spawn(run(Arc::clone(&single), id.clone(), operated)).abort_handle();
    // It may be over already; or its stream, and nobody would end it.
    match single.operations().get_mut(&*id) {
        Some(operation) => *operation = Some(running),
        None => running.abort(),
    }
    let mut response = Response::default();
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

async fn operate(state: &Arc<GraphqlState>, params: Params, by: (Caller, Token)) -> Result<Operated, Refusal> {
    Box::pin(handler::operate(state, params, by)).await
}

async fn run(single: Arc<Single>, id: String, operated: Operated) {
    match operated {
        Operated::Answer(payload) => single.next(&id, &payload).await,
        Operated::Subscription(subscription) => follow(&single, &id, *subscription).await,
    }
    single.complete(&id).await;
}

async fn follow(single: &Single, id: &str, mut subscription: Subscription) {
    loop {
        match subscription.next().await {
            Step::Next(message) => single.next(id, &message.payload).await,
            Step::Ended(ending) => return single.next(id, &response::ended(ending)).await,
        }
    }
}

/// Ends an operation.
fn end(state: &GraphqlState, parts: &Parts) -> Result<Response, Refusal> {
    let single = state.streams.find(&named(parts)?)?;
    let query = parts.uri.query().unwrap_or_default();
    let mut ids = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "operationId");
    let Some((_, id)) = ids.next() else {
        return Err(Refusal::bad_request("the parameter operationId is missing"));
    };
    if let Some(operation) = single.operations().remove(&*id) {
        operation.inspect(AbortHandle::abort);
        let (single, id) = (Arc::clone(&single), id.into_owned());
        // The stream may be full; nobody waits for that here.
        tokio::spawn(async move { single.complete(&id).await });
    }
    Ok(Response::default())
}

fn named(parts: &Parts) -> Result<String, Refusal> {
    let header = parts.headers.get(STREAM_TOKEN).and_then(|value| value.to_str().ok()).map(str::to_owned);
    header
        .or_else(|| token_in(parts.uri.query()))
        .ok_or_else(|| Refusal::bad_request("the token of the stream is missing"))
}

fn busy() -> Refusal {
    refuse(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Busy, "there are too many streams; try again in a moment")
}

fn refuse(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Refusal {
    Refusal::http(status, code, message)
}
