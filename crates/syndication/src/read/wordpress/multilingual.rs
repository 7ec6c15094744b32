//! Texts that hold several languages, as plugins of the qTranslate family write them: `[:en]Fog[:fr]Brume[:]`, and
//! `<!--:en-->Fog<!--:--><!--:fr-->Brume<!--:-->` before.

use std::{borrow::Cow, collections::BTreeSet};

use courant_domain::locale::Locale;

use crate::read::language;

/// How a language begins, what is behind its name, and how the last one ends.
const MARKS: [(&str, &str, &str); 2] = [("<!--:", "-->", "<!--:-->"), ("[:", "]", "[:]")];

/// Whether a field of a post is where a plugin keeps the post's language: WPML, what exports for it, Bogo. Others of the same
/// beginning hold numbers of posts and settings.
pub(super) fn is_language_field(key: &str, value: &str) -> bool {
    const FIELDS: [&str; 8] = [
        "_wpml_import_language_code",
        "_wpml_language",
        "wpml_language",
        "_wpml_language_code",
        "icl_language_code",
        "_icl_language_code",
        "_locale",
        "_post_language",
    ];
    (FIELDS.contains(&key) || key.trim_start_matches('_').starts_with("icl_lang")) && language::known(value).is_some()
}

/// Reads the texts of one post in one language.
pub(super) struct Multilingual {
    wanted: String,
    /// The languages of which something was skipped.
    pub(super) skipped: BTreeSet<String>,
}

impl Multilingual {
    pub(super) fn of(wanted: Option<Locale>) -> Self {
        let wanted = wanted.map(|locale| locale.to_string()).unwrap_or_default();
        Self { wanted: wanted.split('-').next().unwrap_or_default().to_owned(), skipped: BTreeSet::new() }
    }

    /// The text in the wanted language, else in its first one, with what is in none.
    pub(super) fn read<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        // Without the last mark, it is something else: `[:br]` is an element to programmers.
        let mark = MARKS.into_iter().find(|(_, _, end)| text.contains(end));
        let parts = mark.map(|(open, close, _)| parts(text, open, close)).unwrap_or_default();
        let languages = || parts.iter().filter_map(|(language, _)| *language);
        let taken = languages().find(|language| *language == self.wanted).or_else(|| languages().next());
        let Some(taken) = taken else { return Cow::Borrowed(text) };
        let mut out = String::with_capacity(text.len());
        for (language, part) in &parts {
            match language.filter(|language| *language != taken) {
                Some(language) if part.trim().is_empty() || self.skipped.contains(language) => {}
                Some(language) => {
                    self.skipped.insert(language.to_owned());
                }
                None => out.push_str(part),
            }
        }
        Cow::Owned(out)
    }
}

/// The parts of a text, each with its language if it is in one.
fn parts<'a>(text: &'a str, open: &str, close: &str) -> Vec<(Option<&'a str>, &'a str)> {
    let mut parts = Vec::new();
    let mut language = None;
    let mut from = 0;
    for (at, _) in text.match_indices(open) {
        let rest = &text[at + open.len()..];
        let is_named =
            |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase()) && rest[name.len()..].starts_with(close);
        let name = rest.get(..2).filter(is_named);
        if name.is_some() || rest.starts_with(close) {
            parts.push((language, &text[from..at]));
            language = name;
            from = at + open.len() + name.map_or(0, str::len) + close.len();
        }
    }
    parts.push((language, text.get(from..).unwrap_or_default()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_is_read_with_what_is_in_none() {
        for (text, wanted, read, skipped) in [
            ("[:en]Fog[:fr]Brume[:]", "fr-CA", "Brume", vec!["en"]),
            ("[:en]Fog[:fr]Brume[:] 7", "tk", "Fog 7", vec!["fr"]),
            ("1 <!--:en-->Fog<!--:--><!--:fr-->Brume<!--:-->", "fr", "1 Brume", vec!["en"]),
            ("[:en]Fog[:fr][:]", "en", "Fog", vec![]),
            ("(defn a [:br] [:id])", "en", "(defn a [:br] [:id])", vec![]),
            ("[:en]Fog[:DIV][:", "en", "[:en]Fog[:DIV][:", vec![]),
        ] {
            let mut multilingual = Multilingual::of(wanted.parse().ok());
            assert_eq!(multilingual.read(text), read);
            assert_eq!(multilingual.skipped.into_iter().collect::<Vec<_>>(), skipped, "{text}");
        }
    }
}
