//! What a text is about, in a hundred and some bytes.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};

/// A word's stem in a language, as a number: two words in four billion share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u32);

/// The words that are central to a text, and a print of its runs of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gist {
    /// Each with its weight, the heaviest 255; by their numbers.
    words: Vec<(Word, u8)>,
    /// By which texts are known that say the same.
    pub print: Print,
}

impl Gist {
    /// How many words it holds at the most.
    pub const WORDS: usize = 12;

    /// Of these words and weights, the heaviest of them: [`Gist::WORDS`] at the most, each once. Of those that weigh alike, the first.
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = (Word, f64)>, print: Print) -> Self {
        let mut words: Vec<(Word, f64)> = words.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
        words.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let heaviest = words.first().map_or(1.0, |(_, weight)| *weight);
        let mut kept: Vec<(Word, u8)> = Vec::with_capacity(Self::WORDS);
        for (word, weight) in words {
            if kept.len() == Self::WORDS {
                break;
            }
            if kept.iter().all(|(known, _)| *known != word) {
                kept.push((word, share(weight / heaviest)));
            }
        }
        kept.sort_unstable();
        Self { words: kept, print }
    }

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = Word> {
        self.words.iter().map(|(word, _)| *word)
    }

    /// The words of both, and how central each is to both: 1 at the most.
    pub fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (Word, f64)> + 'a {
        self.words.iter().filter_map(|(word, weight)| {
            let at = other.words.binary_search_by_key(word, |(word, _)| *word).ok()?;
            let (_, others) = other.words.get(at)?;
            Some((*word, (f64::from(*weight) * f64::from(*others)).sqrt() / 255.0))
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 1 and 255")]
fn share(of_the_heaviest: f64) -> u8 {
    (of_the_heaviest * 255.0).round().clamp(1.0, 255.0) as u8
}

/// By which texts are known that say the same: of each of so many ways to number runs of words, the lowest number that the text has
/// (*MinHash*). Two texts agree in as many of them as they share of their runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// A number of the whole text, and of its title.
    whole: u32,
    /// None of a text that is too short to share runs.
    lowest: Option<[u16; Self::WAYS]>,
}

impl Print {
    /// How many ways to number runs there are.
    pub const WAYS: usize = 32;
    /// How many different runs a text needs.
    const RUNS: usize = 12;
    /// In how many ways texts agree that say the same: about five runs of eight.
    const AGREE: usize = 20;

    /// Of a text as a whole, and of the numbers of its runs of words.
    #[must_use]
    pub fn new(whole: u64, runs: &[u64]) -> Self {
        let mut runs = runs.to_vec();
        runs.sort_unstable();
        runs.dedup();
        let lowest = (runs.len() >= Self::RUNS).then(|| {
            std::array::from_fn(|way| {
                let numbers = runs.iter().map(|run| mixed(run ^ mixed(way as u64 + 1)));
                part(numbers.min().unwrap_or_default())
            })
        });
        Self { whole: u32::try_from(mixed(whole) >> 32).unwrap_or_default(), lowest }
    }

    /// Whether the texts say the same, but for a few words.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        match (&self.lowest, &other.lowest) {
            (Some(one), Some(other)) => {
                one.iter().zip(other).filter(|(one, other)| one == other).count() >= Self::AGREE
            }
            _ => self.whole == other.whole,
        }
    }
}

/// Splitmix64's last step, which spreads numbers evenly.
const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Sixteen bits of a lowest number that say something: the first ones are nearly always zero.
const fn part(number: u64) -> u16 {
    (mixed(number) & 0xffff) as u16
}

/// What is no gist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no gist of a text")]
pub struct GistError;

impl From<Gist> for String {
    fn from(gist: Gist) -> Self {
        let mut bytes = Vec::with_capacity(6 + 5 * gist.words.len() + 2 * Print::WAYS);
        bytes.push(u8::try_from(gist.words.len()).unwrap_or_default());
        for (word, weight) in &gist.words {
            bytes.extend(word.0.to_be_bytes());
            bytes.push(*weight);
        }
        bytes.extend(gist.print.whole.to_be_bytes());
        bytes.extend(gist.print.lowest.iter().flatten().flat_map(|lowest| lowest.to_be_bytes()));
        STANDARD_NO_PAD.encode(bytes)
    }
}

impl TryFrom<String> for Gist {
    type Error = GistError;

    fn try_from(text: String) -> Result<Self, GistError> {
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| GistError)?;
        let (count, rest) = bytes.split_first().ok_or(GistError)?;
        let (words, rest) = rest.split_at_checked(5 * usize::from(*count)).ok_or(GistError)?;
        let (whole, lowest) = rest.split_first_chunk::<4>().ok_or(GistError)?;
        let words = words
            .as_chunks::<5>()
            .0
            .iter()
            .map(|[a, b, c, d, weight]| (Word(u32::from_be_bytes([*a, *b, *c, *d])), *weight));
        let words: Vec<(Word, u8)> = words.collect();
        let (numbers, odd) = lowest.as_chunks::<2>();
        let numbers: Vec<u16> = numbers.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        let lowest = match numbers.as_slice() {
            [] => None,
            numbers => Some(<[u16; Print::WAYS]>::try_from(numbers).map_err(|_| GistError)?),
        };
        if !odd.is_empty() || !words.is_sorted() {
            return Err(GistError);
        }
        Ok(Self { words, print: Print { whole: u32::from_be_bytes(*whole), lowest } })
    }
}
