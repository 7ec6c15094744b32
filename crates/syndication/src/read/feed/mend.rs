//! JSON with a bad sign in one text, which would cost all others: half of a character that was cut in two, a line's end
//! inside a text, an escape there is none of, a comma behind the last of a list, a value there is none of (`NaN`, `1e999`), lists in
//! one another deeper than anybody's.

use crate::read::error::Position;

/// What was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) position: Position,
    pub(crate) message: &'static str,
    /// Whether a sign was lost by it.
    pub(crate) is_lost: bool,
}

/// So many slips are said one by one; a text that has more is broken in one way all along.
const MOST: usize = 100;

/// What is deeper is left out; the reader of JSON goes no deeper than 128.
const MOST_DEPTH: usize = 100;

/// No number and no word is longer.
const LONGEST_VALUE: usize = 1_000;

/// Mends a text that comes in pieces.
#[derive(Debug)]
pub(super) struct Mender {
    in_string: bool,
    /// A comma that is not written yet, with the white space behind it: behind the last of a list there may be none.
    comma: Option<(Position, String)>,
    here: Position,
    /// How many lists and objects are open.
    depth: usize,
    pub(super) slips: Vec<Slip>,
}

impl Default for Mender {
    fn default() -> Self {
        Self { in_string: false, comma: None, here: Position::START, depth: 0, slips: Vec::new() }
    }
}

impl Mender {
    /// Writes a piece of text with its slips mended, and says how many bytes of it were taken: what may be the beginning of
    /// an escape is not, unless it is the last.
    pub(super) fn mend(&mut self, text: &str, is_last: bool, out: &mut String) -> usize {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let (before, was_left_out) = (out.len(), self.depth > MOST_DEPTH);
            if let Some((position, held)) = self.comma.take_if(|_| !c.is_ascii_whitespace()) {
                match c {
                    ']' | '}' => {
                        self.slip_at(position, "a comma stands behind the last of a list; it is passed over", false);
                        out.push_str(&held[1..]);
                    }
                    _ => out.push_str(&held),
                }
            }
            let length = match c {
                ',' if !self.in_string => {
                    self.comma = Some((self.here, ",".to_owned()));
                    1
                }
                c if c.is_ascii_whitespace() && self.comma.is_some() => {
                    if let Some((_, held)) = &mut self.comma {
                        held.push(c);
                    }
                    1
                }
                '"' => {
                    self.in_string = !self.in_string;
                    out.push(c);
                    1
                }
                '\\' if self.in_string && rest.len() < LONGEST_ESCAPE && !is_last => break,
                '\\' if self.in_string => self.escape(rest, out),
                '\n' | '\r' | '\t' if self.in_string => {
                    self.slip("a line ends or a tab stands inside a text; it is taken as part of it", false);
                    out.push_str(match c {
                        '\n' => "\\n",
                        '\r' => "\\r",
                        _ => "\\t",
                    });
                    1
                }
                '[' | '{' if !self.in_string => {
                    self.depth += 1;
                    if self.depth == MOST_DEPTH + 1 {
                        self.slip("what is in one another here is deeper than anybody's; it is left out", true);
                        out.push_str("null");
                    } else {
                        out.push(c);
                    }
                    1
                }
                ']' | '}' if !self.in_string => {
                    self.depth = self.depth.saturating_sub(1);
                    out.push(c);
                    1
                }
                c if !self.in_string && self.depth > 0 && is_of_value(c) => {
                    let length = rest.find(|c| !is_of_value(c)).unwrap_or(rest.len());
                    // The rest of it may come yet.
                    if length == rest.len() && length < LONGEST_VALUE && !is_last {
                        break;
                    }
                    self.value(&rest[..length], out);
                    length
                }
                c => {
                    let is_special = |c: char| match self.in_string {
                        true => matches!(c, '"' | '\\' | '\n' | '\r' | '\t'),
                        false => true,
                    };
                    let first = c.len_utf8();
                    let plain = rest[first..].find(is_special).map_or(rest.len(), |at| first + at);
                    out.push_str(&rest[..plain]);
                    plain
                }
            };
            if was_left_out {
                out.truncate(before);
                self.comma = None;
            }
            let (taken, behind) = rest.split_at(length);
            self.here.pass(taken.as_bytes());
            rest = behind;
        }
        if let Some((_, held)) = self.comma.take_if(|_| is_last) {
            out.push_str(&held);
        }
        text.len() - rest.len()
    }

    /// Writes a number or a word, or nothing in the place of one that JSON has none of.
    fn value(&mut self, value: &str, out: &mut String) {
        let is_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let is_one = match is_number {
            // One that is not well-formed is for the reader to refuse.
            true => !value.parse::<f64>().is_ok_and(f64::is_infinite) && !value.ends_with("Infinity"),
            false => matches!(value, "true" | "false" | "null"),
        };
        if is_one {
            out.push_str(value);
        } else {
            self.slip("a value stands here that JSON has none of; it is left out", true);
            out.push_str("null");
        }
    }

    /// Writes the escape a text begins with, and says how many bytes it has.
    fn escape(&mut self, rest: &str, out: &mut String) -> usize {
        match escape(rest) {
            Escape::Whole(length) => {
                out.push_str(&rest[..length]);
                length
            }
            Escape::Half => {
                self.slip("the half of a character stands here; it is shown as \u{fffd}", true);
                out.push('\u{fffd}');
                6
            }
            Escape::Unknown => {
                self.slip("there is no such escape; the sign behind it is taken", false);
                // What follows is read as the text it is.
                if rest.len() == 1 {
                    out.push('\\');
                }
                1
            }
        }
    }

    fn slip(&mut self, message: &'static str, is_lost: bool) {
        self.slip_at(self.here, message, is_lost);
    }

    fn slip_at(&mut self, position: Position, message: &'static str, is_lost: bool) {
        if self.slips.len() < MOST {
            self.slips.push(Slip { position, message, is_lost });
        }
    }
}

