//! Where words begin and end.

use courant_domain::fold::fold;
use unicode_normalization::char::is_combining_mark;

/// Longer words are none that anybody looks up.
const LONGEST: usize = 64;

/// A word in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it begins, in bytes.
    pub from: usize,
    /// Where it ends, in bytes.
    pub to: usize,
    /// How many words are before it.
    pub at: usize,
    /// As it is spelled, but for cases and forms of letters: see [`courant_domain::fold`].
    pub exact: String,
}

/// The words of a text: letters, digits and their marks. Everything else is between words, so that `PP-117` is two of them, one after
/// the other, wherever it is written as `PP 117`. So is `27¹`, where a raised number stands behind another, which is not 271; `m²` is one.
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    places(text).filter(|(from, to, _)| is_sought(&text[*from..*to])).map(|(from, to, at)| {
        let exact = exact(&text[from..to]);
        Word { from, to, at, exact }
    })
}

/// The words of what is looked for. One that is longer than any that is looked up is among them, and is found nowhere.
pub fn sought_words(text: &str) -> impl Iterator<Item = Word> {
    places(text).map(|(from, to, at)| {
        let written = &text[from..to];
        let end = written.char_indices().nth(LONGEST + 1).map_or(written.len(), |(end, _)| end);
        Word { from, to, at, exact: exact(&written[..end]) }
    })
}

/// The words of a text as they are written, each with how many are before it.
pub(crate) struct Written<'a> {
    text: &'a str,
    places: Places<'a>,
}

impl<'a> Written<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, places: places(text) }
    }
}

impl<'a> Iterator for Written<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.text;
        let mut all = self.places.by_ref().map(|(from, to, at)| (at, &text[from..to]));
        all.find(|(_, written)| is_sought(written))
    }
}

fn is_sought(written: &str) -> bool {
    written.chars().nth(LONGEST).is_none()
}

/// Where each word begins and ends, and how many are before it.
struct Places<'a> {
    text: &'a str,
    end: usize,
    at: usize,
}

fn places(text: &str) -> Places<'_> {
    Places { text, end: 0, at: 0 }
}

impl Iterator for Places<'_> {
    type Item = (usize, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.end + self.text[self.end..].find(begins)?;
        let rest = &self.text[from..];
        let mut last = '\0';
        let ends = |c| {
            let is_end = !is_of_word(c) || is_number_apart(last, c);
            last = c;
            is_end
        };
        self.end = from + rest.find(ends).unwrap_or(rest.len());
        let at = self.at;
        self.at += 1;
        Some((from, self.end, at))
    }
}

/// Whether it is a letter or a digit. Those of the languages we know best need not be looked up in Unicode's tables.
fn begins(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{400}'..='\u{481}' => true,
        _ => c.is_alphanumeric(),
    }
}

fn is_of_word(c: char) -> bool {
    begins(c) || is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// Whether a digit begins another number than the one before it belongs to: one of them is raised or lowered.
fn is_number_apart(before: char, c: char) -> bool {
    let level = |c| match c {
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => 1,
        '₀'..='₉' => 2,
        _ => 0,
    };
    !(before.is_ascii() && c.is_ascii()) && level(before) != level(c) && before.is_numeric() && c.is_numeric()
}

/// A word as it is spelled, see [`Word::exact`].
pub(crate) fn exact(written: &str) -> String {
    if written.is_ascii() { written.to_ascii_lowercase() } else { fold(written) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        words(text).map(|word| word.exact).collect()
    }

    #[test]
    fn words_are_letters_and_digits() {
        assert_eq!(of("№ 1234, PP-117 (SCRMET)"), ["1234", "pp", "117", "scrmet"]);
        assert_eq!(of("Türkmenistanyň Prezidenti"), ["türkmenistanyň", "prezidenti"]);
        assert_eq!(of("co\u{ad}operation’s ЁЛКА"), ["cooperation", "s", "ёлка"]);
        assert_eq!(of(" \u{0}\u{202e}👩‍👩‍👧 … "), [""; 0]);
    }

    #[test]
    fn raised_numbers_are_none_of_those_they_stand_at() {
        assert_eq!(of("Article 27¹, 10⁻⁵, 2⁵3"), ["article", "27", "1", "10", "5", "2", "5", "3"]);
        assert_eq!(of("100 m² of H₂O, SO₄²⁻, 10¹²"), ["100", "m2", "of", "h2o", "so4", "2", "10", "12"]);
    }

    #[test]
    fn places_count_what_is_too_long() {
        let text = format!("one {} two", "x".repeat(100));
        let places: Vec<usize> = words(&text).map(|word| word.at).collect();
        assert_eq!(places, [0, 2]);
    }
}
