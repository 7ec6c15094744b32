//! What is known of entries, and where like ones may be found: each question one statement, whatever the number of entries it is about.

use std::collections::{BTreeSet, HashMap};

use courant_domain::{
    entry::EntryKind,
    id::{CategoryId, EntryId, TagId},
    list::Scope,
    related::{Profile, Rarity, Word},
};
use sea_orm::Value;
use uuid::Uuid;

use super::{Related, ids, joined, rows_of};
use crate::{
    db::{convert::from_document, parameters::Parameters},
    error::Result,
    live::{read::KEYS, scope::TimelineKey},
};

/// Where like entries may be found: around a time, among those of a tag, of a category, of a category and what is below it, or of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Those of a tag.
    Tag(TagId),
    /// Those filed right there.
    Category(CategoryId),
    /// Those filed there or below.
    Subtree(CategoryId),
    /// Those to whom a word is central.
    Word(Word),
}

impl Place {
    const fn scope(self) -> Option<Scope> {
        Some(match self {
            Self::Tag(tag) => Scope::Tag(tag),
            Self::Category(category) => Scope::Category(category),
            Self::Subtree(category) => Scope::Subtree(category),
            Self::Word(_) => return None,
        })
    }
}

impl Related {
    /// What is compared of entries.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn profiles(&self, entries: &[EntryId]) -> Result<HashMap<EntryId, Profile>> {
        let mut found = HashMap::with_capacity(entries.len());
        for entries in entries.chunks(KEYS) {
            let mut parameters = Parameters::default();
            let keys = parameters.bind_all(entries.iter().map(|entry| entry.uuid()));
            let sql = format!("SELECT p.entry_id, p.profile FROM related_profile p WHERE p.entry_id IN ({keys})");
            for row in self.store.read(sql, parameters.0).await? {
                let id: Uuid = row.try_get_by_index(0)?;
                found.insert(id.into(), from_document(&row.try_get_by_index::<String>(1)?)?);
            }
        }
        Ok(found)
    }

    /// The entries of which something is known, in the order of their ids: so many after one of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_after(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<EntryId>> {
        let sql = "SELECT p.entry_id FROM related_profile p WHERE p.entry_id > $1 ORDER BY p.entry_id LIMIT $2";
        let after = after.map_or_else(Uuid::nil, EntryId::uuid);
        let rows = self.store.read(sql, vec![after.into(), i64::from(limit).into()]).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
    }

    /// How rare tags and words are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn rarity(&self, tags: &BTreeSet<TagId>, words: &BTreeSet<Word>) -> Result<Rarity> {
        let most = i64::from(Rarity::COUNTED);
        let sql = "SELECT count(*) FROM (SELECT 1 FROM related_profile LIMIT $1) x";
        let rows = self.store.read(sql, vec![most.into()]).await?;
        let count = rows.first().map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
        let mut rarity = Rarity { entries: number(count), ..Rarity::default() };
        // Of a tag, as many as the readers of that language see who see most.
        let reference = self.store.reference();
        let mut timelines: Vec<(TagId, [i32; 2])> = Vec::new();
        for tag in tags {
            for locale in &reference.site.locales {
                let timeline = |kind| reference.timeline(&TimelineKey::listed(locale.tag, kind, Scope::Tag(*tag)));
                let of_kinds = EntryKind::ALL.map(|kind| timeline(kind).unwrap_or(NO_TIMELINE));
                if of_kinds != [NO_TIMELINE; 2] {
                    timelines.push((*tag, of_kinds));
                }
            }
        }
        for timelines in timelines.chunks(KEYS) {
            let mut parameters = Parameters(vec![most.into()]);
            let rows = timelines
                .iter()
                .zip(0_i32..)
                .map(|((_, [articles, decrees]), place)| [Value::from(place), (*articles).into(), (*decrees).into()]);
            let sql = format!(
                "WITH k (place, articles, decrees) AS (VALUES {}) SELECT k.place, (SELECT count(*) FROM (SELECT 1 FROM timeline_entry t \
                 WHERE t.timeline_id IN (k.articles, k.decrees) LIMIT $1) x) FROM k",
                rows_of(&mut parameters, rows)
            );
            for row in self.store.read(sql, parameters.0).await? {
                let (place, count): (i32, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                if let Some((tag, _)) = usize::try_from(place).ok().and_then(|place| timelines.get(place)) {
                    let known = rarity.tags.entry(*tag).or_default();
                    *known = (*known).max(number(count));
                }
            }
        }
        let words: Vec<Word> = words.iter().copied().collect();
        for words in words.chunks(KEYS) {
            let mut parameters = Parameters(vec![most.into()]);
            let rows = words.iter().map(|word| [Value::from(i64::from(word.0))]);
            let sql = format!(
                "WITH k (word) AS (VALUES {}) SELECT k.word, (SELECT count(*) FROM (SELECT 1 FROM related_word w \
                 WHERE w.word = k.word LIMIT $1) x) FROM k",
                rows_of(&mut parameters, rows)
            );
            for row in self.store.read(sql, parameters.0).await? {
                let (word, count): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                rarity.words.insert(Word(u32::try_from(word).unwrap_or_default()), number(count));
            }
        }
        Ok(rarity)
    }

    /// The entries around times in places: of each, so many from that time back and so many after it, for the readers of each language.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn around(&self, places: &[(Place, i64)], each: u32) -> Result<Vec<Vec<EntryId>>> {
        let reference = self.store.reference();
        let mut found: Vec<Vec<EntryId>> = vec![Vec::new(); places.len()];
        let (mut timelines, mut words) = (Vec::new(), Vec::new());
        for (index, (place, at)) in (0_i32..).zip(places) {
            let Some(scope) = place.scope() else {
                if let Place::Word(word) = place {
                    words.push([Value::from(index), i64::from(word.0).into(), (*at).into()]);
                }
                continue;
            };
            for locale in &reference.site.locales {
                let keys = EntryKind::ALL.map(|kind| TimelineKey::listed(locale.tag, kind, scope));
                let known = keys.iter().filter_map(|key| reference.timeline(key));
                timelines.extend(known.map(|timeline| [Value::from(index), timeline.into(), (*at).into()]));
            }
        }
        let scan = |table: &str, of: &str, key: &str, sign: &str, way: &str| {
            format!(
                "(SELECT {} FROM (SELECT t.entry_id FROM {table} t WHERE t.{of} = k.of AND t.{key} {sign} k.at \
                 ORDER BY t.{key} {way}, t.entry_id {way} LIMIT {each}) x)",
                joined(self.store.dialect())
            )
        };
        for (rows, table, of, key) in
            [(timelines, "timeline_entry", "timeline_id", "sort_key"), (words, "related_word", "word", "published_at")]
        {
            for rows in rows.chunks(KEYS) {
                let mut parameters = Parameters::default();
                let sql = format!(
                    "WITH k (place, of, at) AS (VALUES {}) SELECT k.place, {}, {} FROM k",
                    rows_of(&mut parameters, rows.iter().cloned()),
                    scan(table, of, key, "<=", "DESC"),
                    scan(table, of, key, ">", "ASC"),
                );
                for row in self.store.read(sql, parameters.0).await? {
                    let place: i32 = row.try_get_by_index(0)?;
                    if let Some(found) = usize::try_from(place).ok().and_then(|place| found.get_mut(place)) {
                        found.extend(ids(&row, 1)?);
                        found.extend(ids(&row, 2)?);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The lists of entries: what is in each, and how alike it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lists(&self, entries: &[EntryId]) -> Result<HashMap<EntryId, Vec<(EntryId, i32)>>> {
        let mut found: HashMap<EntryId, Vec<(EntryId, i32)>> = HashMap::with_capacity(entries.len());
        for entries in entries.chunks(KEYS) {
            let mut parameters = Parameters::default();
            let keys = parameters.bind_all(entries.iter().map(|entry| entry.uuid()));
            let sql = format!(
                "SELECT l.entry_id, l.other_id, l.likeness FROM related l WHERE l.entry_id IN ({keys}) \
                 ORDER BY l.entry_id, l.likeness DESC, l.other_id DESC"
            );
            for row in self.store.read(sql, parameters.0).await? {
                let (entry, other): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                found.entry(entry.into()).or_default().push((other.into(), row.try_get_by_index(2)?));
            }
        }
        Ok(found)
    }

    /// The entries in whose lists one of these is: so many at the most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn naming(&self, entries: &[EntryId], limit: u32) -> Result<Vec<EntryId>> {
        let mut parameters = Parameters(vec![i64::from(limit).into()]);
        let keys = parameters.bind_all(entries.iter().map(|entry| entry.uuid()));
        let sql = format!("SELECT DISTINCT l.entry_id FROM related l WHERE l.other_id IN ({keys}) ORDER BY 1 LIMIT $1");
        let rows = self.store.read(sql, parameters.0).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
    }
}

/// What stands for a timeline that is not there.
const NO_TIMELINE: i32 = -1;

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(Rarity::COUNTED)
}
