//! One walk over a definition, with the types of what is in it.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, Field, Selection, SelectionSet, TypeCondition},
};
use async_graphql_value::Value;

use super::rules::{
    fields_on_correct_type, known_argument_names,
    known_directives::{self, On},
    known_type_names, provided_required_arguments, scalar_leafs, unique_argument_names,
    values_of_correct_type::{Location, Values, VariableUsage},
};
use crate::{
    error::RequestError,
    schema_metadata::{InputMetadata, SchemaMetadata, innermost},
};

/// What one definition uses.
pub(super) struct Uses<'a> {
    pub(super) variables: Vec<VariableUsage<'a>>,
    pub(super) fragments: Vec<&'a str>,
}

pub(super) struct Walk<'s, 'a> {
    values: Values<'s, 'a>,
    fragments: Vec<&'a str>,
}

impl<'s, 'a> Walk<'s, 'a> {
    pub(super) const fn new(schema: &'s SchemaMetadata) -> Self {
        Self { values: Values::new(schema), fragments: Vec::new() }
    }

    pub(super) fn end(mut self, errors: &mut Vec<RequestError>) -> Uses<'a> {
        errors.append(&mut self.values.errors);
        Uses { variables: self.values.usages, fragments: self.fragments }
    }

    const fn schema(&self) -> &'s SchemaMetadata {
        self.values.schema
    }

    /// The selections on a type; on none, when it is not known.
    pub(super) fn set(&mut self, set: &'a SelectionSet, on: &str) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if field.node.name.node == "__typename" => self.typename(field),
                Selection::Field(field) => {
                    let found = self.schema().field(on, &field.node.name.node);
                    if found.is_none() {
                        self.values.errors.extend(fields_on_correct_type::check(self.schema(), field, on));
                    }
                    if let Some(found) = found {
                        let owner = || format!("field \"{}\" of type \"{on}\"", field.node.name.node);
                        let location = Location { is_of_non_null_field: !found.ty.nullable, ..Location::at(field.pos) };
                        self.arguments(&found.arguments, &field.node.arguments, owner, location);
                    }
                    self.directives(&field.node.directives);
                    self.set(&field.node.selection_set.node, found.map_or("", |found| innermost(&found.ty)));
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives);
                    self.type_condition(inline.node.type_condition.as_ref());
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

    /// The type that a fragment is on, if it says so.
    pub(super) fn type_condition(&mut self, condition: Option<&Positioned<TypeCondition>>) {
        let schema = self.schema();
        self.values.errors.extend(condition.and_then(|condition| known_type_names::check(schema, condition)));
    }

    fn typename(&mut self, field: &'a Positioned<Field>) {
        let owner = || "field \"__typename\"".to_owned();
        self.arguments(&HashMap::new(), &field.node.arguments, owner, Location::at(field.pos));
        self.values.errors.extend(scalar_leafs::check_typename(field));
        for directive in &field.node.directives {
            self.unseen_directive(directive, On::Field);
        }
    }

    /// The directives on the definition of a variable.
    pub(super) fn variable_directives(&mut self, directives: &'a [Positioned<Directive>]) {
        for directive in directives {
            self.unseen_directive(directive, On::VariableDefinition);
        }
    }

    /// A directive that the executor does not see.
    fn unseen_directive(&mut self, directive: &'a Positioned<Directive>, on: On) {
        known_directives::check(self.schema(), directive, on, &mut self.values.errors);
        provided_required_arguments::check(self.schema(), directive, &mut self.values.errors);
        self.directive(directive, true);
    }

    /// Directives that the executor sees.
    pub(super) fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        for directive in directives {
            self.values.errors.extend(known_directives::check_name(self.schema(), directive));
            self.directive(directive, false);
        }
    }

    fn directive(&mut self, directive: &'a Positioned<Directive>, is_unseen: bool) {
        let directive = &directive.node;
        if let Some(found) = self.schema().directives.get(&directive.name.node) {
            let owner = || format!("directive \"@{}\"", directive.name.node);
            let location = Location { is_unseen, ..Location::at(directive.name.pos) };
            self.arguments(&found.arguments, &directive.arguments, owner, location);
        }
    }

    fn arguments(
        &mut self,
        known: &HashMap<Name, InputMetadata>,
        arguments: &'a [(Positioned<Name>, Positioned<Value>)],
        owner: impl Fn() -> String,
        location: Location,
    ) {
        let mut names = unique_argument_names::Seen::default();
        for (name, value) in arguments {
            self.values.errors.extend(names.check(name));
            match known.get(&name.node) {
                Some(input) => {
                    let has_default = input.default.is_some();
                    self.values.value(&input.ty, &value.node, Location { has_default, pos: value.pos, ..location });
                }
                None => self.values.errors.push(known_argument_names::error(name, &owner(), known)),
            }
        }
    }
}
