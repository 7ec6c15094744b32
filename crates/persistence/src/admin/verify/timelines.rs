//! Lists: what they hold beside what they should.
//!
//! There are many times more places in timelines than entries, and they are in the timelines' order. So those that
//! should be there are only counted and summed up while the entries are read, timeline by timeline; the same is done
//! with those that are there; and only timelines for which the two differ are looked at place by place.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use courant_domain::id::EntryId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Check, Rule};
use crate::{
    db::entity::{edition, timeline_entry},
    error::{Result, StoreError},
    live::{
        publish::{Filings, LiveRow, SitemapPlace, TimelineRow, pins_of, select_live},
        scope::TimelineKey,
    },
    reference::Reference,
};

const PLACES: u64 = 5000;
const ENTRIES: u64 = 200;

/// How many places each timeline has, and their sum.
#[derive(Default)]
pub(super) struct Tallies {
    by_timeline: HashMap<i32, Tally>,
    /// Timelines that should be there.
    missing: HashSet<TimelineKey>,
    /// How many texts sitemaps list of each day.
    pub(super) days: BTreeMap<SitemapPlace, i64>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    count: u64,
    sum: u64,
}

#[derive(Hash, PartialEq, Eq, Clone, Copy)]
struct Place {
    timeline: i32,
    sort_key: i64,
    entry: Uuid,
    edition: i64,
}

