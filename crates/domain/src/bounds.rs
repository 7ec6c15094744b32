//! How long texts may be: one table for all of the model.

use std::fmt;

use crate::text::Localized;

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    most: usize,
    of: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Characters,
    Bytes,
}

/// What is wrong with a text, for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It is longer than its bound.
    #[error("this has {length} {unit}, and may have {most}")]
    TooLong {
        /// How long it is.
        length: usize,
        /// How long it may be.
        most: usize,
        /// In what it is counted.
        unit: &'static str,
    },
    /// It holds U+0000, which PostgreSQL's texts cannot hold.
    #[error("a text cannot hold the character NUL")]
    Nul,
}

impl Bound {
    /// An article's headline.
    pub const TITLE: Self = Self::characters(300);
    /// An act's official title, which may name what it amends.
    pub const TITLE_OF_ACT: Self = Self::characters(1_000);
    /// A standfirst, or what an act does.
    pub const SUMMARY: Self = Self::characters(2_000);
    /// One line beside a text: kicker, dateline, source, place, office.
    pub const LINE: Self = Self::characters(300);
    /// The number an act is registered under.
    pub const NUMBER: Self = Self::characters(100);
    /// A caption, or what a picture shows.
    pub const CAPTION: Self = Self::characters(1_000);
    /// Terms of use.
    pub const RIGHTS: Self = Self::characters(1_000);
    /// A note: on a change, a relation, a speech; a comment on a revision.
    pub const NOTE: Self = Self::characters(2_000);
    /// What readers are told of what was taken back.
    pub const NOTICE: Self = Self::characters(20_000);
    /// A URL, or a path.
    pub const URL: Self = Self::bytes(2_000);
    /// A body, as its author wrote it.
    pub const BODY: Self = Self::bytes(1024 * 1024);
    /// What a category, a tag, a feed, a person or a user is called, in one language.
    pub const NAME: Self = Self::characters(200);
    /// What is said of it.
    pub const DESCRIPTION: Self = Self::characters(5_000);

    const fn characters(most: usize) -> Self {
        Self { most, of: Unit::Characters }
    }

    const fn bytes(most: usize) -> Self {
        Self { most, of: Unit::Bytes }
    }

    /// How much it may be, in its unit.
    #[must_use]
    pub const fn most(self) -> usize {
        self.most
    }

    /// Sees that a text can be kept.
    ///
    /// # Errors
    /// [`TextError`] when it is too long, or holds what no text can.
    pub fn check(self, text: &str) -> Result<(), TextError> {
        // What has few bytes has few characters.
        if text.len() > self.most {
            let (length, unit) = match self.of {
                Unit::Characters => (text.chars().count(), "characters"),
                Unit::Bytes => (text.len(), "bytes"),
            };
            if length > self.most {
                return Err(TextError::TooLong { length, most: self.most, unit });
            }
        }
        if text.contains('\0') { Err(TextError::Nul) } else { Ok(()) }
    }

    /// Sees the same of a text in each of its languages.
    ///
    /// # Errors
    /// [`TextError`] of the first that cannot be kept.
    pub fn check_each(self, text: &Localized) -> Result<(), TextError> {
        text.iter().try_for_each(|(_, text)| self.check(text))
    }

    /// The beginning of a text that is too long, cut at a word's end and marked as cut; none when it can stay as it is.
    #[must_use]
    pub fn cut(self, text: &str) -> Option<String> {
        self.check(text).is_err_and(|error| error != TextError::Nul).then(|| {
            const MARK: &str = " …";
            let room = match self.of {
                Unit::Characters => {
                    let most = self.most.saturating_sub(MARK.chars().count());
                    text.char_indices().nth(most).map_or(text.len(), |(at, _)| at)
                }
                Unit::Bytes => text.floor_char_boundary(self.most.saturating_sub(MARK.len())),
            };
            let (kept, _) = text.split_at(room);
            // Where there is no word's end in its last half, it is cut within a word.
            let end = kept.rfind(char::is_whitespace).filter(|end| *end > kept.len() / 2).unwrap_or(kept.len());
            let (kept, _) = kept.split_at(end);
            format!("{}{MARK}", kept.trim_end())
        })
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.of {
            Unit::Characters => "characters",
            Unit::Bytes => "bytes",
        };
        write!(f, "{} {unit}", self.most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_are_counted_and_not_their_bytes() {
        assert_eq!(Bound::TITLE.check(&"ы".repeat(300)), Ok(()));
        let error = Bound::TITLE.check(&"ы".repeat(301)).unwrap_err();
        assert_eq!(error, TextError::TooLong { length: 301, most: 300, unit: "characters" });
        assert_eq!(
            Bound::URL.check(&"ы".repeat(1_001)).map_err(|error| error.to_string()),
            Err("this has 2002 bytes, and may have 2000".into())
        );
        assert_eq!(Bound::NAME.check("a\0"), Err(TextError::Nul));
    }

    #[test]
    fn a_text_is_cut_at_a_word() {
        let text = "Täze ýollar ".repeat(50);
        let cut = Bound::TITLE.cut(&text).unwrap();
        assert!(cut.ends_with("ýollar …") || cut.ends_with("Täze …"), "{cut}");
        assert_eq!(Bound::TITLE.cut("short"), None);
        assert_eq!(Bound::TITLE.cut(&"x".repeat(500)).unwrap().chars().count(), 300);
    }

    proptest! {
        #[test]
        fn what_was_cut_fits(text in "\\PC{0,700}") {
            for bound in [Bound::TITLE, Bound::NUMBER, Bound::bytes(300)] {
                let cut = bound.cut(&text);
                prop_assert_eq!(cut.is_some(), bound.check(&text).is_err());
                prop_assert_eq!(bound.check(&cut.unwrap_or_default()), Ok(()));
            }
        }
    }
}
