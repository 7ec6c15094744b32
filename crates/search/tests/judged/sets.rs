//! Judged sets: short texts of our own and queries with the texts that answer them, in three languages; how rankings are judged by them,
//! and two that need no index. The benchmark reads this file, too, to judge what databases find.

use std::collections::{BTreeMap, HashMap};

/// The languages of the sets.
pub(crate) const LANGUAGES: [&str; 3] = ["en", "ru", "tk"];

/// So many results are judged.
pub(crate) const JUDGED: usize = 10;

const QUERIES: &str = include_str!("queries.txt");

/// A text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    /// What it is called in the judgements; the same in all languages.
    pub(crate) name: &'static str,
    /// Its title.
    pub(crate) title: &'static str,
    /// All else.
    pub(crate) body: &'static str,
}

/// A query, and what answers it.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    /// What is typed.
    pub(crate) typed: &'static str,
    /// How well each text answers it: 2 is what was meant, 1 is near it.
    pub(crate) grades: BTreeMap<&'static str, u8>,
}

/// The texts of a language.
///
/// # Panics
/// When the file is not what it should be.
pub(crate) fn texts(language: &str) -> Vec<Text> {
    let file = match language {
        "en" => include_str!("en.txt"),
        "ru" => include_str!("ru.txt"),
        "tk" => include_str!("tk.txt"),
        other => panic!("there is no set in {other}"),
    };
    let line = |line: &'static str| {
        let mut parts = line.split('|');
        let mut next = || parts.next().unwrap_or_else(|| panic!("{line} has too few parts"));
        Text { name: next(), title: next(), body: next() }
    };
    file.lines().map(line).collect()
}

/// The queries of a language.
///
/// # Panics
/// When the file is not what it should be.
pub(crate) fn queries(language: &str) -> Vec<Query> {
    let at = LANGUAGES.iter().position(|known| *known == language);
    let at = at.unwrap_or_else(|| panic!("there is no set in {language}"));
    let line = |line: &'static str| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let grade = |name: &'static str| name.strip_prefix('~').map_or((name, 2), |name| (name, 1));
        Query { typed: parts[at + 1], grades: parts[0].split_whitespace().map(grade).collect() }
    };
    QUERIES.lines().map(line).collect()
}

/// How good rankings are: means over all queries.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Judgement {
    /// The normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002, with gains of 2^grade − 1): 1 where the
    /// best answers come first.
    pub(crate) ndcg: f64,
    /// The share of what answers a query that is among the first ten.
    pub(crate) recall: f64,
}

/// Judges what is found for each query, the best first.
pub(crate) fn judge(queries: &[Query], mut find: impl FnMut(&'static str) -> Vec<String>) -> Judgement {
    let mut sum = Judgement::default();
    for query in queries {
        let found = find(query.typed);
        let grade = |name: &String| query.grades.get(name.as_str()).copied().unwrap_or(0);
        let got = found.iter().take(JUDGED).map(grade);
        let mut best: Vec<u8> = query.grades.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let answers = got.clone().filter(|grade| *grade > 0).count();
        sum.ndcg += gain(got) / gain(best.iter().copied().take(JUDGED));
        sum.recall += number(answers) / number(query.grades.len().min(JUDGED));
    }
    let count = number(queries.len());
    Judgement { ndcg: sum.ndcg / count, recall: sum.recall / count }
}

fn gain(grades: impl Iterator<Item = u8>) -> f64 {
    grades.enumerate().map(|(at, grade)| (f64::from(grade).exp2() - 1.0) / number(at + 2).log2()).sum()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What a text is cut into.
pub(crate) type Cut = fn(&str) -> Vec<String>;

/// The words of a text in lower case, as they are.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Every three letters of each word that stand together, its ends marked, as PostgreSQL's `pg_trgm` has them.
pub(crate) fn trigrams(text: &str) -> Vec<String> {
    let of_word = |word: String| {
        let letters: Vec<char> = format!("  {word} ").chars().collect();
        letters.windows(3).map(|three| three.iter().collect::<String>()).collect::<Vec<_>>()
    };
    tokens(text).into_iter().flat_map(of_word).collect()
}

/// Which of the parts of a query a text is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One of them.
    Any,
    /// All, as in ours for up to two words.
    All,
}

/// A ranking by BM25 (k1 = 1.2, b = 0.75) of texts that are cut into parts; what is in a title counts three times as much, as in ours.
pub(crate) struct Bm25 {
    cut: Cut,
    names: Vec<&'static str>,
    lengths: Vec<f64>,
    found: HashMap<String, Vec<(usize, f64)>>,
}

impl Bm25 {
    /// Of these texts.
    pub(crate) fn new(texts: &[Text], cut: Cut) -> Self {
        let mut found: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let mut counts: HashMap<String, f64> = HashMap::new();
            for (part, weight) in [(text.title, 3.0), (text.body, 1.0)] {
                cut(part).into_iter().for_each(|part| *counts.entry(part).or_default() += weight);
            }
            lengths.push(counts.values().sum());
            counts.into_iter().for_each(|(part, count)| found.entry(part).or_default().push((at, count)));
        }
        Self { cut, names: texts.iter().map(|text| text.name).collect(), lengths, found }
    }

    /// What is found, the best first.
    pub(crate) fn find(&self, typed: &str, wanted: Wanted) -> Vec<String> {
        let all = number(self.names.len());
        let mean = self.lengths.iter().sum::<f64>() / all;
        let mut scores: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        let asked = (self.cut)(typed);
        for part in &asked {
            let Some(texts) = self.found.get(part) else { continue };
            let rarity = (1.0 + (all - number(texts.len()) + 0.5) / (number(texts.len()) + 0.5)).ln();
            for (at, count) in texts {
                let length = 1.2 * (0.25 + 0.75 * self.lengths[*at] / mean);
                let (parts, score) = scores.entry(*at).or_default();
                *parts += 1;
                *score += rarity * count * 2.2 / (count + length);
            }
        }
        scores.retain(|_, (parts, _)| wanted == Wanted::Any || *parts == asked.len());
        let mut ranked: Vec<(usize, f64)> = scores.into_iter().map(|(at, (_, score))| (at, score)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        ranked.into_iter().take(JUDGED).map(|(at, _)| self.names[at].to_owned()).collect()
    }
}
