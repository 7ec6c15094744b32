//! What of the newsroom is told to whom: of what leaves somebody's sight that it is gone, and nothing of what they never saw.

use courant_domain::{
    access::{Grant, Role},
    change::ChangeCursor,
    id::CategoryId,
    locale::Locale,
};
use courant_persistence::Dialect;
use courant_tests::{Person, both_databases};
use macro_rules_attribute::apply;
use serde_json::json;

use crate::support::{Served, Socket};

/// Where the audit log ends now.
async fn end(served: &Served) -> String {
    let last = served.portal.store.newsroom().audit_last().await.unwrap();
    last.map_or(ChangeCursor::BEGINNING, |record| ChangeCursor::at(record.seq, record.at)).to_string()
}

/// Somebody's socket that follows the newsroom after a place.
async fn follow(served: &Served, person: &Person<'_>, after: &str, filter: &str) -> Socket {
    let mut socket = served.ready_as(&person.token).await;
    let arguments = format!("after: \"{after}\" {filter}");
    let selection = "mustReread gone record { act subjectId detail { name } }";
    socket.subscribe("1", &format!("subscription {{ editorialChanged({arguments}) {{ {selection} }} }}")).await;
    socket
}

/// What comes next: what was done, or that something is gone, or that all is to be read anew; and to or of which entry.
async fn heard(socket: &mut Socket) -> (String, String) {
    let event = socket.event("1").await["editorialChanged"].clone();
    let (record, gone) = (&event["record"], &event["gone"]);
    if event["mustReread"] == true {
        assert!(record.is_null() && gone.is_null(), "{event}");
        return ("REREAD".to_owned(), String::new());
    }
    if let Some(id) = gone.as_str() {
        assert!(record.is_null(), "{event}");
        return ("GONE".to_owned(), id.to_owned());
    }
    assert!(record["detail"].as_array().unwrap().iter().all(|detail| detail["name"] != "was"), "{event}");
    (record["act"].as_str().unwrap().to_owned(), record["subjectId"].as_str().unwrap().to_owned())
}

fn category(served: &Served, path: &str) -> CategoryId {
    served.portal.store.reference().categories.by_path(path).unwrap().id
}

async fn create(served: &Served, person: &Person<'_>, path: &str, locale: &str) -> String {
    let content = json!({ "title": "Words", "body": { "source": "More of them." } });
    let input = json!({ "categoryId": category(served, path).to_string(), "locale": locale, "content": content });
    let made = person.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    made.done()["entry"]["id"].as_str().unwrap().to_owned()
}

async fn done(person: &Person<'_>, mutation: &str, input: serde_json::Value) {
    person.mutate(mutation, input, "userErrors { code message }").await.done();
}

fn editor_in(served: &Served, path: &str) -> Grant {
    Grant { categories: vec![category(served, path)], ..Grant::everywhere(Role::Editor) }
}

fn of(act: &str, id: &str) -> (String, String) {
    (act.to_owned(), id.to_owned())
}

