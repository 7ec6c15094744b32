//! Arguments that cannot be left out are given (GraphQL, September 2025, §5.4.3). The executor does not look at those of directives
//! on `__typename` and on definitions of variables.

use async_graphql::{Positioned, parser::types::Directive};

use crate::{error::RequestError, schema_metadata::SchemaMetadata};

/// Looks at one directive.
pub(in crate::validation) fn check(
    schema: &SchemaMetadata,
    directive: &Positioned<Directive>,
    errors: &mut Vec<RequestError>,
) {
    let name = &directive.node.name.node;
    let Some(found) = schema.directives.get(name) else { return };
    for (argument, input) in &found.arguments {
        if input.is_required() && directive.node.get_argument(argument).is_none() {
            let message = format!("Directive \"@{name}\" argument \"{argument}\" is required but not provided.");
            errors.push(RequestError::validation(message, directive.pos));
        }
    }
}
