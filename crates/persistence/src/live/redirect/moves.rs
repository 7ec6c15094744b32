//! Many paths that move at once.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{id::EntryId, locale::Locale, slug::Slug};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    settle,
    shown::{Names, log, rules_of},
    write,
};
use crate::{
    db::{
        convert::micros,
        entity::redirect,
        transaction::{Transaction, chunks},
    },
    error::Result,
};

/// Paths that something left, and paths where something is now.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// From where to where.
    pub(crate) moved: BTreeMap<String, String>,
    /// Which of them were entries' paths, and whose.
    pub(crate) entries: BTreeMap<String, EntryId>,
    /// Where something is now that was not there before, be it new or moved.
    pub(crate) taken: BTreeSet<String>,
    /// Whether readers never knew of what has moved: then nothing is left where it was.
    pub(crate) unknown: bool,
}

impl Moves {
    /// Something new at a path in each of these languages.
    pub(crate) fn to(locales: &[Locale], path: impl Fn(Locale) -> String) -> Self {
        Self { taken: locales.iter().copied().map(path).collect(), ..Self::default() }
    }

    /// Something that has left its old slug's path for the new one's, in each of these languages.
    pub(crate) fn between(locales: &[Locale], [old, new]: [&Slug; 2], path: impl Fn(Locale, &Slug) -> String) -> Self {
        let moved = locales.iter().map(|locale| (path(*locale, old), path(*locale, new))).collect();
        Self { moved, ..Self::to(locales, |locale| path(locale, new)) }
    }
}

/// Leaves a rule at each path that was left and not taken again, and takes away those of the paths that are taken.
/// Rules that were meant for what has moved are meant for where it is now, all at the same time: so there is no chain,
/// and no circle, and whoever takes the path gets none of them.
pub(crate) async fn put_moves(tx: &mut Transaction, moves: &Moves) -> Result<()> {
    let removed = remove(tx, moves).await?;
    let mut changed: BTreeSet<String> = moves.moved.keys().chain(&moves.taken).cloned().collect();
    let mut rules = led_on(tx, moves).await?;
    changed.extend(rules.iter().map(|rule| rule.path.clone()));
    let created_at = micros(tx.now);
    let left = moves.moved.iter().filter(|(from, _)| !moves.unknown && !moves.taken.contains(*from));
    rules.extend(left.map(|(from, to)| redirect::Model {
        path: from.clone(),
        target: Some(to.clone()),
        created_at,
        meant: Some(to.clone()),
        entry_id: moves.entries.get(from).map(|entry| entry.uuid()),
        hidden: false,
    }));
    if rules.is_empty() && !removed {
        return Ok(());
    }
    write(tx, rules).await?;
    settle(tx, changed).await?;
    Ok(())
}

/// Takes away the rules of the paths that are taken; says whether there were any.
async fn remove(tx: &mut Transaction, moves: &Moves) -> Result<bool> {
    let removed = rules_of(tx, moves.taken.iter().cloned().collect()).await?;
    for paths in chunks(removed.iter().map(|rule| rule.path.clone()).collect()) {
        redirect::Entity::delete_many().filter(redirect::Column::Path.is_in(paths)).exec(tx.connection()).await?;
    }
    // What a rule led to may have its new name already: a tag that takes the very path that led to it.
    let led = |rule: &redirect::Model| {
        let target = rule.target.as_ref().map(|target| moves.moved.get(target).unwrap_or(target).clone());
        redirect::Model { target, ..rule.clone() }
    };
    let led: Vec<redirect::Model> = removed.iter().map(led).collect();
    let names = Names::of(tx, led.iter()).await?;
    for rule in &led {
        log(tx, &rule.path, names.view(rule), None);
    }
    Ok(!led.is_empty())
}

/// The rules that stay and were meant for what has moved, meant for where it is now.
async fn led_on(tx: &Transaction, moves: &Moves) -> Result<Vec<redirect::Model>> {
    let mut led = Vec::new();
    for paths in chunks(moves.moved.keys().cloned().collect()) {
        led.extend(redirect::Entity::find().filter(redirect::Column::Meant.is_in(paths)).all(tx.connection()).await?);
    }
    led.retain(|rule| !moves.moved.contains_key(&rule.path));
    for rule in &mut led {
        rule.meant = rule.meant.as_ref().and_then(|meant| moves.moved.get(meant)).cloned();
        rule.target.clone_from(&rule.meant);
        rule.hidden = false;
    }
    Ok(led)
}
