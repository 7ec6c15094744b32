//! What becomes of variables, from the body to the resolver.

use serde_json::{Value, json};

use super::Server;

async fn list(definitions: &str, arguments: &str, variables: Value) -> Value {
    let query = format!("query({definitions}){{list({arguments})}}");
    Server::start().await.data(&query, variables).await["list"].clone()
}

#[tokio::test]
async fn an_omitted_variable_leaves_the_default_of_its_argument() {
    let found = list("$n:Int $o:Order $a:String", "first:$n order:$o after:$a", json!({})).await;
    assert_eq!(found, "first=5 order=NEW min=0 after=");
    let found = list("$m:Int", "filter:{min:$m}", json!({})).await;
    assert_eq!(found, "first=5 order=NEW min=3 after=");
}

#[tokio::test]
async fn a_nullable_variable_with_a_value_stands_where_there_is_a_default() {
    let found =
        list("$n:Int $o:Order $m:Int", "first:$n order:$o filter:{min:$m}", json!({"n": 1, "o": "OLD", "m": 7})).await;
    assert_eq!(found, "first=1 order=OLD min=7 after=");
}

#[tokio::test]
async fn the_default_of_a_variable_goes_before_that_of_its_argument() {
    let found = list("$n:Int=2 $o:Order=OLD", "first:$n order:$o", json!({})).await;
    assert_eq!(found, "first=2 order=OLD min=0 after=");
}

#[tokio::test]
async fn null_may_be_the_default_of_a_variable() {
    for (variables, found) in [
        (json!({"n": 1, "a": "x"}), "first=1 order=NEW min=0 after=x"),
        (json!({"a": null}), "first=2 order=NEW min=0 after="),
        (json!({}), "first=2 order=NEW min=0 after="),
    ] {
        assert_eq!(list("$n:Int=2 $a:String=null", "first:$n after:$a", variables).await, found);
    }
}

#[tokio::test]
async fn null_where_there_is_a_default_and_cannot_be_null_fails_the_field() {
    let server = Server::start().await;
    for query in [
        "query($n:Int){list half{times(n:$n)}}",
        "query($n:Int=2){list half{times(n:$n)}}",
        "query($n:Int){list ...F} fragment F on Query{half{good} half{times(filter:{min:$n})}}",
    ] {
        // Twice: what validation has passed is remembered.
        for _ in 0..2 {
            let (status, body) = server.post(json!({"query": query, "variables": {"n": null}})).await;
            assert_eq!(status, 200, "{body}");
            assert_eq!(body["data"], json!({"list": "first=5 order=NEW min=0 after=", "half": null}), "{query}");
            assert_eq!(body["errors"].as_array().map(Vec::len), Some(1));
            assert_eq!(body["errors"][0]["path"], json!(["half", "times"]));
            assert_eq!(body["errors"][0]["extensions"], json!({"code": "BAD_USER_INPUT"}));
            assert!(!body["errors"][0]["message"].as_str().unwrap().contains("occurred"), "{body}");
        }
        assert_eq!(server.data(query, json!({"n": 7})).await["half"]["times"], 7);
    }
    // The executor would take the whole answer with it.
    assert_eq!(server.refusal("query($n:Int){maybe(first:$n)}", json!({"n": null})).await.0, "VALIDATION_FAILED");
    // Nothing of a document that does not fit is run.
    let query = "query($n:Int){half{times(n:$n)} nothing}";
    assert_eq!(server.refusal(query, json!({"n": null})).await.0, "VALIDATION_FAILED");
    let query = "mutation($n:Int){publish(times:$n)}";
    assert_eq!(server.refusal(query, json!({"n": null})).await.0, "VALIDATION_FAILED");
}

#[tokio::test]
async fn an_operation_that_is_not_run_may_leave_its_variables_unset() {
    let query = "query A{list} query B($n:Int!){list(first:$n)}";
    let (status, body) = Server::start().await.post(json!({"query": query, "operationName": "A"})).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["data"]["list"], "first=5 order=NEW min=0 after=");
}

