//! A database that cannot be asked: what is answered to whoever asks, with and without a token.

use courant_identity::opaque::{self, Kind};
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::json;

#[apply(both_databases)]
#[tokio::test]
async fn a_database_that_is_away_is_said_to_be_by_the_status(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    portal.store.close().await.unwrap();
    let (token, _) = opaque::generate(Kind::Api).unwrap();
    let bearer = format!("Bearer {}", token.expose());
    let sign_in = "mutation { signIn(input: { email: \"a@example.org\", password: \"-\" }) { accessToken } }";
    for (headers, query) in [
        (vec![], "{ articles { nodes { title } } }"),
        (vec![("authorization", bearer.as_str())], "{ site { name } }"),
        (vec![], sign_in),
    ] {
        let answer = portal.post_with(&headers, &json!({ "query": query })).await;
        assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"), "{dialect:?}: {query}: {}", answer.text);
        assert_eq!(answer.header("retry-after"), "5", "{query}");
        assert!(answer.body.get("data").is_none(), "{query}: {}", answer.text);
    }
    let ready = reqwest::get(format!("{}/readyz", portal.url)).await.unwrap();
    assert_eq!(ready.status(), 503);
    assert_eq!(
        ready.text().await.unwrap(),
        r#"{"status":"unavailable","writes":"UNAVAILABLE","followers":[],"periodic":[]}"#
    );
}
