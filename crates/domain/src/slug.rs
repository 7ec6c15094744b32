//! Slugs: the part of an address that names one thing in words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Lower-case letters and digits of ASCII, with single hyphens between them, 1 to 100 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Why a text is not a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a slug (a-z, 0-9 and single hyphens, 1 to {max} bytes): {text:?}", max = Slug::MAX_BYTES)]
pub struct SlugError {
    text: String,
}

impl Slug {
    /// The most bytes a slug may have.
    pub const MAX_BYTES: usize = 100;

    /// Takes a text that already is a slug.
    ///
    /// # Errors
    /// [`SlugError`] when it is empty, too long, or holds anything but `a-z0-9` and single inner hyphens.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len())
            && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if fits { Ok(Self(text.to_owned())) } else { Err(SlugError { text: text.chars().take(120).collect() }) }
    }

    /// A slug in the words of a title, transliterated to ASCII and cut at a word's end.
    ///
    /// `None` when nothing of the title can be written so (it is empty, or only signs).
    #[must_use]
    pub fn from_title(title: &str) -> Option<Self> {
        let mut ascii = String::with_capacity(title.len());
        title.chars().for_each(|c| push_ascii(&mut ascii, c));
        let mut slug = String::new();
        let words = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        for word in words.map(str::to_ascii_lowercase) {
            if slug.is_empty() {
                slug.push_str(&word[..word.len().min(Self::MAX_BYTES)]);
            } else if slug.len() + 1 + word.len() <= Self::MAX_BYTES {
                slug.push('-');
                slug.push_str(&word);
            } else {
                break;
            }
        }
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// The same slug with a number behind it, for the second of two that would be the same.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let room = Self::MAX_BYTES - suffix.len();
        let stem = self.0[..self.0.len().min(room)].trim_end_matches('-');
        Self(format!("{stem}{suffix}"))
    }

    /// The first that is free of this slug and those that are [numbered](Self::numbered) after it, from 2 on.
    #[must_use]
    pub fn first_free(&self, is_taken: impl Fn(&Self) -> bool) -> Self {
        if !is_taken(self) {
            return self.clone();
        }
        (2..).map(|number| self.numbered(number)).find(|slug| !is_taken(slug)).unwrap_or_else(|| self.clone())
    }

    /// A slug that stands in the code; the tests see that each of them is one.
    #[must_use]
    pub fn literal(text: &'static str) -> Self {
        debug_assert!(Self::parse(text).is_ok(), "{text:?} is no slug");
        Self(text.to_owned())
    }

    /// The slug's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Appends a character of a title in ASCII; a sign ends a word.
fn push_ascii(ascii: &mut String, c: char) {
    // The tables write control characters as nothing.
    if c.is_control() || c.is_whitespace() {
        return ascii.push(' ');
    }
    // Letters that the tables write with a sign alone, or not at all.
    let letter = match c {
        'Ə' | 'ə' | 'Ǝ' | 'ǝ' | 'Ә' | 'ә' | 'Ӛ' | 'ӛ' => "e",
        'Ԧ' | 'ԧ' => "h",
        'א' | 'ע' | 'أ' | 'إ' | 'ا' | 'ٱ' | 'ٲ' | 'ٳ' | 'ٵ' | 'ة' | 'ۃ' | 'ع' | 'ى' => "a",
        'อ' | 'ອ' => "o",
        _ => deunicode::deunicode_char(c).unwrap_or(if c.is_alphanumeric() { "" } else { " " }),
    };
    // An apostrophe, and whatever else stands for a sound in transliterations, does not cut a word.
    let is_in_word = c.is_alphanumeric() || matches!(c, '\'' | '`' | '´' | '‘' | '’' | '\u{300}'..='\u{36f}');
    ascii.extend(letter.chars().filter(|c| !is_in_word || c.is_ascii_alphanumeric() || *c == ' '));
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slug({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn titles_of_three_languages_become_slugs() {
        for (title, slug) in [
            ("Minister's visit: day 2", "ministers-visit-day-2"),
            ("Диалог о миграции", "dialog-o-migratsii"),
            ("Täze ýollar we köprüler", "taze-yollar-we-kopruler"),
            ("  --  A & B -- ", "a-b"),
            ("Tab\tand\nnewline\r\u{85}or\u{2028}bell\u{7}rings\u{a0}on", "tab-and-newline-or-bell-rings-on"),
            ("Əliyev", "eliyev"),
            ("O\u{2bb}zbekiston", "ozbekiston"),
            ("Rock`n´roll ‘n’ more", "rocknroll-n-more"),
            ("بالعالم", "balaalm"),
            ("عمان", "aman"),
            ("שלום עולם", "shlvm-avlm"),
            ("Qurʾān", "quran"),
            ("ქართული", "kartuli"),
            ("Қазақстан", "kazakstan"),
            ("e\u{301}te\u{301}", "ete"),
            ("东京", "dong-jing"),
            ("10 % и 5 №", "10-i-5-no"),
        ] {
            assert_eq!(Slug::from_title(title).unwrap().as_str(), slug);
        }
        assert_eq!(Slug::from_title(" … !"), None);
    }

    #[test]
    fn the_first_that_is_free_is_found() {
        let slug = Slug::literal("budget");
        let taken = ["budget", "budget-2", "budget-4"].map(Slug::literal);
        assert_eq!(slug.first_free(|slug| taken.contains(slug)).as_str(), "budget-3");
        assert_eq!(Slug::literal("gas").first_free(|slug| taken.contains(slug)).as_str(), "gas");
    }

    #[test]
    fn what_is_no_slug_is_refused() {
        for text in ["", "-a", "a-", "a--b", "A", "a b", "ä", "a/b", &"a".repeat(101)] {
            assert!(Slug::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_slug_made_from_a_title_parses(title in "\\PC{0,200}", number in 2u32..) {
            if let Some(slug) = Slug::from_title(&title) {
                prop_assert_eq!(&Slug::parse(slug.as_str()).unwrap(), &slug);
                prop_assert!(Slug::parse(slug.numbered(number).as_str()).is_ok());
            }
        }

        #[test]
        fn a_parsed_slug_is_the_slug_of_its_own_text(text in "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,5}") {
            let slug = Slug::parse(&text).unwrap();
            prop_assert_eq!(Slug::from_title(&text).unwrap(), slug);
        }
    }
}
