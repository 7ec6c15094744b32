//! Errors inside lists, at every depth, in lists of each sort of nullability.

use async_graphql::{
    EmptyMutation, EmptySubscription, Error, Interface, Object, Response, Schema, SimpleObject, parser::parse_query,
};
use futures_util::FutureExt;
use serde_json::{Value as Json, json};

use super::*;
use crate::schema_metadata::SchemaMetadata;

struct Query;

#[Object]
impl Query {
    async fn shelf(&self) -> Option<Shelf> {
        Some(Shelf(0))
    }
}

/// One at this depth, with others in it.
struct Shelf(u8);

#[Object]
impl Shelf {
    /// Fails on each second one.
    async fn weight(&self) -> Result<i32, Error> {
        if self.0 % 2 == 1 { Err(Error::new("there is no scale")) } else { Ok(1) }
    }

    async fn label(&self) -> Option<Result<String, Error>> {
        Some(Err(Error::new("it is torn")))
    }

    async fn shelves(&self) -> Vec<Shelf> {
        vec![Shelf(2), Shelf(4), Shelf(3)]
    }

    async fn holes(&self) -> Vec<Option<Shelf>> {
        vec![None, Some(Shelf(1)), Some(Shelf(2)), Some(Shelf(3))]
    }

    async fn rows(&self) -> Option<Vec<Vec<Shelf>>> {
        Some(vec![vec![Shelf(2)], vec![Shelf(2), Shelf(2), Shelf(5)]])
    }

    async fn things(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing::Box(Crate { shelf: Shelf(2) })), Some(Thing::Box(Crate { shelf: Shelf(1) }))]
    }

    async fn names(&self) -> Vec<Option<Result<String, Error>>> {
        vec![Some(Ok("a".to_owned())), Some(Err(Error::new("it cannot be read")))]
    }
}

#[derive(SimpleObject)]
#[graphql(name = "Box")]
struct Crate {
    shelf: Shelf,
}

#[derive(Interface)]
#[graphql(field(name = "shelf", ty = "&Shelf"))]
enum Thing {
    Box(Crate),
}

fn run(text: &str) -> Response {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(WholePaths).finish();
    let metadata = SchemaMetadata::read(&schema.sdl(), &(), &()).unwrap();
    let document = parse_query(text).unwrap();
    let mut response = schema.execute(text).now_or_never().unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    propagate_nulls(&metadata, &document, &operation.node, &mut response);
    response
}

/// The paths of the errors, each of which leads through indices where there are lists, and to null or past it.
fn paths(text: &str) -> (Json, Vec<Json>) {
    let response = run(text);
    let data = response.data.into_json().unwrap();
    let paths: Vec<Json> = response.errors.iter().map(|error| serde_json::to_value(&error.path).unwrap()).collect();
    for path in &paths {
        let mut value = &data;
        for segment in path.as_array().unwrap() {
            if value.is_null() {
                break;
            }
            let below = match segment {
                Json::String(key) => value.get(key),
                index => value.get(usize::try_from(index.as_u64().unwrap()).unwrap()),
            };
            value = below.unwrap_or_else(|| panic!("{text}: {path} leads nowhere in {data}"));
        }
        assert!(value.is_null(), "{text}: there is something at {path} in {data}");
    }
    (data, paths)
}

#[test]
fn an_error_in_a_list_names_the_item_and_the_field() {
    for (text, expected) in [
        ("{ shelf { shelves { weight } } }", json!(["shelf", "shelves", 2, "weight"])),
        ("{ s: shelf { l: shelves { w: weight } } }", json!(["s", "l", 2, "w"])),
        ("{ shelf { rows { weight } } }", json!(["shelf", "rows", 1, 2, "weight"])),
        ("{ shelf { shelves { rows { weight } } } }", json!(["shelf", "shelves", 0, "rows", 1, 2, "weight"])),
        ("{ shelf { things { shelf { weight } } } }", json!(["shelf", "things", 1, "shelf", "weight"])),
        ("{ shelf { things { ... on Box { shelf { weight } } } } }", json!(["shelf", "things", 1, "shelf", "weight"])),
        ("{ shelf { ...F } } fragment F on Shelf { shelves { weight } }", json!(["shelf", "shelves", 2, "weight"])),
        ("{ shelf { shelves { weight } shelves { weight } } }", json!(["shelf", "shelves", 2, "weight"])),
        ("{ shelf { names } }", json!(["shelf", "names", 1])),
    ] {
        assert!(paths(text).1.contains(&expected), "{text}: {:?}", paths(text));
    }
}

#[test]
fn each_item_that_can_be_null_is_null_for_its_own_error() {
    let (data, errors) = paths("{ shelf { holes { weight } } }");
    assert_eq!(data, json!({ "shelf": { "holes": [null, null, { "weight": 1 }, null] } }));
    assert_eq!(errors, [json!(["shelf", "holes", 1, "weight"]), json!(["shelf", "holes", 3, "weight"])]);
    let (data, errors) = paths("{ shelf { holes { shelves { weight } } } }");
    assert_eq!(data, json!({ "shelf": { "holes": [null, null, null, null] } }));
    let below = |index: usize| json!(["shelf", "holes", index, "shelves", 2, "weight"]);
    assert_eq!(errors, [below(1), below(2), below(3)]);
    let (_, errors) = paths("{ shelf { rows { label } } }");
    assert_eq!(errors.len(), 4, "{errors:?}");
    assert_eq!(errors[3], json!(["shelf", "rows", 1, 2, "label"]));
}
