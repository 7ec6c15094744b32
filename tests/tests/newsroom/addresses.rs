//! What was published leads on after it ended, and back once it is published again.

use courant_domain::{edition::Ending, problem::ProblemCode::Invalid};
use courant_persistence::{Command, Dialect, DueDone, EntryUnpublish, VersionKey};
use courant_tests::{
    Answer, Portal, TestDatabase, apply, both_databases,
    dump::{dump, restore},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Newsroom, article, refused};

fn path(slug: &str) -> String {
    format!("/en/articles/{slug}")
}

fn to(slug: &str) -> Ending {
    Ending::Redirect(path(slug))
}

/// An article that is live under a slug.
async fn live(room: &Newsroom, slug: &str) -> VersionKey {
    let key = room.draft(slug).await;
    room.publish(key, None).await.unwrap();
    key
}

/// Publishes an article whose newest revision has this number under another slug.
async fn rename(room: &Newsroom, key: VersionKey, newest: u32, slug: &str) {
    room.save(&room.author, key, Some(newest), article(Some(slug), "A new bridge", "It opens.")).await.unwrap();
    room.publish(key, None).await.unwrap();
}

/// What readers get: a type, or where they are led.
async fn found(room: &Newsroom, slug: &str) -> String {
    let found = room.route(&path(slug)).await;
    match &found["target"] {
        Value::String(target) => target.clone(),
        _ => found["__typename"].as_str().unwrap_or("nothing").to_owned(),
    }
}

