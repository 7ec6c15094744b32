//! What lies on the desk beside revisions: working copies, comments, claims, assignments, and what translations follow.

use courant_domain::access::{Grant, Role};
use courant_tests::{Dialect, Person, Portal, apply, both_databases};
use serde_json::{Value, json};

use crate::support::locale;

const VERSION: &str = "version { state newest { number content { ... on ArticleDraft { title } } } \
    workingCopy { basedOn isOutdated missing content { ... on ArticleDraft { title summary } } } \
    workingCopies { owner { id } basedOn } sentBack { by { name } comment } \
    comments { id revision text passage { field quote } mentions { actor { id } } resolvedBy { id } } \
    claim { by { id } } assignee { id } dueAt translatedFrom { locale revision isOutdated liveRevision } } \
    userErrors { code field }";

struct Desk<'a> {
    entry: Value,
    author: Person<'a>,
    editor: Person<'a>,
    admin: Person<'a>,
}

/// An article of an author's, as a draft in English, with people around it.
async fn desk(portal: &Portal) -> Desk<'_> {
    let (author, editor) = (portal.as_role(Role::Author).await, portal.as_role(Role::Editor).await);
    let admin = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = json!({ "title": "Wool", "body": { "source": "It is **white**." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = author.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    Desk { entry: made.done()["entry"]["id"].clone(), author, editor, admin }
}

impl Desk<'_> {
    fn input(&self, with: &Value) -> Value {
        let mut input = json!({ "entryId": self.entry, "locale": "en" });
        input.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        input
    }

    async fn done(&self, by: &Person<'_>, mutation: &str, with: Value) -> Value {
        by.mutate(mutation, self.input(&with), VERSION).await.done()["version"].clone()
    }

    async fn refused(&self, by: &Person<'_>, mutation: &str, with: Value) -> (String, String) {
        let answer = by.mutate(mutation, self.input(&with), VERSION).await;
        let error = answer.data()[mutation]["userErrors"][0].clone();
        let field: Vec<&str> = error["field"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        (error["code"].as_str().unwrap().to_owned(), field.join("."))
    }

    async fn acts(&self) -> Vec<String> {
        let entry = &self.entry;
        let query = format!("{{ editorial {{ entry(id: {entry}) {{ history(first: 50) {{ nodes {{ act }} }} }} }} }}");
        let answer = self.admin.query(&query).await;
        let nodes = answer.data()["editorial"]["entry"]["history"]["nodes"].as_array().unwrap().clone();
        nodes.iter().rev().map(|node| node["act"].as_str().unwrap().to_owned()).collect()
    }
}

fn pair(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), field.to_owned())
}

