//! A stemmer for Turkmen in its Latin alphabet, as rules.
//!
//! Turkmen puts its endings one after another, in an order that its grammar fixes, and has them follow the word in their vowels
//! (harmony). So all the endings that a word can have are made here of the grammar's slots (`ENDINGS`), and the longest of them that
//! leaves a possible stem is taken off, up to four times. What is left is brought to one form (`one_form`), because endings change
//! what they are put to. The rules and their sources are in `docs/search.md`, in an order in which they could be a Snowball program:
//! an `among` of endings, and routines over what is left, as which [`snowball`] writes them. There is no list of words. Cyrillic is not read.

mod endings;
pub mod snowball;

use endings::{ENDINGS, Endings, UNMARKED_ENDINGS};

use super::letters::unmarked;

/// How often endings are taken off: a participle is declined, and what is declined may look like another ending.
const ROUNDS: usize = 4;

const VOWELS: &str = "aäeioöuüy";
const BACK: &str = "aouy";

fn is_vowel(letter: char) -> bool {
    VOWELS.contains(letter)
}

/// The stem of a word in small letters. Forms of one word have one stem; it is no word itself.
#[must_use]
pub fn stem(word: &str) -> String {
    stem_by(word, &ENDINGS, true)
}

/// What a word that was typed without marks, as `oyuncylaryn` for `oýunçylaryň`, can have as its stem, without marks: by any vowels, as *a*
/// may stand for *ä*, and in harmony as it is typed.
#[must_use]
pub fn stems_unmarked(word: &str) -> [String; 2] {
    let word = with_y(word);
    [false, true].map(|in_harmony| unmarked(&stem_by(&word, &UNMARKED_ENDINGS, in_harmony)))
}

fn stem_by(word: &str, endings: &Endings, in_harmony: bool) -> String {
    let mut stem = word.to_owned();
    if stem.chars().count() < 3 {
        return stem;
    }
    for _ in 0..ROUNDS {
        raise(&mut stem);
        while cut(&mut stem, &["ma", "me"], in_harmony) {}
        let Some(at) = longest(&stem, endings, in_harmony) else { break };
        stem.truncate(at);
        harden(&mut stem);
    }
    one_form(&mut stem, in_harmony);
    stem
}

/// Where the longest ending begins that leaves what can be a stem.
fn longest(word: &str, endings: &Endings, in_harmony: bool) -> Option<usize> {
    word.char_indices().skip(2).map(|(at, _)| at).find(|at| stands(word.split_at(*at), endings, in_harmony))
}

/// Whether this is a stem with an ending.
fn stands((rest, ending): (&str, &str), endings: &Endings, in_harmony: bool) -> bool {
    let vowels = rest.chars().filter(|letter| is_vowel(*letter)).count();
    let (Some(last), true) = (rest.chars().next_back(), vowels > 0) else { return false };
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
    fits && (!in_harmony || is_in_harmony(rest, ending)) && places.iter().any(|place| place.fits(rest))
}

/// Whether two vowels can follow one another in a Turkmen word.
fn agree(one: char, other: char) -> bool {
    BACK.contains(one) == BACK.contains(other)
}

/// Brings what is left of several forms to one: what looks like a participle, and what endings make of a stem.
fn one_form(stem: &mut String, in_harmony: bool) {
    harden(stem);
    raise(stem);
    cut(stem, &["mak", "mek", "mäk", "jak", "jek", "maly", "meli"], in_harmony);
    cut(stem, &["ma", "me"], in_harmony);
    cut(stem, &["aen", "een", "an", "en", "än"], in_harmony);
    cut_long(stem, &["ar", "er", "är"], in_harmony);
    cut(stem, &["yp", "ip", "up", "üp"], in_harmony);
    cut_long(stem, &["ap", "ep", "äp"], in_harmony);
    cut(stem, &["il"], in_harmony);
    cut_long(stem, &["yl", "ul", "ül"], in_harmony);
    cut_long(stem, &["dyr", "dir", "dur", "dür"], in_harmony);
    cut(stem, &["an", "en", "än"], in_harmony);
    cut_long(stem, &["ar", "er", "är"], in_harmony);
    cut_long(stem, &["yn", "in", "un", "ün"], in_harmony);
    cut_long(stem, &["as", "es", "ys", "is"], in_harmony);
    cut(stem, &["at", "et"], in_harmony);
    cut(stem, &["a", "e", "ä", "y", "i"], in_harmony);
    close(stem);
    // What is left of burun in burny.
    if stem.strip_suffix('n').is_some_and(|rest| rest.ends_with(|letter| !is_vowel(letter))) {
        cut(stem, &["n"], in_harmony);
    }
    harden(stem);
    // What begins an ending may be the last consonant of what it is put to: Eýra-nyň or Eýran-yň, zawo-da or zawod-a, ýur-da or ýurd-a.
    lose(stem, 'n', "");
    lose(stem, 't', "r");
    cut_long(stem, &["ap", "ep", "äp"], in_harmony);
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
fn cut(stem: &mut String, ends: &[&str], in_harmony: bool) -> bool {
    let stands = |end: &&&str| {
        stem.strip_suffix(**end).is_some_and(|rest| can_be_stem(rest) && (!in_harmony || is_in_harmony(rest, end)))
    };
    let Some(end) = ends.iter().find(stands) else { return false };
    stem.truncate(stem.len() - end.len());
    true
}

/// The same of words of five letters and more.
fn cut_long(stem: &mut String, ends: &[&str], in_harmony: bool) -> bool {
    stem.chars().nth(4).is_some() && cut(stem, ends, in_harmony)
}

/// Takes a consonant off after a vowel, or after one of these consonants, that leaves three letters of what can be a stem.
fn lose(stem: &mut String, last: char, after: &str) {
    let leaves = |rest: &&str| {
        let is_after = rest.ends_with(|letter| is_vowel(letter) || after.contains(letter));
        is_after && rest.chars().count() > 2 && can_be_stem(rest)
    };
    if let Some(rest) = stem.strip_suffix(last).filter(leaves) {
        stem.truncate(rest.len());
    }
}

/// Whether an ending has the vowel that a word wants, or none.
fn is_in_harmony(rest: &str, ending: &str) -> bool {
    let first = ending.chars().find(|letter| is_vowel(*letter));
    let last = rest.chars().rev().find(|letter| is_vowel(*letter));
    first.is_none_or(|first| last.is_some_and(|last| agree(first, last)))
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
            "türkmenistan türkmenistanyň türkmenistany türkmenistana türkmenistanda türkmenistandan türkmenistandaky",
            "eýran eýranyň eýrany eýrana eýranda",
            "telefon telefonyň telefony telefonlar telefonymyz",
            "aşgabat aşgabada aşgabadyň aşgabady aşgabatda aşgabatdan aşgabatdaky",
            "ýurt ýurda ýurdy ýurduň ýurtda ýurtlar ýurdumyz ýurdumyzda",
            "zawod zawoda zawody zawodyň zawodda zawodlar",
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
            assert!(stems_unmarked(&unmarked(word)).contains(&unmarked(&stem(word))), "{word}");
        }
    }

    #[test]
    fn short_words_stay() {
        for word in ["", "ol", "at", "su", "bu", "ş", "öý"] {
            assert_eq!(stem(word), word);
        }
    }
}
