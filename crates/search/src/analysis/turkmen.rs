//! A stemmer for Turkmen in its Latin alphabet, as rules.
//!
//! Turkmen puts its endings one after another, in an order that its grammar fixes, and has them follow the word in their vowels
//! (harmony). So all the endings that a word can have are made here of the grammar's slots (`ENDINGS`), and the longest of them that
//! leaves a possible stem is taken off, up to three times. What is left is brought to one form (`one_form`), because endings change
//! what they are put to. The rules and their sources are in `docs/search.md`, in an order in which they could be a Snowball program:
//! an `among` of endings, and routines over what is left, as which [`snowball`] writes them. There is no list of words. Cyrillic is not read.

pub mod snowball;

use std::{collections::HashMap, sync::LazyLock};

use super::letters::unmarked;

/// What an ending is put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Anything,
    Vowel,
    Consonant,
}

impl After {
    fn fits(self, is_vowel: bool) -> bool {
        match self {
            Self::Anything => true,
            Self::Vowel => is_vowel,
            Self::Consonant => !is_vowel,
        }
    }
}

/// How often endings are taken off: a participle is declined, and what is declined may look like another ending.
const ROUNDS: usize = 3;

const VOWELS: &str = "aäeioöuüy";
const BACK: &str = "aouy";

fn is_vowel(letter: char) -> bool {
    VOWELS.contains(letter)
}

/// The endings, each with what it is put to.
type Endings = HashMap<String, Vec<After>>;

/// As they are written.
static ENDINGS: LazyLock<Endings> = LazyLock::new(|| endings(str::to_owned));
/// As they are typed without marks, but for ý, which is told from y by the letters around it.
static UNMARKED_ENDINGS: LazyLock<Endings> = LazyLock::new(|| endings(unmarked_but_y));

/// The stem of a word in small letters. Forms of one word have one stem; it is no word itself.
#[must_use]
pub fn stem(word: &str) -> String {
    stem_by(word, &ENDINGS, true)
}

/// The stem, without marks, of a word that was typed without them: of `oyuncylaryn`, which stands for `oýunçylaryň`.
#[must_use]
pub fn stem_unmarked(word: &str) -> String {
    unmarked(&stem_by(&with_y(word), &UNMARKED_ENDINGS, false))
}

fn stem_by(word: &str, endings: &Endings, in_harmony: bool) -> String {
    let mut stem = word.to_owned();
    if stem.chars().count() < 3 {
        return stem;
    }
    for _ in 0..ROUNDS {
        raise(&mut stem);
        if cut(&mut stem, &["ma", "me"]) {
            continue;
        }
        let Some(at) = longest(&stem, endings, in_harmony) else { break };
        stem.truncate(at);
        harden(&mut stem);
    }
    one_form(&mut stem);
    stem
}

/// Where the longest ending begins that leaves what can be a stem.
fn longest(word: &str, endings: &Endings, in_harmony: bool) -> Option<usize> {
    word.char_indices().skip(2).map(|(at, _)| at).find(|at| {
        let (rest, ending) = word.split_at(*at);
        let vowels = rest.chars().filter(|letter| is_vowel(*letter)).count();
        let (Some(last), true) = (rest.chars().next_back(), vowels > 0) else { return false };
        let last_vowel = rest.chars().rev().find(|letter| is_vowel(*letter));
        let after_vowel = is_vowel(last);
        // Hardly a noun or verb of one syllable ends in a vowel.
        if after_vowel && vowels < 2 {
            return false;
        }
        // The copula after a bare noun; with other consonants it is a causative verb.
        if matches!(ending, "dyr" | "dir") {
            return vowels > 1 && (after_vowel || "ktrýmg".contains(last));
        }
        let Some(places) = endings.get(ending) else { return false };
        let first_vowel = ending.chars().find(|letter| is_vowel(*letter));
        let is_short = ending.chars().count() == 1;
        let fits = match ending {
            // A noun in -s in the dative, rather than a verb of two syllables.
            "sa" | "se" => !after_vowel,
            // The converb of verbs in -la, -lä and -ä; other words in -p are nouns.
            "p" => last == 'ä' || rest.ends_with("la"),
            _ => !(is_short && first_vowel.is_none() && vowels < 2),
        };
        fits && (!in_harmony || first_vowel.is_none_or(|first| last_vowel.is_some_and(|last| agree(first, last))))
            && places.iter().any(|place| place.fits(after_vowel))
    })
}

/// Whether two vowels can follow one another in a Turkmen word.
fn agree(one: char, other: char) -> bool {
    BACK.contains(one) == BACK.contains(other)
}

