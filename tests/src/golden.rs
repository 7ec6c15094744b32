//! Query folders: a query, its answer, and the SQL it runs on each database. A new test is a new folder.
//!
//! ```text
//! tests/queries/<name>/query.graphql
//!                      variables.json            (optional)
//!                      answer.json
//!                      statements.sqlite.sql    (sorted; none of them may go through a whole table)
//!                      statements.postgres.sql
//! ```
//!
//! A variable of the form `{"answer": "<folder>", "pointer": "/data/…"}` is taken from another folder's answer: a
//! cursor, an id. `COURANT_UPDATE_GOLDEN=1` writes what is seen instead of comparing it; the answer is SQLite's
//! then, and PostgreSQL is held against it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use courant_persistence::Dialect;
use graphql_parser::query::{Definition, OperationDefinition, Selection, SelectionSet};
use serde_json::{Map, Value, json};
use sqlformat::{FormatOptions, QueryParams};

use crate::{Portal, plan};

/// Runs all folders on one database, and panics with every difference found.
pub async fn check_all(dialect: Dialect) {
    // What an earlier folder has loaded would be given again, for as long as that is less than a second ago.
    let portal = Portal::with_samples_unkept(dialect).await;
    portal.index().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    // Those that take a variable from another folder's answer come behind it.
    let refers = |folder: &PathBuf| {
        fs::read_to_string(folder.join("variables.json")).is_ok_and(|text| text.contains("\"answer\""))
    };
    folders.sort_by_key(|folder| (refers(folder), folder.clone()));
    assert!(folders.len() >= 25, "only {} query folders", folders.len());
    let mut differences = Vec::new();
    for folder in &folders {
        if let Err(difference) = check(&portal, dialect, &root, folder).await {
            differences.push(difference);
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

async fn check(portal: &Portal, dialect: Dialect, root: &Path, folder: &Path) -> Result<(), String> {
    let name = folder.file_name().unwrap().to_string_lossy();
    let body = request(root, folder);
    let answer = portal.post(&body).await;
    if dialect == Dialect::Sqlite {
        let wide = plan::through_all(&portal.database, &answer.statements).await;
        if !wide.is_empty() {
            return Err(format!("{name} goes through all there is: {}", wide.join("\n")));
        }
        check_asked_twice(portal, &body, &answer.body["data"]).await?;
    }
    let seen = serde_json::to_string_pretty(&answer.body).unwrap() + "\n";
    // Loads of one round run at the same time, so the order among them says nothing.
    let mut statements = answer.statements;
    statements.sort();
    let sql: Vec<String> = statements.iter().map(|statement| format!("{};\n", readable(statement, dialect))).collect();
    let sql = sql.join("\n");
    let word = match dialect {
        Dialect::Sqlite => "sqlite",
        Dialect::Postgres => "postgres",
    };
    compare(&folder.join("answer.json"), &seen, dialect == Dialect::Sqlite)
        .and_then(|()| compare(&folder.join(format!("statements.{word}.sql")), &sql, true))
        .map_err(|difference| format!("{name} on {word}: {difference}"))
}

/// A statement as a person reads it.
fn readable(statement: &str, dialect: Dialect) -> String {
    const WIDTH: usize = 110;
    let options = FormatOptions {
        max_inline_block: WIDTH,
        max_inline_arguments: Some(WIDTH),
        max_inline_top_level: Some(WIDTH),
        joins_as_top_level: true,
        dialect: match dialect {
            Dialect::Sqlite => sqlformat::Dialect::Generic,
            Dialect::Postgres => sqlformat::Dialect::PostgreSql,
        },
        ..FormatOptions::default()
    };
    sqlformat::format(statement, &QueryParams::None, &options)
}

/// A folder's request.
fn request(root: &Path, folder: &Path) -> Value {
    let query = fs::read_to_string(folder.join("query.graphql")).unwrap();
    let mut body = json!({ "query": query });
    if let Ok(variables) = fs::read_to_string(folder.join("variables.json")) {
        let variables: Map<String, Value> = serde_json::from_str(&variables).unwrap();
        body["variables"] = variables.into_iter().map(|(name, value)| (name, resolve(root, value))).collect();
    }
    body
}

/// Asks for each object of a request a second time, where it stands: for a part of it first, then for all of it. The answer is the
/// same (GraphQL, September 2025, §6.4.3), whoever joins the two.
async fn check_asked_twice(portal: &Portal, body: &Value, data: &Value) -> Result<(), String> {
    let query = body["query"].as_str().unwrap();
    let document = graphql_parser::parse_query::<String>(query).unwrap();
    let mut at = 0;
    loop {
        let mut again = document.clone();
        let mut left = at;
        let asked = again.definitions.iter_mut().any(|definition| match definition {
            Definition::Operation(OperationDefinition::SelectionSet(set)) => ask_twice(set, &mut left),
            Definition::Operation(OperationDefinition::Query(query)) => ask_twice(&mut query.selection_set, &mut left),
            Definition::Fragment(fragment) => ask_twice(&mut fragment.selection_set, &mut left),
            Definition::Operation(_) => false,
        });
        if !asked {
            return Ok(());
        }
        let mut body = body.clone();
        body["query"] = again.to_string().into();
        let answer = portal.post(&body).await;
        if answer.body["data"] != *data {
            return Err(format!("another answer to\n{again}:\n{}", answer.text));
        }
        at += 1;
    }
}

/// Repeats the n-th object that is selected. Whether there is one.
fn ask_twice<'a>(set: &mut SelectionSet<'a, String>, left: &mut usize) -> bool {
    for place in 0..set.items.len() {
        let below = match &mut set.items[place] {
            Selection::Field(field) if field.selection_set.items.is_empty() => continue,
            Selection::Field(field) if *left == 0 => {
                let mut part = field.clone();
                part.selection_set.items.truncate(1);
                set.items.insert(place, Selection::Field(part));
                return true;
            }
            Selection::Field(field) => {
                *left -= 1;
                &mut field.selection_set
            }
            Selection::InlineFragment(fragment) => &mut fragment.selection_set,
            Selection::FragmentSpread(_) => continue,
        };
        if ask_twice(below, left) {
            return true;
        }
    }
    false
}

fn resolve(root: &Path, value: Value) -> Value {
    let Some((folder, pointer)) =
        value.get("answer").and_then(Value::as_str).zip(value.get("pointer").and_then(Value::as_str))
    else {
        return value;
    };
    let answer = fs::read_to_string(root.join(folder).join("answer.json")).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer.pointer(pointer).unwrap_or_else(|| panic!("{folder} has no {pointer}")).clone()
}

fn compare(file: &Path, seen: &str, may_write: bool) -> Result<(), String> {
    if may_write && updating() {
        fs::write(file, seen).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == seen {
        return Ok(());
    }
    let line = expected
        .lines()
        .zip(seen.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| expected.lines().count().min(seen.lines().count()));
    let at = |text: &str| text.lines().skip(line).take(3).collect::<Vec<_>>().join("\n  ");
    Err(format!("{} differs from line {}:\n- {}\n+ {}", file.display(), line + 1, at(&expected), at(seen)))
}

#[expect(clippy::disallowed_methods, reason = "says whether to compare or to write")]
fn updating() -> bool {
    std::env::var("COURANT_UPDATE_GOLDEN").is_ok()
}
