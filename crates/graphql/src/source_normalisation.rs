//! Normalising the source text: documents that the specification allows and the parser does not read (measured: async-graphql-parser 8.0.0-rc.5), written
//! so that it does (GraphQL, September 2025):
//!
//! - characters of strings by their number in braces, `\u{65}`, or by a surrogate pair, `\uD83D\uDE00` (§2.9.4);
//! - zero with a sign, `-0` (§2.9.1);
//! - three quotes in a block string, `\"""` (§2.9.4);
//! - spaces and comments within types, and comments behind `on` (§2.1.2, §2.1.4);
//! - descriptions of definitions and of variables (§2.3), which mean nothing to us;
//! - a carriage return alone as the end of a line (§2.1.3);
//! - whole numbers of more than 64 bits (§2.9.1), of which the parser keeps an approximation: they become names until the document is
//!   checked ([`large_integer`]), and take a column more.
//!
//! And what the specification does not allow and the parser reads, written so that it does not: `queryA{b}` for `query A{b}`,
//! `on` as the name of a fragment (§2.8), and brackets with no definition or argument in them (§2.6, §2.10).
//!
//! *Invariant*: everything else stays at its line and column, for errors tell where they are (but for what is in one line with
//! a block string of many quotes, which takes more room); and there are no more tokens than before, for these have been counted.

use std::{borrow::Cow, ops::Range};

use super::lexer::{Kind, Token, Tokens};

/// The text as the parser reads it.
pub(super) fn normalise(text: &str) -> Cow<'_, str> {
    let text = ends_of_lines(text);
    let tokens: Vec<Token> = Tokens::of(&text).map_while(Result::ok).collect();
    let mut edits = Vec::new();
    let mut open = Vec::new();
    let mut after = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark(mark @ (b'{' | b'[' | b'(')) => open.push(mark),
            Kind::Mark(mark @ (b'}' | b']' | b')')) => {
                open.pop();
                let opening = at.checked_sub(1).map(|before| tokens[before]).filter(|_| mark == b')');
                if let Some(opening) = opening.filter(|before| before.kind == Kind::Mark(b'(')) {
                    edits.push((opening.start..opening.end, "!".to_owned()));
                }
            }
            Kind::String | Kind::Block if is_description(&text, &tokens, at, &open) => {
                edits.push((token.start..token.end, blank(token.text(&text))));
            }
            Kind::String => edits.extend(string(token.text(&text)).map(|string| (token.start..token.end, string))),
            Kind::Block => edits.extend(block(token.text(&text)).map(|string| (token.start..token.end, string))),
            Kind::Other if is_large(token.text(&text)) => {
                edits.push((token.start..token.end, format!("_{}", token.text(&text))));
            }
            Kind::Other if token.text(&text) == "-0" => edits.push((token.start..token.end, " 0".to_owned())),
            Kind::Name if open.is_empty() && is_misnamed(&text, &tokens, at) => {
                edits.push((token.start..token.end, format!("!{}", &blank(token.text(&text))[1..])));
            }
            Kind::Mark(b'$') if at >= after => {
                if let Some(range) = ty(&tokens, at) {
                    after = range.end;
                    edits.extend(closed_up(&text, &tokens[range]));
                }
            }
            Kind::Name if at >= after && token.text(&text) == "on" => {
                let gap = token.end..tokens.get(at + 1).map_or(token.end, |next| next.start);
                if text[gap.clone()].contains('#') {
                    edits.push((gap.clone(), blank(&text[gap])));
                }
            }
            _ => {}
        }
    }
    if edits.is_empty() { text } else { Cow::Owned(edited(&text, edits)) }
}

/// The most digits a whole number is kept with.
const MOST_DIGITS: usize = 100;

/// Whether a token is a whole number that the parser would not keep.
fn is_large(token: &str) -> bool {
    (1..=MOST_DIGITS).contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_digit())
        && token.parse::<i64>().is_err()
}

/// The digits of the whole number that a name stands for, if it stands for one.
pub(super) fn large_integer(name: &str) -> Option<&str> {
    name.strip_prefix('_').filter(|digits| is_large(digits))
}

