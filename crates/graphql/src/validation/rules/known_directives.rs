//! Directives exist, and stand where they may (GraphQL, September 2025, §5.7.1 and §5.7.2). The executor does not look at those on
//! `__typename` and on definitions of variables.

use async_graphql::{Positioned, parser::types::Directive};

use crate::{error::RequestError, schema_metadata::SchemaMetadata};

/// Where a directive stands that the executor does not look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::validation) enum On {
    Field,
    VariableDefinition,
}

/// Looks at one directive.
pub(in crate::validation) fn check(
    schema: &SchemaMetadata,
    directive: &Positioned<Directive>,
    on: On,
    errors: &mut Vec<RequestError>,
) {
    let name = &directive.node.name.node;
    let Some(found) = schema.directives.get(name) else {
        errors.push(RequestError::validation(format!("Unknown directive \"@{name}\"."), directive.pos));
        return;
    };
    let (is_allowed, places) = match on {
        On::Field => (found.on_fields, "fields"),
        On::VariableDefinition => (found.on_variables, "variable definitions"),
    };
    if !is_allowed {
        let message = format!("Directive \"@{name}\" may not be used on {places}.");
        errors.push(RequestError::validation(message, directive.pos));
    }
}
