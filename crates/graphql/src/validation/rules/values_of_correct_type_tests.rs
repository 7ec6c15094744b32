use async_graphql::parser::{
    parse_query,
    types::{ExecutableDocument, Selection},
};

use super::*;
use crate::scalars::tests::Days;

const SDL: &str = "
    schema { query: Query }
    type Query { a: Int }
    input By @oneOf { id: ID slug: String }
    input Filter { order: Order min: Int! = 3 max: Int! any: [By!] since: Date }
    enum Order { NEW OLD }
    scalar Date scalar Any
";

fn check(ty: &str, value: &str, messages: &[&str]) {
    let schema = SchemaMetadata::read(SDL, &Days, &()).unwrap();
    let document: ExecutableDocument = parse_query(format!("{{a(x:{value})}}")).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { panic!("a field") };
    let mut values = Values::new(&schema);
    values.value(&Type::new(ty).unwrap(), &field.node.arguments[0].1.node, Location::at(Pos { line: 1, column: 1 }));
    let found: Vec<_> = values.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(found, messages, "{ty} {value}");
}

fn fits(ty: &str, values: &[&str]) {
    values.iter().for_each(|value| check(ty, value, &[]));
}

fn misfits(ty: &str, values: &[&str], message: &str) {
    values.iter().for_each(|value| check(ty, value, &[message]));
}

#[test]
fn the_scalars_of_the_specification() {
    fits("Int", &["0", "-2147483648", "2147483647", "null", "$x"]);
    misfits(
        "Int",
        &["2147483648", "-2147483649", "1.0", "\"1\"", "true", "NEW", "[1]", "{a:1}"],
        "Int cannot represent this value: expected a whole number of 32 bits.",
    );
    fits("Float", &["0", "1.5", "3000000000"]);
    misfits("Float", &["\"1\""], "Float cannot represent this value: expected a number.");
    fits("String", &["\"\"", "\"\"\"x\"\"\""]);
    misfits("String", &["1", "NEW"], "String cannot represent this value: expected a string.");
    fits("Boolean", &["true"]);
    misfits("Boolean", &["0", "\"true\""], "Boolean cannot represent this value: expected true or false.");
    fits("ID", &["1", "\"x\"", "18446744073709551615"]);
    misfits("ID", &["1.5", "NEW", "true"], "ID cannot represent this value: expected a string or a whole number.");
}

#[test]
fn the_scalars_of_the_schema() {
    fits("Date", &["\"2024-02-29\""]);
    let message = "Date cannot represent this value: expected a day of the calendar.";
    misfits("[Date!]!", &["\"2021-02-30\"", "20210302", "[\"soon\"]", "{day:$x}"], message);
    check("Filter", "{max:1 since:\"\"}", &[message]);
    fits("Any", &["1", "\"x\"", "{a:[$x]}"]);
}

#[test]
fn lists_nulls_and_enums() {
    fits("[[Int!]!]", &["[[1] [2]]", "1", "[1]", "null"]);
    misfits("[Int!]", &["[null]"], "Expected a value of type \"Int!\", found null.");
    misfits("[Int!]!", &["null"], "Expected a value of type \"[Int!]!\", found null.");
    fits("Order", &["NEW"]);
    misfits("Order", &["YOUNG"], "Value \"YOUNG\" does not exist in the enum \"Order\".");
    misfits("Order", &["\"OLD\""], "Enum \"Order\" cannot represent a string. Write OLD without quotes.");
    misfits("Order", &["1", "true", "{a:1}"], "Expected a value of the enum \"Order\".");
}

#[test]
fn input_objects() {
    fits("Filter", &["{max:1}", "{max:1 order:null any:[{id:1} {slug:\"a\"}]}", "{max:$x any:{id:$x}}"]);
    misfits("Filter", &["1", "[{max:1}]", "\"x\""], "Expected an object of the type \"Filter\".");
    check(
        "Filter",
        "{nope:$x}",
        &[
            "Field \"Filter.max\" of required type \"Int!\" was not provided.",
            "Field \"nope\" is not defined by the type \"Filter\".",
        ],
    );
    misfits("Filter", &["{max:1 min:null}"], "Expected a value of type \"Int!\", found null.");
    let message = "Exactly one field of \"By\" must be given, and must not be null.";
    misfits("By", &["{}", "{id:1 slug:\"a\"}", "{id:null}", "{id:$x slug:$y}"], message);
}
