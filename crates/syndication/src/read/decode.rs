//! From bytes to text: the encoding by byte order mark, by declaration, or UTF-8 (RFC 7303 §3, RFC 8259 §8.1). How a source is to be
//! read is known when all of it was seen; then its text comes a piece at a time.

mod text;

use std::{fmt, io, io::Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::read::{
    error::{Position, ReadError},
    input::Input,
};

pub(crate) use text::{Reading, Text};

/// How a source becomes text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoding {
    reading: Reading,
    /// The bytes of its byte order mark.
    mark: usize,
    /// What could not be read, and stands in the text as `U+FFFD`.
    pub(crate) damage: Option<Damage>,
    /// What is to be said of an encoding that is not the one it says it is in.
    pub(crate) message: Option<String>,
    /// Whether there are zeros at its beginning, which are in no text.
    pub(crate) has_zeros: bool,
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

/// So much of a source is looked at for what its beginning says.
const HEAD: usize = 1_000;

impl Decoding {
    /// Looks through a source.
    pub(crate) fn of(input: &(impl Input + ?Sized)) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        input.open()?.take(HEAD as u64).read_to_end(&mut head)?;
        if let Some(what) = compressed(&head) {
            return Err(ReadError::Compressed(what));
        }
        let (encoding, mark) = match Encoding::for_bom(&head) {
            Some((encoding, length)) => (encoding, length),
            None => (declared(&head)?, 0),
        };
        let zeros = head[mark..].iter().filter(|byte| **byte == 0).count();
        let found = |reading| Self { reading, mark, damage: None, message: None, has_zeros: zeros > 0 };
        let seen = Utf8::of(after_mark(input, mark)?)?;
        if encoding == UTF_8 {
            return match seen.strays {
                0 => Ok(found(Reading::Utf8)),
                // What is no UTF-8 says so by accident or by default: nobody declares what they do not know of.
                _ if zeros > 1 => Err(ReadError::NotText),
                _ => {
                    let (reading, message) = undeclared(input, mark, &seen)?;
                    Ok(Self { message: Some(message), ..found(reading) })
                }
            };
        }
        // Whoever saves a file anew in UTF-8 leaves its declaration; no text of another encoding is UTF-8 by accident.
        if encoding.is_single_byte() && seen.strays == 0 && seen.signs > 0 {
            let message = format!("it says that it is in {}, and is in UTF-8; it is read so", encoding.name());
            return Ok(Self { message: Some(message), ..found(Reading::Utf8) });
        }
        let damage = damage(after_mark(input, mark)?, encoding)?;
        Ok(Self { damage, ..found(Reading::In(encoding)) })
    }

    /// The text, from its beginning on.
    pub(crate) fn text<'a>(&self, input: &'a (impl Input + ?Sized)) -> io::Result<Text<Box<dyn Read + 'a>>> {
        Ok(Text::new(after_mark(input, self.mark)?, self.reading))
    }
}

/// What is behind the byte order mark.
fn after_mark<'a>(input: &'a (impl Input + ?Sized), mark: usize) -> io::Result<Box<dyn Read + 'a>> {
    let mut bytes = input.open()?;
    let mut skipped = [0; 4];
    bytes.read_exact(&mut skipped[..mark.min(4)])?;
    Ok(bytes)
}

/// What there is of UTF-8 in a source.
struct Utf8 {
    /// Signs beyond ASCII.
    signs: usize,
    /// Bytes that are none of a sign.
    strays: usize,
}

impl Utf8 {
    fn of(mut bytes: impl Read) -> io::Result<Self> {
        let (mut raw, mut seen) = (Vec::new(), Self { signs: 0, strays: 0 });
        loop {
            let is_at_end = text::more(&mut bytes, &mut raw)? == 0;
            let whole = if is_at_end { raw.len() } else { text::whole(&raw) };
            for chunk in raw[..whole].utf8_chunks().filter(|_| !raw.is_ascii()) {
                seen.signs += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
                seen.strays += chunk.invalid().len();
            }
            raw.drain(..whole);
            if is_at_end {
                return Ok(seen);
            }
        }
    }
}

/// Of so many signs one may be unreadable in a text that is in its encoding but for some slips.
const SIGNS_A_SLIP: usize = 50;

