//! Redirects, and paths that are gone.
//!
//! A rule keeps where it is *meant* to lead, and where that leads *now*: readers are sent there at once, through no
//! chain. Whenever something leaves a path or is there again, the rules that are meant to lead there are followed
//! anew (`settle`), so that nothing that ends, ends for ever.

mod claims;
mod here;
mod moves;
mod settle;
mod shown;
mod waiting;

use std::collections::{BTreeSet, HashMap};

use courant_domain::{address, id::EntryId, redirect::Redirect};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    db::{
        convert::{micros, timestamp},
        entity::redirect,
        transaction::{Transaction, chunks},
    },
    error::{Result, invalid},
    live::publish::canonical_led,
};

pub(crate) use self::{
    claims::{Claims, Verdict, arrived as claims_arrived},
    here::{Occupied, live_where},
    moves::{Moves, put_moves},
    shown::targets_shown,
    waiting::{Waiting, end_waiting, part, put_waiting, waiting_of},
};
use self::{
    settle::settle,
    shown::{Names, log, rules_of},
};

pub(crate) async fn restore_in_tx(tx: &mut Transaction, redirects: Vec<Redirect>) -> Result<()> {
    let rules = redirects.into_iter().map(|rule| redirect::Model {
        path: rule.path,
        meant: rule.meant.or_else(|| rule.target.clone()),
        target: rule.target,
        created_at: micros(rule.created_at),
        entry_id: rule.entry.map(EntryId::uuid),
        hidden: rule.hidden,
    });
    let (rules, waiting) = part(tx, rules.collect()).await?;
    put_waiting(tx, waiting).await?;
    let names = Names::of(tx, rules.iter()).await?;
    for rule in &rules {
        log(tx, &rule.path, None, names.view(rule));
    }
    let paths = rules.iter().map(|rule| rule.path.clone()).collect();
    for rules in chunks(rules) {
        let rows = rules.into_iter().map(row);
        redirect::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    canonical_led(tx, paths).await
}

/// All rules, by path.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Redirect>> {
    let rows = redirect::Entity::find().all(connection).await?;
    let mut rules = rows
        .into_iter()
        .map(|row| {
            Ok(Redirect {
                path: row.path,
                meant: row.meant.filter(|meant| Some(meant) != row.target.as_ref()),
                target: row.target,
                created_at: timestamp(row.created_at)?,
                entry: row.entry_id.map(Into::into),
                hidden: row.hidden,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    // The databases' collations differ; bytes do not.
    rules.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(rules)
}

/// What readers get at a path that something left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Instead {
    /// Another path of the site, or a URL.
    To(String),
    /// That it is gone for good.
    Gone,
    /// Nothing, as if it had never been.
    Nothing,
}

impl From<Option<&str>> for Instead {
    fn from(target: Option<&str>) -> Self {
        target.map_or(Self::Gone, |target| Self::To(target.to_owned()))
    }
}

/// Takes away the rules for paths, because something is there again: whoever is meant to lead there does.
pub(crate) async fn remove_in_tx(tx: &mut Transaction, paths: Vec<String>) -> Result<()> {
    put_moves(tx, &Moves { taken: paths.into_iter().collect(), ..Moves::default() }).await
}

/// Takes one rule away. What is meant to lead through it leads to its path, where nothing is.
pub(crate) async fn remove_rule(tx: &mut Transaction, path: &str) -> Result<()> {
    let removed = rules_of(tx, vec![path.to_owned()]).await?;
    redirect::Entity::delete_by_id(path.to_owned()).exec(tx.connection()).await?;
    let names = Names::of(tx, removed.iter()).await?;
    for rule in &removed {
        log(tx, path, names.view(rule), None);
    }
    settle(tx, BTreeSet::from([path.to_owned()])).await?;
    Ok(())
}

/// The rules for paths that these entries left.
pub(crate) async fn left_by(tx: &Transaction, entries: Vec<Uuid>) -> Result<Vec<redirect::Model>> {
    let mut rules = Vec::new();
    for entries in chunks(entries) {
        let query = redirect::Entity::find().filter(redirect::Column::EntryId.is_in(entries));
        rules.extend(query.all(tx.connection()).await?);
    }
    Ok(rules)
}

/// Writes one rule, for a path that was an entry's or nobody's. A rule that is there already stays as it is, and one
/// that would close a circle is refused.
pub(crate) async fn put_in_tx(
    tx: &mut Transaction,
    path: &str,
    instead: Instead,
    entry: Option<EntryId>,
) -> Result<()> {
    let kept = if address::is_kept(path) { Some(path) } else { address::normalise(path) };
    let path = kept.ok_or_else(|| invalid(format!("{path:?} is no path of the site")))?;
    let hidden = instead == Instead::Nothing;
    let meant = match instead {
        Instead::To(target) => Some(address::normalise(&target).unwrap_or(&target).to_owned()),
        Instead::Gone | Instead::Nothing => None,
    };
    let known = redirect::Entity::find_by_id(path.to_owned()).one(tx.connection()).await?;
    let entry_id = entry.map(EntryId::uuid);
    if known.is_some_and(|rule| (rule.meant, rule.entry_id) == (meant.clone(), entry_id) && rule.hidden == hidden) {
        return Ok(());
    }
    let created_at = micros(tx.now);
    let rule = redirect::Model { path: path.to_owned(), target: meant.clone(), created_at, meant, entry_id, hidden };
    write(tx, vec![rule]).await?;
    let led = settle(tx, BTreeSet::from([path.to_owned()])).await?;
    canonical_led(tx, led.clone()).await?;
    claims::give(tx, led).await
}

/// Writes rules over those that are there.
async fn write(tx: &mut Transaction, rules: Vec<redirect::Model>) -> Result<()> {
    use redirect::Column::{CreatedAt, EntryId, Hidden, Meant, Path, Target};
    let before = rules_of(tx, rules.iter().map(|rule| rule.path.clone()).collect()).await?;
    let names = Names::of(tx, rules.iter().chain(&before)).await?;
    let before: HashMap<&str, &redirect::Model> = before.iter().map(|rule| (rule.path.as_str(), rule)).collect();
    for rule in &rules {
        let before = before.get(rule.path.as_str()).and_then(|rule| names.view(rule));
        log(tx, &rule.path, before, names.view(rule));
    }
    for rules in chunks(rules) {
        redirect::Entity::insert_many(rules.into_iter().map(row))
            .on_conflict(
                OnConflict::column(Path).update_columns([Target, CreatedAt, Meant, EntryId, Hidden]).to_owned(),
            )
            .exec_without_returning(tx.connection())
            .await?;
    }
    Ok(())
}

fn row(rule: redirect::Model) -> redirect::ActiveModel {
    redirect::ActiveModel {
        path: Set(rule.path),
        target: Set(rule.target),
        created_at: Set(rule.created_at),
        meant: Set(rule.meant),
        entry_id: Set(rule.entry_id),
        hidden: Set(rule.hidden),
    }
}
