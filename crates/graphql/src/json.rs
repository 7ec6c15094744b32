//! Answers as JSON (RFC 8259).
//!
//! What is on its way into an answer can be JSON already: see [`written`]. So answers are written here, and by nothing else.

use std::io::Write;

use async_graphql::Value;
use bytes::Bytes;

/// A value that is JSON already. It is [`Value::Binary`], which the schema has no other use for.
pub fn written(json: Vec<u8>) -> Value {
    Value::Binary(Bytes::from(json))
}

/// Appends a value.
pub fn write(json: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => json.extend_from_slice(b"null"),
        Value::Boolean(true) => json.extend_from_slice(b"true"),
        Value::Boolean(false) => json.extend_from_slice(b"false"),
        // Nothing that is written to memory fails.
        Value::Number(number) => drop(write!(json, "{number}")),
        Value::String(text) => write_text(json, text),
        Value::Enum(name) => write_text(json, name),
        Value::Binary(written) => json.extend_from_slice(written),
        Value::List(items) => {
            json.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    json.push(b',');
                }
                write(json, item);
            }
            json.push(b']');
        }
        Value::Object(fields) => {
            json.push(b'{');
            for (at, (key, value)) in fields.iter().enumerate() {
                write_key(json, at == 0, key);
                write(json, value);
            }
            json.push(b'}');
        }
    }
}

/// How many bytes a value takes when it is written.
pub fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Boolean(true) => 4,
        Value::Boolean(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text_size(text),
        Value::Enum(name) => text_size(name),
        Value::Binary(written) => written.len(),
        Value::List(items) => items.iter().map(|item| size(item) + 1).sum::<usize>().max(1) + 1,
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| key.len() + size(value) + 4).sum::<usize>().max(1) + 1
        }
    }
}

fn text_size(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..b' ' => 5,
        _ => 0,
    };
    let more: usize = if is_plain(text.as_bytes()) { 0 } else { text.bytes().map(escaped).sum() };
    text.len() + more + 2
}

/// Appends the key of a field, which is a GraphQL name: there is nothing to escape in it.
pub fn write_key(json: &mut Vec<u8>, is_first: bool, key: &str) {
    json.reserve(key.len() + 4);
    if !is_first {
        json.push(b',');
    }
    json.push(b'"');
    json.extend_from_slice(key.as_bytes());
    json.extend_from_slice(b"\":");
}

/// Appends a string.
pub fn write_text(json: &mut Vec<u8>, text: &str) {
    // Most have nothing to escape, and seeing that takes a fraction of the time of looking for it byte by byte.
    if is_plain(text.as_bytes()) {
        json.reserve(text.len() + 2);
        json.push(b'"');
        json.extend_from_slice(text.as_bytes());
        json.push(b'"');
    } else {
        drop(serde_json::to_writer(json, text));
    }
}

/// Whether there is nothing to escape: eight bytes at a time, a borrow of whose subtraction shows in their highest bits.
fn is_plain(text: &[u8]) -> bool {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let any_below = |word: u64, limit: u8| word.wrapping_sub(EACH * u64::from(limit)) & !word & (EACH << 7) != 0;
    let any = |word: u64, byte: u8| any_below(word ^ (EACH * u64::from(byte)), 1);
    let (words, rest) = text.as_chunks();
    words.iter().all(|word| {
        let word = u64::from_ne_bytes(*word);
        !any_below(word, b' ') && !any(word, b'"') && !any(word, b'\\')
    }) && rest.iter().all(|byte| *byte >= b' ' && !matches!(byte, b'"' | b'\\'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn of(value: &Value) -> String {
        let mut json = Vec::new();
        write(&mut json, value);
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn values_are_written_as_serde_writes_them() {
        let value = json!({
            "a": [null, true, false, -1, 1.5, u64::MAX, "", "plain", "\"\\\u{0}\n\u{1f}\u{7f}é\u{2028}"],
            "b": {}, "c": [], "d": {"e": {"f": [[1], [{"g": "h"}]]}},
        });
        let written = Value::from_json(value.clone()).unwrap();
        assert_eq!(of(&written), value.to_string());
        assert_eq!(size(&written), value.to_string().len());
        assert_eq!(of(&Value::Enum(async_graphql::Name::new("IN_FORCE"))), "\"IN_FORCE\"");
    }

    #[test]
    fn what_is_written_already_stays_as_it_is() {
        let list = Value::List(vec![written(b"{\"a\":1}".to_vec()), Value::Null, written(b"[2]".to_vec())]);
        assert_eq!(of(&list), r#"[{"a":1},null,[2]]"#);
    }

    proptest! {
        #[test]
        fn texts_are_read_again_as_they_were(text in "\\PC{0,40}|[ -~\\x00-\\x1f]{0,40}") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(size(&Value::from(text.as_str())), json.len());
            prop_assert_eq!(of(&Value::from(text.as_str())), json);
        }
    }
}
