//! What the GraphQL specification (September 2025) asks of a service, around an executor that does not do all of it.
//!
//! A request passes these stages, one file each, and is rejected by the first that finds something wrong:
//!
//! | stage | does |
//! |---|---|
//! | `lexer`, `limits` | counts the text's tokens and nesting, then the parsed document's depth and expansion |
//! | `source_normalisation` | writes what the parser does not read so that it does |
//! | `validation` | finds what the executor's validation passes over |
//! | `document` | keeps what has come this far by its text |
//! | `variable_coercion` | makes the variables fit their definitions |
//! | `cost` | prices the operation with its variables |
//! | [`executor`] | mends the executor's copy of the document |
//! | the executor | validates, and runs resolvers |
//! | [`executor`] | mends the answer |
//! | `json` | writes the answer |
//!
//! *Invariants*: nothing a client sends is worked on before it is bounded. Nothing here knows what the schema is about: what is
//! to be known of it is in [`SchemaMetadata`], read from its definition language, and what that does not say is asked of [`Scalars`] and
//! [`Prices`].

mod cost;
mod document;
mod error;
pub mod executor;
pub mod json;
mod lexer;
mod limits;
mod roots;
mod scalars;
mod schema_metadata;
mod source_normalisation;
mod suggestion;
mod validation;
mod variable_coercion;

pub use self::{
    cost::{Cost, FEW, Given, List, ListPrice, Prices, price},
    document::{Document, Documents, Validation, ValidationKey},
    error::{Rejection, RequestError, RequestErrorCode},
    limits::Limits,
    roots::Roots,
    scalars::Scalars,
    schema_metadata::SchemaMetadata,
    variable_coercion::{Coerced, coerce},
};
