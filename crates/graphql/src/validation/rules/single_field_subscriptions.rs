//! A subscription has exactly one field at its root, which is none of the introspection and is not left out by a directive
//! (GraphQL, September 2025, §5.2.4.1). The executor has no such rule.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{Directive, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
};

use crate::error::RequestError;

/// Looks at one operation.
pub(in crate::validation) fn check(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
) -> Option<RequestError> {
    if operation.node.ty != OperationType::Subscription {
        return None;
    }
    let mut root = Root { document, keys: HashSet::new(), spread: HashSet::new() };
    if let Err(error) = root.collect(&operation.node.selection_set.node) {
        return Some(error);
    }
    let message = "A subscription must have exactly one field at its root.";
    (root.keys.len() != 1).then(|| RequestError::validation(message, operation.pos))
}

/// `CollectSubscriptionFields` of the specification.
struct Root<'a> {
    document: &'a ExecutableDocument,
    /// The keys of the answer.
    keys: HashSet<&'a str>,
    spread: HashSet<&'a str>,
}

impl<'a> Root<'a> {
    fn collect(&mut self, set: &'a SelectionSet) -> Result<(), RequestError> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    is_always_there(&field.node.directives)?;
                    if field.node.name.node.starts_with("__") {
                        let message = "A subscription must not have a field of the introspection at its root.";
                        return Err(RequestError::validation(message, field.pos));
                    }
                    self.keys.insert(&field.node.response_key().node);
                }
                Selection::InlineFragment(inline) => {
                    is_always_there(&inline.node.directives)?;
                    self.collect(&inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    is_always_there(&spread.node.directives)?;
                    let name = spread.node.fragment_name.node.as_str();
                    if self.spread.insert(name)
                        && let Some(fragment) = self.document.fragments.get(name)
                    {
                        self.collect(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn is_always_there(directives: &[Positioned<Directive>]) -> Result<(), RequestError> {
    match directives.iter().find(|directive| matches!(directive.node.name.node.as_str(), "skip" | "include")) {
        None => Ok(()),
        Some(directive) => {
            let message = "A subscription must not have @skip or @include at its root.";
            Err(RequestError::validation(message, directive.pos))
        }
    }
}
