//! What a token of the issuer gives, and which configurations are safe.

mod attacks;

use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use proptest::prelude::*;
use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.org/realms/news";

/// One of the keys in `tests/keys`, with its algorithm.
#[derive(Clone)]
struct Signer {
    algorithm: Algorithm,
    key: EncodingKey,
}

fn signer(algorithm: Algorithm, pem: &str, load: fn(&[u8]) -> EncodingKey) -> Signer {
    let base64: String =
        pem.lines().skip_while(|line| !line.starts_with('-')).filter(|line| !line.starts_with('-')).collect();
    let key = load(&base64::engine::general_purpose::STANDARD.decode(base64).unwrap());
    Signer { algorithm, key }
}

fn rsa() -> Signer {
    signer(Algorithm::RS256, include_str!("../../tests/keys/rsa.pem"), EncodingKey::from_rsa_der)
}

fn rsa_of_somebody_else() -> Signer {
    signer(Algorithm::RS256, include_str!("../../tests/keys/rsa-of-somebody-else.pem"), EncodingKey::from_rsa_der)
}

fn ec() -> Signer {
    signer(Algorithm::ES256, include_str!("../../tests/keys/ec.pem"), EncodingKey::from_ec_der)
}

fn ed() -> Signer {
    signer(Algorithm::EdDSA, include_str!("../../tests/keys/ed25519.pem"), EncodingKey::from_ed_der)
}

impl Signer {
    /// The public half, with members set or, by null, taken away.
    fn jwk(&self, members: Value) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap()).unwrap();
        set(&mut jwk, members);
        jwk
    }

    /// A token with exactly this header and these claims.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// The same, whatever the two texts are.
    fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = crypto::sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }

    fn header(&self, members: Value) -> Value {
        let mut header = json!({ "alg": self.algorithm, "typ": "JWT" });
        set(&mut header, members);
        header
    }
}

fn set(object: &mut Value, members: Value) {
    let Value::Object(members) = members else { panic!("members are an object") };
    for (name, value) in members {
        if value.is_null() {
            object.as_object_mut().unwrap().remove(&name);
        } else {
            object[name] = value;
        }
    }
}

