//! The attacks on JWTs that are known (RFC 8725 §2).

use jsonwebtoken::{Algorithm, EncodingKey};
use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn an_unsigned_token_is_refused() {
    let unsigned = |header: &Value| {
        let token = ed().sign(header, &claims(json!({})));
        token.rsplit_once('.').unwrap().0.to_owned()
    };
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let message = unsigned(&json!({ "alg": alg }));
        assert_eq!(read(&all(), &format!("{message}.")), Err(ExternalError::Algorithm));
        assert_eq!(read(&all(), &format!("{message}.AAAA")), Err(ExternalError::Algorithm));
        assert_eq!(read(&all(), &message), Err(ExternalError::Malformed));
    }
    // Nor one that only says it is signed; with ECDSA, zeros once fitted everything (CVE-2022-21449).
    for signer in [rsa(), ec(), ed()] {
        let message = unsigned(&signer.header(json!({})));
        for signature in ["", "AAAA", &encode([0; 64]), &encode([0; 256]), "!!!!"] {
            let token = format!("{message}.{signature}");
            assert_eq!(read(&all(), &token), Err(ExternalError::BadSignature), "{token}");
        }
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    // The server checks HS256 with the bytes of the public key, which everybody has: in each form it has.
    let jwk = rsa().jwk(json!({ "alg": null }));
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    let der = [&[0x30, 0x82, 1, 10, 2, 0x82, 1, 1, 0], &modulus[..], &[2, 3, 1, 0, 1]].concat();
    let base64 = base64::engine::general_purpose::STANDARD.encode(&der);
    let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{base64}\n-----END RSA PUBLIC KEY-----\n");
    let secrets = [jwk.to_string().into_bytes(), jwk["n"].as_str().unwrap().into(), modulus, der, pem.into_bytes()];
    for keys in [vec![jwk.clone()], vec![rsa().jwk(json!({ "kid": "rsa" })), ec().jwk(json!({}))]] {
        for secret in &secrets {
            for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                let forger = Signer { algorithm, key: EncodingKey::from_secret(secret) };
                for kid in [json!(null), json!("rsa")] {
                    let token = forger.sign(&forger.header(json!({ "kid": kid })), &claims(json!({})));
                    assert!(read(&issuer(&keys), &token).is_err());
                    // And with a header that says RS256.
                    let token = forger.sign(&rsa().header(json!({ "kid": kid })), &claims(json!({})));
                    assert!(read(&issuer(&keys), &token).is_err());
                }
            }
        }
    }
    let forger = Signer { algorithm: Algorithm::HS256, key: EncodingKey::from_secret(&secrets[0]) };
    let token = forger.sign(&forger.header(json!({})), &claims(json!({})));
    assert_eq!(read(&issuer(&[jwk]), &token), Err(ExternalError::Algorithm));
    // Not even a secret that somebody put into the set.
    let shared = json!({ "kty": "oct", "k": encode(b"secret"), "kid": "shared", "alg": "HS256" });
    let forger = Signer { algorithm: Algorithm::HS256, key: EncodingKey::from_secret(b"secret") };
    let token = forger.sign(&forger.header(json!({ "kid": "shared" })), &claims(json!({})));
    assert_eq!(read(&issuer(&[shared, ed().jwk(json!({}))]), &token), Err(ExternalError::Algorithm));
}

#[test]
fn an_algorithm_has_to_be_that_of_the_key() {
    let (rsa, ec) = (rsa(), ec());
    let token = rsa.sign(&rsa.header(json!({ "kid": "ec" })), &claims(json!({})));
    assert_eq!(read(&all(), &token), Err(ExternalError::Algorithm));
    let token = rsa.sign(&ec.header(json!({ "kid": "ec" })), &claims(json!({})));
    assert_eq!(read(&all(), &token), Err(ExternalError::BadSignature));
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        let other = Signer { algorithm, ..rsa.clone() };
        let token = other.sign(&other.header(json!({ "kid": "rsa" })), &claims(json!({})));
        assert_eq!(read(&all(), &token), Err(ExternalError::Algorithm));
        let token = other.sign(&rsa.header(json!({ "kid": "rsa" })), &claims(json!({})));
        assert_eq!(read(&all(), &token), Err(ExternalError::BadSignature));
    }
}

#[test]
fn only_the_configured_keys_count() {
    let thief = rsa_of_somebody_else();
    for members in [
        json!({}),
        json!({ "kid": "rsa" }),
        json!({ "kid": "rsa", "jwk": thief.jwk(json!({ "kid": "rsa" })) }),
        json!({ "jwk": thief.jwk(json!({})) }),
        json!({ "kid": "rsa", "jku": "https://thief.example/keys.json", "x5u": "https://thief.example/cert.pem" }),
        json!({ "kid": "rsa", "x5c": ["MIIB"] }),
    ] {
        let token = thief.sign(&thief.header(members.clone()), &claims(json!({})));
        assert_eq!(read(&all(), &token), Err(ExternalError::BadSignature), "{members}");
        // They do not help, nor do they harm.
        let mut members = members;
        members["kid"] = json!("rsa");
        let token = rsa().sign(&rsa().header(members), &claims(json!({})));
        assert!(read(&all(), &token).is_ok());
    }
    for kid in ["other", "", "RSA", "../../etc/passwd", "' OR 1=1 --"] {
        assert_eq!(headed(json!({ "kid": kid })), Err(ExternalError::UnknownKey), "{kid}");
    }
}

