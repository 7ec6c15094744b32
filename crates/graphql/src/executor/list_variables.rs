//! A list that cannot be null may stand where one can (GraphQL, September 2025, §5.8.5): `$ids: [ID!]!` at `[ID!]`. The executor
//! refuses it; so the value of such a variable is written into its places.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Variables,
    parser::types::{BaseType, ExecutableDocument},
};
use async_graphql_value::Value;

use super::{arguments, chosen, drop_unused};

/// Writes the lists of an operation that cannot be null into their places, and takes out their definitions.
pub(super) fn write_in_place(document: &mut ExecutableDocument, operation: Option<&str>, variables: &Variables) {
    let lists = non_null_lists(document, operation, variables);
    if lists.is_empty() {
        return;
    }
    let mut written = HashSet::new();
    arguments::change(document, &mut |arguments| {
        arguments.iter_mut().for_each(|(_, value)| write(&mut value.node, &lists, &mut written));
    });
    drop_unused(document, written);
}

/// The values of the operation's variables that are lists and cannot be null.
fn non_null_lists(
    document: &mut ExecutableDocument,
    operation: Option<&str>,
    variables: &Variables,
) -> HashMap<Name, Value> {
    let definitions =
        chosen(document, operation).into_iter().flat_map(|operation| &operation.node.variable_definitions);
    definitions
        .filter(|definition| {
            let ty = &definition.node.var_type.node;
            !ty.nullable && matches!(ty.base, BaseType::List(_))
        })
        .filter_map(|definition| {
            let name = definition.node.name.node.clone();
            let value = variables.get(&name)?.clone().into_value();
            Some((name, value))
        })
        .collect()
}

fn write(value: &mut Value, lists: &HashMap<Name, Value>, written: &mut HashSet<Name>) {
    match value {
        Value::Variable(name) => {
            if let Some(list) = lists.get(name) {
                written.insert(name.clone());
                *value = list.clone();
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|value| write(value, lists, written)),
        Value::List(items) => items.iter_mut().for_each(|item| write(item, lists, written)),
        _ => {}
    }
}
