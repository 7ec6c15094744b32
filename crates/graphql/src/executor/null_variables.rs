//! A nullable variable may stand where null cannot, but where there is a default (GraphQL, September 2025, §5.8.5); with null for
//! a value, it is the field that fails (§6.4.1). The executor refuses the whole request; so it validates the operation without
//! these nulls, runs nothing of it, and then runs it unvalidated with them.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, InlineFragment, OperationDefinition, Selection},
};
use async_graphql_value::{ConstValue, Value};

use super::chosen;
use crate::variable_coercion::Coerced;

/// What was coerced with the defaults of those variables, or without them, that are null and among the `nullable` ones; none when
/// there are none.
pub(crate) fn without_nulls(
    coerced: &Coerced,
    operation: &OperationDefinition,
    nullable: &HashSet<Name>,
) -> Option<Coerced> {
    let is_null = |name: &Name| nullable.contains(name) && coerced.variables.get(name) == Some(&ConstValue::Null);
    if nullable.is_empty() || !coerced.variables.keys().any(is_null) {
        return None;
    }
    let mut changed = Coerced { variables: coerced.variables.clone(), omitted: coerced.omitted.clone() };
    let nulls = operation.variable_definitions.iter().filter(|definition| is_null(&definition.node.name.node));
    for definition in nulls {
        let definition = &definition.node;
        let name = &definition.name.node;
        match definition.default_value.as_ref().filter(|default| default.node != ConstValue::Null) {
            Some(default) => drop(changed.variables.insert(name.clone(), default.node.clone())),
            None => {
                changed.variables.remove(name);
                changed.omitted.push(name.clone());
            }
        }
    }
    Some(changed)
}

/// Has the executor skip all that the operation asks for, once it has looked at it.
pub(super) fn skip_all(document: &mut ExecutableDocument, operation: Option<&str>) {
    let Some(operation) = chosen(document, operation) else { return };
    let pos = operation.pos;
    let set = &mut operation.node.selection_set;
    let skip = Directive {
        name: Positioned::new(Name::new("skip"), pos),
        arguments: vec![(Positioned::new(Name::new("if"), pos), Positioned::new(Value::Boolean(true), pos))],
    };
    let all = InlineFragment {
        type_condition: None,
        directives: vec![Positioned::new(skip, pos)],
        selection_set: std::mem::take(set),
    };
    set.node.items = vec![Positioned::new(Selection::InlineFragment(Positioned::new(all, pos)), pos)];
}
