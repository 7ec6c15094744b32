//! Directives exist, and stand where they may (GraphQL, September 2025, §5.7.1 and §5.7.2). The executor does not look at those on
//! `__typename` and on definitions of variables.

use async_graphql::{Positioned, parser::types::Directive};

use crate::{error::RequestError, schema_metadata::SchemaMetadata, suggestion::did_you_mean};

/// Where a directive stands that the executor does not look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::validation) enum On {
    Field,
    VariableDefinition,
}

/// Looks at whether a directive is there: all that is looked at where the executor looks, too, which does not say what may have been
/// meant.
pub(in crate::validation) fn check_name(
    schema: &SchemaMetadata,
    directive: &Positioned<Directive>,
) -> Option<RequestError> {
    let name = &directive.node.name.node;
    if schema.directives.contains_key(name) {
        return None;
    }
    let known: Vec<String> = schema.directives.keys().map(|known| format!("@{known}")).collect();
    let hint = did_you_mean(&format!("@{name}"), known.iter().map(String::as_str));
    Some(RequestError::validation(format!("Unknown directive \"@{name}\".{hint}"), directive.pos))
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
        errors.extend(check_name(schema, directive));
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
