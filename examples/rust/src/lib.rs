//! Three pages of a portal as text, and a mirror of all of it. Every type of a page's answer comes from the schema, when this is
//! compiled: a field that the schema does not have, or that may be null, is a mistake the compiler names.

mod ask;
pub mod mirror;
mod pages;

pub use self::pages::{category_titles, front_page, portal_page};
