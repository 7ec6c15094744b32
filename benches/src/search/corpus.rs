//! Texts to be searched: made-up words of three languages, as frequent as Zipf's law has them, the same for the same seed.

use courant_search::Document;
use uuid::Uuid;

use crate::{load::precise, sample::Random};

/// So many words there are in a language, each in four forms.
const VOCABULARY: usize = 40_000;
/// So many words a title has, and a text.
const LENGTHS: (usize, usize) = (7, 120);

/// A language: its tag, what PostgreSQL calls its rules, syllables, and the ends of words.
pub(super) struct Language {
    pub(super) tag: &'static str,
    pub(super) config: &'static str,
    syllables: &'static [&'static str],
    ends: [&'static str; 4],
}

pub(super) const LANGUAGES: [Language; 3] = [
    Language {
        tag: "en",
        config: "english",
        syllables: &[
            "ba", "cor", "den", "fil", "gra", "hol", "jun", "kel", "lam", "mor", "nit", "pra", "rud", "sol", "tam",
            "ven", "wick", "lor", "dra", "min", "tor", "pel", "san", "ron", "gil", "mar", "tes", "bol", "nor", "fen",
            "cas", "dul", "hep", "jar", "kin", "lup",
        ],
        ends: ["", "s", "ed", "ing"],
    },
    Language {
        tag: "ru",
        config: "russian",
        syllables: &[
            "ба", "кор", "ден", "фил", "гра", "хол", "жур", "кел", "лам", "мор", "нит", "пра", "руд", "сол", "там",
            "вен", "щит", "лор", "дра", "мин", "тор", "пел", "сан", "рон", "гил", "мар", "тес", "бол", "нор", "зен",
            "кас", "дул", "шеп", "яр", "кин", "луп",
        ],
        ends: ["", "а", "ов", "ами"],
    },
    Language {
        tag: "tk",
        config: "simple",
        syllables: &[
            "ba", "gor", "den", "pil", "gra", "hol", "jun", "kel", "lam", "mör", "nit", "pra", "rud", "sol", "tam",
            "weň", "çyk", "lor", "dra", "min", "tor", "pel", "san", "ron", "gil", "mar", "tes", "bol", "nor", "ýen",
            "kas", "dul", "şep", "jar", "kin", "lüp",
        ],
        ends: ["", "lar", "yň", "lardan"],
    },
];

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Frequent,
    Mid,
    Rare,
    Phrase,
    Prefix,
}

impl Sort {
    pub(super) const ALL: [Self; 5] = [Self::Frequent, Self::Mid, Self::Rare, Self::Phrase, Self::Prefix];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Frequent => "a very frequent word",
            Self::Mid => "a word in between",
            Self::Rare => "a rare word",
            Self::Phrase => "a phrase of two words",
            Self::Prefix => "three letters that words begin with",
        }
    }
}

/// A text.
pub(super) struct Text {
    pub(super) number: i32,
    pub(super) language: &'static Language,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) kind: &'static str,
    pub(super) category: i32,
    pub(super) tags: Vec<i32>,
    pub(super) signatory: Option<i32>,
    pub(super) year: i16,
    pub(super) published: i64,
}

/// All that can be made.
pub(super) struct Corpus {
    seed: u64,
    /// Of each language, the most frequent first.
    words: [Vec<String>; 3],
    /// How likely a word is one of those up to a rank.
    up_to: Vec<f64>,
}

impl Corpus {
    pub(super) fn new(seed: u64) -> Self {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = Vec::with_capacity(VOCABULARY);
        for rank in 1..=VOCABULARY {
            sum += 1.0 / precise(rank);
            up_to.push(sum);
        }
        up_to.iter_mut().for_each(|one| *one /= sum);
        let words = LANGUAGES.map(|language| (0..VOCABULARY).map(|rank| word(&language, rank)).collect());
        Self { seed, words, up_to }
    }

    fn rank(&self, random: &mut Random) -> usize {
        let drawn = random.fraction();
        self.up_to.partition_point(|up_to| *up_to < drawn).min(VOCABULARY - 1)
    }

    fn sentence(&self, language: usize, count: usize, random: &mut Random) -> String {
        let words: Vec<&str> = (0..count).map(|_| self.words[language][self.rank(random)].as_str()).collect();
        words.join(" ")
    }

