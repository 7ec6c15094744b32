//! What is live, beside what it is made of: revisions, the change log, readers' editions, relations, dates of force.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use courant_domain::{
    change::{Action, Subject},
    decree::{Effect, Force},
    edition::Edition,
    entry::EntryKind,
    id::EntryId,
    publication::Details,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, TryIntoModel};
use uuid::Uuid;

use super::{Check, Rule, entries::Portion, or_none, timelines::Tallies, version};
use crate::{
    db::{
        convert::{date, from_document, from_word, locale},
        entity::{change_log, decree_relation, edition, entry, reader_edition, revision},
        entries::{read_edition, read_entry, read_revision},
        transaction::chunks,
    },
    error::Result,
    live::{
        publish::{self, Filings, LiveRow, Put, effects_on, relation_rows},
        read::key_condition,
    },
    reference::Reference,
};

/// What the rows of some live editions are compared with.
struct Sources {
    entries: HashMap<Uuid, entry::Model>,
    revisions: HashMap<(Uuid, String), revision::Model>,
    changes: HashMap<i64, change_log::Model>,
    relations: BTreeMap<(Uuid, String, i32), decree_relation::Model>,
    effects: HashMap<EntryId, Vec<Effect>>,
    /// Those of the entries that they name that are there.
    named: HashSet<EntryId>,
}