/// Whether a sign is part of a number or a word.
const fn is_of_value(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_')
}

/// The escapes of both halves of a character.
const LONGEST_ESCAPE: usize = 12;

enum Escape {
    /// It is one, of so many bytes.
    Whole(usize),
    /// It is half of a pair of surrogates (RFC 8259 §7) without the other.
    Half,
    Unknown,
}

/// The escape a text begins with.
fn escape(text: &str) -> Escape {
    let code = |text: &str| u16::from_str_radix(text.get(..6)?.strip_prefix("\\u")?, 16).ok();
    match text.as_bytes().get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Escape::Whole(2),
        Some(b'u') => match code(text) {
            Some(0xD800..=0xDBFF) => match text.get(6..).and_then(code) {
                Some(0xDC00..=0xDFFF) => Escape::Whole(12),
                _ => Escape::Half,
            },
            Some(0xDC00..=0xDFFF) => Escape::Half,
            Some(_) => Escape::Whole(6),
            None => Escape::Unknown,
        },
        _ => Escape::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text mended, of which so many more characters are there each time.
    fn mended(text: &str, at_once: usize) -> (String, Vec<Slip>) {
        let (mut mender, mut out, mut kept) = (Mender::default(), String::new(), String::new());
        let mut signs = text.chars();
        loop {
            let before = kept.len();
            kept.extend(signs.by_ref().take(at_once));
            let is_last = kept.len() == before;
            let taken = mender.mend(&kept, is_last, &mut out);
            kept.drain(..taken);
            if is_last {
                return (out, mender.slips);
            }
        }
    }

    #[test]
    fn a_value_there_is_none_of_costs_itself() {
        let deep = |inner: &str, depth: usize| format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth));
        for (text, whole) in [
            (r#"{"a":1e999,"b":-1e999 }"#.to_owned(), r#"{"a":null,"b":null }"#.to_owned()),
            ("[NaN, -Infinity,Infinity ,undefined]".to_owned(), "[null, null,null ,null]".to_owned()),
            (format!("[{},\"b\"]", deep(r#"{"a":["b\n", 1]}, 2"#, 150)), format!("[{},\"b\"]", deep("null", 99))),
        ] {
            let (mended, slips) = mended(&text, 1_000);
            assert_eq!(mended, whole);
            assert_eq!(self::mended(&text, 1), (mended.clone(), slips.clone()), "sign by sign");
            assert!(!slips.is_empty() && slips.iter().all(|slip| slip.is_lost));
            assert!(serde_json::from_str::<serde_json::Value>(&mended).is_ok(), "{mended}");
        }
    }

    #[test]
    fn one_bad_sign_costs_itself() {
        for (text, whole) in [
            (r#"["Owl \ud83e…", "\ud83e\udd89"]"#, "[\"Owl \u{fffd}…\", \"\\ud83e\\udd89\"]"),
            (r#"["\udd89 tail"]"#, "[\"\u{fffd} tail\"]"),
            (r#"["\ud83e\n"]"#, "[\"\u{fffd}\\n\"]"),
            ("[\"two\nlines\"]", "[\"two\\nlines\"]"),
            (r#"["it\'s \x41"]"#, r#"["it's x41"]"#),
            (r#"["a, ]", "b" , ]"#, r#"["a, ]", "b"  ]"#),
        ] {
            let (mended, slips) = mended(text, 1_000);
            assert_eq!(mended, whole);
            assert_eq!(self::mended(text, 1), (mended.clone(), slips.clone()), "sign by sign");
            assert!(!slips.is_empty());
            assert!(serde_json::from_str::<Vec<String>>(&mended).is_ok(), "{mended}");
        }
        assert_eq!(mended("[-1.5e3, true, 1234567890123456789012345]", 100).1, []);
        assert_eq!(mended("[1 , [2]\n,3]", 100), ("[1 , [2]\n,3]".to_owned(), Vec::new()));
        assert_eq!(mended(r#"{"a": "b\\\" \u00e9"}"#, 100).1, []);
    }
}
