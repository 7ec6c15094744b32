//! Writing what goes with entries: in one transaction, which takes the next version.

use courant_domain::{
    id::EntryId,
    related::{Profile, Word},
};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{Building, Related, rows_of};
use crate::{
    db::{
        convert::to_document,
        parameters::Parameters,
        transaction::{self, Guarded},
    },
    error::{Result, StoreError},
};

/// What is known of an entry now.
#[derive(Debug)]
pub struct Known {
    /// Which.
    pub entry: EntryId,
    /// What was known of it.
    pub old: Option<Profile>,
    /// What is; none where nothing of it is live.
    pub new: Option<Profile>,
}

/// A list as it is now.
#[derive(Debug)]
pub struct List {
    /// Whose.
    pub entry: EntryId,
    /// What is in it, and how alike it is.
    pub others: Vec<(EntryId, i32)>,
}

/// An entry that a list has now, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// Whose list.
    pub list: EntryId,
    /// What.
    pub entry: EntryId,
    /// How alike it is.
    pub likeness: i32,
}

/// An entry that a list has no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    /// Whose list.
    pub list: EntryId,
    /// What.
    pub entry: EntryId,
}

/// What is to be written.
#[derive(Debug, Default)]
pub struct Update {
    /// Entries of which something else is known. All lists lose them first, and those of which nothing is live lose their own.
    pub entries: Vec<Known>,
    /// Lists that are made anew.
    pub lists: Vec<List>,
    /// What lists lose.
    pub drops: Vec<Dropped>,
    /// What they get.
    pub offers: Vec<Offered>,
    /// How far the making of all lists is, if that is under way.
    pub building: Option<Building>,
}

/// How many rows one statement writes.
const ROWS: usize = 500;

impl Related {
    /// Writes, if what it was made of is of this version still.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when something else was written since; when the database fails.
    pub async fn write(&self, made_of: i64, update: &Update) -> Result<()> {
        let tx = transaction::open(&self.store).await?;
        let version = made_of + 1;
        if !take(&tx, made_of, update.building.as_ref()).await? {
            tx.rollback().await?;
            return Err(StoreError::Busy);
        }
        forget(&tx, version, &update.entries).await?;
        know(&tx, &update.entries).await?;
        lists(&tx, version, &update.lists).await?;
        changes(&tx, version, &update.drops, &update.offers).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        Ok(())
    }

    /// Begins to make all lists: what is known so far is kept until it is made anew.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when something else was written since; when the database fails.
    pub async fn begin(&self, made_of: i64, building: Building) -> Result<()> {
        self.write(made_of, &Update { building: Some(building), ..Update::default() }).await
    }
}

/// Takes the next version, if nobody else has.
async fn take(tx: &Guarded, made_of: i64, building: Option<&Building>) -> Result<bool> {
    let mut parameters = Parameters(vec![made_of.into()]);
    let mut set = "version = version + 1".to_owned();
    if let Some(Building { made_by, phase, seq, micros, after }) = building {
        let columns: [(&str, Value); 5] = [
            ("made_by", i32::try_from(*made_by).unwrap_or_default().into()),
            ("phase", phase.as_str().into()),
            ("seq", (*seq).into()),
            ("micros", (*micros).into()),
            ("after_id", after.map(EntryId::uuid).into()),
        ];
        for (column, value) in columns {
            set = format!("{set}, {column} = {}", parameters.bind(value));
        }
    }
    let sql = format!("UPDATE related_state SET {set} WHERE id = 1 AND version = $1");
    Ok(execute(tx, &sql, parameters).await? == 1)
}

/// Takes entries out of all lists, and what was known of them away.
async fn forget(tx: &Guarded, version: i64, entries: &[Known]) -> Result<()> {
    for entries in entries.chunks(ROWS) {
        let all = || entries.iter().map(|entry| entry.entry.uuid());
        let mut parameters = Parameters(vec![version.into()]);
        let keys = parameters.bind_all(all());
        let sql = format!(
            "UPDATE related_list SET version = $1 WHERE entry_id IN (SELECT l.entry_id FROM related l WHERE l.other_id IN ({keys}))"
        );
        execute(tx, &sql, parameters).await?;
        delete(tx, "related", "other_id", all()).await?;
        let gone = || entries.iter().filter(|entry| entry.new.is_none()).map(|entry| entry.entry.uuid());
        for table in ["related", "related_list", "related_profile"] {
            delete(tx, table, "entry_id", gone()).await?;
        }
    }
    let words: Vec<[Value; 3]> =
        entries.iter().filter_map(|it| it.old.as_ref().map(|old| words(it.entry, old))).flatten().collect();
    for words in words.chunks(ROWS) {
        let mut parameters = Parameters::default();
        let rows = rows_of(&mut parameters, words.iter().cloned());
        let sql = format!("DELETE FROM related_word WHERE (word, published_at, entry_id) IN (VALUES {rows})");
        execute(tx, &sql, parameters).await?;
    }
    Ok(())
}

