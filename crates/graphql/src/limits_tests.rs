use async_graphql::parser::parse_query;

use super::*;

fn refuse(limits: &Limits, text: &str) -> Option<(RequestErrorCode, String)> {
    let rejection = limits.check_document(&parse_query(text).unwrap()).err()?;
    Some((rejection.errors[0].code, rejection.errors[0].message.clone()))
}

fn check(text: &str, code: RequestErrorCode, message: &str) {
    let (found, text) = refuse(&Limits::default(), text).expect("refused");
    assert_eq!((found, text.as_str()), (code, message));
}

fn nested(field: &str, depth: usize) -> String {
    format!("{}{}", format!("{{{field}").repeat(depth), "}".repeat(depth))
}

#[test]
fn depth_counts_fields_and_not_the_fragments_around_them() {
    assert_eq!(refuse(&Limits::default(), &nested("a", 15)), None);
    check(
        &nested("a", 16),
        RequestErrorCode::TooDeep,
        "the operation has 16 fields within one another; the limit is 15",
    );
    let through = format!("{{a{{...F}}}} fragment F on A {}", nested("b", 15));
    check(&through, RequestErrorCode::TooDeep, "the operation has 16 fields within one another; the limit is 15");
    let inline = format!("{{a{{...on A{}}}}}", nested("b", 14));
    assert_eq!(refuse(&Limits::default(), &inline), None);
}

#[test]
fn introspection_has_a_depth_of_its_own() {
    let query = format!("{{__schema{{types{{fields{{args{{type{}}}}}}}}}}}", nested("ofType", 15));
    assert_eq!(refuse(&Limits::default(), &query), None);
    let query = format!("{{__schema{{types{{fields{{args{{type{}}}}}}}}}}}", nested("ofType", 16));
    check(
        &query,
        RequestErrorCode::TooDeep,
        "the operation has 21 introspection fields within one another; the limit is 20",
    );
}

#[test]
fn introspection_does_not_go_round_in_the_schema() {
    let round = |times: usize| {
        format!("{{__schema{{types{}name{}}}}}", "{fields{type".repeat(times) + "{", "}}".repeat(times) + "}")
    };
    assert_eq!(refuse(&Limits::default(), &round(2)), None);
    check(
        &round(3),
        RequestErrorCode::TooDeep,
        "the operation has 3 introspection lists within one another; the limit is 2",
    );
}

#[test]
fn fields_of_content_may_be_called_like_lists_of_the_introspection() {
    assert_eq!(refuse(&Limits::default(), &nested("fields", 10)), None);
}

#[test]
fn aliases_are_counted_in_all_definitions() {
    let aliases = |count: usize| (0..count).map(|n| format!("a{n}:b ")).collect::<String>();
    let text = format!("{{a{{{}}} ...F}} fragment F on A {{c{{{}}}}}", aliases(20), aliases(30));
    assert_eq!(refuse(&Limits::default(), &text), None);
    let text = format!("{{a{{{}}} ...F}} fragment F on A {{c{{{}}}}}", aliases(20), aliases(31));
    check(&text, RequestErrorCode::TooManyAliases, "the document has 51 aliases; the limit is 50");
}

#[test]
fn directives_are_counted_by_document_and_by_place() {
    check(
        &format!("{{a{}}}", "@x".repeat(6)),
        RequestErrorCode::TooManyDirectives,
        "one place has 6 directives; the limit is 5",
    );
    check(
        &format!("query{}{{a{{{}}}}}", "($v:Int @x)", "b@x ...@x{c} ".repeat(50)),
        RequestErrorCode::TooManyDirectives,
        "the document has 101 directives; the limit is 100",
    );
}

#[test]
fn root_fields_are_counted_by_their_keys_through_fragments() {
    let fields = |count: usize| (0..count).map(|n| format!("f{n} ")).collect::<String>();
    let text = |count: usize| format!("{{a ...F ...F}} fragment F on Query{{...on Query{{{}}}}}", fields(count));
    assert_eq!(refuse(&Limits::default(), &text(29)), None);
    check(&text(30), RequestErrorCode::TooManyRootFields, "the operation has 31 fields at its root; the limit is 30");
    let fragments: String = (0..31).map(|n| format!("fragment F{n} on Query{{site}}")).collect();
    let spreads: String = (0..31).map(|n| format!("...F{n} ")).collect();
    assert_eq!(refuse(&Limits::default(), &format!("{{{spreads}}}{fragments}")), None);
}

#[test]
fn what_a_mutation_does_is_counted_as_often_as_it_is_there() {
    let text = format!("mutation{{{}}}", "signIn ".repeat(31));
    check(&text, RequestErrorCode::TooManyRootFields, "the operation has 31 fields at its root; the limit is 30");
}

/// A document whose fragments each spread the next one twice.
fn bomb(levels: usize) -> String {
    let mut text = String::from("{...f0}");
    for level in 0..levels {
        text += &format!("fragment f{level} on Query{{a{{...f{n} ...f{n}}}}}", n = level + 1);
    }
    text + &format!("fragment f{levels} on Query{{__typename}}")
}

#[test]
fn fragments_are_unfolded_by_arithmetic() {
    let (code, message) = refuse(&Limits { nesting: 1_000, depth: 1_000, ..Limits::default() }, &bomb(100)).unwrap();
    assert_eq!(code, RequestErrorCode::ExpansionTooLarge);
    assert_eq!(
        message,
        format!("the document has {} selections with its fragments unfolded; the limit is 5000", u64::MAX)
    );
    let (code, _) = refuse(&Limits::default(), &bomb(13)).unwrap();
    assert_eq!(code, RequestErrorCode::ExpansionTooLarge);
    assert_eq!(refuse(&Limits::default(), &bomb(5)), None);
    let flat = bomb(25).replace("{a{...", "{...").replace("}}fragment", "}fragment");
    let (code, _) = refuse(&Limits::default(), &flat).unwrap();
    assert_eq!(code, RequestErrorCode::ExpansionTooLarge, "one field at the root");
}

#[test]
fn a_long_chain_of_fragments_is_not_followed_to_its_end() {
    let chain: String = (0..5_000).map(|n| format!("fragment f{n} on Query{{...f{}}}", n + 1)).collect();
    check(
        &format!("{{...f0}}{chain}"),
        RequestErrorCode::TooDeep,
        "the document has 33 selections within one another; the limit is 32",
    );
}

#[test]
fn circles_of_fragments_are_an_error_of_validation() {
    for text in [
        "{...A} fragment A on Query{...A}",
        "{...A} fragment A on Query{a{...B}} fragment B on Query{...on Query{...A ...A}}",
        "{a} fragment A on Query{...B} fragment B on Query{...A}",
    ] {
        let (code, message) = refuse(&Limits::default(), text).unwrap();
        assert_eq!(code, RequestErrorCode::ValidationFailed);
        assert_eq!(message, "Cannot spread fragment \"A\" within itself.");
    }
}

#[test]
fn a_fragment_nothing_spreads_is_an_error_of_validation() {
    check(
        "{a} fragment B on Query{a} fragment A on Query{...B}",
        RequestErrorCode::ValidationFailed,
        "Fragment \"B\" is never used.",
    );
}
