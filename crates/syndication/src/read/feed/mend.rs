//! JSON with a bad sign in one text, which would cost all others: half of a character that was cut in two, a line's end
//! inside a text, an escape there is none of.

use crate::read::error::Position;

/// What was mended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) position: Position,
    pub(super) message: &'static str,
    /// Whether a sign was lost by it.
    pub(super) is_lost: bool,
}

/// So many slips are said one by one; a text that has more is broken in one way all along.
const MOST: usize = 100;

/// The text with its slips mended.
pub(super) fn mended(text: &str) -> (String, Vec<Slip>) {
    let mut out = String::with_capacity(text.len() + 64);
    let mut slips = Vec::new();
    let mut in_string = false;
    let mut rest = text;
    let mut slip = |rest: &str, message, is_lost| {
        if slips.len() < MOST {
            let position = Position::of(text, text.len() - rest.len());
            slips.push(Slip { position, message, is_lost });
        }
    };
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => {
                in_string = !in_string;
                out.push(c);
                1
            }
            '\\' if in_string => match escape(rest) {
                Escape::Whole(length) => {
                    out.push_str(&rest[..length]);
                    length
                }
                Escape::Half => {
                    slip(rest, "the half of a character stands here; it is shown as \u{fffd}", true);
                    out.push('\u{fffd}');
                    6
                }
                Escape::Unknown => {
                    slip(rest, "there is no such escape; the sign behind it is taken", false);
                    // What follows is read as the text it is.
                    if rest.len() == 1 {
                        out.push('\\');
                    }
                    1
                }
            },
            '\n' | '\r' | '\t' if in_string => {
                slip(rest, "a line ends or a tab stands inside a text; it is taken as part of it", false);
                out.push_str(match c {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    _ => "\\t",
                });
                1
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    (out, slips)
}

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

    #[test]
    fn one_bad_sign_costs_itself() {
        for (text, whole) in [
            (r#"["Owl \ud83e…", "\ud83e\udd89"]"#, "[\"Owl \u{fffd}…\", \"\\ud83e\\udd89\"]"),
            (r#"["\udd89 tail"]"#, "[\"\u{fffd} tail\"]"),
            (r#"["\ud83e\n"]"#, "[\"\u{fffd}\\n\"]"),
            ("[\"two\nlines\"]", "[\"two\\nlines\"]"),
            (r#"["it\'s \x41"]"#, r#"["it's x41"]"#),
        ] {
            let (mended, slips) = mended(text);
            assert_eq!(mended, whole);
            assert!(!slips.is_empty());
            assert!(serde_json::from_str::<Vec<String>>(&mended).is_ok(), "{mended}");
        }
        assert_eq!(mended(r#"{"a": "b\\\" \u00e9"}"#).1, []);
    }
}
