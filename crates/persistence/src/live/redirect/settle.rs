//! Where rules lead now.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::write;
use crate::{
    db::{
        entity::redirect::{self, Column},
        transaction::{Transaction, chunks},
    },
    error::{Result, invalid},
};

type Rules = BTreeMap<String, redirect::Model>;

/// What readers get: a target or none, and whether they are told at all.
type End = (Option<String>, bool);

/// Follows the rules of these paths anew, and all that are meant to lead to one of them, at once or through others.
/// A circle is refused. Says which those are.
pub(super) async fn settle(tx: &mut Transaction, changed: BTreeSet<String>) -> Result<BTreeSet<String>> {
    let mut rules = find(tx, Column::Path, changed.iter().cloned().collect()).await?;
    let mut ahead: Vec<String> = changed.into_iter().collect();
    while !ahead.is_empty() {
        let mut led = find(tx, Column::Meant, ahead).await?;
        led.retain(|path, _| !rules.contains_key(path));
        ahead = led.keys().cloned().collect();
        rules.append(&mut led);
    }
    // Nothing has changed behind these: they lead to the end already.
    let outside = rules.values().filter_map(|rule| rule.meant.clone()).filter(|meant| !rules.contains_key(meant));
    let outside = find(tx, Column::Path, outside.collect()).await?;
    let mut settled = Vec::new();
    for rule in rules.values() {
        let (target, hidden) = end(rule, &rules, &outside)?;
        if (&rule.target, rule.hidden) != (&target, hidden) {
            settled.push(redirect::Model { target, hidden, ..rule.clone() });
        }
    }
    write(tx, settled).await?;
    Ok(rules.into_keys().collect())
}

fn end(rule: &redirect::Model, rules: &Rules, outside: &Rules) -> Result<End> {
    let mut at = rule;
    for _ in 0..rules.len() {
        let Some(meant) = &at.meant else { return Ok((None, at.hidden)) };
        match rules.get(meant) {
            Some(next) => at = next,
            None => {
                let on = outside.get(meant).map(|next| (next.target.clone(), next.hidden));
                return Ok(on.unwrap_or_else(|| (Some(meant.clone()), false)));
            }
        }
    }
    Err(invalid(format!("{} would lead to itself", rule.path)))
}

async fn find(tx: &Transaction, column: Column, values: Vec<String>) -> Result<Rules> {
    let mut rules = Rules::new();
    for values in chunks(values) {
        let found = redirect::Entity::find().filter(column.is_in(values)).all(tx.connection()).await?;
        rules.extend(found.into_iter().map(|rule| (rule.path.clone(), rule)));
    }
    Ok(rules)
}
