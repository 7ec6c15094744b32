//! Everything a database holds, as a stream of records: one JSON object a line (NDJSON), in an order in
//! which each refers only to what came before it. The same content gives the same bytes.

mod desk;
mod error;
mod file;
mod order;
mod read;
mod reads;
mod record;
mod restore;
mod snapshot;
mod webhook;
mod write;

pub(crate) use self::desk::put_down;
pub use self::{
    desk::DeskRecord,
    error::{LineError, RestoreError, WriteError},
    reads::ReadsRecord,
    record::{End, EntryRecord, Header, Record, RecordError, WaitingPath},
    restore::Restoration,
    snapshot::Snapshot,
    webhook::WebhookRecord,
    write::Extent,
};
