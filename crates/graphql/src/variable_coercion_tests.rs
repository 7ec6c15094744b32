use async_graphql::parser::parse_query;
use serde_json::json;

use super::*;
use crate::scalars::tests::Days;

const SDL: &str = "
    schema { query: Query }
    type Query { a: Int }
    input By @oneOf { id: ID slug: String }
    input Filter { order: Order min: Int! = 3 max: Int! any: [By!] }
    enum Order { NEW OLD }
    scalar Date
    scalar Any
";

fn run(definition: &str, given: Json) -> Result<Coerced, String> {
    let document = parse_query(format!("query({definition}){{a}}")).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let Json::Object(given) = given else { panic!("an object") };
    coerce(&SchemaMetadata::read(SDL, &Days, &()).unwrap(), &operation.node, given).map_err(|rejection| {
        assert_eq!(rejection.errors[0].code, RequestErrorCode::BadUserInput);
        rejection.errors[0].message.clone()
    })
}

fn fits(definition: &str, given: Json, becomes: &Json) {
    let coerced = run(definition, given).unwrap();
    assert_eq!(coerced.variables.into_value().into_json().unwrap(), *becomes, "{definition}");
}

fn misfits(definition: &str, given: Json, message: &str) {
    assert_eq!(run(definition, given).unwrap_err(), message);
}

#[test]
fn values_that_fit_are_taken() {
    fits("$a:Int $b:Float", json!({"a": 1.0, "b": 1}), &json!({"a": 1, "b": 1}));
    fits("$a:ID! $b:ID!", json!({"a": 1, "b": "x"}), &json!({"a": "1", "b": "x"}));
    fits("$a:ID!", json!({"a": u64::MAX}), &json!({"a": u64::MAX.to_string()}));
    fits("$a:ID!", json!({"a": 1e20}), &json!({"a": "100000000000000000000"}));
    fits("$a:[[Int!]!]", json!({"a": [[1], 2]}), &json!({"a": [[1], 2]}));
    fits("$a:Order $b:Any", json!({"a": "NEW", "b": {"any": 1}}), &json!({"a": "NEW", "b": {"any": 1}}));
    fits("$a:Filter", json!({"a": {"max": 1, "any": [{"id": 1}]}}), &json!({"a": {"max": 1, "any": [{"id": "1"}]}}));
    fits("$a:Int", json!({"a": null, "unknown": 1}), &json!({"a": null}));
    fits("$a:Nothing", json!({"a": 1}), &json!({"a": 1}));
}

#[test]
fn scalars_of_the_schema_are_read() {
    fits("$a:[Date!]", json!({"a": ["2021-03-02"]}), &json!({"a": ["2021-03-02"]}));
    misfits(
        "$a:[Date!]",
        json!({"a": ["2021-02-30"]}),
        "Variable \"$a\" got an invalid value at \"a[0]\": expected a day of the calendar.",
    );
    misfits("$a:Date", json!({"a": 5}), "Variable \"$a\" got an invalid value: expected a day of the calendar.");
}

#[test]
fn defaults_are_filled_in_and_what_is_omitted_is_named() {
    fits("$a:Int=5 $b:Order=NEW", json!({}), &json!({"a": 5, "b": "NEW"}));
    assert_eq!(run("$a:Int $b:Int", json!({"b": 1})).unwrap().omitted, [Name::new("a")]);
}

#[test]
fn values_that_do_not_fit_are_named_with_their_place() {
    misfits("$a:Int!", json!({}), "Variable \"$a\" of required type \"Int!\" was not provided.");
    misfits("$a:Int!", json!({"a": null}), "Variable \"$a\" got an invalid value: \"Int!\" must not be null.");
    misfits(
        "$a:Int",
        json!({"a": "1"}),
        "Variable \"$a\" got an invalid value: expected a whole number of 32 bits, found a string.",
    );
    misfits(
        "$a:Int",
        json!({"a": 3_000_000_000_u64}),
        "Variable \"$a\" got an invalid value: expected a whole number of 32 bits, found a whole number.",
    );
    misfits(
        "$a:Int",
        json!({"a": 1.5}),
        "Variable \"$a\" got an invalid value: expected a whole number of 32 bits, found a number with a fraction or an exponent, or one too large to be read exactly.",
    );
    misfits(
        "$a:Boolean",
        json!({"a": 1}),
        "Variable \"$a\" got an invalid value: expected true or false, found a whole number.",
    );
    misfits(
        "$a:ID",
        json!({"a": 1.5}),
        "Variable \"$a\" got an invalid value: expected a string or a whole number, found a number with a fraction or an exponent, or one too large to be read exactly.",
    );
    misfits(
        "$a:Order",
        json!({"a": "X"}),
        "Variable \"$a\" got an invalid value: no such value in the enum \"Order\".",
    );
    misfits(
        "$a:[Int!]",
        json!({"a": [1, null]}),
        "Variable \"$a\" got an invalid value at \"a[1]\": \"Int!\" must not be null.",
    );
    misfits(
        "$a:Filter",
        json!({"a": {"max": 1, "any": [{"id": 1}, {}]}}),
        "Variable \"$a\" got an invalid value at \"a.any[1]\": exactly one field of \"By\" must be given, and must not be null.",
    );
    misfits(
        "$a:Filter",
        json!({"a": {}}),
        "Variable \"$a\" got an invalid value: field \"max\" of required type \"Int!\" was not provided.",
    );
    misfits(
        "$a:Filter",
        json!({"a": {"max": 1, "x": 1}}),
        "Variable \"$a\" got an invalid value: the type \"Filter\" has no field \"x\".",
    );
    misfits(
        "$a:Filter",
        json!({"a": {"max": 1, "oder": 1}}),
        "Variable \"$a\" got an invalid value: the type \"Filter\" has no field \"oder\". Did you mean \"order\"?",
    );
    misfits(
        "$a:Order",
        json!({"a": "NWE"}),
        "Variable \"$a\" got an invalid value: no such value in the enum \"Order\". Did you mean \"NEW\"?",
    );
    misfits(
        "$a:By",
        json!({"a": {"id": null}}),
        "Variable \"$a\" got an invalid value: exactly one field of \"By\" must be given, and must not be null.",
    );
}
