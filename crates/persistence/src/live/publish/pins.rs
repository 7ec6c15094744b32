//! Filing what feeds pin on their tops.
//!
//! *Invariant*: a place among the pins is counted among those that readers of the language can read, be it that they were taken back
//! with a notice. Cursors tell the place, and one that counted what is pinned and not live would tell readers that something is to come.

use std::collections::HashMap;

use courant_domain::{entry::EntryKind, feed::Feed, id::EntryId, list::Scope, locale::Locale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::filing::{LiveRow, TimelineRow, add};
use crate::{
    db::{
        entity::{edition, timeline_entry},
        transaction::Transaction,
    },
    error::Result,
    live::scope::TimelineKey,
    reference::Reference,
};

/// Sort keys above this one are places of pinned entries; no time is as late.
pub(crate) const LATEST_TIME: i64 = i64::MAX / 2;

/// The sort key of what is pinned in the first place.
const PINNED_FIRST: i64 = i64::MAX - 1;

/// Where a feed's pins are filed, given all that is live of them.
pub(crate) fn pins_of(feed: &Feed, live: &[LiveRow], reference: &Reference) -> Vec<TimelineRow> {
    let mut next: HashMap<Locale, i64> = HashMap::new();
    let mut rows = Vec::new();
    for entry in &feed.pinned {
        let languages: Vec<Locale> = live.iter().filter(|row| row.entry == *entry).map(|row| row.locale).collect();
        for (reader, locale) in reference.site.resolve(&languages) {
            let row = live.iter().find(|row| row.entry == *entry && row.locale == locale);
            let Some(row) = row else { continue };
            let sort_key = next.entry(reader).or_insert(PINNED_FIRST);
            let listed = TimelineKey::listed(reader, row.kind, Scope::Pinned(feed.id));
            let key = TimelineKey { is_withdrawn: row.is_withdrawn(), ..listed };
            rows.push(TimelineRow { key, sort_key: *sort_key, entry: *entry, edition: row.id });
            *sort_key -= 1;
        }
    }
    rows
}

/// The timelines of what a feed pins: in each language, of each kind, and apart what was taken back with a notice.
pub(super) fn pinned_keys(locales: &[Locale], feed: &Feed) -> impl Iterator<Item = TimelineKey> {
    let scope = Scope::Pinned(feed.id);
    let listed =
        locales.iter().flat_map(move |locale| EntryKind::ALL.map(|kind| TimelineKey::listed(*locale, kind, scope)));
    listed.flat_map(|listed| [false, true].map(|is_withdrawn| TimelineKey { is_withdrawn, ..listed }))
}

/// Files anew what is pinned beside these entries, of which something went live or was taken back.
pub(crate) async fn pins_follow(tx: &mut Transaction, entries: &[EntryId]) -> Result<()> {
    let pins = |feed: &&Feed| feed.pinned.iter().any(|pinned| entries.contains(pinned));
    let feeds: Vec<Feed> = tx.reference.feeds().iter().filter(pins).cloned().collect();
    for feed in feeds {
        pinned_refile(tx, &feed).await?;
    }
    Ok(())
}

/// Files what a feed pins anew.
pub(crate) async fn pinned_refile(tx: &mut Transaction, feed: &Feed) -> Result<()> {
    let filed: Vec<i32> = pinned_keys(&tx.locales(), feed).filter_map(|key| tx.reference.timeline(&key)).collect();
    timeline_entry::Entity::delete_many()
        .filter(timeline_entry::Column::TimelineId.is_in(filed))
        .exec(tx.connection())
        .await?;
    let rows = pins_shown(tx, feed).await?;
    add(tx, rows).await
}

/// Where a feed's pins are to be filed, by what is live now.
pub(crate) async fn pins_shown(tx: &Transaction, feed: &Feed) -> Result<Vec<TimelineRow>> {
    let ids = feed.pinned.iter().map(|id| id.uuid());
    let query = edition::Entity::find().filter(edition::Column::EntryId.is_in(ids));
    let live = super::select_live(tx.connection(), query, &tx.reference).await?;
    Ok(pins_of(feed, &live, &tx.reference))
}
