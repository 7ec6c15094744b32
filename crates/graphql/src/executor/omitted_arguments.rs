//! An argument given by a variable that has no value is an argument not given, so its default applies (GraphQL, September 2025,
//! §6.4.1). The executor takes it for null; so it is left out of the document.

use std::collections::HashSet;

use async_graphql::{Name, parser::types::ExecutableDocument};
use async_graphql_value::Value;

use super::{arguments, drop_unused};

/// Takes out the arguments, and fields of input objects, that are these variables, and the definitions that are then not used.
pub(super) fn leave_out(document: &mut ExecutableDocument, omitted: &[Name]) {
    if omitted.is_empty() {
        return;
    }
    let mut removed = HashSet::new();
    arguments::change(document, &mut |arguments| {
        arguments.retain_mut(|(_, value)| is_given(&mut value.node, omitted, &mut removed));
    });
    drop_unused(document, removed);
}

/// Whether a value is given, without those of its fields that are not.
fn is_given(value: &mut Value, omitted: &[Name], removed: &mut HashSet<Name>) -> bool {
    match value {
        Value::Variable(name) if omitted.contains(name) => {
            removed.insert(name.clone());
            return false;
        }
        Value::Object(fields) => fields.retain(|_, value| is_given(value, omitted, removed)),
        // An item cannot be left out; an omitted one is null (§3.10).
        Value::List(items) => {
            for item in items.iter_mut().filter(|item| !matches!(item, Value::Variable(_))) {
                is_given(item, omitted, removed);
            }
        }
        _ => {}
    }
    true
}
