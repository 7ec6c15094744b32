//! What the GraphQL specification (September 2025) asks of a service, around an executor that does not do all of it.
//!
//! A request passes these stages, one file each, and is rejected by the first that finds something wrong:
//!
//! | stage | does |
//! |---|---|
//! | `lexer`, `limits` | counts the text's tokens and nesting, then the parsed document's depth and expansion |
//! | `respell` | writes what the parser does not read so that it does |
//! | `unique`, `check`, `literal`, `usage`, `merge` | what the executor's validation passes over |
//! | `document` | keeps what has come this far by its text |
//! | `variables` | makes the variables fit their definitions |
//! | `cost` | prices the operation with its variables |
//! | `settle` | mends the executor's copy of the document |
//! | the executor | validates, and runs resolvers |
//! | `nulls` | puts null where a field failed of which the executor lost that |
//! | `json` | writes the answer |
//!
//! *Invariants*: nothing a client sends is worked on before it is bounded. Nothing here knows what the schema is about: what is
//! to be known of it is in [`Shape`], read from its definition language, and what that does not say is asked of [`Scalars`] and
//! [`Prices`].

mod check;
mod cost;
mod document;
mod error;
pub mod json;
mod lexer;
mod limits;
mod literal;
mod merge;
mod nulls;
mod path;
mod respell;
mod roots;
mod scalars;
mod settle;
mod shape;
mod unique;
mod usage;
mod variables;

pub use self::{
    cost::{Cost, FEW, Given, List, ListPrice, Prices, price},
    document::{Document, Documents},
    error::{Rejection, RequestError, RequestErrorCode},
    limits::Limits,
    nulls::put_nulls,
    path::keep_path,
    roots::Roots,
    scalars::Scalars,
    settle::{leave_out, settle},
    shape::Shape,
    variables::{Coerced, coerce},
};
