//! Short texts: in several languages, such as the name of a category, a tag, a person; and what a name is made of.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::{locale::Locale, site::Site};

/// Whether a character shows nothing itself and changes how others are shown, or is none that people write: control
/// characters (NUL among them), marks of direction (overrides and isolates), what has no width, ends of lines and
/// paragraphs, tags, and what Unicode keeps for private use or never assigns.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}'
        )
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether a text shows nothing: it is empty, or all space and characters that are not seen by themselves.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_unseen(c) || is_of_others(c))
}

/// Whether a character says something only beside others, or nothing: joiners, selectors of variants, and the braille cell without
/// dots.
const fn is_of_others(c: char) -> bool {
    matches!(
        c,
        '\u{180b}'..='\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether a text reads the same without a character. What separates words, and what somebody uses privately, is no such.
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    (is_unseen(c) || is_of_others(c)) && !c.is_whitespace() && !c.is_control() && !is_private
}

/// A name somebody else has given, as it is kept here: without what is not seen, in one line with single spaces, and cut
/// to so many characters. None when nothing is left.
#[must_use]
pub fn clean_name(text: &str, most: usize) -> Option<String> {
    let mut name = String::new();
    let mut left = most;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.map(|word| word.chars().filter(|c| !is_unseen(*c)).collect::<String>()) {
        if word.is_empty() {
            continue;
        }
        if !name.is_empty() {
            if left <= 1 {
                break;
            }
            name.push(' ');
            left -= 1;
        }
        let kept: String = word.chars().take(left).collect();
        left -= kept.chars().count();
        name.push_str(&kept);
        if left == 0 {
            break;
        }
    }
    (!name.is_empty()).then_some(name)
}

/// A text that is one line, such as a title: line breaks, tabs and other control characters that were pasted with it are spaces
/// between its words. NUL stays, which no text can hold.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    let is_break = |c: char| (c.is_control() && c != '\0') || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(is_break) {
        return text.into();
    }
    let words = text.split(is_break).map(|part| part.trim_matches(' ')).filter(|part| !part.is_empty());
    words.collect::<Vec<_>>().join(" ").into()
}

/// One text per language, of which any may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Locale, String>);

impl Localized {
    /// A text in one language.
    #[must_use]
    pub fn single(locale: Locale, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(locale, text.into())]))
    }

    /// Sets the text of one language.
    pub fn set(&mut self, locale: Locale, text: impl Into<String>) {
        self.0.insert(locale, text.into());
    }

    /// The text in exactly this language.
    #[must_use]
    pub fn get(&self, locale: Locale) -> Option<&str> {
        self.0.get(&locale).map(String::as_str)
    }

    /// The text a reader of `locale` sees: that language's, else the first there is along the site's
    /// fallbacks, else its default language's, else any.
    #[must_use]
    pub fn resolve(&self, site: &Site, locale: Locale) -> Option<&str> {
        site.chain(locale)
            .chain([site.default_locale])
            .find_map(|locale| self.get(locale))
            .or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Whether there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no language's text says anything.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.values().all(|text| is_blank(text))
    }

    /// Each language's text.
    pub fn iter(&self) -> impl Iterator<Item = (Locale, &str)> {
        self.0.iter().map(|(locale, text)| (*locale, text.as_str()))
    }
}

impl FromIterator<(Locale, String)> for Localized {
    fn from_iter<T: IntoIterator<Item = (Locale, String)>>(texts: T) -> Self {
        Self(texts.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_says_nothing() {
        for blank in [
            "",
            " \u{a0}\u{3000}",
            "\u{200b}\u{2060}\u{feff}",
            "\u{ad}",
            "\u{202e}\u{3164}",
            "\u{2800}\u{200d}\u{fe0f}",
            "\u{e0100}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for words in ["a", "\u{200b}.", "می‌", "👩‍🚀", "\u{301}", "⠁"] {
            assert!(!is_blank(words), "{words:?}");
        }
    }

    #[test]
    fn a_line_has_no_breaks() {
        for (given, line) in [
            ("as  it\u{a0}is ", "as  it\u{a0}is "),
            ("Tab\tand\nnewline", "Tab and newline"),
            ("\r\none \n\n two\u{2028}three\u{85}\u{1b}four\n", "one two three four"),
            ("\n", ""),
            ("no\0NUL", "no\0NUL"),
        ] {
            assert_eq!(one_line(given), line, "{given:?}");
        }
    }

    #[test]
    fn a_name_is_kept_without_what_is_not_seen() {
        for (given, kept) in [
            ("Maral", Some("Maral")),
            ("  Maral \t Orazowa\n", Some("Maral Orazowa")),
            ("Ana\u{202e}nimda", Some("Ananimda")),
            ("A\0B\u{7f}C\u{1b}[1m", Some("A B C [1m")),
            ("\u{200b}\u{feff}\u{2066}", None),
            ("", None),
            (" \u{3000} ", None),
            ("Ýagty ÇÖREK 👩‍🚀", Some("Ýagty ÇÖREK 👩‍🚀")),
            ("می‌خواهم", Some("می‌خواهم")),
        ] {
            assert_eq!(clean_name(given, 200).as_deref(), kept, "{given:?}");
        }
        assert_eq!(clean_name(&"x".repeat(999), 200).unwrap().len(), 200);
        assert_eq!(clean_name("abc def", 4).as_deref(), Some("abc"));
        assert_eq!(clean_name("abc def", 5).as_deref(), Some("abc d"));
    }
}
