use async_graphql::parser::parse_query;
use serde_json::json;

use super::*;

/// Counting takes a hundred, and finding a page nothing.
#[derive(Debug)]
struct Counting;

impl Prices for Counting {
    fn list(&self, _: List<'_>) -> ListPrice {
        ListPrice { page: 0, count: 100 }
    }
}

const SDL: &str = "
    schema { query: Query }
    type Query { articles(first: Int, last: Int): ArticleConnection! category: Category feed: [Publication!]! nodes(ids: [ID!]!): [Node]! }
    interface Node { id: ID! }
    interface Publication { title: String! related(first: Int = 7): [Publication!]! }
    type Article { title: String! related(first: Int = 7): [Publication!]! tags: [String!]! body(of: String): String! }
    type ArticleConnection { edges: [ArticleEdge!]! nodes: [Article!]! totalCount: Int! }
    type ArticleEdge { node: Article! cursor: String! }
    type Category { articles(first: Int, last: Int): ArticleConnection! title: String! }
";

fn check(text: &str, variables: serde_json::Value, content: u64) {
    let schema = SchemaMetadata::read(SDL, &(), &Counting).unwrap();
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let cost = price(&schema, &document, &operation.node, &Variables::from_json(variables), 100);
    assert_eq!(cost.content, content, "{text}");
}

#[test]
fn a_page_counts_its_fields_once_for_each_item() {
    check("{articles(first:10){nodes{title}}}", json!({}), 1 + 1 + 10);
    check("{articles(last:10){edges{node{title} cursor} totalCount}}", json!({}), 1 + 1 + 10 * 3 + 1 + 100);
    check("{articles{nodes{title}}}", json!({}), 1 + 1 + 20);
    check("{category{articles(first:10){nodes{related(first:5){title}}}}}", json!({}), 1 + 1 + 1 + 10 * (1 + 5));
}

#[test]
fn the_size_of_a_page_is_taken_from_variables_and_defaults() {
    let query = "query($n:Int){articles(first:$n){nodes{title}}}";
    check(query, json!({"n": 50}), 52);
    check(query, json!({}), 22);
    check("{feed{related{title}}}", json!({}), 1 + 5 * (1 + 7));
}

#[test]
fn a_page_beyond_the_largest_counts_as_the_largest_for_it_is_refused() {
    check("{articles(first:1000000){nodes{title}}}", json!({}), 102);
    check("{articles(first:-1){nodes{title}}}", json!({}), 3);
}

#[test]
fn ids_count_as_many_items_as_are_named() {
    check("query($ids:[ID!]!){nodes(ids:$ids){id}}", json!({"ids": ["a", "b", "c"]}), 4);
    check(r#"{nodes(ids:["a","b"]){id}}"#, json!({}), 3);
}

#[test]
fn interfaces_and_fragments_count_like_the_fields_they_hold() {
    check("{feed{...on Article{tags related(first:3){...on Article{title}}}}}", json!({}), 1 + 5 * (1 + 1 + 3));
    let query = "{articles(first:10){...C} category{articles(first:2){...C}}} fragment C on ArticleConnection{nodes{...A}} \
                 fragment A on Article{title related(first:5){title}}";
    check(query, json!({}), 1 + 1 + 10 * 7 + 1 + 1 + 1 + 2 * 7);
}

#[test]
fn large_arguments_cost_for_each_field_that_takes_them() {
    let query = "query($of:String){articles(first:10){nodes{body(of:$of)}}}";
    check(query, json!({"of": "x".repeat(10 * 1_024)}), 1 + 1 + 10 * 11);
}

#[test]
fn nesting_pages_multiplies() {
    let query = "{articles(first:100){nodes{related(first:100){related(first:100){title}}}}}";
    check(query, json!({}), 1 + 1 + 100 * (1 + 100 * (1 + 100)));
}

#[test]
fn introspection_is_counted_apart() {
    let schema = SchemaMetadata::read(SDL, &(), &Counting).unwrap();
    let text =
        "{__schema{types{name fields{args{name type{ofType{name}}}}}} __type(name:\"A\"){fields{name}} feed{title}}";
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let cost = price(&schema, &document, &operation.node, &Variables::default(), 100);
    assert_eq!((cost.content, cost.introspection), (1 + 1 + 1 + 5, 5 * (1 + 5 * (1 + 5)) + 5));
}
