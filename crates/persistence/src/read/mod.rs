//! Reading what is live: one statement for any number of keys.

mod columns;
mod count;
mod list;
mod publication;
mod relation;
mod statement;
mod stream;

pub(crate) use self::{
    columns::Cursor,
    publication::{KEYS, entry_locales, key_condition},
};
pub use self::{list::ListRequest, relation::RelationRow};
