//! What the operations of a document ask for at their roots.

use std::collections::HashSet;

use async_graphql::{
    Name,
    parser::types::{Field, OperationType},
};

/// What all operations of a document together ask for at their roots, their fragments unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// The names of the fields.
    pub fields: HashSet<Name>,
    /// Whether all operations are queries.
    pub are_queries: bool,
    /// Whether an operation asks for the same object twice.
    pub has_repeated_object: bool,
}

impl Default for Roots {
    /// Of no operation yet.
    fn default() -> Self {
        Self { fields: HashSet::new(), are_queries: true, has_repeated_object: false }
    }
}

impl Roots {
    /// Adds an operation.
    pub(crate) fn add<'a>(&mut self, ty: OperationType, fields: impl Iterator<Item = &'a Field>) {
        self.are_queries &= ty == OperationType::Query;
        let mut keys = HashSet::new();
        for field in fields {
            let is_new = keys.insert(&field.response_key().node);
            self.has_repeated_object |= !is_new && !field.selection_set.node.items.is_empty();
            self.fields.insert(field.name.node.clone());
        }
    }
}
