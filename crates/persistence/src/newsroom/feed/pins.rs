//! What a feed's editors pin on top of it.

use courant_domain::{
    access::{ActorId, Permission, Target},
    audit::{Act, AuditSubject},
    feed::Feed,
    id::{EntryId, FeedId},
    locale::Locale,
    problem::ProblemCode,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use serde_json::json;

use super::known;
use crate::{
    convert::locale,
    entity::{edition, entry, standing},
    newsroom::{Begun, Command, Work, WriteError, Written},
    reference_put,
    store::Store,
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

impl Store {
    /// Pins an entry to a feed's top; one that is pinned already goes to the new place.
    ///
    /// # Errors
    /// When there is no such feed, or no such entry that the viewer sees, the feed pins as many as it can, the viewer
    /// may not in each of the feed's categories, or the database fails.
    pub async fn feed_pin(&self, command: Command<'_>, input: &FeedPin) -> Written<FeedId> {
        let mut work = match Work::begin(self, command, Act::PinEntry, input).await? {
            Begun::Work(work) => work,
            Begun::Done(id) => return Ok(id),
        };
        let mut feed = known(&work, Permission::PinEntries, input.feed, "feedId")?;
        if !seen(&work, input.entry).await? {
            return Err(WriteError::not_found("entryId", "entry"));
        }
        feed.pinned.retain(|pinned| *pinned != input.entry);
        if feed.pinned.len() >= Feed::MAX_PINNED {
            let message = format!("a feed pins at most {} entries", Feed::MAX_PINNED);
            return Err(WriteError::refused(ProblemCode::Invalid, "entryId", message));
        }
        let place = match input.position {
            Some(0) => return Err(WriteError::refused(ProblemCode::Invalid, "position", "places are counted from 1")),
            position => usize::try_from(position.unwrap_or(1)).unwrap_or(usize::MAX) - 1,
        };
        feed.pinned.insert(place.min(feed.pinned.len()), input.entry);
        reference_put::feed_put(&mut work.tx, &feed).await?;
        let detail = json!({ "feed": feed.slug, "entry": input.entry, "position": input.position });
        work.finish((AuditSubject::Feed, feed.id.uuid()), None, &detail, feed.id).await
    }

    /// Takes an entry from a feed's top.
    ///
    /// # Errors
    /// When there is no such feed, it does not pin the entry, the viewer may not in each of the feed's categories, or
    /// the database fails.
    pub async fn feed_unpin(&self, command: Command<'_>, input: &FeedUnpin) -> Written<FeedId> {
        let mut work = match Work::begin(self, command, Act::UnpinEntry, input).await? {
            Begun::Work(work) => work,
            Begun::Done(id) => return Ok(id),
        };
        let mut feed = known(&work, Permission::PinEntries, input.feed, "feedId")?;
        let Some(place) = feed.pinned.iter().position(|pinned| *pinned == input.entry) else {
            return Err(WriteError::not_found("entryId", "pinned entry"));
        };
        feed.pinned.remove(place);
        reference_put::feed_put(&mut work.tx, &feed).await?;
        let detail = json!({ "feed": feed.slug, "entry": input.entry });
        work.finish((AuditSubject::Feed, feed.id.uuid()), None, &detail, feed.id).await
    }

    /// Sets the order of what a feed pins.
    ///
    /// # Errors
    /// When there is no such feed, the order does not name each pinned entry once, the viewer may not in each of the
    /// feed's categories, or the database fails.
    pub async fn feed_pins_reorder(&self, command: Command<'_>, input: &FeedPinsReorder) -> Written<FeedId> {
        let mut work = match Work::begin(self, command, Act::ReorderPins, input).await? {
            Begun::Work(work) => work,
            Begun::Done(id) => return Ok(id),
        };
        let mut feed = known(&work, Permission::PinEntries, input.feed, "feedId")?;
        let sorted = |ids: &[EntryId]| {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            ids
        };
        if sorted(&feed.pinned) != sorted(&input.order) {
            let message = "the order names each entry the feed pins, and no other, exactly once";
            return Err(WriteError::refused(ProblemCode::Invalid, "entryIds", message));
        }
        feed.pinned.clone_from(&input.order);
        reference_put::feed_put(&mut work.tx, &feed).await?;
        let detail = json!({ "feed": feed.slug, "order": input.order });
        work.finish((AuditSubject::Feed, feed.id.uuid()), None, &detail, feed.id).await
    }
}

/// Whether the viewer sees an entry: it is live, as everybody sees, or they may read a draft of it in some language.
async fn seen(work: &Work<'_>, id: EntryId) -> Written<bool> {
    let connection = work.tx.connection();
    let live: Option<i64> = edition::Entity::find()
        .filter(edition::Column::EntryId.eq(id.uuid()))
        .select_only()
        .column(edition::Column::Id)
        .into_tuple()
        .one(connection)
        .await?;
    if live.is_some() {
        return Ok(true);
    }
    let Some(row) = entry::Entity::find_by_id(id.uuid()).one(connection).await? else { return Ok(false) };
    let viewer = work.command.by;
    let own = row.created_by.map(ActorId::from).as_ref() == Some(&viewer.actor);
    let may = |locales: &[Locale]| {
        let target = Target { category: Some(row.category_id.into()), locales, own };
        viewer.may(Permission::ReadDrafts, &target, &work.tx.reference.categories)
    };
    let languages: Vec<String> = standing::Entity::find()
        .filter(standing::Column::EntryId.eq(id.uuid()))
        .select_only()
        .column(standing::Column::Locale)
        .into_tuple()
        .all(connection)
        .await?;
    if languages.is_empty() {
        return Ok(may(&[]));
    }
    for language in languages {
        if may(&[locale(&language)?]) {
            return Ok(true);
        }
    }
    Ok(false)
}
