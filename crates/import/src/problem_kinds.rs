//! Problems by their kinds: a source with one fault has it in thousands of items.

use std::collections::HashMap;

use courant_syndication::Problem;

/// Problems that are alike but for what is of their items alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemKind<'a> {
    /// What is wrong, with an ellipsis for what differs.
    pub kind: String,
    /// How many there are.
    pub count: usize,
    /// Where the first is.
    pub first: &'a str,
}

/// The kinds of problems, the most frequent first.
#[must_use]
pub fn problem_kinds(problems: &[Problem]) -> Vec<ProblemKind<'_>> {
    let mut kinds: Vec<ProblemKind<'_>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for Problem { place, message } in problems {
        let kind = kind_of(message);
        match known.get(&kind).and_then(|index| kinds.get_mut(*index)) {
            Some(known) => known.count += 1,
            None => {
                known.insert(kind.clone(), kinds.len());
                kinds.push(ProblemKind { kind, count: 1, first: place });
            }
        }
    }
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    kinds
}

/// A message without what is of its item alone: what is quoted or in brackets, and what has a digit in it.
fn kind_of(message: &str) -> String {
    let mut kind = String::with_capacity(message.len());
    let mut closes = None;
    for c in message.chars() {
        match (c, closes) {
            (c, Some(close)) if c == close => {
                closes = None;
                kind.push('…');
            }
            (_, Some(_)) => {}
            ('"', None) => closes = Some('"'),
            ('(', None) => closes = Some(')'),
            (c, None) => kind.push(c),
        }
    }
    let is_own = |word: &str| word.contains(|c: char| c.is_ascii_digit()) || word.contains("://");
    let mut words: Vec<&str> = kind.split(' ').map(|word| if is_own(word) { "…" } else { word }).collect();
    words.dedup_by(|a, b| *a == "…" && *b == "…");
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_of_one_kind_are_counted_together() {
        let problem = |place: &str, message: &str| Problem { place: place.to_owned(), message: message.to_owned() };
        let problems = [
            problem("item 1", "it has no title; its id is taken"),
            problem(
                "item 2",
                "its publication date is none: \"1 x\"; that of its change, 2026-01-01T00:00:00Z, is taken",
            ),
            problem(
                "item 3",
                "its publication date is none: \"y (z)\"; that of its change, 2026-02-01T00:00:00Z, is taken",
            ),
            problem("item 4", "another item has the slug quay; it gets quay-2"),
        ];
        let kinds = problem_kinds(&problems);
        assert_eq!(kinds.len(), 3);
        let first = "its publication date is none: …; that of its change, … is taken";
        assert_eq!(kinds[0], ProblemKind { kind: first.to_owned(), count: 2, first: "item 2" });
    }
}
