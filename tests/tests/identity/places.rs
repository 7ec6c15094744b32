//! Who knows an account's address keeps nobody out who signs in from where they have before, or is signed in.

use courant_domain::access::Role;
use courant_tests::{Answer, Portal, apply, both_databases};
use serde_json::{Value, json};

use crate::desk::{PASSWORD, Session, user};
use courant_persistence::Dialect;

const EMAIL: &str = "ana@example.org";
const HOME: &str = "198.51.100.7";

/// A portal behind a proxy, which says from where requests come.
async fn behind_a_proxy(samples: Portal) -> Portal {
    let mut config = Portal::config();
    config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    Portal::configured(samples.database, samples.store, config).await
}

async fn ask(portal: &Portal, from: &str, token: Option<&str>, query: &str, input: Value) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("x-forwarded-for", from)];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    portal.post_with(&headers, &json!({ "query": query, "variables": { "input": input } })).await
}

async fn sign_in(portal: &Portal, from: &str, password: &str) -> Answer {
    let query = "mutation ($input: SignInInput!) { signIn(input: $input) {
        accessToken refreshToken userErrors { code message } } }";
    ask(portal, from, None, query, json!({ "email": EMAIL, "password": password })).await
}

/// Tries the account from many addresses, until it can be tried from nowhere unknown.
async fn shut_out(portal: &Portal) {
    let mut codes = Vec::new();
    for number in 0..12 {
        let answer = sign_in(portal, &format!("203.0.113.{number}"), "a guess that is wrong").await;
        codes.extend(answer.user_errors().into_iter().map(str::to_owned));
        if answer.user_errors() == ["THROTTLED"] {
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=30).contains(&wait), "{wait}");
        }
    }
    assert!(codes.iter().filter(|code| *code == "WRONG_CREDENTIALS").count() <= 6, "{codes:?}");
    assert_eq!(codes.last().unwrap(), "THROTTLED");
}

#[apply(both_databases)]
#[tokio::test]
async fn an_owner_signs_in_from_home_whatever_fails_elsewhere(dialect: Dialect) {
    let portal = behind_a_proxy(Portal::with_samples(dialect).await).await;
    user(&portal, EMAIL, Role::Editor).await;
    let session = Session::of(sign_in(&portal, HOME, PASSWORD).await.done());
    shut_out(&portal).await;
    sign_in(&portal, HOME, PASSWORD).await.done();
    assert_eq!(sign_in(&portal, "198.51.100.8", PASSWORD).await.user_errors(), ["THROTTLED"], "{dialect:?}");
    // Guessing at home is bounded, too.
    let guessed = async || sign_in(&portal, HOME, "a guess that is wrong").await.user_errors()[0].to_owned();
    let mut guesses = Vec::new();
    for _ in 0..6 {
        guesses.push(guessed().await);
    }
    assert_eq!(guesses.last().unwrap(), "THROTTLED", "{dialect:?}: {guesses:?}");

    // After a restart it is known still.
    let portal = behind_a_proxy(portal).await;
    shut_out(&portal).await;
    sign_in(&portal, HOME, PASSWORD).await.done();
    // Where somebody is signed in they are at home, at any node.
    let away = "2001:db8:0:1::1";
    let query = "query { editorial { viewer { name } } }";
    ask(&portal, away, Some(&session.access), query, Value::Null).await.data();
    sign_in(&portal, "2001:db8:0:1::2", PASSWORD).await.done();
}

#[apply(both_databases)]
#[tokio::test]
async fn who_holds_a_session_is_not_kept_waiting(dialect: Dialect) {
    const NEW: &str = "ten herons at high tide";
    let portal = behind_a_proxy(Portal::with_samples(dialect).await).await;
    user(&portal, EMAIL, Role::Editor).await;
    let session = Session::of(sign_in(&portal, HOME, PASSWORD).await.done());
    shut_out(&portal).await;
    let away = "192.0.2.44";
    let query = "mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
            accessToken refreshToken userErrors { code } } }";
    let refreshed = ask(&portal, away, None, query, json!({ "refreshToken": session.refresh })).await;
    let session = Session::of(refreshed.done());

    let query = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
            user { email } userErrors { code } } }";
    let change = async |current: &str| {
        let input = json!({ "currentPassword": current, "newPassword": NEW });
        ask(&portal, away, Some(&session.access), query, input).await
    };
    change(PASSWORD).await.done();
    // Whoever has stolen the token cannot guess for ever, and keeps nobody else waiting by it.
    let mut guesses = Vec::new();
    for _ in 0..5 {
        guesses.extend(change("a guess that is wrong").await.user_errors().into_iter().map(str::to_owned));
    }
    assert_eq!(guesses.last().map(String::as_str), Some("THROTTLED"), "{dialect:?}: {guesses:?}");
    sign_in(&portal, HOME, NEW).await.done();
}
