//! The way in: GraphQL over HTTP.
//!
//! *Invariants*: resolvers are thin and run no statement of their own; whatever a level needs is asked of a
//! loader, which asks the store once. No error leaves without a code, and none carries internal text.

mod caller;
pub mod error;
mod http;
mod identity;
mod json;
mod loader;
mod schema;

pub use self::{
    http::{Config, Limits, Origin, OriginError, Reader, ReaderError, Starting, Stopping, Traffic, router},
    identity::{IdentityConfig, StartError},
    schema::sdl,
};
