//! Null where a field failed, or in the nearest place above that can be null (GraphQL, September 2025, §6.4.4).
//!
//! The executor sees to it within one selection set. When the same object is asked for twice, it resolves it twice and joins
//! the answers, and then an object that is null because one of its fields failed is lost beside its other self: `{a{x}
//! a{fails}}` gives `a` without the key `fails` (measured: async-graphql 8.0.0-rc.5). Only answers with errors are looked at.

use std::collections::HashSet;

use async_graphql::{
    PathSegment, Response, ServerError, Value,
    parser::types::{BaseType, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type},
};

use super::error_paths::restore_path;
use crate::schema_metadata::{SchemaMetadata, innermost, named};

/// Mends the answer to an operation, and the paths of its errors.
pub fn propagate_nulls(
    schema: &SchemaMetadata,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    response: &mut Response,
) {
    let Response { data, errors, .. } = response;
    for error in errors {
        restore_path(error);
        let ServerError { path, .. } = error;
        if !path.is_empty() && !is_null(data, path) {
            let root = schema.root(operation.ty);
            let sets = [(root, &operation.selection_set.node)];
            // The whole of the data can be null.
            Bubbling { schema, document }.fail(data, &named(root, true), &sets, path);
        }
    }
}

/// Whether there is null on the way, or at its end.
fn is_null(mut value: &Value, path: &[PathSegment]) -> bool {
    for segment in path {
        let below = match (value, segment) {
            (Value::Null, _) => return true,
            (Value::Object(fields), PathSegment::Field(key)) => fields.get(key.as_str()),
            (Value::List(items), PathSegment::Index(index)) => items.get(*index),
            _ => None,
        };
        match below {
            Some(below) => value = below,
            None => return false,
        }
    }
    *value == Value::Null
}

struct Bubbling<'a> {
    schema: &'a SchemaMetadata,
    document: &'a ExecutableDocument,
}

/// A selection set, and the type it is on.
type Set<'a> = (&'a str, &'a SelectionSet);

/// What became of a value something below which failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is null, or something below it is.
    Settled,
    /// It would have to be null, and cannot be.
    Failed,
}

