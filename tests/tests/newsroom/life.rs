//! An article from its first draft to its end.

use courant_domain::{
    audit::Act,
    edition::Ending,
    workflow::State::{Archived, Draft, InReview, Published, Withdrawn},
};
use courant_persistence::{Command, Dialect, EntryDuplicate, EntrySendBack, RevisionRestore, VersionKey};
use courant_tests::{apply, both_databases};

use crate::support::{Newsroom, approve, article, locale, refused};

#[apply(both_databases)]
#[tokio::test]
async fn an_article_is_written_reviewed_published_corrected_and_withdrawn(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (author, editor) = (Command::of(&room.author), Command::of(&room.editor));
    let key = room.draft("a-new-bridge").await;
    let path = "/en/articles/a-new-bridge";
    assert_eq!(room.standing(key).await, (Draft, 1), "{dialect:?}");
    assert!(room.route(path).await.is_null(), "a draft is nothing to readers");

    store.newsroom().entry_submit(author, key).await.unwrap();
    assert_eq!(room.standing(key).await, (InReview, 1));
    let comment = "Who pays for it?".to_owned();
    let back = EntrySendBack { entry: key.entry, locale: key.locale, comment };
    store.newsroom().entry_send_back(editor, &back).await.unwrap();
    assert_eq!(room.standing(key).await, (Draft, 1));
    let better = article(Some("a-new-bridge"), "A new bridge", "The city pays.");
    room.save(&room.author, key, Some(1), better).await.unwrap();
    store.newsroom().entry_submit(author, key).await.unwrap();
    store.newsroom().entry_approve(editor, &approve(key)).await.unwrap();
    assert_eq!(room.standing(key).await, (InReview, 2));
    assert!(room.route(path).await.is_null(), "nor is what waits for a publisher");

    room.publish(key, None).await.unwrap();
    assert_eq!(room.standing(key).await, (Published, 2));
    let live = room.route(path).await;
    assert_eq!((&live["title"], &live["body"]["text"]), (&"A new bridge".into(), &"The city pays.".into()));
    assert_eq!(live["changeNotes"], serde_json::json!([]));

    // An edit leaves what is live untouched until it is published.
    let corrected = article(Some("a-new-bridge"), "A new bridge", "The state pays.");
    room.save(&room.editor, key, Some(2), corrected).await.unwrap();
    assert_eq!(room.standing(key).await, (Draft, 3));
    assert_eq!(room.route(path).await, live, "{dialect:?}");
    room.publish(key, Some("Corrected who pays.")).await.unwrap();
    let again = room.route(path).await;
    assert_eq!(again["body"]["text"], "The state pays.");
    assert_eq!(again["changeNotes"][0]["note"], "Corrected who pays.");
    for kept in ["publishedAt", "firstPublishedAt"] {
        assert_eq!(again[kept], live[kept], "{kept} stays");
    }
    assert!(again["updatedAt"].as_str() > live["updatedAt"].as_str());

    room.unpublish(key, Ending::Notice("It was a hoax.".into())).await.unwrap();
    assert_eq!(room.standing(key).await, (Withdrawn, 3));
    assert_eq!(room.route(path).await["withdrawal"]["notice"], "It was a hoax.");
    room.publish(key, None).await.unwrap();
    assert!(room.route(path).await["withdrawal"].is_null(), "publishing again ends a withdrawal");

    room.unpublish(key, Ending::Redirect("/en/categories/politics".into())).await.unwrap();
    assert_eq!(room.route(path).await["target"], "/en/categories/politics");
    room.publish(key, None).await.unwrap();
    assert_eq!(room.route(path).await["__typename"], "Article", "what is live comes before an old rule");
    room.unpublish(key, Ending::Gone).await.unwrap();
    assert_eq!(room.route(path).await["__typename"], "Gone");
    room.publish(key, None).await.unwrap();
    room.unpublish(key, Ending::Vanish).await.unwrap();
    assert!(room.route(path).await.is_null(), "not even the rule of the last time is left");
    store.newsroom().entry_archive(editor, key).await.unwrap();
    assert_eq!(room.standing(key).await, (Archived, 3));

    let acts: Vec<Act> = room.history(key).await;
    assert_eq!(acts.len(), 17, "each change is in the audit log once: {acts:?}");
    assert_eq!(acts[..3], [Act::CreateEntry, Act::SubmitEntry, Act::SendBackEntry]);
}

