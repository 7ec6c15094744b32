//! What a text is about, and what it says: for telling what goes with it.

mod stop;

use std::collections::HashMap;

use courant_domain::{
    locale::Locale,
    related::{Gist, Print, Word},
};

use crate::analysis::{ANALYSIS, Language, words};

/// The version of everything in here. What was made by another one is made anew.
pub const GISTS: u32 = 1 + 1_000 * ANALYSIS;

/// What a word counts where it stands. The beginning says most.
const IN_TITLE: f64 = 4.0;
const IN_SUMMARY: f64 = 2.0;
const IN_TEXT: f64 = 1.0;
/// How many words of a text are read; no news is longer, and what a law is about it has said by then.
const READ: usize = 3_000;
/// How many words follow one another in a run.
const RUN: usize = 3;

/// The gist of a text in a language.
#[must_use]
pub fn gist(locale: Locale, title: &str, summary: Option<&str>, text: &str) -> Gist {
    let language = Language::of(locale.as_str());
    // In the order in which they come: of two that are as frequent, the first says more.
    let mut stems: Vec<(String, f64)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut runs = Vec::new();
    let mut last: Vec<u64> = Vec::with_capacity(RUN);
    let mut whole = FNV;
    for (part, counts) in [(title, IN_TITLE), (summary.unwrap_or_default(), IN_SUMMARY), (text, IN_TEXT)] {
        last.clear();
        for word in words(part).take(READ) {
            let (stem, _) = language.stems(&word.exact);
            let number = hash(FNV, &stem);
            whole = hash(whole, &stem);
            if last.len() == RUN {
                last.remove(0);
            }
            last.push(number);
            if last.len() == RUN {
                runs.push(last.iter().fold(FNV, |run, word| hash_bytes(run, &word.to_be_bytes())));
            }
            if !says_something(&word.exact) {
                continue;
            }
            match known.get(&stem) {
                Some(at) => stems[*at].1 += counts,
                None => {
                    known.insert(stem.clone(), stems.len());
                    stems.push((stem, counts));
                }
            }
        }
    }
    // What a text says ten times is not ten times as much what it is about.
    let stems = stems.into_iter().map(|(stem, counts)| (numbered(locale, &stem), counts.sqrt()));
    Gist::new(stems, Print::new(whole, &runs))
}

/// Whether a word says what a text is about: not of those that every text has, nor numbers that count something or are a year.
fn says_something(exact: &str) -> bool {
    if exact.chars().all(|c| c.is_ascii_digit()) {
        let is_year = exact.len() == 4 && (exact.starts_with("19") || exact.starts_with("20"));
        return exact.len() > 2 && !is_year;
    }
    exact.chars().nth(2).is_some() && !stop::WORDS.contains(exact)
}

/// The number of a word in a language.
fn numbered(locale: Locale, stem: &str) -> Word {
    let number = hash(hash_bytes(hash(FNV, locale.as_str()), &[0]), stem);
    // The upper half is the better mixed one, and the lower one is not lost.
    Word(u32::try_from((number ^ (number >> 32)) & 0xffff_ffff).unwrap_or_default())
}

const FNV: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a in 64 bits: the same on every node, and in every version.
fn hash(from: u64, text: &str) -> u64 {
    hash_bytes(from, text.as_bytes())
}

fn hash_bytes(from: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(from, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(locale: &str, title: &str, text: &str) -> Gist {
        gist(Locale::parse(locale).unwrap(), title, None, text)
    }

    fn shared(one: &Gist, other: &Gist) -> usize {
        one.shared(other).count()
    }

    #[test]
    fn forms_of_a_word_are_one_word_and_languages_are_apart() {
        let one = of("ru", "Указы о театрах", "");
        assert_eq!(shared(&one, &of("ru", "Указом о театре", "")), 2);
        assert_eq!(shared(&one, &of("tk", "Указом о театре", "")), 0);
        assert_eq!(shared(&of("tk", "Şäherlerimiziň suwy", ""), &of("tk", "şäherde", "suw")), 2);
        assert_eq!(shared(&of("en", "Elections", ""), &of("en", "election", "")), 1);
    }

    #[test]
    fn words_that_all_texts_have_say_nothing() {
        let text = "and the with from that have been in 2026 and 12 of them; this is, which was";
        assert_eq!(of("en", "", text).words().count(), 0);
        assert_eq!(of("ru", "", "и который также был для этого года").words().count(), 0);
        assert_eq!(of("tk", "", "we bilen hem üçin bolan şeýle-de").words().count(), 0);
        assert_eq!(of("en", "", "№ 1234").words().count(), 1);
    }

    #[test]
    fn what_is_said_first_and_often_is_kept() {
        let many: String = (0..100).map(|number| format!("filler{number} ")).collect();
        let text = format!("{many} glacier glacier");
        let gist = of("en", "Harbour", &text);
        for word in ["harbour", "glacier", "filler0"] {
            assert_eq!(shared(&gist, &of("en", word, "")), 1, "{word}");
        }
        assert_eq!(shared(&gist, &of("en", "filler90", "")), 0);
    }

    #[test]
    fn texts_that_differ_in_a_few_words_say_the_same() {
        let text = |day: &str| {
            format!(
                "The new bridge over the river was opened on {day} by the mayor. It is four hundred metres long and took \
                 three years to build. Trams will cross it from next month on, the works committee said. The old bridge \
                 stays open to walkers and cyclists, and its piers are to be mended before the winter comes."
            )
        };
        let one = of("en", "A bridge is opened", &text("Monday"));
        assert!(one.print.repeats(&of("en", "The bridge is open", &text("Tuesday")).print));
        let other = "The mayor opened a school. It has room for four hundred pupils and took two years to build, and \
                     trams stop before its door; the old school becomes a library, the committee said on Monday.";
        assert!(!one.print.repeats(&of("en", "A bridge is opened", other).print));
    }
}