fn ends_of_lines(text: &str) -> Cow<'_, str> {
    if text.matches('\r').count() == text.matches("\r\n").count() {
        return Cow::Borrowed(text);
    }
    let mut letters = text.chars().peekable();
    let mut ended = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let alone = letter == '\r' && letters.peek() != Some(&'\n');
        ended.push(if alone { '\n' } else { letter });
    }
    Cow::Owned(ended)
}

fn edited(text: &str, edits: Vec<(Range<usize>, String)>) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut from = 0;
    for (range, replacement) in edits {
        edited.push_str(text.get(from..range.start).unwrap_or_default());
        edited.push_str(&replacement);
        from = range.end;
    }
    edited.push_str(&text[from..]);
    edited
}

/// As many spaces, on as many lines.
fn blank(text: &str) -> String {
    text.chars().map(|letter| if matches!(letter, '\n' | '\r') { letter } else { ' ' }).collect()
}

/// The keywords that definitions begin with.
const KEYWORDS: [&str; 4] = ["query", "mutation", "subscription", "fragment"];

/// Whether a name outside of all brackets is one that cannot be there: instead of a keyword, or `on` as a fragment's.
fn is_misnamed(text: &str, tokens: &[Token], at: usize) -> bool {
    let name = tokens[at].text(text);
    match at.checked_sub(1).map(|before| tokens[before]) {
        Some(before) if before.kind == Kind::Name => {
            name == "on" && before.text(text) == "fragment" && begins(tokens, at - 1)
        }
        _ => begins(tokens, at) && !KEYWORDS.contains(&name),
    }
}

/// Whether the token is the first of a definition, descriptions aside.
fn begins(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| tokens[before].kind);
    matches!(before, None | Some(Kind::Mark(b'}') | Kind::String | Kind::Block))
}

/// Whether a string describes what comes behind it: a definition with a keyword, or that of a variable.
fn is_description(text: &str, tokens: &[Token], at: usize, open: &[u8]) -> bool {
    let before = at.checked_sub(1).map(|before| tokens[before].kind);
    let next = |by: usize| tokens.get(at + by);
    match open {
        [] => {
            let begins = next(1).is_some_and(|next| KEYWORDS.contains(&next.text(text)));
            begins && matches!(before, None | Some(Kind::Mark(b'}')))
        }
        // The value before the next variable's definition is that of a default.
        [b'('] => is_definition(tokens, at + 1) && !matches!(before, Some(Kind::Mark(b'=' | b':'))),
        _ => false,
    }
}

/// Whether the definition of a variable begins here: only there does a colon follow a variable.
fn is_definition(tokens: &[Token], at: usize) -> bool {
    let kinds = tokens.get(at..at + 3).unwrap_or_default();
    matches!(kinds, [dollar, name, colon]
        if dollar.kind == Kind::Mark(b'$') && name.kind == Kind::Name && colon.kind == Kind::Mark(b':'))
}

/// The tokens of the type of the variable that is defined here.
fn ty(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    if !is_definition(tokens, at) {
        return None;
    }
    let is = |at: usize, mark: u8| tokens.get(at).is_some_and(|token| token.kind == Kind::Mark(mark));
    let start = at + 3;
    let mut at = start;
    while is(at, b'[') {
        at += 1;
    }
    let lists = at - start;
    let name = tokens.get(at).filter(|token| token.kind == Kind::Name);
    at += usize::from(name.is_some());
    for list in 0..=lists {
        if list > 0 {
            if !is(at, b']') {
                return None;
            }
            at += 1;
        }
        at += usize::from(is(at, b'!'));
    }
    name.map(|_| start..at)
}

/// A type without what is between its tokens.
fn closed_up(text: &str, tokens: &[Token]) -> Option<(Range<usize>, String)> {
    let range = tokens.first()?.start..tokens.last()?.end;
    let written = &text[range.clone()];
    let ty: String = tokens.iter().map(|token| token.text(text)).collect();
    if ty.len() == written.len() {
        return None;
    }
    Some((range, in_place_of(written, ty)))
}

