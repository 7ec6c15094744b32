//! Every argument of a document.

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::operations_mut;

/// The arguments of a field.
pub(super) type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// Gives the arguments of each field to be changed.
pub(super) fn change(document: &mut ExecutableDocument, change: &mut impl FnMut(&mut Arguments)) {
    for fragment in document.fragments.values_mut() {
        change_set(&mut fragment.node.selection_set.node, change);
    }
    for operation in operations_mut(&mut document.operations) {
        change_set(&mut operation.node.selection_set.node, change);
    }
}

fn change_set(set: &mut SelectionSet, change: &mut impl FnMut(&mut Arguments)) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                change(&mut field.node.arguments);
                change_set(&mut field.node.selection_set.node, change);
            }
            Selection::InlineFragment(inline) => change_set(&mut inline.node.selection_set.node, change),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Gives each variable that is used, as often as it is.
pub(super) fn for_each_variable(document: &ExecutableDocument, see: &mut impl FnMut(&Name)) {
    for fragment in document.fragments.values() {
        see_directives(&fragment.node.directives, see);
        see_set(&fragment.node.selection_set.node, see);
    }
    for (_, operation) in document.operations.iter() {
        see_directives(&operation.node.directives, see);
        see_set(&operation.node.selection_set.node, see);
    }
}

fn see_set(set: &SelectionSet, see: &mut impl FnMut(&Name)) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                see_arguments(&field.node.arguments, see);
                see_directives(&field.node.directives, see);
                see_set(&field.node.selection_set.node, see);
            }
            Selection::InlineFragment(inline) => {
                see_directives(&inline.node.directives, see);
                see_set(&inline.node.selection_set.node, see);
            }
            Selection::FragmentSpread(spread) => see_directives(&spread.node.directives, see),
        }
    }
}

fn see_directives(directives: &[Positioned<Directive>], see: &mut impl FnMut(&Name)) {
    directives.iter().for_each(|directive| see_arguments(&directive.node.arguments, see));
}

fn see_arguments(arguments: &Arguments, see: &mut impl FnMut(&Name)) {
    arguments.iter().for_each(|(_, value)| see_value(&value.node, see));
}

fn see_value(value: &Value, see: &mut impl FnMut(&Name)) {
    match value {
        Value::Variable(name) => see(name),
        Value::List(items) => items.iter().for_each(|item| see_value(item, see)),
        Value::Object(fields) => fields.values().for_each(|value| see_value(value, see)),
        _ => {}
    }
}
