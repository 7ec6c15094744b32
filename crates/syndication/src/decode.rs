//! From bytes to text: the encoding by byte order mark, by declaration, or UTF-8 (RFC 7303 §3, RFC 8259 §8.1).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Position, ReadError};

/// A source as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// The text, without its byte order mark. Control characters, which XML forbids and databases refuse, are spaces in
    /// it; exports of WordPress hold them where an editor pasted from a word processor.
    pub(crate) text: Cow<'a, str>,
    /// What could not be read, and stands in the text as `U+FFFD`.
    pub(crate) damage: Option<Damage>,
    /// The encoding it is in by declaration, where it is in UTF-8.
    pub(crate) misnamed: Option<&'static str>,
}

/// Bytes that are not in the encoding of their source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The encoding's name.
    pub(crate) encoding: &'static str,
    /// The first place that is not in it.
    pub(crate) position: Position,
    /// How many signs could not be read.
    pub(crate) count: usize,
}

/// Of so many signs one may be unreadable in a text that is in its encoding but for some slips.
const SIGNS_A_SLIP: usize = 50;

/// Reads a source as text.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, ReadError> {
    if let Some(what) = compressed(bytes) {
        return Err(ReadError::Compressed(what));
    }
    let (mut encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (declared(bytes)?, bytes),
    };
    let mut misnamed = None;
    // Whoever saves a file anew in UTF-8 leaves its declaration; no text of another encoding is UTF-8 by accident.
    if encoding.is_single_byte() && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        misnamed = Some(encoding.name());
        encoding = UTF_8;
    }
    let (text, failed) = encoding.decode_without_bom_handling(bytes);
    let mut damage = None;
    if failed {
        // The text has a replacement character at each place that could not be decoded.
        let offset = text.find(char::REPLACEMENT_CHARACTER).unwrap_or(text.len());
        let (encoding, position) = (encoding.name(), Position::of(&text, offset));
        let count = text.matches(char::REPLACEMENT_CHARACTER).count();
        if text.chars().take(1_000).filter(|c| *c == '\0').count() > 1 {
            return Err(ReadError::NotText);
        }
        if count > text.chars().count() / SIGNS_A_SLIP {
            return Err(ReadError::Encoding { encoding, position });
        }
        damage = Some(Damage { encoding, position, count });
    }
    Ok(Decoded { text: as_meant(text), damage, misnamed })
}

/// What a source is packed with, by its first bytes.
fn compressed(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 5] = [
        (&[0x1F, 0x8B], "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"BZh", "bzip2"),
        (&[0xFD, b'7', b'z', b'X', b'Z', 0], "xz"),
        (&[0x28, 0xB5, 0x2F, 0xFD], "zstd"),
    ];
    MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| name)
}

/// Replaces control characters, one for one, so that places stay what they were.
fn as_meant(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_control = |c: char| is_stray_control(c) || is_c1(c);
    if text.chars().any(is_control) {
        Cow::Owned(text.chars().map(|c| if is_stray_control(c) { ' ' } else { meant(c) }).collect())
    } else {
        text
    }
}

/// What a character of C1 is meant to be: the sign windows-1252 has for its number (WHATWG §13.2.5.80). Nobody writes
/// the control characters themselves.
pub(crate) fn meant(c: char) -> char {
    match u8::try_from(c) {
        Ok(byte) if is_c1(c) => WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c),
        _ => c,
    }
}

const fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

/// Whether a character is one of C0 that no text needs.
pub(crate) const fn is_stray_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}')
}

/// The encoding an XML declaration names, or its first bytes show, else UTF-8.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, ReadError> {
    match bytes {
        [0, b'<', 0, ..] | [0, b'{', 0, ..] => return Ok(UTF_16BE),
        [b'<', 0, _, 0, ..] | [b'{', 0, _, 0, ..] => return Ok(UTF_16LE),
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]);
    let Some(declaration) = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else {
        return Ok(UTF_8);
    };
    let label = declaration.split_once("encoding").and_then(|(_, rest)| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    });
    match label {
        None => Ok(UTF_8),
        // Whoever writes "utf-16" in bytes that can be read as ASCII has written something else.
        Some(label) => match Encoding::for_label(label.as_bytes()) {
            Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
            Some(encoding) => Ok(encoding),
            None => Err(ReadError::UnknownEncoding(label.chars().take(40).collect())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes).unwrap().text.into_owned()
    }

    #[test]
    fn a_declared_encoding_is_followed() {
        let mut bytes = b"<?xml version='1.0' encoding='windows-1251'?><a>".to_vec();
        bytes.extend([0xC4, 0xEE, 0xEC]);
        assert!(text(&bytes).ends_with("<a>Дом"));
    }

    #[test]
    fn what_was_saved_in_utf_8_is_read_so_whatever_it_says() {
        let source = "<?xml version='1.0' encoding='windows-1251'?><a>Дом";
        let decoded = decode(source.as_bytes()).unwrap();
        assert_eq!((&*decoded.text, decoded.misnamed), (source, Some("windows-1251")));
        assert_eq!(decode(b"<?xml version='1.0' encoding='windows-1251'?><a>").unwrap().misnamed, None);
    }

    #[test]
    fn both_orders_of_utf_16_are_read_with_and_without_a_mark() {
        let whole = "<a>Täze</a>";
        let little: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = whole.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&little), whole);
        assert_eq!(text(&big), whole);
        assert_eq!(text(&[&[0xFF, 0xFE], little.as_slice()].concat()), whole);
        assert_eq!(text(&[&[0xFE, 0xFF], big.as_slice()].concat()), whole);
    }

    #[test]
    fn bytes_that_are_not_in_their_encoding_are_refused_with_their_place() {
        let error = decode(b"<a>\nab\xC4\xEE</a>").unwrap_err();
        assert_eq!(error, ReadError::Encoding { encoding: "UTF-8", position: Position { line: 2, column: 3 } });
    }

    #[test]
    fn a_slip_is_shown_as_one() {
        let bytes = [b"<a>\ncaf\xE9 ".as_slice(), &b"in plain words ".repeat(10)].concat();
        let decoded = decode(&bytes).unwrap();
        assert!(decoded.text.starts_with("<a>\ncaf\u{fffd} in"));
        let position = Position { line: 2, column: 4 };
        assert_eq!(decoded.damage, Some(Damage { encoding: "UTF-8", position, count: 1 }));
    }

    #[test]
    fn an_encoding_nobody_knows_is_named() {
        let error = decode(b"<?xml version=\"1.0\" encoding=\"klingon-1\"?><a/>").unwrap_err();
        assert_eq!(error.to_string(), "unknown encoding \"klingon-1\"");
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(text(b"a\x08b\0c\td"), "a b c\td");
    }

    #[test]
    fn what_was_taken_for_latin_1_is_read_as_it_was_meant() {
        assert_eq!(text("don\u{92}t \u{96} \u{81}é".as_bytes()), "don’t – \u{81}é");
    }
}
