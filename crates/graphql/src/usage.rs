//! The variables of operations: how they are defined, and whether they fit where they are used (GraphQL, September 2025, §5.8).

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name,
    parser::types::{BaseType, OperationDefinition, Type, VariableDefinition},
};
use async_graphql_value::ConstValue;

use super::{
    check::{Uses, Verdict},
    error::RequestError,
    literal::{Literals, Place, Use},
    shape::{Shape, TypeShape, innermost, named},
};

/// Finds what is wrong with the definitions of an operation's variables. Types that are none make the executor panic.
pub(super) fn check_definitions(shape: &Shape, operation: &OperationDefinition, problems: &mut Vec<RequestError>) {
    let mut names = HashSet::new();
    for definition in &operation.variable_definitions {
        let pos = definition.pos;
        let definition = &definition.node;
        let name = &definition.name.node;
        if !names.insert(name) {
            problems.push(RequestError::validation(format!("There can be only one variable named \"${name}\"."), pos));
        }
        let ty = &definition.var_type.node;
        match shape.ty(innermost(ty)) {
            None => {
                problems.push(RequestError::validation(format!("Unknown type \"{}\".", innermost(ty)), pos));
            }
            Some(TypeShape::Composite { .. }) => {
                let message = format!("Variable \"${name}\" cannot be of the type \"{ty}\", which is none of inputs.");
                problems.push(RequestError::validation(message, pos));
            }
            Some(TypeShape::Scalar | TypeShape::Enum(_) | TypeShape::Input { .. }) => {
                if let Some(default) = &definition.default_value {
                    let value = default.node.clone().into_value();
                    let mut literals = Literals::new(shape);
                    literals.value(ty, &value, Place::at(default.pos));
                    problems.append(&mut literals.problems);
                }
            }
        }
    }
}

/// Compares each variable with the places it is used in, those of the fragments the operation reaches included. Those that are
/// not to be fragile anywhere are the `rigid` ones: see [`Verdict`].
pub(super) fn check_uses<'a>(
    operation: &OperationDefinition,
    uses: &Uses<'a>,
    fragments: &HashMap<&'a str, Uses<'a>>,
    verdict: &mut Verdict,
    rigid: &mut HashSet<&'a Name>,
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
        for used in &uses.variables {
            match definitions.get(used.variable) {
                Some(definition) if !fits(definition, used) => {
                    let expected = if used.place.one_of {
                        named(&used.ty.base.to_string(), false).to_string()
                    } else {
                        used.ty.to_string()
                    };
                    let message = format!(
                        "Variable \"${}\" of type \"{}\" used in position expecting type \"{expected}\".",
                        used.variable, definition.var_type.node,
                    );
                    verdict.problems.push(RequestError::validation(message, used.place.pos));
                }
                Some(definition) if definition.var_type.node.nullable && used.takes_no_null() => {
                    if used.place.of_non_null {
                        verdict.fragile.insert(used.variable.clone());
                    } else {
                        rigid.insert(used.variable);
                    }
                }
                // Validation finds this wherever it looks.
                None if used.place.unvisited => {
                    let message = format!("Variable \"${}\" is not defined.", used.variable);
                    verdict.problems.push(RequestError::validation(message, used.place.pos));
                }
                _ => {}
            }
        }
    }
}

/// `IsVariableUsageAllowed` of the specification (§5.8.5).
fn fits(definition: &VariableDefinition, used: &Use<'_>) -> bool {
    let variable = &definition.var_type.node;
    if variable.nullable && used.takes_no_null() {
        let given = definition.default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
        return (given || used.place.has_default) && compatible(variable, &Type { nullable: true, ..used.ty.clone() });
    }
    compatible(variable, &used.ty)
}

fn compatible(variable: &Type, place: &Type) -> bool {
    if variable.nullable && !place.nullable {
        return false;
    }
    match (&variable.base, &place.base) {
        (BaseType::List(variable), BaseType::List(place)) => compatible(variable, place),
        (BaseType::Named(variable), BaseType::Named(place)) => variable == place,
        _ => false,
    }
}
