//! Texts as they are compared when somebody searches: what looks or is written alike is equal.

use icu_casemap::CaseMapper;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::text::is_ignorable;

/// The version of [`fold_unmarked`]: what an older one has folded is folded anew.
pub const FOLDING: u8 = 2;

/// A text without what does not count in a search: compatibility caseless matching of the Unicode Standard (section 3.13, D146), which
/// takes canonically equivalent texts, width forms and ligatures for equal (UAX #15), and cases by full folding. Beyond that,
/// characters without a look of their own (soft hyphens, joiners, marks of direction) are nothing, spaces are one space, quotation
/// marks, apostrophes and hyphens are their plain forms, and İ, I, ı and i are one letter, as names are spelled with either.
#[must_use]
pub fn fold(text: &str) -> String {
    let cases = CaseMapper::new();
    let mut folded: String = text.chars().filter(|c| !is_ignorable(*c)).nfkd().collect();
    for _ in 0..2 {
        folded = cases.fold_string(&folded).nfkd().collect();
    }
    let (mut after_i, mut after_space) = (false, false);
    let letters = folded.chars().filter_map(|c| {
        let is_dot = after_i && c == '\u{307}';
        let c = plain(c);
        after_i = c == 'i' || after_i && is_combining_mark(c);
        let is_more_space = after_space && c == ' ';
        after_space = c == ' ';
        (!is_dot && !is_more_space).then_some(c)
    });
    letters.nfc().collect()
}

/// A text [folded](fold) and without its marks, as it is typed where a keyboard has none, and as people type what they look for: accents of
/// Latin and Greek letters, ё, stresses of Russian, points of Hebrew and Arabic. Marks that make another letter stay, as those of й, ў,
/// が and of Indic vowels. Letters that Unicode does not take apart become those they are typed as (đ, ł, ø, ŋ, ə, æ), and letters that
/// Arabic and Persian keyboards have in forms of their own are one.
#[must_use]
pub fn fold_unmarked(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        return folded;
    }
    let mut typed = String::with_capacity(folded.len());
    let mut letter = ' ';
    for c in folded.nfd() {
        if is_combining_mark(c) {
            if !is_left_out(letter, c) {
                typed.push(c);
            }
            continue;
        }
        letter = c;
        match c {
            'æ' => typed.push_str("ae"),
            'œ' => typed.push_str("oe"),
            'þ' => typed.push_str("th"),
            'ɓ' | 'ƀ' => typed.push('b'),
            'đ' | 'ð' | 'ɗ' | 'ɖ' => typed.push('d'),
            'ə' | 'ǝ' | 'ɛ' => typed.push('e'),
            'ƒ' => typed.push('f'),
            'ǥ' | 'ɣ' => typed.push('g'),
            'ħ' => typed.push('h'),
            'ɨ' => typed.push('i'),
            'ƙ' => typed.push('k'),
            'ł' => typed.push('l'),
            'ŋ' | 'ɲ' => typed.push('n'),
            'ø' | 'ɔ' | 'ɵ' => typed.push('o'),
            'ŧ' => typed.push('t'),
            'ʉ' => typed.push('u'),
            'ʋ' => typed.push('v'),
            'ƴ' => typed.push('y'),
            'ƶ' => typed.push('z'),
            'ك' => typed.push('ک'),
            'ي' | 'ى' => typed.push('ی'),
            // Stretches a word in Arabic, and is no letter of it.
            '\u{640}' => {}
            c => typed.push(c),
        }
    }
    // What was left out may have stood between two spaces, or two letters.
    fold(&typed)
}

