//! Words of the index: what a word that is in no text was most likely meant to be, and what one may become that is being typed.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use tantivy::{Term, query::FuzzyTermQuery, schema::Field};

use crate::{
    analysis::words,
    error::SearchError,
    index::SearchIndex,
    query::{Ask, Part},
    search::{Reader, Request},
};

/// So many words like one that is not known are tried.
const TRIED: usize = 6;
/// So many words with one beginning are looked at in each part of the index.
const LOOKED_AT: usize = 5_000;
/// So many words with one beginning that a reader has are tried together with what is in front of them.
const PROPOSED: usize = 64;
/// Fewer hits than these, and what was typed may have been another word.
const FEW: u64 = 3;

impl SearchIndex {
    /// What was likely meant, where what was typed is found rarely or nowhere: the same with other words, which is found more often
    /// by this reader. None if there is no such thing. `total` is how much has all that was typed ([`crate::Found::strict`]).
    ///
    /// # Errors
    /// When there is no index yet, or it turns out damaged.
    pub fn did_you_mean(&self, typed: &str, request: &Request, total: u64) -> Result<Option<String>, SearchError> {
        if total >= FEW || request.ask.is_open() {
            return Ok(None);
        }
        let snapshot = self.snapshot(request.after.map(|after| after.state))?;
        let reader = self.reader(request, &snapshot);
        let mut ask = request.ask.clone();
        let mut changed: Vec<(usize, usize, String)> = Vec::new();
        for at in 0..ask.parts.len() {
            let part = &ask.parts[at];
            if part.excluded || !part.is_plain || part.words.iter().any(|word| word.chars().any(char::is_numeric)) {
                continue;
            }
            let [word] = part.words.as_slice() else { continue };
            let alone = |word: &str| Ask {
                parts: vec![Part { words: vec![word.to_owned()], ..part.clone() }],
                narrowed: Vec::new(),
            };
            // A word that this reader finds, be it in a text without the others, is spelled well.
            if self.is_found(request, &alone(word), &snapshot)? {
                continue;
            }
            let mut best: Option<(u64, String)> = None;
            for like in self.alike(&reader, word)? {
                let mut tried = ask.clone();
                tried.parts[at].words = vec![like.clone()];
                // What others of the words have to be found with may be wrong, too: then it counts by itself.
                let count = match self.count(request, &tried, &snapshot)? {
                    0 => u64::from(self.is_found(request, &alone(&like), &snapshot)?),
                    count => count.saturating_add(1),
                };
                if count > 0 && best.as_ref().is_none_or(|(most, _)| count > *most) {
                    best = Some((count, like));
                }
            }
            let Some((_, like)) = best else { return Ok(None) };
            changed.push((part.from, part.to, like.clone()));
            ask.parts[at].words = vec![like];
        }
        if changed.is_empty() || self.count(request, &ask, &snapshot)? <= total {
            return Ok(None);
        }
        let mut meant = typed.to_owned();
        for (from, to, word) in changed.into_iter().rev() {
            if meant.get(from..to).is_some() {
                meant.replace_range(from..to, &word);
            }
        }
        Ok(Some(meant))
    }

    /// How what is being typed may go on: the last word whole, the ones before it as they are; each is found by this reader. The most
    /// frequent come first.
    ///
    /// # Errors
    /// When there is no index yet, or it turns out damaged.
    pub fn suggest(&self, typed: &str, request: &Request) -> Result<Vec<String>, SearchError> {
        let Some(last) = words(typed).last().filter(|last| last.to == typed.len()) else { return Ok(Vec::new()) };
        let snapshot = self.snapshot(None)?;
        let fields = &self.inner.fields;
        let mut found = Vec::new();
        let before = &typed[..last.from];
        let reader = self.reader(request, &snapshot);
        let of_words = [fields.exact_title, fields.exact_text];
        for word in completions(&reader, &of_words, &last.exact)?.take(PROPOSED) {
            let word = word?;
            let whole = format!("{before}{word}");
            let ask = Ask::read(&whole, |_, _| None);
            if self.is_found(request, &ask, &snapshot)? {
                found.push(whole);
            }
            if found.len() == request.first {
                break;
            }
        }
        Ok(found)
    }

    /// Words like one that this reader finds, the likeliest first: by how many letters differ, then by how many texts they are in.
    fn alike(&self, reader: &Reader<'_>, word: &str) -> Result<Vec<String>, SearchError> {
        let letters = word.chars().count();
        let distance = match letters {
            0..=2 => return Ok(Vec::new()),
            3..=5 => 1,
            _ => 2,
        };
        let fields = &self.inner.fields;
        let mut found: HashMap<String, u64> = HashMap::new();
        let mut near: Vec<(u8, String, u64)> = Vec::new();
        for distance in 1..=distance {
            for field in [fields.exact_title, fields.exact_text] {
                let automaton = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
                for segment in reader.searcher().segment_readers() {
                    let index = segment.inverted_index(field)?;
                    let mut stream = index.terms().search(automaton.automaton()?).into_stream()?;
                    while stream.advance() {
                        if let Ok(like) = std::str::from_utf8(stream.key()) {
                            *found.entry(like.to_owned()).or_default() += u64::from(stream.value().doc_freq);
                        }
                    }
                }
            }
            for (like, count) in found.drain() {
                if like != word && near.iter().all(|(_, known, _)| *known != like) {
                    near.push((distance, like, count));
                }
            }
        }
        near.sort_by(|a, b| (a.0, Reverse(a.2), &a.1).cmp(&(b.0, Reverse(b.2), &b.1)));
        let mut tried = Vec::new();
        for (_, like, _) in near {
            // Those of other readers are none that this one may have meant.
            if reader.has(&[fields.exact_title, fields.exact_text], like.as_bytes())? {
                tried.push(like);
            }
            if tried.len() == TRIED {
                break;
            }
        }
        Ok(tried)
    }
}

/// The words that begin so and that this reader finds, the most frequent first. Those of the first field count before those of the
/// others. Whoever takes some has no more of them looked for.
pub(crate) fn completions<'a>(
    reader: &'a Reader<'a>,
    fields: &'a [Field],
    beginning: &str,
) -> Result<impl Iterator<Item = Result<String, SearchError>> + 'a, SearchError> {
    let mut found: HashMap<Vec<u8>, u64> = HashMap::new();
    for (at, field) in fields.iter().enumerate() {
        let weight = if at == 0 { 4 } else { 1 };
        for segment in reader.searcher().segment_readers() {
            let index = segment.inverted_index(*field)?;
            let mut stream = index.terms().range().ge(beginning).into_stream()?;
            let mut looked_at = 0;
            while stream.advance() && looked_at < LOOKED_AT {
                let (word, count) = (stream.key(), weight * u64::from(stream.value().doc_freq));
                if !word.starts_with(beginning.as_bytes()) {
                    break;
                }
                // Most are in most parts of the index: their letters are copied once.
                match found.get_mut(word) {
                    Some(known) => *known += count,
                    None => {
                        found.insert(word.to_vec(), count);
                    }
                }
                looked_at += 1;
            }
        }
    }
    let found: Vec<(u64, Reverse<Vec<u8>>)> = found.into_iter().map(|(word, count)| (count, Reverse(word))).collect();
    let mut next = BinaryHeap::from(found);
    let next = std::iter::from_fn(move || next.pop());
    Ok(next.filter_map(|(_, Reverse(word))| match reader.has(fields, &word) {
        Ok(is_theirs) => is_theirs.then(|| Ok(String::from_utf8_lossy(&word).into_owned())),
        Err(error) => Some(Err(error.into())),
    }))
}
