//! Reading what is live: one statement for any number of keys.

mod columns;
mod count;
mod list;
mod publication;
mod relation;
mod row;
mod statement;
mod stream;

pub use self::{list::ListRequest, relation::RelationRow};
pub(crate) use self::{
    publication::{KEYS, entry_locales, key_condition},
    row::Cursor,
};