impl Tally {
    fn add(&mut self, place: Place) {
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        self.count += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

impl Tallies {
    /// Counts an edition that sitemaps list.
    pub(super) fn list(&mut self, row: &LiveRow) -> Result<()> {
        if let Some(place) = row.sitemap_place()? {
            *self.days.entry(place).or_default() += 1;
        }
        Ok(())
    }

    /// Counts a place that should be there.
    pub(super) fn expect(&mut self, row: &TimelineRow, reference: &Reference) {
        match place(row, reference) {
            Some(place) => self.by_timeline.entry(place.timeline).or_default().add(place),
            None => {
                self.missing.insert(row.key);
            }
        }
    }
}

fn place(row: &TimelineRow, reference: &Reference) -> Option<Place> {
    let timeline = reference.timeline(&row.key)?;
    Some(Place { timeline, sort_key: row.sort_key, entry: row.entry.uuid(), edition: row.edition })
}

impl From<timeline_entry::Model> for Place {
    fn from(row: timeline_entry::Model) -> Self {
        Self { timeline: row.timeline_id, sort_key: row.sort_key, entry: row.entry_id, edition: row.edition_id }
    }
}

impl Check<'_> {
    /// Sees that timelines hold what they should and nothing else.
    pub(super) async fn timelines(
        &mut self,
        reference: &Reference,
        mut expected: Tallies,
        pins: &[TimelineRow],
    ) -> Result<()> {
        for row in pins {
            expected.expect(row, reference);
        }
        let Tallies { by_timeline: expected, missing, .. } = expected;
        for key in missing {
            let what = format!("the {} of scope {} in {}", key.kind.as_str(), key.scope_column()?, key.locale);
            self.broken(Rule::Timelines, what, "a timeline", "none");
        }
        let mut found: HashMap<i32, Tally> = HashMap::new();
        let mut after = None;
        loop {
            let places = self.places(None, after).await?;
            let Some(last) = places.last() else { break };
            after = Some(*last);
            self.checked.places += places.len() as u64;
            for place in places {
                found.entry(place.timeline).or_default().add(place);
            }
        }
        let all: HashSet<i32> = expected.keys().chain(found.keys()).copied().collect();
        let mut odd: Vec<i32> = all.into_iter().filter(|id| expected.get(id) != found.get(id)).collect();
        odd.sort_unstable();
        if odd.is_empty() {
            return Ok(());
        }
        for timeline in &odd {
            self.unexpected(reference, *timeline, pins).await?;
        }
        self.absent(reference, &odd.into_iter().collect(), pins).await
    }

    /// Places behind one, of one timeline or of all.
    async fn places(&self, timeline: Option<i32>, after: Option<Place>) -> Result<Vec<Place>> {
        let mut sql = "SELECT timeline_id, sort_key, entry_id, edition_id FROM timeline_entry WHERE 1 = 1".to_owned();
        let mut values = Vec::new();
        if let Some(timeline) = timeline {
            sql.push_str(&format!(" AND timeline_id = {timeline}"));
        }
        if let Some(after) = after {
            sql.push_str(" AND (timeline_id, sort_key, entry_id) > ($1, $2, $3)");
            values = vec![after.timeline.into(), after.sort_key.into(), after.entry.into()];
        }
        sql.push_str(&format!(" ORDER BY timeline_id, sort_key, entry_id LIMIT {PLACES}"));
        let rows = self.rows(sql, values).await?;
        rows.iter()
            .map(|row| {
                Ok(Place {
                    timeline: row.try_get_by_index(0)?,
                    sort_key: row.try_get_by_index(1)?,
                    entry: row.try_get_by_index(2)?,
                    edition: row.try_get_by_index(3)?,
                })
            })
            .collect()
    }

    /// Tells of places of a timeline that should not be there.
    async fn unexpected(&mut self, reference: &Reference, timeline: i32, pins: &[TimelineRow]) -> Result<()> {
        let mut after = None;
        loop {
            let places = self.places(Some(timeline), after).await?;
            let Some(last) = places.last() else { return Ok(()) };
            after = Some(*last);
            for places in places.chunks(1000) {
                let entries = places.iter().map(|place| place.entry).collect();
                let expected = self.expected_of(reference, entries, pins).await?;
                for place in places.iter().filter(|place| !expected.contains(place)) {
                    self.place_broken(reference, *place, false)?;
                }
            }
        }
    }

    /// Tells of places that are not in these timelines and should be.
    async fn absent(&mut self, reference: &Reference, timelines: &HashSet<i32>, pins: &[TimelineRow]) -> Result<()> {
        let mut after = Uuid::nil();
        loop {
            let ids: Vec<Uuid> = edition::Entity::find()
                .select_only()
                .column(edition::Column::EntryId)
                .distinct()
                .filter(edition::Column::EntryId.gt(after))
                .order_by_asc(edition::Column::EntryId)
                .limit(ENTRIES)
                .into_tuple()
                .all(self.db)
                .await?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = *last;
            let expected = self.expected_of(reference, ids, pins).await?;
            for place in expected.into_iter().filter(|place| timelines.contains(&place.timeline)) {
                let key = (place.timeline, place.sort_key, place.entry);
                let found = timeline_entry::Entity::find_by_id(key).one(self.db).await?.map(Place::from);
                if found != Some(place) {
                    self.place_broken(reference, place, true)?;
                }
            }
        }
    }

    /// What feeds should pin.
    pub(super) async fn pins(&mut self, reference: &Reference) -> Result<Vec<TimelineRow>> {
        let mut pins = Vec::new();
        for feed in reference.feeds() {
            let live = self.filed(reference, feed.pinned.iter().map(|entry| entry.uuid()).collect()).await?;
            pins.extend(pins_of(feed, &live, reference));
        }
        Ok(pins)
    }

    async fn expected_of(
        &mut self,
        reference: &Reference,
        entries: Vec<Uuid>,
        pins: &[TimelineRow],
    ) -> Result<HashSet<Place>> {
        let pins: Vec<&TimelineRow> = pins.iter().filter(|row| entries.contains(&row.entry.uuid())).collect();
        let live = self.filed(reference, entries).await?;
        let filings = Filings::of(&live, reference);
        Ok(filings.timelines.iter().chain(pins).filter_map(|row| place(row, reference)).collect())
    }

    async fn filed(&mut self, reference: &Reference, entries: Vec<Uuid>) -> Result<Vec<LiveRow>> {
        let query = edition::Entity::find().filter(edition::Column::EntryId.is_in(entries));
        // What cannot be read has been told of already.
        match select_live(self.db, query, reference).await {
            Err(StoreError::Corrupt(_)) => Ok(Vec::new()),
            other => other,
        }
    }

    fn place_broken(&mut self, reference: &Reference, place: Place, expected: bool) -> Result<()> {
        let key = reference.timeline_key(place.timeline);
        let list = match key {
            Some(key) => format!("the {} of scope {} in {}", key.kind.as_str(), key.scope_column()?, key.locale),
            None => format!("timeline {}, which is not there", place.timeline),
        };
        let there = format!("edition {} at {}", place.edition, place.sort_key);
        let what = format!("entry {} in {list}", EntryId::from(place.entry));
        let (expected, found) = if expected { (there, "none".to_owned()) } else { ("none".to_owned(), there) };
        self.broken(Rule::Timelines, what, expected, found);
        Ok(())
    }
}
