//! A variable is defined once (GraphQL, September 2025, §5.8.1).

use std::collections::HashSet;

use async_graphql::{Name, Positioned, parser::types::VariableDefinition};

use crate::error::RequestError;

/// The variables of one operation that have been there.
#[derive(Default)]
pub(in crate::validation) struct Seen<'a>(HashSet<&'a Name>);

impl<'a> Seen<'a> {
    /// The error of a definition whose name has been there.
    pub(in crate::validation) fn check(
        &mut self,
        definition: &'a Positioned<VariableDefinition>,
    ) -> Option<RequestError> {
        let name = &definition.node.name.node;
        let is_new = self.0.insert(name);
        let message = || format!("There can be only one variable named \"${name}\".");
        (!is_new).then(|| RequestError::validation(message(), definition.pos))
    }
}
