//! What forms of one word have in common.

use frostem::{Algorithm, Stemmer};

use super::{
    letters::{is_marked, unmarked},
    turkmen,
};

/// A language by whose rules words are brought to their stems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// By Snowball's English rules (Porter 2).
    English,
    /// By Snowball's Russian rules.
    Russian,
    /// By our own rules.
    Turkmen,
    /// By none: words are found as they are, with marks and without.
    Other,
}

/// One way of looking a word up.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// What is looked up.
    pub term: String,
    /// How much it counts, 1 at most.
    pub weight: f32,
}

/// How much less a word counts that is alike only when marks are taken away.
const WITHOUT_MARKS: f32 = 0.5;

impl Language {
    /// The one of a BCP 47 tag.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        match tag.split('-').next().unwrap_or_default() {
            "en" => Self::English,
            "ru" => Self::Russian,
            "tk" => Self::Turkmen,
            _ => Self::Other,
        }
    }

    /// By whose rules a word in a text of this language goes: Cyrillic is Russian wherever it stands, and Latin letters in a Russian text
    /// are taken for English.
    fn of_word(self, exact: &str) -> Self {
        if exact.chars().any(char::is_numeric) {
            return Self::Other;
        }
        let is_cyrillic = exact.chars().any(|letter| matches!(letter, '\u{400}'..='\u{52f}'));
        match self {
            _ if is_cyrillic => Self::Russian,
            Self::Russian => Self::English,
            own => own,
        }
    }

    /// A letter that stands for it.
    pub(crate) const fn mark(self) -> char {
        match self {
            Self::English => 'e',
            Self::Russian => 'r',
            Self::Turkmen => 't',
            Self::Other => 'x',
        }
    }

    /// The one that a letter stands for.
    pub(crate) const fn of_mark(mark: char) -> Self {
        match mark {
            'e' => Self::English,
            'r' => Self::Russian,
            't' => Self::Turkmen,
            _ => Self::Other,
        }
    }

    /// What a word of a text of this language is filed under: its stem, and that without marks if it has any.
    #[must_use]
    pub fn stems(self, exact: &str) -> (String, Option<String>) {
        let language = self.of_word(exact);
        let term = |stem: &str| format!("{}{stem}", language.mark());
        match language {
            Self::English => (term(&Stemmer::new(Algorithm::English).stem(&unmarked(exact))), None),
            Self::Russian => (term(&Stemmer::new(Algorithm::Russian).stem(&unmarked(exact))), None),
            Self::Turkmen | Self::Other => {
                let stem = if language == Self::Turkmen { turkmen::stem(exact) } else { exact.to_owned() };
                (term(&stem), is_marked(&stem).then(|| term(&unmarked(&stem))))
            }
        }
    }

    /// What a word that somebody asks for is looked up under, in texts of this language.
    #[must_use]
    pub fn sought(self, exact: &str) -> Vec<Sought> {
        let (stem, without_marks) = self.stems(exact);
        let mut found = vec![Sought { term: stem, weight: 1.0 }];
        found.extend(without_marks.map(|term| Sought { term, weight: WITHOUT_MARKS }));
        if self.of_word(exact) == Self::Turkmen {
            let others = if is_marked(exact) {
                // As it is filed where it was written without marks.
                vec![turkmen::stem(&unmarked(exact))]
            } else {
                turkmen::stems_unmarked(exact).into()
            };
            for stem in others {
                let term = format!("{}{stem}", self.mark());
                if found.iter().all(|known| known.term != term) {
                    found.push(Sought { term, weight: WITHOUT_MARKS });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether who asks for a word in texts of a language finds another one.
    fn meets(language: Language, asked: &str, written: &str) -> bool {
        let (stem, without_marks) = language.stems(written);
        language.sought(asked).iter().any(|sought| sought.term == stem || Some(&sought.term) == without_marks.as_ref())
    }

    #[test]
    fn forms_meet_with_marks_and_without() {
        for (language, asked, written) in [
            (Language::English, "elections", "election"),
            (Language::English, "cafe", "café"),
            (Language::Russian, "указом", "указа"),
            (Language::Russian, "елка", "ёлками"),
            (Language::Russian, "ёлка", "елки"),
            (Language::Turkmen, "kitaplar", "kitabyň"),
            (Language::Turkmen, "saher", "şäherlerimiziň"),
            (Language::Turkmen, "seherlerinin", "şeherleriniň"),
            (Language::Turkmen, "şäherde", "saher"),
            (Language::Turkmen, "указом", "указа"),
            (Language::Other, "cafe", "café"),
            (Language::Other, "1234", "1234"),
        ] {
            assert!(meets(language, asked, written), "{asked} {written}");
        }
        for (language, asked, written) in [
            (Language::Turkmen, "1234", "12345"),
            (Language::English, "election", "elector"),
            (Language::Russian, "указ", "показ"),
        ] {
            assert!(!meets(language, asked, written), "{asked} {written}");
        }
    }
}
