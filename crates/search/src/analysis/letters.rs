//! Letters with and without their marks.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A text as it is typed where a keyboard has no marks: ä ç ň ö ş ü ý ž without theirs, and so all Latin letters; ё as е. Marks that
/// make another letter of Cyrillic, as й and ў, stay.
#[must_use]
pub fn unmarked(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut found = String::with_capacity(text.len());
    for letter in text.nfc() {
        match letter {
            'ё' => found.push('е'),
            'Ё' => found.push('Е'),
            'ı' => found.push('i'),
            'ł' => found.push('l'),
            'ø' => found.push('o'),
            'đ' => found.push('d'),
            'ß' => found.push_str("ss"),
            'æ' => found.push_str("ae"),
            'œ' => found.push_str("oe"),
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                found.extend(letter.nfd().filter(|part| !is_combining_mark(*part)));
            }
            other => found.push(other),
        }
    }
    found
}

/// Whether a text has a letter that loses a mark in [`unmarked`].
#[must_use]
pub fn is_marked(text: &str) -> bool {
    !text.is_ascii() && unmarked(text) != text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_latin_letters_go_and_those_of_cyrillic_ones_stay() {
        assert_eq!(unmarked("äçňöşüýž ÄÇŇÖŞÜÝŽ"), "acnosuyz ACNOSUYZ");
        assert_eq!(unmarked("ещё чай ўзбек"), "еще чай ўзбек");
        assert_eq!(unmarked("s\u{327}a\u{308}her"), "saher");
        assert!(is_marked("şäher") && !is_marked("чай") && !is_marked("saher"));
    }
}
