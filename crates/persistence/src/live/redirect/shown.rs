//! What readers see of rules: the change log tells of nothing else.

use std::collections::BTreeSet;

use courant_domain::{
    address::{self, Address, Place},
    change::{Action, ChangeKey, Told},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    db::{
        entity::{person, redirect, tag},
        transaction::{Transaction, chunks},
    },
    error::Result,
};

/// The names that readers know of, among those that some rules lead to. They are read within the transaction, which may have changed
/// them already.
pub(super) struct Names {
    tags: BTreeSet<String>,
    persons: BTreeSet<String>,
}

impl Names {
    /// Those that these rules lead to.
    pub(super) async fn of(tx: &Transaction, rules: impl Iterator<Item = &redirect::Model>) -> Result<Self> {
        let (mut tags, mut persons) = (BTreeSet::new(), BTreeSet::new());
        for rule in rules {
            match place(rule) {
                Some(Place::Tag(slug)) => drop(tags.insert(slug.to_string())),
                Some(Place::Person(slug)) => drop(persons.insert(slug.to_string())),
                _ => {}
            }
        }
        let mut live = Self { tags: BTreeSet::new(), persons: BTreeSet::new() };
        for slugs in chunks(tags.into_iter().collect()) {
            let query = tag::Entity::find().select_only().column(tag::Column::Slug);
            let query = query.filter(tag::Column::Slug.is_in(slugs)).filter(tag::Column::Live.eq(true));
            live.tags.extend(query.into_tuple::<String>().all(tx.connection()).await?);
        }
        for slugs in chunks(persons.into_iter().collect()) {
            let query = person::Entity::find().select_only().column(person::Column::Slug);
            let query = query.filter(person::Column::Slug.is_in(slugs)).filter(person::Column::Live.eq(true));
            live.persons.extend(query.into_tuple::<String>().all(tx.connection()).await?);
        }
        Ok(live)
    }

    /// What readers of a rule's path get: where it leads, or that it is gone; nothing if they are told of nothing.
    pub(super) fn view<'a>(&self, rule: &'a redirect::Model) -> Option<Option<&'a str>> {
        let knows = match place(rule) {
            Some(Place::Tag(slug)) => self.tags.contains(slug.as_str()),
            Some(Place::Person(slug)) => self.persons.contains(slug.as_str()),
            _ => true,
        };
        (knows && !rule.hidden).then_some(rule.target.as_deref())
    }
}

fn place(rule: &redirect::Model) -> Option<Place> {
    let target = rule.target.as_deref()?;
    Address::parse(address::followed(target).unwrap_or(target)).map(|address| address.place)
}

/// Puts into the log that there was a rule for a path and now is another one, each as readers see it.
pub(super) fn log(tx: &mut Transaction, path: &str, before: Option<Option<&str>>, after: Option<Option<&str>>) {
    let action = if after.is_some() { Action::Put } else { Action::Removed };
    tx.log_told(ChangeKey::Redirect { path: path.to_owned() }, action, Told::default().if_seen(before != after));
}

/// The rules of these paths, by path.
pub(super) async fn rules_of(tx: &Transaction, paths: Vec<String>) -> Result<Vec<redirect::Model>> {
    let mut rules = Vec::new();
    for paths in chunks(paths) {
        rules.extend(redirect::Entity::find().filter(redirect::Column::Path.is_in(paths)).all(tx.connection()).await?);
    }
    // What is logged of them comes in the same order on both databases.
    rules.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(rules)
}

/// Logs that rules that lead to these paths have come into readers' sight or have left it, because what is there has.
pub(crate) async fn targets_shown(tx: &mut Transaction, targets: Vec<String>, action: Action) -> Result<()> {
    let mut paths = BTreeSet::new();
    for targets in chunks(targets) {
        let query = redirect::Entity::find().select_only().column(redirect::Column::Path);
        let query = query.filter(redirect::Column::Target.is_in(targets)).filter(redirect::Column::Hidden.eq(false));
        paths.extend(query.into_tuple::<String>().all(tx.connection()).await?);
    }
    for path in paths {
        tx.log(ChangeKey::Redirect { path }, action);
    }
    Ok(())
}
