//! The content of GOV.UK, one of the best government publishers, fits: its content items become a dump, the dump is
//! restored, and all that a reader sees on their pages comes back out of the delivery schema.
//!
//! The files are not part of the project. Where they are not there, the test says so and is left out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod compare;
mod convert;
mod fields;
mod html;
mod item;

use std::{io::Cursor, ops::ControlFlow, path::Path};

use courant_tests::{Portal, TestDatabase, apply, both_databases};
use serde_json::{Value, json};

use self::{compare::Comparison, fields::Field, item::Item};
use courant_persistence::Dialect;

/// The content items, by the names of their files.
fn items() -> Vec<Item> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/govuk");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("left out: there is no folder {}", folder.display());
        return Vec::new();
    };
    let mut items: Vec<Item> = files.map(|file| Item::read(&file.unwrap().path())).collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    items
}

#[apply(both_databases)]
#[tokio::test]
async fn all_that_a_reader_sees_on_gov_uk_comes_back(dialect: Dialect) {
    let items = items();
    if items.is_empty() {
        return;
    }
    assert!(items.len() >= 18, "only {} items", items.len());
    let mut comparison = Comparison::default();
    for dump in convert::dumps(&items) {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        let lines = Box::new(Cursor::new(dump.lines().to_owned()));
        store.admin().restore_dump(lines, |_| ControlFlow::Continue(())).await.unwrap();
        let portal = Portal::over(database, store).await;
        for item in &dump.items {
            let page = page(&portal, item).await;
            compare::item(&mut comparison, item, &page);
        }
    }
    println!("{dialect:?}\n{comparison}");
    comparison.require_all(items.len());
}

/// What a front end gets for an item's old address: where that leads now, and the page there.
async fn page(portal: &Portal, item: &Item) -> Value {
    let query = "query ($path: String!) { route(path: $path) { ... on Redirect { target } } }";
    let old = json!({ "query": query, "variables": { "path": item.text("/base_path") } });
    let target = portal.post(&old).await.data()["route"]["target"].clone();
    let query = "query ($path: String!) { route(path: $path) { ... on Article {
        entryId locale slug path title summary genre kicker publishedAt firstPublishedAt updatedAt
        breadcrumbs { title } tags { name } authors { name role } leadImage { url alt caption }
        delivery { on place note } body { html text source outline { level id title } }
        translations { locale title path } related(first: 100) { entryId title summary }
        changeNotes { at note } withdrawal { at notice html }
    } } }";
    let answer = portal.post(&json!({ "query": query, "variables": { "path": target } })).await;
    answer.data()["route"].clone()
}

/// Every field of every item is either compared, of no interest to a reader, or listed as having no place.
#[test]
fn no_field_of_gov_uk_is_overlooked() {
    let model = include_str!("../../../docs/model.md");
    let mut unknown = Vec::new();
    for item in items() {
        for path in item.fields() {
            match fields::of(&path) {
                None => unknown.push(format!("{}: {path}", item.name)),
                Some(Field::Compared | Field::Unseen) => {}
                Some(Field::NoPlace(row)) => assert!(model.contains(row), "docs/model.md does not list: {row}"),
            }
        }
    }
    assert!(unknown.is_empty(), "what becomes of these?\n{}", unknown.join("\n"));
}