#[apply(both_databases)]
#[tokio::test]
async fn a_working_copy_is_its_owners_until_it_is_a_revision(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = desk(&portal).await;
    let (author, editor) = (&desk.author, &desk.editor);
    let title = |title: &str| json!({ "content": { "article": { "title": title } } });
    let on = |based_on: i64, to: &str| json!({ "basedOn": based_on, "content": { "article": { "title": to } } });
    assert_eq!(desk.refused(author, "keepDraft", title("Quagga")).await, pair("CONFLICT", "basedOn"));
    let kept = desk.done(author, "keepDraft", on(1, "Quagga")).await;
    assert_eq!(kept["newest"]["number"], 1, "{dialect:?}");
    assert_eq!(kept["newest"]["content"]["title"], "Wool");
    let copy =
        json!({ "basedOn": 1, "isOutdated": false, "missing": [], "content": { "title": "Quagga", "summary": null } });
    assert_eq!(kept["workingCopy"], copy);
    // Over and over; what is not given stays.
    for number in 1..=3 {
        let summary = format!("Take {number}");
        let with = json!({ "content": { "article": { "summary": summary } } });
        let kept = desk.done(author, "keepDraft", with).await;
        assert_eq!(kept["workingCopy"]["content"], json!({ "title": "Quagga", "summary": summary }));
    }
    // Others see that it is there, and nothing of what it holds.
    let seen = desk.done(editor, "claimEntry", json!({})).await;
    assert_eq!((&seen["workingCopy"], &seen["newestTitle"]), (&Value::Null, &Value::Null));
    let owner = format!("user:{}", author.id);
    assert_eq!(seen["workingCopies"], json!([{ "owner": { "id": owner }, "basedOn": 1 }]), "{dialect:?}");
    let text = editor.query(&format!(
        "{{ editorial {{ entry(id: {}) {{ workingCopy(locale: \"en\") {{ savedAt }} versions {{ newestTitle workingCopy {{ savedAt }} }} }} entries(filter: {{ text: \"quagga\" }}) {{ totalCount }} }} }}",
        desk.entry
    )).await;
    assert_eq!(text.data()["editorial"]["entry"]["workingCopy"], Value::Null);
    assert_eq!(text.data()["editorial"]["entries"]["totalCount"], 0);
    // The base moves on: it can still be kept, but is brought up before it is saved.
    let content = json!({ "basedOn": 1, "content": { "title": "Fleece" } });
    desk.done(editor, "saveArticle", content).await;
    let kept = desk.done(author, "keepDraft", title("Thread")).await;
    assert_eq!((&kept["workingCopy"]["basedOn"], &kept["workingCopy"]["isOutdated"]), (&json!(1), &json!(true)));
    assert_eq!(desk.refused(author, "saveDraft", json!({})).await, pair("CONFLICT", "basedOn"), "{dialect:?}");
    assert_eq!(desk.refused(author, "keepDraft", on(7, "Thread")).await, pair("CONFLICT", "basedOn"));
    let kept = desk.done(author, "keepDraft", on(2, "Thread")).await;
    assert_eq!(kept["workingCopy"]["isOutdated"], false);
    let saved = desk.done(author, "saveDraft", json!({ "comment": "At last" })).await;
    assert_eq!(saved["newest"], json!({ "number": 3, "content": { "title": "Thread" } }), "{dialect:?}");
    assert_eq!((&saved["workingCopy"], &saved["workingCopies"]), (&Value::Null, &json!([])));
    assert_eq!(desk.refused(author, "saveDraft", json!({})).await, pair("NOT_FOUND", "entryId"));
    // Thrown away, it was never there; and one that changes nothing makes no revision.
    desk.done(author, "keepDraft", on(3, "Gone")).await;
    assert_eq!(desk.done(author, "discardDraft", json!({})).await["workingCopies"], json!([]));
    assert_eq!(desk.refused(author, "discardDraft", json!({})).await, pair("NOT_FOUND", "entryId"));
    desk.done(author, "keepDraft", on(3, "Thread")).await;
    let saved = desk.done(author, "saveDraft", json!({})).await;
    assert_eq!((&saved["newest"]["number"], &saved["workingCopies"]), (&json!(3), &json!([])), "{dialect:?}");
    // A language that has no revision yet.
    let input = json!({ "entryId": desk.entry, "locale": "tk", "content": { "article": { "title": "Ýüň" } } });
    author.mutate("keepDraft", input, "userErrors { code }").await.done();
    let query = format!(
        "{{ editorial {{ entry(id: {}) {{ workingCopy(locale: \"tk\") {{ basedOn isOutdated }} }} }} }}",
        desk.entry
    );
    let copy = author.query(&query).await.data()["editorial"]["entry"]["workingCopy"].clone();
    assert_eq!(copy, json!({ "basedOn": null, "isOutdated": false }), "{dialect:?}");
    let save = json!({ "entryId": desk.entry, "locale": "tk" });
    author.mutate("saveDraft", save, "version { newest { number } } userErrors { code }").await.done();
    // Somebody who may not edit it.
    let other = portal.as_role(Role::Author).await;
    assert_eq!(desk.refused(&other, "keepDraft", on(3, "Mine")).await, pair("NOT_FOUND", "entryId"));
    let reader = portal.as_user(vec![Grant { locales: vec![locale("ru")], ..Grant::everywhere(Role::Editor) }]).await;
    assert_eq!(desk.refused(&reader, "discardDraft", json!({})).await, pair("NOT_FOUND", "entryId"));
    let acts = desk.acts().await;
    let kept = acts.iter().filter(|act| *act == "KEEP_DRAFT").count();
    assert_eq!(kept, 4, "once for each copy: {acts:?}");
    // An entry goes with all that lies on it.
    desk.done(author, "keepDraft", on(3, "Gone")).await;
    author.mutate("deleteEntry", json!({ "entryId": desk.entry }), "userErrors { code }").await.done();
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_said_stands_where_it_was_said(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = desk(&portal).await;
    let (author, editor) = (&desk.author, &desk.editor);
    desk.done(author, "submitEntry", json!({})).await;
    let back = desk.done(editor, "sendBackEntry", json!({ "comment": "Whiter?" })).await;
    let sent = json!({ "by": { "name": "The editor" }, "comment": "Whiter?" });
    assert_eq!(back["sentBack"], sent, "{dialect:?}");
    let saved = desk.done(author, "saveArticle", json!({ "basedOn": 1, "content": { "title": "Whiter wool" } })).await;
    assert_eq!(saved["sentBack"], sent, "while it is mended");
    assert_eq!(desk.done(author, "submitEntry", json!({})).await["sentBack"], Value::Null);

    let passage = json!({ "field": "BODY", "quote": "is white" });
    let mentions = [author.id.to_string()];
    let with = json!({ "revision": 1, "text": "How white?", "passage": passage, "mentions": mentions });
    let said = desk.done(editor, "addComment", with).await;
    let comment = &said["comments"][0];
    assert_eq!((&comment["revision"], &comment["passage"]), (&json!(1), &passage), "{dialect:?}");
    assert_eq!(comment["mentions"], json!([{ "actor": { "id": format!("user:{}", author.id) } }]));
    let said = desk.done(author, "addComment", json!({ "text": "Very." })).await;
    assert_eq!(said["comments"][1]["revision"], 2, "{dialect:?}");
    let resolve = async |by: &Person<'_>, resolved: bool| {
        let input = json!({ "commentId": comment["id"], "resolved": resolved });
        by.mutate("resolveComment", input, VERSION).await
    };
    let settled = resolve(author, true).await;
    let by = json!({ "id": format!("user:{}", author.id) });
    assert_eq!(settled.done()["version"]["comments"][0]["resolvedBy"], by, "{dialect:?}");
    let before = desk.acts().await.len();
    resolve(editor, true).await.done();
    assert_eq!(desk.acts().await.len(), before, "it is settled already");
    let query = format!(
        "{{ editorial {{ entry(id: {}) {{ version(locale: \"en\") {{ open: comments(resolved: false) {{ text }} settled: comments(resolved: true) {{ text }} }} }} }} }}",
        desk.entry
    );
    let version = author.query(&query).await.data()["editorial"]["entry"]["version"].clone();
    assert_eq!(version, json!({ "open": [{ "text": "Very." }], "settled": [{ "text": "How white?" }] }));
    assert_eq!(resolve(editor, false).await.done()["version"]["comments"][0]["resolvedBy"], Value::Null);

    let (stranger, reader) = (portal.as_role(Role::Author).await, portal.as_role(Role::Reader).await);
    let quote = json!({ "text": "?", "passage": { "field": "TITLE", "quote": "Silk" } });
    for (with, code, field) in [
        (json!({ "text": " " }), "REQUIRED", "text"),
        (json!({ "text": "?", "revision": 9 }), "NOT_FOUND", "revision"),
        (quote, "INVALID", "passage.quote"),
        (json!({ "text": "?", "mentions": [stranger.id.to_string()] }), "INVALID", "mentions.0"),
        (
            json!({ "text": "?", "mentions": [editor.id.to_string(), "00000000-0000-0000-0000-000000000001"] }),
            "NOT_FOUND",
            "mentions.1",
        ),
    ] {
        assert_eq!(desk.refused(editor, "addComment", with).await, pair(code, field), "{dialect:?}");
    }
    for person in [&stranger, &reader] {
        assert_eq!(desk.refused(person, "addComment", json!({ "text": "Hm" })).await, pair("NOT_FOUND", "entryId"));
        assert_eq!(resolve(person, true).await.user_errors(), ["NOT_FOUND"]);
    }
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn who_has_it_open_and_whose_it_is_to_do(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = desk(&portal).await;
    let (author, editor) = (&desk.author, &desk.editor);
    let id = |person: &Person<'_>| json!({ "id": format!("user:{}", person.id) });
    let claimed = desk.done(author, "claimEntry", json!({ "minutes": 10 })).await;
    assert_eq!(claimed["claim"]["by"], id(author), "{dialect:?}");
    desk.done(author, "claimEntry", json!({ "minutes": 60 })).await;
    assert_eq!(desk.refused(editor, "claimEntry", json!({})).await, pair("TAKEN", "entryId"));
    assert_eq!(desk.refused(editor, "claimEntry", json!({ "minutes": 61 })).await, pair("INVALID", "minutes"));
    for mutation in ["claimEntry", "releaseEntry"] {
        assert_eq!(desk.refused(editor, mutation, json!({ "locale": "xx" })).await, pair("INVALID", "locale"));
    }
    // It binds nobody.
    desk.done(editor, "saveArticle", json!({ "basedOn": 1, "content": { "title": "Yarn" } })).await;
    let taken = desk.done(editor, "claimEntry", json!({ "takeOver": true })).await;
    assert_eq!(taken["claim"]["by"], id(editor));
    assert_eq!(
        desk.done(author, "releaseEntry", json!({})).await["claim"]["by"],
        id(editor),
        "not the author's to end"
    );
    assert_eq!(desk.done(editor, "releaseEntry", json!({})).await["claim"], Value::Null);
    desk.done(editor, "claimEntry", json!({})).await;
    courant_tests::write_by_hand(&portal.database.options.url, "UPDATE open_claim SET until = 1").await;
    let free = desk.done(author, "claimEntry", json!({})).await;
    assert_eq!(free["claim"]["by"], id(author), "{dialect:?}: it has ended by itself");

    let due = "2030-01-01T00:00:00Z";
    let assigned = desk.done(editor, "assignEntry", json!({ "assigneeId": author.id.to_string(), "dueAt": due })).await;
    assert_eq!((&assigned["assignee"], &assigned["dueAt"]), (&id(author), &json!(due)), "{dialect:?}");
    let saved = desk.done(author, "saveArticle", json!({ "basedOn": 2, "content": { "title": "Thread" } })).await;
    assert_eq!((&saved["assignee"], &saved["dueAt"]), (&id(author), &json!(due)), "it outlasts saves");
    let count = async |filter: &str| {
        let query =
            format!("{{ editorial {{ entries(filter: {{ {filter} }}, orderBy: DUE_AT_ASC) {{ nodes {{ id }} }} }} }}");
        let answer = editor.query(&query).await;
        answer.data()["editorial"]["entries"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|node| node["id"] == desk.entry)
            .count()
    };
    for (filter, expected) in [
        (format!("assignee: \"{}\"", author.id), 1),
        (format!("assignee: \"{}\"", editor.id), 0),
        (format!("dueAt: {{ before: \"2030-01-02T00:00:00Z\" }}, assignee: \"user:{}\"", author.id), 1),
        (format!("dueAt: {{ before: \"{due}\" }}"), 0),
    ] {
        assert_eq!(count(&filter).await, expected, "{dialect:?} {filter}");
    }
    let acts = desk.acts().await.len();
    desk.done(editor, "assignEntry", json!({ "dueAt": due })).await;
    assert_eq!(desk.acts().await.len(), acts, "nothing is different");
    let open = desk.done(editor, "assignEntry", json!({ "assigneeId": null })).await;
    assert_eq!((&open["assignee"], &open["dueAt"]), (&Value::Null, &json!(due)));
    let other = portal.as_role(Role::Author).await;
    let to = json!({ "assigneeId": other.id.to_string() });
    assert_eq!(desk.refused(editor, "assignEntry", to).await, pair("INVALID", "assigneeId"), "may not edit it");
    let answer = author.mutate("assignEntry", desk.input(&json!({ "dueAt": null })), VERSION).await;
    assert_eq!(answer.code(), "FORBIDDEN");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_translation_says_that_its_source_has_moved_on(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = desk(&portal).await;
    let publisher = &desk.admin;
    let publish = async || desk.done(publisher, "publishEntry", json!({})).await;
    publish().await;
    let translator =
        portal.as_user(vec![Grant { locales: vec![locale("tk")], ..Grant::everywhere(Role::Editor) }]).await;
    let save = async |based_on: Value, with: Value| {
        let mut input = json!({ "entryId": desk.entry, "locale": "tk", "basedOn": based_on, "content": {} });
        input.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        translator.mutate("saveArticle", input, VERSION).await
    };
    let begun = save(Value::Null, json!({ "content": { "title": "Ýüň" } })).await;
    let from = |revision: i64, live: i64, outdated: bool| json!({ "locale": "en", "revision": revision, "isOutdated": outdated, "liveRevision": live });
    assert_eq!(begun.done()["version"]["translatedFrom"], from(1, 1, false), "{dialect:?}");
    desk.done(publisher, "saveArticle", json!({ "basedOn": 1, "content": { "title": "Yarn" } })).await;
    let query = format!(
        "{{ editorial {{ entry(id: {}) {{ version(locale: \"tk\") {{ translatedFrom {{ locale revision isOutdated liveRevision }} }} }} }} }}",
        desk.entry
    );
    let now = async || translator.query(&query).await.data()["editorial"]["entry"]["version"]["translatedFrom"].clone();
    assert_eq!(now().await, from(1, 1, false), "a draft is no news to it");
    publish().await;
    assert_eq!(now().await, from(1, 2, true), "{dialect:?}");
    // Brought up without another word.
    let source = |revision: i64| json!({ "translatedFrom": { "locale": "en", "revision": revision } });
    let same = save(json!(1), source(2)).await;
    let version = &same.done()["version"];
    assert_eq!(
        (&version["translatedFrom"], &version["newest"]["number"]),
        (&from(2, 2, false), &json!(1)),
        "{dialect:?}"
    );
    for (with, field) in [
        (source(3), "NOT_FOUND"),
        // The translator does not see what is not live.
        (source(1), "NOT_FOUND"),
        (json!({ "translatedFrom": { "locale": "tk", "revision": 1 } }), "NOT_FOUND"),
    ] {
        assert_eq!(save(json!(1), with).await.user_errors(), [field]);
    }
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_working_copy_brought_up_undoes_nothing_of_what_others_saved(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = desk(&portal).await;
    let (author, editor) = (&desk.author, &desk.editor);
    let keep = |based_on: i64, article: Value| json!({ "basedOn": based_on, "content": { "article": article } });
    desk.done(author, "keepDraft", keep(1, json!({ "title": "Felt" }))).await;
    desk.done(editor, "saveArticle", json!({ "basedOn": 1, "content": { "summary": "Corrected" } })).await;
    let kept = desk.done(author, "keepDraft", keep(2, json!({}))).await;
    let both = json!({ "title": "Felt", "summary": "Corrected" });
    assert_eq!(kept["workingCopy"]["content"], both, "{dialect:?}");
    // What both have changed is its owner's, who has seen the other.
    desk.done(editor, "saveArticle", json!({ "basedOn": 2, "content": { "title": "Hemp", "summary": null } })).await;
    let kept = desk.done(author, "keepDraft", keep(3, json!({}))).await;
    assert_eq!(kept["workingCopy"]["content"], json!({ "title": "Felt", "summary": null }), "{dialect:?}");
}

/// The times that programs write for "no end" are kept, and what has them is read again.
#[apply(both_databases)]
#[tokio::test]
async fn the_last_moment_there_is_breaks_nothing(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = desk(&portal).await;
    let last = "9999-12-30T22:00:00.999999Z";
    let never = "9999-12-31T23:59:59Z";
    desk.done(&desk.editor, "assignEntry", json!({ "dueAt": never })).await;
    let admin = portal.as_role(Role::Admin).await;
    desk.done(&admin, "scheduleEntry", json!({ "at": last })).await;
    let token = json!({ "name": "For good", "grants": [], "expiresAt": never });
    admin.mutate("createApiToken", token, "apiToken { expiresAt } userErrors { code }").await.done();
    let all = "{ editorial { apiTokens { expiresAt } entries(first: 100, filter: { dueAt: { from: \"9999-01-01T00:00:00Z\" } }) \
               { totalCount nodes { versions { scheduledAt dueAt } } } } }";
    let seen = admin.query(all).await;
    let entries = &seen.data()["editorial"]["entries"];
    let version = &entries["nodes"][0]["versions"][0];
    assert_eq!((&entries["totalCount"], &version["scheduledAt"]), (&json!(1), &version["dueAt"]), "{}", seen.text);
    let dump = courant_tests::dump::dump(&portal.store).await;
    assert!(dump.iter().any(|line| line.contains("9999-12-30T22:00:00.999999Z")), "it is in the dump");
    desk.done(&admin, "unscheduleEntry", json!({})).await;
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}
