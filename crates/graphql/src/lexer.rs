//! Counting what a document's text holds before anything parses it.
//!
//! The parser recurses and builds a tree, so its input is bounded first, by a scan that does neither.

use async_graphql::Pos;

use super::error::{RequestError, RequestErrorCode};

/// Names longer than this are not read: nothing has such a name, and messages quote names.
const LONGEST_NAME: usize = 128;

/// How much a document's text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// Tokens, as the specification's lexical grammar cuts them, or more: see [`words`].
    pub(super) tokens: usize,
    /// How deep brackets of any kind are nested.
    pub(super) nesting: usize,
}

/// Counts tokens and nesting in one pass, without recursion and without allocation.
///
/// The counts are never less than what the parser makes of the same text. A text that is no sequence of tokens may
/// pass, since the parser refuses it; only strings must be well-formed here, for what looks like code within an
/// open string is not counted.
pub(super) fn scan(text: &str) -> Result<Counts, RequestError> {
    let mut counts = Counts::default();
    let mut open = 0_usize;
    for token in Tokens::of(text) {
        let token = token?;
        counts.tokens += match token.kind {
            Kind::Name => words(token.bytes(text)),
            Kind::Mark(b'{' | b'[' | b'(') => {
                open += 1;
                counts.nesting = counts.nesting.max(open);
                1
            }
            Kind::Mark(b'}' | b']' | b')') => {
                open = open.saturating_sub(1);
                1
            }
            _ => 1,
        };
    }
    Ok(counts)
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The bytes it begins and ends at.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// A string of one line.
    String,
    /// A block string.
    Block,
    /// A number, or three dots.
    Other,
    /// A punctuator; or any other byte, which the parser will refuse.
    Mark(u8),
}

impl Token {
    /// The token as it is written.
    pub(super) fn text(self, of: &str) -> &str {
        of.get(self.start..self.end).unwrap_or_default()
    }

    fn bytes(self, of: &str) -> &[u8] {
        &of.as_bytes()[self.start..self.end]
    }
}

/// The tokens of a text, until one is wrong.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The kind and the length of the token that begins here.
    fn token(&self, rest: &[u8]) -> Result<(Kind, usize), RequestError> {
        Ok(match rest[0] {
            b'"' => {
                let length = string(rest).ok_or_else(|| self.wrong("the string that begins here does not end"))?;
                (if rest.starts_with(b"\"\"\"") { Kind::Block } else { Kind::String }, length)
            }
            b'.' if rest.starts_with(b"...") => (Kind::Other, 3),
            b'-' | b'0'..=b'9' => (Kind::Other, number(rest)),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                let length = rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
                if length > LONGEST_NAME {
                    return Err(
                        self.wrong(&format!("a name of {length} characters; the longest read is {LONGEST_NAME}"))
                    );
                }
                (Kind::Name, length)
            }
            byte => (Kind::Mark(byte), 1),
        })
    }

    fn wrong(&self, message: &str) -> RequestError {
        RequestError::new(RequestErrorCode::ParseFailed, message).at(position(self.text, self.at))
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, RequestError>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        loop {
            let rest = bytes.get(self.at..)?;
            self.at += match rest.first()? {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => 1,
                0xEF if rest.starts_with("\u{feff}".as_bytes()) => 3,
                b'#' => rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len()),
                _ => {
                    let token = self.token(rest);
                    let start = self.at;
                    // What is wrong ends it.
                    self.at = token.as_ref().map_or(bytes.len(), |(_, length)| start + length);
                    return Some(token.map(|(kind, length)| Token { kind, start, end: start + length }));
                }
            };
        }
    }
}

/// How many tokens a name is, at the most: the parser needs no space after its keywords, so that `queryFront` is an
/// operation's kind and its name to it, and `[nulltrue00]` a list of four.
fn words(name: &[u8]) -> usize {
    let mut rest = name;
    let mut words = 0;
    for keyword in [&b"query"[..], b"mutation", b"subscription", b"fragment"] {
        if let Some(after) = rest.strip_prefix(keyword) {
            words += 1;
            rest = after;
            break;
        }
    }
    while let Some(after) = [&b"true"[..], b"false", b"null", b"0"].iter().find_map(|word| rest.strip_prefix(*word)) {
        words += 1;
        rest = after;
    }
    words + usize::from(!rest.is_empty())
}

const fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The length of the string that begins here; none when it does not end.
fn string(rest: &[u8]) -> Option<usize> {
    let mut at = if rest.starts_with(b"\"\"\"") { 3 } else { 1 };
    let block = at == 3;
    loop {
        let rest = rest.get(at..)?;
        at += match rest.first()? {
            b'"' if !block => return Some(at + 1),
            b'"' if rest.starts_with(b"\"\"\"") => return Some(at + 3),
            b'\\' if !block && !matches!(rest.get(1), Some(b'\n' | b'\r')) => 2,
            b'\\' if rest.starts_with(b"\\\"\"\"") => 4,
            b'\n' | b'\r' if !block => return None,
            _ => 1,
        };
    }
}

/// The length of the number that begins here; of a lone sign, one.
fn number(rest: &[u8]) -> usize {
    let digits =
        |from: usize| rest.get(from..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let sign = usize::from(rest[0] == b'-');
    let mut at = sign + if rest.get(sign) == Some(&b'0') { 1 } else { digits(sign) };
    if rest.get(at) == Some(&b'.') && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
    }
    if matches!(rest.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
        if digits(at + 1 + sign) > 0 {
            at += 1 + sign + digits(at + 1 + sign);
        }
    }
    at.max(1)
}

/// The line and the column of a byte, both from one.
pub(super) fn position(text: &str, byte: usize) -> Pos {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
    let lines = before.matches('\n').count() + before.replace("\r\n", "\n").matches('\r').count();
    Pos { line: lines + 1, column: line.chars().count() + 1 }
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