#[test]
fn headers_that_change_what_a_token_is_are_refused() {
    for (members, error) in [
        (json!({ "kid": "ed", "crit": ["exp"] }), Some(ExternalError::Critical)),
        (json!({ "kid": "ed", "crit": ["b64"], "b64": false }), Some(ExternalError::Critical)),
        (json!({ "kid": "ed", "crit": [] }), Some(ExternalError::Critical)),
        (json!({ "kid": "ed", "typ": "logout+jwt" }), Some(ExternalError::Type)),
        (json!({ "kid": "ed", "typ": "dpop+jwt" }), Some(ExternalError::Type)),
        (json!({ "kid": "ed", "typ": "courant-preview+jwt" }), Some(ExternalError::Type)),
        (json!({ "kid": "ed", "typ": "" }), Some(ExternalError::Type)),
        (json!({ "kid": "ed", "typ": "at+jwt" }), None),
        (json!({ "kid": "ed", "typ": "application/at+jwt" }), None),
        (json!({ "kid": "ed", "typ": "jwt" }), None),
        (json!({ "kid": "ed", "typ": null }), None),
        (json!({ "kid": 7 }), Some(ExternalError::Malformed)),
        (json!({ "alg": null }), Some(ExternalError::Malformed)),
        (json!({ "alg": ["EdDSA"] }), Some(ExternalError::Malformed)),
    ] {
        assert_eq!(headed(members.clone()).err(), error, "{members}");
    }
    // A header twice, so that one reader sees this and another that; and `crit` as null.
    for header in
        [r#"{"alg":"none","alg":"EdDSA"}"#, r#"{"alg":"EdDSA","kid":"x","kid":"ed"}"#, r#"{"alg":"EdDSA","crit":null}"#]
    {
        let token = ed().sign_text(header, &claims(json!({})).to_string());
        assert!(read(&all(), &token).is_err(), "{header}");
    }
}

#[test]
fn a_token_that_was_changed_is_refused() {
    let token = ed().sign(&ed().header(json!({ "kid": "ed" })), &claims(json!({})));
    let [header, body, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let chief = encode(claims(json!({ "roles": ["chief"] })).to_string());
    assert_eq!(read(&all(), &format!("{header}.{chief}.{signature}")), Err(ExternalError::BadSignature));
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        header.to_owned(),
        format!("{header}.{body}"),
        format!("{header}.{signature}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!(".{token}"),
        format!("{header}..{body}.{signature}"),
        format!("{header}.{body}.{signature}="),
        format!("{header}.{body}.{signature} "),
        format!("\u{feff}{token}"),
        format!("{header}=.{body}.{signature}"),
    ] {
        assert!(read(&all(), &text).is_err(), "{text}");
    }
    for length in 0..token.len() {
        assert!(read(&all(), &token[..length]).is_err());
    }
    // A JWE has five parts; JWS as JSON has braces.
    assert!(read(&all(), &format!("{header}.{body}.{body}.{body}.{signature}")).is_err());
    let json = json!({ "protected": header, "payload": body, "signature": signature });
    assert!(read(&all(), &json.to_string()).is_err());
}

#[test]
fn what_is_signed_but_no_object_is_malformed() {
    for body in ["", "[]", "null", "\"sub\"", "{", "\u{0}"] {
        let token = ed().sign_text(&ed().header(json!({})).to_string(), body);
        assert_eq!(read(&all(), &token), Err(ExternalError::Malformed), "{body}");
    }
}

#[test]
fn a_long_token_is_refused_before_it_is_read() {
    let padded = |length: usize| ed().sign(&ed().header(json!({})), &claims(json!({ "pad": "x".repeat(length) })));
    assert!(read(&all(), &padded(5000)).is_ok());
    assert_eq!(read(&all(), &padded(7000)), Err(ExternalError::TooLong));
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,40}(\\.\\PC{0,40}){0,4}") {
        prop_assert!(read(&all(), &text).is_err());
    }

    #[test]
    fn headers_and_claims_never_panic(header in "\\{\"alg\":\"(EdDSA|none)\"\\PC{0,20}", body in "\\PC{0,60}") {
        let token = ed().sign_text(&header, &body);
        prop_assert!(read(&all(), &token).is_err());
    }

    #[test]
    fn a_flipped_bit_is_refused(place: prop::sample::Index, bit in 0u32..7) {
        for signer in [ec(), ed()] {
            let token = signer.sign(&signer.header(json!({})), &claims(json!({})));
            let mut bytes = token.into_bytes();
            let at = place.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(read(&all(), &String::from_utf8(bytes).unwrap()).is_err());
        }
    }
}
