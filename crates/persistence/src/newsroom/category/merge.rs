//! What else names a category that is merged into another one.

use courant_domain::{access::Grant, feed::Feed, id::CategoryId, slug::Slug, workflow::LocaleStanding};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    db::{
        convert::{from_document, to_document},
        entity::{account, api_token, category, entry, revision, standing},
        entries::{overwrite_standing, read_revision, read_standing, standing_row},
        transaction::Transaction,
    },
    error::{Result, corrupt, invalid},
    newsroom::reference_put::feed_put,
};

/// Lets go of the slug of a category that is about to be deleted: one that lay below it may come with the same.
pub(super) async fn free_slug(tx: &Transaction, source: CategoryId) -> Result<()> {
    let slug = Slug::parse(&source.to_string()).map_err(invalid)?;
    let row = category::ActiveModel { id: Set(source.uuid()), slug: Set(slug.to_string()), ..Default::default() };
    category::Entity::update(row).exec(tx.connection()).await?;
    Ok(())
}

/// Lets entries, feeds and grants that name `source` name `target`, and deletes `source`.
pub(super) async fn end(tx: &mut Transaction, source: CategoryId, target: CategoryId) -> Result<()> {
    approvals_end(tx, source).await?;
    entry::Entity::update_many()
        .col_expr(entry::Column::CategoryId, Expr::value(target.uuid()))
        .filter(entry::Column::CategoryId.eq(source.uuid()))
        .exec(tx.connection())
        .await?;
    category::Entity::delete_by_id(source.uuid()).exec(tx.connection()).await?;
    let feeds: Vec<Feed> =
        tx.reference.feeds().iter().filter(|feed| feed.categories.contains(&source)).cloned().collect();
    for mut feed in feeds {
        renamed(&mut feed.categories, source, target);
        feed_put(tx, &feed).await?;
    }
    let named = format!("%{source}%");
    let accounts: Vec<(Uuid, String)> = account::Entity::find()
        .filter(account::Column::Grants.like(&named))
        .select_only()
        .columns([account::Column::Id, account::Column::Grants])
        .into_tuple()
        .all(tx.connection())
        .await?;
    for (id, grants) in accounts {
        let grants = Set(grants_renamed(&grants, source, target)?);
        let row = account::ActiveModel { id: Set(id), grants, ..Default::default() };
        account::Entity::update(row).exec(tx.connection()).await?;
    }
    for token in api_token::Entity::find().filter(api_token::Column::Grants.like(&named)).all(tx.connection()).await? {
        let grants = grants_renamed(&token.grants, source, target)?;
        let row = api_token::ActiveModel { grants: Set(grants), ..token.into_active_model() };
        api_token::Entity::update(row).exec(tx.connection()).await?;
    }
    Ok(())
}

/// Ends approvals of what is filed in a category that ends: editors agreed to it where it was.
async fn approvals_end(tx: &Transaction, source: CategoryId) -> Result<()> {
    let filed = Query::select()
        .column(entry::Column::Id)
        .from(entry::Entity)
        .and_where(entry::Column::CategoryId.eq(source.uuid()))
        .take();
    let rows = standing::Entity::find()
        .filter(standing::Column::EntryId.in_subquery(filed))
        .filter(standing::Column::Document.contains("\"approval\""))
        .all(tx.connection())
        .await?;
    for row in rows {
        let LocaleStanding { locale, standing } = read_standing(&row)?;
        if standing.approval.is_none() {
            continue;
        }
        let key = (row.entry_id, locale.to_string(), row.newest);
        let newest = revision::Entity::find_by_id(key).one(tx.connection()).await?;
        let newest = read_revision(newest.ok_or_else(|| corrupt("a standing without its newest revision"))?)?;
        standing::Entity::insert(standing_row(&standing.filed_elsewhere(), &newest)?)
            .on_conflict(overwrite_standing())
            .exec_without_returning(tx.connection())
            .await?;
    }
    Ok(())
}

fn grants_renamed(document: &str, source: CategoryId, target: CategoryId) -> Result<String> {
    let mut grants: Vec<Grant> = from_document(document)?;
    for grant in &mut grants {
        renamed(&mut grant.categories, source, target);
    }
    to_document(&grants)
}

/// Puts one id in the place of another, and keeps it once.
fn renamed(ids: &mut Vec<CategoryId>, source: CategoryId, target: CategoryId) {
    if let Some(place) = ids.iter().position(|id| *id == source) {
        if ids.contains(&target) {
            ids.remove(place);
        } else {
            ids[place] = target;
        }
    }
}