impl Check<'_> {
    /// Sees that what is live of some entries is what it should be.
    pub(super) async fn live(&mut self, reference: &Reference, portion: &Portion, tallies: &mut Tallies) -> Result<()> {
        let mut sources = self.sources(portion).await?;
        let mut live = Vec::new();
        for row in portion.ids.iter().filter_map(|id| portion.editions.get(id)).flatten() {
            self.checked.editions += 1;
            live.extend(self.edition(reference, row, &mut sources)?);
        }
        for (key, row) in sources.relations {
            let what = format!("relation {} of entry {} in {}", key.2, key.0, key.1);
            self.broken(Rule::DecreeRelations, what, "none", format!("{} of entry {}", row.kind, row.target_id));
        }
        for row in &live {
            tallies.list(row)?;
        }
        let filings = Filings::of(&live, reference);
        self.readers(&portion.ids, &filings).await?;
        for row in &filings.timelines {
            tallies.expect(row, reference);
        }
        Ok(())
    }

    async fn sources(&mut self, portion: &Portion) -> Result<Sources> {
        let ids = &portion.ids;
        let mut sources = Sources {
            entries: HashMap::new(),
            revisions: HashMap::new(),
            changes: HashMap::new(),
            relations: BTreeMap::new(),
            effects: HashMap::new(),
            named: HashSet::new(),
        };
        for row in entry::Entity::find().filter(entry::Column::Id.is_in(ids.iter().copied())).all(self.db).await? {
            sources.entries.insert(row.id, row);
        }
        let sql = format!(
            "SELECT r.entry_id, r.locale, r.number, r.based_on, r.created_at, r.created_by, r.comment, r.content \
             FROM edition e JOIN revision r ON r.entry_id = e.entry_id AND r.locale = e.locale \
             AND r.number = e.revision WHERE {}",
            key_condition(&["e.entry_id"], ids.len())
        );
        for row in self.rows(sql, ids.iter().map(|id| (*id).into())).await? {
            let row = revision::Model::from_query_result(&row, "")?;
            sources.revisions.insert((row.entry_id, row.locale.clone()), row);
        }
        let editions = || portion.editions.values().flatten();
        let numbers: BTreeSet<i64> = editions().flat_map(|row| [row.id, row.version]).collect();
        for numbers in chunks(numbers.into_iter().collect()) {
            let query = change_log::Entity::find().filter(change_log::Column::Seq.is_in(numbers));
            sources.changes.extend(query.all(self.db).await?.into_iter().map(|row| (row.seq, row)));
        }
        let query =
            decree_relation::Entity::find().filter(decree_relation::Column::SourceId.is_in(ids.iter().copied()));
        for row in query.all(self.db).await? {
            sources.relations.insert((row.source_id, row.locale.clone(), row.position), row);
        }
        let decree = EntryKind::Decree.as_str();
        let acts: Vec<Uuid> = editions().filter(|row| row.kind == decree).map(|row| row.entry_id).collect();
        let effects = effects_on(self.db, &acts).await;
        sources.effects = self.readable("a decree's relations", effects)?.unwrap_or_default();
        // What cannot be read is told where the edition itself is checked.
        let details = editions().filter_map(|row| from_document::<Details>(&row.details).ok());
        let named: BTreeSet<Uuid> = details.flat_map(|details| details.names()).map(Uuid::from).collect();
        for ids in chunks(named.into_iter().collect()) {
            let query = entry::Entity::find().filter(entry::Column::Id.is_in(ids)).select_only();
            let ids: Vec<Uuid> = query.column(entry::Column::Id).into_tuple().all(self.db).await?;
            sources.named.extend(ids.into_iter().map(EntryId::from));
        }
        Ok(sources)
    }

    /// Sees to one live edition, and gives it for filing.
    fn edition(
        &mut self,
        reference: &Reference,
        row: &edition::Model,
        sources: &mut Sources,
    ) -> Result<Option<LiveRow>> {
        let what = format!("the live edition of entry {} in {}", row.entry_id, row.locale);
        let columns = (
            row.entry_id,
            row.locale.clone(),
            row.revision,
            row.category_id,
            row.published_at,
            row.first_published_at,
            row.updated_at,
            row.details.clone(),
        );
        let Some((live, details)) = self.readable(&what, read_edition(columns))? else { return Ok(None) };
        self.logged(row, sources);
        self.edition_references(reference, &what, &live, &details, sources);
        if row.kind == EntryKind::Decree.as_str() {
            self.force(&what, row, &details, sources)?;
        }
        let columns = (
            row.id,
            row.entry_id,
            row.locale.clone(),
            row.kind.clone(),
            row.category_id,
            row.slug.clone(),
            row.published_at,
            row.number.clone(),
            row.signed_day,
            row.details.clone(),
        );
        let filed = self.readable(&what, LiveRow::read(columns, reference))?;
        let Some(made_from) = sources.revisions.remove(&(row.entry_id, row.locale.clone())) else {
            self.broken(Rule::LiveRevision, what, format!("revision {}", row.revision), "none");
            return Ok(filed);
        };
        let Some(made_from) = self.readable(&what, read_revision(made_from))? else { return Ok(filed) };
        let Some(entry) = sources.entries.get(&row.entry_id).cloned() else { return Ok(filed) };
        let Some(entry) = self.readable(&what, read_entry(entry))? else { return Ok(filed) };
        if let Err(error) = Edition::check(&entry, &made_from) {
            let expected = format!("revision {} to be fit for readers", row.revision);
            self.broken(Rule::LiveRevision, what, expected, error);
            return Ok(filed);
        }
        let put = Put { edition: &live, content: &made_from.content };
        self.content(&what, row, &details, &put)?;
        for expected in relation_rows(&put)? {
            let expected = expected.try_into_model()?;
            let key = (expected.source_id, expected.locale.clone(), expected.position);
            match sources.relations.remove(&key) {
                Some(found) if found == expected => {}
                found => {
                    let what = format!("relation {} of entry {} in {}", key.2, key.0, key.1);
                    let (expected, found) = (format!("{expected:?}"), found.map(|found| format!("{found:?}")));
                    self.broken(Rule::DecreeRelations, what, expected, or_none(found));
                }
            }
        }
        Ok(filed)
    }

    /// Sees that an edition's id is the change that first put it, and its version the one that last did.
    fn logged(&mut self, row: &edition::Model, sources: &Sources) {
        for (number, what) in [(row.id, "id"), (row.version, "version")] {
            let change = sources.changes.get(&number);
            let is_its = change.is_some_and(|change| {
                change.subject == Subject::Edition.as_str()
                    && change.subject_id == Some(row.entry_id)
                    && change.kind.as_deref() == Some(row.kind.as_str())
                    && change.locale.as_deref() == Some(row.locale.as_str())
                    && change.action == Action::Put.as_str()
            });
            if !is_its {
                let what = format!("the {what} of entry {} in {}", row.entry_id, row.locale);
                let found = change.map(|change| {
                    let id = change.subject_id.unwrap_or_default();
                    format!("{} {} {id} {}", change.action, change.subject, change.kind.as_deref().unwrap_or_default())
                });
                self.broken(Rule::LiveAsLogged, what, format!("change {number} that put it"), or_none(found));
            }
        }
    }

    fn edition_references(
        &mut self,
        reference: &Reference,
        what: &str,
        live: &Edition,
        details: &Details,
        sources: &Sources,
    ) {
        if reference.categories.get(live.category).is_none() {
            self.broken(Rule::EntryReferences, what, format!("category {}", live.category), "none");
        }
        self.tags(reference, what, &live.tags);
        let signatory = details.signatory.iter().map(|signatory| signatory.person);
        for person in details.authors.iter().copied().chain(signatory) {
            if reference.person(person).is_none() {
                self.broken(Rule::EntryReferences, what, format!("person {person}"), "none");
            }
        }
        for entry in details.names().into_iter().filter(|entry| !sources.named.contains(entry)) {
            self.broken(Rule::EntryReferences, what, format!("entry {entry}"), "none");
        }
    }

    fn force(&mut self, what: &str, row: &edition::Model, details: &Details, sources: &Sources) -> Result<()> {
        let days = (row.partly_from_day, row.from_day, row.partly_until_day, row.until_day);
        let Some(found) = self.readable(what, publish::force_of(days))? else { return Ok(()) };
        let effects = sources.effects.get(&EntryId::from(row.entry_id)).map_or(&[][..], Vec::as_slice);
        let expected = Force::derive(details.effective_on, details.repealed_on, effects);
        for (name, expected, found) in [
            ("first day in force in part", expected.partly_from, found.partly_from),
            ("first day in force", expected.from, found.from),
            ("first day repealed in part", expected.partly_until, found.partly_until),
            ("first day repealed", expected.until, found.until),
        ] {
            if expected != found {
                let what = format!("the {name} of {what}");
                self.broken(Rule::ForceDates, what, or_none(expected), or_none(found));
            }
        }
        if let Some(day) = row.signed_day {
            self.readable(what, date(day))?;
        }
        Ok(())
    }

    async fn readers(&mut self, ids: &[Uuid], filings: &Filings) -> Result<()> {
        let rows = reader_edition::Entity::find()
            .filter(reader_edition::Column::EntryId.is_in(ids.iter().copied()))
            .all(self.db)
            .await?;
        let mut found: HashMap<(Uuid, String), (i64, i64)> =
            rows.into_iter().map(|row| ((row.entry_id, row.locale), (row.edition_id, row.published_at))).collect();
        let name = |(edition, at): (i64, i64)| format!("edition {edition} of {at}");
        for row in &filings.readers {
            let expected = (row.edition, row.published_at);
            let found = found.remove(&(row.entry.uuid(), row.reader.to_string()));
            if found != Some(expected) {
                let what = format!("for readers, {}", version(row.entry, row.reader));
                self.broken(Rule::ReaderEditions, what, name(expected), or_none(found.map(name)));
            }
        }
        for ((entry, reader), extra) in found {
            let what = match locale(&reader) {
                Ok(reader) => version(entry.into(), reader),
                Err(_) => format!("entry {entry} in {reader:?}"),
            };
            self.broken(Rule::ReaderEditions, format!("for readers, {what}"), "none", name(extra));
        }
        Ok(())
    }

    /// Sees that no two live editions have one address, whatever the database's own index says.
    pub(super) async fn live_slugs(&mut self) -> Result<()> {
        let sql = "SELECT slug, locale, kind, count(*) FROM edition GROUP BY slug, locale, kind HAVING count(*) > 1";
        for row in self.rows(sql, []).await? {
            let (slug, locale, kind): (String, String, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let count: i64 = row.try_get_by_index(3)?;
            let kind: EntryKind = from_word(&kind)?;
            let what = format!("the slug {slug} of {} in {locale}", kind.as_str());
            self.broken(Rule::LiveSlugs, what, "one live edition", count);
        }
        Ok(())
    }
}
