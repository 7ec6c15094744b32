//! Who may do what: every verb as every role, against the table of permissions.

use courant_domain::{
    access::{Grant, Permission, Reach, Role, Viewer},
    edition::Ending,
    patch::Patch,
    problem::ProblemCode::NotFound,
};
use courant_persistence::{
    Command, Dialect, EntryDuplicate, EntryFile, EntryPublish, EntrySave, EntrySchedule, EntrySendBack, EntryUnpublish,
    PreviewCreate, RevisionRestore, VersionKey, WriteError, Written,
};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Newsroom, approve, article, locale, member, publish, refused};

const VERBS: [(&str, Permission); 15] = [
    ("save", Permission::EditEntry),
    ("restore", Permission::EditEntry),
    ("file", Permission::EditEntry),
    ("duplicate", Permission::CreateEntry),
    ("preview", Permission::ReadDrafts),
    ("submit", Permission::SubmitEntry),
    ("send back", Permission::ReviewEntry),
    ("approve", Permission::ReviewEntry),
    ("schedule", Permission::PublishEntry),
    ("publish", Permission::PublishEntry),
    ("backdate", Permission::Backdate),
    ("unpublish", Permission::UnpublishEntry),
    ("expire", Permission::UnpublishEntry),
    ("archive", Permission::ArchiveEntry),
    ("delete", Permission::DeleteEntry),
];

/// Tries a verb. What it says of states and revisions does not matter here.
async fn attempt(room: &Newsroom, by: &Viewer, key: VersionKey, verb: &str) -> Written<()> {
    let store = &room.portal.store;
    let command = Command::of(by);
    let VersionKey { entry, locale } = key;
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    let content = article(None, "Other", "Other.");
    match verb {
        "save" => {
            let save = EntrySave {
                entry,
                locale,
                based_on: Some(99),
                content: content.into(),
                comment: None,
                translated_from: None,
            };
            store.newsroom().entry_save(command, &save).await.map(drop)
        }
        "restore" => {
            let restore = RevisionRestore { entry, locale, revision: 1, based_on: 99 };
            store.newsroom().revision_restore(command, &restore).await.map(drop)
        }
        "file" => {
            store.newsroom().entry_file(command, &EntryFile { entry, category: None, tags: None }).await.map(drop)
        }
        "duplicate" => {
            store.newsroom().entry_duplicate(command, &EntryDuplicate { entry, locales: None }).await.map(drop)
        }
        "preview" => store
            .newsroom()
            .preview_create(command, &PreviewCreate { entry, locale, revision: None, minutes: 5 })
            .await
            .map(drop),
        "submit" => store.newsroom().entry_submit(command, key).await.map(drop),
        "send back" => {
            let back = EntrySendBack { entry, locale, comment: "Again.".into() };
            store.newsroom().entry_send_back(command, &back).await.map(drop)
        }
        "approve" => store.newsroom().entry_approve(command, &approve(key)).await.map(drop),
        "schedule" => {
            let schedule = EntrySchedule { entry, locale, at: later, revision: Some(99), change_note: Patch::Keep };
            store.newsroom().entry_schedule(command, &schedule).await.map(drop)
        }
        "publish" => {
            let publish = EntryPublish { revision: Some(99), ..publish(key, None) };
            store.newsroom().entry_publish(command, &publish).await.map(drop)
        }
        "backdate" => {
            let at = Some(Timestamp::UNIX_EPOCH);
            let publish = EntryPublish { revision: Some(99), published_at: at, ..publish(key, None) };
            store.newsroom().entry_publish(command, &publish).await.map(drop)
        }
        "unpublish" => {
            let input = EntryUnpublish { entry, locale, ending: Ending::Gone, at: None };
            store.newsroom().entry_unpublish(command, &input).await.map(drop)
        }
        "expire" => {
            let input = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(later) };
            store.newsroom().entry_unpublish(command, &input).await.map(drop)
        }
        "archive" => store.newsroom().entry_archive(command, key).await.map(drop),
        "delete" => store.newsroom().entry_delete(command, entry).await.map(drop),
        other => panic!("{other}"),
    }
}

