//! Entity tags, by which a client asks whether it has a body already (RFC 9110 §8.8.3).

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::{HeaderMap, HeaderValue, header};

/// The tag of a body; a weak one, because answers are compressed on the way.
pub(crate) fn of(body: &[u8]) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    HeaderValue::from_str(&format!("W/\"{:016x}\"", hasher.finish()))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""))
}

/// Whether the client has the body with this tag (RFC 9110 §13.1.2).
pub(crate) fn is_known(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(tag) = tag.to_str().map(opaque) else { return false };
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|given| given.trim() == "*" || opaque(given) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_names_any_of_what_it_has() {
        let tag = of(b"body");
        let text = tag.to_str().unwrap();
        let knows = |given: &str| {
            let mut asked = HeaderMap::new();
            asked.insert(header::IF_NONE_MATCH, HeaderValue::from_str(given).unwrap());
            is_known(&asked, &tag)
        };
        for given in [text, text.trim_start_matches("W/"), "*", &format!("\"other\", {text}")] {
            assert!(knows(given), "{given}");
        }
        assert!(!knows(of(b"another").to_str().unwrap()));
        assert!(!is_known(&HeaderMap::new(), &tag));
    }
}
