use async_graphql::{
    Pos,
    parser::{parse_query, types::*},
};
use async_graphql_value::Value;
use proptest::prelude::*;

use super::*;
use crate::lexer::{position, scan};

/// The value of the one argument.
fn value(text: &str) -> Value {
    let document = parse_query(normalise(text)).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (_, operation) = document.operations.iter().next().unwrap();
    let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { panic!("a field") };
    field.node.arguments[0].1.node.clone()
}

/// The definitions of the variables.
fn definitions(text: &str) -> Vec<String> {
    let document = parse_query(normalise(text)).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (_, operation) = document.operations.iter().next().unwrap();
    let definitions = operation.node.variable_definitions.iter().map(|definition| &definition.node);
    definitions
        .map(|definition| {
            let default = definition.default_value.as_ref().map(|value| format!("={}", value.node)).unwrap_or_default();
            format!("{}:{}{default}", definition.name.node, definition.var_type.node)
        })
        .collect()
}

#[test]
fn whole_numbers_of_many_digits_are_kept() {
    let name = |text: &str| match value(text) {
        Value::Enum(name) => large_integer(&name).map(str::to_owned),
        _ => None,
    };
    assert_eq!(name("{a(b:9223372036854775808)}").as_deref(), Some("9223372036854775808"));
    assert_eq!(name("{a(b:99999999999999999999999999)}").as_deref(), Some("99999999999999999999999999"));
    for text in ["{a(b:9223372036854775807)}", "{a(b:1e30)}", "{a(b:99999999999999999999.5)}", "{a(b:_1)}", "{a(b:_)}"]
    {
        assert_eq!(name(text), None, "{text}");
    }
}