fn encode(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

fn config(keys: &[Value]) -> Config {
    Config {
        issuer: ISSUER.to_owned(),
        audiences: vec!["courant".to_owned(), "newsroom".to_owned()],
        key_set: json!({ "keys": keys }).to_string(),
        roles_claim: DEFAULT_ROLES_CLAIM.to_owned(),
        roles: [("editors", "EDITOR"), ("desk", "EDITOR"), ("chief", "PUBLISHER")]
            .map(|(theirs, ours)| (theirs.to_owned(), ours.to_owned()))
            .into(),
    }
}

fn issuer(keys: &[Value]) -> Issuer {
    Issuer::new(config(keys)).unwrap()
}

/// An issuer with the three keys, each with a kid.
fn all() -> Issuer {
    issuer(&[rsa().jwk(json!({ "kid": "rsa" })), ec().jwk(json!({ "kid": "ec" })), ed().jwk(json!({ "kid": "ed" }))])
}

/// The usual claims, with some set or, by null, taken away.
fn claims(members: Value) -> Value {
    let mut claims = json!({ "iss": ISSUER, "aud": "courant", "sub": "f3a1", "exp": NOW + 600, "roles": ["editors"] });
    set(&mut claims, members);
    claims
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn read(issuer: &Issuer, token: &str) -> Result<External, ExternalError> {
    issuer.read(token, at(NOW))
}

/// What comes of a good token of the EdDSA key with other claims.
fn with(members: Value) -> Result<External, ExternalError> {
    read(&all(), &ed().sign(&ed().header(json!({ "kid": "ed" })), &claims(members)))
}

/// What comes of a good token of the EdDSA key with another header.
fn headed(members: Value) -> Result<External, ExternalError> {
    read(&all(), &ed().sign(&ed().header(members), &claims(json!({}))))
}

#[test]
fn each_algorithm_is_taken_with_a_key_of_its_type() {
    for (signer, kid) in [(rsa(), "rsa"), (ec(), "ec"), (ed(), "ed")] {
        let token = signer.sign(&signer.header(json!({ "kid": kid })), &claims(json!({})));
        let expected = External {
            issuer: ISSUER.to_owned(),
            subject: "f3a1".to_owned(),
            name: None,
            email: None,
            roles: vec!["EDITOR".to_owned()],
            expires_at: at(NOW + 600),
        };
        assert_eq!(read(&all(), &token), Ok(expected));
        // Without a kid the algorithm tells the key, as there is one of each.
        let token = signer.sign(&signer.header(json!({})), &claims(json!({})));
        assert!(read(&all(), &token).is_ok());
    }
    // RFC 9864's name of EdDSA with this curve.
    assert!(headed(json!({ "alg": "Ed25519", "kid": "ed" })).is_ok());
}

#[test]
fn what_a_person_is_called_is_taken_over() {
    let read = with(json!({ "name": "Ana Petrova", "email": "ana@example.org", "email_verified": true })).unwrap();
    assert_eq!((read.name.as_deref(), read.email.as_deref()), (Some("Ana Petrova"), Some("ana@example.org")));
    assert_eq!(with(json!({ "email": "ana@example.org" })).unwrap().email.as_deref(), Some("ana@example.org"));
    for unverified in [json!(false), json!("false")] {
        let read = with(json!({ "email": "ana@example.org", "email_verified": unverified })).unwrap();
        assert_eq!(read.email, None);
    }
    let read = with(json!({ "name": " A\0na\u{202e} \n Petrova ", "email": "\u{1b}a@b.c\u{feff}" })).unwrap();
    assert_eq!((read.name.as_deref(), read.email.as_deref()), (Some("A na Petrova"), Some("a@b.c")));
    let read = with(json!({ "name": "x".repeat(5000), "email": "\u{2066}\u{2069}" })).unwrap();
    assert_eq!((read.name.map(|name| name.len()), read.email), (Some(200), None));
    let read = with(json!({ "name": 7, "email": "" })).unwrap();
    assert_eq!((read.name, read.email), (None, None));
}

#[test]
fn roles_are_mapped_and_others_mean_nothing() {
    for (value, expected) in [
        (json!(["editors"]), vec!["EDITOR"]),
        (json!("chief"), vec!["PUBLISHER"]),
        (json!(["chief", "desk", "editors", "chief"]), vec!["PUBLISHER", "EDITOR"]),
        (json!(["EDITOR", "admin", 1, null, ["chief"], { "chief": true }]), vec![]),
        (json!("editors chief"), vec![]),
        (json!({ "0": "chief" }), vec![]),
        (json!(true), vec![]),
    ] {
        assert_eq!(with(json!({ "roles": value })).unwrap().roles, expected, "{value}");
    }
    assert!(with(json!({ "roles": null })).unwrap().roles.is_empty());
}

#[test]
fn roles_are_found_where_the_issuer_puts_them() {
    for (path, members, found) in [
        ("realm_access.roles", json!({ "realm_access": { "roles": ["chief"] } }), true),
        ("resource_access.courant.roles", json!({ "resource_access": { "courant": { "roles": "chief" } } }), true),
        ("https://example.org/roles", json!({ "https://example.org/roles": ["chief"] }), true),
        ("realm_access.roles", json!({ "realm_access": ["chief"] }), false),
        ("realm_access.roles", json!({ "realm_access": { "groups": ["chief"] } }), false),
        ("realm_access.", json!({ "realm_access": { "roles": ["chief"] } }), false),
        ("", json!({}), false),
    ] {
        let keys = [ed().jwk(json!({}))];
        let issuer = Issuer::new(Config { roles_claim: path.to_owned(), ..config(&keys) }).unwrap();
        let roles = read(&issuer, &ed().sign(&ed().header(json!({})), &claims(members))).unwrap().roles;
        assert_eq!(roles.iter().any(|role| role == "PUBLISHER"), found, "{path}");
    }
}

#[test]
fn a_token_counts_for_its_time_and_half_a_minute() {
    for (members, error) in [
        (json!({ "exp": NOW - 29 }), None),
        (json!({ "exp": NOW - 30 }), Some(ExternalError::Expired)),
        (json!({ "exp": f64::from(1_799_999_970) + 0.5 }), None),
        (json!({ "nbf": NOW + 30 }), None),
        (json!({ "nbf": NOW + 31 }), Some(ExternalError::NotYetValid)),
        (json!({ "exp": null }), Some(ExternalError::Claim("exp"))),
        (json!({ "exp": "never" }), Some(ExternalError::Claim("exp"))),
        (json!({ "exp": u64::MAX }), Some(ExternalError::Claim("exp"))),
        (json!({ "exp": 1e300 }), Some(ExternalError::Claim("exp"))),
        (json!({ "exp": -1e300 }), Some(ExternalError::Claim("exp"))),
        (json!({ "exp": 0 }), Some(ExternalError::Expired)),
        (json!({ "nbf": "later" }), Some(ExternalError::Claim("nbf"))),
    ] {
        assert_eq!(with(members.clone()).err(), error, "{members}");
    }
}

#[test]
fn a_token_is_from_the_issuer_and_for_us() {
    for (members, error) in [
        (json!({ "iss": "https://id.example.org/realms/news/" }), Some(ExternalError::Issuer)),
        (json!({ "iss": "https://id.example.com" }), Some(ExternalError::Issuer)),
        (json!({ "iss": [ISSUER] }), Some(ExternalError::Issuer)),
        (json!({ "iss": null }), Some(ExternalError::Issuer)),
        (json!({ "iss": "courant" }), Some(ExternalError::Issuer)),
        (json!({ "aud": "newsroom" }), None),
        (json!({ "aud": ["shop", "courant"] }), None),
        (json!({ "aud": "shop" }), Some(ExternalError::Audience)),
        (json!({ "aud": ["shop", "courant2", "Courant", ["courant"]] }), Some(ExternalError::Audience)),
        (json!({ "aud": [] }), Some(ExternalError::Audience)),
        (json!({ "aud": { "courant": true } }), Some(ExternalError::Audience)),
        (json!({ "aud": null }), Some(ExternalError::Audience)),
        (json!({ "sub": null }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "" }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": 7 }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "s".repeat(256) }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "a\0b" }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "ana\u{202e}" }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "ana\u{200b}" }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": " ana" }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "  " }), Some(ExternalError::Claim("sub"))),
        (json!({ "sub": "ana\n" }), Some(ExternalError::Claim("sub"))),
    ] {
        assert_eq!(with(members.clone()).err(), error, "{members}");
    }
}

