//! The issuer's public keys, and which of them a token is checked with.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::{Map, Value};

use super::{ConfigError, ExternalError};

/// The keys of a JWK Set (RFC 7517 §5) that can check what is taken.
#[derive(Debug, Clone)]
pub(super) struct KeySet(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    /// The one algorithm it is used with, which its type decides.
    algorithm: Algorithm,
    key: DecodingKey,
}

/// What is read of a token's header; everything else in it is passed over.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

fn is_there<'de, D: Deserializer<'de>>(header: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(header).map(|_| true)
}

impl KeySet {
    pub(super) fn parse(json: &str) -> Result<Self, ConfigError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Map<String, Value>>,
        }
        let set: Set = serde_json::from_str(json).map_err(|error| ConfigError::KeySet(error.to_string()))?;
        if set.keys.iter().any(|jwk| jwk.contains_key("d")) {
            return Err(ConfigError::PrivateKey);
        }
        let mut keys: Vec<Key> = Vec::new();
        for key in set.keys.iter().filter_map(Key::of_jwk) {
            if let Some(id) = &key.id
                && keys.iter().any(|other| other.algorithm == key.algorithm && other.id == key.id)
            {
                return Err(ConfigError::SameKey(id.clone()));
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(ConfigError::NoKey) } else { Ok(Self(keys)) }
    }

    /// The claims of a token that one of the keys signed, still encoded.
    pub(super) fn verify<'a>(&self, token: &'a str) -> Result<&'a str, ExternalError> {
        let (message, signature) = token.rsplit_once('.').ok_or(ExternalError::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(ExternalError::Malformed)?;
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| ExternalError::Malformed)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| ExternalError::Malformed)?;
        if header.crit {
            return Err(ExternalError::Critical);
        }
        if !header.typ.as_deref().is_none_or(is_access) {
            return Err(ExternalError::Type);
        }
        let algorithm = algorithm(&header.alg).ok_or(ExternalError::Algorithm)?;
        let key = self.choose(header.kid.as_deref(), algorithm)?;
        match crypto::verify(signature, message.as_bytes(), &key.key, key.algorithm) {
            Ok(true) => Ok(claims),
            Ok(false) | Err(_) => Err(ExternalError::BadSignature),
        }
    }

    fn choose(&self, id: Option<&str>, algorithm: Algorithm) -> Result<&Key, ExternalError> {
        let mut named = self.0.iter().filter(|key| id.is_none() || key.id.as_deref() == id).peekable();
        if named.peek().is_none() {
            return Err(ExternalError::UnknownKey);
        }
        let mut fitting = named.filter(|key| key.algorithm == algorithm);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(ExternalError::UnknownKey),
            (None, _) => Err(ExternalError::Algorithm),
        }
    }
}

impl Key {
    /// The key, if it is one to check signatures with that we know how to.
    fn of_jwk(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name| jwk.get(name).and_then(Value::as_str);
        let bytes = |name| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let (algorithm, key) = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let (modulus, exponent) = (bytes("n")?, bytes("e")?);
                is_sound_rsa(&modulus, &exponent)
                    .then(|| (Algorithm::RS256, DecodingKey::from_rsa_raw_components(&modulus, &exponent)))?
            }
            ("EC", Some("P-256")) => {
                let (x, y): ([u8; 32], [u8; 32]) = (bytes("x")?.try_into().ok()?, bytes("y")?.try_into().ok()?);
                // SEC 1 §2.3.3: a point that is not compressed.
                (Algorithm::ES256, DecodingKey::from_ec_der(&[&[4], &x[..], &y[..]].concat()))
            }
            ("OKP", Some("Ed25519")) => {
                let x: [u8; 32] = bytes("x")?.try_into().ok()?;
                (Algorithm::EdDSA, DecodingKey::from_ed_der(&x))
            }
            _ => return None,
        };
        // What else the key says about itself has to agree (RFC 7517 §4.2 to §4.4).
        let agrees = |name, agree: &dyn Fn(&Value) -> bool| jwk.get(name).is_none_or(agree);
        let usable = agrees("use", &|usage| usage == "sig")
            && agrees("key_ops", &|ops| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify")))
            && agrees("alg", &|alg| alg.as_str().and_then(self::algorithm) == Some(algorithm))
            && agrees("kid", &Value::is_string)
            // Refused by the library as a key, whatever the signature: a point that is not on the curve.
            && crypto::verify("", b"", &key, algorithm).is_ok();
        usable.then(|| Self { id: text("kid").map(str::to_owned), algorithm, key })
    }
}

fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "ES256" => Some(Algorithm::ES256),
        // RFC 8037 §3.1; RFC 9864 §2.2 calls it by the curve.
        "EdDSA" | "Ed25519" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// RFC 7515 §4.1.9: a media type, usually without its `application/`.
fn is_access(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    matches!(typ.strip_prefix("application/").unwrap_or(&typ), "jwt" | "at+jwt")
}

/// 2048 bits at least (RFC 7518 §3.3), 4096 at most, as checking takes time; an exponent of at most 32 bits.
fn is_sound_rsa(modulus: &[u8], exponent: &[u8]) -> bool {
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
    let bits = |number: &[u8]| {
        let leading = number.iter().take_while(|byte| **byte == 0).count();
        number.get(leading).map_or(0, |first| (number.len() - leading) * 8 - first.leading_zeros() as usize)
    };
    odd(modulus) && (2048..=4096).contains(&bits(modulus)) && odd(exponent) && (2..=32).contains(&bits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The claims of RFC 7515's examples.
    const JOE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    fn check(jwk: &str, message: &str, signature: &str) {
        let keys = KeySet::parse(&format!(r#"{{"keys":[{jwk}]}}"#)).unwrap();
        let claims = message.split_once('.').unwrap().1;
        assert_eq!(keys.verify(&format!("{message}.{signature}")), Ok(claims));
        let changed = format!("{message}A.{signature}");
        assert_eq!(keys.verify(&changed), Err(ExternalError::BadSignature));
    }

    #[test]
    fn rs256_is_that_of_the_standard() {
        // RFC 7515 A.2.
        let jwk = r#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#;
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        check(jwk, &format!("eyJhbGciOiJSUzI1NiJ9.{JOE}"), signature);
    }

    #[test]
    fn es256_is_that_of_the_standard() {
        // RFC 7515 A.3.
        let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        check(jwk, &format!("eyJhbGciOiJFUzI1NiJ9.{JOE}"), signature);
    }

    #[test]
    fn eddsa_is_that_of_the_standard() {
        // RFC 8037 A.4.
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        check(jwk, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", signature);
    }
}
