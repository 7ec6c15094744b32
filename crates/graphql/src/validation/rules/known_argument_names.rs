//! Arguments are those of their field or directive (GraphQL, September 2025, §5.4.1). The executor does not see those that are
//! variables left out, nor what hangs on `__typename`.

use std::collections::HashMap;

use async_graphql::{Name, Positioned};

use crate::{error::RequestError, schema_metadata::InputMetadata, suggestion::did_you_mean};

/// The error of an argument that `owner` does not have: a field, or a directive.
pub(in crate::validation) fn error(
    name: &Positioned<Name>,
    owner: &str,
    known: &HashMap<Name, InputMetadata>,
) -> RequestError {
    let hint = did_you_mean(&name.node, known.keys().map(AsRef::as_ref));
    RequestError::validation(format!("Unknown argument \"{}\" on {owner}.{hint}", name.node), name.pos)
}
