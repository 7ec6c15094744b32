//! Who reads what was done: the audit log, and the histories of entries.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    id::EntryId,
    locale::Locale,
    text::Localized,
};
use courant_persistence::{Command, Dialect, EntryCreate, EntrySave, TagCreate};
use courant_tests::{
    Person, Portal, apply, both_databases,
    desk::{category, draft, locales},
};
use serde_json::{Value, json};

fn limited(role: Role, categories: Vec<courant_domain::id::CategoryId>, locales: Vec<Locale>) -> Grant {
    Grant { role, categories, locales }
}

fn nodes(answer: &Value) -> &Vec<Value> {
    answer["nodes"].as_array().unwrap()
}

fn acts(answer: &Value) -> Vec<&str> {
    nodes(answer).iter().map(|it| it["act"].as_str().unwrap()).collect()
}

/// Ana makes an article and saves it again; the editor saves it in Turkmen, and makes seven tags. Gives the article.
async fn work(portal: &Portal, ana: &Person<'_>, editor: &Person<'_>) -> EntryId {
    let viewer = |person: &Person<'_>, name: &str, role| Viewer {
        actor: ActorId::user(person.id),
        name: name.into(),
        grants: vec![Grant::everywhere(role)],
    };
    let (ana, editor) = (viewer(ana, "Ana then", Role::Author), viewer(editor, "Ed", Role::Editor));
    let from = |by| Command { address: Some("192.0.2.7"), request_id: Some("request-7"), ..Command::of(by) };
    let create = EntryCreate {
        category: category(&portal.store.reference(), "economy"),
        tags: vec![],
        locale: Locale::ENGLISH,
        content: draft(Some("Wool"), None),
        comment: None,
    };
    let key = portal.store.newsroom().entry_create(from(&ana), &create).await.unwrap();
    let save = |locale, based_on, comment: &str| EntrySave {
        entry: key.entry,
        locale,
        based_on,
        content: draft(Some("Wool"), Some("text")).into(),
        comment: Some(comment.into()),
        translated_from: None,
    };
    portal.store.newsroom().entry_save(from(&ana), &save(Locale::ENGLISH, Some(1), "better")).await.unwrap();
    portal.store.newsroom().entry_save(from(&editor), &save(locales()[2], None, "in Turkmen")).await.unwrap();
    for number in 0..7 {
        let name = Localized::single(Locale::ENGLISH, format!("Tag {number}"));
        portal.store.newsroom().tag_create(from(&editor), &TagCreate { slug: None, name }).await.unwrap();
    }
    key.entry
}

#[apply(both_databases)]
#[tokio::test]
async fn histories_are_for_who_sees_the_entry_and_tell_administrators_where_from(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (ana, editor) = (portal.as_role(Role::Author).await, portal.as_role(Role::Editor).await);
    let (publisher, admin) = (portal.as_role(Role::Publisher).await, portal.as_role(Role::Admin).await);
    let turkmen = portal.as_user(vec![limited(Role::Editor, vec![], vec![locales()[2]])]).await;
    let entry = work(&portal, &ana, &editor).await;
    let history = format!(
        "{{ editorial {{ entry(id: \"{entry}\") {{ history {{ totalCount nodes {{ act locale: inLocale actorName actor {{ name }} subject subjectId address requestId detail {{ name value }} }} }} }} }} }}"
    );
    for (person, whole) in [(&ana, false), (&editor, false), (&publisher, false), (&admin, true)] {
        let answer = person.query(&history).await;
        let list = &answer.data()["editorial"]["entry"]["history"];
        assert_eq!(acts(list), ["SAVE_ENTRY", "SAVE_ENTRY", "CREATE_ENTRY"], "{dialect:?}");
        assert_eq!(list["totalCount"], 3);
        let last = &list["nodes"][2];
        assert_eq!(last["actorName"], "Ana then");
        assert_eq!(last["actor"]["name"], "The author");
        assert_eq!((&last["subject"], &last["subjectId"]), (&json!("ENTRY"), &json!(entry.to_string())));
        let (address, request) =
            if whole { (json!("192.0.2.7"), json!("request-7")) } else { (Value::Null, Value::Null) };
        assert_eq!((&last["address"], &last["requestId"]), (&address, &request), "{dialect:?}");
    }
    let answer = turkmen.query(&history).await;
    let list = &answer.data()["editorial"]["entry"]["history"];
    assert!(nodes(list).iter().all(|it| it["locale"].is_null() || it["locale"] == "tk"), "{dialect:?} {list}");
    assert!(nodes(list).iter().any(|it| it["locale"] == "tk"));
    assert_eq!(list["totalCount"], nodes(list).len());
    assert_eq!(portal.as_role(Role::Reader).await.query(&history).await.data()["editorial"]["entry"], Value::Null);
}