    /// A text, the same for the same number.
    pub(super) fn text(&self, number: u32) -> Text {
        let mut random = Random::new(self.seed.wrapping_add(u64::from(number).wrapping_mul(0x2545_f491_4f6c_dd1d)));
        let language = number as usize % LANGUAGES.len();
        let (title, body) = LENGTHS;
        let is_act = random.below(20) == 0;
        let small = |random: &mut Random, below: u64| i32::try_from(random.below(below)).unwrap_or_default();
        Text {
            number: i32::try_from(number).unwrap_or(i32::MAX),
            language: &LANGUAGES[language],
            title: self.sentence(language, title, &mut random),
            body: self.sentence(language, body, &mut random),
            kind: if is_act { "DECREE" } else { "ARTICLE" },
            category: small(&mut random, 60),
            tags: (0..random.below(5))
                .map(|_| small(&mut random, 500))
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect(),
            signatory: is_act.then(|| small(&mut random, 50)),
            year: 2005 + i16::try_from(random.below(20)).unwrap_or_default(),
            published: i64::from(number) * 60_000_000,
        }
    }

    /// What is asked for in a language, in words alone.
    pub(super) fn queries(&self, sort: Sort, language: usize, count: usize, documents: u32) -> Vec<String> {
        let mut random = Random::new(self.seed ^ 0xa5a5);
        let of_rank = |random: &mut Random, from: usize, to: usize| {
            let rank = from + usize::try_from(random.below((to - from) as u64)).unwrap_or_default();
            self.words[language][rank].clone()
        };
        let one = |_| match sort {
            Sort::Frequent => of_rank(&mut random, 4, 40),
            Sort::Mid => of_rank(&mut random, 1_000, 3_000),
            Sort::Rare => of_rank(&mut random, 30_000, VOCABULARY),
            Sort::Prefix => of_rank(&mut random, 1_000, 3_000).chars().take(3).collect(),
            Sort::Phrase => {
                let number = u32::try_from(random.below(u64::from(documents / 3).max(1))).unwrap_or_default() * 3;
                let text = self.text(number + u32::try_from(language).unwrap_or_default());
                let words: Vec<&str> = text.body.split(' ').collect();
                let at = usize::try_from(random.below(words.len() as u64 - 1)).unwrap_or_default();
                words[at..at + 2].join(" ")
            }
        };
        (0..count).map(one).collect()
    }
}

/// The word of a rank: what it begins with and one of the ends, each word being another one.
fn word(language: &Language, rank: usize) -> String {
    let (mut rest, syllables) = (rank / 4, language.syllables);
    let mut word = String::new();
    for _ in 0..2 {
        word.push_str(syllables[rest % syllables.len()]);
        rest /= syllables.len();
    }
    while rest > 0 {
        word.push_str(syllables[rest % syllables.len()]);
        rest /= syllables.len();
    }
    word.push_str(language.ends[rank % 4]);
    word
}

impl Text {
    pub(super) fn document(self) -> Document {
        let id = |sort: u64, number: i32| Uuid::from_u64_pair(sort, u64::from(number.unsigned_abs()) + 1);
        Document {
            entry: id(1, self.number),
            locale: self.language.tag.to_owned(),
            readers: vec![self.language.tag.to_owned()],
            kind: self.kind.to_owned(),
            category: id(2, self.category),
            tags: self.tags.iter().map(|tag| id(3, *tag)).collect(),
            signatory: self.signatory.map(|person| id(4, person)),
            year: self.year,
            published: self.published,
            number: None,
            title: self.title,
            summary: None,
            text: self.body,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn words_are_others_and_texts_the_same_again() {
        for language in &LANGUAGES {
            let words: HashSet<String> = (0..VOCABULARY).map(|rank| word(language, rank)).collect();
            // A few are written as another one with another end.
            assert!(words.len() > VOCABULARY * 98 / 100, "{}: {}", language.tag, words.len());
        }
        let (one, other) = (Corpus::new(7), Corpus::new(7));
        assert_eq!(one.text(5).document(), other.text(5).document());
        assert_ne!(one.text(5).body, one.text(8).body);
        assert_eq!(one.queries(Sort::Phrase, 1, 3, 100), other.queries(Sort::Phrase, 1, 3, 100));
    }
}