#[apply(both_databases)]
#[tokio::test]
async fn each_language_goes_its_own_way(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let english = room.draft("the-bridge").await;
    let russian = VersionKey { locale: locale("ru"), ..english };
    room.save(&room.author, russian, None, article(Some("most"), "Новый мост", "Откроют в мае.")).await.unwrap();
    room.publish(english, None).await.unwrap();
    assert!(room.route("/ru/articles/most").await.is_null(), "{dialect:?}");
    let before = room.route("/en/articles/the-bridge").await;
    room.publish(russian, None).await.unwrap();
    assert_eq!(room.route("/ru/articles/most").await["title"], "Новый мост");
    assert_eq!(room.route("/en/articles/the-bridge").await, before);
    room.unpublish(english, Ending::Gone).await.unwrap();
    assert_eq!(room.route("/ru/articles/most").await["title"], "Новый мост");
    assert_eq!(room.standing(russian).await.0, Published);
    // Readers of Turkmen fall back to Russian, then to English.
    let query = format!("{{ article(by: {{ entryId: \"{}\" }}, locale: \"tk\") {{ locale }} }}", english.entry);
    assert_eq!(room.portal.query(&query).await.data()["article"]["locale"], "ru");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_changed_slug_leaves_a_redirect_and_never_a_circle(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let key = room.draft("one").await;
    room.publish(key, None).await.unwrap();
    for (revision, slug) in [(1, "two"), (2, "three"), (3, "one"), (4, "two")] {
        let renamed = article(Some(slug), "A new bridge", "It opens.");
        room.save(&room.author, key, Some(revision), renamed).await.unwrap();
        room.publish(key, None).await.unwrap();
        for other in ["one", "two", "three"] {
            let found = room.route(&format!("/en/articles/{other}")).await;
            if other == slug {
                assert_eq!(found["__typename"], "Article", "{dialect:?}: {other} after {slug}");
            } else if !found.is_null() {
                assert_eq!(found["target"], format!("/en/articles/{slug}"), "{dialect:?}: {other} after {slug}");
            }
        }
    }
    assert_eq!(room.route("/en/articles/three").await["target"], "/en/articles/two");
}

#[apply(both_databases)]
#[tokio::test]
async fn old_revisions_come_back_and_copies_stand_alone(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let author = Command::of(&room.author);
    let key = room.draft("kept").await;
    room.save(&room.author, key, Some(1), article(Some("kept"), "Worse", "Worse.")).await.unwrap();
    let restore = |based_on, revision| RevisionRestore { entry: key.entry, locale: key.locale, revision, based_on };
    refused(store.newsroom().revision_restore(author, &restore(1, 1)).await);
    refused(store.newsroom().revision_restore(author, &restore(2, 7)).await);
    store.newsroom().revision_restore(author, &restore(2, 1)).await.unwrap();
    assert_eq!(room.standing(key).await, (Draft, 3));
    room.publish(key, None).await.unwrap();
    assert_eq!(room.route("/en/articles/kept").await["body"]["text"], "It opens in May.");

    let copy = EntryDuplicate { entry: key.entry, locales: None };
    let copy = store.newsroom().entry_duplicate(author, &copy).await.unwrap();
    assert_ne!(copy, key.entry);
    let copy = VersionKey { entry: copy, locale: key.locale };
    assert_eq!(room.standing(copy).await, (Draft, 1));
    refused(room.publish(copy, None).await);
    store.newsroom().entry_delete(author, copy.entry).await.unwrap();
    assert!(store.newsroom().standings_of_entries(&[copy.entry]).await.unwrap().is_empty());
    refused(store.newsroom().entry_delete(author, key.entry).await);
    assert_eq!(room.standing(key).await.0, Published, "{dialect:?}");
}
