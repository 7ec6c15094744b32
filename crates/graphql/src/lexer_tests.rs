use async_graphql::{
    Name, Positioned,
    parser::{parse_query, types::*},
};
use async_graphql_value::Value;
use proptest::prelude::*;

use super::*;

fn tokens(text: &str) -> usize {
    scan(text).unwrap().tokens
}

#[test]
fn tokens_are_counted_as_the_grammar_cuts_them() {
    assert_eq!(tokens(""), 0);
    assert_eq!(tokens("{ a, b }"), 4);
    assert_eq!(tokens("\u{feff}{a # }}}}\n}"), 3);
    assert_eq!(tokens("{a(b:-1.5e+10)}"), 8);
    assert_eq!(tokens("{...F}"), 4);
    assert_eq!(tokens(r#"{a(b:"x\"{{{")}"#), 8);
    assert_eq!(tokens(r#"{a(b:"""x \""" {{{ """)}"#), 8);
    assert_eq!(tokens(r#"{a(b:"")}"#), 8);
    assert_eq!(tokens("$a:[Int!]!=1@b"), 12);
}

#[test]
fn keywords_without_a_space_behind_them_are_tokens_of_their_own() {
    assert_eq!(words(b"query"), 1);
    assert_eq!(words(b"queryFront"), 2);
    assert_eq!(words(b"nulltruefalse"), 3);
    assert_eq!(words(b"null00"), 3);
    assert_eq!(words(b"nullable"), 2);
    assert_eq!(words(b"title"), 1);
}

#[test]
fn nesting_is_that_of_brackets_outside_of_strings_and_comments() {
    let nesting = |text: &str| scan(text).unwrap().nesting;
    assert_eq!(nesting("{a{b(c:[{d:1}])}}"), 5);
    assert_eq!(nesting(r#"{a(b:"[[[[") # {{{{"#), 2);
    assert_eq!(nesting(&"[".repeat(100_000)), 100_000);
    assert_eq!(nesting("]]]["), 1);
}

#[test]
fn a_string_that_does_not_end_is_refused_where_it_begins() {
    let problem = scan("{\n  a(b: \"x\n\")}").unwrap_err();
    assert_eq!((problem.code, problem.positions), (RequestErrorCode::ParseFailed, vec![Pos { line: 2, column: 8 }]));
    assert!(scan(r#"{a(b:"""x""#).is_err());
    assert!(scan(r#"""#).is_err());
    assert!(scan(r#""\"#).is_err());
    assert!(scan("\"\\\n\"").is_err(), "no backslash carries on in the next line");
}

#[test]
fn a_name_beyond_all_measure_is_refused() {
    assert!(scan(&format!("{{{}}}", "a".repeat(LONGEST_NAME))).is_ok());
    assert!(scan(&format!("{{{}}}", "a".repeat(LONGEST_NAME + 1))).is_err());
}

/// What the parser made of a text, as the fewest tokens it can have been written with, and its deepest nesting.
#[derive(Default)]
struct Made {
    tokens: usize,
    nesting: usize,
}

impl Made {
    fn selections(&mut self, set: &SelectionSet, depth: usize) {
        if set.items.is_empty() {
            return;
        }
        self.tokens += 2;
        self.nesting = self.nesting.max(depth);
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    self.tokens += 1 + if field.node.alias.is_some() { 2 } else { 0 };
                    self.arguments(&field.node.arguments, depth + 1);
                    self.directives(&field.node.directives, depth);
                    self.selections(&field.node.selection_set.node, depth + 1);
                }
                Selection::FragmentSpread(spread) => {
                    self.tokens += 2;
                    self.directives(&spread.node.directives, depth);
                }
                Selection::InlineFragment(inline) => {
                    self.tokens += 1 + if inline.node.type_condition.is_some() { 2 } else { 0 };
                    self.directives(&inline.node.directives, depth);
                    self.selections(&inline.node.selection_set.node, depth + 1);
                }
            }
        }
    }

    fn directives(&mut self, directives: &[Positioned<Directive>], depth: usize) {
        for directive in directives {
            self.tokens += 2;
            self.arguments(&directive.node.arguments, depth + 1);
        }
    }

    fn arguments(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)], depth: usize) {
        if !arguments.is_empty() {
            self.tokens += 2;
        }
        for (_, value) in arguments {
            self.tokens += 2;
            self.value(&value.node, depth + 1);
        }
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Variable(_) => self.tokens += 2,
            Value::List(items) => {
                self.tokens += 2;
                self.nesting = self.nesting.max(depth);
                items.iter().for_each(|item| self.value(item, depth + 1));
            }
            Value::Object(fields) => {
                self.tokens += 2;
                self.nesting = self.nesting.max(depth);
                for value in fields.values() {
                    self.tokens += 2;
                    self.value(value, depth + 1);
                }
            }
            _ => self.tokens += 1,
        }
    }

    fn of(document: &ExecutableDocument) -> Self {
        let mut made = Self::default();
        for (name, operation) in document.operations.iter() {
            made.tokens += if name.is_some() { 2 } else { 0 };
            for definition in &operation.node.variable_definitions {
                let ty = definition.node.var_type.node.to_string();
                made.tokens += 3 + 1 + ty.matches(['[', ']', '!']).count();
                made.nesting = made.nesting.max(1 + ty.matches('[').count());
                made.directives(&definition.node.directives, 1);
                if let Some(value) = &definition.node.default_value {
                    made.tokens += 1;
                    made.value(&value.node.clone().into_value(), 2);
                }
            }
            made.directives(&operation.node.directives, 0);
            made.selections(&operation.node.selection_set.node, 1);
        }
        for fragment in document.fragments.values() {
            made.tokens += 4;
            made.directives(&fragment.node.directives, 0);
            made.selections(&fragment.node.selection_set.node, 1);
        }
        made
    }
}

fn check_against_parser(text: &str) -> bool {
    let (Ok(counts), Ok(document)) = (scan(text), parse_query(text)) else { return false };
    let made = Made::of(&document);
    assert!(counts.tokens >= made.tokens, "{} tokens counted, {} parsed: {text}", counts.tokens, made.tokens);
    assert!(counts.nesting >= made.nesting, "nesting {} counted, {} parsed: {text}", counts.nesting, made.nesting);
    true
}

#[test]
fn the_parser_reads_no_more_than_was_counted() {
    for text in [
        "{a(b:[truefalsenull00-1-1])}",
        "querytruenull{a}fragmentF on A{b}",
        "{a(b:\"\"c:\"\"\"\"\"\"d:\"\"\"\\\"\"\"\"\"\")}",
        "query($a:[[Int!]!]!@x(y:1)=[[1]]){a@b(c:{d:[$a]}){...{a}...F}}fragment F on A@b{c}",
    ] {
        assert!(check_against_parser(text), "{text} is not read at all");
    }
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("true".to_owned()),
        Just("false".into()),
        Just("null".into()),
        Just("$v".into()),
        Just("\"\"".into()),
        Just("\"\"\"\"\"\"".into()),
        Just("\"\\\"{\"".into()),
        Just("\"\"\"[\\\"\"\"\"\"\"".into()),
        Just("-0".into()),
        Just("0".into()),
        Just("1.5e3".into()),
        "[a-z]{1,5}",
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.concat())),
            proptest::collection::vec(inner, 0..4).prop_map(|items| format!(
                "{{{}}}",
                items.iter().map(|item| format!("k:{item}")).collect::<Vec<_>>().join(" ")
            )),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_scanned(text in "\\PC*") {
        let _ = scan(&text);
    }

    #[test]
    fn soup_is_never_underestimated(soup in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("("), Just(")"), Just("["), Just("]"), Just(":"), Just("$v"), Just("..."), Just("@d"), Just("a"),
        Just("\""), Just("\"\"\""), Just("\\"), Just("# {\n"), Just("\n"), Just(" "), Just(","), Just("query"), Just("fragment"), Just("on"),
        Just("true"), Just("null"), Just("0"), Just("-1"), Just(".5"), Just("e1"), Just("!"), Just("="), Just("\u{feff}"), Just("é"),
    ], 0..40)) {
        check_against_parser(&soup.concat());
    }

    #[test]
    fn values_are_never_underestimated(values in proptest::collection::vec(value(), 1..4), glue in prop_oneof![Just(""), Just(" "), Just("#[\n")]) {
        let arguments: Vec<String> = values.iter().map(|value| format!("x:{glue}{value}")).collect();
        check_against_parser(&format!("query q($v:Int={}){{a({})@d(x:{})}}", values[0], arguments.join(" "), values[0]));
    }
}
