//! An argument is given once (GraphQL, September 2025, §5.4.2). The executor does not see those that are variables left out.

use std::collections::HashSet;

use async_graphql::{Name, Positioned};

use crate::error::RequestError;

/// The names that have been there, of one field or directive.
#[derive(Default)]
pub(in crate::validation) struct Seen<'a>(HashSet<&'a Name>);

impl<'a> Seen<'a> {
    /// The error of a name that has been there.
    pub(in crate::validation) fn check(&mut self, name: &'a Positioned<Name>) -> Option<RequestError> {
        let is_new = self.0.insert(&name.node);
        let message = || format!("There can be only one argument named \"{}\".", name.node);
        (!is_new).then(|| RequestError::validation(message(), name.pos))
    }
}
