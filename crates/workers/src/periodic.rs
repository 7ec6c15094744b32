//! Work by the clock, a file each.

mod checkpoint;
mod housekeeping;
mod schedule;
mod write_check;

pub use self::{checkpoint::Checkpoint, housekeeping::Housekeeping, schedule::Schedule, write_check::WriteCheck};
