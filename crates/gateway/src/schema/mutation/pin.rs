//! What is pinned to a feed's top.

use async_graphql::{Context, ID, InputObject, Object};
use courant_persistence::{FeedPin, FeedPinsReorder, FeedUnpin};
use macro_rules_attribute::apply;

use super::{entry::ENTRY, feed::FeedPayload, input::Reader, perform};
use crate::{
    error::Error,
    schema::{context::request, id::NodeKind},
};

const FEED: [NodeKind; 1] = [NodeKind::Feed];

/// An entry to pin to a feed's top.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct PinEntryInput {
    /// The feed.
    feed_id: ID,
    /// The entry; one that is not live shows in the feed as soon as it is.
    entry_id: ID,
    /// Its place among what is pinned, counted from 1; the first when none is given. An entry that is pinned already
    /// goes there.
    position: Option<i32>,
}

/// An entry to take from a feed's top.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UnpinEntryInput {
    /// The feed.
    feed_id: ID,
    /// The entry.
    entry_id: ID,
}

/// The order of what a feed pins.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ReorderPinsInput {
    /// The feed.
    feed_id: ID,
    /// Each entry that is pinned once, in their new order.
    entry_ids: Vec<ID>,
}

#[derive(Default)]
pub(crate) struct PinMutations;

#[Object]
impl PinMutations {
    /// Pins an entry to a feed's top.
    async fn pin_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to pin where.")] input: PinEntryInput,
    ) -> Option<Result<FeedPayload, Error>> {
        let mut reader = Reader::default();
        let pin = FeedPin {
            feed: reader.id("feedId", &input.feed_id, &FEED),
            entry: reader.id("entryId", &input.entry_id, &ENTRY),
            position: reader.place("position", input.position),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().feed_pin(command, &pin).await).await)
    }

    /// Takes an entry from a feed's top.
    async fn unpin_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take from where.")] input: UnpinEntryInput,
    ) -> Option<Result<FeedPayload, Error>> {
        let mut reader = Reader::default();
        let unpin = FeedUnpin {
            feed: reader.id("feedId", &input.feed_id, &FEED),
            entry: reader.id("entryId", &input.entry_id, &ENTRY),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().feed_unpin(command, &unpin).await).await)
    }

    /// Sets the order of what a feed pins.
    async fn reorder_pins(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderPinsInput,
    ) -> Option<Result<FeedPayload, Error>> {
        let mut reader = Reader::default();
        let reorder = FeedPinsReorder {
            feed: reader.id("feedId", &input.feed_id, &FEED),
            order: reader.ids("entryIds", &input.entry_ids, &ENTRY),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(
            perform(ctx, key, reader, async |command| store.newsroom().feed_pins_reorder(command, &reorder).await)
                .await,
        )
    }
}
