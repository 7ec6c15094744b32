//! Webhooks.

mod payload;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, OneofObject};
use courant_domain::{
    bounds::Bound,
    id::{DeliveryId, WebhookId},
    text::is_blank,
    webhook::{EventType, WebhookFilter},
};
use courant_outbound::{Endpoint, LookedUp};
use courant_persistence::{Command, Replay, Store, WebhookCreate, WebhookMade, WebhookRotate, WebhookUpdate, Written};
use macro_rules_attribute::apply;

use self::payload::{
    CreateWebhookPayload, Made, ReplayWebhookPayload, RotateWebhookSecretPayload, TestWebhookPayload, Updated,
    WebhookPayload, WebhookWarning,
};
use super::{ending::DeletePayload, input::Reader, perform};
use crate::{
    error::Error,
    schema::{
        context::request,
        id::NodeKind,
        newsroom::{EntryKind, WebhookDelivery, WebhookEvent, may_manage_webhooks},
        scalar::{ChangeCursor, DateTime, Locale},
    },
};

/// Of what a webhook is told. What is empty or not given does not matter; what is given must all be true.
#[derive(InputObject)]
pub(crate) struct WebhookFilterInput {
    /// Of these events.
    #[graphql(default)]
    events: Vec<WebhookEvent>,
    /// Of publications and redirects, of those in these languages.
    #[graphql(default)]
    locales: Vec<Locale>,
    /// Of publications, of those of these kinds.
    #[graphql(default)]
    kinds: Vec<EntryKind>,
    /// Of publications, of those that are or were filed under one of these categories.
    #[graphql(default)]
    categories: Vec<ID>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// Of publications, of those that have or had one of these tags.
    #[graphql(default)]
    tags: Vec<ID>,
}

/// A webhook to make.
#[derive(InputObject)]
pub(crate) struct CreateWebhookInput {
    /// Where messages are sent: an `https` URL without a user name in it, whose host is on the public Internet, or one that the
    /// server's configuration allows.
    url: String,
    /// What it is for, in words.
    name: String,
    /// Of what it is told; of everything when nothing is given.
    filter: Option<WebhookFilterInput>,
    /// A key of the client's own making: sent again under the same key, the request is answered again, but without the
    /// secret, and not done again. Kept for a week.
    idempotency_key: Option<String>,
}

/// What changes of a webhook; what is not given stays.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdateWebhookInput {
    /// Which one.
    id: ID,
    /// Where messages are sent; never empty.
    url: MaybeUndefined<String>,
    /// What it is for, in words; never empty.
    name: MaybeUndefined<String>,
    /// Of what it is told, all of it; null for everything.
    filter: MaybeUndefined<WebhookFilterInput>,
    /// Whether it is told of changes. Turned on again, it is sent what waits for it, and told of what changes from then on.
    active: MaybeUndefined<bool>,
}

/// Which webhook to delete, with what waits for it and the log of what was sent.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct DeleteWebhookInput {
    /// Its id.
    id: ID,
}

/// Which webhook to give new keys.
#[derive(InputObject)]
pub(crate) struct RotateWebhookSecretInput {
    /// Its id.
    id: ID,
    /// For how many hours messages are signed with the present keys, too, so that the endpoint can be given the new secret meanwhile: 0
    /// to 168. 0 ends the present keys at once, as when somebody else knows them.
    #[graphql(default = 24)]
    overlap_hours: i32,
    /// A key of the client's own making: sent again under the same key, the request is answered again, but without the
    /// secret, and not done again. Kept for a week.
    idempotency_key: Option<String>,
}

/// Which webhook to test.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct TestWebhookInput {
    /// Its id.
    id: ID,
}

/// What to send a webhook again.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ReplayWebhookInput {
    /// The webhook's id.
    id: ID,
    /// What.
    what: ReplayWebhookBy,
}

/// What to send again: one of these.
#[derive(OneofObject)]
pub(crate) enum ReplayWebhookBy {
    /// One message, by its id: `WebhookDelivery.id`.
    Delivery(ID),
    /// All messages that were given up, and are still kept. Give true.
    Failed(bool),
    /// What there is to say of these changes, whether it was sent before or not.
    Changes(ReplayChangesInput),
    /// What there is to say of what was changed in this time, whether it was sent before or not.
    Time(ReplayTimeInput),
}

