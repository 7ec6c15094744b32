//! Live editions.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub entry_id: Uuid,
    pub locale: String,
    pub kind: String,
    pub category_id: Uuid,
    pub slug: String,
    pub title: String,
    pub summary: Option<String>,
    pub published_at: i64,
    pub first_published_at: i64,
    pub updated_at: i64,
    pub version: i64,
    pub revision: i32,
    pub number: Option<String>,
    pub signed_day: Option<i32>,
    pub partly_from_day: Option<i32>,
    pub from_day: Option<i32>,
    pub partly_until_day: Option<i32>,
    pub until_day: Option<i32>,
    pub details: String,
    pub format: String,
    pub word_count: i32,
    pub outline: String,
    pub html: String,
    pub plain: String,
    pub source: String,
    pub derivation: i32,
    pub embeds: String,
    pub folded: String,
    pub folded_number: Option<String>,
    pub folding: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
