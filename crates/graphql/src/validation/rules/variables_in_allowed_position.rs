//! Variables fit where they are used (GraphQL, September 2025, §5.8.5). The executor refuses too much where there is a default,
//! which [`executor`](crate::executor) mends, and so what is too little there is found here.

use async_graphql::parser::types::{BaseType, Type, VariableDefinition};
use async_graphql_value::ConstValue;

use super::values_of_correct_type::VariableUsage;
use crate::{error::RequestError, schema_metadata::named};

/// Compares a variable with a place it is used in.
pub(in crate::validation) fn check(definition: &VariableDefinition, usage: &VariableUsage<'_>) -> Option<RequestError> {
    if is_usage_allowed(definition, usage) {
        return None;
    }
    let expected = if usage.location.is_one_of {
        named(&usage.ty.base.to_string(), false).to_string()
    } else {
        usage.ty.to_string()
    };
    let message = format!(
        "Variable \"${}\" of type \"{}\" used in position expecting type \"{expected}\".",
        usage.variable, definition.var_type.node,
    );
    Some(RequestError::validation(message, usage.location.pos))
}

/// `IsVariableUsageAllowed` of the specification.
fn is_usage_allowed(definition: &VariableDefinition, usage: &VariableUsage<'_>) -> bool {
    let variable = &definition.var_type.node;
    if variable.nullable && usage.takes_no_null() {
        let has_default = definition.default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
        let nullable = Type { nullable: true, ..usage.ty.clone() };
        return (has_default || usage.location.has_default) && are_compatible(variable, &nullable);
    }
    are_compatible(variable, &usage.ty)
}

/// `AreTypesCompatible` of the specification.
fn are_compatible(variable: &Type, location: &Type) -> bool {
    if variable.nullable && !location.nullable {
        return false;
    }
    match (&variable.base, &location.base) {
        (BaseType::List(variable), BaseType::List(location)) => are_compatible(variable, location),
        (BaseType::Named(variable), BaseType::Named(location)) => variable == location,
        _ => false,
    }
}
