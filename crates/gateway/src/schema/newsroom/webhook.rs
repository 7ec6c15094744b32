//! Webhooks, and what became of their messages.

mod words;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use courant_domain::{
    access::Permission,
    id::{DeliveryId, WebhookId},
    page::PageRequest,
    webhook as domain,
};
use courant_persistence::{AttemptsRequest, DeliveriesRequest};
use uuid::Uuid;

pub(crate) use self::words::{WebhookAttemptError, WebhookDeliveryState, WebhookEvent, WebhookState};
use super::{
    EditorialCategory, EditorialTag,
    actor::Actor,
    connection::{WebhookAttemptConnection, WebhookDeliveryConnection, connected, page_request},
    user,
    words::EntryKind,
};
use crate::{
    error::{Error, ErrorCode},
    loader::{AttemptsOf, AttemptsPageOf, DeliveriesPageOf, DeliveryOf, NumberOf, WebhookNumbersOf},
    schema::{
        connection::{MAX_PAGE, Paging},
        context::request,
        scalar::{ChangeCursor, DateTime, Locale},
    },
};

/// An endpoint of another program that is told of what changes for readers, as the Standard Webhooks specification says.
pub(crate) struct Webhook(pub(crate) domain::Webhook);

/// An endpoint of another program that is told of what changes for readers, as the Standard Webhooks specification says.
#[Object]
impl Webhook {
    /// Its id: what mutations take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Where messages are sent, by POST.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// What it is for, in words.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is told of; all events where this is empty.
    async fn events(&self) -> Vec<WebhookEvent> {
        self.0.filter.events.iter().copied().map(WebhookEvent::from).collect()
    }

    /// Of publications and redirects it is told of those in these languages; in all where this is empty.
    async fn locales(&self) -> Vec<Locale> {
        self.0.filter.locales.iter().copied().map(Locale).collect()
    }

    /// Of publications it is told of those of these kinds; of all where this is empty.
    async fn kinds(&self) -> Vec<EntryKind> {
        self.0.filter.kinds.iter().copied().map(EntryKind::from).collect()
    }

    /// Of publications it is told of those that are or were filed under one of these; under any where this is empty.
    async fn categories(&self, ctx: &Context<'_>) -> Vec<EditorialCategory> {
        self.0.filter.categories.iter().filter_map(|id| EditorialCategory::find(ctx, *id)).collect()
    }

    /// Whether what is filed below those categories counts, too.
    async fn includes_descendants(&self) -> bool {
        self.0.filter.include_descendants
    }

    /// Of publications it is told of those that have or had one of these tags; of all where this is empty.
    async fn tagged_with(&self, ctx: &Context<'_>) -> Vec<EditorialTag> {
        self.0.filter.tags.iter().filter_map(|id| EditorialTag::find(ctx, *id)).collect()
    }

    /// Whether it is told of changes, and if not, why.
    async fn webhook_state(&self) -> WebhookState {
        self.0.state.into()
    }

    /// Since when it is not told of changes; null while it is.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.0.stopped_at.map(DateTime)
    }

    /// The change up to which it was told before it was turned off; `updateWebhook` says it once more when it turns it on. Null while it is
    /// told, and where nothing had been told to any webhook before.
    async fn told_up_to(&self) -> Option<ChangeCursor> {
        // Older versions kept it.
        self.0.stopped_after.filter(|_| self.0.state != domain::WebhookState::Active).map(ChangeCursor)
    }

    /// Since when every try to send it something has failed; null when the last one got through. After three days it is turned off.
    async fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(DateTime)
    }

    /// When a message last got through; null when none ever has.
    async fn last_delivered_at(&self) -> Option<DateTime> {
        self.0.delivered_at.map(DateTime)
    }

    /// The keys that messages are signed with now, the present ones first; older ones hold for a while after a rotation.
    async fn keys(&self, ctx: &Context<'_>) -> Vec<WebhookKey> {
        self.0.keys_at(request(ctx).store.now()).cloned().map(WebhookKey).collect()
    }

    /// How many messages wait to be sent, for the first time or again: exact up to 10,000, which stands for any number above it, too.
    async fn waiting_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        Ok(self.numbers(ctx).await?.waiting)
    }

    /// How many of the messages that are kept were given up after three days: exact up to 10,000, too.
    async fn failed_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        Ok(self.numbers(ctx).await?.failed)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Who made it.
    async fn created_by(&self) -> Option<Actor> {
        Some(Actor(self.0.created_by.clone()))
    }
}

