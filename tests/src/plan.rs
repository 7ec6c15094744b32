//! How SQLite goes about statements: by an index, or through all there is.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

use crate::{Dialect, Portal, TestDatabase};

/// The tables that grow with what is published and written. The others are as small as a site's structure.
const GROWING: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('category', 'feed', 'site', 'standing', 'node', 'follower')";

/// What an index alone does not narrow down to anything.
const WIDE: [&str; 4] = ["locale=?", "kind=?", "locale=? AND kind=?", "state=?"];

/// Which of these statements SQLite answers by going through a whole table, or all of a language, and how: one a line.
///
/// The planner sees no content (nothing has run `ANALYZE`), so a small database has the plans of a large one.
pub async fn through_all(database: &TestDatabase, statements: &[String]) -> Vec<String> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let growing: Vec<String> = rows(&connection, GROWING, "name").await;
    let mut found = Vec::new();
    for statement in statements {
        if !["SELECT", "WITH"].iter().any(|verb| statement.starts_with(verb)) {
            continue;
        }
        let tables = named(statement, &growing);
        for step in rows(&connection, &format!("EXPLAIN QUERY PLAN {statement}"), "detail").await {
            if is_wide(&step, &tables) {
                found.push(format!("{step}, of {statement}"));
            }
        }
    }
    connection.close().await.unwrap();
    found
}

/// Panics if SQLite goes through a whole table for one of these statements. What PostgreSQL does, it decides by what is there.
pub async fn assert_narrow(portal: &Portal, statements: &[String]) {
    if portal.store.dialect() == Dialect::Sqlite {
        let wide = through_all(&portal.database, statements).await;
        assert!(wide.is_empty(), "{}", wide.join("\n"));
    }
}

async fn rows(connection: &DatabaseConnection, sql: &str, column: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", column).unwrap()).collect()
}

/// The names that a statement has for tables, and for nothing else.
fn named<'a>(statement: &'a str, tables: &'a [String]) -> HashSet<&'a str> {
    let words = statement.split_inclusive([' ', ',', ')']).map(|word| word.trim_matches([' ', ',', '(']));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_table = |word: &str| tables.iter().any(|table| table == word);
    let (mut named, mut others) = (HashSet::new(), HashSet::new());
    for three in words.windows(3) {
        let [before, table, name] = three else { continue };
        let name = name.trim_end_matches(')');
        let is_name = name.chars().all(|letter| letter.is_ascii_lowercase());
        if matches!(*before, "FROM" | "JOIN") && is_table(table) {
            named.insert(if is_name { name } else { *table });
        } else if is_name && (table.ends_with(')') || matches!(*before, "FROM" | "JOIN")) {
            others.insert(name);
        }
    }
    &named - &others
}

fn is_wide(step: &str, tables: &HashSet<&str>) -> bool {
    let mut words = step.split(' ');
    let (how, name) = (words.next(), words.next().unwrap_or_default());
    match how {
        _ if !tables.contains(name) => false,
        // In the order of an index it ends when it has enough.
        Some("SCAN") => !step.contains(" USING "),
        Some("SEARCH") => {
            step.rsplit_once('(').is_some_and(|(_, narrowed)| WIDE.contains(&narrowed.trim_end_matches(')')))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables_are_told_from_those_of_what_is_made_of_them() {
        let tables = ["edition", "timeline_entry"].map(str::to_owned);
        let of = |statement| {
            let mut names: Vec<&str> = named(statement, &tables).into_iter().collect();
            names.sort_unstable();
            names
        };
        assert_eq!(of("SELECT 1 FROM timeline_entry t JOIN edition e ON e.id = t.edition_id"), ["e", "t"]);
        assert_eq!(of("SELECT 1 FROM edition WHERE id = 1"), ["edition"]);
        assert_eq!(of("SELECT 1 FROM (SELECT 2 FROM timeline_entry t) t JOIN edition e ON TRUE"), ["e"]);
        assert_eq!(of("WITH f AS (SELECT 2 FROM timeline_entry t) SELECT 1 FROM f t"), Vec::<&str>::new());
    }

    #[tokio::test]
    async fn a_scan_and_a_languages_editions_are_found() {
        let database = TestDatabase::migrated(Dialect::Sqlite).await;
        let all = [
            "SELECT e.id FROM edition e WHERE e.title = 'x'",
            "SELECT e.id FROM edition e WHERE e.locale = 'en'",
            "SELECT e.id FROM edition e WHERE e.id = 1",
            "SELECT r.edition_id FROM reader_edition r WHERE r.entry_id = x'00' AND r.locale = 'en'",
        ];
        let found = through_all(&database, &all.map(str::to_owned)).await;
        assert_eq!(found.len(), 2, "{found:#?}");
    }
}
