//! The newsroom's rules, as the API's clients meet them.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::{Value, json};

#[apply(both_databases)]
#[tokio::test]
async fn an_approval_can_name_what_was_read_and_outlasts_a_schedule(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Publisher).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = |title: &str| json!({ "slug": "kelp", "title": title, "body": { "source": "Grows." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content("Kelp") });
    let made = editor.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].clone();
    let ask = async |mutation: &str, with: Value| {
        let mut input = json!({ "entryId": entry, "locale": "en" });
        input.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        editor.mutate(mutation, input, "version { state waitingFor approval { at } } userErrors { code field }").await
    };
    ask("submitEntry", json!({})).await.done();
    ask("saveArticle", json!({ "basedOn": 1, "content": content("Libel") })).await.done();
    ask("submitEntry", json!({})).await.done();
    let unread = ask("approveEntry", json!({ "revision": 1 })).await;
    assert_eq!(unread.user_errors(), ["CONFLICT"]);
    let approved = ask("approveEntry", json!({ "revision": 2 })).await;
    assert_eq!(approved.done()["version"]["waitingFor"], "PUBLICATION");
    let below_zero = [
        ("publishEntry", json!({ "revision": -1 }), "revision"),
        ("scheduleEntry", json!({ "revision": -1, "at": "2040-01-01T00:00:00Z" }), "revision"),
        ("saveArticle", json!({ "basedOn": -1, "content": content("Kelp") }), "basedOn"),
    ];
    for (mutation, with, field) in below_zero {
        let answer = ask(mutation, with).await;
        let error = &answer.data()[mutation]["userErrors"][0];
        assert_eq!(error, &json!({ "code": "INVALID", "field": [field] }), "{mutation}");
    }
    let query = format!(
        "{{ editorial {{ entry(id: {entry}) {{ version(locale: \"en\") {{ none: revisionByNumber(number: -1) {{ number }} state diff(from: -1) {{ field }} }} }} }} }}"
    );
    let version = editor.query(&query).await.data()["editorial"]["entry"]["version"].clone();
    assert_eq!(version, json!({ "none": null, "state": "IN_REVIEW", "diff": null }));
    ask("scheduleEntry", json!({ "at": "2040-01-01T00:00:00Z" })).await.done();
    let back = ask("unscheduleEntry", json!({})).await;
    let version = &back.done()["version"];
    assert_eq!((&version["state"], &version["waitingFor"]), (&json!("DRAFT"), &json!("PUBLICATION")));
    assert!(version["approval"]["at"].is_string());
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[tokio::test]
async fn names_have_a_length_a_language_of_the_site_and_one_line() {
    let portal = Portal::with_samples(courant_persistence::Dialect::Sqlite).await;
    let admin = portal.as_role(Role::Admin).await;
    let one = |locale: &str, text: &str| json!({ "locale": locale, "text": text });
    let long = "x".repeat(201);
    for (texts, field, code) in [
        (json!([one("en", &long)]), "name.0.text", "TOO_LONG"),
        (json!([one("en", "a\nb")]), "name.0.text", "INVALID"),
        (json!([one("en", " ")]), "name.0.text", "INVALID"),
        (json!([one("en", "a"), one("fr", "b")]), "name.1.locale", "INVALID"),
        (json!([one("en", "a"), one("en", "b")]), "name.1.locale", "INVALID"),
    ] {
        for (mutation, selection) in [("createTag", "tag { id }"), ("createPerson", "person { id }")] {
            let selection = format!("{selection} userErrors {{ code field }}");
            let answer = admin.mutate(mutation, json!({ "name": texts }), &selection).await;
            let error = &answer.data()[mutation]["userErrors"][0];
            let path: Vec<&str> = error["field"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!((&error["code"], path.join(".").as_str()), (&json!(code), field));
        }
    }
}
