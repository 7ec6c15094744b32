//! Arguments are those of their field or directive (GraphQL, September 2025, §5.4.1). The executor does not see those that are
//! variables left out, nor what hangs on `__typename`.

use async_graphql::{Name, Positioned};

use crate::error::RequestError;

/// The error of an argument that `owner` does not have: a field, or a directive.
pub(in crate::validation) fn error(name: &Positioned<Name>, owner: &str) -> RequestError {
    RequestError::validation(format!("Unknown argument \"{}\" on {owner}.", name.node), name.pos)
}
