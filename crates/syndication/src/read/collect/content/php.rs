//! Values as PHP writes them (`serialize`): `a:1:{s:4:"text";s:4:"Ebb.";}`.

use serde_json::{Map, Value};

/// Deeper is nobody's value.
const MOST_DEPTH: usize = 100;

/// A value that a text holds, as far as it can be read. `None` for a text that is none of PHP's.
pub(super) fn read(text: &str) -> Option<Value> {
    let is_one = ["a:", "O:", "s:"]
        .into_iter()
        .any(|start| text.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())));
    is_one.then(|| Reader { rest: text }.value(0)).flatten()
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        let kind = self.rest.chars().next()?;
        match kind {
            's' => self.text().map(|text| Value::String(text.to_owned())),
            'a' => {
                self.up_to('{')?;
                Some(self.entries(depth))
            }
            'O' => {
                // Its class is in front of its parts.
                self.up_to('{')?;
                Some(self.entries(depth))
            }
            'N' | 'b' | 'd' | 'i' | 'r' | 'R' => {
                let value = self.up_to(';')?;
                Some(value.strip_prefix("i:").map_or(Value::Null, |number| Value::String(number.to_owned())))
            }
            _ => None,
        }
    }

    /// What is between braces. What cannot be read ends it.
    fn entries(&mut self, depth: usize) -> Value {
        let mut entries = Map::new();
        while depth < MOST_DEPTH && !self.rest.starts_with('}') {
            let Some(Value::String(name)) = self.value(MOST_DEPTH) else { break };
            let Some(value) = self.value(depth + 1) else { break };
            entries.insert(name, value);
        }
        self.rest = self.rest.strip_prefix('}').unwrap_or(self.rest);
        Value::Object(entries)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length: Option<usize> = self.up_to('"')?.strip_prefix("s:")?.strip_suffix(':')?.parse().ok();
        let told = length.and_then(|length| Some((self.rest.get(..length)?, self.rest.get(length..)?)));
        // Where line breaks have changed on the way, its length is another.
        let (text, behind) = told.filter(|(_, behind)| behind.starts_with("\";")).or_else(|| {
            let end = self.rest.find("\";")?;
            Some(self.rest.split_at(end))
        })?;
        self.rest = &behind[2..];
        Some(text)
    }

    fn up_to(&mut self, sign: char) -> Option<&'a str> {
        let (before, behind) = self.rest.split_once(sign)?;
        self.rest = behind;
        Some(before)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn values_of_php_are_read_as_far_as_they_go() {
        for (text, value) in [
            (
                "a:1:{i:0;a:2:{s:4:\"text\";s:8:\"a \"b\": c\";s:2:\"on\";b:1;}}",
                json!({"0": {"text": "a \"b\": c", "on": null}}),
            ),
            ("s:10:\"Туман\";", json!("Туман")),
            ("O:8:\"stdClass\":1:{s:1:\"a\";d:0.5;}", json!({"a": null})),
            ("a:1:{s:1:\"a\";s:9:\"b\n c\";}", json!({"a": "b\n c"})),
            ("a:2:{s:1:\"a\";s:1:\"b\";s:99", json!({"a": "b"})),
            ("a:1:{", json!({})),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        for text in ["a: b", "s:", "words", "a:1"] {
            assert_eq!(read(text), None, "{text}");
        }
        let deep = "a:1:{i:0;".repeat(200_000);
        assert!(read(&deep).is_some());
    }
}
