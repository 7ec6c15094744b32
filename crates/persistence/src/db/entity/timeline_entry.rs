//! The entries of timelines, in order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timeline_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub timeline_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sort_key: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: Uuid,
    pub edition_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
