//! Reading JSON (RFC 8259) in which each key of an object stands once.
//!
//! What is given twice is read differently by different programs (RFC 8259, §4): whatever checks a request on its way here may
//! have seen the other one.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// The beginning of the error of a key that is there twice.
const TWICE: &str = "a key is given twice: ";

/// What is wrong with a text.
#[derive(Debug)]
pub(crate) enum Unread {
    /// A key, and the object has had it already.
    Twice(String),
    /// It is nested too deep.
    TooDeep,
    /// It is not JSON, from this line and column on.
    NotJson(usize, usize),
}

/// Reads a text.
pub(crate) fn read(text: &[u8]) -> Result<Value, Unread> {
    serde_json::from_slice(text).map(|Unique(value)| value).map_err(|error| {
        // It has no other names for these than its texts.
        let text = error.to_string();
        if let Some(key) = text.strip_prefix(TWICE).filter(|_| error.is_data()) {
            let key = key.rsplit_once(" at line ").map_or(key, |(key, _)| key);
            Unread::Twice(key.to_owned())
        } else if error.is_syntax() && text.starts_with("recursion limit exceeded") {
            Unread::TooDeep
        } else {
            Unread::NotJson(error.line(), error.column())
        }
    })
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read).map(Self)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if object.contains_key(&key) {
                let key: String = key.chars().take(100).collect();
                return Err(A::Error::custom(format_args!("{TWICE}{key}")));
            }
            let Unique(value) = fields.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_serde_reads_it() {
        let text = r#"{"a":[null,true,-1,18446744073709551615,1.5e3,1e999,"é\n\u00e9"],"b":{"a":{}},"c":[]}"#;
        let good = text.replace("1e999,", "");
        assert_eq!(read(good.as_bytes()).unwrap(), serde_json::from_str::<Value>(&good).unwrap());
        assert!(read(text.as_bytes()).is_err() && serde_json::from_str::<Value>(text).is_err());
        assert!(matches!(read(b"{\"a\":"), Err(Unread::NotJson(1, 5))));
        assert!(matches!(read("[".repeat(200).as_bytes()), Err(Unread::TooDeep)));
    }

    #[test]
    fn a_key_is_read_once_wherever_it_stands() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":2,"\u0061":1}"#,
            r#"{"b":{"a":1,"a":null}}"#,
            r#"[[{"b":[{"a":{},"a":{}}]}]]"#,
        ] {
            assert!(matches!(read(text.as_bytes()), Err(Unread::Twice(key)) if key == "a"), "{text}");
        }
        assert!(read(br#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#).is_ok());
    }
}
