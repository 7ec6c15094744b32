//! Which canonical addresses are a text's own.
//!
//! *Invariant*: a live edition names a canonical address only if that is another page's. Its own one, however it is written, and those
//! that lead to it, are left out when it goes live, when something begins to lead to it, and when the site is told where it is. So
//! pages, JSON-LD, feeds and sitemaps need not ask.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{
    address::{Address, Place},
    canonical::{is_same_text, path_here},
    change::{Action, ChangeKey},
    entry::EntryKind,
    id::EntryId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{LiveRow, Put, live_rows, select_live, sitemaps, touched::Changed};
use crate::{
    db::{
        convert::to_document,
        entity::{edition, redirect},
        transaction::{Transaction, chunks},
    },
    error::Result,
};

/// How many texts are looked at by one statement.
const ROWS: u64 = 500;

/// Where paths of the site lead that canonical addresses name.
#[derive(Default)]
pub(super) struct Named(BTreeMap<String, redirect::Model>);

impl Named {
    /// Where those lead that these texts name.
    pub(super) async fn by(tx: &Transaction, puts: &[Put<'_>]) -> Result<Self> {
        let named = puts.iter().filter_map(|put| put.content.canonical_url());
        Self::of(tx, named.filter_map(|url| here(tx, url)).collect()).await
    }

    async fn of(tx: &Transaction, paths: BTreeSet<String>) -> Result<Self> {
        let mut rules = BTreeMap::new();
        for paths in chunks(paths.into_iter().collect()) {
            let found = redirect::Entity::find().filter(redirect::Column::Path.is_in(paths));
            rules.extend(found.all(tx.connection()).await?.into_iter().map(|rule| (rule.path.clone(), rule)));
        }
        Ok(Self(rules))
    }

    /// Leaves out the canonical address of a text if it is its own; says whether it was. `old` is what it takes the place of.
    pub(super) fn settle(&self, tx: &Transaction, row: &mut LiveRow, old: Option<&LiveRow>) -> bool {
        let Some(named) = row.details.canonical_url.as_deref().and_then(|url| here(tx, url)) else { return false };
        let homes: Vec<String> = [Some(&*row), old].into_iter().flatten().map(LiveRow::path).collect();
        let leads_home = |rule: &redirect::Model| {
            let has_left = rule.entry_id.is_some_and(|entry| row.entry == entry.into());
            let is_left_in_its_language = Address::parse(&rule.path).is_none_or(|left| left.locale == row.locale);
            rule.target.as_ref().is_some_and(|target| homes.contains(target)) || (has_left && is_left_in_its_language)
        };
        let is_own = homes.iter().any(|home| is_same_text(home, &named)) || self.0.get(&named).is_some_and(leads_home);
        if is_own {
            row.details.canonical_url = None;
        }
        is_own
    }
}

/// The path of this site that a canonical address names.
fn here(tx: &Transaction, canonical: &str) -> Option<String> {
    path_here(canonical, tx.reference.site.address.as_deref())
}

/// Has the texts that these paths lead to now leave out canonical addresses that name one of them.
pub(crate) async fn led(tx: &mut Transaction, paths: BTreeSet<String>) -> Result<()> {
    let rules = Named::of(tx, paths).await?;
    let mut slugs: BTreeMap<EntryKind, BTreeSet<String>> = BTreeMap::new();
    for target in rules.0.values().filter_map(|rule| rule.target.as_deref()) {
        if let Some(Place::Entry(kind, slug)) = Address::parse(target).map(|address| address.place) {
            slugs.entry(kind).or_default().insert(slug.to_string());
        }
    }
    // Decrees name none.
    for slugs in chunks(slugs.remove(&EntryKind::Article).into_iter().flatten().collect::<Vec<_>>()) {
        let query = edition::Entity::find().filter(edition::Column::Slug.is_in(slugs));
        let rows = select_live(tx.connection(), query, &tx.reference).await?;
        leave_out(tx, &rules, rows).await?;
    }
    Ok(())
}

/// Has all texts leave out those that are their own now that the site knows where it is.
pub(crate) async fn settle_all(tx: &mut Transaction) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let names_one = edition::Column::Details.contains("\"canonical_url\"");
        let query = edition::Entity::find().filter(names_one).filter(edition::Column::Id.gt(after));
        let rows = select_live(tx.connection(), query.limit(ROWS), &tx.reference).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        let named = rows.iter().filter_map(|row| here(tx, row.details.canonical_url.as_deref()?)).collect();
        let named = Named::of(tx, named).await?;
        leave_out(tx, &named, rows).await?;
    }
}

async fn leave_out(tx: &mut Transaction, named: &Named, mut rows: Vec<LiveRow>) -> Result<()> {
    rows.retain_mut(|row| named.settle(tx, row, None));
    if rows.is_empty() {
        return Ok(());
    }
    let entries: BTreeSet<EntryId> = rows.iter().map(|row| row.entry).collect();
    let before = live_rows(tx, &entries.into_iter().collect::<Vec<_>>()).await?;
    let mut after = before.clone();
    let mut changed = Changed::default();
    for row in rows {
        let key = ChangeKey::Edition { entry: row.entry, locale: row.locale, kind: row.kind };
        let version = tx.log(key, Action::Put);
        changed.add(row.entry, row.id, version);
        let details = Set(to_document(&row.details)?);
        let model =
            edition::ActiveModel { id: Set(row.id), version: Set(version), details, ..edition::ActiveModel::default() };
        edition::Entity::update(model).exec_without_returning(tx.connection()).await?;
        after.iter_mut().filter(|other| other.id == row.id).for_each(|other| *other = row.clone());
    }
    sitemaps::follow(tx, &before, &after, &changed).await?;
    changed.show(tx, &before, &after).await
}