/// A range of changes; at most 10,000.
#[derive(InputObject)]
pub(crate) struct ReplayChangesInput {
    /// Those after this one: `data.cursor` of a message, or `Webhook.toldUpTo`, `Change.cursor`.
    after: ChangeCursor,
    /// Up to this one; the last there is when none is given.
    up_to: Option<ChangeCursor>,
}

/// A time in which changes were made; at most 10,000.
#[derive(InputObject)]
pub(crate) struct ReplayTimeInput {
    /// From then on.
    from: DateTime,
    /// Before then; until now when none is given.
    before: Option<DateTime>,
}

#[derive(Default)]
pub(crate) struct WebhookMutations;

#[Object]
impl WebhookMutations {
    /// Makes a webhook. It is told of what changes from now on. Needs the permission `MANAGE_WEBHOOKS`.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook.")] input: CreateWebhookInput,
    ) -> Option<Result<CreateWebhookPayload, Error>> {
        let mut reader = Reader::default();
        let create = WebhookCreate {
            url: target(ctx, &mut reader, input.url),
            name: named(&mut reader, input.name),
            filter: input.filter.map(|filter| filtered(&mut reader, filter)).unwrap_or_default(),
        };
        let warning = looked_up(ctx, &mut reader, &create.url).await;
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        let make = async |command: Command<'_>| shown(store, store.webhooks().create(command, &create).await?).await;
        let made: Result<CreateWebhookPayload, Error> = perform(ctx, key, reader, make).await;
        Some(made.map(|made| made.warned(warning)))
    }

    /// Changes a webhook, or turns it on or off. Needs the permission `MANAGE_WEBHOOKS`.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateWebhookInput,
    ) -> Option<Result<WebhookPayload, Error>> {
        let mut reader = Reader::default();
        let update = WebhookUpdate {
            id: reader.id("id", &input.id, &[]),
            url: reader.required("url", input.url).map(|url| target(ctx, &mut reader, url)),
            name: reader.required("name", input.name).map(|name| named(&mut reader, name)),
            filter: match input.filter {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(WebhookFilter::default()),
                MaybeUndefined::Value(filter) => Some(filtered(&mut reader, filter)),
            },
            active: reader.required("active", input.active),
        };
        let warning = match &update.url {
            Some(url) => looked_up(ctx, &mut reader, url).await,
            None => None,
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        let change = async |command: Command<'_>| {
            let updated = store.webhooks().update(command, &update).await?;
            let told_up_to = updated.told_up_to.and_then(|at| at.parse().ok()).map(ChangeCursor);
            Ok(Updated { webhook: store.webhooks().one(updated.id).await?, told_up_to })
        };
        let changed: Result<WebhookPayload, Error> = perform(ctx, key, reader, change).await;
        Some(changed.map(|changed| changed.warned(warning)))
    }

    /// Deletes a webhook. Needs the permission `MANAGE_WEBHOOKS`.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteWebhookInput,
    ) -> Option<Result<DeletePayload, Error>> {
        let mut reader = Reader::default();
        let id: WebhookId = reader.id("id", &input.id, &[]);
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.webhooks().delete(command, id).await).await)
    }

    /// Gives a webhook new keys. Messages are signed with both for a while. Needs the permission `MANAGE_WEBHOOKS`.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RotateWebhookSecretInput,
    ) -> Option<Result<RotateWebhookSecretPayload, Error>> {
        let mut reader = Reader::default();
        let rotate = WebhookRotate { id: reader.id("id", &input.id, &[]), overlap_hours: input.overlap_hours };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        let make = async |command: Command<'_>| shown(store, store.webhooks().rotate(command, &rotate).await?).await;
        Some(perform(ctx, key, reader, make).await)
    }

    /// Sends a webhook a ping (`webhook.ping`), whatever it is told of. Needs the permission `MANAGE_WEBHOOKS`.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: TestWebhookInput,
    ) -> Option<Result<TestWebhookPayload, Error>> {
        let mut reader = Reader::default();
        let id = reader.id("id", &input.id, &[]);
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        let test = async |command: Command<'_>| {
            let id: DeliveryId = store.webhooks().test(command, id).await?;
            let found = store.webhooks().deliveries_by_id(&[id]).await?.into_values().next();
            Ok(found.map(|found| WebhookDelivery(Arc::new(found))))
        };
        Some(perform(ctx, key, reader, test).await)
    }

    /// Sends a webhook messages again, in the order of their changes, each with the id it had. Needs the permission
    /// `MANAGE_WEBHOOKS`.
    async fn replay_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to send again.")] input: ReplayWebhookInput,
    ) -> Option<Result<ReplayWebhookPayload, Error>> {
        let mut reader = Reader::default();
        let id: WebhookId = reader.id("id", &input.id, &[]);
        let what = replay(&mut reader, input.what);
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        let again = async |command: Command<'_>| {
            let done = store.webhooks().replay(command, id, &what).await?;
            Ok((store.webhooks().one(done.id).await?, done.count))
        };
        Some(perform(ctx, key, reader, again).await)
    }
}