impl Webhook {
    async fn numbers(&self, ctx: &Context<'_>) -> Result<courant_persistence::WebhookNumbers, Error> {
        Ok(request(ctx).newsroom.load_one(WebhookNumbersOf(self.0.id)).await?.unwrap_or_default())
    }
}

/// Keys that a webhook's messages are signed with: a secret that it shares, and a pair of which the public half is here.
pub(crate) struct WebhookKey(domain::WebhookKey);

/// Keys that a webhook's messages are signed with: a secret that it shares, and a pair of which the public half is here.
#[Object]
impl WebhookKey {
    /// What the signatures `v1a` (Ed25519) are checked with: `whpk_` and base64. It is no secret.
    async fn public_key(&self) -> &str {
        &self.0.public
    }

    /// Since when messages are signed with them.
    async fn since(&self) -> DateTime {
        DateTime(self.0.since)
    }

    /// Until when; null of the present ones.
    async fn until(&self) -> Option<DateTime> {
        self.0.until.map(DateTime)
    }
}

/// A message to a webhook. It is kept for 30 days once it got through or was given up.
#[derive(Clone)]
pub(crate) struct WebhookDelivery(pub(crate) Arc<domain::Delivery>);

/// A message to a webhook. It is kept for 30 days once it got through or was given up.
#[Object]
impl WebhookDelivery {
    /// Its id: what `replayWebhook` takes.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The id of the webhook it is for.
    async fn webhook_id(&self) -> ID {
        ID(self.0.webhook.to_string())
    }

    /// The header `webhook-id`, the same at each try and when it is replayed.
    async fn message_id(&self) -> String {
        domain::Delivery::message_id(self.0.id)
    }

    /// What it tells of.
    async fn event(&self) -> WebhookEvent {
        self.0.event.into()
    }

    /// Its body: JSON, byte for byte as it is sent and signed.
    async fn payload(&self) -> &str {
        &self.0.body
    }

    /// What became of it.
    async fn delivery_state(&self) -> WebhookDeliveryState {
        self.0.state.into()
    }

    /// When it was put among those to be sent, or last replayed.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it got through or was given up; null while it waits.
    async fn settled_at(&self) -> Option<DateTime> {
        self.0.settled_at.map(DateTime)
    }

    /// When it is tried next: now while it is under way. Null once it is settled, while an earlier message of the same thing is still to be
    /// sent, as they go in the order of its changes, and while the webhook is turned off.
    async fn next_attempt_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let now = request(ctx).store.now();
        self.0.due_at.map(|at| DateTime(at.max(now)))
    }

    /// How often it was tried since it was put there.
    async fn attempt_count(&self) -> u32 {
        self.0.tries
    }

    /// The last tries to deliver it, the newest first.
    async fn attempts(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 5, desc = "How many at most; up to 100.")] first: i32,
    ) -> Option<Result<Vec<WebhookAttempt>, Error>> {
        Some(attempts(ctx, self.0.id, first).await)
    }
}

async fn attempts(ctx: &Context<'_>, delivery: DeliveryId, first: i32) -> Result<Vec<WebhookAttempt>, Error> {
    let first = u32::try_from(first).map_err(|_| Error::new(ErrorCode::BadUserInput, "first is not negative"))?;
    if first > MAX_PAGE {
        return Err(Error::new(ErrorCode::PageTooLarge, format!("at most {MAX_PAGE} can be had at once")));
    }
    let found = request(ctx).newsroom.load_one(AttemptsOf { delivery, first }).await?.unwrap_or_default();
    Ok(found.into_iter().map(WebhookAttempt).collect())
}

/// A try to deliver a message to a webhook.
#[derive(Clone)]
pub(crate) struct WebhookAttempt(pub(crate) Arc<domain::Attempt>);

/// A try to deliver a message to a webhook.
#[Object]
impl WebhookAttempt {
    /// When it began.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// How long it took, in milliseconds.
    async fn duration_ms(&self) -> i32 {
        i32::try_from(self.0.took.as_millis()).unwrap_or(i32::MAX)
    }

