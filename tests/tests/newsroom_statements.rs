//! How many statements the newsroom's reading takes: one a level, however many entries the level has. The statements of a
//! process are one log, so this is a file of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::access::{ActorId, Grant, Role};
use courant_persistence::Dialect;
use courant_tests::{
    Portal, apply, both_databases,
    desk::{self, locales},
    plan,
};
use serde_json::Value;

fn nodes(answer: &Value) -> &Vec<Value> {
    answer["nodes"].as_array().unwrap()
}

#[apply(both_databases)]
#[tokio::test]
async fn a_level_is_one_statement_for_1_entry_and_for_50(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (ana, bo) = (portal.as_role(Role::Author).await, portal.as_role(Role::Author).await);
    let admin = portal.as_role(Role::Admin).await;
    let actors = [ActorId::user(ana.id), ActorId::user(bo.id)];
    let records = desk::entries(&portal.store.reference(), &actors, 50);
    portal.store.admin().entries_create(&records).await.unwrap();
    let tk = portal.as_user(vec![Grant { role: Role::Editor, categories: vec![], locales: vec![locales()[2]] }]).await;
    for person in [&admin, &tk] {
        // Who asks is found out before.
        let bare = person.query("{ editorial { tags { slug } } }").await;
        bare.data();
        let before = bare.statements.len();
        for (below, levels) in [
            ("id kind permissions", 1),
            // Who does not read all languages is shown what is theirs to see by looking at these.
            (
                "touchedAt filedUnder { path titles { text } } taggedWith { slug }",
                if person.id == tk.id { 2 } else { 1 },
            ),
            ("createdBy { name }", 2),
            ("versions { locale state waitingFor permissions scheduledAt expiry { at } }", 2),
            ("versions { newestTitle }", 3),
            ("versions { newest { number title createdBy { name } } }", 4),
            ("versions { newest { content { ... on ArticleDraft { body { source } } } } missing }", 3),
            ("versions { revisions(first: 2) { totalCount nodes { number title isNewest isLive } } }", 5),
            ("versions { revisions(last: 1) { edges { node { content { ... on DecreeDraft { slug } } } } } }", 3),
            ("versions { revisionByNumber(number: 1) { comment } diff(from: 1) { field unified } }", 4),
            ("versions { live { revision path publication { title } } }", 4),
            ("history(first: 3) { totalCount nodes { act actor { name } address } }", 5),
            ("versions { entry { versions { entry { kind } } } }", 3),
        ] {
            let list = |first| {
                format!(
                    "{{ editorial {{ entries(first: {first}, filter: {{ states: [PUBLISHED, DRAFT, SCHEDULED, IN_REVIEW] }}) {{ nodes {{ {below} }} }} }} }}"
                )
            };
            let one = person.query(&list(1)).await;
            let fifty = person.query(&list(50)).await;
            assert_eq!(nodes(&one.data()["editorial"]["entries"]).len(), 1);
            assert!(nodes(&fifty.data()["editorial"]["entries"]).len() > 15);
            let count = fifty.statements.len() - before;
            assert!(count <= levels, "{dialect:?} {below}: {count} for {levels}: {:#?}", fifty.statements);
            assert!(one.statements.len() <= fifty.statements.len(), "{dialect:?} {below}");
            plan::assert_narrow(&portal, &fifty.statements).await;
        }
    }
    let titles = admin
        .query("{ editorial { entries(first: 50) { nodes { versions { newestTitle newest { title } } } } } }")
        .await;
    titles.data();
    assert!(titles.statements.iter().any(|sql| sql.contains("AS title")), "{:#?}", titles.statements);
    assert!(!titles.statements.iter().any(|sql| sql.contains(", t.content FROM")), "{:#?}", titles.statements);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_looked_up_by_a_slug_or_a_number_is_not_looked_for_in_all_of_a_language(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let author = portal.as_role(Role::Author).await;
    for arguments in ["", ", locale: \"en\"", ", locale: \"en\", kinds: [DECREE]"] {
        for text in ["ferry-timetable", "№ 12"] {
            let answer =
                author.query(&format!("{{ editorial {{ lookup(text: \"{text}\"{arguments}) {{ title }} }} }}")).await;
            answer.data();
            // A part of a title may be anywhere.
            let exact: Vec<String> = answer.statements.iter().filter(|sql| !sql.contains(" LIKE ")).cloned().collect();
            assert!(exact.iter().any(|sql| sql.contains("folded_number")), "{:#?}", answer.statements);
            plan::assert_narrow(&portal, &exact).await;
        }
    }
}