/// What of a source is not in its encoding.
fn damage(bytes: impl Read, encoding: &'static Encoding) -> Result<Option<Damage>, ReadError> {
    let mut text = Text::new(bytes, Reading::In(encoding));
    let (mut signs, mut count) = (0_usize, 0_usize);
    let (mut here, mut first) = (Position::START, None);
    loop {
        let piece = text.piece()?;
        if piece.is_empty() {
            break;
        }
        for c in piece.chars() {
            if c == char::REPLACEMENT_CHARACTER {
                count += 1;
                first.get_or_insert(here);
            }
            signs += 1;
            here.pass(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        let length = piece.len();
        io::BufRead::consume(&mut text, length);
    }
    let Some(position) = first else { return Ok(None) };
    if count > signs / SIGNS_A_SLIP {
        return Err(ReadError::Encoding { encoding: encoding.name(), position });
    }
    Ok(Some(Damage { encoding: encoding.name(), position, count }))
}

/// Fewer letters of the Latin script do not say which of its encodings they are in.
const SURE: usize = 4;

fn is_of_another_script(c: char) -> bool {
    c.is_alphabetic() && c > '\u{24f}'
}

/// Says how to read what is not in UTF-8 though nothing says otherwise. Where other signs of it are, it is in UTF-8 but for
/// some that came from elsewhere; else it is in the encoding its letters are most like, and in windows-1252, as all browsers
/// take it, where they are like none.
fn undeclared(input: &(impl Input + ?Sized), mark: usize, seen: &Utf8) -> Result<(Reading, String), ReadError> {
    let strays = seen.strays;
    if seen.signs > strays {
        let signs = if strays == 1 { "1 sign that is".to_owned() } else { format!("{strays} signs that are") };
        let message = format!("it is in UTF-8 but for {signs} not; windows-1252 is taken for them");
        return Ok((Reading::Utf8WithStrays, message));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut bytes, mut raw) = (after_mark(input, mark)?, Vec::new());
    while text::more(&mut bytes, &mut raw)? > 0 {
        detector.feed(&raw, false);
        raw.clear();
    }
    detector.feed(&[], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess != WINDOWS_1252 && looks_like(after_mark(input, mark)?, guess)? {
        let message = format!(
            "it is not in UTF-8 and names no other encoding; {}, which its letters look like, is taken",
            guess.name()
        );
        return Ok((Reading::In(guess), message));
    }
    let message = "it is not in UTF-8 and names no other encoding; windows-1252 is taken".to_owned();
    Ok((Reading::In(WINDOWS_1252), message))
}

/// Whether all of a source is in an encoding, and has enough letters to say so.
fn looks_like(bytes: impl Read, encoding: &'static Encoding) -> io::Result<bool> {
    let mut text = Text::new(bytes, Reading::In(encoding));
    let (mut letters, mut has_other_script) = (0_usize, false);
    loop {
        let piece = text.piece()?;
        if piece.is_empty() {
            return Ok(letters >= SURE || has_other_script);
        }
        for c in piece.chars().filter(|c| !c.is_ascii()) {
            if c == char::REPLACEMENT_CHARACTER {
                return Ok(false);
            }
            letters += usize::from(c.is_alphabetic());
            has_other_script |= is_of_another_script(c);
        }
        let length = piece.len();
        io::BufRead::consume(&mut text, length);
    }
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

    struct Decoded {
        text: String,
        damage: Option<Damage>,
        message: Option<String>,
    }

    fn decode(bytes: &[u8]) -> Result<Decoded, ReadError> {
        let decoding = Decoding::of(bytes)?;
        let mut text = String::new();
        decoding.text(bytes)?.read_to_string(&mut text)?;
        Ok(Decoded { text, damage: decoding.damage, message: decoding.message })
    }

    fn text(bytes: &[u8]) -> String {
        decode(bytes).unwrap().text
    }

    #[test]
    fn a_piece_ends_between_characters() {
        // More than a piece, of characters of two and three bytes at all places, and strays between them.
        let whole = "ý、".repeat(60_000);
        for (front, behind) in [("", ""), ("a", ""), ("ab", ""), ("", "\u{92}"), ("a\u{96}", "b")] {
            let source = format!("{front}{whole}{behind}");
            let meant = source.replace('\u{92}', "’").replace('\u{96}', "–");
            assert!(text(source.as_bytes()) == meant);
            let mut strays = source.into_bytes();
            strays.splice(66_000..66_000, *b"");
            strays.extend(b"\xE9t\xE9");
            assert!(text(&strays) == format!("{meant}été"));
        }
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
        assert_eq!((decoded.text.as_str(), decoded.message.as_deref()), (source, Some(message)));
        assert_eq!(decode(b"<?xml version='1.0' encoding='windows-1251'?><a>").unwrap().message, None);
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
        let error = Decoding::of(b"<?xml encoding='gbk'?>\nab\xFFcd".as_slice()).unwrap_err();
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
            assert!(decoded.message.unwrap().contains("not in UTF-8"), "{read}");
        }
        let mixed = ["Täze şäher, köne köprü; ".as_bytes(), b"caf\xE9"].concat();
        let decoded = decode(&mixed).unwrap();
        assert_eq!(decoded.text, "Täze şäher, köne köprü; café");
        assert!(decoded.message.unwrap().starts_with("it is in UTF-8 but for 1 sign that is not"));
    }

    #[test]
    fn an_encoding_nobody_knows_is_named() {
        let error = Decoding::of(b"<?xml version=\"1.0\" encoding=\"klingon-1\"?><a/>".as_slice()).unwrap_err();
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
