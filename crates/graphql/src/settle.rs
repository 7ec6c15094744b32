//! Mending what the executor gets wrong about variables, in its copy of the document (measured: async-graphql
//! 8.0.0-rc.5).
//!
//! - An argument given by a variable that has no value is an argument not given, so its default applies (GraphQL,
//!   September 2025, §6.4.1). The executor takes it for null.
//! - A list that cannot be null may stand where one can (§5.8.5): `$ids: [ID!]!` at `[ID!]`. The executor refuses it, so
//!   such a variable's value is written into its places.
//! - A nullable variable may stand where a non-null type has a default (§5.8.5). The executor refuses it, so a variable that
//!   has a value is declared as one that cannot be null, and without its default.
//! - A variable may be used in a directive on `__typename` alone (§5.8.4), where the executor does not look and says that it is
//!   not used; so such directives go to a fragment around it.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Variables,
    parser::types::{
        BaseType, Directive, DocumentOperations, ExecutableDocument, InlineFragment, OperationDefinition, Selection,
        SelectionSet,
    },
};
use async_graphql_value::{ConstValue, Value};

/// Moves the directives on `__typename` to fragments around it, for all runs of a checked document.
pub(super) fn enclose_typenames(document: &mut ExecutableDocument) {
    for operation in operations_mut(&mut document.operations) {
        enclose(&mut operation.node.selection_set.node);
    }
    for fragment in document.fragments.values_mut() {
        enclose(&mut fragment.node.selection_set.node);
    }
}

