//! The body of a message.

use jiff::{Timestamp, civil::Date};
use serde::{Serialize, Serializer};

use super::EventType;
use crate::{
    change::{Action, ChangeKey, Subject},
    entry::EntryKind,
    id::EntryId,
    locale::Locale,
};

/// What a webhook is told of a change: what it was and of what, for whoever wants more to ask for it.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// What happened, by its name in messages.
    #[serde(rename = "type")]
    pub event: &'static str,
    /// When it happened.
    pub timestamp: Timestamp,
    /// To what.
    pub data: MessageData,
}

/// To what it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageData {
    /// Its place in the change log.
    pub cursor: String,
    /// What the log calls it.
    pub action: Action,
    /// What kind of thing it is.
    #[serde(serialize_with = "outside")]
    pub subject: Subject,
    /// The thing's global id; none of the site and of redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Of a publication, the entry that all its languages are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_id: Option<EntryId>,
    /// Of a publication, what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<EntryKind>,
    /// The language that `id` and `path` are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// The path that it has by the change; of what is gone, the one that it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The path that it had before, where it has another one by the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_path: Option<String>,
    /// Where readers of the path that was left were sent when the message was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// Whether they were told that what was there is gone for good.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// Of an act whose day has come, that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// What a webhook is told when somebody tests it.
#[derive(Debug, Clone, Serialize)]
pub struct Ping {
    /// That it is a test.
    #[serde(rename = "type")]
    pub event: &'static str,
    /// When it was asked for.
    pub timestamp: Timestamp,
    /// Nothing but the webhook's own id.
    pub data: PingData,
}

/// Which webhook is tested.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PingData {
    /// The webhook's id.
    pub webhook_id: String,
}

impl Ping {
    /// Of this webhook.
    #[must_use]
    pub fn new(webhook: crate::id::WebhookId, timestamp: Timestamp) -> Self {
        let data = PingData { webhook_id: webhook.to_string() };
        Self { event: EventType::WebhookPing.as_str(), timestamp, data }
    }
}

/// What order holds for: messages of one and the same thing come one after the other.
#[must_use]
pub fn lane(key: &ChangeKey) -> String {
    match key {
        ChangeKey::Site => "SITE".to_owned(),
        // All languages of an entry are one thing.
        ChangeKey::Edition { entry, .. } => entry.to_string(),
        ChangeKey::Category(id) => id.to_string(),
        ChangeKey::Feed(id) => id.to_string(),
        ChangeKey::Tag(id) => id.to_string(),
        ChangeKey::Person(id) => id.to_string(),
        ChangeKey::Redirect { path } => path.clone(),
    }
}

/// A subject as the schema calls it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn outside<S: Serializer>(subject: &Subject, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if *subject == Subject::Edition { "PUBLICATION" } else { subject.as_str() })
}
