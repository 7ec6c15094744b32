use async_graphql::parser::parse_query;

use super::*;

const SDL: &str = "
    schema { query: Query }
    type Query { article(by: By!): Article list(first: Int! = 5, order: Order! = NEW, tags: [String!], filter: Filter): [Article!]! }
    type Article { title(of: Order): String! }
    input By @oneOf { id: ID slug: String }
    input Filter { by: By order: Order min: Int! = 3 any: [By!] }
    enum Order { NEW OLD }
";

fn check_text(text: &str, messages: &[&str]) {
    let schema = SchemaMetadata::read(SDL, &(), &()).unwrap();
    let found = validate(&schema, &parse_query(text).unwrap()).errors;
    let found: Vec<&str> = found.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(found, messages, "{text}");
}

#[test]
fn what_hangs_on_typename_is_checked() {
    check_text("{__typename}", &[]);
    check_text("{__typename @skip(if:false) @include(if:true)}", &[]);
    check_text("{__typename @unknown}", &["Unknown directive \"@unknown\"."]);
    check_text("{__typename(a:1)}", &["Unknown argument \"a\" on field \"__typename\"."]);
    check_text(
        "{__typename{x}}",
        &["Field \"__typename\" must not have a selection since type \"String!\" has no subfields."],
    );
    check_text("{__typename @skip}", &["Directive \"@skip\" argument \"if\" is required but not provided."]);
    check_text("{__typename @skip(if:1)}", &["Boolean cannot represent this value: expected true or false."]);
    check_text("{__typename @skip(if:\"yes\")}", &["Boolean cannot represent this value: expected true or false."]);
    check_text(
        "{__typename @skip(if:true of:1)}",
        &["Unknown argument \"of\" on directive \"@skip\". Did you mean \"if\"?"],
    );
    check_text("{__typename @skip(if:$x)}", &["Variable \"$x\" is not defined."]);
    check_text(
        "query($x:Int!){__typename @skip(if:$x)}",
        &["Variable \"$x\" of type \"Int!\" used in position expecting type \"Boolean!\"."],
    );
    check_text("{article(by:{id:1}){__typename @unknown}}", &["Unknown directive \"@unknown\"."]);
}

#[test]
fn directives_of_variables_are_checked() {
    check_text("query($a:Int @unknown){__typename}", &["Unknown directive \"@unknown\"."]);
    check_text(
        "query($a:Int @skip(if:true)){__typename}",
        &["Directive \"@skip\" may not be used on variable definitions."],
    );
}

#[test]
fn what_may_have_been_meant_is_said() {
    check_text("{article(by:{id:1}){...on Artcle{title}}}", &["Unknown type \"Artcle\". Did you mean \"Article\"?"]);
    check_text(
        "{article(by:{id:1}){...A}} fragment A on article{title}",
        &["Unknown type \"article\". Did you mean \"Article\"?"],
    );
    check_text("query($a:[Ordr!]){__typename}", &["Unknown type \"Ordr\". Did you mean \"Order\"?"]);
    check_text("{article(by:{id:1}){title @skp(if:true)}}", &["Unknown directive \"@skp\". Did you mean \"@skip\"?"]);
    check_text("{__typename @inclde(if:true)}", &["Unknown directive \"@inclde\". Did you mean \"@include\"?"]);
    check_text("query @skp{__typename}", &["Unknown directive \"@skp\". Did you mean \"@skip\"?"]);
    check_text(
        "{article(by:{id:1}){...A @skp}} fragment A on Article @incldue{title}",
        &[
            "Unknown directive \"@incldue\". Did you mean \"@include\"?",
            "Unknown directive \"@skp\". Did you mean \"@skip\"?",
        ],
    );
    check_text("{article(by:{id:1}){... @skp{title}}}", &["Unknown directive \"@skp\". Did you mean \"@skip\"?"]);
    check_text("{article(by:{id:1}){...on Zebra{title}}}", &["Unknown type \"Zebra\"."]);
}

#[test]
fn a_member_of_a_one_of_takes_no_nullable_variable() {
    let message = ["Variable \"$b\" of type \"ID\" used in position expecting type \"ID!\"."];
    check_text("query($b:ID){article(by:{id:$b}){title}}", &message);
    check_text("query($b:ID!){article(by:{id:$b}){title}}", &[]);
    check_text("query($b:ID=\"1\"){article(by:{id:$b}){title}}", &[]);
    check_text("query($b:ID){list(filter:{by:{id:$b}}){title}}", &message);
    check_text("query($b:ID){list(filter:{any:[{id:$b}]}){title}}", &message);
    check_text("query($b:ID){...F} fragment F on Query{article(by:{id:$b}){title}}", &message);
    check_text("query($b:By!){article(by:$b){title}}", &[]);
}

