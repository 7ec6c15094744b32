//! Work by the clock, a file each.

mod checkpoint;
mod days;
mod housekeeping;
mod reads;
mod related_news;
mod schedule;
mod write_check;

pub use self::{
    checkpoint::Checkpoint,
    days::Days,
    housekeeping::Housekeeping,
    reads::{LetReadsGo, Reads},
    related_news::RelatedNews,
    schedule::Schedule,
    write_check::WriteCheck,
};
