//! What the newsroom reads: entries in work, their revisions, and who did what. One statement for any number of keys.

mod entry;

pub use self::entry::EntryInWork;
