//! Many paths that move at once.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::change::{Action, Subject};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    convert::micros,
    entity::redirect,
    error::Result,
    transaction::{Transaction, chunks},
};

/// Paths that something left, and paths where something is now.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// From where to where.
    pub(crate) moved: BTreeMap<String, String>,
    /// Where something is now that was not there before, be it new or moved.
    pub(crate) taken: BTreeSet<String>,
}

/// Leaves a rule at each path that was left and not taken again. Rules that led to one lead on with it, all at the
/// same time, and a path that is taken loses its rule: so there is no chain, and no circle.
pub(crate) async fn put_moves(tx: &mut Transaction, moves: &Moves) -> Result<()> {
    if moves.moved.is_empty() && moves.taken.is_empty() {
        return Ok(());
    }
    let mut rules: BTreeMap<String, redirect::ActiveModel> = BTreeMap::new();
    for paths in chunks(moves.moved.keys().cloned().collect()) {
        let led = redirect::Entity::find().filter(redirect::Column::Target.is_in(paths)).all(tx.connection()).await?;
        for rule in led {
            let target = rule.target.as_ref().and_then(|target| moves.moved.get(target)).cloned();
            let model = redirect::ActiveModel {
                path: Set(rule.path.clone()),
                target: Set(target),
                created_at: Set(rule.created_at),
            };
            rules.insert(rule.path, model);
        }
    }
    for (from, to) in &moves.moved {
        let model = redirect::ActiveModel {
            path: Set(from.clone()),
            target: Set(Some(to.clone())),
            created_at: Set(micros(tx.now)),
        };
        rules.insert(from.clone(), model);
    }
    rules.retain(|path, _| !moves.taken.contains(path));
    let mut removed = 0;
    for paths in chunks(moves.taken.iter().cloned().collect()) {
        let gone = redirect::Entity::delete_many().filter(redirect::Column::Path.is_in(paths)).exec(tx.connection());
        removed += gone.await?.rows_affected;
    }
    let put = !rules.is_empty();
    for rows in chunks(rules.into_values().collect()) {
        redirect::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::column(redirect::Column::Path)
                    .update_columns([redirect::Column::Target, redirect::Column::CreatedAt])
                    .to_owned(),
            )
            .exec_without_returning(tx.connection())
            .await?;
    }
    if put || removed > 0 {
        tx.log(Subject::Redirect, Uuid::nil(), None, if put { Action::Put } else { Action::Removed });
    }
    Ok(())
}
