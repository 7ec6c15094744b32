//! A save is a patch: what is not given stays, null empties, and what changes nothing leaves no trace.

use courant_domain::access::Role;
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

/// A field as it is selected and given, what it is before, and what it is made. What `null` leaves of it comes last.
struct Field {
    name: &'static str,
    selected: &'static str,
    before: Value,
    after: Value,
    emptied: Value,
}

fn field(name: &'static str, before: Value, after: Value) -> Field {
    Field { name, selected: name, before, after, emptied: Value::Null }
}

/// What a draft has of a field, in the form in which it is given.
fn given(selected: &Value, field: &Field) -> Value {
    match field.name {
        "authors" | "covers" | "related" => {
            let id = if field.name == "authors" { "id" } else { "entryId" };
            selected.as_array().unwrap().iter().map(|item| item[id].clone()).collect::<Vec<_>>().into()
        }
        "signatory" if !selected.is_null() => {
            json!({ "personId": selected["person"]["id"], "office": selected["office"] })
        }
        "relations" => {
            let relation = |item: &Value| json!({ "kind": item["kind"], "targetId": item["target"]["entryId"] });
            selected.as_array().unwrap().iter().map(relation).collect::<Vec<_>>().into()
        }
        _ => selected.clone(),
    }
}

async fn check(portal: &Portal, noun: &str, fields: &[Field]) {
    let editor = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let draft = format!("{noun}Draft");
    let selection = format!(
        "version {{ state newest {{ number content {{ ... on {draft} {{ {} }} }} }} }} userErrors {{ code field message }}",
        fields.iter().map(|field| field.selected).collect::<Vec<_>>().join(" ")
    );
    let whole: serde_json::Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), field.before.clone())).collect();
    let input = json!({ "categoryId": category, "locale": "en", "content": whole });
    let made = editor.mutate(&format!("create{noun}"), input, &format!("entry {{ id }} {selection}")).await;
    let made = made.done();
    let (entry, mut newest) = (made["entry"]["id"].clone(), 1);
    let records = async || {
        let query = format!("{{ editorial {{ entry(id: {entry}) {{ history {{ totalCount }} }} }} }}");
        editor.query(&query).await.data()["editorial"]["entry"]["history"]["totalCount"].clone()
    };
    let save = async |content: Value, based_on: i64| {
        let input = json!({ "entryId": entry, "locale": "en", "basedOn": based_on, "content": content });
        let saved = editor.mutate(&format!("save{noun}"), input, &selection).await;
        saved.done()["version"]["newest"].clone()
    };
    let of = |saved: &Value| -> Vec<Value> {
        fields.iter().map(|field| given(&saved["content"][field.name], field)).collect()
    };
    let before: Vec<Value> = fields.iter().map(|field| field.before.clone()).collect();
    assert_eq!(of(&made["version"]["newest"]), before);
    for (place, field) in fields.iter().enumerate() {
        for to in [&field.after, &Value::Null, &field.before] {
            let saved = save(json!({ field.name: to }), newest).await;
            newest += 1;
            assert_eq!(saved["number"], newest, "{} to {to}", field.name);
            let mut expected = before.clone();
            expected[place] = if to.is_null() { field.emptied.clone() } else { to.clone() };
            assert_eq!(of(&saved), expected, "{} to {to}", field.name);
            // The same again, all of it, or nothing at all.
            let count = records().await;
            for nothing in [json!({ field.name: to }), json!({})] {
                let again = save(nothing, newest).await;
                assert_eq!(again["number"], newest, "{} to {to} again", field.name);
            }
            assert_eq!(records().await, count, "{} to {to} again", field.name);
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn each_field_of_an_article_stays_is_emptied_and_is_set(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let reference = portal.store.reference();
    let persons: Vec<String> = reference.persons().iter().map(|person| person.id.to_string()).collect();
    let answer = portal.query("{ decrees { nodes { entryId } } articles { nodes { entryId } } }").await;
    let id = |list: &str, place: usize| answer.data()[list]["nodes"][place]["entryId"].clone();
    let list = |before: Value, after: Value| (json!([before]), json!([after]));
    let (first, second) = list(persons[0].clone().into(), persons[1].clone().into());
    let (covers, others) = list(id("decrees", 0), id("decrees", 1));
    let (related, more) = list(id("articles", 0), id("articles", 1));
    let text = |format: &str, source: &str| json!({ "format": format, "source": source });
    let fields = [
        Field { emptied: json!("wool"), ..field("slug", json!("sheep"), json!("lamb")) },
        Field { emptied: json!("NEWS"), ..field("genre", json!("SPEECH"), json!("REPORT")) },
        field("kicker", json!("Fields"), json!("Hills")),
        field("summary", json!("It is warm."), json!("It is dear.")),
        field("dateline", json!("ASHGABAT"), json!("MARY")),
        field("rights", json!("CC BY 4.0"), json!("All")),
        field("canonicalUrl", json!("https://example.org/a"), json!("https://example.org/b")),
        Field {
            selected: "body { format source }",
            ..field("body", text("MARKDOWN", "White."), text("HTML", "<p>Black.</p>"))
        },
        Field { selected: "authors { id }", emptied: json!([]), ..field("authors", first, second) },
        Field { selected: "covers { entryId }", emptied: json!([]), ..field("covers", covers, others) },
        Field { selected: "related { entryId }", emptied: json!([]), ..field("related", related, more) },
        Field {
            selected: "leadImage { url alt }",
            ..field(
                "leadImage",
                json!({ "url": "https://example.org/a.jpg", "alt": "A sheep" }),
                json!({ "url": "https://example.org/b.jpg", "alt": null }),
            )
        },
        Field {
            selected: "source { name url }",
            ..field("source", json!({ "name": "Wool", "url": null }), json!({ "name": "Yarn", "url": null }))
        },
        Field {
            selected: "delivery { on place }",
            ..field("delivery", json!({ "on": "2026-01-01", "place": null }), json!({ "on": null, "place": "A hall" }))
        },
        field("title", json!("Wool"), json!("Yarn")),
    ];
    check(&portal, "Article", &fields).await;
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn each_field_of_a_decree_stays_is_emptied_and_is_set(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let reference = portal.store.reference();
    let persons: Vec<String> = reference.persons().iter().map(|person| person.id.to_string()).collect();
    let answer = portal.query("{ decrees { nodes { entryId } } }").await;
    let id = |place: usize| answer.data()["decrees"]["nodes"][place]["entryId"].clone();
    let signed = |person: usize, office: Value| json!({ "personId": persons[person], "office": office });
    let does = |kind: &str, place: usize| json!([{ "kind": kind, "targetId": id(place) }]);
    let fields = [
        Field { emptied: json!("on-water"), ..field("slug", json!("water"), json!("rain")) },
        field("number", json!("12"), json!("12-a")),
        Field { emptied: json!("DECREE"), ..field("documentType", json!("LAW"), json!("ORDER")) },
        field("summary", json!("It rains."), json!("It pours.")),
        field("signedOn", json!("2026-01-01"), json!("2026-01-02")),
        field("effectiveOn", json!("2026-02-01"), json!("2026-02-02")),
        field("repealedOn", json!("2027-02-01"), json!("2027-02-02")),
        Field {
            selected: "signatory { person { id } office }",
            ..field("signatory", signed(0, json!("Minister")), signed(1, Value::Null))
        },
        Field {
            selected: "relations { kind target { entryId } }",
            emptied: json!([]),
            ..field("relations", does("AMENDS", 0), does("CITES", 1))
        },
        Field {
            selected: "related { entryId }",
            emptied: json!([]),
            ..field("related", json!([id(0)]), json!([id(1)]))
        },
        field("title", json!("On water"), json!("On rain")),
    ];
    check(&portal, "Decree", &fields).await;
    // What would end before it begins is seen, whichever of the days is given.
    let category = reference.categories.by_path("politics").unwrap().id.to_string();
    let editor = portal.as_role(Role::Admin).await;
    let input = json!({ "categoryId": category, "locale": "en", "content": { "effectiveOn": "2026-02-01" } });
    let made = editor.mutate("createDecree", input, "entry { id } userErrors { code }").await;
    let entry = &made.done()["entry"]["id"];
    let input = json!({ "entryId": entry, "locale": "en", "basedOn": 1, "content": { "repealedOn": "2026-01-01" } });
    let saved = editor.mutate("saveDecree", input, "userErrors { code field }").await;
    let error = &saved.data()["saveDecree"]["userErrors"];
    assert_eq!(*error, json!([{ "code": "INVALID", "field": ["content", "repealedOn"] }]));
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_named_is_patched_alike(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let words = |text: &str| json!([{ "locale": "en", "text": text }]);
    let named = "slug name: names { text }";
    let titled = "slug title: titles { text } description: descriptions { text }";
    // What is made, what is asked of it, and its fields, each with what null makes of it; a string is a refusal's code.
    let table = [
        (
            "Tag",
            "tag",
            json!({ "slug": "wool", "name": words("Wool") }),
            named,
            vec![("slug", json!("yarn"), json!("REQUIRED")), ("name", words("Yarn"), json!("REQUIRED"))],
        ),
        (
            "Person",
            "person",
            json!({ "slug": "ovid", "name": words("Ovid"), "role": words("Poet") }),
            "slug name: names { text } role: roles { text }",
            vec![
                ("slug", json!("ovidius"), json!("REQUIRED")),
                ("name", words("Ovidius"), json!("REQUIRED")),
                ("role", words("Exile"), json!([])),
            ],
        ),
        (
            "Category",
            "category",
            json!({ "slug": "wool", "title": words("Wool"), "description": words("Of it") }),
            titled,
            vec![
                ("slug", json!("yarn"), json!("REQUIRED")),
                ("title", words("Yarn"), json!("REQUIRED")),
                ("description", words("Of that"), json!([])),
            ],
        ),
        (
            "Feed",
            "feed",
            json!({ "slug": "looms", "title": words("Looms"), "kinds": ["ARTICLE"], "includeDescendants": false, "order": "MOST_READ" }),
            "slug title: titles { text } description: descriptions { text } kinds includeDescendants order",
            vec![
                ("slug", json!("spindles"), json!("REQUIRED")),
                ("title", words("Spindles"), json!("REQUIRED")),
                ("description", words("All"), json!([])),
                ("kinds", json!(["DECREE"]), json!([])),
                ("includeDescendants", json!(true), json!(true)),
                ("order", json!("EDITORIAL"), json!("LATEST")),
            ],
        ),
        (
            "User",
            "user",
            json!({ "email": "oz@example.org", "name": "Oz", "grants": [{ "role": "AUTHOR" }] }),
            "email name grants { role } disabledAt",
            vec![
                ("email", json!("ozz@example.org"), json!("REQUIRED")),
                ("name", json!("Ozz"), json!("REQUIRED")),
                ("grants", json!([{ "role": "EDITOR" }]), json!([])),
                ("disabled", json!(false), json!("REQUIRED")),
            ],
        ),
    ];
    for (noun, thing, input, fields, changes) in table {
        let selection = format!("{thing} {{ id {fields} }} userErrors {{ code field }}");
        let made = admin.mutate(&format!("create{noun}"), input, &selection).await;
        let mut now = made.done()[thing].clone();
        let id = now["id"].clone();
        let update = format!("update{noun}");
        let records = async || {
            let query = format!("{{ editorial {{ auditLog(filter: {{ subjectId: {id} }}) {{ totalCount }} }} }}");
            admin.query(&query).await.data()["editorial"]["auditLog"]["totalCount"].clone()
        };
        let plain = |value: &Value| match value {
            Value::Array(items) => items
                .iter()
                .map(|item| match item.get("text") {
                    Some(text) => json!({ "text": text }),
                    None => item.clone(),
                })
                .collect::<Vec<_>>()
                .into(),
            other => other.clone(),
        };
        for (field, value, emptied) in changes {
            for to in [value, Value::Null] {
                let answer = admin.mutate(&update, json!({ "id": id, field: to }), &selection).await;
                if let (true, Value::String(code)) = (to.is_null() && emptied != json!("LATEST"), &emptied) {
                    let error = &answer.data()[&update]["userErrors"];
                    assert_eq!(*error, json!([{ "code": code, "field": [field] }]), "{noun}.{field}");
                    continue;
                }
                if field != "disabled" {
                    now[field] = if to.is_null() { emptied.clone() } else { plain(&to) };
                }
                assert_eq!(answer.done()[thing], now, "{noun}.{field} to {to}");
                let count = records().await;
                for nothing in [json!({ "id": id, field: to }), json!({ "id": id })] {
                    let again = admin.mutate(&update, nothing, &selection).await;
                    assert_eq!(again.done()[thing], now, "{noun}.{field} to {to} again");
                }
                assert_eq!(records().await, count, "{noun}.{field} to {to} again");
            }
        }
    }
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_changes_nothing_is_answered_under_its_key_too(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "Wool" } });
    let made = editor.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = &made.done()["entry"]["id"];
    let version = "version { state newest { number content { ... on ArticleDraft { title } } } } userErrors { code }";
    let save = async |title: &str, based_on: i64, key: &str| {
        let content = json!({ "title": title });
        let input =
            json!({ "entryId": entry, "locale": "en", "basedOn": based_on, "content": content, "idempotencyKey": key });
        editor.mutate("saveArticle", input, version).await
    };
    assert_eq!(save("Wool", 1, "same").await.done()["version"]["newest"]["number"], 1);
    assert_eq!(save("Yarn", 1, "other").await.done()["version"]["newest"]["number"], 2);
    // It was done on revision 1, and is not a conflict now.
    save("Wool", 1, "same").await.done();
    assert_eq!(save("Wool", 1, "new").await.user_errors(), ["CONFLICT"]);
    // What was put away is a draft again, without a revision.
    let key = json!({ "entryId": entry, "locale": "en" });
    editor.mutate("archiveEntry", key, "userErrors { code }").await.done();
    let back = save("Yarn", 2, "back").await;
    let back = &back.done()["version"];
    assert_eq!((&back["state"], &back["newest"]["number"]), (&json!("DRAFT"), &json!(2)));
    // Filing where it is filed already is nothing, and no category is none.
    let file = json!({ "entryId": entry, "categoryId": category, "tags": null });
    editor.mutate("fileEntry", file, "userErrors { code }").await.done();
    let file = editor.mutate("fileEntry", json!({ "entryId": entry, "categoryId": null }), "userErrors { code }").await;
    assert_eq!(file.user_errors(), ["REQUIRED"]);
    let query = format!("{{ editorial {{ entry(id: {entry}) {{ history(last: 9) {{ nodes {{ act }} }} }} }} }}");
    let history = editor.query(&query).await.data()["editorial"]["entry"]["history"]["nodes"].clone();
    let acts: Vec<&str> = history.as_array().unwrap().iter().map(|record| record["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["SAVE_ENTRY", "ARCHIVE_ENTRY", "SAVE_ENTRY", "CREATE_ENTRY"]);
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_set_time_moves_in_one_step(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let publisher = portal.as_role(Role::Admin).await;
    let author = portal.as_role(Role::Author).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = json!({ "title": "Wool", "body": { "source": "White." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = author.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = &made.done()["entry"]["id"];
    let version = "version { state scheduledAt scheduledNote } userErrors { code field }";
    let ask = |with: Value| {
        let mut input = json!({ "entryId": entry, "locale": "en" });
        input.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        input
    };
    let schedule = async |with: Value| publisher.mutate("scheduleEntry", ask(with), version).await;
    let (first, second) = ("2040-01-01T06:00:00Z", "2039-01-01T06:00:00Z");
    schedule(json!({ "at": first, "changeNote": "At last" })).await.done();
    for (with, at, note) in [
        (json!({ "at": second }), second, json!("At last")),
        (json!({ "at": second }), second, json!("At last")),
        (json!({ "at": first, "changeNote": "Again" }), first, json!("Again")),
        (json!({ "at": first, "changeNote": null }), first, Value::Null),
    ] {
        let moved = schedule(with).await;
        let expected = json!({ "state": "SCHEDULED", "scheduledAt": at, "scheduledNote": note });
        assert_eq!(moved.done()["version"], expected);
    }
    let past = schedule(json!({ "at": "2020-01-01T00:00:00Z" })).await;
    assert_eq!(past.user_errors(), ["INVALID"]);
    let stranger = author.mutate("scheduleEntry", ask(json!({ "at": second })), version).await;
    assert_eq!(stranger.code(), "FORBIDDEN");
    // An end that is set binds the new time as it bound the first.
    let end = json!({ "at": "2041-01-01T00:00:00Z", "ending": { "gone": true } });
    publisher.mutate("unpublishEntry", ask(end), "userErrors { code }").await.done();
    assert_eq!(schedule(json!({ "at": "2042-01-01T00:00:00Z" })).await.user_errors(), ["INVALID"]);
    let query = format!(
        "{{ editorial {{ entry(id: {entry}) {{ history(first: 9) {{ nodes {{ act detail {{ name value }} }} }} }} }} }}"
    );
    let history = publisher.query(&query).await.data()["editorial"]["entry"]["history"]["nodes"].clone();
    let acts: Vec<&str> = history.as_array().unwrap().iter().map(|record| record["act"].as_str().unwrap()).collect();
    let scheduled = "SCHEDULE_ENTRY";
    assert_eq!(acts, ["UNPUBLISH_ENTRY", scheduled, scheduled, scheduled, scheduled, "CREATE_ENTRY"]);
    let before = history[3]["detail"].as_array().unwrap().iter().find(|detail| detail["name"] == "before").unwrap();
    assert!(before["value"].as_str().unwrap().contains("2040-01-01T06:00:00Z"), "{before}");
    assert_eq!(portal.database.broken().await, [""; 0]);
}