/// The replacement, and behind it as many lines and spaces as it takes for what follows to stay in its place.
fn in_place_of(written: &str, replacement: String) -> String {
    let lines = written.matches('\n').count();
    let spaces = match written.rsplit_once('\n') {
        Some((_, last)) => last.chars().count(),
        None => written.chars().count().saturating_sub(replacement.chars().count()),
    };
    replacement + &"\n".repeat(lines) + &" ".repeat(spaces)
}

/// A block string with three quotes in it as a string of one line. None when it has none.
fn block(literal: &str) -> Option<String> {
    let raw = literal.strip_prefix("\"\"\"")?.strip_suffix("\"\"\"")?;
    if !raw.contains("\\\"\"\"") {
        return None;
    }
    let mut string = String::from("\"");
    for letter in block_value(&raw.replace("\r\n", "\n")).replace("\\\"\"\"", "\"\"\"").chars() {
        match letter {
            '"' => string.push_str("\\\""),
            '\\' => string.push_str("\\\\"),
            '\n' => string.push_str("\\n"),
            letter => string.push(letter),
        }
    }
    string.push('"');
    Some(in_place_of(literal, string))
}

/// `BlockStringValue` of the specification (§2.9.4): without the indentation that its lines share, and without empty lines before
/// and behind.
fn block_value(raw: &str) -> String {
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let is_blank = |line: &&str| indent_of(line) == line.len();
    let indent = raw.split('\n').skip(1).filter(|line| !is_blank(line)).map(indent_of).min().unwrap_or(0);
    let lines = raw.split('\n').enumerate();
    let lines: Vec<&str> =
        lines.map(|(at, line)| if at == 0 { line } else { line.get(indent..).unwrap_or_default() }).collect();
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |last| last + 1);
    lines[first..last].join("\n")
}

/// A string with the characters that are written by their number as themselves, and spaces behind it for what it is shorter.
/// None when it has none of these, or they are none of Unicode: the parser says so.
fn string(literal: &str) -> Option<String> {
    let mut rest = literal;
    let mut string = String::new();
    let mut found = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        string.push_str(before);
        let Some((letter, length)) = in_braces(escape).or_else(|| surrogates(escape)) else {
            // The backslash and what it escapes.
            let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            string.push_str(&escape[..length]);
            rest = &escape[length..];
            continue;
        };
        found = true;
        match letter {
            '"' => string.push_str("\\\""),
            '\\' => string.push_str("\\\\"),
            '\n' => string.push_str("\\n"),
            '\r' => string.push_str("\\r"),
            letter => string.push(letter),
        }
        rest = &escape[length..];
    }
    if !found {
        return None;
    }
    string.push_str(rest);
    let shorter = literal.chars().count().saturating_sub(string.chars().count());
    string.extend(std::iter::repeat_n(' ', shorter));
    Some(string)
}

/// The character written as `\u{…}` here, and how many bytes that takes.
fn in_braces(escape: &str) -> Option<(char, usize)> {
    let digits = escape.strip_prefix("\\u{")?;
    let (digits, rest) = digits.split_at(digits.bytes().take_while(u8::is_ascii_hexdigit).count());
    if digits.is_empty() || !rest.starts_with('}') {
        return None;
    }
    let number = digits.trim_start_matches('0');
    let number = if number.is_empty() { 0 } else { u32::from_str_radix(number, 16).ok()? };
    Some((char::from_u32(number)?, digits.len() + 4))
}

/// The character written as two surrogates here, and how many bytes that takes.
fn surrogates(escape: &str) -> Option<(char, usize)> {
    let unit = |from: usize| {
        let digits = escape.get(from..from + 6)?.strip_prefix("\\u")?;
        let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (high, low) = (unit(0)?, unit(6)?);
    let letter = char::decode_utf16([high, low]).next()?.ok()?;
    // Two letters of one unit each are none.
    (letter.len_utf16() == 2).then_some((letter, 12))
}

#[cfg(test)]
#[path = "source_normalisation_tests.rs"]
mod tests;
