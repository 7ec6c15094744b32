//! What a schema says of the cost of its fields.

use std::fmt::Debug;

use async_graphql::{Variables, parser::types::Field};

use super::given::Given;

/// About how many bytes a number, a date, an id or a word takes.
pub const FEW: u64 = 24;

/// What the fields of a schema cost. Without anything known of them, values are small and finding lists is free.
pub trait Prices: Debug + Send + Sync {
    /// About how many bytes of an answer the value of a field of this type takes.
    fn bytes(&self, _ty: &str, _field: &str) -> u64 {
        FEW
    }

    /// What finding a page of a list takes.
    fn list(&self, _list: List<'_>) -> ListPrice {
        ListPrice::default()
    }
}

impl Prices for () {}

/// A connection of which a page is asked for.
#[derive(Clone, Copy)]
pub struct List<'a> {
    /// The type whose field it is.
    pub on: &'a str,
    /// Its own type.
    pub connection: &'a str,
    /// How many items the page may have.
    pub items: u64,
    pub(super) field: &'a Field,
    pub(super) variables: &'a Variables,
}

impl<'a> List<'a> {
    /// What is given as an argument.
    #[must_use]
    pub fn argument(self, name: &str) -> Option<Given<'a>> {
        Given::of(&self.field.get_argument(name)?.node, self.variables)
    }
}

/// In the coin of fields: what takes about ten microseconds is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListPrice {
    /// Finding the page.
    pub page: u64,
    /// Counting the whole list, where its count is asked for.
    pub count: u64,
}
