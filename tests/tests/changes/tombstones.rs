//! What is told of what is gone, and of what is where it was not.

use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};
use serde_json::{Value, json};

use crate::desk::Desk;

/// The one change of publications among these.
fn publication(changes: &[Value]) -> &Value {
    let mut publications = changes.iter().filter(|change| change["subject"] == "PUBLICATION");
    let one = publications.next().unwrap_or_else(|| panic!("none in {changes:?}"));
    assert!(publications.next().is_none(), "{changes:?}");
    one
}

#[apply(both_databases)]
#[tokio::test]
async fn each_ending_says_where_it_was_and_what_readers_get_there_now(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let other = "/en/articles/the-other";
    desk.publish("the-other", "politics", &[]).await;
    for (slug, ending, replaced_by, is_gone) in [
        ("elsewhere", json!({ "redirect": other }), json!(other), false),
        ("gone", json!({ "gone": true }), Value::Null, true),
        ("vanished", json!({ "vanish": true }), Value::Null, false),
    ] {
        let entry = desk.publish(slug, "politics", &[]).await;
        let before = desk.head().await;
        desk.end(&entry, ending).await;
        let changes = desk.since(&before, "{}").await;
        let removed = publication(&changes);
        assert_eq!(removed["action"], "REMOVED", "{dialect:?}: {slug}");
        assert_eq!(removed["path"], format!("/en/articles/{slug}"));
        assert_eq!((&removed["previousPath"], &removed["node"]), (&Value::Null, &Value::Null));
        assert_eq!(
            (&removed["replacedBy"], &removed["isGone"]),
            (&replaced_by, &json!(is_gone)),
            "{dialect:?}: {slug}"
        );
        assert_eq!(removed["entryId"], entry);
        // The rule for the path is a change of its own, if readers are told of one.
        let rule = changes.iter().find(|change| change["subject"] == "REDIRECT");
        assert_eq!(rule.is_some(), slug != "vanished", "{dialect:?}: {changes:?}");
    }

    // Taken back with a notice, it can still be read.
    let entry = desk.publish("noticed", "politics", &[]).await;
    let before = desk.head().await;
    desk.end(&entry, json!({ "notice": "It was in error." })).await;
    let changes = desk.since(&before, "{}").await;
    assert_eq!(publication(&changes)["action"], "PUT", "{dialect:?}");
    assert_eq!(publication(&changes)["node"]["__typename"], "Article");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_has_moved_says_from_where(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let entry = desk.publish("the-old-name", "politics", &[]).await;
    let before = desk.head().await;
    desk.save(&entry, 1, "the-new-name").await;
    let changes = desk.since(&before, "{}").await;
    let moved = publication(&changes);
    let (old, new) = ("/en/articles/the-old-name", "/en/articles/the-new-name");
    assert_eq!((&moved["path"], &moved["previousPath"]), (&json!(new), &json!(old)), "{dialect:?}");
    assert_eq!((&moved["replacedBy"], &moved["isGone"]), (&json!(new), &json!(false)));

    // What readers get is as of now: it has moved on since.
    desk.save(&entry, 2, "the-newest-name").await;
    let changes = desk.since(&before, "{ subjects: [PUBLICATION] }").await;
    let paths: Vec<_> = changes.iter().map(|change| [&change["path"], &change["replacedBy"]]).collect();
    let newest = json!("/en/articles/the-newest-name");
    assert_eq!(paths, [[&json!(new), &newest], [&newest, &newest]], "{dialect:?}");

    // A category that is renamed: its own path in each language, and those of what is below it.
    let category = desk.category("politics").await;
    let before = desk.head().await;
    desk.mutate("updateCategory", json!({ "id": category, "slug": "affairs" })).await;
    let changes = desk.since(&before, "{ subjects: [CATEGORY], locale: \"tk\" }").await;
    let moved = changes.iter().find(|change| change["path"] == "/tk/categories/affairs").unwrap();
    assert_eq!(moved["previousPath"], "/tk/categories/politics", "{dialect:?}");
    assert_eq!(moved["replacedBy"], "/tk/categories/affairs");
    assert_eq!(moved["nodeIds"].as_array().unwrap().len(), 3, "one of each language");
    let below = changes.iter().find(|change| change["path"] == "/tk/categories/affairs/parliament").unwrap();
    assert_eq!(below["previousPath"], "/tk/categories/politics/parliament");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_tag_is_told_of_while_something_live_has_it(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let before = desk.head().await;
    let (one, other) = (desk.tag("one-thing").await, desk.tag("other-thing").await);
    let name = json!([{ "locale": "en", "text": "Renamed" }]);
    desk.mutate("updateTag", json!({ "id": one, "slug": "one-matter", "name": name })).await;
    assert_eq!(desk.told(&before, "{}").await, [""; 0], "{dialect:?}: nothing has them");

    let entry = desk.publish("tagged", "politics", &[&one]).await;
    assert_eq!(
        desk.told(&before, "{ subjects: [TAG, REDIRECT] }").await,
        ["TAG PUT /en/tags/one-matter"],
        "{dialect:?}: and of the name it had before nobody is told"
    );

    let before = desk.head().await;
    desk.mutate("mergeTags", json!({ "sourceIds": [one], "targetId": other })).await;
    let changes = desk.since(&before, "{ subjects: [TAG] }").await;
    let gone: Vec<_> = changes.iter().filter(|change| change["action"] == "REMOVED").collect();
    assert_eq!(gone.len(), 1, "{dialect:?}: {changes:?}");
    assert_eq!(gone[0]["path"], "/en/tags/one-matter");
    assert_eq!(gone[0]["replacedBy"], "/en/tags/other-thing");

    // Its last use goes, and it with it.
    let before = desk.head().await;
    desk.end(&entry, json!({ "gone": true })).await;
    assert_eq!(
        desk.told(&before, "{ subjects: [TAG, REDIRECT] }").await,
        [
            "TAG REMOVED /en/tags/other-thing",
            // What led there leads nowhere that readers are told of.
            "REDIRECT REMOVED /en/tags/one-matter",
            "REDIRECT REMOVED /ru/tags/one-matter",
            "REDIRECT REMOVED /tk/tags/one-matter",
            "REDIRECT PUT /en/articles/tagged",
        ],
        "{dialect:?}"
    );
    let before = desk.head().await;
    desk.mutate("updateTag", json!({ "id": other, "name": [{ "locale": "en", "text": "Unseen" }] })).await;
    assert_eq!(desk.told(&before, "{}").await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn drafts_and_plans_are_not_told(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let before = desk.head().await;
    let category = desk.category("politics").await;
    let content =
        json!({ "slug": "to-come", "title": "To come", "body": { "format": "MARKDOWN", "source": "Words." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let answer = desk.admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = answer.done()["entry"]["id"].as_str().unwrap().to_owned();
    desk.mutate("scheduleEntry", json!({ "entryId": entry, "locale": "en", "at": "2099-01-01T00:00:00Z" })).await;
    let feed = portal.store.reference().feeds().iter().find(|feed| feed.slug.as_str() == "editors-choice").unwrap().id;
    desk.mutate("pinEntry", json!({ "feedId": feed.to_string(), "entryId": entry })).await;
    assert_eq!(desk.told(&before, "{}").await, [""; 0], "{dialect:?}");
    assert_eq!(desk.head().await, before, "{dialect:?}: there is nothing to go on to");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_tag_that_takes_the_path_that_led_to_it_ends_the_redirect(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let tag = desk.tag("harbours").await;
    desk.publish("of-harbours", "politics", &[&tag]).await;
    let rename = async |slug: &str| {
        let name = json!([{ "locale": "en", "text": slug }]);
        desk.mutate("updateTag", json!({ "id": tag, "slug": slug, "name": name })).await;
    };
    rename("ports").await;
    let before = desk.head().await;
    rename("harbours").await;
    let mut told = desk.told(&before, "{ subjects: [REDIRECT] }").await;
    told.retain(|told| told.contains("/en/"));
    told.sort();
    assert_eq!(told, ["REDIRECT PUT /en/tags/ports", "REDIRECT REMOVED /en/tags/harbours"], "{dialect:?}");
}
