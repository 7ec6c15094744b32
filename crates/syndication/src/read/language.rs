//! Languages as sources name them: tags of BCP 47, those of POSIX, and three letters where there are two.

use courant_domain::locale::{Locale, is_known_language, two_letters};

/// What a source says of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// This one.
    Language(Locale),
    /// None: that there is none, that there are several, or nothing.
    Nothing,
    /// Something that is no language.
    Unknown,
}

/// Codes of two letters that have been withdrawn. CLDR would have others replaced, too, that sites name their languages by: `tl`, `tw`.
const WITHDRAWN: [(&str, &str); 5] = [("in", "id"), ("iw", "he"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro")];

/// Reads the name of a language. Of a tag that says more than language, script and region, these are read.
pub(crate) fn read(text: &str) -> Named {
    let text = text.trim();
    // `ru_RU.UTF-8`, `ca_ES@valencia`.
    let tag = text.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if matches!(language.as_str(), "" | "und" | "mul" | "zxx" | "mis") {
        return if tag.len() == language.len() { Named::Nothing } else { Named::Unknown };
    }
    let is_well_formed =
        |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_letters(&language) || !parts.clone().all(is_well_formed) {
        return Named::Unknown;
    }
    let language = match language.len() {
        2 if is_known_language(&language) => {
            WITHDRAWN.iter().find(|(old, _)| *old == language).map_or(language, |(_, new)| (*new).to_owned())
        }
        // Those from `qaa` to `qtz` mean what whoever uses them has agreed on.
        3 if ("qaa"..="qtz").contains(&language.as_str()) => return Named::Unknown,
        3 => two_letters(&language).unwrap_or(language),
        _ => return Named::Unknown,
    };
    let script = parts.clone().next().filter(|part| part.len() == 4 && is_letters(part));
    let region = parts.nth(usize::from(script.is_some()));
    let region = region.filter(|part| {
        part.len() == 2 && is_letters(part) || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    let tag: Vec<&str> = [Some(language.as_str()), script, region].into_iter().flatten().collect();
    Locale::parse(&tag.join("-")).map_or(Named::Unknown, Named::Language)
}

/// The language of a name, if it is one.
pub(crate) fn known(text: &str) -> Option<Locale> {
    match read(text) {
        Named::Language(locale) => Some(locale),
        Named::Nothing | Named::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_however_they_are_written() {
        for (text, language) in [
            ("en", "en"),
            (" EN-us ", "en-US"),
            ("ru_RU.UTF-8", "ru-RU"),
            ("zh-hant-TW", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("de-1996", "de"),
            ("de-CH-1996", "de-CH"),
            ("en-u-ca-gregory", "en"),
            ("en-GB-x-quay", "en-GB"),
            ("rus", "ru"),
            ("ger", "de"),
            ("deu-AT", "de-AT"),
            ("nor", "no"),
            ("nob", "nb"),
            ("nb", "nb"),
            ("tl", "tl"),
            ("fil", "fil"),
            ("prs", "prs"),
            ("tuk-TM", "tk-TM"),
            ("haw", "haw"),
            ("iw", "he"),
            ("in", "id"),
            ("mo-MD", "ro-MD"),
        ] {
            assert_eq!(read(text), Named::Language(Locale::parse(language).unwrap()), "{text}");
        }
    }

    #[test]
    fn what_names_no_language_is_told_from_what_is_none() {
        for text in ["", " ", "und", "mul", "zxx"] {
            assert_eq!(read(text), Named::Nothing, "{text:?}");
        }
        for text in ["xx", "english", "e", "en us", "en--US", "hill dialect", "qab", "x-quay", "12", "русский", "und-x"]
        {
            assert_eq!(read(text), Named::Unknown, "{text:?}");
        }
    }
}