/// Brings what is left of several forms to one: what looks like a participle, and what endings make of a stem.
fn one_form(stem: &mut String) {
    harden(stem);
    raise(stem);
    cut(stem, &["mak", "mek", "jak", "jek", "maly", "meli"]);
    cut(stem, &["ma", "me"]);
    cut(stem, &["an", "en", "än"]);
    cut_long(stem, &["yn", "in", "un", "ün"]);
    cut_long(stem, &["ar", "er", "är"]);
    cut(stem, &["yp", "ip", "up", "üp"]);
    cut(stem, &["am", "äm"]);
    cut_long(stem, &["as", "es", "ys", "is"]);
    cut_long(stem, &["at", "et"]);
    cut_long(stem, &["yt", "it", "ut", "üt"]);
    cut(stem, &["a", "e", "ä", "y", "i"]);
    close(stem);
    // What is left of burun in burny.
    if stem.strip_suffix('n').is_some_and(|rest| rest.ends_with(|letter| !is_vowel(letter))) {
        cut(stem, &["n"]);
    }
    harden(stem);
}

/// Final ä is e where nothing follows: mesele, meseläni.
fn raise(stem: &mut String) {
    if stem.ends_with('ä') {
        stem.pop();
        stem.push('e');
    }
}

/// Voiced consonants are hard at the end: kitap, kitaby.
fn harden(stem: &mut String) {
    let hard = match stem.chars().next_back() {
        Some('b') => 'p',
        Some('d') => 't',
        Some('j') => 'ç',
        Some('g') => 'k',
        _ => return,
    };
    stem.pop();
    stem.push(hard);
}

/// The narrow vowel of a last syllable goes where an ending begins with a vowel: burun, burny.
fn close(stem: &mut String) {
    let letters: Vec<char> = stem.chars().collect();
    if let [.., before, consonant, narrow, last] = letters[..]
        && is_vowel(before)
        && !is_vowel(consonant)
        && "yiuü".contains(narrow)
        && "lnrzmş".contains(last)
    {
        stem.truncate(stem.len() - last.len_utf8() - narrow.len_utf8());
        stem.push(last);
    }
}

/// Takes off the first of these ends that leaves what can be a stem.
fn cut(stem: &mut String, ends: &[&str]) -> bool {
    let Some(end) = ends.iter().find(|end| stem.strip_suffix(**end).is_some_and(can_be_stem)) else { return false };
    stem.truncate(stem.len() - end.len());
    true
}

/// The same of words of five letters and more.
fn cut_long(stem: &mut String, ends: &[&str]) -> bool {
    stem.chars().nth(4).is_some() && cut(stem, ends)
}

fn can_be_stem(rest: &str) -> bool {
    let letters = rest.chars().count();
    let vowels = rest.chars().filter(|letter| is_vowel(*letter)).count();
    let ends_in_vowel = rest.chars().next_back().is_some_and(is_vowel);
    letters >= 2 && vowels > 0 && (vowels > 1 || !ends_in_vowel)
}

/// A word without marks, with ý where y is a consonant: beside a vowel.
fn with_y(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut found = String::with_capacity(word.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let after_vowel = found.chars().next_back().is_some_and(is_vowel);
        let before_vowel = letters.get(at + 1).is_some_and(|next| is_vowel(*next));
        found.push(if *letter == 'y' && (after_vowel || before_vowel) { 'ý' } else { *letter });
    }
    found
}

fn unmarked_but_y(ending: &str) -> String {
    ending.split('ý').map(unmarked).collect::<Vec<_>>().join("ý")
}

/// All endings, written by `spelled`. In the patterns A is a or e, E is a or ä, I is y or i, U is u or ü, as the word wants it.
fn endings(spelled: impl Fn(&str) -> String) -> Endings {
    let mut found = Endings::new();
    let mut put = |pattern: &str, after: After| {
        for back in [true, false] {
            let places = found.entry(spelled(&in_harmony(pattern, back))).or_default();
            if !pattern.is_empty() && !places.contains(&after) {
                places.push(after);
            }
        }
    };
    nouns(&mut put);
    verbs(&mut put);
    found
}

fn in_harmony(pattern: &str, back: bool) -> String {
    let letter = |letter| match (letter, back) {
        ('A' | 'E', true) => 'a',
        ('A', false) => 'e',
        ('E', false) => 'ä',
        ('I', true) => 'y',
        ('I', false) => 'i',
        ('U', true) => 'u',
        ('U', false) => 'ü',
        (other, _) => other,
    };
    pattern.chars().map(letter).collect()
}

