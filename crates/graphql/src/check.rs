//! What the executor's validation passes over, measured against async-graphql 8.0.0-rc.5:
//!
//! - anything hung onto `__typename`: arguments, selections, directives that do not exist or lack theirs;
//! - directives on variable definitions;
//! - arguments that do not exist or are given twice, where they are variables left out: the stage `settle` takes these away
//!   before it looks;
//! - values that do not fit their places: see `literal`;
//! - variables defined twice, or of types that do not exist, and variables in places their type does not allow, for the
//!   places that have a default: there it refuses too much, which the stage `settle` mends, and so what is too little
//!   is found here: see `usage`.
//!
//! What it does find is left to it.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::{
    error::RequestError,
    limits::{fragments, operations},
    literal::{Literals, Place, Use},
    shape::{InputShape, Shape, innermost},
    usage::{check_definitions, check_uses},
};

/// What is found out about a document.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) problems: Vec<RequestError>,
    /// Variables that can be null and stand where null cannot, but where there is a default (§5.8.5): with null for a value,
    /// it is the field that fails (§6.4.1). Only of fields that cannot be null: the executor would take what is around the
    /// others with them.
    pub(super) fragile: HashSet<Name>,
}

/// Looks at a document that has passed the limits.
pub(super) fn check(shape: &Shape, document: &ExecutableDocument) -> Verdict {
    let mut verdict = Verdict::default();
    let mut rigid = HashSet::new();
    let problems = &mut verdict.problems;
    let fragments: HashMap<&str, Uses<'_>> = fragments(document)
        .into_iter()
        .map(|(name, fragment)| {
            let on = &fragment.node.type_condition.node.on.node;
            let mut walk = Walk::new(shape);
            walk.set(&fragment.node.selection_set.node, on);
            (name.as_str(), walk.end(problems))
        })
        .collect();
    for operation in operations(document) {
        let operation = &operation.node;
        check_definitions(shape, operation, &mut verdict.problems);
        let mut walk = Walk::new(shape);
        for directive in operation.variable_definitions.iter().flat_map(|definition| &definition.node.directives) {
            walk.unvisited_directive(directive, On::Variable);
        }
        walk.set(&operation.selection_set.node, shape.root(operation.ty));
        let uses = walk.end(&mut verdict.problems);
        check_uses(operation, &uses, &fragments, &mut verdict, &mut rigid);
    }
    verdict.fragile.retain(|name| !rigid.contains(name));
    verdict
}

/// What one definition uses.
pub(super) struct Uses<'a> {
    pub(super) variables: Vec<Use<'a>>,
    pub(super) fragments: Vec<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Field,
    Variable,
}

struct Walk<'s, 'a> {
    literals: Literals<'s, 'a>,
    fragments: Vec<&'a str>,
}

impl<'s, 'a> Walk<'s, 'a> {
    const fn new(shape: &'s Shape) -> Self {
        Self { literals: Literals::new(shape), fragments: Vec::new() }
    }

    fn end(mut self, problems: &mut Vec<RequestError>) -> Uses<'a> {
        problems.append(&mut self.literals.problems);
        Uses { variables: self.literals.uses, fragments: self.fragments }
    }

    const fn shape(&self) -> &'s Shape {
        self.literals.shape
    }

    fn set(&mut self, set: &'a SelectionSet, on: &str) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if field.node.name.node == "__typename" => self.typename(field),
                Selection::Field(field) => {
                    let found = self.shape().field(on, &field.node.name.node);
                    if let Some(found) = found {
                        let owner = || format!("field \"{}\" of type \"{on}\"", field.node.name.node);
                        let place = Place { of_non_null: !found.ty.nullable, ..Place::at(field.pos) };
                        self.arguments(&found.arguments, &field.node.arguments, owner, place);
                    }
                    self.directives(&field.node.directives);
                    self.set(&field.node.selection_set.node, found.map_or("", |found| innermost(&found.ty)));
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives);
                    let on = inline.node.type_condition.as_ref().map_or(on, |condition| &condition.node.on.node);
                    self.set(&inline.node.selection_set.node, on);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    self.fragments.push(&spread.node.fragment_name.node);
                }
            }
        }
    }

    fn typename(&mut self, field: &'a Positioned<Field>) {
        let owner = || "field \"__typename\"".to_owned();
        self.arguments(&HashMap::new(), &field.node.arguments, owner, Place::at(field.pos));
        if !field.node.selection_set.node.items.is_empty() {
            let message = "Field \"__typename\" must not have a selection since type \"String!\" has no subfields.";
            self.literals.wrong(message, field.pos);
        }
        for directive in &field.node.directives {
            self.unvisited_directive(directive, On::Field);
        }
    }

    fn unvisited_directive(&mut self, directive: &'a Positioned<Directive>, on: On) {
        check_directive(self.shape(), directive, on, &mut self.literals.problems);
        self.directive(directive, true);
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        directives.iter().for_each(|directive| self.directive(directive, false));
    }

    fn directive(&mut self, directive: &'a Positioned<Directive>, unvisited: bool) {
        let directive = &directive.node;
        if let Some(found) = self.shape().directives.get(&directive.name.node) {
            let owner = || format!("directive \"@{}\"", directive.name.node);
            let place = Place { unvisited, ..Place::at(directive.name.pos) };
            self.arguments(&found.arguments, &directive.arguments, owner, place);
        }
    }

    fn arguments(
        &mut self,
        known: &HashMap<Name, InputShape>,
        arguments: &'a [(Positioned<Name>, Positioned<Value>)],
        owner: impl Fn() -> String,
        place: Place,
    ) {
        let mut names = HashSet::new();
        for (name, value) in arguments {
            if !names.insert(&name.node) {
                self.literals.wrong(format!("There can be only one argument named \"{}\".", name.node), name.pos);
            }
            match known.get(&name.node) {
                Some(input) => {
                    let has_default = input.default.is_some();
                    self.literals.value(&input.ty, &value.node, Place { has_default, pos: value.pos, ..place });
                }
                None => {
                    self.literals.wrong(format!("Unknown argument \"{}\" on {}.", name.node, owner()), name.pos);
                }
            }
        }
    }
}

fn check_directive(shape: &Shape, directive: &Positioned<Directive>, on: On, problems: &mut Vec<RequestError>) {
    let name = &directive.node.name.node;
    let Some(found) = shape.directives.get(name) else {
        problems.push(RequestError::validation(format!("Unknown directive \"@{name}\"."), directive.pos));
        return;
    };
    let (allowed, place) = match on {
        On::Field => (found.on_fields, "fields"),
        On::Variable => (found.on_variables, "variable definitions"),
    };
    if !allowed {
        problems.push(RequestError::validation(
            format!("Directive \"@{name}\" may not be used on {place}."),
            directive.pos,
        ));
    }
    for (argument, input) in &found.arguments {
        if !input.ty.nullable && input.default.is_none() && directive.node.get_argument(argument).is_none() {
            let message = format!("Directive \"@{name}\" argument \"{argument}\" is required but not provided.");
            problems.push(RequestError::validation(message, directive.pos));
        }
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
