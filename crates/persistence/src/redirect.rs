//! Redirects, and paths that are gone.

mod moves;

use std::collections::HashMap;

use courant_domain::{
    address,
    change::{Action, Subject},
    redirect::Redirect,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    convert::{micros, timestamp},
    entity::redirect,
    error::{Result, invalid},
    store::Store,
    transaction::Transaction,
};

pub(crate) use self::moves::{Moves, put_moves};

/// How many steps of older redirects are followed before one is written.
const CHAIN: usize = 32;

impl Store {
    /// What the rules say of paths, for those they say anything of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn redirects_of(&self, paths: &[String]) -> Result<HashMap<String, Redirect>> {
        let places: Vec<String> = (1..=paths.len()).map(|place| format!("${place}")).collect();
        let sql = format!("SELECT path, target, created_at FROM redirect WHERE path IN ({})", places.join(", "));
        let rows = self.read(sql, paths.iter().map(|path| path.as_str().into()).collect()).await?;
        rows.iter()
            .map(|row| {
                let path: String = row.try_get_by_index(0)?;
                let target = row.try_get_by_index(1)?;
                Ok((path.clone(), Redirect { path, target, created_at: timestamp(row.try_get_by_index(2)?)? }))
            })
            .collect()
    }

    /// Makes a path lead elsewhere, or say that it is gone.
    ///
    /// # Errors
    /// When the path is none of the site's, leads to itself, or the database fails; nothing is changed then.
    pub async fn redirect_put(&self, path: &str, target: Option<&str>) -> Result<()> {
        let mut tx = Transaction::begin(self).await?;
        put_in_tx(&mut tx, path, target).await?;
        tx.commit(self).await
    }

    /// Puts redirects back exactly as they were dumped.
    ///
    /// # Errors
    /// When a path is there already, or the database fails; nothing is changed then.
    pub async fn redirects_restore(&self, redirects: Vec<Redirect>) -> Result<()> {
        let mut tx = Transaction::begin(self).await?;
        for rows in crate::transaction::chunks(redirects) {
            let rows = rows.into_iter().map(|rule| redirect::ActiveModel {
                path: Set(rule.path),
                target: Set(rule.target),
                created_at: Set(micros(rule.created_at)),
            });
            redirect::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
        }
        tx.log(Subject::Redirect, Uuid::nil(), None, Action::Put);
        tx.commit(self).await
    }
}

/// All rules, by path.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Redirect>> {
    let rows = redirect::Entity::find().all(connection).await?;
    let mut rules = rows
        .into_iter()
        .map(|row| Ok(Redirect { path: row.path, target: row.target, created_at: timestamp(row.created_at)? }))
        .collect::<Result<Vec<_>>>()?;
    // The databases' collations differ; bytes do not.
    rules.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(rules)
}

/// Takes away the rules for paths, because something is there again.
pub(crate) async fn remove_in_tx(tx: &mut Transaction, paths: Vec<String>) -> Result<()> {
    let mut removed = 0;
    for paths in crate::transaction::chunks(paths) {
        let rules = redirect::Entity::delete_many().filter(redirect::Column::Path.is_in(paths));
        removed += rules.exec(tx.connection()).await?.rows_affected;
    }
    if removed > 0 {
        tx.log(Subject::Redirect, Uuid::nil(), None, Action::Removed);
    }
    Ok(())
}

/// Takes away the rules that lead to a path, because nothing is there any more and nothing shall tell that
/// something was.
pub(crate) async fn remove_to_in_tx(tx: &mut Transaction, path: &str) -> Result<()> {
    let removed =
        redirect::Entity::delete_many().filter(redirect::Column::Target.eq(path)).exec(tx.connection()).await?;
    if removed.rows_affected > 0 {
        tx.log(Subject::Redirect, Uuid::nil(), None, Action::Removed);
    }
    Ok(())
}

/// Writes one rule. The target's own rule is followed first and rules that led to `path` are led on, so that
/// no reader is sent through a chain; a rule that would close a circle is refused. A rule that is there already
/// stays as it is.
pub(crate) async fn put_in_tx(tx: &mut Transaction, path: &str, target: Option<&str>) -> Result<()> {
    let path = address::normalise(path).ok_or_else(|| invalid(format!("{path:?} is no path of the site")))?;
    let mut end = target.map(str::to_owned);
    for _ in 0..CHAIN {
        let Some(next) = end.as_deref().and_then(address::normalise) else { break };
        match redirect::Entity::find_by_id(next.to_owned()).one(tx.connection()).await? {
            Some(rule) if rule.path != path => end = rule.target,
            _ => break,
        }
    }
    let known = redirect::Entity::find_by_id(path.to_owned()).one(tx.connection()).await?;
    if known.is_some_and(|rule| rule.target == end) {
        return Ok(());
    }
    if end.as_deref() == Some(path) {
        // What used to lead away from the target leads here: the old rule is overtaken.
        let Some(target) = target.and_then(address::normalise).filter(|target| *target != path) else {
            return Err(invalid(format!("{path} would lead to itself")));
        };
        redirect::Entity::delete_by_id(target.to_owned()).exec(tx.connection()).await?;
        end = Some(target.to_owned());
    }
    redirect::Entity::update_many()
        .col_expr(redirect::Column::Target, Expr::value(end.clone()))
        .filter(redirect::Column::Target.eq(path))
        .exec(tx.connection())
        .await?;
    if let Some(end) = &end {
        redirect::Entity::delete_by_id(end.clone()).exec(tx.connection()).await?;
    }
    let row = redirect::ActiveModel { path: Set(path.to_owned()), target: Set(end), created_at: Set(micros(tx.now)) };
    redirect::Entity::insert(row)
        .on_conflict(
            OnConflict::column(redirect::Column::Path)
                .update_columns([redirect::Column::Target, redirect::Column::CreatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx.connection())
        .await?;
    tx.log(Subject::Redirect, Uuid::nil(), None, Action::Put);
    Ok(())
}
