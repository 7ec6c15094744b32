//! Reading what is live: one statement for any number of keys.

mod all;
mod change;
mod columns;
mod count;
pub(crate) mod departure;
mod list;
mod publication;
mod query;
mod redirect;
mod related;
mod relation;
mod sitemap;
mod statement;
mod stream;
mod weight;

pub(crate) use self::publication::{KEYS, entry_locales, key_condition};
pub use self::{
    change::{ChangeFilter, Changes, ChangesAfter, ChangesRequest, FollowedLists},
    departure::Departed,
    list::{ListRequest, Listed},
    related::{RelatedList, RelatedLists},
    relation::RelationRow,
    sitemap::{SitemapDay, SitemapMonth},
};
