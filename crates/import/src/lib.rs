//! Imports as one pipeline: a source is read, its categories, tags and persons are found or made, its items are
//! converted, and what is new or has changed is merged into what is there. The same source can be imported again and
//! again: nothing is doubled, and nothing that was changed here since is changed back.
//!
//! *Invariants*:
//!
//! - So much of a source is in memory as one transaction takes in, whatever the size of the whole; it is gone through from its
//!   beginning to its end before anything of it goes in.
//! - Nothing in this crate prints, reads a command line or an environment, or ends the process: whoever asks for an
//!   import gets a [`Report`] or an [`ImportError`].
//! - What goes in, goes in in transactions of many items. One that fails leaves those before it as they are, and the
//!   next import takes up the rest.

mod categories;
mod convert;
mod error;
mod incoming;
mod merge;
mod names;
mod pipeline;
mod problem_kinds;
mod read;
mod report;
mod source;
mod terms;

pub use courant_syndication::{Input, Library, MediaMove, OwnSite, Problem, ReadError, SourceFormat};

pub use self::{
    error::{ImportError, SourceError},
    incoming::{Incoming, IncomingText, IncomingVersion},
    merge::{Merged, Outcome, merge},
    pipeline::{ImportOptions, ImportRequest, Progress, import},
    problem_kinds::{ProblemKind, problem_kinds},
    report::{Note, Report},
    source::{ArchiveError, Content, Found, Given, Source},
};
