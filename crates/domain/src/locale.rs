//! Languages of content, as BCP 47 tags (RFC 5646).

use std::{fmt, str::FromStr};

use icu_locale::{Direction as Written, LocaleCanonicalizer, LocaleDirectionality, LocaleExpander, TransformResult};
use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};

/// The longest tag we take: `sgn-Latn-840`, say; language, script and region, no variants or extensions.
const MAX: usize = 12;

/// A language tag in canonical case: `en`, `ru`, `tk`, `zh-Hant`, `pt-BR`.
///
/// Language, script and region only; variants and extensions are not languages a portal publishes in.
/// The tag is kept inline, so a locale is `Copy` and comparing two is comparing bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locale {
    bytes: [u8; MAX],
    len: u8,
}

/// In which direction a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the left to the right.
    LeftToRight,
    /// From the right to the left: Arabic, Hebrew, Persian, Urdu.
    RightToLeft,
}

impl Direction {
    /// As HTML has it (`dir`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Why a text is not a locale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag (BCP 47 language, script and region, such as en or pt-BR): {0:?}")]
pub struct LocaleError(String);

impl Locale {
    /// English, the language of what the service itself says.
    pub const ENGLISH: Self = Self { bytes: *b"en\0\0\0\0\0\0\0\0\0\0", len: 2 };

    /// Reads a tag in any case (`PT-br`), gives it its canonical one (`pt-BR`).
    ///
    /// # Errors
    /// [`LocaleError`] when the text is not well-formed, or holds more than language, script and region.
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        if let &[a @ b'a'..=b'z', b @ b'a'..=b'z'] = text.as_bytes() {
            // The usual tag, already canonical; databases hold one in every row.
            let mut bytes = [0; MAX];
            bytes[..2].copy_from_slice(&[a, b]);
            return Ok(Self { bytes, len: 2 });
        }
        let error = || LocaleError(text.chars().take(40).collect());
        if text.len() > MAX {
            return Err(error());
        }
        let tag = LanguageTag::parse_and_normalize(text).map_err(|_| error())?;
        if tag.variant().is_some()
            || tag.extension().is_some()
            || tag.private_use().is_some()
            || tag.extended_language().is_some()
        {
            return Err(error());
        }
        let text = tag.as_str();
        let mut bytes = [0; MAX];
        bytes.get_mut(..text.len()).ok_or_else(error)?.copy_from_slice(text.as_bytes());
        let len = u8::try_from(text.len()).map_err(|_| error())?;
        Ok(Self { bytes, len })
    }

    /// The tag's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes were copied from a str of this length, so they always are one.
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// The language alone, without script and region: `pt` of `pt-BR`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.as_str().split('-').next().unwrap_or_default()
    }

    /// In which direction it is written, by its script, or the one it is likely written in (UTS #35, Likely Subtags). A language that
    /// CLDR does not know is taken to be written from the left.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let Ok(mut known) = icu_locale::Locale::try_from_str(self.as_str()) else { return Direction::LeftToRight };
        // Names of old have others now: `iw` is `he`.
        LocaleCanonicalizer::new_extended().canonicalize(&mut known);
        match LocaleDirectionality::new_extended().get(&known.id) {
            Some(Written::RightToLeft) => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }

    /// The one of `offered` that suits `wanted` best: the same tag, else the same language.
    #[must_use]
    pub fn negotiate(wanted: Self, offered: &[Self]) -> Option<Self> {
        offered
            .iter()
            .find(|locale| **locale == wanted)
            .or_else(|| offered.iter().find(|locale| locale.language() == wanted.language()))
            .copied()
    }
}

/// Whether CLDR knows a language of this code (Likely Subtags), by today's names or those of old.
#[must_use]
pub fn is_known_language(code: &str) -> bool {
    let Ok(mut language) = icu_locale::Locale::try_from_str(code) else { return false };
    LocaleCanonicalizer::new_extended().canonicalize(&mut language);
    LocaleExpander::new_extended().maximize(&mut language.id) == TransformResult::Modified
}

