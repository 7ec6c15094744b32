//! Messages of `graphql-transport-ws`.

use serde_json::{Map, Value as Json};

use super::super::{
    json_in,
    params::{self, Params},
};
use crate::middleware::refusal::Refusal;

/// What a client says.
#[derive(Debug)]
pub(super) enum FromClient {
    /// It would like to begin, and says who it is.
    Init(Map<String, Json>),
    Ping(Option<Json>),
    Pong,
    /// An operation begins; what it asks for may be none.
    Subscribe(String, Box<Result<Params, Refusal>>),
    /// An operation ends.
    Complete(String),
}

/// It is none of the messages there are. The text says what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) &'static str);

/// The longest name of an operation.
const LONGEST_ID: usize = 256;

impl FromClient {
    pub(super) fn read(text: &str) -> Result<Self, Invalid> {
        let Ok(Json::Object(mut message)) = json_in::read(text.as_bytes()) else {
            return Err(Invalid("a message is a JSON object"));
        };
        let Some(Json::String(kind)) = message.remove("type") else {
            return Err(Invalid("a message has a type"));
        };
        let mut id = || match message.remove("id") {
            Some(Json::String(id)) if !id.is_empty() && id.len() <= LONGEST_ID => Ok(id),
            _ => Err(Invalid("this message has an id, a string of 1 to 256 bytes")),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(object(message.remove("payload"))?.unwrap_or_default())),
            "ping" => Ok(Self::Ping(object(message.remove("payload"))?.map(Json::Object))),
            "pong" => object(message.remove("payload")).map(|_| Self::Pong),
            "subscribe" => {
                let id = id()?;
                match message.remove("payload") {
                    // What a request over HTTP would be refused for, the operation is; the connection is none the worse for it. One
                    // without a document is no message of the protocol.
                    Some(Json::Object(payload)) if asks(&payload) => {
                        Ok(Self::Subscribe(id, Box::new(params::params(payload))))
                    }
                    _ => Err(Invalid("the payload of subscribe is an object with a query")),
                }
            }
            "complete" => Ok(Self::Complete(id()?)),
            _ => Err(Invalid("there is no such type of message from a client")),
        }
    }
}

/// Whether there is something that an operation could be read from.
fn asks(payload: &Map<String, Json>) -> bool {
    let is_of = |name: &str, is: fn(&Json) -> bool| payload.get(name).is_none_or(|value| value.is_null() || is(value));
    let has_document = payload.get("query").is_some_and(Json::is_string)
        || payload.get("documentId").is_some_and(Json::is_string)
        || payload.get("extensions").is_some_and(|extensions| extensions.get("persistedQuery").is_some());
    has_document
        && is_of("operationName", Json::is_string)
        && is_of("variables", Json::is_object)
        && is_of("extensions", Json::is_object)
}

fn object(payload: Option<Json>) -> Result<Option<Map<String, Json>>, Invalid> {
    match payload {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Invalid("the payload of this message is an object")),
    }
}

/// What the server says.
pub(super) enum FromServer<'a> {
    Acknowledged,
    Pong(Option<Json>),
    Next(&'a str, &'a [u8]),
    /// The operation is over: it was not run.
    Error(&'a str, &'a [u8]),
    Complete(&'a str),
}

impl FromServer<'_> {
    pub(super) fn write(&self) -> String {
        let with_payload = |kind: &str, id: &str, payload: &[u8]| {
            let id = Json::from(id).to_string();
            // Everything that is answered is JSON, which is UTF-8.
            let payload = std::str::from_utf8(payload).unwrap_or("null");
            let mut text = String::with_capacity(payload.len() + id.len() + kind.len() + 32);
            for part in ["{\"id\":", &id, ",\"type\":\"", kind, "\",\"payload\":", payload, "}"] {
                text.push_str(part);
            }
            text
        };
        match self {
            Self::Acknowledged => r#"{"type":"connection_ack"}"#.to_owned(),
            Self::Pong(None) => r#"{"type":"pong"}"#.to_owned(),
            Self::Pong(Some(payload)) => format!(r#"{{"type":"pong","payload":{payload}}}"#),
            Self::Next(id, payload) => with_payload("next", id, payload),
            Self::Error(id, payload) => with_payload("error", id, payload),
            Self::Complete(id) => format!(r#"{{"id":{},"type":"complete"}}"#, Json::from(*id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid(text: &str) -> bool {
        FromClient::read(text).is_err()
    }

    #[test]
    fn messages_are_read_to_the_letter() {
        assert!(matches!(FromClient::read(r#"{"type":"connection_init"}"#), Ok(FromClient::Init(_))));
        assert!(matches!(FromClient::read(r#"{"type":"connection_init","payload":null}"#), Ok(FromClient::Init(_))));
        assert!(matches!(FromClient::read(r#"{"type":"ping","payload":{"a":1}}"#), Ok(FromClient::Ping(Some(_)))));
        assert!(matches!(FromClient::read(r#"{"type":"pong"}"#), Ok(FromClient::Pong)));
        assert!(
            matches!(FromClient::read(r#"{"type":"complete","id":"1"}"#), Ok(FromClient::Complete(id)) if id == "1")
        );
        let subscribe =
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null,"operationName":null}}"#;
        assert!(
            matches!(FromClient::read(subscribe), Ok(FromClient::Subscribe(id, params)) if id == "1" && params.is_ok())
        );
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in [
            "",
            "x",
            "1",
            "[]",
            "null",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start","id":"1","payload":{"query":"{a}"}}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"connection_init","payload":1}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"type":"ping","payload":[]}"#,
            r#"{"type":"subscribe"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":""}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","type":"pong"}"#,
        ] {
            assert!(invalid(text), "{text}");
        }
    }

    #[test]
    fn names_are_written_as_json() {
        let next = FromServer::Next("a\"b", br#"{"data":null}"#).write();
        assert_eq!(next, r#"{"id":"a\"b","type":"next","payload":{"data":null}}"#);
        assert_eq!(FromServer::Complete("1").write(), r#"{"id":"1","type":"complete"}"#);
    }
}
