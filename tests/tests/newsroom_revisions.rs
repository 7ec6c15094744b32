//! What the newsroom sees of one entry: drafts that miss anything, revisions and their differences, what is set and live.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    entry::EntryKind,
    locale::Locale,
    workflow::State,
};
use courant_persistence::{Command, Dialect, EntryCreate, EntrySave, dump::EntryRecord};
use courant_tests::{
    Person, Portal, apply, both_databases,
    desk::{self, category, draft},
};
use serde_json::{Value, json};

/// Puts so many entries of these authors on the desk.
async fn fill(portal: &Portal, authors: &[&Person<'_>], number: usize) -> Vec<EntryRecord> {
    let actors: Vec<ActorId> = authors.iter().map(|person| ActorId::user(person.id)).collect();
    let records = desk::entries(&portal.store.reference(), &actors, number);
    portal.store.admin().entries_create(&records).await.unwrap();
    records
}

#[apply(both_databases)]
#[tokio::test]
async fn drafts_may_miss_anything_and_revisions_tell_their_differences(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let ana = portal.as_role(Role::Author).await;
    let viewer =
        Viewer { actor: ActorId::user(ana.id), name: "Ana".into(), grants: vec![Grant::everywhere(Role::Author)] };
    let command = Command::of(&viewer);
    let create = EntryCreate {
        category: category(&portal.store.reference(), "economy"),
        tags: vec![],
        locale: Locale::ENGLISH,
        content: draft(None, None),
        comment: Some("a thought".into()),
    };
    let key = portal.store.newsroom().entry_create(command, &create).await.unwrap();
    for (based_on, title, body) in [(1, "Wool", "one\n\ntwo\n"), (2, "Wool prices", "one\n\nthree\n")] {
        let save = EntrySave {
            entry: key.entry,
            locale: key.locale,
            based_on: Some(based_on),
            content: draft(Some(title), Some(body)).into(),
            comment: None,
            translated_from: None,
        };
        portal.store.newsroom().entry_save(command, &save).await.unwrap();
    }
    let query = format!(
            "{{ editorial {{ entry(id: \"{}\") {{ createdBy {{ kind name }} version(locale: \"en\") {{
                state waitingFor newestTitle missing live {{ path }}
                first: revisionByNumber(number: 1) {{ number basedOn comment title missing isNewest isLive createdBy {{ id }} content {{ __typename ... on ArticleDraft {{ genre slug title summary body {{ source }} authors {{ slug }} covers {{ entryId }} leadImage {{ url }} }} }} }}
                newest {{ number basedOn isNewest content {{ ... on ArticleDraft {{ title body {{ format source html wordCount }} }} }} }}
                none: revisionByNumber(number: 4) {{ number }} huge: revisionByNumber(number: 2147483647) {{ number }}
                revisions(first: 2) {{ totalCount totalCountIsEstimate nodes {{ number }} pageInfo {{ hasNextPage endCursor }} }}
                same: diff(from: 3) {{ field }} whole: diff(from: 1) {{ field before after }}
                part: diff(from: 2, to: 3) {{ field before after unified }} nothing: diff(from: 9) {{ field }}
            }} }} }} }}",
            key.entry
        );
    let answer = ana.query(&query).await;
    let entry = &answer.data()["editorial"]["entry"];
    let version = &entry["version"];
    assert_eq!(entry["createdBy"]["kind"], "USER");
    assert_eq!(version["state"], "DRAFT");
    assert_eq!(version["waitingFor"], "AUTHOR");
    assert_eq!(version["newestTitle"], "Wool prices");
    assert_eq!(version["live"], Value::Null);
    assert_eq!(version["first"]["missing"], json!(["SLUG", "TITLE", "BODY"]), "{dialect:?}");
    assert_eq!(version["first"]["comment"], "a thought");
    assert_eq!(version["first"]["createdBy"]["id"], format!("user:{}", ana.id));
    assert_eq!((&version["first"]["isNewest"], &version["first"]["isLive"]), (&json!(false), &json!(false)));
    assert_eq!(
        version["first"]["content"],
        json!({ "__typename": "ArticleDraft", "genre": "NEWS", "slug": null, "title": null, "summary": null, "body": null, "authors": [], "covers": [], "leadImage": null })
    );
    assert_eq!(version["newest"]["basedOn"], 2);
    assert_eq!(
        version["newest"]["content"]["body"],
        json!({ "format": "MARKDOWN", "source": "one\n\nthree\n", "html": "<p>one</p>\n<p>three</p>\n", "wordCount": 2 })
    );
    assert_eq!((&version["none"], &version["huge"], &version["nothing"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(version["revisions"]["totalCount"], 3);
    assert_eq!(version["revisions"]["nodes"], json!([{ "number": 3 }, { "number": 2 }]));
    assert_eq!(version["same"], json!([]));
    assert_eq!(
        version["part"][0],
        json!({ "field": "body", "before": "one\n\ntwo\n", "after": "one\n\nthree\n", "unified": "@@ -1,3 +1,3 @@\n one\n \n-two\n+three\n" })
    );
    let named: Vec<&str> = version["part"].as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap()).collect();
    assert_eq!(named, ["body", "slug", "title"], "a slug is made of each title");
    let named: Vec<&str> =
        version["whole"].as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap()).collect();
    assert!(named.contains(&"body") && named.contains(&"title"), "{named:?}");
    assert!(version["whole"].as_array().unwrap().iter().all(|it| it["before"].is_null()));

    let cursor = version["revisions"]["pageInfo"]["endCursor"].as_str().unwrap();
    let page = |of: &str, arguments: &str| {
        format!(
            "{{ editorial {{ entry(id: \"{of}\") {{ version(locale: \"en\") {{ revisions({arguments}) {{ nodes {{ number }} pageInfo {{ hasNextPage hasPreviousPage }} }} }} history(after: \"{cursor}\") {{ totalCount }} }} }} }}"
        )
    };
    let id = key.entry.to_string();
    let next = page(&id, &format!("first: 2, after: \"{cursor}\""));
    // A cursor of the revisions is none of the history.
    assert_eq!(ana.query(&next).await.code(), "BAD_CURSOR");
    let next = next.replace(&format!("history(after: \"{cursor}\")"), "history");
    let answer = ana.query(&next).await;
    assert_eq!(
        answer.data()["editorial"]["entry"]["version"]["revisions"],
        json!({ "nodes": [{ "number": 1 }], "pageInfo": { "hasNextPage": false, "hasPreviousPage": true } })
    );
    // Nobody else's.
    let bo = portal.as_role(Role::Author).await;
    assert_eq!(bo.query(&query).await.data(), &json!({ "editorial": { "entry": null } }), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_set_for_later_and_what_is_live_is_shown(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (ana, editor) = (portal.as_role(Role::Author).await, portal.as_role(Role::Editor).await);
    let records = fill(&portal, &[&ana], 40).await;
    let name = |record: &EntryRecord| record.entry.created_by.is_some();
    let find = |state| {
        records
            .iter()
            .filter(|record| name(record) && record.entry.kind == EntryKind::Article)
            .find_map(|it| it.standings.iter().find(|it| it.standing.state == state).map(|at| (it, at)))
            .unwrap()
    };
    let fields = "state waitingFor scheduledAt scheduledNote scheduledBy { name kind } approval { by { id name kind } at }
            expiry { at by { id } ending { kind notice target } }
            live { revision path publishedAt firstPublishedAt updatedAt changeNotes { note } withdrawal { notice } publication { __typename locale entryId } }
            newest { number isLive }";
    let ask = async |record: &EntryRecord, locale: Locale| {
        let query = format!(
            "{{ editorial {{ entry(id: \"{}\") {{ version(locale: \"{locale}\") {{ {fields} }} }} }} }}",
            record.entry.id
        );
        editor.query(&query).await.data()["editorial"]["entry"]["version"].clone()
    };
    let (record, standing) = find(State::Scheduled);
    let found = ask(record, standing.locale).await;
    assert_eq!(found["state"], "SCHEDULED", "{dialect:?}");
    assert_eq!(found["waitingFor"], "TIME");
    assert_eq!(found["scheduledAt"], standing.standing.scheduled_at.unwrap().to_string());
    assert_eq!(found["scheduledNote"], "At last");
    assert_eq!(found["scheduledBy"], json!({ "name": "The author", "kind": "USER" }));
    assert_eq!(found["approval"]["by"], json!({ "id": "courant", "name": "courant", "kind": "PROGRAM" }));
    assert_eq!(found["live"], Value::Null);
    assert_eq!(found["newest"]["isLive"], false);

    let (record, standing) = find(State::Published);
    let found = ask(record, standing.locale).await;
    let live = &record.editions.iter().find(|it| it.locale == standing.locale).unwrap();
    assert_eq!(found["live"]["revision"], live.revision, "{dialect:?}");
    assert_eq!(found["live"]["publishedAt"], live.published_at.to_string());
    assert!(found["live"]["path"].as_str().unwrap().starts_with(&format!("/{}/articles/desk-", standing.locale)));
    let publication = &found["live"]["publication"];
    assert_eq!(publication["entryId"], record.entry.id.to_string());
    assert_eq!(publication["locale"], standing.locale.as_str());
    assert_eq!(found["expiry"]["ending"], json!({ "kind": "REDIRECT", "notice": null, "target": "/en" }));
    assert_eq!(found["newest"]["isLive"], true);
    assert_eq!(found["waitingFor"], Value::Null);
}
