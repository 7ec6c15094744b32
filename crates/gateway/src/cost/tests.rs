//! Prices on the schema that is served.

use async_graphql::{Variables, parser::parse_query};
use courant_graphql::{Cost, Limits, RequestErrorCode, price};
use serde_json::json;

use crate::schema::metadata;

/// The price of an operation on the schema that is served.
fn served(text: &str) -> Cost {
    let schema = metadata();
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    price(&schema, &document, &operation.node, &Variables::default(), 100)
}

#[test]
fn a_body_costs_what_bodies_weigh_under_each_of_its_aliases() {
    let aliases = |count: usize| (0..count).map(|at| format!("b{at}:body{{html}}")).collect::<String>();
    let of = |count| served(&format!("{{articles(first:100){{nodes{{{}}}}}}}", aliases(count))).bytes;
    assert!(of(1) > 100 * 8_000 && of(1) < 100 * 9_000, "{}", of(1));
    assert!(of(46) > 40 * of(1));
    assert!(Limits::default().check_cost(served("{articles(first:100){nodes{body{html text}}}}")).is_ok());
    let refused = format!(
        "{{a:articles(first:100){{...F}}b:articles(first:100){{...F}}c:articles(first:100){{...F}}}}fragment F on ArticleConnection{{nodes{{{}}}}}",
        aliases(20)
    );
    let rejection = Limits::default().check_cost(served(&refused)).unwrap_err();
    assert_eq!(rejection.errors[0].code, RequestErrorCode::TooCostly);
    assert!(rejection.errors[0].message.contains("bytes"), "{}", rejection.errors[0].message);
}

#[test]
fn filters_orders_and_counts_cost_for_each_list() {
    let plain = served("{articles{nodes{id}}}").content;
    let counted = served("{articles{nodes{id} totalCount}}").content;
    let filtered =
        served("{articles(filter:{allTags:[\"a\",\"b\",\"c\"]},orderBy:VIEW_COUNT_DESC){nodes{id} totalCount}}")
            .content;
    assert!(plain + 100 <= counted && counted + 200 <= filtered, "{plain} {counted} {filtered}");
    let below = served("{categories{articles(filter:{allTags:[\"a\",\"b\"]}){totalCount}}}").content;
    assert!(below >= 5 * 200, "{below}");
}

#[test]
fn following_a_part_of_the_log_costs_what_is_passed_over() {
    let all = served("{changes(first:100){nodes{path}}}").content;
    let subjects = served("{changes(first:100,filter:{subjects:[TAG]}){nodes{path}}}").content;
    let part = served("{changes(first:100,filter:{categories:[\"politics\"]}){nodes{path}}}").content;
    assert!(subjects < all + 10 && part >= all + 1_000, "{all} {subjects} {part}");
    assert!(served("{changes(first:100){nodes{node{...on Article{body{html}}}}}}").bytes > 100 * 8_000);
}

#[test]
fn what_a_filter_holds_is_read_from_variables() {
    let schema = metadata();
    let document = parse_query("query($t:[String!],$f:ArticleFilter){a:articles(filter:{tags:$t}){nodes{id}} b:articles(filter:$f){nodes{id}}}").unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let cost = |variables: serde_json::Value| {
        price(&schema, &document, &operation.node, &Variables::from_json(variables), 100).content
    };
    let many: Vec<String> = (0..50).map(|at| format!("tag-{at}")).collect();
    assert!(cost(json!({"t": many})) > cost(json!({})) + 400);
    assert!(cost(json!({"f": {"tags": many}})) > cost(json!({})) + 400);
}
