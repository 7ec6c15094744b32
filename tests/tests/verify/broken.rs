//! Whatever breaks a rule is found.

use courant_persistence::{Dialect, Rule, verify};
use courant_tests::TestDatabase;
use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use crate::{cases::CASES, support::portal};

/// Something that is nowhere.
const NOBODY: &str = "00000000-0000-7000-8000-00000000000a";

/// Does it, past the database's own rules.
async fn tamper(database: &TestDatabase, dialect: Dialect, sql: &str) {
    let mut options = ConnectOptions::new(database.options.url.clone());
    options.max_connections(1);
    let connection = Database::connect(options).await.unwrap();
    let unbound = match dialect {
        Dialect::Sqlite => "PRAGMA foreign_keys = OFF",
        Dialect::Postgres => "SET session_replication_role = replica",
    };
    connection.execute_unprepared(unbound).await.unwrap();
    let edition = "(SELECT id FROM edition WHERE slug = 'moved' AND locale = 'en')";
    let entry = "(SELECT entry_id FROM edition WHERE slug = 'moved' AND locale = 'en')";
    let sql = sql.replace("{edition}", edition).replace("{entry}", entry).replace("{nobody}", NOBODY);
    connection.execute_unprepared(&sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn every_rule_is_watched(dialect: Dialect) {
    let whole = portal(dialect).await;
    assert_eq!(whole.broken().await, [""; 0], "{dialect:?}");
    let mut wrong = Vec::new();
    for (rules, sql) in CASES {
        let database = TestDatabase::copy_of(&whole, dialect).await;
        tamper(&database, dialect, sql).await;
        let mut found = Vec::new();
        let checked = verify(&database.options, |finding| found.push(finding)).await.unwrap();
        assert_eq!(checked.broken + checked.notes, found.len() as u64);
        assert_eq!(checked.broken == 0, found.iter().all(|finding| finding.rule.is_note()));
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        let mut names: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let mut wanted: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
        wanted.sort_unstable();
        if names != wanted {
            wrong.push(format!("{sql}\nshould break {wanted:?}, but:\n{}", lines.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{dialect:?}: {}", wrong.join("\n\n"));
}

#[tokio::test]
async fn every_rule_is_watched_on_sqlite() {
    every_rule_is_watched(Dialect::Sqlite).await;
}

#[tokio::test]
async fn every_rule_is_watched_on_postgres() {
    every_rule_is_watched(Dialect::Postgres).await;
}

#[test]
fn every_rule_is_broken_by_some_case_and_in_the_docs() {
    let docs = include_str!("../../../docs/operations.md");
    for rule in Rule::ALL {
        // SQLite's alone, and not to be broken by statements: crates/cli/tests/verifying.rs.
        let elsewhere = rule == Rule::Storage;
        assert!(elsewhere || CASES.iter().any(|(rules, _)| rules.contains(&rule)), "no case breaks {}", rule.as_str());
        assert!(
            docs.contains(&format!("| `{}` |", rule.as_str())),
            "docs/operations.md does not name {}",
            rule.as_str()
        );
    }
}
