//! Where each language of an entry stands in the workflow.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub locale: String,
    pub state: String,
    pub newest: i32,
    pub scheduled_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub waiting_for: Option<String>,
    pub folded: String,
    pub folding: i32,
    pub slug: Option<String>,
    pub number: Option<String>,
    pub persons: String,
    pub document: Option<String>,
    pub assignee: Option<String>,
    pub due_at: Option<i64>,
    pub touched_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
