//! What is refused, and that nothing is changed by it.

use courant_domain::{
    access::{Role, Viewer},
    edition::Ending,
    feed::FeedOrder,
    patch::Patch,
    problem::ProblemCode::{
        Conflict, Invalid, KeyReused, NotFound, NotLive, Required, StillLive, Taken, WasPublished, WrongState,
    },
    text::Localized,
    workflow::State,
};
use courant_persistence::{
    CategoryMerge, Command, Dialect, EntryCreate, EntryFile, EntryPublish, EntrySchedule, EntryUnpublish, FeedCreate,
    VersionKey, WriteError, Written,
};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Newsroom, approve, article, locale, publish, refused};

#[apply(both_databases)]
#[tokio::test]
async fn of_two_editors_who_save_at_once_one_is_told(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let key = room.draft("twice").await;
    let (one, other) = tokio::join!(
        room.save(&room.author, key, Some(1), article(Some("twice"), "One", "One.")),
        room.save(&room.editor, key, Some(1), article(Some("twice"), "Other", "Other.")),
    );
    let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    won.unwrap();
    assert_eq!(refused(lost), [(Conflict, "basedOn".to_owned())], "{dialect:?}");
    assert_eq!(room.standing(key).await, (State::Draft, 2));
    let first = room.save(&room.author, key, None, article(None, "A", "B")).await;
    assert_eq!(refused(first), [(Conflict, "basedOn".to_owned())]);
}

