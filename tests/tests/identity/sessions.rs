//! From the sign-in to the end of a session.

use courant_domain::{access::Role, account::Email};
use courant_persistence::{Command, Dialect, UserCreate, UserUpdate};
use courant_tests::{Portal, apply, both_databases};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::desk::{PASSWORD, Session, holds, refresh, sign_in, try_to_sign_in, user, viewer};

#[apply(both_databases)]
#[tokio::test]
async fn a_sign_in_gives_tokens_that_say_who_is_asking(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let id = user(&portal, "ana@example.org", Role::Editor).await;
    // However the address is spelt.
    let answer = try_to_sign_in(&portal, " Ana@Example.ORG", PASSWORD).await;
    let payload = answer.done();
    assert_eq!(payload["user"]["id"], id.to_string());
    assert_eq!(payload["user"]["grants"], json!([{ "role": "EDITOR" }]));
    let lasts = |field: &str| {
        let end: Timestamp = payload[field].as_str().unwrap().parse().unwrap();
        end.duration_since(Timestamp::now())
    };
    assert!((9..=10).contains(&lasts("accessTokenExpiresAt").as_mins()), "{payload}");
    assert!((29..=30).contains(&(lasts("refreshTokenExpiresAt").as_hours() / 24)), "{payload}");

    let answer = viewer(&portal, &Session::of(payload).access).await;
    let who = &answer.data()["editorial"]["viewer"];
    assert_eq!(who["user"]["email"], "ana@example.org");
    let permissions = who["permissions"].as_array().unwrap();
    assert!(permissions.contains(&json!("REVIEW_ENTRY")) && !permissions.contains(&json!("MANAGE_USERS")));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[apply(both_databases)]
#[tokio::test]
async fn whoever_cannot_sign_in_is_told_the_same_and_with_the_same_work(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    user(&portal, "ana@example.org", Role::Admin).await;
    let disabled = user(&portal, "gone@example.org", Role::Editor).await;
    let program = courant_domain::access::Viewer::program();
    let update = UserUpdate { disabled: Some(true), ..UserUpdate::of(disabled) };
    portal.store.accounts().user_update(Command::of(&program), &update).await.unwrap();
    let email = Email::parse("invited@example.org").unwrap();
    let invited = UserCreate { email, name: "Invited".to_owned(), grants: Vec::new(), password: None };
    portal.store.accounts().user_create(Command::of(&program), &invited).await.unwrap();

    let wrong = try_to_sign_in(&portal, "ana@example.org", "nine herons at high tide").await;
    assert_eq!(wrong.user_errors(), ["WRONG_CREDENTIALS"]);
    for email in ["nobody@example.org", "gone@example.org", "invited@example.org"] {
        let answer = try_to_sign_in(&portal, email, PASSWORD).await;
        assert_eq!((answer.status, &answer.text), (wrong.status, &wrong.text), "{email}");
        assert_eq!(answer.statements, wrong.statements, "{email}");
    }
    for (email, password) in [("no address", PASSWORD), ("", ""), ("ana@example.org", &"x".repeat(5000))] {
        assert_eq!(try_to_sign_in(&portal, email, password).await.text, wrong.text, "{email}");
    }
}

#[tokio::test]
async fn sign_ins_are_throttled_by_account_whether_there_is_one_or_not() {
    let portal = Portal::with_samples(courant_persistence::Dialect::Sqlite).await;
    user(&portal, "ana@example.org", Role::Editor).await;
    let mut refused = Vec::new();
    for email in ["ana@example.org", "nobody@example.org"] {
        for _ in 0..5 {
            let answer = try_to_sign_in(&portal, email, "not this one, surely").await;
            assert_eq!(answer.user_errors(), ["WRONG_CREDENTIALS"]);
        }
        // The right password, too, has to wait then, however the address is spelt.
        let answer = try_to_sign_in(&portal, &email.to_uppercase(), PASSWORD).await;
        assert_eq!((answer.user_errors(), answer.statements.len()), (vec!["THROTTLED"], 0));
        refused.push(answer.text);
    }
    let without_seconds = |text: &String| text.replace(|c: char| c.is_ascii_digit(), "");
    assert_eq!(without_seconds(&refused[0]), without_seconds(&refused[1]));
    // And one address that tries many accounts.
    let mut throttled = 0;
    for number in 0..20 {
        let answer = try_to_sign_in(&portal, &format!("n{number}@example.org"), PASSWORD).await;
        throttled += usize::from(answer.user_errors() == ["THROTTLED"]);
    }
    assert!(throttled >= 8, "{throttled} of 20 throttled");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_refresh_token_counts_once_and_ends_its_family_when_it_comes_again(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    user(&portal, "ana@example.org", Role::Editor).await;
    let other = sign_in(&portal, "ana@example.org").await;
    let first = sign_in(&portal, "ana@example.org").await;
    let second = Session::of(refresh(&portal, &first.refresh).await.done());
    assert_ne!(first.refresh, second.refresh);
    let third = Session::of(refresh(&portal, &second.refresh).await.done());
    for session in [&first, &second, &third] {
        assert!(holds(&portal, &session.access).await, "a token of a session that goes on");
    }

    let again = refresh(&portal, &first.refresh).await;
    assert_eq!(again.user_errors(), ["WRONG_CREDENTIALS"]);
    assert_eq!(refresh(&portal, &third.refresh).await.user_errors(), ["WRONG_CREDENTIALS"]);
    for session in [&first, &second, &third] {
        assert!(!holds(&portal, &session.access).await, "a token of a session that was ended");
    }
    assert!(holds(&portal, &other.access).await, "another session of theirs");
    // Nobody is told whether there ever was such a token.
    let made_up = courant_identity::opaque::generate(courant_identity::opaque::Kind::Refresh).unwrap().0;
    assert_eq!(refresh(&portal, made_up.expose()).await.text, again.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn of_two_who_refresh_at_once_not_both_go_on(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    user(&portal, "ana@example.org", Role::Editor).await;
    for _ in 0..3 {
        let session = sign_in(&portal, "ana@example.org").await;
        let body = json!({
            "query": "mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) {
                accessToken refreshToken userErrors { code } } }",
            "variables": { "token": session.refresh },
        });
        let ask = || {
            let request = reqwest::Client::new().post(format!("{}/graphql", portal.url));
            let request = request.header("content-type", "application/json").body(body.to_string());
            async { request.send().await.unwrap().text().await.unwrap() }
        };
        let (one, two) = tokio::join!(ask(), ask());
        let won = [&one, &two].iter().filter(|text| text.contains("\"userErrors\":[]")).count();
        assert_eq!(won, 1, "{one}\n{two}");
        assert!(!holds(&portal, &session.access).await, "one of them may be a thief");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn signing_out_ends_the_session_and_nothing_else(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    user(&portal, "ana@example.org", Role::Editor).await;
    let selection = "userErrors { code field message }";
    let kept = sign_in(&portal, "ana@example.org").await;
    let by_access = sign_in(&portal, "ana@example.org").await;
    portal.mutate_as(&by_access.access, "signOut", json!({}), selection).await.done();
    let by_refresh = sign_in(&portal, "ana@example.org").await;
    for _ in 0..2 {
        portal.mutate("signOut", json!({ "refreshToken": by_refresh.refresh }), selection).await.done();
    }
    for session in [&by_access, &by_refresh] {
        assert!(!holds(&portal, &session.access).await);
        assert_eq!(refresh(&portal, &session.refresh).await.user_errors(), ["WRONG_CREDENTIALS"]);
    }
    assert!(holds(&portal, &kept.access).await);
    assert_eq!(portal.mutate("signOut", json!({}), selection).await.code(), "UNAUTHENTICATED");
    let wrong = portal.mutate("signOut", json!({ "refreshToken": kept.access }), selection).await;
    assert_eq!(wrong.user_errors(), ["INVALID"]);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_changed_password_ends_the_other_sessions(dialect: Dialect) {
    const NEW: &str = "ten herons at high tide";
    let portal = Portal::with_samples(dialect).await;
    user(&portal, "ana@example.org", Role::Editor).await;
    let other = sign_in(&portal, "ana@example.org").await;
    let own = sign_in(&portal, "ana@example.org").await;
    let change = async |current: &str, new: &str| {
        let input = json!({ "currentPassword": current, "newPassword": new });
        portal.mutate_as(&own.access, "changePassword", input, "user { email } userErrors { code field }").await
    };
    assert_eq!(change("not the password", NEW).await.user_errors(), ["WRONG_CREDENTIALS"]);
    for weak in ["short", "ana@example.org", "Password12345"] {
        let answer = change(PASSWORD, weak).await;
        assert_eq!(
            answer.data()["changePassword"]["userErrors"],
            json!([{ "code": "INVALID", "field": ["newPassword"] }])
        );
    }
    assert!(holds(&portal, &other.access).await, "nothing has changed yet");
    change(PASSWORD, NEW).await.done();
    assert!(holds(&portal, &own.access).await && !holds(&portal, &other.access).await);

    // Nearly all attempts are used up by now; another portal over the same data counts anew.
    let portal = Portal::over(portal.database, portal.store).await;
    assert_eq!(try_to_sign_in(&portal, "ana@example.org", PASSWORD).await.user_errors(), ["WRONG_CREDENTIALS"]);
    try_to_sign_in(&portal, "ana@example.org", NEW).await.done();
}

#[apply(both_databases)]
#[tokio::test]
async fn a_session_ends_when_its_time_is_over(dialect: Dialect) {
    let samples = Portal::with_samples(dialect).await;
    let mut config = Portal::config();
    let lifetime = SignedDuration::from_millis(1500);
    config.identity.session_lifetime = lifetime;
    let portal = Portal::configured(samples.database, samples.store, config).await;
    user(&portal, "ana@example.org", Role::Editor).await;
    let begun = Timestamp::now();
    let mut session = sign_in(&portal, "ana@example.org").await;
    // To carry it on does not make it longer.
    loop {
        let answer = refresh(&portal, &session.refresh).await;
        if answer.user_errors() == ["WRONG_CREDENTIALS"] {
            break;
        }
        session = Session::of(answer.done());
    }
    assert!(Timestamp::now() >= begun + lifetime, "it ended before its time");
    assert!(!holds(&portal, &session.access).await);
    sign_in(&portal, "ana@example.org").await;
}
