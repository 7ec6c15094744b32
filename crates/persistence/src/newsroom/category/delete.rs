//! What deleting a category shares with changing it.

use courant_domain::{
    category::{Category, CategoryTree},
    id::CategoryId,
};
use sea_orm::EntityTrait;

use super::{require_category, tree::tree_put};
use crate::{
    command::{Allowed, Work, Written},
    db::{entity::category, transaction::Transaction},
    error::Result,
};

/// The category, which must be there and within the viewer's limits.
pub(in crate::newsroom) fn require(work: &Work<'_>, id: CategoryId) -> Written<Allowed<Category>> {
    require_category(work, "id", id)
}

/// Makes the tree one without a category.
pub(in crate::newsroom) async fn put(tx: &mut Transaction, id: CategoryId, after: CategoryTree) -> Result<()> {
    category::Entity::delete_by_id(id.uuid()).exec(tx.connection()).await?;
    tree_put(tx, after, None).await
}
