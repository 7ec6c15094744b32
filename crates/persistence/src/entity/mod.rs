//! The tables, as SeaORM sees them. None of these types leaves the crate. Columns are
//! described where they are made, in the migrations.

#![expect(unreachable_pub, reason = "SeaORM's derives make what they derive public")]

pub(crate) mod category;
pub(crate) mod change_log;
pub(crate) mod decree_relation;
pub(crate) mod edition;
pub(crate) mod entry;
pub(crate) mod feed;
pub(crate) mod person;
pub(crate) mod reader_edition;
pub(crate) mod redirect;
pub(crate) mod revision;
pub(crate) mod site;
pub(crate) mod standing;
pub(crate) mod tag;
pub(crate) mod timeline;
pub(crate) mod timeline_entry;
pub(crate) mod view_count;
