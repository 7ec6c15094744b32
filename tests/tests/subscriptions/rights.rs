//! Rights are asked for again while somebody is told of what they have missed: what waits is not told to whom may not hear it any more.

use courant_domain::{access::Role, locale::Locale};
use courant_fixtures::generate::{DataSet, put};
use courant_persistence::Dialect;
use courant_tests::{Person, Portal, both_databases};
use macro_rules_attribute::apply;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use crate::support::{Served, slow_connection};

/// How many changes were missed: fewer than are told together, by far more than all buffers on the way hold.
const MISSED: usize = 900;

/// How the rights of whoever comes back end.
#[derive(Debug, Clone, Copy)]
enum Ended {
    /// They sign out, which ends their token.
    SignedOut,
    /// Their role is taken.
    RoleTaken,
}

impl Ended {
    async fn come(self, served: &Served, person: &Person<'_>) {
        match self {
            Self::SignedOut => {
                person.mutate("signOut", json!({}), "userErrors { code }").await.done();
            }
            Self::RoleTaken => {
                let input = json!({ "id": person.id.to_string(), "grants": [] });
                let admin = served.portal.as_role(Role::Admin).await;
                admin.mutate("updateUser", input, "userErrors { code }").await.done();
            }
        }
    }
}

/// A server whose log has gone on, and a subscription that goes on after that; each event of it is as large as can be.
async fn much_was_missed(dialect: Dialect) -> (Served, String) {
    let portal = Portal::with_samples(dialect).await;
    let mut config = Portal::config();
    config.limits.cost = u64::MAX;
    let served = Served::over(portal, config).await;
    let head = served.head().await;
    let set = DataSet { articles: MISSED as u64, seed: 1, locales: vec![Locale::ENGLISH] };
    put(&served.portal.store, set, |_| {}).await.unwrap();
    let bodies: String = (0..20).map(|number| format!("b{number}: body {{ html text }} ")).collect();
    let publication = format!("publication {{ ... on Article {{ {bodies} }} }}");
    (served, format!("subscription {{ publicationChanged(after: \"{head}\") {{ cursor {publication} }} }}"))
}

async fn over_a_socket(dialect: Dialect, ended: Ended) {
    let (served, query) = much_was_missed(dialect).await;
    let author = served.portal.as_role(Role::Author).await;
    let mut socket = served.slow_as(&author.token).await;
    socket.subscribe("1", &query).await;
    assert_eq!(socket.hear().await["type"], "next");
    ended.come(&served, &author).await;
    // What was on its way is read only now.
    let mut told = 1;
    let last = loop {
        let message = socket.hear().await;
        if message["type"] != "next" {
            break message;
        }
        told += 1;
    };
    assert_eq!(
        (&last["type"], &last["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("UNAUTHENTICATED"))
    );
    assert!(told < MISSED, "{dialect:?} {ended:?}: all of {told} were told");
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }), "and nothing after it");
}

async fn over_events(dialect: Dialect, ended: Ended) {
    let (served, query) = much_was_missed(dialect).await;
    let author = served.portal.as_role(Role::Author).await;
    let mut connection = BufReader::new(slow_connection(served.address).await);
    let body = json!({ "query": query }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        served.address,
        author.token,
        body.len()
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut line = String::new();
    while !line.starts_with("event: next") {
        line.clear();
        assert!(connection.read_line(&mut line).await.unwrap() > 0);
    }
    ended.come(&served, &author).await;
    let mut rest = Vec::new();
    connection.read_to_end(&mut rest).await.unwrap();
    let rest = String::from_utf8_lossy(&rest);
    // The last of them says why it ends.
    let (before, last) = rest.rsplit_once("event: next").unwrap();
    assert!(last.contains("UNAUTHENTICATED") && last.contains("event: complete"), "{last}");
    let told = 1 + before.matches("event: next").count();
    assert!(told < MISSED, "{dialect:?} {ended:?}: all of {told} were told");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_a_socket_is_not_told_once_a_token_has_ended(dialect: Dialect) {
    over_a_socket(dialect, Ended::SignedOut).await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_a_socket_is_not_told_once_a_role_is_taken(dialect: Dialect) {
    over_a_socket(dialect, Ended::RoleTaken).await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_as_events_is_not_told_once_a_token_has_ended(dialect: Dialect) {
    over_events(dialect, Ended::SignedOut).await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_as_events_is_not_told_once_a_role_is_taken(dialect: Dialect) {
    over_events(dialect, Ended::RoleTaken).await;
}
