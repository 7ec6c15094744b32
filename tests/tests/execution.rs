//! What the GraphQL specification says of execution, and one release of the library got wrong.

use std::collections::HashSet;

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use graphql_parser::schema::{Definition, Type, TypeDefinition, parse_schema};
use serde_json::json;

#[tokio::test]
async fn keys_come_in_the_order_of_the_query_whichever_resolver_is_slow() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .query(
            "{ z: articles(first: 1) { nodes { title related(first: 1) { title } locale } }
               b: __typename
               a: categories { slug }
               m: feed(slug: \"last-news\") { items(first: 1) { nodes { title } } slug } }",
        )
        .await;
    answer.data();
    let order = [
        "\"z\":",
        "\"nodes\":",
        "\"title\":",
        "\"related\":",
        "\"locale\":",
        "\"b\":",
        "\"a\":",
        "\"m\":",
        "\"items\":",
    ];
    let mut from = 0;
    for key in order {
        let Some(at) = answer.text[from..].find(key) else { panic!("{key} is not behind the others: {}", answer.text) };
        from += at;
    }
}

#[tokio::test]
async fn a_locale_that_the_site_has_not_nulls_its_own_field() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let editor = portal.as_role(Role::Admin).await;
    let reference = portal.store.reference();
    let feed = reference.feeds()[0].id;
    let tag = reference.tags()[0].id;
    let person = reference.persons()[0].id;
    let category = reference.categories.by_path("sport").unwrap().id;
    let answer = editor
        .query(&format!(
            "query {{
                editorial {{
                    feed(id: \"{feed}\") {{ slug readerFeed(locale: \"fr\") {{ title }} }}
                    tag(id: \"{tag}\") {{ slug readerTag(locale: \"fr\") {{ name }} }}
                    person(id: \"{person}\") {{ slug readerPerson(locale: \"fr\") {{ name }} }}
                    category(id: \"{category}\") {{ path readerCategory(locale: \"fr\") {{ title }} }}
                }}
                site {{ name(locale: \"fr\") defaultLocale ours: name(locale: \"ru\") }}
            }}"
        ))
        .await;
    let data = &answer.body["data"];
    for (noun, field) in
        [("feed", "readerFeed"), ("tag", "readerTag"), ("person", "readerPerson"), ("category", "readerCategory")]
    {
        assert_eq!(data["editorial"][noun][field], json!(null), "{}", answer.text);
        assert!(data["editorial"][noun].is_object(), "{}", answer.text);
    }
    assert_eq!((&data["site"]["name"], &data["site"]["defaultLocale"]), (&json!(null), &json!("en")));
    assert!(data["site"]["ours"].is_string(), "{}", answer.text);
    let errors = answer.body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 5, "{}", answer.text);
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "UNKNOWN_LOCALE"), "{}", answer.text);
}

/// What is asked of one field may be wrong without the page being lost: but for what can only be right, and for the roots of
/// subscriptions and changes, which are all that is asked.
#[test]
fn a_field_whose_arguments_can_be_refused_can_be_null() {
    let sdl = courant_gateway::sdl();
    let document = parse_schema::<String>(&sdl).unwrap();
    let (mut harmless, mut fields) = (HashSet::from(["Boolean".to_owned(), "Date".to_owned()]), Vec::new());
    for definition in document.definitions {
        match definition {
            Definition::TypeDefinition(TypeDefinition::Enum(words)) => drop(harmless.insert(words.name)),
            Definition::TypeDefinition(TypeDefinition::Object(object)) if !ROOTS.contains(&object.name.as_str()) => {
                fields.extend(object.fields.into_iter().map(|field| (object.name.clone(), field)));
            }
            Definition::TypeDefinition(TypeDefinition::Interface(interface)) => {
                fields.extend(interface.fields.into_iter().map(|field| (interface.name.clone(), field)));
            }
            _ => {}
        }
    }
    let (mut taking_locales, mut wrong) = (0, Vec::new());
    for (on, field) in &fields {
        let types: Vec<&str> = field.arguments.iter().map(|argument| innermost(&argument.value_type)).collect();
        taking_locales += usize::from(types.contains(&"Locale"));
        if types.iter().any(|ty| !harmless.contains(*ty)) && matches!(field.field_type, Type::NonNullType(_)) {
            wrong.push(format!("{on}.{}: {}", field.name, field.field_type));
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(taking_locales >= 25, "{taking_locales} fields take a locale");
}

const ROOTS: [&str; 2] = ["Mutation", "Subscription"];

fn innermost<'a>(ty: &'a Type<'_, String>) -> &'a str {
    match ty {
        Type::NamedType(name) => name,
        Type::ListType(of) | Type::NonNullType(of) => innermost(of),
    }
}

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_by_itself() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal.query("{ site { defaultLocale description(locale: \"fr\") } feeds { slug } }").await;
    assert_eq!(answer.body["data"]["site"], json!({ "defaultLocale": "en", "description": null }));
    assert_eq!(answer.code(), "UNKNOWN_LOCALE");
}

#[tokio::test]
async fn skip_and_include_and_variables_left_out() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .post(&json!({
            "query": "query ($no: Boolean!, $first: Int, $order: PublicationOrder) {
                articles(first: $first, orderBy: $order) { nodes { title @skip(if: $no) slug @include(if: $no) } }
            }",
            "variables": { "no": false }
        }))
        .await;
    let nodes = &answer.data()["articles"]["nodes"];
    assert_eq!(nodes.as_array().map(Vec::len), Some(20), "the default page");
    assert!(nodes[0]["title"].is_string() && nodes[0].get("slug").is_none());
}

