//! Types that a document names are those of the schema (GraphQL, September 2025, §5.5.1.2 and §5.8.2). The executor finds those of
//! fragments, too, but not what may have been meant.

use async_graphql::{Name, Pos, Positioned, parser::types::TypeCondition};

use crate::{error::RequestError, schema_metadata::SchemaMetadata, suggestion::did_you_mean};

/// Looks at the type that a fragment is on.
pub(in crate::validation) fn check(
    schema: &SchemaMetadata,
    condition: &Positioned<TypeCondition>,
) -> Option<RequestError> {
    let on = &condition.node.on;
    schema.ty(&on.node).is_none().then(|| error(schema, &on.node, on.pos))
}

/// What is said of a type that is not there.
pub(in crate::validation) fn error(schema: &SchemaMetadata, name: &Name, pos: Pos) -> RequestError {
    let hint = did_you_mean(name, schema.type_names());
    RequestError::validation(format!("Unknown type \"{name}\".{hint}"), pos)
}
