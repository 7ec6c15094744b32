//! How objects are resolved into the JSON of the answer.
//!
//! | part | does |
//! |---|---|
//! | `eager` | asks each field of an object once, and writes what is ready |
//! | `collected_fields` | says which fields those are |
//! | `response_writer` | holds the JSON, and waits for what is not ready |
//! | `byte_budget` | says how large the answer may become |

mod byte_budget;
mod collected_fields;
mod eager;
mod response_writer;

pub(crate) use self::{
    byte_budget::ByteBudget,
    collected_fields::FieldPlans,
    eager::{Eager, EagerList, ObjectContext, ResolveEagerly, eager_by_object},
    response_writer::ResponseWriter,
};
