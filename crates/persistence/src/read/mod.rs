//! Reading what is live: one statement for any number of keys.

mod columns;
mod count;
mod inline;
mod list;
mod publication;
mod relation;
mod row;
mod statement;
mod stream;
mod weight;

pub(crate) use self::{
    inline::{Inline, Unread},
    publication::{KEYS, entry_locales, key_condition},
    row::Cursor,
    weight::Weight,
};
pub use self::{list::ListRequest, relation::RelationRow};
