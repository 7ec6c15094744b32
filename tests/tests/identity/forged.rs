//! Bearer tokens that nobody gave out.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::{
    access::Role,
    id::{EntryId, SessionId},
    locale::Locale,
};
use courant_identity::{
    opaque::{self, Kind},
    signed::{Access, Keys, Preview},
};
use courant_tests::{Portal, apply, both_databases};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::desk::holds;
use courant_persistence::Dialect;

fn encoded(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[apply(both_databases)]
#[tokio::test]
async fn forged_expired_swapped_and_downgraded_tokens_are_refused(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (reader, admin) = (portal.as_role(Role::Reader).await, portal.as_role(Role::Admin).await);
    assert!(holds(&portal, &reader.token).await && holds(&portal, &admin.token).await);
    let keys = portal.keys().await;
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    let issue = |user, session, issued_at, expires_at| {
        keys.access_issue(&Access { user, session, issued_at, expires_at }).expose().to_owned()
    };
    let (header, rest) = admin.token.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let other_claims = reader.token.split('.').nth(1).unwrap();
    let elsewhere = Portal::with_samples(dialect).await;
    let preview = Preview {
        link: courant_domain::id::PreviewId::generate(),
        entry: EntryId::generate(),
        locale: Locale::ENGLISH,
        revision: 1,
        by: courant_domain::access::ActorId::user(admin.id),
        issued_at: now,
        expires_at: now + hour,
    };
    let mut flipped = admin.token.clone().into_bytes();
    let last = flipped.len() - 10;
    flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
    let access = Access { user: admin.id, session: admin.session, issued_at: now, expires_at: now + hour };

    let tokens = [
        ("no token", String::new()),
        ("three dots", "..".to_owned()),
        ("unsigned", format!("{}.{claims}.", encoded(&json!({ "alg": "none" })))),
        ("unsigned under its own header", format!("{header}.{claims}.")),
        ("another algorithm", format!("{}.{claims}.{signature}", encoded(&json!({ "alg": "RS256", "typ": "at+jwt" })))),
        (
            "a key of its own",
            format!("{}.{claims}.{signature}", encoded(&json!({ "alg": "HS256", "typ": "at+jwt", "jwk": {} }))),
        ),
        ("somebody else's claims", format!("{header}.{other_claims}.{signature}")),
        ("a changed signature", String::from_utf8(flipped).unwrap()),
        ("another portal's", elsewhere.keys().await.access_issue(&access).expose().to_owned()),
        ("no longer", issue(admin.id, admin.session, now - hour, now - SignedDuration::from_secs(1))),
        ("not yet", issue(admin.id, admin.session, now + hour, now + hour * 2)),
        ("another's session", issue(admin.id, reader.session, now, now + hour)),
        ("no session", issue(admin.id, SessionId::generate(), now, now + hour)),
        ("a preview token", keys.preview_issue(&preview).expose().to_owned()),
        ("a refresh token", admin.refresh.clone()),
        ("a made-up API token", opaque::generate(Kind::Api).unwrap().0.expose().to_owned()),
        (
            "an issuer's, where none is trusted",
            format!(
                "{}.{}.{signature}",
                encoded(&json!({ "alg": "RS256" })),
                encoded(&json!({ "iss": "https://id.example.org" }))
            ),
        ),
        ("a very long one", "a".repeat(7000)),
        ("twice the same", format!("{} {}", admin.token, admin.token)),
    ];
    for (what, token) in tokens {
        assert!(!holds(&portal, &token).await, "{dialect:?}: {what}");
    }
    // With a key derived from another secret, as a copy of the database without its secret would have.
    assert!(
        !holds(
            &portal,
            Keys::new(&elsewhere.store.accounts().server_secrets().await.unwrap().signing)
                .access_issue(&access)
                .expose()
        )
        .await
    );
    assert!(holds(&portal, &admin.token).await);
}

#[tokio::test]
async fn a_token_counts_in_the_header_alone_and_only_one() {
    let portal = Portal::with_samples(courant_persistence::Dialect::Sqlite).await;
    let editor = portal.as_role(Role::Editor).await;
    let query = "mutation { createTag(input: { name: [{ locale: \"en\", text: \"Harbours\" }] }) { tag { id } } }";
    let body = json!({ "query": query, "access_token": editor.token });
    assert_eq!(portal.post(&body).await.code(), "UNAUTHENTICATED");
    assert_eq!(
        portal.post_with(&[("cookie", &format!("access_token={}", editor.token))], &body).await.code(),
        "UNAUTHENTICATED"
    );
    let bearer = format!("Bearer {}", editor.token);
    let twice = [("authorization", bearer.as_str()), ("authorization", bearer.as_str())];
    assert_eq!(portal.post_with(&twice, &body).await.status, 401);
    assert_eq!(portal.post_with(&[("authorization", "Basic YW5hOnNlY3JldA==")], &body).await.status, 401);
    // What anybody may see is refused, too, when it is asked for with a token that does not hold.
    assert_eq!(portal.post_as("x", &json!({ "query": "{ site { name } }" })).await.status, 401);
    let tags = portal.store.reference().tags().len();
    editor.post(&body).await.data();
    assert_eq!(portal.store.reference().tags().len(), tags + 1);
}
