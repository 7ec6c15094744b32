//! Variables are of types of inputs (GraphQL, September 2025, §5.8.2), which exist (§5.8.5). Types that are none make the executor
//! panic.

use async_graphql::{Positioned, parser::types::VariableDefinition};

use super::known_type_names;
use crate::{
    error::RequestError,
    schema_metadata::{SchemaMetadata, TypeMetadata, innermost},
};

/// Looks at one definition.
///
/// # Errors
/// When its type is none, or none of inputs.
pub(in crate::validation) fn check(
    schema: &SchemaMetadata,
    definition: &Positioned<VariableDefinition>,
) -> Result<(), RequestError> {
    let (pos, name, ty) = (definition.pos, &definition.node.name.node, &definition.node.var_type.node);
    match schema.ty(innermost(ty)) {
        None => Err(known_type_names::error(schema, innermost(ty), pos)),
        Some(TypeMetadata::Composite { .. }) => {
            let message = format!("Variable \"${name}\" cannot be of the type \"{ty}\", which is none of inputs.");
            Err(RequestError::validation(message, pos))
        }
        Some(TypeMetadata::Scalar | TypeMetadata::Enum(_) | TypeMetadata::Input { .. }) => Ok(()),
    }
}
