//! How good what is found is, beside what others would find: `cargo nextest run -p courant-search --test judged --no-capture` prints it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../library/mod.rs"]
mod library;
mod sets;

use std::collections::BTreeSet;

use courant_search::{Document, SearchIndex};
use library::{Library, article, request};
use sets::{Bm25, JUDGED, Judgement, LANGUAGES, Text, Wanted, judge, queries, texts, tokens, trigrams};

/// The texts of a language in an index.
fn library(language: &str, texts: &[Text]) -> Library {
    let document = |(at, text): (usize, &Text)| article(u16::try_from(at).unwrap(), language, text.title, text.body);
    Library::of(&texts.iter().enumerate().map(document).collect::<Vec<Document>>())
}

/// What our own search finds.
fn ours(index: &SearchIndex, language: &str, texts: &[Text], typed: &str) -> Vec<String> {
    let request = request(language, typed);
    assert_eq!(request.first, JUDGED);
    let found = index.search(&request).unwrap();
    found.hits.iter().map(|hit| texts[usize::try_from(hit.entry.as_u128()).unwrap()].name.to_owned()).collect()
}

/// What ours has to reach in a language, a little below what it does: its nDCG@10 and recall@10, and by how many times the first is that of
/// plain tokens.
const REACHED: [(&str, f64, f64, f64); 3] =
    [("en", 0.93, 0.89, 1.25), ("ru", 0.92, 0.88, 2.1), ("tk", 0.94, 0.94, 1.6)];

#[test]
fn words_in_all_their_forms_find_more_than_words_as_they_are() {
    println!("| | | ours | plain tokens | all of the tokens | trigrams |\n|---|---|---:|---:|---:|---:|");
    for (language, ndcg, recall, times) in REACHED {
        let (texts, queries) = (texts(language), queries(language));
        let library = library(language, &texts);
        let ours = judge(&queries, |typed| ours(&library.index, language, &texts, typed));
        let (words, parts) = (Bm25::new(&texts, tokens), Bm25::new(&texts, trigrams));
        let plain = judge(&queries, |typed| words.find(typed, Wanted::Any));
        let others = [
            plain,
            judge(&queries, |typed| words.find(typed, Wanted::All)),
            judge(&queries, |typed| parts.find(typed, Wanted::Any)),
        ];
        let row = |figure: fn(&Judgement) -> f64| {
            let all = [ours].iter().chain(&others).map(|one| format!("{:.3}", figure(one))).collect::<Vec<_>>();
            all.join(" | ")
        };
        println!("| {language} | nDCG@10 | {} |\n| | recall@10 | {} |", row(|it| it.ndcg), row(|it| it.recall));
        assert!(ours.ndcg >= ndcg && ours.recall >= recall, "{language}: {ours:?}");
        assert!(ours.ndcg >= times * plain.ndcg && ours.recall > plain.recall, "{language}: {ours:?} {plain:?}");
    }
}

#[test]
fn a_ranking_is_judged_by_what_comes_first() {
    let queries = &queries("en")[..1];
    let judged = |found: &[&str]| judge(queries, |_| found.iter().map(|&name| name.to_owned()).collect());
    assert_eq!(judged(&["w2"]), Judgement { ndcg: 1.0, recall: 1.0 });
    assert_eq!(judged(&["x1"]), Judgement { ndcg: 0.0, recall: 0.0 });
    let second = judged(&["x1", "w2"]);
    assert!((second.ndcg - 1.0 / 3f64.log2()).abs() < 1e-9 && second.recall > 0.99, "{second:?}");
    let late: Vec<&str> = std::iter::repeat_n("x1", JUDGED).chain(["w2"]).collect();
    assert_eq!(judged(&late), Judgement { ndcg: 0.0, recall: 0.0 });
}

#[test]
fn the_sets_are_whole() {
    let names = |language: &str| texts(language).into_iter().map(|text| text.name).collect::<BTreeSet<_>>();
    let known = names("en");
    for language in LANGUAGES {
        assert_eq!(names(language), known, "{language}");
        let queries = queries(language);
        assert_eq!(queries.len(), 60, "{language}");
        assert_eq!(queries.iter().map(|query| query.typed).collect::<BTreeSet<_>>().len(), 60, "{language}");
        for query in queries {
            assert!(query.grades.values().any(|grade| *grade == 2), "{}", query.typed);
            assert!(query.grades.keys().all(|name| known.contains(name)), "{:?}", query.grades);
        }
    }
}
