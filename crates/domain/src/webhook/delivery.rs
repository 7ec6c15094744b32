//! Messages to webhooks, and the tries to deliver them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::EventType;
use crate::{
    change::ChangeSeq,
    id::{AttemptId, DeliveryId, WebhookId},
};

/// A message to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id; the header `webhook-id` is made of it.
    pub id: DeliveryId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which change; none of a test.
    pub seq: Option<ChangeSeq>,
    /// What it tells of.
    pub event: EventType,
    /// Its body.
    pub body: String,
    /// What became of it.
    pub state: DeliveryState,
    /// When it was made, or last asked for again.
    pub created_at: Timestamp,
    /// When it got through, or was given up.
    pub settled_at: Option<Timestamp>,
    /// How often it was tried since.
    pub tries: u32,
    /// When the first of these tries was.
    pub first_tried_at: Option<Timestamp>,
    /// When it is tried next, at the earliest; past while it is under way. None while an earlier message of its thing is still to be sent, or
    /// its webhook is turned off.
    pub due_at: Option<Timestamp>,
}

impl Delivery {
    /// The header `webhook-id`: the same at each try.
    #[must_use]
    pub fn message_id(id: DeliveryId) -> String {
        format!("msg_{}", id.uuid().simple())
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryState {
    /// It waits to be sent, for the first time or again.
    Waiting,
    /// The endpoint has taken it in.
    Delivered,
    /// It was tried for three days, and given up.
    Failed,
}

impl DeliveryState {
    /// The name used in databases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A try to deliver a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// Of which message.
    pub delivery: DeliveryId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: SignedDuration,
    /// What came of it.
    pub result: AttemptResult,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttemptResult {
    /// The answer's status, if there was one.
    pub status: Option<u16>,
    /// Why it failed; none when it did not.
    pub error: Option<AttemptError>,
    /// More on that, in words.
    pub detail: Option<String>,
    /// The beginning of the answer's body.
    pub answer: Option<String>,
    /// How long the endpoint asks to be left alone.
    pub retry_after: Option<SignedDuration>,
}

impl AttemptResult {
    /// How much of an answer is kept, in bytes.
    pub const KEPT_ANSWER: usize = 1024;

    /// Judges an answer: 2xx says that the message was taken in. Nothing else does; a redirect is not followed.
    #[must_use]
    pub fn of_answer(status: u16, body: &[u8], retry_after: Option<SignedDuration>) -> Self {
        let error = match status {
            200..=299 => None,
            300..=399 => Some(AttemptError::Redirected),
            410 => Some(AttemptError::Gone),
            429 => Some(AttemptError::TooManyRequests),
            400..=499 => Some(AttemptError::Refused),
            _ => Some(AttemptError::ServerError),
        };
        Self { status: Some(status), error, detail: None, answer: kept(body), retry_after }
    }

    /// A try without an answer.
    #[must_use]
    pub fn failed(error: AttemptError, detail: &str) -> Self {
        Self { error: Some(error), detail: kept(detail.as_bytes()), ..Self::default() }
    }
}

/// The beginning of a text, as what can be kept of it.
fn kept(bytes: &[u8]) -> Option<String> {
    let bytes = &bytes[..bytes.len().min(AttemptResult::KEPT_ANSWER)];
    let mut text = String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
    // What is no text becomes longer by being shown as such.
    while text.len() > AttemptResult::KEPT_ANSWER {
        text.pop();
    }
    (!text.is_empty()).then_some(text)
}

/// Why a try failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AttemptError {
    /// Nothing may be sent to the address.
    Forbidden,
    /// There was no connection.
    Unreachable,
    /// There was no whole answer in time.
    TimedOut,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// The endpoint wants to send the message elsewhere (3xx).
    Redirected,
    /// It is gone for good (410).
    Gone,
    /// It wants fewer messages (429).
    TooManyRequests,
    /// It will not have the message (other 4xx).
    Refused,
    /// It failed (5xx), or answered with what means nothing here.
    ServerError,
}

impl AttemptError {
    /// The name used in databases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_2xx_is_a_success() {
        for (status, error) in [
            (200, None),
            (204, None),
            (301, Some(AttemptError::Redirected)),
            (304, Some(AttemptError::Redirected)),
            (404, Some(AttemptError::Refused)),
            (410, Some(AttemptError::Gone)),
            (429, Some(AttemptError::TooManyRequests)),
            (503, Some(AttemptError::ServerError)),
            (999, Some(AttemptError::ServerError)),
            (101, Some(AttemptError::ServerError)),
        ] {
            assert_eq!(AttemptResult::of_answer(status, b"", None).error, error, "{status}");
        }
    }

    #[test]
    fn of_an_answer_a_bounded_piece_is_kept_that_is_a_text() {
        let kept = |bytes: &[u8]| AttemptResult::of_answer(200, bytes, None).answer;
        assert_eq!(kept(b""), None);
        assert_eq!(kept(b"a\0b").unwrap(), "a\u{fffd}b");
        for bytes in [vec![0xff; 5000], vec![0; 5000], "я".repeat(3000).into_bytes(), vec![b'x'; 5000]] {
            let kept = kept(&bytes).unwrap();
            assert!(kept.len() <= AttemptResult::KEPT_ANSWER && kept.len() > 1000, "{}", kept.len());
        }
    }
}
