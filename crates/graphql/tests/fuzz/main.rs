//! Fuzzing of all that a document's text goes through: lexer, limits, normalisation, parser, validation, coercion, cost, the
//! workarounds and the executor's own validation. Nothing may panic, and whatever is rejected is told why.
//!
//! Beside the tests each target sees some hundreds of texts; `just fuzz` gives them hours.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../validation/pipeline.rs"]
mod pipeline;
#[path = "../validation/schema.rs"]
mod schema;

use std::{cell::OnceCell, rc::Rc};

use proptest::{collection::vec, prelude::*, sample::select};

use self::pipeline::{Pipeline, Refused};

const SDL: &str = "
    schema { query: Query mutation: Mutation }
    directive @both(of: [By!] = [], if: Boolean! = true) on FIELD | INLINE_FRAGMENT | VARIABLE_DEFINITION
    type Query { a(n: Int! = 5, ids: [ID!], by: By, f: Filter, e: E = X): A! p: P u: U list(first: Int, of: String): [A!]! }
    type Mutation { change(f: Filter!): A }
    interface P { id: ID! p: P }
    type A implements P { id: ID! p: P a(n: Int): A! t: String }
    type B implements P { id: ID! p: P b: [[U]!] t: [String] }
    union U = A | B
    input By @oneOf { id: ID slug: String by: By }
    input Filter { n: Int! = 3 e: [E!]! by: By text: String f: Filter }
    enum E { X Y }
";

/// Documents to begin with: the changes made to them lead to others that are nearly right.
const SEEDS: [&str; 8] = [
    "query Q($n: Int = 1, $ids: [ID!]!, $by: By, $b: Boolean!) @skip(if: false) { a(n: $n, ids: $ids, by: $by) { id ...F t @include(if: $b) } } fragment F on A { p { id } }",
    "{ u { __typename @skip(if: true) ... on A { id t } ... on B { x: t b { ...G } } } } fragment G on U { ... on P { id } }",
    "mutation ($f: Filter!) { change(f: $f) { a(n: -0) { id } } second: change(f: {e: [X, Y], by: {slug: \"\\u{1F600}\"}}) { id } }",
    "query A { list(first: 10, of: \"\"\"block \\\"\"\" of\n  text\"\"\") { id } } query B($e: E = Y) { a(e: $e, f: {e: X, f: {e: [], n: 1}}) { id } }",
    "{ __schema { types { name fields(includeDeprecated: true) { name type { ofType { name } } } } } __type(name: \"A\") { name } }",
    "query ($by: By! @both(of: [{id: 1}])) { p { ... @both(if: false) { id } } a(by: $by) { a { a { a { t } } } } }",
    "\"described\" query Q(\"a number\" $n: [ Int ! ] # how many\n) { list { id } }",
    "{ ...A ...B } fragment A on Query { ...B } fragment B on Query { a { id } ...C } fragment C on Query { ...A }",
];

fn check(text: &str) {
    thread_local! {
        static PIPELINE: OnceCell<Rc<Pipeline>> = const { OnceCell::new() };
    }
    let pipeline = PIPELINE.with(|pipeline| Rc::clone(pipeline.get_or_init(|| Rc::new(Pipeline::new(SDL)))));
    let verdict = check_once(&pipeline, text);
    if let Err((_, messages)) = &verdict {
        assert!(!messages.is_empty(), "rejected without a word: {text}");
        for message in messages {
            assert!(!message.is_empty() && !message.contains('\n'), "{message:?} of {text}");
        }
    }
    // What is kept in the cache is found again with the same verdict.
    assert_eq!(verdict, check_once(&pipeline, text), "{text}");
}

/// The executor names what is wrong in no order.
fn check_once(pipeline: &Pipeline, text: &str) -> Result<(), Refused> {
    pipeline.check(text).map_err(|(stage, mut messages)| {
        messages.sort();
        (stage, messages)
    })
}

fn token() -> impl Strategy<Value = &'static str> {
    select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "=",
        "!",
        "|",
        "&",
        "@",
        "$",
        "...",
        "query",
        "mutation",
        "subscription",
        "fragment",
        "on",
        "a",
        "p",
        "u",
        "list",
        "id",
        "t",
        "by",
        "f",
        "n",
        "e",
        "ids",
        "first",
        "Q",
        "F",
        "A",
        "B",
        "P",
        "U",
        "E",
        "By",
        "Filter",
        "Int",
        "[ID!]!",
        "$n",
        "$by",
        "$n:Int",
        "@skip(if:true)",
        "@both",
        "...F",
        "...on A",
        "fragment F on A",
        "X",
        "true",
        "null",
        "0",
        "-0",
        "1",
        "-1.5e10",
        "99999999999999999999",
        "\"\"",
        "\"x\"",
        "\"\\u{0}\"",
        "\"\\uD83D\"",
        "\"\\uD83D\\uDE00\"",
        "\"\"\"x\"\"\"",
        "\"\"\"\\\"\"\"\"\"\"",
        "__typename",
        "__schema",
        "#\n",
        "#x\r",
        "\u{feff}",
        ",",
        "\n",
        "é",
        "\0",
    ])
}

/// A change of a text: at about where, how much is taken out, and what is put in.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, String)>> {
    let put = prop_oneof![
        Just(String::new()),
        token().prop_map(str::to_owned),
        vec(token(), 0..4).prop_map(|it| it.join(" "))
    ];
    vec((any::<prop::sample::Index>(), 0_usize..6, put), 0..5)
}

/// The text with the changes, cut where letters end.
fn changed(text: &str, changes: &[(prop::sample::Index, usize, String)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (at, taken, put) in changes {
        let from = at.index(letters.len() + 1);
        let to = (from + taken).min(letters.len());
        letters.splice(from..to, put.chars());
    }
    letters.into_iter().collect()
}

proptest! {
    /// Bytes as they come, where they are a text.
    #[test]
    fn bytes(bytes in vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    /// Tokens in any order.
    #[test]
    fn tokens(tokens in vec(token(), 0..60), glue in select(vec!["", " "])) {
        check(&tokens.join(glue));
    }

    /// Documents that were right before they were changed.
    #[test]
    fn documents(seed in select(SEEDS.to_vec()), changes in changes()) {
        check(&changed(seed, &changes));
    }

    /// The parts of two of them in one.
    #[test]
    fn pairs(one in select(SEEDS.to_vec()), other in select(SEEDS.to_vec()), at in any::<prop::sample::Index>(), changes in changes()) {
        let cut = at.index(one.len() + 1);
        let cut = (0..=cut).rev().find(|cut| one.is_char_boundary(*cut)).unwrap_or(0);
        check(&changed(&format!("{}{other}", &one[..cut]), &changes));
    }
}
