//! The rules of the stemmer as a program in Snowball's language (<https://snowballstem.org/compiler/snowball.html>), for those who make
//! stemmers of such.
//!
//! The endings are those that the stemmer itself goes by, each with the routine that says where it may stand: so the program cannot have others.
//! What else it does is written here as the stemmer does it, and held against it: `crates/search/snowball/README.md` says how.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    agree,
    endings::{After, ENDINGS},
    is_vowel,
};

/// Letters that are written by a name in the program, which is in ASCII.
const NAMED: [(char, char); 8] =
    [('ä', 'a'), ('ç', 'c'), ('ň', 'n'), ('ö', 'o'), ('ş', 's'), ('ü', 'u'), ('ý', 'y'), ('ž', 'z')];

/// How wide a line is.
const WIDTH: usize = 130;

/// The program.
#[must_use]
pub fn program() -> String {
    let mut program = HEAD.to_owned();
    for (letter, name) in NAMED {
        // Writing to a text does not fail.
        let _ = writeln!(program, "stringdef {name} '{{U+{:04X}}}'", u32::from(letter));
    }
    program.push_str(RULES);
    program.push_str(&among());
    program.push_str(STEM);
    program
}

/// Each ending with the routine that says where it may stand.
fn among() -> String {
    let mut routines: BTreeMap<String, String> =
        [("dyr", "copula"), ("dir", "copula")].map(|(ending, routine)| (ending.to_owned(), routine.to_owned())).into();
    for (ending, places) in ENDINGS.iter().filter(|(ending, places)| !ending.is_empty() && !places.is_empty()) {
        routines.entry(ending.clone()).or_insert_with(|| routine(ending, places));
    }
    let mut text = String::new();
    let mut line = String::new();
    for (ending, routine) in routines {
        let part = format!("'{}' {routine}", spelled(&ending));
        if line.len() + part.len() > WIDTH {
            let _ = writeln!(text, "        {}", line.trim_end());
            line.clear();
        }
        line.push_str(&part);
        line.push(' ');
    }
    let _ = writeln!(text, "        {}", line.trim_end());
    text
}

fn routine(ending: &str, places: &[After]) -> String {
    let first_vowel = ending.chars().find(|letter| is_vowel(*letter));
    if ending == "p" {
        return "converb".to_owned();
    }
    let has = |after: After| places.contains(&after);
    // A noun in -s in the dative, rather than a verb of two syllables.
    let is_mood = matches!(ending, "sa" | "se");
    let place = match (has(After::Vowel), has(After::LateVowel)) {
        _ if is_mood => "c",
        _ if has(After::Anything) => "a",
        (true, _) if has(After::Consonant) => "a",
        (true, _) if has(After::Consonants) => "vd",
        (true, _) => "v",
        (_, true) => "ld",
        _ => "c",
    };
    let harmony = match first_vowel {
        // An ending that is one consonant needs two vowels before it.
        None if ending.chars().count() == 1 => "2",
        None => "",
        Some(first) if agree(first, 'a') => "b",
        Some(_) => "f",
    };
    format!("{place}{harmony}")
}

fn spelled(ending: &str) -> String {
    let named = |letter| NAMED.iter().find(|(named, _)| *named == letter);
    ending.chars().fold(String::new(), |text, letter| match named(letter) {
        Some((_, name)) => text + &format!("{{{name}}}"),
        None => text + &letter.to_string(),
    })
}

const HEAD: &str = "/* A stemmer for Turkmen in its Latin alphabet. The rules, their sources and what they reach are in docs/search.md of Courant.
 * Made of the rules of crates/search/src/analysis/turkmen.rs: change them there. MIT OR Apache-2.0, as Courant is.
 *
 * Words come in small letters. What comes out is no word: what matters is that all forms of a word lose the same. */

stringescapes {}

";

const RULES: &str = "
routines (
    can_be_stem two_vowels after_back after_front
    ab af v vb vf vd vd2 vdb vdf ld ld2 ldb ldf c cb cf copula converb
    raise harden close long negation participle aorist converb_end ending round one_form
)

externals ( stem )

groupings ( vowel back front narrow before_copula liquid )

define vowel 'a{a}eio{o}u{u}y'
define back 'aouy'
define front '{a}ei{o}{u}'
define narrow 'yiu{u}'
define before_copula 'ktr{y}mg'
define liquid 'lnrzm{s}'