#[test]
fn without_a_kid_the_algorithm_has_to_tell_the_key() {
    let token = rsa().sign(&rsa().header(json!({})), &claims(json!({})));
    let two = [rsa().jwk(json!({ "kid": "1" })), rsa_of_somebody_else().jwk(json!({ "kid": "2" }))];
    assert_eq!(read(&issuer(&two), &token), Err(ExternalError::UnknownKey));
    let nameless = [rsa().jwk(json!({})), rsa_of_somebody_else().jwk(json!({}))];
    assert_eq!(read(&issuer(&nameless), &token), Err(ExternalError::UnknownKey));
    assert_eq!(read(&issuer(&[ec().jwk(json!({})), ed().jwk(json!({}))]), &token), Err(ExternalError::Algorithm));
    // A key without a name is none that a token can name.
    let named = rsa().sign(&rsa().header(json!({ "kid": "1" })), &claims(json!({})));
    assert_eq!(read(&issuer(&[rsa().jwk(json!({}))]), &named), Err(ExternalError::UnknownKey));
    assert!(read(&issuer(&two), &named).is_ok());
}

#[test]
fn a_configuration_that_is_not_safe_is_refused() {
    let good = config(&[ed().jwk(json!({}))]);
    let refused = |config| Issuer::new(config).err();
    assert_eq!(refused(good.clone()), None);
    for name in ["", "courant"] {
        assert_eq!(refused(Config { issuer: name.to_owned(), ..good.clone() }), Some(ConfigError::Issuer));
    }
    for audiences in [vec![], vec![String::new()], vec!["courant".to_owned(), String::new()]] {
        assert_eq!(refused(Config { audiences, ..good.clone() }), Some(ConfigError::Audience));
    }
    for key_set in ["", "{}", "[]", r#"{"keys":{}}"#, r#"{"keys":[1]}"#, "https://id.example.org/keys"] {
        let error = refused(Config { key_set: key_set.to_owned(), ..good.clone() });
        assert!(matches!(error, Some(ConfigError::KeySet(_))), "{key_set}");
    }
    assert_eq!(refused(config(&[])), Some(ConfigError::NoKey));
    assert_eq!(refused(config(&[ed().jwk(json!({ "d": "AA" }))])), Some(ConfigError::PrivateKey));
    let same = [rsa(), rsa_of_somebody_else()].map(|signer| signer.jwk(json!({ "kid": "2026" })));
    assert_eq!(refused(config(&same)), Some(ConfigError::SameKey("2026".to_owned())));
    // Of two types they can be told apart (RFC 7517 §4.5).
    let both = issuer(&[rsa(), ec()].map(|signer| signer.jwk(json!({ "kid": "2026" }))));
    for signer in [rsa(), ec()] {
        let token = signer.sign(&signer.header(json!({ "kid": "2026" })), &claims(json!({})));
        assert!(read(&both, &token).is_ok());
    }
}

