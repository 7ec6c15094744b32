//! The words of webhooks.

use async_graphql::Enum;
use courant_domain::webhook as domain;

/// An event that webhooks are told of; in messages it is written `publication.published`.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::EventType")]
pub(crate) enum WebhookEvent {
    /// A publication went live in a language where it was not live.
    PublicationPublished,
    /// A publication that is live was changed: its text, or where it is filed.
    PublicationUpdated,
    /// A publication was taken back with a notice: readers still find it, marked.
    PublicationWithdrawn,
    /// A publication is no longer there for readers: it is gone, leads elsewhere, or has vanished.
    PublicationRemoved,
    /// An act has come into force or has ended, as a whole or in part, because its day has come. Nothing was published.
    PublicationForceChanged,
    /// A category was made or changed.
    CategoryChanged,
    /// A category is no longer there.
    CategoryRemoved,
    /// A feed was made or changed.
    FeedChanged,
    /// A feed is no longer there.
    FeedRemoved,
    /// A tag has come to readers' sight, or was changed.
    TagChanged,
    /// A tag is no longer in readers' sight.
    TagRemoved,
    /// A person has come to readers' sight, or was changed.
    PersonChanged,
    /// A person is no longer in readers' sight.
    PersonRemoved,
    /// A path leads elsewhere, or is gone.
    RedirectChanged,
    /// A path leads nowhere any more.
    RedirectRemoved,
    /// The site's name, languages or other properties were changed.
    SiteChanged,
    /// A test that somebody asked for (`testWebhook`), which every webhook takes.
    WebhookPing,
}

/// Whether a webhook is told of changes.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::WebhookState")]
pub(crate) enum WebhookState {
    /// It is.
    Active,
    /// It is not: somebody has turned it off.
    Paused,
    /// It is not: nothing got through to it for three days.
    Disabled,
    /// It is not: it has answered that it is gone for good (HTTP 410).
    Gone,
}

/// What became of a message.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::DeliveryState")]
pub(crate) enum WebhookDeliveryState {
    /// It waits to be sent, for the first time or again.
    Waiting,
    /// The endpoint has taken it in.
    Delivered,
    /// It was tried for three days, and given up.
    Failed,
}

/// Why a try to deliver a message failed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::AttemptError")]
pub(crate) enum WebhookAttemptError {
    /// Nothing may be sent to the address: it is no address of the public Internet, and not allowed.
    Forbidden,
    /// There was no connection: the name is unknown, nobody listens, or the certificate is not to be trusted.
    Unreachable,
    /// There was no whole answer within 15 seconds.
    TimedOut,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// The endpoint wants to send the message elsewhere (3xx), which is not done.
    Redirected,
    /// The endpoint is gone for good (410).
    Gone,
    /// The endpoint wants fewer messages (429).
    TooManyRequests,
    /// The endpoint will not have the message (another 4xx).
    Refused,
    /// The endpoint failed (5xx), or answered with a status that means nothing here.
    ServerError,
}
