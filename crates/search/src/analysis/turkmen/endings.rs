//! The endings of Turkmen, made of the slots of its grammar: nouns' plural, possessor and case, verbs' tense and person.

use std::{collections::HashMap, sync::LazyLock};

use super::{is_vowel, unmarked};

/// What an ending is put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Anything,
    Vowel,
    /// A vowel that is the fourth letter or a later one.
    LateVowel,
    Consonant,
    /// Two consonants.
    Consonants,
}

impl After {
    pub(super) fn fits(self, rest: &str) -> bool {
        let mut letters = rest.chars().rev().map(is_vowel);
        let (after_vowel, before) = (letters.next() == Some(true), letters.next());
        match self {
            Self::Anything => true,
            Self::Vowel => after_vowel,
            Self::LateVowel => after_vowel && rest.chars().count() > 3,
            Self::Consonant => !after_vowel,
            Self::Consonants => !after_vowel && before == Some(false),
        }
    }
}

/// The endings, each with what it is put to.
pub(super) type Endings = HashMap<String, Vec<After>>;

/// As they are written.
pub(super) static ENDINGS: LazyLock<Endings> = LazyLock::new(|| endings(str::to_owned));
/// As they are typed without marks, but for ý, which is told from y by the letters around it.
pub(super) static UNMARKED_ENDINGS: LazyLock<Endings> = LazyLock::new(|| endings(unmarked_but_y));

fn unmarked_but_y(ending: &str) -> String {
    ending.split('ý').map(unmarked).collect::<Vec<_>>().join("ý")
}