#[tokio::test]
async fn a_one_of_takes_one_value_that_cannot_be_missing() {
    let server = Server::start().await;
    let (code, message) = server.refusal("query($b:ID){article(by:{id:$b}){id}}", json!({"b": "1"})).await;
    assert_eq!(code, "VALIDATION_FAILED");
    assert_eq!(message, "Variable \"$b\" of type \"ID\" used in position expecting type \"ID!\".");
    for by in [json!({}), json!({"id": "1", "slug": "a"}), json!({"id": null}), json!({"x": 1})] {
        let (code, _) = server.refusal("query($b:By!){article(by:$b){id}}", json!({"b": by})).await;
        assert_eq!(code, "BAD_USER_INPUT", "{by}");
    }
    for query in ["{article(by:{}){id}}", "{article(by:{id:1 slug:\"a\"}){id}}", "{article(by:{id:null}){id}}"] {
        assert_eq!(server.refusal(query, json!({})).await.0, "VALIDATION_FAILED", "{query}");
    }
    assert_eq!(server.data("query($b:ID!){article(by:{id:$b}){id}}", json!({"b": 1})).await["article"]["id"], "1");
    assert_eq!(
        server.data("query($b:By!){article(by:$b){id}}", json!({"b": {"slug": "a"}})).await["article"]["id"],
        "a"
    );
}

#[tokio::test]
async fn values_that_do_not_fit_are_refused_before_anything_runs() {
    let server = Server::start().await;
    let check = async |definition: &str, variables: Value, expected: &str| {
        let (code, message) = server.refusal(&format!("query({definition}){{list(first:$n)}}"), variables).await;
        assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", expected));
    };
    check("$n:Int!", json!({}), "Variable \"$n\" of required type \"Int!\" was not provided.").await;
    check("$n:Int!", json!({"n": null}), "Variable \"$n\" got an invalid value: \"Int!\" must not be null.").await;
    let message = "Variable \"$n\" got an invalid value: expected a whole number of 32 bits, found a string.";
    check("$n:Int", json!({"n": "1"}), message).await;
}

#[tokio::test]
async fn a_scalar_that_does_not_read_its_value_is_a_request_that_is_not_run() {
    let server = Server::start().await;
    for value in [json!("yesterday"), json!("2021-02-30"), json!(5)] {
        let (code, _) = server.refusal("query($d:Date!){day(on:$d)}", json!({"d": value})).await;
        assert_eq!(code, "BAD_USER_INPUT", "{value}");
    }
    for query in [
        "{day(on:\"yesterday\")}",
        "{day(on:20210302)}",
        "query($d:Date=\"2021-02-30\"){day(on:$d)}",
        "{list(first:2147483648)}",
    ] {
        assert_eq!(server.refusal(query, json!({})).await.0, "VALIDATION_FAILED", "{query}");
    }
    assert_eq!(server.data("query($d:Date!){day(on:$d)}", json!({"d": "2021-03-02"})).await["day"], "2021-03-02");
    assert_eq!(server.data("query($d:Date=\"2021-03-02\"){day(on:$d)}", json!({})).await["day"], "2021-03-02");
}

#[tokio::test]
async fn a_variable_may_be_used_in_a_directive_on_typename_alone() {
    let server = Server::start().await;
    let query = "query($t:Boolean!){__typename @include(if:$t) list half{...F}} fragment F on Half{good __typename @skip(if:$t)}";
    let shown = server.data(query, json!({"t": true})).await;
    assert_eq!((&shown["__typename"], shown["half"].get("__typename")), (&json!("Query"), None));
    let hidden = server.data(query, json!({"t": false})).await;
    assert!(hidden.get("__typename").is_none() && hidden["half"]["__typename"] == "Half", "{hidden}");
}
