//! The Turkmen stemmer as a Snowball program: it is what the rules make, and a stemmer that Snowball's compiler makes of it gives the stems that
//! ours does.

use courant_search::analysis::turkmen::{snowball, stem};

const PROGRAM: &str = include_str!("../snowball/turkmen.sbl");
/// Words with their stems by the compiled program, one a line (`snowball/README.md` says how they were made).
const STEMS: &str = include_str!("../snowball/stems.txt");

#[test]
fn the_program_is_what_the_rules_make() {
    assert!(PROGRAM == snowball::program(), "make it anew: cargo run -p courant-search --example snowball");
}

#[test]
fn the_compiled_program_gives_the_same_stems() {
    let mut words = 0;
    for line in STEMS.lines() {
        let (word, of_snowball) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
        assert_eq!(stem(word), of_snowball, "{word}");
        words += 1;
    }
    assert!(words > 2000, "{words} words");
}
