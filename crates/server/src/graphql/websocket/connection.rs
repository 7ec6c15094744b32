//! A connection, by the protocol's rules.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use courant_gateway::Caller;
use futures_util::{FutureExt, SinkExt, StreamExt, stream::AbortHandle};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde_json::{Map, Value as Json};
use tokio::time::{Instant, timeout};

use super::{
    super::stream::come_back_in,
    message::{FromClient, FromServer, Invalid},
    operation::{self, Operations, Part},
};
use crate::{
    graphql::{handler::GraphqlState, response},
    middleware::{auth::Unknown, flow::Crowd},
    subscription::Token,
};

/// How long a client may take to begin.
const INIT: Duration = Duration::from_secs(5);
/// How often a client that says nothing is asked whether it is there.
const ASK: Duration = Duration::from_secs(25);
/// After how long without a word it is not.
const GONE: Duration = Duration::from_secs(80);
/// How long a client may take nothing of what is sent.
const TAKING: Duration = Duration::from_secs(30);
/// How many messages are sent at once, where so many are there.
const AT_ONCE: usize = 64;
/// How long it may take to say goodbye.
const PARTING: Duration = Duration::from_secs(2);

/// How many frames a client may send, a second and at once.
const FRAMES: (u32, u32) = (100, 500);

/// A connection, until it is served.
pub(super) struct Connection {
    state: Arc<GraphqlState>,
    caller: Caller,
    token: Token,
    is_acknowledged: bool,
    operations: Operations,
    /// How to end those that are under way.
    names: HashMap<Arc<str>, AbortHandle>,
}

/// Why a connection is closed.
struct Close(u16, Utf8Bytes);

impl Close {
    fn new(code: u16, reason: &str) -> Self {
        // The longest there is (RFC 6455, §5.5).
        let end = (0..=reason.len().min(123)).rev().find(|end| reason.is_char_boundary(*end)).unwrap_or(0);
        Self(code, reason[..end].into())
    }
}

/// The connection is over, and how.
enum Over {
    /// The client is gone, or does not take anything.
    Gone,
    Close(Close),
}

impl From<Close> for Over {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

type Going = Result<(), Over>;

impl Connection {
    pub(super) fn new(state: Arc<GraphqlState>, caller: Caller, token: Token) -> Self {
        Self { state, caller, token, is_acknowledged: false, operations: Operations::new(), names: HashMap::new() }
    }

    /// Serves it to its end.
    pub(super) async fn serve(mut self, mut socket: WebSocket) {
        let Err(over) = self.run(&mut socket).await else { return };
        // Whatever is under way ends here, before the client is waited for.
        self.operations.clear();
        if let Over::Close(close) = over {
            part(socket, close).await;
        }
    }

