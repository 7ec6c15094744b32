//! A nullable variable may stand where a non-null type has a default (GraphQL, September 2025, §5.8.5). The executor refuses it;
//! so a variable that has a value is declared as one that cannot be null, and without its default.

use async_graphql::{
    Variables,
    parser::types::{BaseType, ExecutableDocument},
};
use async_graphql_value::ConstValue;

use super::chosen;

/// Declares the operation's variables that have a value as non-null ones.
pub(super) fn declare_non_null(document: &mut ExecutableDocument, operation: Option<&str>, variables: &Variables) {
    let operation = chosen(document, operation).into_iter();
    for definition in operation.flat_map(|operation| &mut operation.node.variable_definitions) {
        let definition = &mut definition.node;
        let has_value = variables.get(&definition.name.node).is_some_and(|value| *value != ConstValue::Null);
        // Not for lists, which the executor does not take as non-null in nullable places.
        if has_value && matches!(definition.var_type.node.base, BaseType::Named(_)) {
            definition.var_type.node.nullable = false;
            // The value goes before it; and null, if that is what it is, is none of the type any more.
            definition.default_value = None;
        }
    }
}
