use async_graphql::{
    Variables,
    parser::{parse_query, types::Selection},
};
use serde_json::json;

use super::*;

/// The arguments of the first field, and the definitions of the variables, of the first operation.
fn mend(text: &str, variables: serde_json::Value, omitted: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut document = parse_query(text).unwrap();
    let variables = Variables::from_json(variables);
    list_variables::write_in_place(&mut document, None, &variables);
    omitted_arguments::leave_out(&mut document, &omitted.iter().map(Name::new).collect::<Vec<_>>());
    nullable_variables::declare_non_null(&mut document, None, &variables);
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
    let (arguments, definitions) =
        mend("query($a:Int $b:Int){f(a:$a b:$b c:{d:$a e:1} g:[$b])}", json!({}), &["a", "b"]);
    assert_eq!(arguments, ["c:{e: 1}", "g:[$b]"]);
    assert_eq!(definitions, ["b:Int"]);
}

#[test]
fn a_list_that_cannot_be_null_is_written_into_its_places() {
    let text = "query($ids:[ID!]! $tags:[String!]){f(a:$ids b:{c:$ids} d:$tags)}";
    let (arguments, definitions) = mend(text, json!({ "ids": ["x", "y"], "tags": ["t"] }), &[]);
    assert_eq!(arguments, ["a:[\"x\", \"y\"]", "b:{c: [\"x\", \"y\"]}", "d:$tags"]);
    assert_eq!(definitions, ["tags:[String!]"]);
}

#[test]
fn a_variable_that_nothing_used_stays_for_validation_to_find() {
    assert_eq!(mend("query($a:Int){f}", json!({}), &["a"]).1, ["a:Int"]);
}

#[test]
fn a_variable_with_a_value_fits_where_none_may_be_missing() {
    let (_, definitions) =
        mend("query($a:Int $b:Int $c:[Int]){f(a:$a b:$b c:$c)}", json!({"a": 1, "b": null, "c": [1]}), &[]);
    assert_eq!(definitions, ["a:Int!", "b:Int", "c:[Int]"]);
}