#[test]
fn keys_that_are_not_for_this_are_passed_over() {
    let short = encode([0xff; 128]);
    let even = encode([0xfe; 256]);
    let long = encode([0xff; 513]);
    for jwk in [
        ed().jwk(json!({ "use": "enc" })),
        ed().jwk(json!({ "use": 1 })),
        ed().jwk(json!({ "key_ops": ["sign"] })),
        ed().jwk(json!({ "alg": "ES256" })),
        ed().jwk(json!({ "alg": "HS256" })),
        ed().jwk(json!({ "kid": 7 })),
        ed().jwk(json!({ "crv": "X25519" })),
        ed().jwk(json!({ "x": "" })),
        ed().jwk(json!({ "x": encode([7; 31]) })),
        ed().jwk(json!({ "x": encode([7; 33]) })),
        ed().jwk(json!({ "x": "!" })),
        ed().jwk(json!({ "x": null })),
        ec().jwk(json!({ "crv": "P-384" })),
        ec().jwk(json!({ "y": encode([7; 32]) })),
        ec().jwk(json!({ "y": "" })),
        ec().jwk(json!({ "alg": "ES384" })),
        rsa().jwk(json!({ "alg": "RS512" })),
        rsa().jwk(json!({ "alg": "RSA-OAEP" })),
        rsa().jwk(json!({ "n": short })),
        rsa().jwk(json!({ "n": even })),
        rsa().jwk(json!({ "n": long })),
        rsa().jwk(json!({ "n": "" })),
        rsa().jwk(json!({ "e": "AQ" })),
        rsa().jwk(json!({ "e": "Ag" })),
        rsa().jwk(json!({ "e": "" })),
        rsa().jwk(json!({ "e": "AQAAAAAB" })),
        rsa().jwk(json!({ "kty": "rsa" })),
        json!({}),
    ] {
        assert_eq!(Issuer::new(config(std::slice::from_ref(&jwk))).err(), Some(ConfigError::NoKey), "{jwk}");
        // Beside a good one they do no harm.
        let token = ed().sign(&ed().header(json!({})), &claims(json!({})));
        assert!(read(&issuer(&[jwk, ed().jwk(json!({}))]), &token).is_ok());
    }
    for members in [
        json!({ "use": "sig", "alg": "EdDSA" }),
        json!({ "alg": "Ed25519" }),
        json!({ "alg": null, "key_ops": ["verify"], "x5t": "AA", "ext": true }),
    ] {
        let token = ed().sign(&ed().header(json!({})), &claims(json!({})));
        assert!(read(&issuer(&[ed().jwk(members)]), &token).is_ok());
    }
}

proptest! {
    #[test]
    fn key_sets_never_panic(name in "[a-z_]{1,8}", value in "\\PC{0,50}", text in "\\PC{0,60}") {
        for signer in [rsa(), ec(), ed()] {
            let _ = Issuer::new(config(&[signer.jwk(json!({ &name: &value, "x": &value }))]));
        }
        let config = Config { key_set: text, ..config(&[]) };
        prop_assert!(Issuer::new(config).is_err());
    }

    #[test]
    fn dates_never_panic(exp: f64, nbf: f64) {
        let _ = with(json!({ "exp": exp, "nbf": nbf }));
    }
}