/// Whether a mark goes without making its letter another one.
fn is_left_out(letter: char, mark: char) -> bool {
    match letter {
        'к' | 'г' => false,
        'е' => matches!(mark, '\u{300}' | '\u{301}' | '\u{308}'),
        '\u{400}'..='\u{52f}' => matches!(mark, '\u{300}' | '\u{301}'),
        c if !c.is_alphanumeric() => false,
        // Of Latin and Greek letters, of Hebrew, of Arabic. Those of other scripts are letters in all but name.
        _ => matches!(mark, '\u{300}'..='\u{36f}' | '\u{1dc0}'..='\u{1dff}' | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'),
    }
}

/// The plain form of a sign or letter that is written in several.
fn plain(c: char) -> char {
    match c {
        'ı' => 'i',
        '\u{2018}'..='\u{201b}' | '\u{2bc}' | '\u{2bb}' | '\u{2032}' | '`' | '\u{2039}' | '\u{203a}' => '\'',
        '\u{201c}'..='\u{201f}' | '«' | '»' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_alike_is_equal() {
        for alike in [
            &["Café", "Cafe\u{301}", "CAFÉ", "CAFE\u{301}"] as &[&str],
            &["İlham toý", "ilham toý", "ILHAM TOÝ", "i\u{307}lham toy\u{301}", "ılham TOY\u{301}"],
            &["IŞIK yolu", "ışık yolu", "işik YOLU", "IS\u{327}IK yolu"],
            &["Straße", "STRASSE", "strasse", "STRAẞE"],
            &["ΣΊΣΥΦΟΣ", "Σίσυφος", "σίσυφοσ"],
            &["ｗａｔｅｒ", "Water", "WATER"],
            &["ﬁnal oﬃce", "final office", "FINAL OFFICE"],
            &["ｶﾞｽ", "ガス", "カ\u{3099}ス"],
            &["co\u{ad}operation", "cooperation", "co\u{200b}oper\u{200d}ation\u{feff}"],
            &["ạ\u{302}", "ậ", "a\u{302}\u{323}", "â\u{323}"],
            &["a\u{a0}b", "a b", "a  b", "a\u{3000}b", "a\tb"],
            &["People’s", "People's", "PEOPLE‘S"],
            &["2020–2021", "2020-2021", "2020‑2021"],
            &["№ 5", "no 5", "No 5"],
            &["Ǆ", "ǆ", "ǅ", "DŽ"],
            &["й", "и\u{306}", "Й"],
        ] {
            for text in alike {
                assert_eq!(fold(text), fold(alike[0]), "{text} and {}", alike[0]);
            }
        }
        for (one, other) in [("Café", "Cafe"), ("toý", "toy"), ("а", "a"), ("a b", "ab"), ("й", "и")] {
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn what_is_typed_without_marks_is_equal() {
        for alike in [
            &["Café", "cafe", "CAFÉ", "Cafe\u{301}"] as &[&str],
            &["Gurbangulý", "gurbanguly", "GURBANGULÝ"],
            &["ÄÇŇÖŞÜÝŽ äçňöşüýž", "acnosuyz ACNOSUYZ"],
            &["Ёлка", "елка", "ЕЛКА", "ёлка"],
            &["за́мок", "замок", "ЗАМОК"],
            &["Đặng Łódź Øre", "dang lodz ore"],
            &["Ærø œuvre", "aero oeuvre"],
            &["Čáhcesuolu Deaŋu", "ČÁHCESUOLU DEAŊU", "cahcesuolu deanu"],
            &["Ɓauna ɗan Ƙasar Ƴan", "BAUNA DAN KASAR YAN", "bauna dan kasar yan"],
            &["Əliyev", "əliyev", "eliyev"],
            &["Eʋegbe Ɛʋɛ Ɔkɔ Ɖe Ƒa Ɣe Ɲa", "evegbe eve oko de fa ge na"],
            &["Þórður", "thordur"],
            &["Ƶ Ǥ Ɵ Ʉ Ɨ Ƀ", "z g o u i b"],
            &["Άνθρωπος", "ανθρωπος", "ΑΝΘΡΩΠΟΣ"],
            &["IŞIK", "ışık", "isik", "İşik"],
            &["مُحَمَّد", "محمد", "محـمـد"],
            &["أحمد", "احمد"],
            &["علي", "علی", "على"],
            &["שָׁלוֹם", "שלום"],
            &["Straße", "strasse"],
        ] {
            for text in alike {
                assert_eq!(fold_unmarked(text), fold_unmarked(alike[0]), "{text} and {}", alike[0]);
            }
        }
        for (one, other) in [("й", "и"), ("ў", "у"), ("ї", "і"), ("ќ", "к"), ("ガ", "カ"), ("कि", "क"), ("а", "a")]
        {
            assert_ne!(fold_unmarked(one), fold_unmarked(other), "{one} and {other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_typed_without_marks_stays_so(text in "(\\PC|[a-zA-ZÀ-ɏЀ-ӿ\u{300}-\u{345}\u{591}-\u{5ea}\u{620}-\u{670} ]){0,40}") {
            let typed = fold_unmarked(&text);
            prop_assert_eq!(fold_unmarked(&typed), typed.clone());
            prop_assert_eq!(fold(&typed), typed.clone());
            prop_assert_eq!(fold_unmarked(&fold(&text)), typed.clone());
            prop_assert_eq!(fold_unmarked(&text.nfd().collect::<String>()), typed);
        }

        #[test]
        fn what_is_folded_stays_so(text in "\\PC{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn equivalent_texts_are_equal(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text));
            prop_assert_eq!(fold(&text.nfc().collect::<String>()), fold(&text));
            prop_assert_eq!(fold(&text.nfkd().collect::<String>()), fold(&text));
        }

        #[test]
        fn a_part_is_found_in_the_whole(words in prop::collection::vec("[a-zA-ZÀ-ÿА-яıİşŞﬁ]{1,8}", 1..5)) {
            let whole = fold(&words.join(" "));
            for word in &words {
                prop_assert!(whole.contains(&fold(word)), "{} in {}", word, whole);
            }
        }
    }
}
