//! Paths that an entry had elsewhere, kept for it until it is live.
//!
//! *Invariant*: readers are told nothing of them. Such a rule is hidden, leads nowhere and is meant for nowhere; it knows its entry alone,
//! and no change of it is in the log, for readers see none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use courant_domain::{
    address::{Address, Place},
    id::EntryId,
    locale::Locale,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{row, settle};
use crate::{
    db::{
        convert::micros,
        entity::{redirect, standing},
        entries::read_standing,
        transaction::{Transaction, chunks},
    },
    error::Result,
};

/// Keeps paths for entries of which nothing is live. There is no rule for any of them.
pub(crate) async fn put_waiting(tx: &mut Transaction, paths: BTreeMap<String, EntryId>) -> Result<()> {
    let created_at = micros(tx.now);
    let changed: BTreeSet<String> = paths.keys().cloned().collect();
    let rules = paths.into_iter().map(|(path, entry)| redirect::Model {
        path,
        target: None,
        created_at,
        meant: None,
        entry_id: Some(entry.uuid()),
        hidden: true,
    });
    for rules in chunks(rules.collect()) {
        let rows = rules.into_iter().map(row);
        redirect::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    if !changed.is_empty() {
        settle(tx, changed).await?;
    }
    Ok(())
}

/// Whether a rule is kept for what is not live. What vanished has the path of an entry; where an old site's path looks like one, it is
/// told apart by nothing, and stays whose it is.
pub(crate) fn is_waiting(rule: &redirect::Model) -> bool {
    let is_bare = rule.hidden && rule.meant.is_none() && rule.entry_id.is_some();
    is_bare && !matches!(Address::parse(&rule.path), Some(Address { place: Place::Entry(..), .. }))
}

/// The languages in which the entries of these rules were brought from elsewhere, which is where their old paths lead; and all that they
/// are in.
pub(crate) async fn languages(tx: &Transaction, rules: &[redirect::Model]) -> Result<HashMap<Uuid, Languages>> {
    let is_bare = |rule: &&redirect::Model| rule.hidden && rule.meant.is_none();
    let entries: BTreeSet<Uuid> = rules.iter().filter(is_bare).filter_map(|rule| rule.entry_id).collect();
    let mut languages: HashMap<Uuid, Languages> = HashMap::new();
    for ids in chunks(entries.into_iter().collect()) {
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
pub(crate) struct Languages {
    all: Vec<Locale>,
    brought: Vec<Locale>,
}

impl Languages {
    /// Whether a path of this entry is to lead to it in this language. One that has the form of a page in a language of the entry is
    /// that language's.
    pub(crate) fn leads(&self, path: &str, locale: Locale) -> bool {
        match Address::parse(path).map(|address| address.locale).filter(|own| self.all.contains(own)) {
            Some(own) => own == locale,
            None => self.brought.is_empty() || self.brought.contains(&locale),
        }
    }
}
