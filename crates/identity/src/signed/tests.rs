use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn keys(seed: u8) -> Keys {
    Keys::new(&ServerSecret::from([seed; 32]))
}

fn access() -> Access {
    Access {
        user: Uuid::from_u128(1).into(),
        session: Uuid::from_u128(2).into(),
        issued_at: at(1000),
        expires_at: at(1900),
    }
}

fn preview() -> Preview {
    Preview {
        link: Uuid::from_u128(4).into(),
        entry: Uuid::from_u128(3).into(),
        locale: Locale::parse("tk").unwrap(),
        revision: 7,
        by: ActorId::user(access().user),
        issued_at: at(1000),
        expires_at: at(5000),
    }
}

/// A token's header and claims.
fn parts(token: &str) -> [Value; 2] {
    let mut parts =
        token.split('.').map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap_or_default()));
    [parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap()]
}

/// A token with this header and these claims, and the signature of `keys` for an access token.
fn forge(keys: &Keys, header: &Value, claims: &Value) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let signature = keys.access.mac(&format!("{header}.{claims}"));
    format!("{header}.{claims}.{signature}")
}

#[test]
fn a_token_says_what_it_was_given() {
    let keys = keys(1);
    let token = keys.access_issue(&access());
    let [header, claims] = parts(token.expose());
    assert_eq!(header, json!({ "typ": "at+jwt", "alg": "HS256" }));
    assert_eq!(
        claims,
        json!({
            "iss": "courant", "aud": "courant:access", "iat": 1000, "exp": 1900,
            "sub": "00000000-0000-0000-0000-000000000001", "sid": "00000000-0000-0000-0000-000000000002",
        })
    );
    assert_eq!(keys.access_read(token.expose(), at(1000)), Ok(access()));

    let token = keys.preview_issue(&preview());
    let [header, claims] = parts(token.expose());
    assert_eq!(header, json!({ "typ": "courant-preview+jwt", "alg": "HS256" }));
    assert_eq!(
        claims,
        json!({
            "iss": "courant", "aud": "courant:preview", "iat": 1000, "exp": 5000, "locale": "tk", "revision": 7,
            "jti": "00000000-0000-0000-0000-000000000004",
            "entry": "00000000-0000-0000-0000-000000000003", "by": "user:00000000-0000-0000-0000-000000000001",
        })
    );
    assert_eq!(keys.preview_read(token.expose(), at(1000)), Ok(preview()));
    assert_eq!(format!("{token:?} {keys:?}"), "Secret(…) Keys(…)");
}

#[test]
fn a_token_lives_from_its_first_second_to_its_last() {
    let keys = keys(1);
    let token = keys.access_issue(&access());
    let read = |now| keys.access_read(token.expose(), now).err();
    assert_eq!(read(at(994)), Some(TokenError::NotYetValid));
    assert_eq!(read(at(995)), None);
    assert_eq!(read("1970-01-01T00:31:39.999999999Z".parse().unwrap()), None);
    assert_eq!(read(at(1900)), Some(TokenError::Expired));
    assert_eq!(read(Timestamp::MAX), Some(TokenError::Expired));
    let token = keys.preview_issue(&preview());
    assert_eq!(keys.preview_read(token.expose(), at(5000)), Err(TokenError::Expired));
    assert_eq!(keys.preview_read(token.expose(), at(0)), Err(TokenError::NotYetValid));
}

#[test]
fn a_token_for_one_purpose_is_none_for_the_other() {
    let keys = keys(1);
    let (access, preview) = (keys.access_issue(&access()), keys.preview_issue(&preview()));
    assert_eq!(keys.preview_read(access.expose(), at(1000)), Err(TokenError::WrongPurpose));
    assert_eq!(keys.access_read(preview.expose(), at(1000)), Err(TokenError::WrongPurpose));
    // Not with the other's header either: the keys differ.
    let swap = |token: &str, header: &str| format!("{header}.{}", token.split_once('.').unwrap().1);
    let head = |token: &str| token.split_once('.').unwrap().0.to_owned();
    let access_as_preview = swap(access.expose(), &head(preview.expose()));
    let preview_as_access = swap(preview.expose(), &head(access.expose()));
    assert_eq!(keys.preview_read(&access_as_preview, at(1000)), Err(TokenError::BadSignature));
    assert_eq!(keys.access_read(&preview_as_access, at(1000)), Err(TokenError::BadSignature));
}

#[test]
fn claims_are_checked_even_when_the_signature_is_right() {
    let keys = keys(1);
    let [header, claims] = parts(keys.access_issue(&access()).expose());
    let read = |header: &Value, claims: &Value| keys.access_read(&forge(&keys, header, claims), at(1000)).err();
    let but = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        read(&header, &claims)
    };
    assert_eq!(read(&header, &claims), None);
    assert_eq!(but("iss", json!("https://id.example")), Some(TokenError::WrongPurpose));
    assert_eq!(but("aud", json!("courant:preview")), Some(TokenError::WrongPurpose));
    assert_eq!(but("aud", json!(["courant:access"])), Some(TokenError::Malformed));
    assert_eq!(but("sub", json!("ana")), Some(TokenError::Malformed));
    assert_eq!(but("exp", json!("1900")), Some(TokenError::Malformed));
    assert_eq!(but("exp", json!(i64::MAX)), Some(TokenError::Malformed));
    assert_eq!(but("exp", json!(null)), Some(TokenError::Malformed));
    assert_eq!(but("iat", json!(1006)), Some(TokenError::NotYetValid));
    assert_eq!(read(&header, &json!([])), Some(TokenError::Malformed));
}