#[apply(both_databases)]
#[tokio::test]
async fn publishing_says_field_by_field_what_is_missing(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let empty = room.create_input("en", article(None, "", ""));
    let key = store.newsroom().entry_create(Command::of(&room.author), &empty).await.unwrap();
    let missing = refused(room.publish(key, None).await);
    let fields: Vec<_> = missing.iter().map(|(code, field)| (*code, field.as_str())).collect();
    assert_eq!(fields, [(Required, "content.slug"), (Required, "content.title"), (Required, "content.body")]);
    assert_eq!(room.standing(key).await, (State::Draft, 1), "{dialect:?}");
    let later = EntrySchedule {
        entry: key.entry,
        locale: key.locale,
        at: Timestamp::now() + SignedDuration::from_hours(1),
        revision: None,
        change_note: Patch::Keep,
    };
    assert_eq!(refused(store.newsroom().entry_schedule(Command::of(&room.publisher), &later).await).len(), 3);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_slug_is_one_live_entrys(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let (first, second) = (room.draft("same").await, room.draft("same").await);
    room.publish(first, None).await.unwrap();
    assert_eq!(refused(room.publish(second, None).await), [(Taken, "content.slug".to_owned())], "{dialect:?}");
    assert_eq!(room.standing(second).await, (State::Draft, 1));
    // A slug made of the title is numbered instead.
    let made = room.create_input("en", article(None, "Same", "Text."));
    let made = room.portal.store.newsroom().entry_create(Command::of(&room.author), &made).await.unwrap();
    room.publish(made, None).await.unwrap();
    assert_eq!(room.route("/en/articles/same-2").await["title"], "Same");
    // In another language it is free.
    let russian = VersionKey { locale: locale("ru"), ..second };
    room.save(&room.author, russian, None, article(Some("same"), "То же", "Текст.")).await.unwrap();
    room.publish(russian, None).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn a_date_is_set_back_and_never_forward(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = room.draft("dated").await;
    let by = Command::of(&room.publisher);
    let on = |at: &str| EntryPublish { published_at: Some(at.parse().unwrap()), ..publish(key, None) };
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    assert_eq!(
        refused(store.newsroom().entry_publish(by, &on(&later.to_string())).await),
        [(Invalid, "publishedAt".to_owned())]
    );
    store.newsroom().entry_publish(by, &on("2021-03-02T09:30:00Z")).await.unwrap();
    store.newsroom().entry_publish(by, &publish(key, None)).await.unwrap();
    let live = room.route("/en/articles/dated").await;
    assert_eq!(live["publishedAt"], "2021-03-02T09:30:00Z", "{dialect:?}");
    assert_eq!(live["firstPublishedAt"], "2021-03-02T09:30:00Z");
    store.newsroom().entry_publish(by, &on("2020-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(room.route("/en/articles/dated").await["firstPublishedAt"], "2020-01-01T00:00:00Z");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_date_set_by_mistake_is_set_right(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let by = Command::of(&room.publisher);
    let (key, path) = (room.draft("dated").await, "/en/articles/dated");
    let on = |at: &str| EntryPublish { published_at: Some(at.parse().unwrap()), ..publish(key, None) };
    for slip in ["0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z"] {
        let said = refused(store.newsroom().entry_publish(by, &on(slip)).await);
        assert_eq!(said, [(Invalid, "publishedAt".to_owned())], "{dialect:?}");
    }
    store.newsroom().entry_publish(by, &on("1000-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(room.route(path).await["firstPublishedAt"], "1000-01-01T00:00:00Z");
    room.publish(key, None).await.unwrap();
    store.newsroom().entry_publish(by, &on("2021-03-02T09:30:00Z")).await.unwrap();
    for field in ["publishedAt", "firstPublishedAt"] {
        assert_eq!(room.route(path).await[field], "2021-03-02T09:30:00Z", "{dialect:?}: {field}");
    }
    // It never went live later than it really did.
    let other = room.draft("other").await;
    room.publish(other, None).await.unwrap();
    let first = room.route("/en/articles/other").await["firstPublishedAt"].clone();
    let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
    for at in ["2020-01-01T00:00:00Z".parse().unwrap(), now] {
        let again = EntryPublish { published_at: Some(at), ..publish(other, None) };
        store.newsroom().entry_publish(by, &again).await.unwrap();
    }
    let live = room.route("/en/articles/other").await;
    assert_eq!((&live["publishedAt"], &live["firstPublishedAt"]), (&now.to_string().into(), &first), "{dialect:?}");
    assert_eq!(room.portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_note_of_spaces_says_nothing(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let key = room.draft("noted").await;
    room.publish(key, Some("  ")).await.unwrap();
    let (entry, locale) = (key.entry, key.locale);
    room.save(&room.author, key, Some(1), article(Some("noted"), "Noted", "Text.")).await.unwrap();
    let at = Timestamp::from_second(Timestamp::now().as_second() + 60).unwrap();
    let change_note = Some(" \n".to_owned());
    let later = EntrySchedule { entry, locale, at, revision: None, change_note: Patch::Set(change_note) };
    room.portal.store.newsroom().entry_schedule(Command::of(&room.publisher), &later).await.unwrap();
    room.portal.store.newsroom().due_run(at).await.unwrap();
    let live = room.route("/en/articles/noted").await;
    assert_eq!((&live["title"], &live["changeNotes"]), (&"Noted".into(), &serde_json::json!([])), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn nothing_ends_before_it_goes_live_whichever_is_set_first(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let by = Command::of(&room.publisher);
    let now = Timestamp::now();
    let at = |hours| now + SignedDuration::from_hours(hours);
    for (slug, end_first) in [("end-first", true), ("end-last", false)] {
        let key = room.draft(slug).await;
        let (entry, locale) = (key.entry, key.locale);
        room.publish(key, None).await.unwrap();
        room.save(&room.author, key, Some(1), article(Some(slug), "Newer", "Text.")).await.unwrap();
        let later = EntrySchedule { entry, locale, at: at(2), revision: None, change_note: Patch::Keep };
        let end = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(at(1)) };
        let said = if end_first {
            store.newsroom().entry_unpublish(by, &end).await.unwrap();
            store.newsroom().entry_schedule(by, &later).await
        } else {
            store.newsroom().entry_schedule(by, &later).await.unwrap();
            store.newsroom().entry_unpublish(by, &end).await
        };
        assert_eq!(refused(said), [(Invalid, "at".to_owned())], "{dialect:?}: {slug}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn steps_that_lead_nowhere_are_refused(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = room.draft("steps").await;
    let (editor, publisher) = (Command::of(&room.editor), Command::of(&room.publisher));
    assert_eq!(refused(store.newsroom().entry_approve(editor, &approve(key)).await)[0].0, WrongState);
    assert_eq!(refused(room.unpublish(key, Ending::Gone).await)[0].0, NotLive);
    let newest = EntryPublish { revision: Some(7), ..publish(key, None) };
    assert_eq!(refused(store.newsroom().entry_publish(publisher, &newest).await)[0].0, Conflict);
    room.publish(key, None).await.unwrap();
    assert_eq!(refused(store.newsroom().entry_archive(editor, key).await)[0].0, StillLive);
    assert_eq!(refused(store.newsroom().entry_delete(publisher, key.entry).await)[0].0, WasPublished);
    for target in ["javascript:steal()", "//evil.example", "nowhere", ""] {
        let ending = Ending::Redirect(target.into());
        assert_eq!(refused(room.unpublish(key, ending).await)[0].0, Invalid, "{target}");
    }
    assert_eq!(refused(room.unpublish(key, Ending::Notice(" ".into())).await)[0].0, Required);
    let own = Ending::Redirect("/en/articles/steps".into());
    assert_eq!(refused(room.unpublish(key, own).await)[0].0, Invalid);
    let past = EntryUnpublish {
        entry: key.entry,
        locale: key.locale,
        ending: Ending::Gone,
        at: Some(Timestamp::now() - SignedDuration::from_secs(1)),
    };
    assert_eq!(refused(store.newsroom().entry_unpublish(publisher, &past).await)[0].0, Invalid);
    assert_eq!(room.route("/en/articles/steps").await["__typename"], "Article", "{dialect:?}: nothing was changed");
    let nobody = VersionKey { entry: courant_domain::id::EntryId::generate(), ..key };
    assert_eq!(refused(room.publish(nobody, None).await)[0].0, NotFound);
    let unknown = VersionKey { locale: locale("tk"), ..key };
    assert_eq!(refused(room.publish(unknown, None).await)[0].0, NotFound);
    let foreign = VersionKey { locale: locale("fr"), ..key };
    assert_eq!(refused(room.save(&room.author, foreign, None, article(None, "A", "B")).await)[0].0, Invalid);
}

fn keyed<'a>(by: &'a Viewer, key: &'a str) -> Command<'a> {
    Command { key: Some(key), ..Command::of(by) }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_key_is_good_for_one_change(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let input = room.create_input("en", article(Some("once"), "Once", "Text."));
    let first = store.newsroom().entry_create(keyed(&room.author, "k"), &input).await.unwrap();
    let again = store.newsroom().entry_create(keyed(&room.author, "k"), &input).await.unwrap();
    assert_eq!(first, again, "{dialect:?}");
    let other = store.newsroom().entry_create(keyed(&room.editor, "k"), &input).await.unwrap();
    assert_ne!(first, other, "keys are each viewer's own");
    let more = room.create_input("en", article(Some("more"), "More", "Text."));
    let reused = store.newsroom().entry_create(keyed(&room.author, "k"), &more).await;
    assert_eq!(refused(reused), [(KeyReused, "idempotencyKey".to_owned())]);
    // What was refused can be asked again under its key.
    let incomplete = room.create_input("en", article(Some("later"), "Later", ""));
    let key = store.newsroom().entry_create(Command::of(&room.author), &incomplete).await.unwrap();
    let publisher = keyed(&room.publisher, "p");
    refused(store.newsroom().entry_publish(publisher, &publish(key, None)).await);
    room.save(&room.author, key, Some(1), article(Some("later"), "Later", "Now.")).await.unwrap();
    store.newsroom().entry_publish(publisher, &publish(key, None)).await.unwrap();
    let before = room.route("/en/articles/later").await;
    store.newsroom().entry_publish(publisher, &publish(key, None)).await.unwrap();
    assert_eq!(room.route("/en/articles/later").await, before, "it was not published twice");
    assert_eq!(refused(store.newsroom().entry_create(keyed(&room.author, ""), &more).await)[0].0, Invalid);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_a_key_has_made_is_shown_to_who_may_still_do_it(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let newsroom = room.portal.store.newsroom();
    let limited = room.user("Lia", vec![room.grant_in(Role::Editor, "society")]).await;
    let may_not = |result: Written<VersionKey>| {
        assert!(matches!(result, Err(WriteError::Forbidden(_))), "{dialect:?}: {result:?}");
    };
    let create = |slug: &str, path: &str| EntryCreate {
        category: room.category(path),
        ..room.create_input("en", article(Some(slug), "Once", "Text."))
    };

    // Whoever has lost the role.
    let input = create("once", "society");
    let made = newsroom.entry_create(keyed(&limited, "k"), &input).await.unwrap();
    assert_eq!(newsroom.entry_create(keyed(&limited, "k"), &input).await.unwrap(), made);
    let without = Viewer { grants: Vec::new(), ..limited.clone() };
    may_not(newsroom.entry_create(keyed(&without, "k"), &input).await);

    // Whoever may not where it is by now.
    let file = EntryFile { entry: made.entry, category: Some(room.category("politics")), tags: None };
    newsroom.entry_file(Command::of(&room.editor), &file).await.unwrap();
    may_not(newsroom.entry_create(keyed(&limited, "k"), &input).await);

    // A category that is another one's part by now keeps nobody from it.
    let feed = FeedCreate {
        slug: None,
        title: Localized::from_iter([(locale("en"), "Local".to_owned())]),
        description: Localized::default(),
        kinds: Vec::new(),
        categories: vec![room.category("society")],
        include_descendants: true,
        tags: Vec::new(),
        order: FeedOrder::Latest,
    };
    let publisher = room.user("Per", vec![room.grant_in(Role::Publisher, "society")]).await;
    let first = newsroom.feed_create(keyed(&publisher, "f"), &feed).await.unwrap();
    let merge = CategoryMerge { sources: vec![room.category("society")], target: room.category("politics") };
    newsroom.category_merge(Command::of(&room.admin), &merge).await.unwrap();
    let publisher = Viewer { grants: vec![room.grant_in(Role::Publisher, "politics")], ..publisher };
    assert_eq!(newsroom.feed_create(keyed(&publisher, "f"), &feed).await.unwrap(), first, "{dialect:?}");
}
