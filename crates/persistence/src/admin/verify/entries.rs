//! Entries in work: their revisions and where their languages stand.

use std::collections::{BTreeMap, HashMap};

use courant_domain::{
    id::{EntryId, TagId},
    workflow::{LocaleStanding, State},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Check, Rule, or_none, timelines::Tallies, version};
use crate::{
    db::{
        convert::to_word,
        entity::{edition, entry, revision, standing},
        entries::{read_entry, read_standing},
    },
    error::Result,
    reference::Reference,
};

/// How many entries are held in memory at once, with all that is live of them.
const ENTRIES: u64 = 200;

/// The numbers of one entry's revisions, and what each was based on, by language.
type Numbers = BTreeMap<String, Vec<(i32, Option<i32>)>>;

/// What is kept of some entries, each list by entry.
pub(super) struct Portion {
    pub(super) ids: Vec<Uuid>,
    pub(super) editions: HashMap<Uuid, Vec<edition::Model>>,
    revisions: HashMap<Uuid, Numbers>,
    standings: HashMap<Uuid, Vec<standing::Model>>,
}

impl Check<'_> {
    /// Sees that every entry holds together with all that is kept of it, and counts what lists should hold.
    pub(super) async fn entries(&mut self, reference: &Reference) -> Result<Tallies> {
        let mut tallies = Tallies::default();
        let mut after: Option<Uuid> = None;
        loop {
            let mut query = entry::Entity::find().order_by_asc(entry::Column::Id).limit(ENTRIES);
            if let Some(after) = after {
                query = query.filter(entry::Column::Id.gt(after));
            }
            let entries = query.all(self.db).await?;
            let Some(last) = entries.last() else { return Ok(tallies) };
            after = Some(last.id);
            let portion = self.portion(entries.iter().map(|entry| entry.id).collect()).await?;
            for entry in entries {
                self.entry(reference, entry, &portion)?;
            }
            self.live(reference, &portion, &mut tallies).await?;
        }
    }

    async fn portion(&mut self, ids: Vec<Uuid>) -> Result<Portion> {
        let mut revisions: HashMap<Uuid, Numbers> = HashMap::new();
        use revision::Column::{BasedOn, EntryId, Locale, Number};
        let rows: Vec<(Uuid, String, i32, Option<i32>)> = revision::Entity::find()
            .filter(EntryId.is_in(ids.iter().copied()))
            .order_by_asc(Number)
            .select_only()
            .columns([EntryId, Locale, Number, BasedOn])
            .into_tuple()
            .all(self.db)
            .await?;
        for (entry, locale, number, based_on) in rows {
            revisions.entry(entry).or_default().entry(locale).or_default().push((number, based_on));
        }
        let mut standings: HashMap<Uuid, Vec<standing::Model>> = HashMap::new();
        let query = standing::Entity::find().filter(standing::Column::EntryId.is_in(ids.iter().copied()));
        for row in query.all(self.db).await? {
            standings.entry(row.entry_id).or_default().push(row);
        }
        let mut editions: HashMap<Uuid, Vec<edition::Model>> = HashMap::new();
        let query = edition::Entity::find().filter(edition::Column::EntryId.is_in(ids.iter().copied()));
        for row in query.all(self.db).await? {
            editions.entry(row.entry_id).or_default().push(row);
        }
        Ok(Portion { ids, editions, revisions, standings })
    }

    fn entry(&mut self, reference: &Reference, row: entry::Model, portion: &Portion) -> Result<()> {
        self.checked.entries += 1;
        let id = row.id;
        let Some(entry) = self.readable(format!("entry {id}"), read_entry(row))? else { return Ok(()) };
        let what = format!("entry {id}");
        if reference.categories.get(entry.category).is_none() {
            self.broken(Rule::EntryReferences, &what, format!("category {}", entry.category), "none");
        }
        self.tags(reference, &what, &entry.tags);
        let live = portion.editions.get(&id).map_or(&[][..], Vec::as_slice);
        if !live.is_empty() && !entry.was_published {
            let found = format!("{} live editions of what was never published", live.len());
            self.broken(Rule::WasPublished, &what, "none, or that it was published", found);
        }
        let none = Numbers::new();
        let revisions = portion.revisions.get(&id).unwrap_or(&none);
        for (locale, numbers) in revisions {
            self.revisions(&format!("entry {id} in {locale}"), numbers);
        }
        let standings = portion.standings.get(&id).map_or(&[][..], Vec::as_slice);
        for locale in revisions.keys().filter(|locale| !standings.iter().any(|row| row.locale == **locale)) {
            self.broken(Rule::Standings, format!("entry {id} in {locale}"), "where it stands", "nothing");
        }
        for row in standings {
            let newest = revisions.get(&row.locale).and_then(|numbers| numbers.last()).map(|(number, _)| *number);
            if newest != Some(row.newest) {
                let what = format!("where entry {id} stands in {}", row.locale);
                let expected = format!("the newest revision, {}", or_none(newest));
                self.broken(Rule::Standings, what, expected, row.newest);
            }
            let live = live.iter().find(|live| live.locale == row.locale);
            let read = read_standing(row);
            let what = format!("where entry {id} stands in {}", row.locale);
            if let Some(standing) = self.readable(what, read)? {
                self.standing(entry.id, &standing, row, live)?;
            }
        }
        for live in live.iter().filter(|live| !standings.iter().any(|row| row.locale == live.locale)) {
            let what = format!("entry {id} in {}", live.locale);
            self.broken(Rule::WorkflowStates, what, "where it stands", "nothing, but a live edition");
        }
        Ok(())
    }

    pub(super) fn tags(&mut self, reference: &Reference, what: &str, tags: &[TagId]) {
        for tag in tags.iter().filter(|tag| reference.tag(**tag).is_none()) {
            self.broken(Rule::EntryReferences, what, format!("tag {tag}"), "none");
        }
    }

    /// `numbers` are in order.
    fn revisions(&mut self, what: &str, numbers: &[(i32, Option<i32>)]) {
        for ((number, based_on), expected) in numbers.iter().zip(1..) {
            self.checked.revisions += 1;
            if *number != expected {
                self.broken(Rule::RevisionNumbers, what, format!("revision {expected}"), number);
            }
            if let Some(based_on) = based_on.filter(|based_on| based_on >= number || *based_on < 1) {
                let what = format!("revision {number} of {what}");
                self.broken(Rule::RevisionNumbers, what, "an earlier one that it is based on", based_on);
            }
        }
    }

    fn standing(
        &mut self,
        entry: EntryId,
        read: &LocaleStanding,
        row: &standing::Model,
        live: Option<&edition::Model>,
    ) -> Result<()> {
        let LocaleStanding { locale, standing } = read;
        let what = || version(entry, *locale);
        let state = standing.state;
        match (state, live) {
            (State::Published, None) => self.broken(Rule::WorkflowStates, what(), "a live edition of it", "none"),
            (State::Published, Some(live)) if live.revision != row.newest => {
                let expected = format!("revision {} live", row.newest);
                self.broken(Rule::WorkflowStates, what(), expected, format!("revision {}", live.revision));
            }
            (State::Archived, Some(_)) => self.broken(Rule::WorkflowStates, what(), "nothing live of it", "an edition"),
            _ => {}
        }
        if (state == State::Scheduled) != standing.scheduled_at.is_some() {
            let expected = if state == State::Scheduled { "a time it is scheduled for" } else { "no scheduled time" };
            let found = format!("{} in state {}", or_none(standing.scheduled_at), state.as_str());
            self.broken(Rule::WorkflowStates, what(), expected, found);
        }
        let waiting_for = standing.waiting_for().as_ref().map(to_word).transpose()?;
        if row.waiting_for != waiting_for {
            let expected = format!("waiting for {}", or_none(waiting_for));
            self.broken(Rule::Standings, what(), expected, or_none(row.waiting_for.as_ref()));
        }
        let expires_at = standing.expiry.as_ref().map(|expiry| crate::db::convert::micros(expiry.at));
        if row.expires_at != expires_at {
            let expected = format!("its end at {}", or_none(expires_at));
            self.broken(Rule::Standings, what(), expected, or_none(row.expires_at));
        }
        Ok(())
    }
}
