//! An ID may be written as a whole number of any length (GraphQL, September 2025, §3.5.5). The executor takes those of 64 bits alone,
//! and the parser keeps no others whole; so they come as names ([`large_integer`]), and are written as strings.

use async_graphql::parser::types::ExecutableDocument;
use async_graphql_value::{ConstValue, Value};

use super::{arguments, operations_mut};
use crate::source_normalisation::large_integer;

/// Writes the large numbers of a checked document, which stand in the places of IDs alone, as strings.
pub(crate) fn write_large_ids(document: &mut ExecutableDocument) {
    arguments::change(document, &mut |arguments| arguments.iter_mut().for_each(|(_, value)| write(&mut value.node)));
    for operation in operations_mut(&mut document.operations) {
        for definition in &mut operation.node.variable_definitions {
            if let Some(default) = &mut definition.node.default_value {
                write_default(&mut default.node);
            }
        }
    }
}

fn write(value: &mut Value) {
    match value {
        Value::Enum(name) => {
            if let Some(digits) = large_integer(name) {
                *value = Value::String(digits.to_owned());
            }
        }
        Value::List(items) => items.iter_mut().for_each(write),
        Value::Object(fields) => fields.values_mut().for_each(write),
        _ => {}
    }
}

fn write_default(value: &mut ConstValue) {
    match value {
        ConstValue::Enum(name) => {
            if let Some(digits) = large_integer(name) {
                *value = ConstValue::String(digits.to_owned());
            }
        }
        ConstValue::List(items) => items.iter_mut().for_each(write_default),
        ConstValue::Object(fields) => fields.values_mut().for_each(write_default),
        _ => {}
    }
}
