//! Who is asking: bearer tokens, and what becomes of a request whose token does not hold.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::json;

#[apply(both_databases)]
#[tokio::test]
async fn a_viewer_is_known_by_one_statement_and_nobody_by_none(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Editor).await;
    let answer = editor.query("{ editorial { tags { slug } } }").await;
    assert!(answer.data()["editorial"]["tags"].as_array().is_some_and(|tags| !tags.is_empty()));
    assert_eq!(answer.statements.len(), 1, "{dialect:?}: {:#?}", answer.statements);

    let answer = portal.query("{ editorial { tags { slug } } }").await;
    assert_eq!((answer.code(), answer.statements.len()), ("UNAUTHENTICATED", 0));
}

#[apply(both_databases)]
#[tokio::test]
async fn what_somebody_does_is_done_by_them(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let input = json!({ "name": [{ "locale": "en", "text": "Harbours" }] });
    let selection = "tag { slug } userErrors { code field message }";
    let editor = portal.as_role(Role::Editor).await;
    let answer = editor.mutate("createTag", input.clone(), selection).await;
    assert_eq!(answer.done()["tag"]["slug"], "harbours");
    let author = portal.as_role(Role::Author).await;
    assert_eq!(author.mutate("createTag", input.clone(), selection).await.code(), "FORBIDDEN");
    assert_eq!(portal.mutate("createTag", input, selection).await.code(), "UNAUTHENTICATED");
}
