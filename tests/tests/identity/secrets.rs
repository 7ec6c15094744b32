//! What is secret is nowhere to be read: not in the database, and not in any answer but the one it is given in.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::desk::{PASSWORD, Session, refresh, sign_in, user};

/// Everything the database holds, as text.
async fn contents(database: &TestDatabase) -> Vec<u8> {
    let url = &database.options.url;
    if let Some(file) = url.strip_prefix("sqlite://") {
        let mut bytes = std::fs::read(file).unwrap();
        bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
        return bytes;
    }
    let connection = Database::connect(url).await.unwrap();
    let read = async |sql: String| {
        let rows =
            connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>()
    };
    let mut bytes = Vec::new();
    for table in read("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'".to_owned()).await {
        for row in read(format!("SELECT t::text FROM \"{table}\" t")).await {
            bytes.extend(row.into_bytes());
        }
    }
    connection.close().await.unwrap();
    bytes
}

#[apply(both_databases)]
#[tokio::test]
async fn passwords_and_tokens_are_not_kept(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    user(&portal, "ana@example.org", Role::Admin).await;
    let first = sign_in(&portal, "ana@example.org").await;
    let second = Session::of(refresh(&portal, &first.refresh).await.done());
    let ask = async |mutation: &str, input, selection: &str| {
        portal.mutate_as(&second.access, mutation, input, selection).await
    };
    let given = "eleven herons in the fog";
    let input =
        json!({ "email": "ben@example.org", "name": "Ben", "grants": [], "password": given, "idempotencyKey": "u" });
    ask("createUser", input, "userErrors { code message }").await.done();
    let input = json!({ "name": "Machine", "grants": [{ "role": "READER" }], "idempotencyKey": "t" });
    let answer = ask("createApiToken", input, "secret userErrors { code message }").await;
    let secret = answer.done()["secret"].as_str().unwrap().to_owned();
    let changed = "twelve herons and a crane";
    let input = json!({ "currentPassword": PASSWORD, "newPassword": changed });
    ask("changePassword", input, "userErrors { code message }").await.done();

    let held = contents(&portal.database).await;
    let holds = |text: &str| held.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("ben@example.org") && holds("Machine"), "{dialect:?}: what is kept is seen here");
    for secret in [PASSWORD, given, changed, &secret, &first.access, &first.refresh, &second.access, &second.refresh] {
        assert!(!holds(secret), "{dialect:?}: {secret} is kept");
    }
    // The signature is what makes a token one; the two parts before it may well be guessed.
    assert!(!holds(second.access.rsplit('.').next().unwrap()));

    let log = ask_log(&portal, &second.access).await;
    for act in ["SIGN_IN", "CREATE_USER", "CREATE_API_TOKEN", "CHANGE_PASSWORD"] {
        assert!(log.contains(act), "{act} is in the audit log: {log}");
    }
    assert!(![PASSWORD, given, changed, &secret].iter().any(|secret| log.contains(*secret)));
}

async fn ask_log(portal: &Portal, token: &str) -> String {
    let query = "{ editorial { auditLog(first: 50) { nodes { act detail { name value } address actor { name } } } } }";
    let answer = portal.post_as(token, &json!({ "query": query })).await;
    answer.data();
    answer.text
}

#[tokio::test]
async fn a_password_in_the_document_is_not_repeated_by_an_error() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let query = format!("mutation {{ signIn(input: {{ email: 7, password: \"{PASSWORD}\" }}) {{ accessToken }} }}");
    let answer = portal.query(&query).await;
    assert_eq!(answer.status, 400);
    assert!(!answer.text.contains(PASSWORD), "{}", answer.text);
}
