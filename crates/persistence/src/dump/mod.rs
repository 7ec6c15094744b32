//! Everything a database holds, as a stream of records: one JSON object a line (NDJSON), in an order in
//! which each refers only to what came before it. The same content gives the same bytes.

mod order;
mod record;
mod restore;
mod snapshot;

pub use self::{
    order::Order,
    record::{End, EntryRecord, Header, Record, RecordError},
    restore::Restoration,
    snapshot::Snapshot,
};
