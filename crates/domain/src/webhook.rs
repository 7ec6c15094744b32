//! Webhooks: endpoints of other programs that are told of what changes for readers, as the Standard Webhooks specification says.
//!
//! *Invariant*: what a message says is what readers can see. It is made of the change log, of what is live and of reference data.

mod delivery;
mod event;
mod message;
mod retry;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

pub use self::{
    delivery::{Attempt, AttemptError, AttemptResult, Delivery, DeliveryState},
    event::EventType,
    message::{Message, MessageData, Ping, PingData, lane},
    retry::{GIVEN_UP_AFTER, LONGEST_WAIT, next_attempt},
};
use crate::{
    access::ActorId,
    change::ChangeCursor,
    entry::EntryKind,
    id::{CategoryId, TagId, WebhookId},
    locale::Locale,
};

/// An endpoint that is told of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where messages go.
    pub url: String,
    /// What it is for, in words.
    pub name: String,
    /// Of what it is told.
    pub filter: WebhookFilter,
    /// Whether it is told.
    pub state: WebhookState,
    /// What it checks signatures with: the present keys first, then older ones that have not ended.
    pub keys: Vec<WebhookKey>,
    /// Since when it is not told, where it is not.
    pub stopped_at: Option<Timestamp>,
    /// The last change that it was, or will be, told of before it stopped; what came after is to be replayed.
    pub stopped_after: Option<ChangeCursor>,
    /// Since when no message got through; none while they do.
    pub failing_since: Option<Timestamp>,
    /// How many tries in a row have failed.
    pub failures: u32,
    /// Until when nothing is sent, because the endpoint asked for it.
    pub paused_until: Option<Timestamp>,
    /// When a message last got through.
    pub delivered_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: ActorId,
}

/// Whether a webhook is told of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WebhookState {
    /// It is.
    Active,
    /// It is not: somebody has turned it off.
    Paused,
    /// It is not: nothing got through to it for three days.
    Disabled,
    /// It is not: it has answered that it is gone for good (HTTP 410).
    Gone,
}

impl WebhookState {
    /// The name used in databases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Of what a webhook is told. What is empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookFilter {
    /// Of these events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventType>,
    /// Of publications and redirects in these languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locales: Vec<Locale>,
    /// Of publications of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<EntryKind>,
    /// Of publications that are or were filed under one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
    /// Whether what is filed below those categories counts, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_descendants: bool,
    /// Of publications that have or had one of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
}

impl WebhookFilter {
    /// Whether it asks for this event.
    #[must_use]
    pub fn takes(&self, event: EventType) -> bool {
        self.events.is_empty() || self.events.contains(&event)
    }

    /// Whether it asks for what is in this language.
    #[must_use]
    pub fn takes_locale(&self, locale: Locale) -> bool {
        self.locales.is_empty() || self.locales.contains(&locale)
    }

    /// Whether it asks for publications of this kind.
    #[must_use]
    pub fn takes_kind(&self, kind: EntryKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

/// One pair of a webhook's keys. What is secret of it is derived, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookKey {
    /// Which one: they are counted from 1.
    pub generation: u32,
    /// Since when messages are signed with it.
    pub since: Timestamp,
    /// What anybody can check its Ed25519 signatures with: `whpk_…`.
    pub public: String,
    /// Until when; none of the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Webhook {
    /// The keys that messages are signed with at a time, the present ones first.
    pub fn keys_at(&self, now: Timestamp) -> impl Iterator<Item = &WebhookKey> + '_ {
        self.keys.iter().filter(move |key| key.until.is_none_or(|until| until > now))
    }

    /// The number of the next pair of keys.
    #[must_use]
    pub fn next_generation(&self) -> u32 {
        self.keys.iter().map(|key| key.generation).max().unwrap_or(0) + 1
    }

    /// The keys once new ones, with this public key, have taken the place of the present ones, which hold until then.
    #[must_use]
    pub fn rotated(&self, public: String, now: Timestamp, until: Timestamp) -> Vec<WebhookKey> {
        let generation = self.next_generation();
        let mut keys = vec![WebhookKey { generation, public, since: now, until: None }];
        keys.extend(self.keys_at(now).cloned().map(|key| {
            let ends = key.until.map_or(until, |known| known.min(until));
            WebhookKey { until: Some(ends), ..key }
        }));
        keys.retain(|key| key.until.is_none_or(|until| until > now));
        keys.truncate(Self::MOST_KEYS);
        keys
    }

    /// How many pairs of keys hold at once, at most.
    pub const MOST_KEYS: usize = 4;

    /// Whether so many tries in a row have failed that the endpoint counts as down.
    #[must_use]
    pub const fn is_failing(&self) -> bool {
        self.failures >= Self::DOWN_AFTER
    }

    /// So many tries in a row.
    pub const DOWN_AFTER: u32 = 3;
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn webhook(keys: Vec<WebhookKey>) -> Webhook {
        let now = Timestamp::UNIX_EPOCH;
        Webhook {
            id: WebhookId::default(),
            url: String::new(),
            name: String::new(),
            filter: WebhookFilter::default(),
            state: WebhookState::Active,
            keys,
            stopped_at: None,
            stopped_after: None,
            failing_since: None,
            failures: 0,
            paused_until: None,
            delivered_at: None,
            created_at: now,
            created_by: ActorId::program(),
        }
    }

    #[test]
    fn old_keys_hold_until_their_end_and_no_longer_than_was_said_first() {
        let at = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let mut hook = webhook(vec![WebhookKey { generation: 1, public: String::new(), since: at(0), until: None }]);
        hook.keys = hook.rotated(String::new(), at(1), at(25));
        let shown = |hook: &Webhook, now| hook.keys_at(at(now)).map(|key| key.generation).collect::<Vec<_>>();
        assert_eq!(shown(&hook, 1), [2, 1]);
        hook.keys = hook.rotated(String::new(), at(2), at(48));
        assert_eq!(shown(&hook, 2), [3, 2, 1]);
        assert_eq!(shown(&hook, 25), [3, 2], "the first one ends when it was said to");
        assert_eq!(shown(&hook, 48), [3]);
        hook.keys = hook.rotated(String::new(), at(50), at(50));
        assert_eq!(shown(&hook, 50), [4], "at once");
        for number in 0..10 {
            hook.keys = hook.rotated(String::new(), at(51 + number), at(200));
        }
        assert_eq!(hook.keys.len(), Webhook::MOST_KEYS);
        assert_eq!(hook.keys[0].generation, 14);
    }
}
