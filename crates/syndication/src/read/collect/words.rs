//! What is words for readers, among all that sources hold.

use crate::read::text::plain;

/// Whether a value is words for readers: several of them, and no address, number, list or serialised setting.
pub(crate) fn is_sentence(value: &str) -> bool {
    let is_word = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
    };
    if value.starts_with('<') {
        return plain(value).is_some_and(|words| !words.starts_with('<') && is_sentence(&words));
    }
    !value.starts_with(['{', '['])
        && !value.contains("\";")
        && value.split_whitespace().take(200).filter(is_word).count() >= 4
}