#[test]
fn characters_of_strings_may_be_written_by_their_number() {
    for (string, read) in [
        (r"\uD83D\uDE00", "😀"),
        (r"\ud83d\ude00!", "😀!"),
        (r"\u{65}\u{1F600}\u{000000e9}", "e😀é"),
        (r"\u{22}\u{5C}\u{A}\u{d}\u{9}", "\"\\\n\r\t"),
        (r"\\u{65} \\uD83D\\uDE00", r"\u{65} \uD83D\uDE00"),
        (r"\\\u{65}\u0065\n", "\\ee\n"),
        (r"é\u{65}é", "éeé"),
    ] {
        assert_eq!(value(&format!("{{a(b:\"{string}\")}}")), Value::String(read.into()), "{string}");
    }
    assert_eq!(value(r#"{a(b:"""\u{65}""")}"#), Value::String(r"\u{65}".into()), "blocks have no such escapes");
}

#[test]
fn zero_may_have_a_sign() {
    assert_eq!(value("{a(b:-0)}"), Value::Number(0.into()));
    assert!(matches!(value("{a(b:-0.0)}"), Value::Number(number) if number.is_f64()));
}

#[test]
fn block_strings_may_have_three_quotes_in_them() {
    for (block, read) in [
        (r#"a\"""b"#, r#"a"""b"#),
        (r#"\"""\""" \n \" "".é"#, r#""""""" \n \" "".é"#),
        ("\r\n  \\\"\"\"\n\n    é\r   \n  \tb\n ", "\"\"\"\n\n  é\n \n\tb"),
        ("a\n  b\n c\\\"\"\"", "a\n b\nc\"\"\""),
    ] {
        assert_eq!(value(&format!("{{a(b:\"\"\"{block}\"\"\")}}")), Value::String(read.into()), "{block}");
    }
}

#[test]
fn what_only_the_parser_takes_is_refused() {
    for text in [
        "queryA{b}",
        "{a} fragmentF on A{b}",
        "A{b}",
        "\"described\" queryA{b}",
        "fragment on on A{b}",
        "\"described\" fragment on on A{b}",
        "{a} mutationA{b}",
        "query(){a}",
        "query A( # none\n){a}",
        "{a(){b}}",
    ] {
        assert!(parse_query(normalise(text)).is_err(), "{text}");
    }
    for text in ["query query{a}", "query on{a}", "fragment fragment on on{b} {a}", "query{queryA on fragment}"] {
        parse_query(normalise(text)).unwrap();
    }
}

#[test]
fn numbers_of_no_character_stay_for_the_parser_to_refuse() {
    for string in [
        r"\u{}",
        r"\u{g}",
        r"\u{110000}",
        r"\u{D83D}",
        r"\u{65",
        r"\uD83D",
        r"\uDE00\uD83D",
        r"\uD83D\u0065",
        r"\u{FFFFFFFFF}",
    ] {
        let text = format!("{{a(b:\"{string}\")}}");
        assert_eq!(normalise(&text), text);
        assert!(parse_query(&text).is_err());
    }
}

#[test]
fn types_may_have_space_and_comments_in_them() {
    assert_eq!(
        definitions("query($a: Int ! $b:[ ID ! ] !=[\"x\"],$c:[[Int\n] # x\n!],$d:on #c\n!=1 $e : Int){a}"),
        ["a:Int!", "b:[ID!]!=[\"x\"]", "c:[[Int]!]", "d:on!=1", "e:Int"],
    );
    for text in ["query($a:Int ! !){a}", "query($a:[Int){a}", "query($a:[Int !){a}", "query($a: !){a}", "query($a:"] {
        assert!(parse_query(normalise(text)).is_err(), "{text}");
    }
}

#[test]
fn what_stands_behind_on_may_be_a_comment() {
    let document = parse_query(normalise("{...on#é\nQuery{a} ...F} fragment F on #x\n#y\n Query{b}")).unwrap();
    assert_eq!(document.fragments["F"].pos, Pos { line: 2, column: 16 });
}

#[test]
fn definitions_may_be_described() {
    let text = "\"A query\" query($a:String=\"x\" \"\"\"b,\nin words\"\"\" $b:Int=1 \"c\" $c:Int){a ...F} \"F\" fragment F on A{b}";
    assert_eq!(definitions(text), ["a:String=\"x\"", "b:Int=1", "c:Int"]);
    assert_eq!(definitions("query(\"\"$a:Int){a}"), ["a:Int"]);
    for text in [
        "\"A selection\" {a}",
        "\"two\" \"of them\" query{a}",
        "query \"x\" {a}",
        "query(\"x\" \"y\" $a:Int){a}",
        "query($a \"x\" :Int){a}",
        "{a(\"x\" b:1)}",
        "{\"x\" a}",
        "{a} \"x\"",
    ] {
        assert!(parse_query(normalise(text)).is_err(), "{text}");
    }
}

#[test]
fn everything_else_stays_in_its_place() {
    let text =
        "\"\"\"é\r\n\r\"\"\" query($a:[ Int\r! ] = 1 \"😀\" $b:Int) {\r\n a(b:\"\\uD83D\\uDE00é\\u{65}\" c:$a)\r b %}";
    let respelt = normalise(text);
    let place = |text: &str, of: &str| position(text, text.find(of).unwrap());
    for part in ["query", "$a", "= 1", "$b", "c:$a", "b %"] {
        assert_eq!(place(&respelt, part), place(text, part), "{part}: {respelt}");
    }
    let document = parse_query(respelt.replace('%', "")).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    assert_eq!(operation.node.selection_set.node.items[1].pos, Pos { line: 6, column: 2 });
}

#[test]
fn what_the_parser_reads_is_left_alone() {
    for text in
        ["query Q($a:[Int!]!=1){a(b:\"\\u0065\\n\" c:$a){...on A{b}}}\r\n# é\n", "", "\"", "$", "$a:", "\\u{65}"]
    {
        assert!(matches!(normalise(text), Cow::Borrowed(_)), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_has_more_tokens_than_before(soup in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("("), Just(")"), Just("["), Just("]"), Just(":"), Just("$v"), Just("$v:"), Just("..."), Just("on"),
        Just("\""), Just("\"\"\""), Just("\\"), Just("\\u{22}"), Just("\\u{5C}"), Just("\\uD83D\\uDE00"), Just("# {\n"), Just("\n"), Just("\r"),
        Just(" "), Just(","), Just("query"), Just("A"), Just("!"), Just("="), Just("\u{feff}"), Just("é"), Just("\"d\""),
    ], 0..40)) {
        let text = soup.concat();
        if let Ok(before) = scan(&text) {
            let after = scan(&normalise(&text)).unwrap();
            prop_assert!(after.tokens <= before.tokens && after.nesting <= before.nesting, "{:?} {:?} {}", before, after, normalise(&text));
            let end = |text: &str| position(text, text.len());
            prop_assert_eq!(end(&normalise(&text)).line, end(&text).line);
            if !text.contains("\\\"\"\"") {
                prop_assert_eq!(end(&normalise(&text)), end(&text));
            }
        }
    }
}