/// Writes down what is known of entries.
async fn know(tx: &Guarded, entries: &[Known]) -> Result<()> {
    let known: Vec<(EntryId, &Profile)> =
        entries.iter().filter_map(|entry| Some((entry.entry, entry.new.as_ref()?))).collect();
    for known in known.chunks(ROWS) {
        let mut parameters = Parameters::default();
        let rows = known.iter().map(|(entry, profile)| Ok([Value::from(entry.uuid()), to_document(profile)?.into()]));
        let rows = rows_of(&mut parameters, rows.collect::<Result<Vec<_>>>()?);
        let sql = format!(
            "INSERT INTO related_profile (entry_id, profile) VALUES {rows} \
             ON CONFLICT (entry_id) DO UPDATE SET profile = excluded.profile"
        );
        execute(tx, &sql, parameters).await?;
    }
    let words: Vec<[Value; 3]> = known.iter().flat_map(|(entry, profile)| words(*entry, profile)).collect();
    for words in words.chunks(ROWS) {
        let mut parameters = Parameters::default();
        let rows = rows_of(&mut parameters, words.iter().cloned());
        let sql = format!(
            "INSERT INTO related_word (word, published_at, entry_id) VALUES {rows} \
             ON CONFLICT (word, published_at, entry_id) DO NOTHING"
        );
        execute(tx, &sql, parameters).await?;
    }
    Ok(())
}

/// The rows of an entry's words. Who is not in lists is not found.
fn words(entry: EntryId, profile: &Profile) -> Vec<[Value; 3]> {
    let row = |word: Word| [Value::from(i64::from(word.0)), profile.published_at.into(), entry.uuid().into()];
    profile.words().into_iter().map(row).collect()
}

/// Puts lists in the place of those that are there.
async fn lists(tx: &Guarded, version: i64, lists: &[List]) -> Result<()> {
    for lists in lists.chunks(ROWS) {
        delete(tx, "related", "entry_id", lists.iter().map(|list| list.entry.uuid())).await?;
        let mut parameters = Parameters::default();
        let rows = rows_of(&mut parameters, lists.iter().map(|list| [Value::from(list.entry.uuid()), version.into()]));
        let sql = format!(
            "INSERT INTO related_list (entry_id, version) VALUES {rows} \
             ON CONFLICT (entry_id) DO UPDATE SET version = excluded.version"
        );
        execute(tx, &sql, parameters).await?;
    }
    let rows =
        lists.iter().flat_map(|list| list.others.iter().map(|(other, likeness)| (list.entry, *other, *likeness)));
    insert(tx, rows.collect()).await
}

/// Takes something out of lists, and puts something in.
async fn changes(tx: &Guarded, version: i64, drops: &[Dropped], offers: &[Offered]) -> Result<()> {
    for drops in drops.chunks(ROWS) {
        let mut parameters = Parameters::default();
        let rows = drops.iter().map(|drop| [Value::from(drop.list.uuid()), drop.entry.uuid().into()]);
        let rows = rows_of(&mut parameters, rows);
        let sql = format!("DELETE FROM related WHERE (entry_id, other_id) IN (VALUES {rows})");
        execute(tx, &sql, parameters).await?;
    }
    insert(tx, offers.iter().map(|offer| (offer.list, offer.entry, offer.likeness)).collect()).await?;
    let mut changed: Vec<EntryId> =
        drops.iter().map(|drop| drop.list).chain(offers.iter().map(|offer| offer.list)).collect();
    changed.sort_unstable();
    changed.dedup();
    for changed in changed.chunks(ROWS) {
        let mut parameters = Parameters(vec![version.into()]);
        let keys = parameters.bind_all(changed.iter().map(|list| list.uuid()));
        execute(tx, &format!("UPDATE related_list SET version = $1 WHERE entry_id IN ({keys})"), parameters).await?;
    }
    Ok(())
}

async fn insert(tx: &Guarded, rows: Vec<(EntryId, EntryId, i32)>) -> Result<()> {
    for rows in rows.chunks(ROWS) {
        let mut parameters = Parameters::default();
        let rows = rows
            .iter()
            .map(|(list, entry, likeness)| [Value::from(list.uuid()), entry.uuid().into(), (*likeness).into()]);
        let rows = rows_of(&mut parameters, rows);
        let sql = format!(
            "INSERT INTO related (entry_id, other_id, likeness) VALUES {rows} \
             ON CONFLICT (entry_id, other_id) DO UPDATE SET likeness = excluded.likeness"
        );
        execute(tx, &sql, parameters).await?;
    }
    Ok(())
}

async fn delete(tx: &Guarded, table: &str, column: &str, ids: impl Iterator<Item = uuid::Uuid>) -> Result<()> {
    let mut parameters = Parameters::default();
    let keys = parameters.bind_all(ids);
    if !keys.is_empty() {
        execute(tx, &format!("DELETE FROM {table} WHERE {column} IN ({keys})"), parameters).await?;
    }
    Ok(())
}

async fn execute(tx: &Guarded, sql: &str, parameters: Parameters) -> Result<u64> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, parameters.0);
    Ok(tx.execute_raw(statement).await?.rows_affected())
}