#[tokio::test]
async fn a_list_that_cannot_be_null_stands_where_one_can() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .post(&json!({
            "query": "query ($tags: [String!]!, $genres: [Genre!]!, $ids: [ID!]!) {
                articles(filter: { tags: $tags, genres: $genres }) { totalCount }
                category(by: { path: \"economy\" }) { related(first: 1, excluding: $ids) { title } }
                nodes(ids: $ids) { id }
            }",
            "variables": { "tags": ["budget", "gas"], "genres": ["NEWS", "ANALYSIS"], "ids": [] }
        }))
        .await;
    assert!(answer.data()["articles"]["totalCount"].as_u64().is_some_and(|count| count > 2), "{}", answer.text);
}

/// PostgreSQL's texts cannot hold the character, and a dump with it could not be restored there.
#[apply(both_databases)]
#[tokio::test]
async fn the_character_nul_is_refused_wherever_a_text_stands(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let query = "query ($slug: String! = \"x\") { article(by: { slug: $slug }) { title } }";
    for body in [
        json!({ "query": query, "variables": { "slug": "a\u{0}" } }),
        json!({ "query": "{ article(by: { slug: \"a\\u0000\" }) { title } }" }),
        json!({ "query": query.replace("\"x\"", "\"a\\u0000\"") }),
        json!({ "query": "{ decrees(filter: { number: \"a\\u0000\" }) { nodes { title } } }" }),
        json!({ "query": "{ articles(filter: { tags: [\"a\\u0000\"] }) { nodes { title } } }" }),
    ] {
        let answer = portal.post(&body).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{dialect:?}: {body}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_asked_for_twice_comes_as_if_asked_for_once(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    for (field, selection, fragments) in [
        (
            "articles(first: 40, locale: \"tk\")",
            "nodes { __typename id title type: __typename locale tags { name }
                    category { path title related(first: 2) { title } } }",
            "",
        ),
        (
            "feed(slug: \"last-news\")",
            "items(first: 10) { totalCount pageInfo { endCursor } edges { cursor node {
                    __typename title ... on Decree { number status } ... on Article { genre authors { name } }
                    ... on Node { id } ... { path } } } }",
            "",
        ),
        (
            "decrees(first: 30)",
            "nodes { ...act relations { kind decree { ...act } } }",
            "fragment act on Decree { number ...common }
                 fragment common on Publication { title summary withdrawal { notice } breadcrumbs { title path } }",
        ),
        ("categories", "title children { title parent { title } }", ""),
    ] {
        let once = portal.query(&format!("{{ it: {field} {{ {selection} }} }} {fragments}")).await;
        let twice = format!("{{ it: {field} {{ {selection} {selection} }} }} {fragments}");
        let twice = portal.query(&twice).await;
        once.data();
        assert_eq!(once.text, twice.text, "{dialect:?} {field}");
    }
}

#[tokio::test]
async fn a_fragment_on_a_union_applies_to_its_members() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let answer = portal
        .query("{ articles(first: 1) { nodes { ... on Route { ... on Article { slug } ... on Decree { number } } } } }")
        .await;
    let node = &answer.data()["articles"]["nodes"][0];
    assert!(node["slug"].is_string() && node.get("number").is_none(), "{}", answer.text);

    // However the object was come by, and however often it is asked for.
    let sport = portal.query("{ category(by: { path: \"sport\" }) { id path } }").await;
    let sport = &sport.data()["category"];
    let (path, parent) =
        ("fragment F on Category { path }", "fragment G on Category { ... on Route { ...F } parent { slug } }");
    for query in [
        format!("{{ it: node(id: {}) {{ ... on Route {{ ... on Category {{ path }} }} }} }}", sport["id"]),
        format!("{{ it: route(path: {}) {{ ... on Node {{ ... on Route {{ ...F }} }} }} }} {path}", sport["path"]),
        format!("{{ it: category(by: {{ path: \"sport\" }}) {{ ...G parent {{ id }} }} }} {path} {parent}"),
        format!("{{ it: category(by: {{ path: \"sport\" }}) {{ parent {{ id }} ...G ...G }} }} {path} {parent}"),
    ] {
        let answer = portal.query(&query).await;
        assert_eq!(answer.data()["it"]["path"], sport["path"], "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_error_names_its_whole_path() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    for (query, path) in [
        ("{ d: decrees(first: 2) { nodes { a: related(first: -1) { title } title } } }", json!(["d", "nodes", 0, "a"])),
        ("{ x: categories { y: articles(after: \"zz\") { totalCount } } }", json!(["x", 0, "y"])),
        (
            "{ decrees(first: 1) { edges { node { c: coverage(first: -1) { totalCount } } } } }",
            json!(["decrees", "edges", 0, "node", "c"]),
        ),
        (
            "{ tags(first: 1) { edges { node { articles(last: -1) { totalCount } } } } }",
            json!(["tags", "edges", 0, "node", "articles"]),
        ),
        ("{ feeds { items(first: -1) { totalCount } } }", json!(["feeds", 0, "items"])),
    ] {
        let answer = portal.query(query).await;
        assert_eq!(answer.body["errors"][0]["path"], path, "{query}: {}", answer.text);
    }
}