    async fn run(&mut self, socket: &mut WebSocket) -> Going {
        let begun = Instant::now();
        let frames = limiter();
        let stopping = self.state.stopping.clone();
        let (mut heard, mut asked) = (begun, begun);
        // Boxed once, as it is asked for each turn of the loop.
        let mut stopped = Box::pin(async move { stopping.begun().await });
        loop {
            let wake_at = if self.is_acknowledged { heard.max(asked) + ASK } else { begun + INIT };
            tokio::select! {
                received = socket.recv() => {
                    heard = Instant::now();
                    if frames.check().is_err() {
                        return Err(Close::new(1008, "too many messages at once").into());
                    }
                    match received {
                        Some(Ok(Message::Text(text))) => self.hear(socket, &text).await?,
                        Some(Ok(Message::Binary(_))) => return Err(Close::new(4400, "messages are text").into()),
                        // Pings are answered by the socket.
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Close(_))) => {
                            // The answer to it is written with what is read next (RFC 6455, §5.5.1).
                            let _ = timeout(PARTING, socket.recv()).await;
                            return Err(Over::Gone);
                        }
                        None => return Err(Over::Gone),
                        Some(Err(error)) => return Err(unreadable(&error.into_inner())),
                    }
                }
                Some(first) = self.operations.next(), if !self.operations.is_empty() => {
                    self.tell(socket, first).await?;
                }
                () = &mut stopped => {
                    let seconds = come_back_in(begun.into_std()).as_secs();
                    return Err(Close::new(1001, &format!("the server stops; come back in {seconds} seconds")).into());
                }
                () = tokio::time::sleep_until(wake_at) => {
                    if !self.is_acknowledged {
                        return Err(Close::new(4408, "Connection initialisation timeout").into());
                    }
                    if heard.elapsed() > GONE {
                        return Err(Over::Gone);
                    }
                    asked = Instant::now();
                    send(socket, Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, text: &str) -> Going {
        let message = match FromClient::read(text) {
            Ok(message) => message,
            Err(Invalid(why)) => return Err(Close::new(4400, why).into()),
        };
        match message {
            FromClient::Init(_) if self.is_acknowledged => {
                Err(Close::new(4429, "Too many initialisation requests").into())
            }
            FromClient::Init(payload) => self.init(socket, &payload).await,
            FromClient::Ping(payload) => send(socket, text_of(&FromServer::Pong(payload))).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe(..) if !self.is_acknowledged => Err(Close::new(4401, "Unauthorized").into()),
            FromClient::Subscribe(id, params) => {
                if self.names.contains_key(&*id) {
                    return Err(Close::new(4409, &format!("Subscriber for {id} already exists")).into());
                }
                if self.names.len() >= self.state.subscriptions.settings.per_connection {
                    let refused = response::problems(Crowd::Client.refusal());
                    return send(socket, text_of(&FromServer::Error(&id, &refused))).await;
                }
                let id: Arc<str> = id.into();
                let by = (self.caller.clone(), self.token.clone());
                let (parts, end) = operation::begin(Arc::clone(&self.state), Arc::clone(&id), *params, by);
                self.operations.push(parts);
                self.names.insert(id, end);
                Ok(())
            }
            FromClient::Complete(id) => {
                if let Some(end) = self.names.remove(&*id) {
                    end.abort();
                }
                Ok(())
            }
        }
    }

    /// Lets a client begin that shows who it is, or does not say.
    async fn init(&mut self, socket: &mut WebSocket, payload: &Map<String, Json>) -> Going {
        match bearer(payload) {
            Ok(None) => {}
            Ok(Some(token)) => {
                match self.state.authentication.again(&token, &self.caller).await {
                    Ok(caller) => self.caller = caller,
                    Err(Unknown::Refused(_)) => return Err(Close::new(4403, "Forbidden").into()),
                    Err(Unknown::Failed(_)) => {
                        return Err(Close::new(1013, "the database is unavailable; try again in a moment").into());
                    }
                }
                self.token = Some(token);
            }
            Err(()) => return Err(Close::new(4403, "Forbidden").into()),
        }
        self.is_acknowledged = true;
        send(socket, text_of(&FromServer::Acknowledged)).await
    }

    /// Sends what has come of operations: all that is there, at once.
    async fn tell(&mut self, socket: &mut WebSocket, first: (Arc<str>, Part)) -> Going {
        let (mut next, mut left) = (Some(first), AT_ONCE);
        while let Some((id, part)) = next {
            let message = match &part {
                Part::Next(payload) => FromServer::Next(&id, payload),
                Part::Error(payload) => FromServer::Error(&id, payload),
                Part::Complete => FromServer::Complete(&id),
            };
            if !matches!(part, Part::Next(_)) {
                self.names.remove(&id);
            }
            taken(socket.feed(text_of(&message))).await?;
            left -= 1;
            next = if left > 0 { self.operations.next().now_or_never().flatten() } else { None };
        }
        taken(socket.flush()).await
    }
}

/// Ends a connection whose client speaks another protocol.
pub(super) async fn refuse_protocol(socket: WebSocket) {
    part(socket, Close::new(4406, "Subprotocol not acceptable")).await;
}

/// The bearer token of a client's first message, where browsers can send no headers: under the name of the header, or among headers.
fn bearer(payload: &Map<String, Json>) -> Result<Option<Arc<str>>, ()> {
    let find = |fields: &Map<String, Json>| {
        let mut found = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        found.next().map(|(_, value)| value.clone())
    };
    let among = payload.get("headers").and_then(Json::as_object).and_then(find);
    match find(payload).or(among) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(credentials)) => {
            let (scheme, token) = credentials.trim().split_once(' ').ok_or(())?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(());
            }
            Ok(Some(token.trim_start().into()))
        }
        Some(_) => Err(()),
    }
}

fn limiter() -> DefaultDirectRateLimiter {
    let [a_second, at_once] =
        [FRAMES.0, FRAMES.1].map(|number| std::num::NonZero::new(number).unwrap_or(std::num::NonZero::<u32>::MIN));
    RateLimiter::direct(Quota::per_second(a_second).allow_burst(at_once))
}

fn text_of(message: &FromServer<'_>) -> Message {
    Message::text(message.write())
}

async fn send(socket: &mut WebSocket, message: Message) -> Going {
    taken(socket.send(message)).await
}

/// Sends something; whoever takes nothing for a while is not waited for.
async fn taken(sending: impl Future<Output = Result<(), axum::Error>>) -> Going {
    match timeout(TAKING, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Over::Gone),
    }
}

/// Says why, and waits for the client to hear it.
async fn part(mut socket: WebSocket, Close(code, reason): Close) {
    let close = Message::Close(Some(CloseFrame { code, reason }));
    if send(&mut socket, close).await.is_ok() {
        let goodbye = async { while let Some(Ok(_)) = socket.recv().await {} };
        // What it still sends is not read for long.
        let _ = timeout(PARTING, goodbye).await;
    }
}

/// What is told of bytes that cannot be read (RFC 6455, §7.4.1).
fn unreadable(error: &axum::BoxError) -> Over {
    use tokio_tungstenite::tungstenite::Error;
    match error.downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => Close::new(1009, "the message is too large").into(),
        Some(Error::Utf8(_)) => Close::new(1007, "the message is not UTF-8").into(),
        Some(Error::Protocol(_)) => Close::new(1002, "this is not how frames are sent").into(),
        _ => Over::Gone,
    }
}
