//! What a feed's editors pin on top of it.

use courant_domain::{
    access::Permission,
    audit::{Act, AuditSubject},
    feed::Feed,
    id::{EntryId, FeedId},
    problem::ProblemCode,
};
use serde::Serialize;
use serde_json::json;

use super::known;
use crate::{
    command::{Command, Done, WriteError, Written},
    newsroom::{Newsroom, input::require_place, reference_put},
};

/// An entry to pin to a feed's top.
#[derive(Debug, Clone, Serialize)]
pub struct FeedPin {
    /// The feed.
    pub feed: FeedId,
    /// The entry. One that is not live shows as soon as it is.
    pub entry: EntryId,
    /// Its place among what is pinned, counted from 1; the top when none is given.
    pub position: Option<u32>,
}

/// An entry to take from a feed's top.
#[derive(Debug, Clone, Serialize)]
pub struct FeedUnpin {
    /// The feed.
    pub feed: FeedId,
    /// The entry.
    pub entry: EntryId,
}

/// An order for what a feed pins.
#[derive(Debug, Clone, Serialize)]
pub struct FeedPinsReorder {
    /// The feed.
    pub feed: FeedId,
    /// Each of the pinned entries once.
    pub order: Vec<EntryId>,
}

impl Newsroom {
    /// Pins an entry to a feed's top; one that is pinned already goes to the new place.
    ///
    /// # Errors
    /// When there is no such feed, or no such entry that the viewer sees, the feed pins as many as it can, the viewer
    /// may not in each of the feed's categories, or the database fails.
    pub async fn feed_pin(&self, command: Command<'_>, input: &FeedPin) -> Written<FeedId> {
        self.store
            .change(command, Act::PinEntry, input, async |work| {
                let allowed = known(work, Permission::PinEntries, input.feed, "feedId")?;
                let mut feed = allowed.clone();
                if !work.sees_entry(input.entry).await? {
                    return Err(WriteError::not_found("entryId", "entry"));
                }
                feed.pinned.retain(|pinned| *pinned != input.entry);
                if feed.pinned.len() >= Feed::MAX_PINNED {
                    let message = format!("a feed pins at most {} entries", Feed::MAX_PINNED);
                    return Err(WriteError::refused(ProblemCode::Invalid, "entryId", message));
                }
                let place = require_place(input.position)?.unwrap_or(1) - 1;
                let place = usize::try_from(place).unwrap_or(usize::MAX).min(feed.pinned.len());
                feed.pinned.insert(place, input.entry);
                if feed == *allowed {
                    return Ok(Done::unchanged(&allowed, feed.id));
                }
                reference_put::feed_put(&mut work.tx, &feed).await?;
                let detail = json!({ "feed": feed.slug, "entry": input.entry, "position": input.position });
                Ok(Done::new(&allowed, (AuditSubject::Feed, feed.id.uuid()), detail, feed.id))
            })
            .await
    }

    /// Takes an entry from a feed's top.
    ///
    /// # Errors
    /// When there is no such feed, it does not pin the entry, the viewer may not in each of the feed's categories, or
    /// the database fails.
    pub async fn feed_unpin(&self, command: Command<'_>, input: &FeedUnpin) -> Written<FeedId> {
        self.store
            .change(command, Act::UnpinEntry, input, async |work| {
                let allowed = known(work, Permission::PinEntries, input.feed, "feedId")?;
                let mut feed = allowed.clone();
                let Some(place) = feed.pinned.iter().position(|pinned| *pinned == input.entry) else {
                    return Err(WriteError::not_found("entryId", "pinned entry"));
                };
                feed.pinned.remove(place);
                reference_put::feed_put(&mut work.tx, &feed).await?;
                let detail = json!({ "feed": feed.slug, "entry": input.entry });
                Ok(Done::new(&allowed, (AuditSubject::Feed, feed.id.uuid()), detail, feed.id))
            })
            .await
    }

    /// Sets the order of what a feed pins.
    ///
    /// # Errors
    /// When there is no such feed, the order does not name each pinned entry once, the viewer may not in each of the
    /// feed's categories, or the database fails.
    pub async fn feed_pins_reorder(&self, command: Command<'_>, input: &FeedPinsReorder) -> Written<FeedId> {
        self.store
            .change(command, Act::ReorderPins, input, async |work| {
                let allowed = known(work, Permission::PinEntries, input.feed, "feedId")?;
                let mut feed = allowed.clone();
                let sorted = |ids: &[EntryId]| {
                    let mut ids = ids.to_vec();
                    ids.sort_unstable();
                    ids
                };
                if sorted(&feed.pinned) != sorted(&input.order) {
                    let message = "the order names each entry the feed pins, and no other, exactly once";
                    return Err(WriteError::refused(ProblemCode::Invalid, "entryIds", message));
                }
                if feed.pinned == input.order {
                    return Ok(Done::unchanged(&allowed, feed.id));
                }
                feed.pinned.clone_from(&input.order);
                reference_put::feed_put(&mut work.tx, &feed).await?;
                let detail = json!({ "feed": feed.slug, "order": input.order });
                Ok(Done::new(&allowed, (AuditSubject::Feed, feed.id.uuid()), detail, feed.id))
            })
            .await
    }
}