backwardmode (

    /* Two letters and a vowel; two vowels, where it ends in one. */
    define can_be_stem as (
        test ( hop 2 )
        test ( gopast vowel )
        not ( vowel not ( gopast vowel ) )
    )
    define two_vowels as test ( gopast vowel gopast vowel )

    /* Vowel harmony: of the last vowel of what is left. */
    define after_back as test ( goto vowel back )
    define after_front as test ( goto vowel front )

    /* What an ending is put to: anything (a), a vowel (v), one that is the fourth letter or a later one (l), a consonant (c), two of them (d);
     * with a back vowel (b), a front one (f) or one consonant (2) as the ending. */
    define ab as ( can_be_stem after_back )
    define af as ( can_be_stem after_front )
    define v as ( test vowel can_be_stem )
    define vb as ( v after_back )
    define vf as ( v after_front )
    define vd as ( test ( vowel or ( non-vowel non-vowel ) ) can_be_stem )
    define vdb as ( vd after_back )
    define vdf as ( vd after_front )
    define ld as ( test ( ( vowel hop 3 ) or ( non-vowel non-vowel ) ) can_be_stem )
    define ldb as ( ld after_back )
    define ldf as ( ld after_front )
    define c as ( test non-vowel can_be_stem )
    define cb as ( c after_back )
    define cf as ( c after_front )

    /* An ending that is one consonant. */
    define vd2 as ( vd two_vowels )
    define ld2 as ( ld two_vowels )

    /* The copula after a bare noun; after other consonants it makes a verb. */
    define copula as ( can_be_stem two_vowels test ( vowel or before_copula ) )

    /* The converb of verbs in -la, -l{a} and -{a}; other words in -p are nouns. */
    define converb as ( can_be_stem test ( '{a}' or 'la' ) )

    /* mesele, mesel{a}ni */
    define raise as ( ['{a}'] <- 'e' )

    /* kitap, kitaby */
    define harden as (
        [substring] among ( 'b' (<- 'p') 'd' (<- 't') 'j' (<- '{c}') 'g' (<- 'k') )
    )

    /* burun, burny */
    define close as ( liquid [narrow] test ( non-vowel vowel ) delete )

    define long as test ( hop 5 )

    define ending as ( [substring] among (
";

const STEM: &str = "        (delete)
    ) )

    define negation as ( [substring] among ( 'ma' ab 'me' af (delete) ) )

    /* Fails where nothing more comes off. */
    define round as (
        do raise
        repeat negation
        ending
        do harden
    )

    define participle as ( [substring] among ( 'an' ab 'en' af '{a}n' af (delete) ) )
    define aorist as ( long [substring] among ( 'ar' ab 'er' af '{a}r' af (delete) ) )

    define converb_end as ( long [substring] among ( 'ap' ab 'ep' af '{a}p' af (delete) ) )

    /* The same for all forms of a word, rather than what a grammar would take off. */
    define one_form as (
        do harden
        do raise
        do ( [substring] among ( 'mak' ab 'mek' af 'm{a}k' af 'jak' ab 'jek' af 'maly' ab 'meli' af (delete) ) )
        do negation
        do ( ( [substring] among ( 'aen' ab 'een' af (delete) ) ) or participle )
        do aorist
        do ( [substring] among ( 'yp' ab 'ip' af 'up' ab '{u}p' af (delete) ) )
        do converb_end
        do ( ['il'] af delete )
        do ( long [substring] among ( 'yl' ab 'ul' ab '{u}l' af (delete) ) )
        do ( long [substring] among ( 'dyr' ab 'dir' af 'dur' ab 'd{u}r' af (delete) ) )
        do participle
        do aorist
        do ( long [substring] among ( 'yn' ab 'in' af 'un' ab '{u}n' af (delete) ) )
        do ( long [substring] among ( 'as' ab 'es' af 'ys' ab 'is' af (delete) ) )
        do ( [substring] among ( 'at' ab 'et' af (delete) ) )
        do ( [substring] among ( 'a' ab 'e' af '{a}' af 'y' ab 'i' af (delete) ) )
        do close
        do ( ['n'] test non-vowel can_be_stem delete )
        do harden

        /* E{y}ra-ny{n} or E{y}ran-y{n}, zawo-da or zawod-a, {y}ur-da or {y}urd-a. */
        do ( ['n'] test vowel test ( hop 3 ) can_be_stem delete )
        do ( ['t'] test ( vowel or 'r' ) test ( hop 3 ) can_be_stem delete )
        do converb_end
        do harden
    )
)

define stem as (
    test ( hop 3 )
    backwards (
        do ( loop 4 round )
        do one_form
    )
)
";
