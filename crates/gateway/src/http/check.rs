//! What the executor's validation passes over, measured against async-graphql 8.0.0-rc.5:
//!
//! - anything hung onto `__typename`: arguments, selections, directives that do not exist or lack theirs;
//! - directives on variable definitions;
//! - strings where the value of an enum belongs (GraphQL, September 2025, §3.9.1);
//! - variables in places their type does not allow, for the places that have a default: there it refuses too
//!   much, which the stage `settle` mends, and so what is too little is found here (§5.8.5, `@oneOf` included).
//!
//! What it does find is left to it.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
        VariableDefinition,
    },
};
use async_graphql_value::{ConstValue, Value};

use super::{
    limits::{fragments, operations},
    refusal::Problem,
    shape::{InputShape, Shape, TypeShape, named},
    variables::NUL,
};
use crate::error::ErrorCode;

/// Finds what is wrong with a document that has passed the limits.
pub(super) fn check(shape: &Shape, document: &ExecutableDocument) -> Vec<Problem> {
    let mut problems = Vec::new();
    let fragments: HashMap<&str, Uses<'_>> = fragments(document)
        .into_iter()
        .map(|(name, fragment)| {
            let on = &fragment.node.type_condition.node.on.node;
            (name.as_str(), Uses::of(shape, &fragment.node.selection_set.node, on, &mut problems))
        })
        .collect();
    for operation in operations(document) {
        let operation = &operation.node;
        for definition in &operation.variable_definitions {
            for directive in &definition.node.directives {
                check_directive(shape, directive, Place::Variable, &mut problems);
            }
        }
        let uses = Uses::of(shape, &operation.selection_set.node, shape.root(operation.ty), &mut problems);
        check_variables(operation, &uses, &fragments, &mut problems);
    }
    problems
}

/// A variable in a place of a known type.
struct Use<'a> {
    variable: &'a Name,
    ty: Type,
    has_default: bool,
    one_of: bool,
    /// Whether the executor's validation does not come here at all.
    unvisited: bool,
    pos: Pos,
}

/// What one definition uses.
#[derive(Default)]
struct Uses<'a> {
    variables: Vec<Use<'a>>,
    fragments: Vec<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Field,
    Variable,
}

impl<'a> Uses<'a> {
    fn of(shape: &Shape, set: &'a SelectionSet, on: &str, problems: &mut Vec<Problem>) -> Self {
        let mut uses = Self::default();
        uses.set(shape, set, on, problems);
        uses
    }

    fn set(&mut self, shape: &Shape, set: &'a SelectionSet, on: &str, problems: &mut Vec<Problem>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if field.node.name.node == "__typename" => {
                    self.typename(shape, field, problems);
                }
                Selection::Field(field) => {
                    let found = shape.field(on, &field.node.name.node);
                    if let Some(found) = found {
                        self.arguments(shape, &found.arguments, &field.node.arguments, false, problems);
                    }
                    self.directives(shape, &field.node.directives, problems);
                    let below = found.map_or("", |found| super::shape::innermost(&found.ty));
                    self.set(shape, &field.node.selection_set.node, below, problems);
                }
                Selection::InlineFragment(inline) => {
                    self.directives(shape, &inline.node.directives, problems);
                    let on = inline.node.type_condition.as_ref().map_or(on, |condition| &condition.node.on.node);
                    self.set(shape, &inline.node.selection_set.node, on, problems);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(shape, &spread.node.directives, problems);
                    self.fragments.push(&spread.node.fragment_name.node);
                }
            }
        }
    }

    fn typename(&mut self, shape: &Shape, field: &'a Positioned<Field>, problems: &mut Vec<Problem>) {
        for (name, _) in &field.node.arguments {
            let message = format!("Unknown argument \"{}\" on field \"__typename\".", name.node);
            problems.push(Problem::validation(message, name.pos));
        }
        if !field.node.selection_set.node.items.is_empty() {
            let message = "Field \"__typename\" must not have a selection since type \"String!\" has no subfields.";
            problems.push(Problem::validation(message, field.pos));
        }
        for directive in &field.node.directives {
            check_directive(shape, directive, Place::Field, problems);
            if let Some(found) = shape.directives.get(&directive.node.name.node) {
                self.arguments(shape, &found.arguments, &directive.node.arguments, true, problems);
            }
        }
    }

    fn directives(&mut self, shape: &Shape, directives: &'a [Positioned<Directive>], problems: &mut Vec<Problem>) {
        for directive in directives {
            if let Some(found) = shape.directives.get(&directive.node.name.node) {
                self.arguments(shape, &found.arguments, &directive.node.arguments, false, problems);
            }
        }
    }

    fn arguments(
        &mut self,
        shape: &Shape,
        known: &HashMap<Name, InputShape>,
        arguments: &'a [(Positioned<Name>, Positioned<Value>)],
        unvisited: bool,
        problems: &mut Vec<Problem>,
    ) {
        for (name, value) in arguments {
            if let Some(input) = known.get(&name.node) {
                let place = InPlace { has_default: input.default.is_some(), one_of: false, unvisited, pos: value.pos };
                self.value(shape, &input.ty, &value.node, place, problems);
            }
        }
    }

    fn value(&mut self, shape: &Shape, ty: &Type, value: &'a Value, place: InPlace, problems: &mut Vec<Problem>) {
        let InPlace { has_default, one_of, unvisited, pos } = place;
        let inner = InPlace { has_default: false, one_of: false, ..place };
        match (value, &ty.base) {
            (Value::Variable(variable), _) => {
                self.variables.push(Use { variable, ty: ty.clone(), has_default, one_of, unvisited, pos });
            }
            (Value::List(items), BaseType::List(of)) => {
                items.iter().for_each(|item| self.value(shape, of, item, inner, problems));
            }
            (value, BaseType::List(of)) => self.value(shape, of, value, inner, problems),
            (value, BaseType::Named(name)) if unvisited && name == "Boolean" && !matches!(value, Value::Boolean(_)) => {
                problems.push(Problem::validation("Boolean cannot represent a non-boolean value.", pos));
            }
            (Value::Object(values), BaseType::Named(name)) => {
                if let Some(TypeShape::Input { one_of, fields }) = shape.ty(name) {
                    for (name, value) in values {
                        if let Some(input) = fields.get(name) {
                            let place = InPlace { has_default: input.default.is_some(), one_of: *one_of, ..inner };
                            self.value(shape, &input.ty, value, place, problems);
                        }
                    }
                }
            }
            (Value::String(text), _) if text.contains('\0') => {
                problems.push(Problem::new(ErrorCode::BadUserInput, NUL).at(pos));
            }
            (Value::String(text), BaseType::Named(name)) => {
                if let Some(TypeShape::Enum(values)) = shape.ty(name) {
                    let known = values.iter().any(|value| value == text);
                    let hint = if known { format!(" Write {text} without quotes.") } else { String::new() };
                    let message = format!("Enum \"{name}\" cannot represent a string.{hint}");
                    problems.push(Problem::validation(message, pos));
                }
            }
            _ => {}
        }
    }
}