async fn sound(room: &Newsroom) {
    assert_eq!(room.portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_published_again_is_found_under_its_old_addresses(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let key = live(&room, "o1").await;
    rename(&room, key, 1, "o2").await;
    let other = live(&room, "other").await;
    room.unpublish(other, to("o2")).await.unwrap();
    for (ending, meanwhile) in [
        (Ending::Gone, "Gone"),
        (Ending::Redirect("/en".into()), "/en"),
        (Ending::Vanish, "nothing"),
        (Ending::Redirect("https://example.org/a".into()), "https://example.org/a"),
    ] {
        room.unpublish(key, ending).await.unwrap();
        for slug in ["o1", "o2", "other"] {
            assert_eq!(found(&room, slug).await, meanwhile, "{dialect:?}: {slug}");
        }
        sound(&room).await;
        room.publish(key, None).await.unwrap();
        assert_eq!(found(&room, "o2").await, "Article", "{dialect:?} after {meanwhile}");
        for slug in ["o1", "other"] {
            assert_eq!(found(&room, slug).await, path("o2"), "{dialect:?}: {slug} after {meanwhile}");
        }
        sound(&room).await;
    }
    // It comes back under another name, and what has taken an old one keeps it.
    room.unpublish(key, Ending::Gone).await.unwrap();
    let taker = live(&room, "o1").await;
    rename(&room, key, 2, "o3").await;
    assert_eq!(found(&room, "o1").await, "Article", "{dialect:?}");
    room.unpublish(taker, Ending::Gone).await.unwrap();
    room.publish(key, None).await.unwrap();
    assert_eq!(found(&room, "o1").await, "Gone", "it was another's last");
    for slug in ["o2", "other"] {
        assert_eq!(found(&room, slug).await, path("o3"), "{dialect:?}: {slug}");
    }
    sound(&room).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn what_redirects_were_meant_for_goes_with_a_dump(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let (key, other) = (live(&room, "o1").await, live(&room, "other").await);
    rename(&room, key, 1, "o2").await;
    room.unpublish(other, to("o1")).await.unwrap();
    room.unpublish(key, Ending::Vanish).await.unwrap();
    let lines = dump(&room.portal.store).await;
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    restore(&store, &lines).await;
    assert_eq!(dump(&store).await, lines, "{dialect:?}");
    store.newsroom().entry_publish(Command::of(&room.publisher), &crate::support::publish(key, None)).await.unwrap();
    let found = store.live().redirects_of(&[path("o1"), path("other")]).await.unwrap();
    for slug in ["o1", "other"] {
        assert_eq!(found[&path(slug)].target, Some(path("o2")), "{dialect:?}: {slug}");
    }
    assert_eq!(database.broken().await, [""; 0]);
    // What is for everybody tells of neither.
    let snapshot = room.portal.store.admin().snapshot().await.unwrap();
    let shown = snapshot.published_redirects().await.unwrap();
    assert!(shown.iter().all(|rule| rule.meant.is_none() && rule.entry.is_none()), "{shown:?}");
    assert!(!shown.iter().any(|rule| rule.path == path("o1")), "{shown:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn an_end_leads_somewhere(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let (first, second) = (live(&room, "s1").await, live(&room, "s2").await);
    let gone = live(&room, "gone").await;
    room.unpublish(gone, Ending::Gone).await.unwrap();
    room.draft("draft").await;
    let store = &room.portal.store;
    let later = Some(Timestamp::now() + SignedDuration::from_hours(1));
    for target in [
        "/xx/articles/y",
        "/en/articles/none",
        "/en/articles/draft",
        "/en/articles/gone",
        "/en/articles/s1",
        "/xx",
        "/en/tags/none",
        "/en/feeds/none",
        "/en/categories/none",
        "/about",
    ] {
        for at in [None, later] {
            let ending = Ending::Redirect(target.into());
            let input = EntryUnpublish { entry: first.entry, locale: first.locale, ending, at };
            let outcome = store.newsroom().entry_unpublish(Command::of(&room.publisher), &input).await;
            assert_eq!(refused(outcome), [(Invalid, "ending.redirect".to_owned())], "{dialect:?}: {target}");
        }
    }
    room.unpublish(first, to("s2")).await.unwrap();
    assert_eq!(refused(room.unpublish(second, to("s1")).await), [(Invalid, "ending.redirect".to_owned())]);
    assert_eq!((found(&room, "s1").await, found(&room, "s2").await), (path("s2"), "Article".to_owned()));
    for target in ["/en", "/ru/categories/politics", "/en/feeds/last-news", "https://example.org/"] {
        room.unpublish(second, Ending::Redirect(target.into())).await.unwrap();
        assert_eq!(found(&room, "s1").await, target, "{dialect:?}");
        room.publish(second, None).await.unwrap();
    }
    sound(&room).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn a_planned_end_that_leads_nowhere_any_more_is_gone(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (first, second) = (live(&room, "s1").await, live(&room, "s2").await);
    let at = Timestamp::from_second(Timestamp::now().as_second() + 60).unwrap();
    for (key, ending) in [(first, to("s2")), (second, to("s1"))] {
        let input = EntryUnpublish { entry: key.entry, locale: key.locale, ending, at: Some(at) };
        store.newsroom().entry_unpublish(Command::of(&room.publisher), &input).await.unwrap();
    }
    let done: Vec<_> = store.newsroom().due_run(at).await.unwrap().into_iter().map(|(_, done)| done).collect();
    assert_eq!(done, [DueDone::Unpublished, DueDone::Unpublished], "{dialect:?}");
    assert_eq!((found(&room, "s1").await, found(&room, "s2").await), ("Gone".to_owned(), "Gone".to_owned()));
    sound(&room).await;
}

#[tokio::test]
async fn what_is_live_in_a_language_that_was_taken_off_the_site_is_there_for_nobody() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let asked = "{ articles(locale: \"en\", first: 100) { nodes { translations { id path locale } } } }";
    let all = portal.query(asked).await;
    let translations = |answer: &Answer| -> Vec<Value> {
        let nodes = answer.data()["articles"]["nodes"].as_array().unwrap().clone();
        nodes.iter().flat_map(|node| node["translations"].as_array().unwrap().clone()).collect()
    };
    let russian = translations(&all).into_iter().find(|other| other["locale"] == "ru").expect("a Russian edition");
    let mut site = portal.store.reference().site.clone();
    site.locales.retain(|locale| locale.tag.as_str() != "ru");
    for locale in &mut site.locales {
        locale.fallbacks.retain(|fallback| fallback.as_str() != "ru");
    }
    portal.store.newsroom().site_put(&site).await.unwrap();

    assert!(translations(&portal.query(asked).await).iter().all(|other| other["locale"] == "tk"));
    let (id, path) = (&russian["id"], &russian["path"]);
    let answer = portal
        .query(&format!(
            "{{ node(id: {id}) {{ id }} route(path: {path}) {{ __typename }}
                id: article(by: {{ id: {id} }}) {{ id }} path: article(by: {{ path: {path} }}) {{ id }} }}"
        ))
        .await;
    assert_eq!(answer.data(), &json!({ "node": null, "route": null, "id": null, "path": null }));
}