impl<'a> Bubbling<'a> {
    fn fail(&self, value: &mut Value, ty: &Type, sets: &[Set<'a>], path: &[PathSegment]) -> Outcome {
        let below = match path.split_first() {
            None => Outcome::Failed,
            Some((segment, rest)) => match (&mut *value, segment, &ty.base) {
                (Value::Object(fields), PathSegment::Field(key), _) => match self.field(sets, key) {
                    None => Outcome::Settled,
                    Some((ty, sets)) => match fields.get_mut(key.as_str()) {
                        Some(value) => self.fail(value, ty, &sets, rest),
                        // The object it belonged to is lost, and if not because of it, then because of another.
                        None if ty.nullable => Outcome::Settled,
                        None => Outcome::Failed,
                    },
                },
                (Value::List(items), PathSegment::Index(index), BaseType::List(of)) => match items.get_mut(*index) {
                    Some(item) => self.fail(item, of, sets, rest),
                    None => Outcome::Settled,
                },
                _ => Outcome::Settled,
            },
        };
        if below == Outcome::Failed && ty.nullable {
            *value = Value::Null;
            return Outcome::Settled;
        }
        below
    }

    /// The type of the field under a key, and what is selected of it. Fields of one key are of one shape, whichever object they
    /// are asked of: see `validation`.
    fn field(&self, sets: &[Set<'a>], key: &str) -> Option<(&'a Type, Vec<Set<'a>>)> {
        let (mut ty, mut below) = (None, Vec::new());
        let (mut seen, mut next) = (HashSet::new(), sets.to_vec());
        while let Some((on, set)) = next.pop() {
            for selection in &set.items {
                match &selection.node {
                    Selection::Field(field) if field.node.response_key().node == key => {
                        if let Some(found) = self.schema.field(on, &field.node.name.node) {
                            ty = Some(&found.ty);
                            below.push((innermost(&found.ty).as_str(), &field.node.selection_set.node));
                        }
                    }
                    Selection::Field(_) => {}
                    Selection::InlineFragment(inline) => {
                        let inline = &inline.node;
                        let on = inline.type_condition.as_ref().map_or(on, |on| on.node.on.node.as_str());
                        next.push((on, &inline.selection_set.node));
                    }
                    Selection::FragmentSpread(spread) => {
                        let name = &spread.node.fragment_name.node;
                        if let Some(fragment) = self.document.fragments.get(name).filter(|_| seen.insert(name)) {
                            let on = fragment.node.type_condition.node.on.node.as_str();
                            next.push((on, &fragment.node.selection_set.node));
                        }
                    }
                }
            }
        }
        Some((ty?, below))
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    use super::*;

    const SDL: &str = "
        schema { query: Query }
        type Query { a: A b: A! u: U }
        interface P { list: [A!]! }
        type A implements P { x: Int y: Int! a: A b: A! list: [A!]! holes: [A]! }
        type B { a: A! list: [A!]! }
        union U = A | B
    ";

    fn check(text: &str, data: &Json, paths: &[Json], expected: &Json) {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let mut response = Response::new(Value::from_json(data.clone()).unwrap());
        response.errors = paths
            .iter()
            .map(|path| ServerError::new("", None).with_path(serde_json::from_value(path.clone()).unwrap()))
            .collect();
        propagate_nulls(&SchemaMetadata::read(SDL, &(), &()).unwrap(), &document, &operation.node, &mut response);
        assert_eq!(response.data.into_json().unwrap(), *expected, "{text}");
    }

    #[test]
    fn what_lacks_a_field_that_failed_is_null() {
        let error = [json!(["a", "y"])];
        check("{a{x} a{y}}", &json!({"a": {"x": 1}}), &error, &json!({"a": null}));
        check("{a{...F} ...{a{y}}} fragment F on A{x}", &json!({"a": {"x": 1}}), &error, &json!({"a": null}));
        check("{k:a{x} k:a{z:y}}", &json!({"k": {"x": 1}}), &[json!(["k", "z"])], &json!({"k": null}));
    }

    #[test]
    fn it_goes_up_to_where_null_can_be() {
        check(
            "{a{x b{x}} a{b{y}}}",
            &json!({"a": {"x": 1, "b": {"x": 1}}}),
            &[json!(["a", "b", "y"])],
            &json!({"a": null}),
        );
        check("{b{x} b{y}}", &json!({"b": {"x": 1}}), &[json!(["b", "y"])], &Json::Null);
        check(
            "{a{b{x}} a{b{a{y}}}}",
            &json!({"a": {"b": {"x": 1}}}),
            &[json!(["a", "b", "a", "y"])],
            &json!({"a": {"b": {"x": 1}}}),
        );
        let query = "{u{... on A{list{x}} ...on B{list{x}}} u{...on P{list{y}}}}";
        let data = json!({"u": {"list": [{"x": 1}, {"x": 2}]}});
        check(query, &data, &[json!(["u", "list", 1, "y"])], &json!({"u": null}));
        let data = json!({"a": {"holes": [{"x": 1}, {"x": 2}]}});
        let expected = json!({"a": {"holes": [{"x": 1}, null]}});
        check("{a{holes{x}} a{holes{y}}}", &data, &[json!(["a", "holes", 1, "y"])], &expected);
    }

    #[test]
    fn what_is_null_already_stays_as_it_is() {
        let data = json!({"a": {"x": null, "a": null}});
        let paths = [json!(["a", "x"]), json!(["a", "a", "b", "y"])];
        check("{a{x a{b{y}}}}", &data, &paths, &data);
        check("{b{y}}", &Json::Null, &[json!(["b", "y"])], &Json::Null);
        check("{a{x}}", &json!({"a": {"x": 1}}), &[json!([])], &json!({"a": {"x": 1}}));
    }
}
