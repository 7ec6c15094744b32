//! Counting reads, in memory: who is a reader, and once for each reader, edition and day.
//!
//! | module | what it decides |
//! |---|---|
//! | [`program`] | which programs are people's |
//! | `quota` | how much is counted of one address |
//! | `seen` | who has read what today |
//! | `pending` | what was counted and is not in the database yet |
//! | [`Counter`] | all of it together |
//!
//! *Invariant*: everything here has a bound in bytes. What is beyond it makes counts a little wrong, never the program larger.
//!
//! *Invariant*: nothing here holds an address or the name of a program after it was counted: what is kept are prints
//! ([`courant_identity::reader`]).

mod counter;
mod pending;
pub mod program;
mod quota;
mod seen;

pub use self::{
    counter::{Counted, Counter, Settings},
    pending::EditionReads,
};
