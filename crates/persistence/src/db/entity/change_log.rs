//! The change log; rows are only ever added.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: i64,
    pub subject: String,
    /// Of entries, categories, feeds, tags and persons.
    pub subject_id: Option<Uuid>,
    /// Of editions.
    pub locale: Option<String>,
    /// Of editions: what the entry is.
    pub kind: Option<String>,
    /// Of redirects.
    pub path: Option<String>,
    pub action: String,
    /// Of editions: where it shows beyond the edition itself, as JSON.
    pub touched: Option<String>,
    /// What readers are told of it, as JSON; none of what servers of before have written.
    pub told: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
