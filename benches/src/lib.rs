//! The benchmark: Courant, and beside it, in the same run and on the same database, bare handlers with
//! hand-written SQL that give the same answers.
//!
//! `script/bench` builds it, makes the databases and runs it; `docs/performance.md` is what it published last.

pub mod cell;
pub mod check;
pub mod compare;
pub mod database;
pub mod decrees;
mod editor;
pub mod handwritten;
pub mod hot;
pub mod load;
pub mod machine;
pub mod process;
pub mod report;
pub mod run;
pub mod sample;
pub mod search;
pub mod soak;
pub mod subscribers;
pub mod views;
