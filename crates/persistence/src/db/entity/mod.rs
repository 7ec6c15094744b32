//! The tables, as SeaORM sees them. None of these types leaves the crate. Columns are
//! described where they are made, in the migrations.

#![expect(unreachable_pub, reason = "SeaORM's derives make what they derive public")]

pub(crate) mod account;
pub(crate) mod api_token;
pub(crate) mod audit_log;
pub(crate) mod category;
pub(crate) mod change_log;
pub(crate) mod decree_relation;
pub(crate) mod edition;
pub(crate) mod entry;
pub(crate) mod feed;
pub(crate) mod idempotency;
pub(crate) mod open_claim;
pub(crate) mod person;
pub(crate) mod preview_link;
pub(crate) mod reader_edition;
pub(crate) mod redirect;
pub(crate) mod refresh_token;
pub(crate) mod remark;
pub(crate) mod revision;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod site;
pub(crate) mod standing;
pub(crate) mod tag;
pub(crate) mod timeline;
pub(crate) mod timeline_entry;
pub(crate) mod view_count;
pub(crate) mod waiting_path;
pub(crate) mod working_copy;