#[apply(both_databases)]
#[tokio::test]
async fn the_audit_log_is_for_administrators_who_filter_it_and_walk_it_both_ways(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (ana, editor) = (portal.as_role(Role::Author).await, portal.as_role(Role::Editor).await);
    let (publisher, admin) = (portal.as_role(Role::Publisher).await, portal.as_role(Role::Admin).await);
    let turkmen = portal.as_user(vec![limited(Role::Editor, vec![], vec![locales()[2]])]).await;
    let entry = work(&portal, &ana, &editor).await;
    let log = |arguments: &str| {
        format!(
            "{{ editorial {{ auditLog({arguments}) {{ totalCount nodes {{ id act at address subject actor {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
        )
    };
    for person in [&ana, &editor, &publisher, &turkmen] {
        assert_eq!(person.query(&log("first: 1")).await.code(), "FORBIDDEN", "{dialect:?}");
    }
    assert_eq!(portal.query(&log("first: 1")).await.code(), "UNAUTHENTICATED");
    let read = async |arguments: &str| admin.query(&log(arguments)).await.data()["editorial"]["auditLog"].clone();
    let by_editor = format!("filter: {{ actor: \"{}\" }}", editor.id);
    let all = read(&format!("{by_editor}, first: 100")).await;
    let seqs = |list: &Value| -> Vec<i64> {
        nodes(list).iter().map(|it| it["id"].as_str().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(acts(&all).iter().filter(|act| **act == "CREATE_TAG").count(), 7, "{dialect:?}");
    assert!(nodes(&all).iter().all(|it| it["actor"]["id"] == format!("user:{}", editor.id)));
    assert!(seqs(&all).windows(2).all(|pair| pair[0] > pair[1]), "the newest first");
    assert_eq!(all["totalCount"], nodes(&all).len());
    // Forwards and backwards by three.
    let (mut walked, mut after) = (Vec::new(), String::new());
    loop {
        let page = read(&format!("{by_editor}, first: 3{after}")).await;
        walked.extend(seqs(&page));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(walked, seqs(&all), "{dialect:?}");
    let (mut walked, mut before) = (Vec::new(), String::new());
    loop {
        let page = read(&format!("{by_editor}, last: 3{before}")).await;
        walked = seqs(&page).into_iter().chain(walked).collect();
        if page["pageInfo"]["hasPreviousPage"] == json!(false) {
            break;
        }
        before = format!(", before: {}", page["pageInfo"]["startCursor"]);
    }
    assert_eq!(walked, seqs(&all), "{dialect:?}");
    let tags = read("filter: { acts: [CREATE_TAG], subjects: [TAG] }").await;
    assert_eq!(nodes(&tags).len(), 7);
    assert!(nodes(&tags).iter().all(|it| it["act"] == "CREATE_TAG" && it["address"] == "192.0.2.7"));
    assert_eq!(nodes(&read("filter: { acts: [CREATE_TAG], subjects: [ENTRY] }").await).len(), 0);
    let of_entry = read(&format!("filter: {{ subjectId: \"{entry}\" }}")).await;
    assert_eq!(acts(&of_entry), ["SAVE_ENTRY", "SAVE_ENTRY", "CREATE_ENTRY"]);
    let (first, last) = (&nodes(&tags)[6]["at"], &nodes(&tags)[0]["at"]);
    let inside = read(&format!("filter: {{ acts: [CREATE_TAG], at: {{ from: {first}, before: {last} }} }}")).await;
    let times: Vec<&Value> = nodes(&tags).iter().map(|it| &it["at"]).filter(|at| *at != last).collect();
    assert_eq!(nodes(&inside).len(), times.len(), "{dialect:?}");
    let cursor = all["pageInfo"]["endCursor"].to_string();
    assert_eq!(admin.query(&log(&format!("first: 1, after: {cursor}"))).await.code(), "BAD_CURSOR");
}
