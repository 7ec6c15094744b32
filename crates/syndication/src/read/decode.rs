//! From bytes to text: the encoding by byte order mark, by declaration, or UTF-8 (RFC 7303 §3, RFC 8259 §8.1).

use std::{borrow::Cow, fmt};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::read::error::{Position, ReadError};

/// A source as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// The text, without its byte order mark. Control characters, which XML forbids and databases refuse, are spaces in
    /// it; exports of WordPress hold them where an editor pasted from a word processor.
    pub(crate) text: Cow<'a, str>,
    /// What could not be read, and stands in the text as `U+FFFD`.
    pub(crate) damage: Option<Damage>,
    /// What is to be said of an encoding that is not the one it says it is in.
    pub(crate) encoding: Option<String>,
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

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encoding, count, .. } = self;
        match count {
            1 => write!(f, "the sign here is not in {encoding}; it is shown as \u{fffd}"),
            _ => write!(f, "{count} signs from here on are not in {encoding}; each is shown as \u{fffd}"),
        }
    }
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
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let mut said = None;
    // Whoever saves a file anew in UTF-8 leaves its declaration; no text of another encoding is UTF-8 by accident.
    if encoding.is_single_byte() && !bytes.is_ascii() && is_utf8 {
        said = Some(format!("it says that it is in {}, and is in UTF-8; it is read so", encoding.name()));
        encoding = UTF_8;
    }
    // What is no UTF-8 says so by accident or by default: nobody declares what they do not know of.
    if encoding == UTF_8 && !is_utf8 {
        if bytes.iter().take(1_000).filter(|byte| **byte == 0).count() > 1 {
            return Err(ReadError::NotText);
        }
        let (text, message) = undeclared(bytes);
        return Ok(Decoded { text: as_meant(text), damage: None, encoding: Some(message) });
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
    Ok(Decoded { text: as_meant(text), damage, encoding: said })
}

/// Fewer letters of the Latin script do not say which of its encodings they are in.
const SURE: usize = 4;

fn is_of_another_script(c: char) -> bool {
    c.is_alphabetic() && c > '\u{24f}'
}

/// Reads what is not in UTF-8 though nothing says otherwise. Where other signs of it are, it is in UTF-8 but for some
/// that came from elsewhere; else it is in the encoding its letters are most like, and in windows-1252, as all browsers
/// take it, where they are like none.
fn undeclared(bytes: &[u8]) -> (Cow<'_, str>, String) {
    let mut mended = String::with_capacity(bytes.len() + bytes.len() / 8);
    let (mut strays, mut whole) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        strays += chunk.invalid().len();
        mended.push_str(chunk.valid());
        mended.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    if whole > strays {
        let signs = if strays == 1 { "1 sign that is".to_owned() } else { format!("{strays} signs that are") };
        return (Cow::Owned(mended), format!("it is in UTF-8 but for {signs} not; windows-1252 is taken for them"));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let (text, failed) = guess.decode_without_bom_handling(bytes);
    let letters = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    if failed || guess == WINDOWS_1252 || (letters < SURE && !text.chars().any(is_of_another_script)) {
        let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
        return (text, "it is not in UTF-8 and names no other encoding; windows-1252 is taken".to_owned());
    }
    (
        text,
        format!(
            "it is not in UTF-8 and names no other encoding; {}, which its letters look like, is taken",
            guess.name()
        ),
    )
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
        let message = "it says that it is in windows-1251, and is in UTF-8; it is read so";
        assert_eq!((&*decoded.text, decoded.encoding.as_deref()), (source, Some(message)));
        assert_eq!(decode(b"<?xml version='1.0' encoding='windows-1251'?><a>").unwrap().encoding, None);
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
        let error = decode(b"<?xml encoding='gbk'?>\nab\xFFcd").unwrap_err();
        assert_eq!(error, ReadError::Encoding { encoding: "GBK", position: Position { line: 2, column: 3 } });
    }

    #[test]
    fn a_slip_is_shown_as_one() {
        let bytes = [b"<?xml encoding='gbk'?>\nab\xFF ".as_slice(), &b"in plain words ".repeat(10)].concat();
        let decoded = decode(&bytes).unwrap();
        let position = Position { line: 2, column: 3 };
        assert_eq!(decoded.damage, Some(Damage { encoding: "GBK", position, count: 1 }));
    }

    #[test]
    fn what_names_no_encoding_is_read_as_what_its_letters_are() {
        for (bytes, read) in [
            (b"<a>caf\xE9</a>".as_slice(), "<a>café</a>"),
            (b"<a>\x93Quay\x94 \x96 \xA3 5</a>", "<a>“Quay” – £ 5</a>"),
            (b"<a>A\xE7\xE3o no cora\xE7\xE3o do munic\xEDpio</a>", "<a>Ação no coração do município</a>"),
            (
                b"<a>\xCD\xEE\xE2\xEE\xF1\xF2\xE8 \xE3\xEE\xF0\xEE\xE4\xE0 \xE8 \xEE\xE1\xEB\xE0\xF1\xF2\xE8</a>",
                "<a>Новости города и области</a>",
            ),
            (
                b"<?xml version='1.0' encoding='utf-8'?><a>Stra\xDFe</a>",
                "<?xml version='1.0' encoding='utf-8'?><a>Straße</a>",
            ),
        ] {
            let decoded = decode(bytes).unwrap();
            assert_eq!(decoded.text, read);
            assert!(decoded.encoding.unwrap().contains("not in UTF-8"), "{read}");
        }
        let mixed = ["Täze şäher, köne köprü; ".as_bytes(), b"caf\xE9"].concat();
        let decoded = decode(&mixed).unwrap();
        assert_eq!(decoded.text, "Täze şäher, köne köprü; café");
        assert!(decoded.encoding.unwrap().starts_with("it is in UTF-8 but for 1 sign that is not"));
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