fn enclose(set: &mut SelectionSet) {
    for selection in &mut set.items {
        let pos = selection.pos;
        match &mut selection.node {
            Selection::Field(field) if field.node.name.node == "__typename" && !field.node.directives.is_empty() => {
                let directives = std::mem::take(&mut field.node.directives);
                let items = vec![Positioned::new(Selection::Field(field.clone()), pos)];
                let selection_set = Positioned::new(SelectionSet { items }, pos);
                let around = InlineFragment { type_condition: None, directives, selection_set };
                selection.node = Selection::InlineFragment(Positioned::new(around, pos));
            }
            Selection::Field(field) => enclose(&mut field.node.selection_set.node),
            Selection::InlineFragment(inline) => enclose(&mut inline.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Rewrites a checked document for one run of the operation of this name.
pub fn settle(document: &mut ExecutableDocument, operation: Option<&str>, variables: &Variables, omitted: &[Name]) {
    let lists = non_null_lists(document, operation, variables);
    if !omitted.is_empty() || !lists.is_empty() {
        put_in_place(document, omitted, &lists);
    }
    for definition in
        chosen(document, operation).into_iter().flat_map(|operation| &mut operation.node.variable_definitions)
    {
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

/// Has the executor leave out all that the operation asks for, once it has looked at it.
pub fn leave_out(document: &mut ExecutableDocument, operation: Option<&str>) {
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

/// The operation of this name, or the only one.
fn chosen<'a>(
    document: &'a mut ExecutableDocument,
    operation: Option<&str>,
) -> Option<&'a mut Positioned<OperationDefinition>> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => match operation {
            Some(name) => operations.get_mut(name),
            None => operations.values_mut().next(),
        },
    }
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

/// Takes out the arguments that are omitted variables, writes lists into their places, and takes out the
/// definitions of variables that are then nowhere used.
fn put_in_place(document: &mut ExecutableDocument, omitted: &[Name], lists: &HashMap<Name, Value>) {
    let mut pass = Pass { omitted, lists, removed: HashSet::new(), kept: HashSet::new() };
    for fragment in document.fragments.values_mut() {
        pass.directives(&fragment.node.directives);
        pass.set(&mut fragment.node.selection_set.node);
    }
    let mut operations = operations_mut(&mut document.operations);
    for operation in &mut operations {
        pass.directives(&operation.node.directives);
        pass.set(&mut operation.node.selection_set.node);
    }
    for operation in operations {
        operation.node.variable_definitions.retain(|definition| {
            let name = &definition.node.name.node;
            !pass.removed.contains(name) || pass.kept.contains(name)
        });
    }
}

fn operations_mut(operations: &mut DocumentOperations) -> Vec<&mut Positioned<OperationDefinition>> {
    match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    }
}

struct Pass<'a> {
    omitted: &'a [Name],
    lists: &'a HashMap<Name, Value>,
    removed: HashSet<Name>,
    kept: HashSet<Name>,
}

impl Pass<'_> {
    fn set(&mut self, set: &mut SelectionSet) {
        for selection in &mut set.items {
            match &mut selection.node {
                Selection::Field(field) => {
                    let field = &mut field.node;
                    field.arguments.retain_mut(|(_, value)| self.keeps(&mut value.node));
                    self.directives(&field.directives);
                    self.set(&mut field.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives);
                    self.set(&mut inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.node.directives),
            }
        }
    }

    fn keeps(&mut self, value: &mut Value) -> bool {
        if let Value::Variable(name) = value
            && let Some(list) = self.lists.get(name)
        {
            self.removed.insert(name.clone());
            *value = list.clone();
            return true;
        }
        match value {
            Value::Variable(name) if self.omitted.contains(name) => {
                self.removed.insert(name.clone());
                return false;
            }
            Value::Object(fields) => fields.retain(|_, value| self.keeps(value)),
            // An item cannot be left out; an omitted one is null (§3.10).
            Value::List(items) => {
                for item in items {
                    match item {
                        Value::Variable(name) if !self.lists.contains_key(name) => {
                            self.kept.insert(name.clone());
                        }
                        item => {
                            self.keeps(item);
                        }
                    }
                }
            }
            _ => {}
        }
        true
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for (_, value) in directives.iter().flat_map(|directive| &directive.node.arguments) {
            self.note(&value.node);
        }
    }

    fn note(&mut self, value: &Value) {
        match value {
            Value::Variable(name) => {
                self.kept.insert(name.clone());
            }
            Value::List(items) => items.iter().for_each(|item| self.note(item)),
            Value::Object(fields) => fields.values().for_each(|value| self.note(value)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn settled(text: &str, variables: serde_json::Value, omitted: &[&str]) -> ExecutableDocument {
        let mut document = parse_query(text).unwrap();
        let omitted: Vec<Name> = omitted.iter().map(Name::new).collect();
        settle(&mut document, None, &Variables::from_json(variables), &omitted);
        document
    }

    fn arguments(document: &ExecutableDocument) -> (Vec<String>, Vec<String>) {
        let (_, operation) = document.operations.iter().next().unwrap();
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { panic!("a field") };
        let arguments = field.node.arguments.iter().map(|(name, value)| format!("{}:{}", name.node, value.node));
        let definitions = operation.node.variable_definitions.iter();
        let definitions =
            definitions.map(|definition| format!("{}:{}", definition.node.name.node, definition.node.var_type.node));
        (arguments.collect(), definitions.collect())
    }

    #[test]
    fn an_argument_without_a_value_is_left_out_with_its_variable() {
        let document = settled("query($a:Int $b:Int){f(a:$a b:$b c:{d:$a e:1} g:[$b])}", json!({}), &["a", "b"]);
        let (arguments, definitions) = arguments(&document);
        assert_eq!(arguments, ["c:{e: 1}", "g:[$b]"]);
        assert_eq!(definitions, ["b:Int"]);
    }

    #[test]
    fn a_list_that_cannot_be_null_is_written_into_its_places() {
        let text = "query($ids:[ID!]! $tags:[String!]){f(a:$ids b:{c:$ids} d:$tags)}";
        let document = settled(text, json!({ "ids": ["x", "y"], "tags": ["t"] }), &[]);
        let (arguments, definitions) = arguments(&document);
        assert_eq!(arguments, ["a:[\"x\", \"y\"]", "b:{c: [\"x\", \"y\"]}", "d:$tags"]);
        assert_eq!(definitions, ["tags:[String!]"]);
    }

    #[test]
    fn a_variable_that_nothing_used_stays_for_validation_to_find() {
        let document = settled("query($a:Int){f}", json!({}), &["a"]);
        assert_eq!(arguments(&document).1, ["a:Int"]);
    }

    #[test]
    fn a_variable_with_a_value_fits_where_none_may_be_missing() {
        let document =
            settled("query($a:Int $b:Int $c:[Int]){f(a:$a b:$b c:$c)}", json!({"a": 1, "b": null, "c": [1]}), &[]);
        assert_eq!(arguments(&document).1, ["a:Int!", "b:Int", "c:[Int]"]);
    }
}