/// The webhook that was made or given keys, and its secret if this is the one time to show it.
async fn shown(store: &Store, made: WebhookMade) -> Written<Made> {
    let webhook = store.webhooks().one(made.id).await?;
    let secret = match &webhook {
        Some(webhook) if made.now => store.webhooks().shared_secret(webhook).await?,
        _ => None,
    };
    Ok((webhook, secret))
}

/// An address that messages can be sent to, as far as it tells by itself.
fn target(ctx: &Context<'_>, reader: &mut Reader, url: String) -> String {
    let url = reader.text("url", url, Bound::URL);
    match Endpoint::parse(&url) {
        Ok(endpoint) => {
            if let Err(unfit) = request(ctx).destinations.check(&endpoint) {
                reader.invalid("url", unfit.to_string());
            }
            endpoint.to_string()
        }
        Err(error) => {
            reader.invalid("url", error.to_string());
            url
        }
    }
}

/// Looks up the name in an address, for whoever may look after webhooks: nobody else is to find out what a name stands for here. One that
/// stands for what nothing is sent to is a problem; one that nobody knows, yet, is to be warned of.
async fn looked_up(ctx: &Context<'_>, reader: &mut Reader, url: &str) -> Option<WebhookWarning> {
    let destinations = &request(ctx).destinations;
    let endpoint = Endpoint::parse(url).ok().filter(|endpoint| destinations.check(endpoint).is_ok())?;
    if !may_manage_webhooks(ctx) {
        return None;
    }
    match destinations.look_up(&endpoint).await {
        LookedUp::Fits => None,
        LookedUp::Forbidden(forbidden) => {
            reader.invalid("url", forbidden.to_string());
            None
        }
        LookedUp::Unknown(why) => Some(WebhookWarning::unknown_host(endpoint.host(), &why)),
    }
}

fn named(reader: &mut Reader, name: String) -> String {
    if is_blank(&name) {
        reader.invalid("name", "a webhook is called something");
    }
    reader.text("name", name, Bound::NAME)
}

fn filtered(reader: &mut Reader, filter: WebhookFilterInput) -> WebhookFilter {
    let mut events: Vec<EventType> = filter.events.into_iter().map(Into::into).collect();
    events.sort_unstable();
    events.dedup();
    WebhookFilter {
        events,
        locales: filter.locales.into_iter().map(|locale| locale.0).collect(),
        kinds: filter.kinds.into_iter().map(Into::into).collect(),
        include_descendants: filter.include_descendants && !filter.categories.is_empty(),
        categories: reader.ids("filter.categories", &filter.categories, &[NodeKind::Category]),
        tags: reader.ids("filter.tags", &filter.tags, &[NodeKind::Tag]),
    }
}

fn replay(reader: &mut Reader, what: ReplayWebhookBy) -> Replay {
    match what {
        ReplayWebhookBy::Changes(ReplayChangesInput { after, up_to }) => {
            let mut place = |field: &str, cursor: ChangeCursor| {
                cursor.place().unwrap_or_else(|_| {
                    reader.invalid(field, "this is no cursor of `changes`");
                    cursor.0
                })
            };
            Replay::Changes {
                after: place("what.changes.after", after),
                up_to: up_to.map(|end| place("what.changes.upTo", end)),
            }
        }
        ReplayWebhookBy::Time(ReplayTimeInput { from, before }) => {
            Replay::Time { from: from.0, before: before.map(|before| before.0) }
        }
        ReplayWebhookBy::Delivery(id) => Replay::One(reader.id("what.delivery", &id, &[])),
        ReplayWebhookBy::Failed(true) => Replay::Failed,
        ReplayWebhookBy::Failed(false) => {
            reader.invalid("what.failed", "this can be true alone");
            Replay::Failed
        }
    }
}
