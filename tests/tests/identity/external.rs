//! Access tokens of an OpenID Connect issuer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::access::Role;
use courant_identity::external::{Config, Issuer};
use courant_persistence::Dialect;
use courant_tests::Portal;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::desk::{holds, viewer};

const ISSUER: &str = "https://id.example.org/realms/news";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

async fn portal() -> Portal {
    let public = URL_SAFE_NO_PAD.encode(key(1).verifying_key().as_bytes());
    let issuer = Issuer::new(Config {
        issuer: ISSUER.to_owned(),
        audiences: vec!["courant".to_owned()],
        key_set: json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "2026", "x": public }] }).to_string(),
        roles_claim: "realm_access.roles".to_owned(),
        roles: [("newsroom-editors".to_owned(), Role::Editor)].into(),
    });
    let samples = Portal::with_samples(Dialect::Sqlite).await;
    let mut config = Portal::config();
    config.identity.issuer = Some(issuer.unwrap());
    Portal::configured(samples.database, samples.store, config).await
}

fn claims() -> Value {
    let now = Timestamp::now().as_second();
    json!({
        "iss": ISSUER, "aud": ["courant", "account"], "sub": "f3b1", "name": "Maral", "exp": now + 300, "nbf": now,
        "realm_access": { "roles": ["offline", "newsroom-editors"] },
    })
}

fn token(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).to_bytes());
    format!("{signed}.{signature}")
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "kid": "2026", "typ": "JWT" })
}

#[tokio::test]
async fn the_issuers_people_have_the_roles_it_gives_them() {
    let portal = portal().await;
    let good = token(&key(1), &header(), &claims());
    let answer = viewer(&portal, &good).await;
    let who = &answer.data()["editorial"]["viewer"];
    assert_eq!((&who["name"], &who["user"]), (&json!("Maral"), &Value::Null));
    assert_eq!(who["grants"], json!([{ "role": "EDITOR" }]));
    assert!(answer.statements.is_empty(), "the token says all: {:?}", answer.statements);

    let input = json!({ "name": [{ "locale": "en", "text": "Harbours" }] });
    portal.mutate_as(&good, "createTag", input, "tag { slug } userErrors { code }").await.done();
    let admin = portal.as_role(Role::Admin).await;
    let log = admin
        .query("{ editorial { auditLog(first: 1, filter: { acts: [CREATE_TAG] }) { nodes { actor { id kind } } } } }")
        .await;
    assert!(log.text.contains("f3b1"), "the log names the subject: {}", log.text);

    let nobody = token(
        &key(1),
        &header(),
        &json!({ "realm_access": null, "iss": ISSUER, "aud": "courant", "sub": "x", "exp": Timestamp::now().as_second() + 60 }),
    );
    assert_eq!(viewer(&portal, &nobody).await.data()["editorial"]["viewer"]["permissions"], json!([]));
}

#[tokio::test]
async fn nobody_elses_tokens_are_taken() {
    let portal = portal().await;
    let with = |changes: Value| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        token(&key(1), &header(), &claims)
    };
    let now = Timestamp::now().as_second();
    let good = with(json!({}));
    assert!(holds(&portal, &good).await);
    let unsigned = token(&key(1), &json!({ "alg": "none" }), &claims());
    let (unsigned, _) = unsigned.rsplit_once('.').unwrap();
    let tokens = [
        ("another key", token(&key(2), &header(), &claims())),
        ("an unknown kid", token(&key(1), &json!({ "alg": "EdDSA", "kid": "2025" }), &claims())),
        ("a downgraded algorithm", token(&key(1), &json!({ "alg": "HS256", "kid": "2026" }), &claims())),
        ("an unsigned one", format!("{unsigned}.")),
        ("another issuer", with(json!({ "iss": "https://id.example.com" }))),
        ("our own name", with(json!({ "iss": "courant" }))),
        ("another audience", with(json!({ "aud": "account" }))),
        ("an expired one", with(json!({ "exp": now - 60 }))),
        ("one without an end", with(json!({ "exp": null }))),
        ("one that is not valid yet", with(json!({ "nbf": now + 120 }))),
        ("nobody's", with(json!({ "sub": null }))),
        ("a logout token", token(&key(1), &json!({ "alg": "EdDSA", "kid": "2026", "typ": "logout+jwt" }), &claims())),
    ];
    for (what, token) in tokens {
        assert!(!holds(&portal, &token).await, "{what}");
    }
}