#[test]
fn places_with_a_default_take_a_nullable_variable() {
    check_text("query($n:Int $o:Order){list(first:$n order:$o){title}}", &[]);
    check_text("query($n:Int){list(filter:{min:$n}){title}}", &[]);
    check_text("query($t:[String!]!){list(tags:$t){title}}", &[]);
    check_text("query($t:String!){list(tags:[$t]){title}}", &[]);
    check_text(
        "query($n:Order){list(first:$n){title}}",
        &["Variable \"$n\" of type \"Order\" used in position expecting type \"Int!\"."],
    );
    check_text(
        "query($t:[String]!){list(tags:$t){title}}",
        &["Variable \"$t\" of type \"[String]!\" used in position expecting type \"[String!]\"."],
    );
}

#[test]
fn values_are_read_wherever_they_stand() {
    check_text("{list(order:OLD first:1){title}}", &[]);
    let message = ["Enum \"Order\" cannot represent a string. Write OLD without quotes."];
    check_text("{list(order:\"OLD\"){title}}", &message);
    check_text("{list(filter:{order:\"OLD\"}){title}}", &message);
    check_text("{...F} fragment F on Query{list{title(of:\"OLD\")}}", &message);
    check_text(
        "{list(first:2147483648){title}}",
        &["Int cannot represent this value: expected a whole number of 32 bits."],
    );
}

#[test]
fn arguments_are_known_and_given_once() {
    check_text(
        "query($x:Int){list(nope:$x){title}}",
        &["Unknown argument \"nope\" on field \"list\" of type \"Query\"."],
    );
    check_text(
        "query($x:Int){list(filter:{nope:$x}){title}}",
        &["Field \"nope\" is not defined by the type \"Filter\"."],
    );
    check_text(
        "query($x:Int $y:Int){list(first:$x first:$y){title}}",
        &["There can be only one argument named \"first\"."],
    );
    check_text("{list @skip(if:true if:false){title}}", &["There can be only one argument named \"if\"."]);
}

#[test]
fn what_types_and_directives_may_have_been_meant_is_said() {
    check_text("{list{titel}}", &["Unknown field \"titel\" on type \"Article\". Did you mean \"title\"?"]);
    check_text(
        "{list(frist:1){title}}",
        &["Unknown argument \"frist\" on field \"list\" of type \"Query\". Did you mean \"first\"?"],
    );
    check_text(
        "{list(order:ODL){title}}",
        &["Value \"ODL\" does not exist in the enum \"Order\". Did you mean \"OLD\"?"],
    );
    check_text(
        "{list(filter:{oder:OLD}){title}}",
        &["Field \"oder\" is not defined by the type \"Filter\". Did you mean \"order\"?"],
    );
}

#[test]
fn variables_are_defined_once_with_a_type_of_input_and_a_default_of_it() {
    check_text("query($a:Int $a:Int){list(first:$a){title}}", &["There can be only one variable named \"$a\"."]);
    for ty in ["Nope", "[Nope]", "[[Nope!]]!"] {
        check_text(&format!("query($a:{ty}){{__typename}}"), &["Unknown type \"Nope\"."]);
        check_text(&format!("query($a:{ty}=[[1]]){{__typename}}"), &["Unknown type \"Nope\"."]);
    }
    check_text(
        "query($a:[Article!]=[1]){__typename}",
        &["Variable \"$a\" cannot be of the type \"[Article!]\", which is none of inputs."],
    );
    check_text(
        "query($a:Order=\"OLD\"){__typename}",
        &["Enum \"Order\" cannot represent a string. Write OLD without quotes."],
    );
    check_text("query($a:Filter=[{}]){__typename}", &["Expected an object of the type \"Filter\"."]);
    check_text("query($a:Int!=null){__typename}", &["Expected a value of type \"Int!\", found null."]);
    check_text("query($a:Int=null $b:[Int!]=1 $c:By={id:1}){__typename}", &[]);
}

#[test]
fn the_same_fragment_is_read_with_the_variables_of_each_operation() {
    check_text(
        "query A($b:ID!){...F} query B($b:ID){...F} fragment F on Query{article(by:{id:$b}){title}}",
        &["Variable \"$b\" of type \"ID\" used in position expecting type \"ID!\"."],
    );
}

#[test]
fn variables_that_may_be_null_where_none_can_are_known() {
    let fails = |text: &str| {
        let verdict = validate(&SchemaMetadata::read(SDL, &(), &()).unwrap(), &parse_query(text).unwrap());
        assert_eq!(verdict.errors, [], "{text}");
        let mut names: Vec<String> = verdict.null_fails_the_field.iter().map(ToString::to_string).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(fails("query($n:Int $o:Order=OLD){list(first:$n order:$o){title(of:$o)}}"), "n o");
    assert_eq!(fails("query($b:Boolean=true $n:Int){list(first:$n) @skip(if:$b){title}}"), "n");
    assert_eq!(fails("query($n:Int){...F} fragment F on Query{list(filter:{min:$n}){title}}"), "n");
    assert_eq!(fails("query($i:ID=1){article(by:{id:$i}){title}}"), "", "the article can be null by itself");
    assert_eq!(fails("query($n:Int! $o:Order $f:Filter){list(first:$n filter:$f){title(of:$o)}}"), "");
}