#[test]
fn no_header_but_ours_is_looked_at() {
    let keys = keys(1);
    let [header, claims] = parts(keys.access_issue(&access()).expose());
    assert!(keys.access_read(&forge(&keys, &header, &claims), at(1000)).is_ok());
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS512")),
        ("alg", json!("RS256")),
        ("typ", json!("JWT")),
        ("kid", json!("../../dev/null")),
        ("jwk", json!({ "kty": "oct", "k": "AA" })),
        ("crit", json!(["exp"])),
    ] {
        let mut other = header.clone();
        other[name] = value;
        let token = forge(&keys, &other, &claims);
        assert_eq!(keys.access_read(&token, at(1000)), Err(TokenError::Malformed), "{other}");
    }
}

#[test]
fn what_has_not_a_tokens_form_is_malformed() {
    let keys = keys(1);
    let token = keys.access_issue(&access()).expose().to_owned();
    let (message, signature) = token.rsplit_once('.').unwrap();
    for text in [
        String::new(),
        "..".to_owned(),
        message.to_owned(),
        message.split_once('.').unwrap().0.to_owned(),
        format!("{token}="),
        format!(" {token}"),
        format!("{message}.{signature}.."),
        format!("{message}.{}", "A".repeat(4000)),
    ] {
        assert!(keys.access_read(&text, at(1000)).is_err(), "{text}");
    }
    let long = keys.preview_issue(&Preview { by: "x".repeat(4000).into(), ..preview() });
    assert_eq!(keys.preview_read(long.expose(), at(1000)), Err(TokenError::Malformed));
    for text in [format!("{message}."), format!("{message}.AAAA"), format!("{message}.{message}.{signature}")] {
        assert_eq!(keys.access_read(&text, at(1000)), Err(TokenError::BadSignature), "{text}");
    }
}

#[test]
fn tokens_outlive_a_change_of_the_secret_if_it_is_kept() {
    let (old, new) = (ServerSecret::from([1; 32]), ServerSecret::from([2; 32]));
    let token = Keys::new(&old).access_issue(&access());
    let read = |keys: &Keys| keys.access_read(token.expose(), at(1000));
    assert_eq!(read(&Keys::new(&new)), Err(TokenError::BadSignature));
    assert_eq!(read(&Keys::rotated(&new, std::slice::from_ref(&old))), Ok(access()));
    assert_eq!(read(&Keys::rotated(&new, &[ServerSecret::from([3; 32]), old.clone()])), Ok(access()));
    // What is signed after the change is signed with the new one.
    let token = Keys::rotated(&new, std::slice::from_ref(&old)).access_issue(&access());
    assert!(Keys::new(&new).access_read(token.expose(), at(1000)).is_ok());
    assert_eq!(Keys::new(&old).access_read(token.expose(), at(1000)), Err(TokenError::BadSignature));
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,40}(\\.[\\PC]{0,40}){0,4}") {
        let _ = keys(1).access_read(&text, at(1000));
        let _ = keys(1).preview_read(&text, at(1000));
    }

    #[test]
    fn claims_that_are_not_ours_never_panic(claims in "\\PC{0,60}") {
        let keys = keys(1);
        let header = URL_SAFE_NO_PAD.encode(ACCESS.header);
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(&claims));
        let token = format!("{message}.{}", keys.access.mac(&message));
        prop_assert_eq!(keys.access_read(&token, at(1000)), Err(TokenError::Malformed));
    }

    #[test]
    fn what_is_issued_is_read(
        user: u128, session: u128, revision: u32, by in "\\PC{0,60}", issued in -9_000_000_000i64..9_000_000_000, life in 1i64..100_000,
    ) {
        let (issued_at, expires_at) = (at(issued), at(issued + life));
        let access = Access { user: Uuid::from_u128(user).into(), session: Uuid::from_u128(session).into(), issued_at, expires_at };
        prop_assert_eq!(keys(1).access_read(keys(1).access_issue(&access).expose(), issued_at), Ok(access));
        let preview = Preview { revision, by: by.into(), issued_at, expires_at, entry: Uuid::from_u128(user).into(), ..preview() };
        prop_assert_eq!(keys(1).preview_read(keys(1).preview_issue(&preview).expose(), issued_at), Ok(preview));
    }

    #[test]
    fn a_flipped_bit_is_refused(at_byte in 0usize..1000, bit in 0u32..7) {
        let keys = keys(1);
        for token in [keys.access_issue(&access()), keys.preview_issue(&preview())] {
            let mut bytes = token.expose().as_bytes().to_vec();
            let place = at_byte % bytes.len();
            bytes[place] ^= 1 << bit;
            let text = String::from_utf8(bytes).unwrap();
            prop_assert!(keys.access_read(&text, at(1000)).is_err());
            prop_assert!(keys.preview_read(&text, at(1000)).is_err());
        }
    }

    #[test]
    fn another_servers_token_is_refused(seed in 2u8..) {
        let token = keys(seed).access_issue(&access());
        prop_assert_eq!(keys(1).access_read(token.expose(), at(1000)), Err(TokenError::BadSignature));
    }
}
