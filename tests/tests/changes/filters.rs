//! Who follows a part is told of what comes into it, changes in it and leaves it, and of little else.

use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};
use serde_json::json;

use crate::desk::Desk;

#[apply(both_databases)]
#[tokio::test]
async fn what_leaves_a_category_is_told_to_who_follows_it(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let of = |path: &str| format!("{{ categories: [\"{path}\"], subjects: [PUBLICATION] }}");
    let only =
        |path: &str| format!("{{ categories: [\"{path}\"], includeDescendants: false, subjects: [PUBLICATION] }}");
    let put = ["PUBLICATION PUT /en/articles/on-the-move"];
    let nothing = [""; 0];

    let start = desk.head().await;
    let entry = desk.publish("on-the-move", "politics/parliament", &[]).await;
    assert_eq!(desk.told(&start, &of("politics")).await, put, "{dialect:?}");
    assert_eq!(desk.told(&start, &of("politics/parliament")).await, put);
    assert_eq!(desk.told(&start, &only("politics")).await, nothing, "{dialect:?}: it is in one below it");
    assert_eq!(desk.told(&start, &of("economy")).await, nothing);

    let before = desk.head().await;
    let economy = desk.category("economy").await;
    desk.mutate("fileEntry", json!({ "entryId": entry, "categoryId": economy })).await;
    desk.mutate("publishEntry", json!({ "entryId": entry, "locale": "en" })).await;
    for path in ["politics", "politics/parliament", "economy"] {
        assert_eq!(desk.told(&before, &of(path)).await, put, "{dialect:?}: {path}");
    }
    assert_eq!(desk.told(&before, &of("culture")).await, nothing);

    let before = desk.head().await;
    desk.end(&entry, json!({ "gone": true })).await;
    assert_eq!(desk.told(&before, &of("economy")).await, ["PUBLICATION REMOVED /en/articles/on-the-move"]);
    assert_eq!(desk.told(&before, &of("politics")).await, nothing, "{dialect:?}: it had left already");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_category_that_is_merged_takes_its_followers_along(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    desk.publish("in-the-source", "politics/parliament", &[]).await;
    let (source, target) = (desk.category("politics/parliament").await, desk.category("economy").await);
    let before = desk.head().await;
    desk.mutate("mergeCategories", json!({ "sourceIds": [source], "targetId": target })).await;
    let put = "PUBLICATION PUT /en/articles/in-the-source".to_owned();
    // The one above lost it, the target has it.
    for path in ["politics", "economy"] {
        let told = desk.told(&before, &format!("{{ categories: [\"{path}\"] }}")).await;
        assert!(told.contains(&put), "{dialect:?}, {path}: {told:?}");
    }
    let told = desk.told(&before, "{ categories: [\"culture\"] }").await;
    assert_eq!(told, [""; 0], "{dialect:?}: others are not told");
    // Those who follow it by its name are told once more of the one that is gone.
    let changes = desk.since(&before, "{ categories: [\"politics/parliament\"] }").await;
    let gone = changes.iter().find(|change| change["subject"] == "CATEGORY").unwrap();
    assert_eq!((&gone["action"], &gone["replacedBy"]), (&json!("REMOVED"), &json!("/en/categories/economy")));
}

#[apply(both_databases)]
#[tokio::test]
async fn readers_of_a_language_are_told_of_what_they_fall_back_to(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let before = desk.head().await;
    let entry = desk.publish("in-english", "politics", &[]).await;
    let put = "PUBLICATION PUT /en/articles/in-english".to_owned();
    let of = |locale: &str| format!("{{ locale: \"{locale}\", subjects: [PUBLICATION] }}");
    for locale in ["en", "ru", "tk"] {
        assert_eq!(desk.told(&before, &of(locale)).await, std::slice::from_ref(&put), "{dialect:?}: {locale}");
    }
    // Once it is there in Turkmen, the English one is nothing to them any more.
    let content =
        json!({ "slug": "turkmence", "title": "Türkmençe", "body": { "format": "MARKDOWN", "source": "Sözler." } });
    desk.mutate("saveArticle", json!({ "entryId": entry, "locale": "tk", "content": content })).await;
    let before = desk.head().await;
    desk.mutate("publishEntry", json!({ "entryId": entry, "locale": "tk" })).await;
    assert_eq!(desk.told(&before, &of("tk")).await, ["PUBLICATION PUT /tk/articles/turkmence"]);
    assert_eq!(desk.told(&before, &of("en")).await, [""; 0], "{dialect:?}");
    let before = desk.head().await;
    desk.save(&entry, 1, "in-english").await;
    assert_eq!(desk.told(&before, &of("en")).await, [put]);
    assert_eq!(desk.told(&before, &of("tk")).await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn feeds_tags_kinds_and_subjects_are_followed(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let tag = desk.tag("followed").await;
    let before = desk.head().await;
    let entry = desk.publish("with-the-tag", "politics", &[&tag]).await;
    desk.decree("a-decree", None, None).await;
    let article = "PUBLICATION PUT /en/articles/with-the-tag";
    let decree = "PUBLICATION PUT /en/decrees/a-decree";
    assert_eq!(desk.told(&before, "{ kinds: [ARTICLE] }").await, [article], "{dialect:?}");
    assert_eq!(desk.told(&before, "{ kinds: [DECREE] }").await, [decree]);
    assert_eq!(desk.told(&before, "{ tags: [\"followed\"] }").await, [article, "TAG PUT /en/tags/followed"]);
    assert_eq!(desk.told(&before, "{ feed: \"decrees\" }").await, [decree]);
    assert_eq!(desk.told(&before, "{ feed: \"last-news\" }").await, [article, decree]);
    assert_eq!(desk.told(&before, "{ feed: \"no-such-feed\" }").await, [""; 0]);
    assert_eq!(desk.told(&before, "{ subjects: [TAG] }").await, ["TAG PUT /en/tags/followed"]);
    assert_eq!(desk.told(&before, "{ feed: \"editors-choice\" }").await, [""; 0], "{dialect:?}: it is not pinned");

    // What is pinned is in the feed, whatever else the feed is made of.
    let feed = portal.store.reference().feeds().iter().find(|feed| feed.slug.as_str() == "editors-choice").unwrap().id;
    let before = desk.head().await;
    desk.mutate("pinEntry", json!({ "feedId": feed.to_string(), "entryId": entry })).await;
    desk.save(&entry, 1, "with-the-tag").await;
    let told = desk.told(&before, "{ feed: \"editors-choice\" }").await;
    assert_eq!(told, ["FEED PUT /en/feeds/editors-choice", article], "{dialect:?}");
    assert_eq!(portal.query("{ changes(filter: { kinds: [] }) { head } }").await.code(), "BAD_USER_INPUT");
}