#[derive(Debug, PartialEq)]
enum Answer {
    Allowed,
    Forbidden,
    Hidden,
}

fn answer(written: &Written<()>) -> Answer {
    match written {
        Err(WriteError::Forbidden(_)) => Answer::Forbidden,
        Err(WriteError::Refused(problems)) if problems[0].code == NotFound && problems[0].field == ["entryId"] => {
            Answer::Hidden
        }
        Err(WriteError::Store(error)) => panic!("{error}"),
        _ => Answer::Allowed,
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn every_verb_asks_the_table(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    for role in Role::ALL {
        for own in [true, false] {
            let viewer = member("somebody", vec![Grant::everywhere(role)]);
            for (verb, permission) in VERBS {
                let input = room.create_input("en", article(None, "Asked", "Text."));
                let by = if own && role > Role::Reader { &viewer } else { &room.admin };
                let key = room.portal.store.newsroom().entry_create(Command::of(by), &input).await.unwrap();
                let own = std::ptr::eq(by, &raw const viewer);
                let reaches = |permission| match role.reach(permission) {
                    None => false,
                    Some(Reach::Own) => own,
                    Some(Reach::Any) => true,
                };
                let expected = match (reaches(Permission::ReadDrafts), reaches(permission)) {
                    (false, _) => Answer::Hidden,
                    (true, false) => Answer::Forbidden,
                    (true, true) => Answer::Allowed,
                };
                let found = answer(&attempt(&room, &viewer, key, verb).await);
                assert_eq!(found, expected, "{dialect:?}: {verb} as {role:?}, own: {own}");
            }
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_role_ends_where_its_limits_are(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let reference = store.reference();
    let politics = reference.categories.by_path("politics").unwrap().id;
    let elsewhere = reference.categories.children(None).find(|it| it.id != politics).unwrap().id;
    let in_russian = Grant { locales: vec![locale("ru")], ..Grant::everywhere(Role::Publisher) };
    let elsewhere_only = Grant { categories: vec![elsewhere], ..Grant::everywhere(Role::Publisher) };
    let (russian, other) = (member("Ru", vec![in_russian]), member("El", vec![elsewhere_only]));

    let key = room.draft("limits").await;
    assert_eq!(refused(store.newsroom().entry_submit(Command::of(&other), key).await)[0].0, NotFound, "{dialect:?}");
    assert_eq!(refused(store.newsroom().entry_submit(Command::of(&russian), key).await)[0].0, NotFound);
    let in_ru = VersionKey { locale: locale("ru"), ..key };
    room.save(&room.author, in_ru, None, article(Some("limits"), "Пределы", "Текст.")).await.unwrap();
    store.newsroom().entry_publish(Command::of(&russian), &publish(in_ru, None)).await.unwrap();
    let forbidden = store.newsroom().entry_publish(Command::of(&russian), &publish(key, None)).await;
    assert!(matches!(forbidden, Err(WriteError::Forbidden(Permission::PublishEntry))));
    // Filing concerns all languages, and both places.
    let file = EntryFile { entry: key.entry, category: Some(elsewhere), tags: None };
    let forbidden = store.newsroom().entry_file(Command::of(&russian), &file).await;
    assert!(matches!(forbidden, Err(WriteError::Forbidden(Permission::EditEntry))));
    let here_only = Grant { categories: vec![politics], ..Grant::everywhere(Role::Editor) };
    let here = member("He", vec![here_only]);
    let forbidden = store.newsroom().entry_file(Command::of(&here), &file).await;
    assert!(matches!(forbidden, Err(WriteError::Forbidden(Permission::EditEntry))));
    store.newsroom().entry_file(Command::of(&room.editor), &file).await.unwrap();
    assert_eq!(
        refused(store.newsroom().entry_submit(Command::of(&here), key).await)[0].0,
        NotFound,
        "it was filed away"
    );
}