#[apply(both_databases)]
#[tokio::test]
async fn who_saw_it_is_told_that_it_is_gone_and_nobody_else(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let (admin, author) = (served.portal.as_role(Role::Admin).await, served.portal.as_role(Role::Author).await);
    let in_politics = served.portal.as_user(vec![editor_in(&served, "politics")]).await;
    let in_sport = served.portal.as_user(vec![editor_in(&served, "sport")]).await;
    let after = end(&served).await;
    let mut politics = follow(&served, &in_politics, &after, "").await;
    let mut sport = follow(&served, &in_sport, &after, "").await;
    let mut own = follow(&served, &author, &after, "").await;
    // Who asks for what somebody does is not told in this way that they did it.
    let by_admin = format!("filter: {{ actor: \"{}\" }}", admin.id);
    let mut of_admin = follow(&served, &in_politics, &after, &by_admin).await;

    let entry = create(&served, &author, "politics", "en").await;
    let other = create(&served, &admin, "sport", "en").await;
    for socket in [&mut politics, &mut own] {
        assert_eq!(heard(socket).await, of("CREATE_ENTRY", &entry), "{dialect:?}");
    }
    assert_eq!(heard(&mut sport).await, of("CREATE_ENTRY", &other));

    let there = category(&served, "sport").to_string();
    done(&admin, "fileEntry", json!({ "entryId": entry, "categoryId": there })).await;
    assert_eq!(heard(&mut politics).await, of("GONE", &entry), "{dialect:?}: it has left their sight");
    for socket in [&mut sport, &mut own] {
        assert_eq!(heard(socket).await, of("FILE_ENTRY", &entry), "{dialect:?}");
    }

    done(&admin, "deleteEntry", json!({ "entryId": entry })).await;
    done(&admin, "deleteEntry", json!({ "entryId": other })).await;
    assert_eq!(heard(&mut sport).await, of("GONE", &entry), "{dialect:?}: it was deleted");
    assert_eq!(heard(&mut sport).await, of("GONE", &other));
    assert_eq!(heard(&mut own).await, of("GONE", &entry));

    // Of what they never saw, they have heard nothing.
    let last = create(&served, &author, "politics", "en").await;
    assert_eq!(heard(&mut politics).await, of("CREATE_ENTRY", &last), "{dialect:?}");
    assert_eq!(heard(&mut own).await, of("CREATE_ENTRY", &last));
    let by_them = create(&served, &admin, "politics", "en").await;
    assert_eq!(heard(&mut of_admin).await, of("CREATE_ENTRY", &by_them));
    // Who comes back later is told the same, as far as it is still to be seen.
    let mut again = follow(&served, &in_politics, &after, "").await;
    for wanted in [of("GONE", &entry), of("CREATE_ENTRY", &last), of("CREATE_ENTRY", &by_them)] {
        assert_eq!(heard(&mut again).await, wanted, "{dialect:?}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_seen_because_it_was_live_is_gone_when_it_is_taken_back(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let admin = served.portal.as_role(Role::Admin).await;
    let russian = Locale::parse("ru").unwrap();
    let translator = Grant { locales: vec![russian], ..editor_in(&served, "politics") };
    let translator = served.portal.as_user(vec![translator]).await;
    let after = end(&served).await;
    let mut socket = follow(&served, &translator, &after, "").await;

    let never_live = create(&served, &admin, "politics", "en").await;
    let elsewhere = served.publish("not-for-them", "sport").await;
    let live = served.publish("to-be-translated", "politics").await;
    let first = create(&served, &admin, "politics", "ru").await;
    // They work in Russian: what is done in English they hear nothing of.
    assert_eq!(heard(&mut socket).await, of("CREATE_ENTRY", &first), "{dialect:?}");
    done(&admin, "deleteEntry", json!({ "entryId": never_live })).await;
    served.withdraw(&elsewhere).await;
    served.withdraw(&live).await;
    assert_eq!(heard(&mut socket).await, of("GONE", &live), "{dialect:?}");
    let last = create(&served, &admin, "politics", "ru").await;
    assert_eq!(heard(&mut socket).await, of("CREATE_ENTRY", &last), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn who_may_see_more_than_then_is_not_told_what_was_there(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let admin = served.portal.as_role(Role::Admin).await;
    let reader = served.portal.as_role(Role::Reader).await;
    let after = end(&served).await;
    let entry = create(&served, &admin, "politics", "en").await;
    done(&admin, "deleteEntry", json!({ "entryId": entry })).await;
    let input = json!({ "id": reader.id.to_string(), "grants": [{ "role": "EDITOR" }] });
    done(&admin, "updateUser", input).await;
    let mut socket = follow(&served, &reader, &after, "").await;
    assert_eq!(heard(&mut socket).await, of("REREAD", ""), "{dialect:?}");
    let last = create(&served, &admin, "politics", "en").await;
    assert_eq!(heard(&mut socket).await, of("CREATE_ENTRY", &last), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn who_is_limited_to_a_category_reads_anew_when_categories_are_moved(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let admin = served.portal.as_role(Role::Admin).await;
    let limited = served.portal.as_user(vec![editor_in(&served, "politics")]).await;
    let everywhere = served.portal.as_role(Role::Editor).await;
    let after = end(&served).await;
    let mut limited = follow(&served, &limited, &after, "").await;
    let mut everywhere = follow(&served, &everywhere, &after, "").await;
    let moved = category(&served, "politics/parliament").to_string();
    done(&admin, "moveCategory", json!({ "id": moved, "parentId": category(&served, "sport").to_string() })).await;
    let last = create(&served, &admin, "politics", "en").await;
    assert_eq!(heard(&mut limited).await, of("REREAD", ""), "{dialect:?}");
    for socket in [&mut limited, &mut everywhere] {
        assert_eq!(heard(socket).await, of("CREATE_ENTRY", &last), "{dialect:?}");
    }
}