#[derive(Clone, Copy)]
struct InPlace {
    has_default: bool,
    one_of: bool,
    unvisited: bool,
    pos: Pos,
}

fn check_directive(shape: &Shape, directive: &Positioned<Directive>, place: Place, problems: &mut Vec<Problem>) {
    let name = &directive.node.name.node;
    let Some(found) = shape.directives.get(name) else {
        problems.push(Problem::validation(format!("Unknown directive \"@{name}\"."), directive.pos));
        return;
    };
    let (allowed, place) = match place {
        Place::Field => (found.on_fields, "fields"),
        Place::Variable => (found.on_variables, "variable definitions"),
    };
    if !allowed {
        problems.push(Problem::validation(format!("Directive \"@{name}\" may not be used on {place}."), directive.pos));
    }
    for (argument, _) in &directive.node.arguments {
        if !found.arguments.contains_key(&argument.node) {
            let message = format!("Unknown argument \"{}\" on directive \"@{name}\".", argument.node);
            problems.push(Problem::validation(message, argument.pos));
        }
    }
    for (argument, input) in &found.arguments {
        if !input.ty.nullable && input.default.is_none() && directive.node.get_argument(argument).is_none() {
            let message = format!("Directive \"@{name}\" argument \"{argument}\" is required but not provided.");
            problems.push(Problem::validation(message, directive.pos));
        }
    }
}

/// Compares each variable with the places it is used in, those of the fragments the operation reaches included.
fn check_variables<'a>(
    operation: &OperationDefinition,
    uses: &Uses<'a>,
    fragments: &HashMap<&'a str, Uses<'a>>,
    problems: &mut Vec<Problem>,
) {
    let definitions: HashMap<&str, &VariableDefinition> = operation
        .variable_definitions
        .iter()
        .map(|definition| (definition.node.name.node.as_str(), &definition.node))
        .collect();
    for definition in definitions.values() {
        if definition.default_value.as_ref().is_some_and(|default| holds_nul(&default.node)) {
            problems.push(Problem::new(ErrorCode::BadUserInput, NUL).at(definition.name.pos));
        }
    }
    let mut seen = HashSet::new();
    let mut next = vec![uses];
    while let Some(uses) = next.pop() {
        next.extend(uses.fragments.iter().filter(|name| seen.insert(**name)).filter_map(|name| fragments.get(name)));
        for used in &uses.variables {
            match definitions.get(used.variable.as_str()) {
                Some(definition) if !fits(definition, used) => {
                    let expected = if used.one_of {
                        named(&used.ty.base.to_string(), false).to_string()
                    } else {
                        used.ty.to_string()
                    };
                    let message = format!(
                        "Variable \"${}\" of type \"{}\" used in position expecting type \"{expected}\".",
                        used.variable, definition.var_type.node,
                    );
                    problems.push(Problem::validation(message, used.pos));
                }
                // Validation finds this wherever it looks.
                None if used.unvisited => {
                    let message = format!("Variable \"${}\" is not defined.", used.variable);
                    problems.push(Problem::validation(message, used.pos));
                }
                _ => {}
            }
        }
    }
}

fn holds_nul(value: &ConstValue) -> bool {
    match value {
        ConstValue::String(text) => text.contains('\0'),
        ConstValue::List(items) => items.iter().any(holds_nul),
        ConstValue::Object(fields) => fields.values().any(holds_nul),
        _ => false,
    }
}

/// `IsVariableUsageAllowed` of the specification (September 2025, §5.8.5).
fn fits(definition: &VariableDefinition, used: &Use<'_>) -> bool {
    let variable = &definition.var_type.node;
    if variable.nullable && (used.one_of || !used.ty.nullable) {
        let given = definition.default_value.as_ref().is_some_and(|value| value.node != async_graphql::Value::Null);
        return (given || used.has_default) && compatible(variable, &Type { nullable: true, ..used.ty.clone() });
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

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
