//! Three pages of a portal as text. Every type of an answer comes from the schema, when this is compiled: a field that the
//! schema does not have, or that may be null, is a mistake the compiler names.

mod ask;
mod pages;

pub use self::pages::{category_titles, front_page, portal_page};
