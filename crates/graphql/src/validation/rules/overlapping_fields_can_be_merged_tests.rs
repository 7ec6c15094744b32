use async_graphql::parser::parse_query;

use super::*;

const SDL: &str = "
    schema { query: Query }
    type Query { a(n: Int): A! p: P u: U }
    interface P { name: String! p: P }
    type A implements P { name: String! kind: String! size: Int a(n: Int): A! p: P list: [A!]! }
    type B implements P { name: String! kind: Int! size: Int! a: A! p: P list: A! }
    union U = A | B
";

fn reason(text: &str) -> Option<String> {
    let rejection = check_merging(&SchemaMetadata::read(SDL, &(), &()).unwrap(), &parse_query(text).unwrap()).err()?;
    let message = rejection.errors[0].message.clone();
    let reason = message
        .split(" because ")
        .nth(1)
        .map_or(message.clone(), |rest| rest.split(". Use").next().unwrap().to_owned());
    Some(reason)
}

fn merges(text: &str) {
    assert_eq!(reason(text), None, "{text}");
}

fn conflicts(text: &str, expected: &str) {
    assert_eq!(reason(text).as_deref(), Some(expected), "{text}");
}

#[test]
fn the_same_field_may_be_asked_for_twice() {
    merges("{a{name} a{name kind}}");
    merges("{a(n:1){name} a(n:1){name}}");
    merges("query($n:Int){a(n:$n){name} ...F} fragment F on Query{a(n:$n){kind}}");
    merges("{p{...on A{x:name} ...on B{x:name}}}");
    merges("{p{...on A{x:name} ...on B{x:p{name}}}} ".replace("x:p{name}", "y:p{name}").as_str());
}

#[test]
fn different_fields_under_one_key_conflict_at_every_level() {
    conflicts("{a{x:name x:kind}}", "\"name\" and \"kind\" are different fields");
    conflicts("{a{x:name} a{x:kind}}", "\"name\" and \"kind\" are different fields");
    conflicts(
        "{a{a{x:name}} ...F} fragment F on Query{a{...on A{a{x:kind}}}}",
        "\"name\" and \"kind\" are different fields",
    );
    conflicts("{a(n:1){name} a(n:2){name}}", "they have differing arguments");
    conflicts("{a{a(n:1){name}} a{a{name}}}", "they have differing arguments");
    conflicts("{p{x:name ...on A{x:kind}}}", "\"name\" and \"kind\" are different fields");
    conflicts("{p{p{x:name} ...on A{p{...on A{x:kind}}}}}", "\"name\" and \"kind\" are different fields");
}

#[test]
fn objects_that_exclude_one_another_may_differ_but_not_in_shape() {
    merges("{u{...on A{x:name} ...on B{x:name}}}");
    merges("{u{...on A{x:kind} ...on B{x:name}}}");
    merges("{u{...on A{x:a{name}} ...on B{x:p{name}}}}".replace("x:p", "x:a").as_str());
    conflicts("{u{...on A{kind} ...on B{kind}}}", "they return conflicting types \"String!\" and \"Int!\"");
    conflicts("{u{...on A{size} ...on B{size}}}", "they return conflicting types \"Int\" and \"Int!\"");
    conflicts("{u{...on A{list{name}} ...on B{list{name}}}}", "they return conflicting types \"[A!]!\" and \"A!\"");
    conflicts(
        "{u{...on A{x:a{y:name}} ...on B{x:a{y:size}}}}",
        "they return conflicting types \"String!\" and \"Int\"",
    );
}

#[test]
fn what_could_be_merged_in_too_many_ways_is_given_up() {
    // At each level, the fields of the interface stand beside those of two objects.
    let mut text = String::from("{p{name}}");
    for _ in 0..18 {
        text = text.replace("p{name}", "p{name p{name} ...on A{p{name}} ...on B{p{name}}}");
        if text.len() > 100_000 {
            break;
        }
    }
    let rejection =
        check_merging(&SchemaMetadata::read(SDL, &(), &()).unwrap(), &parse_query(text).unwrap()).unwrap_err();
    assert_eq!(rejection.errors[0].code, RequestErrorCode::ExpansionTooLarge);
}
