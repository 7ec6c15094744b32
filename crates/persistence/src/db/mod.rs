//! The database itself: connections, transactions, migrations, rows. Nothing here knows what is asked of it.

pub(crate) mod budget;
pub(crate) mod clock;
pub(crate) mod connect;
pub(crate) mod convert;
pub(crate) mod embedded;
pub(crate) mod entity;
pub(crate) mod entries;
pub(crate) mod holdup;
pub(crate) mod inline;
pub(crate) mod lanes;
pub(crate) mod link;
pub(crate) mod migrate;
pub(crate) mod parameters;
pub(crate) mod patience;
mod proven;
pub(crate) mod row;
pub(crate) mod statements;
pub(crate) mod transaction;
pub(crate) mod weight;
pub(crate) mod writes;
