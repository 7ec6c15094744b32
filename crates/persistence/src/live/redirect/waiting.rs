//! Paths that entries had elsewhere and do not have here: of drafts, until they are live; of what is live, while something else has them.
//!
//! *Invariant*: readers are told nothing of them. They are in a table of their own, which readers' statements do not touch; a rule is
//! made of one when it begins to lead somewhere. Any number of entries may wait for one path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use courant_domain::{
    address::{Address, Place},
    id::EntryId,
    locale::Locale,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    db::{
        entity::{entry, redirect, standing, waiting_path},
        entries::read_standing,
        transaction::{Transaction, chunks},
    },
    error::Result,
};

/// An entry that waits for a path. They are in the order in which the path is given to them: the first that came, of those that came at
/// once the older entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Waiting {
    pub(crate) path: String,
    pub(crate) created_at: i64,
    pub(crate) entry: Uuid,
}

impl From<waiting_path::Model> for Waiting {
    fn from(row: waiting_path::Model) -> Self {
        Self { path: row.path, created_at: row.created_at, entry: row.entry_id }
    }
}

/// Who waits for these paths.
pub(super) async fn waiting_for(tx: &Transaction, paths: &BTreeSet<String>) -> Result<BTreeSet<Waiting>> {
    let mut waiting = BTreeSet::new();
    for paths in chunks(paths.iter().cloned().collect()) {
        let query = waiting_path::Entity::find().filter(waiting_path::Column::Path.is_in(paths));
        waiting.extend(query.all(tx.connection()).await?.into_iter().map(Waiting::from));
    }
    Ok(waiting)
}

/// What these entries wait for.
pub(crate) async fn waiting_of<C: ConnectionTrait>(db: &C, entries: Vec<Uuid>) -> Result<BTreeSet<Waiting>> {
    let mut waiting = BTreeSet::new();
    for ids in chunks(entries) {
        let query = waiting_path::Entity::find().filter(waiting_path::Column::EntryId.is_in(ids));
        waiting.extend(query.all(db).await?.into_iter().map(Waiting::from));
    }
    Ok(waiting)
}

/// Writes down who waits for what. Who waits already goes on doing so.
pub(crate) async fn put_waiting(tx: &Transaction, waiting: Vec<Waiting>) -> Result<()> {
    use waiting_path::Column::{EntryId, Path};
    let rows = waiting.into_iter().map(|it| waiting_path::ActiveModel {
        path: Set(it.path),
        entry_id: Set(it.entry),
        created_at: Set(it.created_at),
    });
    for rows in chunks(rows.collect()) {
        waiting_path::Entity::insert_many(rows)
            .on_conflict(OnConflict::columns([Path, EntryId]).do_nothing().to_owned())
            .exec_without_returning(tx.connection())
            .await?;
    }
    Ok(())
}

/// Nobody waits for a path any more; says whether anybody did.
pub(crate) async fn end_waiting(tx: &Transaction, path: &str) -> Result<bool> {
    let query = waiting_path::Entity::delete_many().filter(waiting_path::Column::Path.eq(path));
    Ok(query.exec(tx.connection()).await?.rows_affected > 0)
}

/// These entries wait for these paths no longer.
pub(super) async fn take(tx: &Transaction, taken: impl Iterator<Item = (&String, Uuid)>) -> Result<()> {
    use waiting_path::Column::{EntryId, Path};
    /// Each is a condition of its own, and SQLite bounds how many there can be.
    const AT_ONCE: usize = 200;
    let taken: Vec<(&String, Uuid)> = taken.collect();
    for some in taken.chunks(AT_ONCE) {
        let any = some
            .iter()
            .fold(Condition::any(), |any, (path, entry)| any.add(Path.eq(path.as_str()).and(EntryId.eq(*entry))));
        waiting_path::Entity::delete_many().filter(any).exec(tx.connection()).await?;
    }
    Ok(())
}