    /// The answer's HTTP status; null when there was no answer.
    async fn status(&self) -> Option<i32> {
        self.0.result.status.map(i32::from)
    }

    /// Why it failed; null when it did not.
    async fn error(&self) -> Option<WebhookAttemptError> {
        self.0.result.error.map(WebhookAttemptError::from)
    }

    /// More on that, in words; null where there is no more to say.
    async fn detail(&self) -> Option<&str> {
        self.0.result.detail.as_deref()
    }

    /// The beginning of the answer's body, up to 1 KiB of text; null when it had none.
    async fn answer(&self) -> Option<&str> {
        self.0.result.answer.as_deref()
    }

    /// For how many seconds the endpoint has asked to be left alone (`Retry-After`); null when it has not.
    async fn retry_after_seconds(&self) -> Option<i32> {
        self.0.result.retry_after.map(|wait| i32::try_from(wait.as_secs()).unwrap_or(i32::MAX))
    }

    /// The message; null when it is kept no longer.
    async fn delivery(&self, ctx: &Context<'_>) -> Result<Option<WebhookDelivery>, Error> {
        Ok(request(ctx).newsroom.load_one(DeliveryOf(self.0.delivery)).await?.map(WebhookDelivery))
    }
}

/// Which messages to a webhook are wanted.
pub(super) struct DeliveriesWanted {
    pub(super) webhook: ID,
    pub(super) state: Option<WebhookDeliveryState>,
    pub(super) events: Option<Vec<WebhookEvent>>,
}

/// Sees that the viewer may look after webhooks.
pub(super) fn require(ctx: &Context<'_>) -> Result<(), Error> {
    user::require(ctx, Permission::ManageWebhooks)
}

/// Whether the viewer may look after webhooks.
pub(crate) fn may_manage(ctx: &Context<'_>) -> bool {
    require(ctx).is_ok()
}

pub(super) async fn all(ctx: &Context<'_>) -> Result<Vec<Webhook>, Error> {
    require(ctx)?;
    let found = request(ctx).store.webhooks().all().await.map_err(|error| Error::of_store(&error))?;
    Ok(found.into_iter().map(Webhook).collect())
}

pub(super) async fn one(ctx: &Context<'_>, id: &ID) -> Result<Option<Webhook>, Error> {
    require(ctx)?;
    let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
    let found = request(ctx).store.webhooks().one(id.into()).await.map_err(|error| Error::of_store(&error))?;
    Ok(found.map(Webhook))
}

pub(super) async fn deliveries(
    ctx: &Context<'_>,
    wanted: DeliveriesWanted,
    paging: Paging,
) -> Result<WebhookDeliveryConnection, Error> {
    require(ctx)?;
    let webhook: WebhookId = Uuid::parse_str(&wanted.webhook).unwrap_or_default().into();
    let state = wanted.state.map(domain::DeliveryState::from);
    let events: Vec<domain::EventType> = wanted.events.into_iter().flatten().map(Into::into).collect();
    let print = courant_domain::fingerprint::fingerprint(&("webhook deliveries", webhook, state, &events));
    let page = page_request(&paging, print)?;
    let request_of = |page| DeliveriesRequest { webhook, state, events: events.clone(), page };
    let number = NumberOf::Deliveries(Box::new(request_of(PageRequest::first(0))));
    let load = request(ctx).newsroom.load_one(DeliveriesPageOf(request_of(page)));
    connected(ctx, print, number, load, WebhookDelivery).await.map(WebhookDeliveryConnection)
}

pub(super) async fn tries(
    ctx: &Context<'_>,
    webhook: ID,
    failed: bool,
    paging: Paging,
) -> Result<WebhookAttemptConnection, Error> {
    require(ctx)?;
    let webhook: WebhookId = Uuid::parse_str(&webhook).unwrap_or_default().into();
    let print = courant_domain::fingerprint::fingerprint(&("webhook attempts", webhook, failed));
    let page = page_request(&paging, print)?;
    let request_of = |page| AttemptsRequest { webhook, failed, page };
    let number = NumberOf::Attempts(request_of(PageRequest::first(0)));
    let load = request(ctx).newsroom.load_one(AttemptsPageOf(request_of(page)));
    connected(ctx, print, number, load, WebhookAttempt).await.map(WebhookAttemptConnection)
}
