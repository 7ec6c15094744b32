//! Fields of leaf types have no selections (GraphQL, September 2025, §5.3.3). The executor does not look at `__typename`.

use async_graphql::{Positioned, parser::types::Field};

use crate::error::RequestError;

/// Looks at a field `__typename`.
pub(in crate::validation) fn check_typename(field: &Positioned<Field>) -> Option<RequestError> {
    let message = "Field \"__typename\" must not have a selection since type \"String!\" has no subfields.";
    let is_leaf = field.node.selection_set.node.items.is_empty();
    (!is_leaf).then(|| RequestError::validation(message, field.pos))
}
