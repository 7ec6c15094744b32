//! Validation (GraphQL, September 2025, §5) of what the executor's own validation lets pass (measured: async-graphql 8.0.0-rc.5):
//!
//! - anything hung onto `__typename`: arguments, selections, directives that do not exist or lack theirs;
//! - directives on variable definitions;
//! - arguments that do not exist or are given twice, where they are variables left out:
//!   [`executor`](crate::executor) takes these away before it looks;
//! - fields, types and directives that do not exist, where it does not say what may have been meant;
//! - values that do not fit their places;
//! - variables defined twice, or of types that do not exist, and variables in places their type does not allow, for the
//!   places that have a default;
//! - fields that share a key and differ, in different selection sets;
//! - fields of input objects given twice;
//! - subscriptions of several fields.
//!
//! What the executor finds is left to it.

mod rules;
mod walk;

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, OperationDefinition, VariableDefinition},
};

pub(crate) use self::rules::{
    overlapping_fields_can_be_merged::check_merging, unique_input_field_names::check_unique_input_fields,
};
use self::{
    rules::{
        no_undefined_variables, single_field_subscriptions, unique_variable_names,
        values_of_correct_type::{Location, Values},
        variables_are_input_types, variables_in_allowed_position,
    },
    walk::{Uses, Walk},
};
use crate::{
    error::RequestError,
    limits::{fragments, operations},
    schema_metadata::SchemaMetadata,
};

/// What is found out about a document.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) errors: Vec<RequestError>,
    /// Variables that can be null and stand where null cannot, but where there is a default (§5.8.5): with null for a value,
    /// it is the field that fails (§6.4.1). Only of fields that cannot be null: the executor would take what is around the
    /// others with them.
    pub(crate) null_fails_the_field: HashSet<Name>,
}

/// Looks at a document that has passed the limits.
pub(crate) fn validate(schema: &SchemaMetadata, document: &ExecutableDocument) -> Verdict {
    let mut verdict = Verdict::default();
    let mut null_fails_more = HashSet::new();
    let fragments: HashMap<&str, Uses<'_>> = fragments(document)
        .into_iter()
        .map(|(name, fragment)| {
            let on = &fragment.node.type_condition.node.on.node;
            let mut walk = Walk::new(schema);
            walk.directives(&fragment.node.directives);
            walk.type_condition(Some(&fragment.node.type_condition));
            walk.set(&fragment.node.selection_set.node, on);
            (name.as_str(), walk.end(&mut verdict.errors))
        })
        .collect();
    for operation in operations(document) {
        verdict.errors.extend(single_field_subscriptions::check(document, operation));
        let operation = &operation.node;
        check_definitions(schema, operation, &mut verdict.errors);
        let mut walk = Walk::new(schema);
        walk.directives(&operation.directives);
        for definition in &operation.variable_definitions {
            walk.variable_directives(&definition.node.directives);
        }
        walk.set(&operation.selection_set.node, schema.root(operation.ty));
        let uses = walk.end(&mut verdict.errors);
        check_uses(operation, &uses, &fragments, &mut verdict, &mut null_fails_more);
    }
    verdict.null_fails_the_field.retain(|name| !null_fails_more.contains(name));
    verdict
}

/// Looks at the definitions of an operation's variables.
fn check_definitions(schema: &SchemaMetadata, operation: &OperationDefinition, errors: &mut Vec<RequestError>) {
    let mut names = unique_variable_names::Seen::default();
    for definition in &operation.variable_definitions {
        errors.extend(names.check(definition));
        match variables_are_input_types::check(schema, definition) {
            Err(error) => errors.push(error),
            Ok(()) => {
                if let Some(default) = &definition.node.default_value {
                    let value = default.node.clone().into_value();
                    let mut values = Values::new(schema);
                    values.value(&definition.node.var_type.node, &value, Location::at(default.pos));
                    errors.append(&mut values.errors);
                }
            }
        }
    }
}

/// Compares each variable with the places it is used in, those of the fragments the operation reaches included. Those whose being
/// null takes more than a field that cannot be null go to `null_fails_more`: see [`Verdict`].
fn check_uses<'a>(
    operation: &OperationDefinition,
    uses: &Uses<'a>,
    fragments: &HashMap<&'a str, Uses<'a>>,
    verdict: &mut Verdict,
    null_fails_more: &mut HashSet<&'a Name>,
) {
    let definitions: HashMap<&Name, &VariableDefinition> = operation
        .variable_definitions
        .iter()
        .map(|definition| (&definition.node.name.node, &definition.node))
        .collect();
    let mut seen = HashSet::new();
    let mut next = vec![uses];
    while let Some(uses) = next.pop() {
        next.extend(uses.fragments.iter().filter(|name| seen.insert(**name)).filter_map(|name| fragments.get(name)));
        for usage in &uses.variables {
            let Some(definition) = definitions.get(usage.variable) else {
                verdict.errors.extend(no_undefined_variables::check(usage));
                continue;
            };
            if let Some(error) = variables_in_allowed_position::check(definition, usage) {
                verdict.errors.push(error);
            } else if definition.var_type.node.nullable && usage.takes_no_null() {
                if usage.location.is_of_non_null_field {
                    verdict.null_fails_the_field.insert(usage.variable.clone());
                } else {
                    null_fails_more.insert(usage.variable);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
