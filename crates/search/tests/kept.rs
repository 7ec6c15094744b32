//! What was found is kept while the index is the same: whoever asks again is told what a search would find now.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod library;

use courant_search::{Dimension, Found, Order, Request, SearchIndex};
use library::{Library, article, id, request};

const WORDS: [&str; 6] = ["harbour", "ferry", "bridge", "school", "museum", "budget"];

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn words(&mut self) -> String {
        let count = 1 + self.below(4);
        (0..count).map(|_| WORDS[self.below(6) as usize]).collect::<Vec<_>>().join(" ")
    }
}

fn ask(chance: &mut Chance) -> Request {
    let mut request = request("en", WORDS[chance.below(6) as usize]);
    request.first = 1 + chance.below(3) as usize;
    request.order = if chance.below(2) == 0 { Order::Relevance } else { Order::Newest };
    if chance.below(2) == 0 {
        request.facets = vec![Dimension::Year, Dimension::Language];
    }
    if chance.below(3) == 0 {
        request.gone = vec![(id(1 + chance.below(20) as u16), "en".to_owned())];
    }
    if chance.below(4) == 0 {
        request.filter.years = Some(vec![2024]);
    }
    request
}

/// All pages of a search, without what tells one index from another: the hits, and of each page what else is said.
fn pages(index: &SearchIndex, mut request: Request) -> (Vec<u128>, Vec<String>) {
    let (mut all, mut pages) = (Vec::new(), Vec::new());
    loop {
        let Found { hits, total, strict, has_next, facets, seq } = index.search(&request).unwrap();
        all.extend(hits.iter().map(|hit| hit.entry.as_u128()));
        let mut counts: Vec<String> = facets
            .iter()
            .map(|(dimension, counts)| {
                let mut counts: Vec<_> = counts.iter().collect();
                counts.sort();
                format!("{dimension:?} {counts:?}")
            })
            .collect();
        counts.sort();
        pages.push(format!("{} of {total}, {strict} strict, as of {seq}: {counts:?}", hits.len()));
        match hits.last() {
            Some(last) if has_next => request.after = Some(last.cursor),
            _ => return (all, pages),
        }
    }
}

#[test]
fn what_is_asked_again_is_what_a_search_finds() {
    let mut chance = Chance(7);
    let first: Vec<_> = (1..=10).map(|number| article(number, "en", "Town", &chance.words())).collect();
    let (mut keeping, mut plain) = (Library::of(&first), Library::keeping_nothing(&first));
    let mut found = 0;
    for _ in 0..60 {
        for _ in 0..40 {
            let request = ask(&mut chance);
            let order = request.order;
            let first = pages(&keeping.index, request.clone());
            let kept = pages(&keeping.index, request.clone());
            assert_eq!(first, kept);
            let mut plain = pages(&plain.index, request);
            let mut kept = kept;
            // What was taken out of it still weighs in an index whose parts have not been merged yet, and so hits may be in another order.
            if order == Order::Relevance {
                kept.0.sort_unstable();
                plain.0.sort_unstable();
            }
            assert_eq!(kept, plain);
            found += first.1.len();
        }
        let mut edition = article(1 + chance.below(20) as u16, "en", "Town", &chance.words());
        edition.year = 2023 + chance.below(2) as i16;
        for library in [&mut keeping, &mut plain] {
            library.put(std::slice::from_ref(&edition));
        }
    }
    assert!(found > 3_000, "{found}");
}

#[test]
fn who_turns_pages_while_texts_come_gets_each_once() {
    let many: Vec<_> = (1..=9).map(|number| article(number, "en", "Harbour", "Ships.")).collect();
    let mut library = Library::of(&many);
    let mut request = request("en", "harbour");
    request.first = 3;
    let mut seen = Vec::new();
    loop {
        // Asked before, by somebody else.
        library.index.search(&request).unwrap();
        let found = library.index.search(&request).unwrap();
        seen.extend(found.hits.iter().map(|hit| hit.entry));
        library.put(&[article(100 + seen.len() as u16, "en", "Harbour", "Ships.")]);
        match found.hits.last() {
            Some(last) if found.has_next => request.after = Some(last.cursor),
            _ => break,
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=9).map(id).collect::<Vec<_>>());
}