/// The code of two letters of a language that is named by three (ISO 639-2, in both of its sets), if it has one, as CLDR has it: `ru` of
/// `rus`, `de` of `ger` and `deu`.
#[must_use]
pub fn two_letters(code: &str) -> Option<String> {
    let mut language = icu_locale::Locale::try_from_str(code).ok()?;
    LocaleCanonicalizer::new_extended().canonicalize(&mut language);
    let language = language.to_string();
    (language.len() == 2).then_some(language)
}

impl FromStr for Locale {
    type Err = LocaleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Locale {
    type Error = LocaleError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.as_str().to_owned()
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Locale({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_get_their_canonical_case() {
        assert_eq!(Locale::parse("en"), Ok(Locale::ENGLISH));
        for (given, canonical) in [("EN", "en"), ("pt-br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("tk", "tk")] {
            assert_eq!(Locale::parse(given).unwrap().as_str(), canonical);
        }
    }

    #[test]
    fn what_is_no_language_of_a_portal_is_refused() {
        for text in ["", "e", "english!", "en_US", "en-x-private", "de-1996", "en-u-ca-greg", "ru ", "а"] {
            assert!(Locale::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn negotiation_prefers_the_exact_tag_and_then_the_language() {
        let offered: Vec<_> = ["en", "pt-PT", "pt-BR"].map(|tag| Locale::parse(tag).unwrap()).into();
        let pick = |tag| Locale::negotiate(Locale::parse(tag).unwrap(), &offered).map(|locale| locale.to_string());
        assert_eq!(pick("pt-BR").as_deref(), Some("pt-BR"));
        assert_eq!(pick("pt-AO").as_deref(), Some("pt-PT"));
        assert_eq!(pick("en-GB").as_deref(), Some("en"));
        assert_eq!(pick("tk"), None);
    }

    #[test]
    fn a_script_has_a_direction() {
        let of = |tag: &str| Locale::parse(tag).unwrap().direction().as_str();
        for tag in [
            "ar",
            "fa",
            "he",
            "ur",
            "ps",
            "ckb",
            "yi",
            "dv",
            "ug",
            "sd",
            "syr",
            "arc",
            "ar-EG",
            "fa-AF",
            "az-Arab",
            "ku-Arab",
            "uz-Arab-AF",
            "pa-Arab",
            "pa-PK",
            "az-IR",
            "ms-Arab",
            "tk-Arab",
            "nqo",
            "ff-Adlm",
            "rhg",
            "en-Hebr",
            "ks",
            "lrc",
            "mzn",
            "bal",
            "arz",
            "ary",
            "iw",
            "ji",
            "pnb",
            "pnb-Arab",
            "tt-Arab",
            "kk-CN",
            "uz-AF",
        ] {
            assert_eq!(of(tag), "rtl", "{tag}");
        }
        for tag in [
            "en", "ru", "tk", "zh-Hant", "ja", "az", "az-Cyrl", "ku-Latn", "ku", "ar-Latn", "fa-Cyrl", "he-Latn",
            "ur-Latn", "pa", "uz", "ug-Cyrl", "ms", "ff", "qqq",
        ] {
            assert_eq!(of(tag), "ltr", "{tag}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_idempotent(text in "\\PC{0,20}") {
            if let Ok(locale) = Locale::parse(&text) {
                prop_assert_eq!(Locale::parse(locale.as_str()).unwrap(), locale);
            }
        }

        #[test]
        fn a_negotiated_locale_is_one_of_those_offered(tags in prop::collection::vec("[a-z]{2}(-[A-Z]{2})?", 1..6), wanted in "[a-z]{2}(-[A-Z]{2})?") {
            let offered: Vec<_> = tags.iter().filter_map(|tag| Locale::parse(tag).ok()).collect();
            if let Some(found) = Locale::negotiate(Locale::parse(&wanted).unwrap(), &offered) {
                prop_assert!(offered.contains(&found));
                prop_assert_eq!(found.language(), &wanted[..2]);
            }
        }
    }
}