/// All endings, written by `spelled`. In the patterns A is a or e, E is a or ä, I is y or i, U is u or ü, as the word wants it.
fn endings(spelled: impl Fn(&str) -> String) -> Endings {
    let mut found = Endings::new();
    let mut put = |pattern: &str, after: After| {
        for back in [true, false] {
            let places = found.entry(spelled(&in_harmony(pattern, back))).or_default();
            if !places.contains(&after) {
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
    use After::{Anything, Consonant, Consonants, LateVowel, Vowel};
    for copula in ["", "dIr"] {
        for case in CASES.iter().filter(|case| !case.is_empty()) {
            put(&format!("{case}{copula}"), if case.starts_with('d') { Anything } else { Consonant });
        }
        put(&format!("Uň{copula}"), Consonant);
        for owner in owners("I").into_iter().chain(owners("U")) {
            for case in cases_after(&owner) {
                put(&format!("{owner}{case}{copula}"), Consonant);
            }
        }
        for ending in after_vowel() {
            // Of adam rather than of ada.
            let is_mine = ending.starts_with('m') && !ending.starts_with("mIz");
            put(&format!("{ending}{copula}"), if is_mine { LateVowel } else { Vowel });
            // Some write them so, for their vowel is hardly heard there.
            if ending.starts_with(['m', 'ň']) {
                put(&format!("{ending}{copula}"), Consonants);
            }
        }
        for ending in plural() {
            put(&format!("{ending}{copula}"), Anything);
        }
    }
    // What is there is declined itself.
    for there in ["dAk", "dEk"] {
        for ending in after_there() {
            put(&format!("{there}I{ending}"), Anything);
            for third in ["In", "Un"] {
                put(&format!("{third}{there}I{ending}"), Consonant);
            }
            put(&format!("sIn{there}I{ending}"), Vowel);
            put(&format!("lArIn{there}I{ending}"), Anything);
        }
        for lead in ["", "lArIn"] {
            put(&format!("{lead}{there}A"), Anything);
        }
    }
    put("sIz", Anything);
    put("sUz", Anything);
}

const CASES: [&str; 6] = ["", "Iň", "A", "I", "dA", "dAn"];
const CASES_AFTER_VOWEL: [&str; 6] = ["", "nIň", "nI", "dA", "dE", "dAn"];
const CASES_AFTER_THIRD: [&str; 6] = ["", "nIň", "nA", "nI", "ndA", "ndAn"];
const THIRD: [&str; 3] = ["I", "U", "sI"];

fn cases_after(owner: &str) -> [&'static str; 6] {
    if THIRD.contains(&owner) { CASES_AFTER_THIRD } else { CASES }
}

/// Possessors after a consonant, whose first vowel is this.
fn owners(first: &str) -> [String; 5] {
    [format!("{first}m"), format!("{first}ň"), first.to_owned(), format!("{first}mIz"), format!("{first}ňIz")]
}

/// Possessor and case after a vowel.
fn after_vowel() -> Vec<String> {
    let mut found: Vec<String> =
        CASES_AFTER_VOWEL.iter().filter(|case| !case.is_empty()).map(|case| (*case).to_owned()).collect();
    for owner in ["m", "ň", "sI", "mIz", "ňIz"] {
        found.extend(cases_after(owner).iter().map(|case| format!("{owner}{case}")));
    }
    found
}

/// After *dAkI*.
fn after_there() -> Vec<String> {
    let mut found: Vec<String> = CASES_AFTER_THIRD.iter().map(|case| (*case).to_owned()).collect();
    found.extend(after_vowel());
    found.extend(plural());
    found
}

/// Plural with possessor and case.
fn plural() -> Vec<String> {
    let mut found: Vec<String> = CASES.iter().map(|case| format!("lAr{case}")).collect();
    for owner in owners("I") {
        found.extend(cases_after(&owner).iter().map(|case| format!("lAr{owner}{case}")));
    }
    found
}

/// Conjugation: tense or mood, person. Participles that are declined come off in a round of their own.
fn verbs(put: &mut impl FnMut(&str, After)) {
    use After::{Anything, Consonant, Vowel};
    for person in ["", "m", "ň", "k", "ňIz", "lAr"] {
        for mood in ["dI", "sA", "sAdI", "mAsA", "mApdI"] {
            put(&format!("{mood}{person}"), Anything);
        }
        put(&format!("dU{person}"), Anything);
        put(&format!("IpdI{person}"), Consonant);
        put(&format!("UpdI{person}"), Consonant);
        put(&format!("UpdU{person}"), Consonant);
        put(&format!("pdI{person}"), Vowel);
    }
    // The short present.
    for person in ["n", "ň", "s", "ňIz", "ndIr"] {
        put(&format!("ýE{person}"), Anything);
    }
    for person in [
        "", "In", "sIň", "Is", "sIňIz", "lAr", "dI", "dIm", "dIň", "dIk", "dIňIz", "dIlAr", "kA", "kE", "mI", "mIş",
        "mIkA", "dIr", "Im", "Iň", "Ik", "IňIz",
    ] {
        for tense in ["ýEr", "ýAr", "mAr", "mAz", "mAlI", "mEndIr"] {
            put(&format!("{tense}{person}"), Anything);
        }
        if !person.is_empty() {
            put(&format!("jA{}{person}", if person.starts_with('I') { "g" } else { "k" }), Anything);
            put(&format!("Ar{person}"), Consonant);
            put(&format!("Er{person}"), Consonant);
        }
        put(&format!("IpdIr{person}"), Consonant);
        put(&format!("UpdIr{person}"), Consonant);
        put(&format!("pdIr{person}"), Vowel);
    }
    for person in ["m", "ň", "k", "ňIz"] {
        put(&format!("mAlI{person}"), Anything);
    }
    // As they are written where the vowels that meet are not joined into one.
    for person in ["", "im", "iň", "ik", "iňiz", "ler"] {
        for lead in ["ae", "ee", "mae", "mee"] {
            put(&format!("{lead}r{person}"), Consonant);
        }
    }
    for form in [
        "mEn", "mAn", "mAkçI", "sIn", "sUn", "sInlAr", "sUnlAr", "sAnA", "gIn", "gUn", "mAzlIk", "mAň", "mAIň", "mae",
        "mee", "Iş", "Uş",
    ] {
        put(form, Anything);
    }
    for person in ["mok", "ňok", "nok", "mzok", "ňzok", "noklAr"] {
        for vowel in ["a", "e"] {
            put(&format!("{vowel}{person}"), Anything);
        }
        put(person, Vowel);
    }
    for form in ["AýIn", "Ip", "Up"] {
        put(form, Consonant);
    }
    for form in ["ýIn", "p"] {
        put(form, Vowel);
    }
}
