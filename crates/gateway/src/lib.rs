//! The GraphQL gateway: the schema, its loaders, and who is asking.
//!
//! *Invariants*: resolvers are thin and run no statement of their own; whatever a level needs is asked of a
//! loader, which asks the store once. No error leaves without a code, and none carries internal text.

mod caller;
mod cost;
pub mod error;
mod executor;
mod identity;
mod loader;
mod recorder;
mod schema;
pub mod sitemap;

pub use self::{
    caller::Caller,
    identity::{Bearer, Denied, Identity, IdentityConfig, StartError},
    schema::{
        CacheReached, DatabaseTime, Event, Executed, Followed, ObjectCache, ObjectFormat, Opened, OutsideReached,
        Reached, Run, Schema, Topic, build, execute, metadata, object_format, open, sdl, tell,
    },
};