/// Takes apart what an older version's dump has for rules: hidden ones for what was never live are paths that are waited for. So is one
/// of what was, where it is no path of this site's in one of its languages: such are of what vanished.
pub(crate) async fn part(
    tx: &Transaction,
    rules: Vec<redirect::Model>,
) -> Result<(Vec<redirect::Model>, Vec<Waiting>)> {
    let is_bare = |rule: &redirect::Model| rule.hidden && rule.meant.is_none() && rule.target.is_none();
    let entries: BTreeSet<Uuid> = rules.iter().filter(|rule| is_bare(rule)).filter_map(|rule| rule.entry_id).collect();
    let languages = languages(tx, &entries).await?;
    let mut was_published: HashMap<Uuid, bool> = HashMap::new();
    for ids in chunks(entries.into_iter().collect()) {
        let query = entry::Entity::find().filter(entry::Column::Id.is_in(ids));
        was_published.extend(query.all(tx.connection()).await?.into_iter().map(|row| (row.id, row.was_published)));
    }
    let (mut kept, mut waiting) = (Vec::new(), Vec::new());
    for rule in rules {
        let own = Address::parse(&rule.path).filter(|at| matches!(at.place, Place::Entry(..))).map(|at| at.locale);
        let vanished = |entry: &Uuid| {
            let is_own = |locale| languages.get(entry).is_some_and(|of| of.all.contains(&locale));
            was_published.get(entry).is_none_or(|was| *was) && own.is_some_and(is_own)
        };
        match rule.entry_id.filter(|entry| is_bare(&rule) && !vanished(entry)) {
            Some(entry) => waiting.push(Waiting { path: rule.path, created_at: rule.created_at, entry }),
            None => kept.push(rule),
        }
    }
    Ok((kept, waiting))
}

/// The languages in which these entries were brought from elsewhere, which is where their old paths lead; and all that they are in.
pub(super) async fn languages(tx: &Transaction, entries: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Languages>> {
    let mut languages: HashMap<Uuid, Languages> = HashMap::new();
    for ids in chunks(entries.iter().copied().collect()) {
        let query = standing::Entity::find().filter(standing::Column::EntryId.is_in(ids));
        for row in query.all(tx.connection()).await? {
            let known = read_standing(&row)?;
            let of = languages.entry(row.entry_id).or_default();
            of.all.push(known.locale);
            of.brought.extend(known.standing.import_baseline.map(|_| known.locale));
        }
    }
    Ok(languages)
}

/// The languages of an entry.
#[derive(Debug, Default)]
pub(super) struct Languages {
    all: Vec<Locale>,
    brought: Vec<Locale>,
}

impl Languages {
    /// Whether a path of this entry is to lead to it in this language. One that has the form of a page in a language of the entry is
    /// that language's.
    fn leads(&self, path: &str, locale: Locale) -> bool {
        match Address::parse(path).map(|address| address.locale).filter(|own| self.all.contains(own)) {
            Some(own) => own == locale,
            None => self.brought.is_empty() || self.brought.contains(&locale),
        }
    }
}

/// Where entries are live, and in which languages their old paths lead to them.
#[derive(Debug, Default)]
pub(super) struct Homes {
    languages: HashMap<Uuid, Languages>,
    live: HashMap<Uuid, Vec<(Locale, String)>>,
}

impl Homes {
    pub(super) async fn of(tx: &Transaction, entries: &BTreeSet<Uuid>) -> Result<Self> {
        use crate::db::entity::edition::Column::EntryId as Entry;
        let mut live: HashMap<Uuid, Vec<(Locale, String)>> = HashMap::new();
        for ids in chunks(entries.iter().copied().collect()) {
            for (entry, locale, path) in super::here::live_where(tx, Entry.is_in(ids)).await? {
                live.entry(entry.uuid()).or_default().push((locale, path));
            }
        }
        Ok(Self { languages: languages(tx, entries).await?, live })
    }

    /// Where a path that an entry had leads, if that is live.
    pub(super) fn target(&self, entry: Uuid, path: &str) -> Option<&str> {
        let languages = self.languages.get(&entry)?;
        let live = self.live.get(&entry)?.iter().find(|(locale, _)| languages.leads(path, *locale));
        live.map(|(_, target)| target.as_str())
    }

    /// Whether an entry is live at a path.
    pub(super) fn is_at(&self, entry: Uuid, path: &str) -> bool {
        self.live.get(&entry).is_some_and(|live| live.iter().any(|(_, at)| at == path))
    }
}

/// By path, to which entry it leads now, and where that is.
pub(crate) type Led = BTreeMap<String, (EntryId, String)>;
