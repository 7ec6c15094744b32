//! Validation, whole: our stages and the executor's validation together, which is what a client's document meets.
//!
//! `cases/` has a file for each rule of the specification (GraphQL, September 2025, §5), on the schema `schema.graphql`. Each case
//! is a document under a line that says whether it is valid; if it is not, behind the colon is what its error has to speak of.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod pipeline;
mod schema;

use std::path::Path;

use self::pipeline::Pipeline;

const RULES: [&str; 26] = [
    "executable_definitions",
    "fields_on_correct_type",
    "fragments_on_composite_types",
    "known_argument_names",
    "known_directives",
    "known_fragment_names",
    "known_type_names",
    "lone_anonymous_operation",
    "no_fragment_cycles",
    "no_undefined_variables",
    "no_unused_fragments",
    "no_unused_variables",
    "overlapping_fields_can_be_merged",
    "possible_fragment_spreads",
    "provided_required_arguments",
    "scalar_leafs",
    "single_field_subscriptions",
    "unique_argument_names",
    "unique_directives_per_location",
    "unique_fragment_names",
    "unique_input_field_names",
    "unique_operation_names",
    "unique_variable_names",
    "values_of_correct_type",
    "variables_are_input_types",
    "variables_in_allowed_position",
];

/// A document, and what its error speaks of if it is not valid.
struct Case<'a> {
    document: &'a str,
    error: Option<&'a str>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for part in text.split("\n# ").map(|part| part.trim_start_matches("# ")) {
        let (head, document) = part.split_once('\n').unwrap();
        let (word, rest) = head.split_once(':').unwrap_or((head, ""));
        let error = match word {
            "valid" => None,
            "invalid" => Some(rest.trim()),
            _ => panic!("a case is valid or invalid, not {word:?}"),
        };
        cases.push(Case { document, error });
    }
    cases
}

#[test]
fn each_rule_is_kept() {
    let pipeline = Pipeline::new(include_str!("schema.graphql"));
    let mut wrong = Vec::new();
    for rule in RULES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/validation/cases/{rule}.graphql"));
        let text = std::fs::read_to_string(path).unwrap();
        let cases = cases(&text);
        assert!(cases.iter().any(|case| case.error.is_none()), "{rule} has no valid case");
        assert!(cases.iter().any(|case| case.error.is_some()), "{rule} has no invalid case");
        for Case { document, error } in cases {
            let found = match (pipeline.check(document), error) {
                (Ok(()), None) => continue,
                (Ok(()), Some(_)) => "it is valid".to_owned(),
                (Err((_, messages)), Some(error)) if messages.iter().any(|message| message.contains(error)) => continue,
                (Err((stage, messages)), _) => format!("{stage}: {}", messages.join(" ")),
            };
            wrong.push(format!("{rule}: {found}\n{document}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