/// Declension: plural, possessor, case, copula, in this order.
fn nouns(put: &mut impl FnMut(&str, After)) {
    use After::{Anything, Consonant, Vowel};
    const CASES: [&str; 8] = ["", "Iň", "A", "I", "dA", "dAn", "dAkI", "dEkI"];
    const CASES_AFTER_VOWEL: [&str; 8] = ["", "nIň", "nI", "dA", "dE", "dAn", "dAkI", "dEkI"];
    const CASES_AFTER_THIRD: [&str; 8] = ["", "nIň", "nA", "nI", "ndA", "ndAn", "ndAkI", "ndEkI"];
    const THIRD: [&str; 2] = ["I", "sI"];
    let cases_after = |owner: &str| if THIRD.contains(&owner) { CASES_AFTER_THIRD } else { CASES };
    let wide = |first: &str| {
        [format!("{first}m"), format!("{first}ň"), "I".into(), format!("{first}mIz"), format!("{first}ňIz")]
    };
    for copula in ["", "dIr"] {
        for (cases, after) in [(CASES, Consonant), (CASES_AFTER_VOWEL, Vowel)] {
            // The copula alone is looked at by `longest`.
            for case in cases.iter().filter(|case| !case.is_empty()) {
                put(&format!("{case}{copula}"), if case.starts_with('d') { Anything } else { after });
            }
        }
        put(&format!("Uň{copula}"), Consonant);
        for owner in wide("I").into_iter().chain(wide("U")) {
            for case in cases_after(&owner) {
                put(&format!("{owner}{case}{copula}"), Consonant);
            }
        }
        for owner in ["m", "ň", "sI", "mIz", "ňIz"] {
            for case in cases_after(owner) {
                put(&format!("{owner}{case}{copula}"), Vowel);
            }
        }
        for owner in wide("I").into_iter().chain([String::new()]) {
            for case in cases_after(&owner) {
                put(&format!("lAr{owner}{case}{copula}"), Anything);
            }
        }
    }
}

/// Conjugation: tense or mood, person. Participles that are declined come off in a round of their own.
fn verbs(put: &mut impl FnMut(&str, After)) {
    use After::{Anything, Consonant, Vowel};
    for person in ["", "m", "ň", "k", "ňIz", "lAr"] {
        for mood in ["dI", "sA", "sAdI"] {
            put(&format!("{mood}{person}"), Anything);
        }
    }
    for person in ["m", "ň", "k", "ňIz"] {
        put(&format!("dU{person}"), Anything);
    }
    for person in [
        "", "In", "sIň", "Is", "sIňIz", "lAr", "dI", "dIm", "dIň", "dIk", "dIňIz", "dIlAr", "kA", "kE", "mI", "mIş",
        "mIkA", "dIr",
    ] {
        for tense in ["ýEr", "ýAr", "mAr", "mAz", "mAlI"] {
            put(&format!("{tense}{person}"), Anything);
        }
        if !person.is_empty() {
            put(&format!("jAk{person}"), Anything);
            put(&format!("Ar{person}"), Consonant);
            put(&format!("Er{person}"), Consonant);
        }
        put(&format!("IpdIr{person}"), Consonant);
        put(&format!("UpdIr{person}"), Consonant);
        put(&format!("pdIr{person}"), Vowel);
    }
    for form in
        ["ýEn", "ýEndIr", "mEn", "mAn", "mEndIr", "mAkçI", "sIn", "sUn", "sInlAr", "sUnlAr", "sAnA", "gIn", "gUn"]
    {
        put(form, Anything);
    }
    for form in ["AýIn", "Ip", "Up", "amok", "emok", "aňok", "eňok", "anok", "enok", "amzok", "emzok", "aňzok", "eňzok"]
    {
        put(form, Consonant);
    }
    for form in ["ýIn", "p"] {
        put(form, Vowel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for forms in [
            "kitap kitaby kitabyň kitaplar kitaplarymyz kitaplarymyzda kitabyndan kitapdaky kitabymdyr",
            "mesele meseläni meseläniň meseleler meselesi meselelerimiz meseleden meseläm",
            "döwlet döwletiň döwletimiz döwlede döwledi döwletler döwletleriniň",
            "oba obada obadan obalar obasy obamyz obanyň",
            "burun burny burnum burnumyz burna burunlar",
            "göz gözi gözüm gözüň gözler gözlerimiz gözünden gözleriniň",
            "oka okady okadym okaýar okaýaryn okamak okamagy okan okanlar okajak okamady okamaz okapdyr",
            "gel geldi geldim geldiler gelýär gelýärler gelmek gelip geljek gelmedi gelse gelen gelenler gelipdir",
            "işle işledi işleýär işläp işlemek işlemeli işlejek",
        ] {
            let stems: Vec<String> = forms.split(' ').map(stem).collect();
            assert!(stems.iter().all(|other| *other == stems[0]), "{forms}: {stems:?}");
        }
    }

    #[test]
    fn what_is_typed_without_marks_meets_what_is_not() {
        for word in
            ["kitaplarymyň", "meseläniň", "gözüňden", "okaýarsyňyz", "öýümizde", "şäheriň", "ýyllaryň", "düşünjeler"]
        {
            assert_eq!(stem_unmarked(&unmarked(word)), unmarked(&stem(word)), "{word}");
        }
    }

    #[test]
    fn short_words_stay() {
        for word in ["", "ol", "at", "su", "bu", "ş", "öý"] {
            assert_eq!(stem(word), word);
        }
    }
}
