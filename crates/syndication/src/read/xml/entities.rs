//! The entities that a document declares itself (XML 1.0 §4.2.1), in the subset within it. What is in another file is never fetched.

use std::{borrow::Cow, collections::HashMap};

use quick_xml::{Reader, events::Event};

/// No entity stands for more than this, with all that is in it.
const LONGEST: usize = 64 * 1024;

/// All of a document stand for no more than this, each as often as it is met: a few lines of them may stand for gigabytes.
const MOST_EXPANDED: usize = 64 * 1024 * 1024;

/// No document declares more.
const MOST: usize = 4096;

/// Of no more pieces are all of them made: what stands for nothing may be in another a thousand times, too.
const MOST_PIECES: usize = 1_000_000;

/// In one another they are not deeper than this; one that is in itself has no end.
const MAX_DEPTH: usize = 16;

/// What a document's own entities stand for, and how much that has been so far.
#[derive(Debug, Default)]
pub(super) struct Entities {
    /// By name; `None` is elsewhere.
    declared: HashMap<String, Option<String>>,
    expanded: usize,
}

impl Entities {
    /// Reads a document's type (`<!DOCTYPE … [ … ]>`), as it is written.
    pub(super) fn read(doctype: &str) -> Result<Self, &'static str> {
        let mut literals = HashMap::new();
        let subset = doctype.split_once('[').and_then(|(_, rest)| rest.rsplit_once(']'));
        let mut rest = subset.map_or("", |(subset, _)| subset);
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            let end = if rest.starts_with("<!--") {
                rest.find("-->").map(|at| at + 3)
            } else if rest.starts_with("<?") {
                rest.find("?>").map(|at| at + 2)
            } else {
                end_of_declaration(rest)
            };
            let (declaration, behind) = rest.split_at(end.unwrap_or(rest.len()));
            if let Some((name, value)) = declaration.strip_prefix("<!ENTITY").and_then(entity) {
                // The first one counts (§4.2).
                literals.entry(name.to_owned()).or_insert(value);
            }
            if literals.len() > MOST {
                return Err("it declares more entities than any document");
            }
            rest = behind;
        }
        let mut declared = HashMap::new();
        let (mut sum, mut pieces) = (0, 0);
        for (name, literal) in &literals {
            let value = literal.as_ref().map(|literal| {
                let mut value = String::new();
                expand(literal, &literals, 0, (&mut value, &mut pieces)).map(|()| value)
            });
            let value = value.transpose()?.map(|value| if is_whole(&value) { value } else { escaped(&value) });
            sum += value.as_ref().map_or(0, String::len);
            if sum > MOST_EXPANDED {
                return Err(TOO_MUCH);
            }
            declared.insert(name.clone(), value);
        }
        Ok(Self { declared, expanded: 0 })
    }

    /// What is written, with entities replaced by what they stand for: `in_tag` says that they stand in values of attributes.
    pub(super) fn replaced<'t>(&mut self, text: &'t str, in_tag: bool) -> Result<Cow<'t, str>, &'static str> {
        if self.declared.is_empty() || !text.contains('&') {
            return Ok(Cow::Borrowed(text));
        }
        let mut out = String::with_capacity(text.len());
        for piece in references(text) {
            let value = match piece {
                Piece::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Piece::Reference(name, source) => self.declared.get(name).and_then(Option::as_ref).ok_or(source),
            };
            match value {
                Ok(value) => {
                    self.expanded += value.len();
                    match in_tag {
                        true => out.push_str(&quoted(value)),
                        false => out.push_str(value),
                    }
                }
                Err(source) => out.push_str(source),
            }
            if self.expanded > MOST_EXPANDED {
                return Err(TOO_MUCH);
            }
        }
        Ok(Cow::Owned(out))
    }
}

const TOO_MUCH: &str = "its entities stand for more than any text is long";

/// Where a declaration ends, which may have any sign in quotes.
fn end_of_declaration(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// The name of a general entity and its value, if that is in its declaration. XML's own five stay what they are.
fn entity(declaration: &str) -> Option<(&str, Option<String>)> {
    let declaration = declaration.strip_prefix(|c: char| c.is_ascii_whitespace())?.trim_start();
    let (name, rest) = declaration.split_once(|c: char| c.is_ascii_whitespace())?;
    if name == "%" || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
        return None;
    }
    let rest = rest.trim_start();
    let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Some((name, None)) };
    let (literal, _) = rest[1..].split_once(quote)?;
    Some((name, Some(with_characters(literal))))
}

/// A literal in which characters stand in the place of their numbers, as they do when an entity is declared (§4.4).
fn with_characters(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    for piece in references(literal) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Reference(name, source) => match character(name) {
                Some(c) => out.push(c),
                None => out.push_str(source),
            },
        }
    }
    out
}

fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let number = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

/// Writes a literal with all entities in it replaced.
fn expand(
    literal: &str,
    literals: &HashMap<String, Option<String>>,
    depth: usize,
    (out, pieces): (&mut String, &mut usize),
) -> Result<(), &'static str> {
    if depth > MAX_DEPTH {
        return Err("an entity of it stands for itself, or they are too deep in one another");
    }
    for piece in references(literal) {
        *pieces += 1;
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Reference(name, source) => match literals.get(name) {
                Some(Some(inner)) => expand(inner, literals, depth + 1, (&mut *out, &mut *pieces))?,
                _ => out.push_str(source),
            },
        }
        if out.len() > LONGEST || *pieces > MOST_PIECES {
            return Err(TOO_MUCH);
        }
    }
    Ok(())
}

/// Whether what an entity stands for ends all elements that begin in it.
fn is_whole(value: &str) -> bool {
    let mut reader = Reader::from_str(value);
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return depth == 0,
            Ok(Event::DocType(_) | Event::Decl(_)) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('<', "&lt;").replace('>', "&gt;")
}

/// What an entity stands for in the value of an attribute, where it ends nothing.
fn quoted(value: &str) -> String {
    escaped(value).replace('"', "&#34;").replace('\'', "&#39;")
}

enum Piece<'t> {
    Text(&'t str),
    /// The name, and how it is written.
    Reference(&'t str, &'t str),
}

/// The references in a text, and what is between them.
fn references(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, source)) = reference(rest) {
            rest = &rest[source.len()..];
            return Some(Piece::Reference(name, source));
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find('&').map_or(rest.len(), |at| first + at);
        let (text, behind) = rest.split_at(end);
        rest = behind;
        Some(Piece::Text(text))
    })
}

/// The reference that a text begins with.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(256).position(|byte| matches!(byte, b';' | b'&' | b'<' | b' ' | b'\n'))?;
    let name = inner.get(..end).filter(|name| !name.is_empty() && inner.as_bytes()[end] == b';')?;
    Some((name, &text[..name.len() + 2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(subset: &str, text: &str) -> Result<String, &'static str> {
        let mut entities = Entities::read(&format!("<!DOCTYPE rss [{subset}]>"))?;
        entities.replaced(text, false).map(Cow::into_owned)
    }

    #[test]
    fn what_a_document_declares_is_replaced() {
        let subset = "<!-- <!ENTITY a 'no'> --><!ELEMENT x (#PCDATA)>\n<!ENTITY a \"one > &b;\"><!ENTITY b 'two'>\
                      <!ENTITY a 'later'><!ENTITY % p 'x'><!ENTITY e SYSTEM 'file:///secret'><!ENTITY n '&#233;&#x21;'>\
                      <!ENTITY lower '&#38;#60;'><!ENTITY amp 'and'><!ENTITY m '<b>bold</b>'><!ENTITY o '<b>open'>";
        for (text, read) in [
            ("&a; &b;", "one > two two"),
            ("&e; &z; &p;", "&e; &z; &p;"),
            ("&n;", "é!"),
            ("&lower;i", "&#60;i"),
            ("a &amp; b & c", "a &amp; b & c"),
            ("&m;", "<b>bold</b>"),
            ("&o;", "&lt;b&gt;open"),
        ] {
            assert_eq!(replaced(subset, text).as_deref(), Ok(read), "{text}");
        }
        let mut entities = Entities::read("<!DOCTYPE x [<!ENTITY q '\"&#39;>'>]>").unwrap();
        assert_eq!(entities.replaced("<a b=\"&q;\">", true).unwrap(), "<a b=\"&#34;&#39;&gt;\">");
        assert_eq!(Entities::read("<!DOCTYPE html>").unwrap().replaced("&q;", false).unwrap(), "&q;");
    }

    #[test]
    fn what_would_grow_without_end_is_refused() {
        let laughs = |first: &str| {
            let more = (1..10).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)));
            format!("<!ENTITY l0 '{first}'>{}", more.collect::<String>())
        };
        for subset in [laughs("ha"), laughs(""), "<!ENTITY a '&b;'><!ENTITY b '&a;'>".to_owned()] {
            assert!(replaced(&subset, "x").is_err(), "{subset}");
        }
        let mut entities = Entities::read(&format!("<!DOCTYPE x [<!ENTITY a '{}'>]>", "a".repeat(LONGEST))).unwrap();
        let often = "&a;".repeat(MOST_EXPANDED / LONGEST);
        assert!(entities.replaced(&often, false).is_ok());
        assert_eq!(entities.replaced("&a;", false), Err(TOO_MUCH));
    }
}
