//! Four eyes: who wrote a text does not let it go live alone, where the site wants that.

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    patch::Patch,
    problem::ProblemCode::{self, FourEyes, WrongState},
};
use courant_identity::opaque::{self, Kind};
use courant_persistence::{
    ApiTokenCreate, Command, Dialect, DueDone, EntryFile, EntrySchedule, EntrySendBack, VersionKey, WriteError, Written,
};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Newsroom, approve, article, publish};

fn code<T: std::fmt::Debug>(written: Written<T>) -> ProblemCode {
    match written {
        Err(WriteError::Refused(problems)) => problems[0].code,
        other => panic!("not refused: {other:?}"),
    }
}

async fn room(dialect: Dialect) -> Newsroom {
    let room = Newsroom::new(dialect).await;
    room.four_eyes(true).await;
    room
}

/// An article that somebody who may do everything has written.
async fn written(room: &Newsroom, by: &Viewer, slug: &str) -> VersionKey {
    let input = room.create_input("en", article(Some(slug), "A new bridge", "It opens."));
    room.portal.store.newsroom().entry_create(Command::of(by), &input).await.unwrap()
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap() + SignedDuration::from_mins(minutes)
}

fn schedule(key: VersionKey) -> EntrySchedule {
    EntrySchedule { entry: key.entry, locale: key.locale, at: at(10), revision: None, change_note: Patch::Keep }
}

#[apply(both_databases)]
#[tokio::test]
async fn nobody_lets_their_own_text_go_live_alone(dialect: Dialect) {
    let room = room(dialect).await;
    let store = &room.portal.store;
    for by in [&room.publisher, &room.admin] {
        let key = written(&room, by, &by.name.to_lowercase()).await;
        let command = Command::of(by);
        assert_eq!(code(store.newsroom().entry_publish(command, &publish(key, None)).await), FourEyes, "{dialect:?}");
        assert_eq!(code(store.newsroom().entry_schedule(command, &schedule(key)).await), FourEyes);
        store.newsroom().entry_submit(command, key).await.unwrap();
        assert_eq!(code(store.newsroom().entry_approve(command, &approve(key)).await), FourEyes);
        // Another's approval lets them.
        store.newsroom().entry_approve(Command::of(&room.editor), &approve(key)).await.unwrap();
        store.newsroom().entry_publish(command, &publish(key, None)).await.unwrap();
    }
    // What another publishes, another has agreed to.
    let key = written(&room, &room.author, "of-the-author").await;
    store.newsroom().entry_publish(Command::of(&room.publisher), &publish(key, None)).await.unwrap();
    assert_eq!(room.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn whoever_wrote_since_somebody_last_agreed_is_one_of_its_authors(dialect: Dialect) {
    let room = room(dialect).await;
    let store = &room.portal.store;
    let (ed, pia) = (&room.editor, &room.publisher);
    let key = written(&room, pia, "two-hands").await;
    room.save(ed, key, Some(1), article(Some("two-hands"), "A comma", "It opens.")).await.unwrap();
    store.newsroom().entry_submit(Command::of(ed), key).await.unwrap();
    // A comma does not make it another's.
    assert_eq!(code(store.newsroom().entry_approve(Command::of(pia), &approve(key)).await), FourEyes, "{dialect:?}");
    assert_eq!(code(store.newsroom().entry_approve(Command::of(ed), &approve(key)).await), FourEyes);
    assert_eq!(code(store.newsroom().entry_publish(Command::of(pia), &publish(key, None)).await), FourEyes);
    store.newsroom().entry_approve(Command::of(&room.admin), &approve(key)).await.unwrap();
    // What was agreed to counts no more: this revision is the editor's alone.
    room.save(ed, key, Some(2), article(Some("two-hands"), "Another comma", "It opens.")).await.unwrap();
    store.newsroom().entry_publish(Command::of(pia), &publish(key, None)).await.unwrap();
    // Nor does what is live.
    room.save(pia, key, Some(3), article(Some("two-hands"), "A correction", "It opens.")).await.unwrap();
    assert_eq!(code(store.newsroom().entry_publish(Command::of(pia), &publish(key, None)).await), FourEyes);
    store.newsroom().entry_submit(Command::of(pia), key).await.unwrap();
    store.newsroom().entry_approve(Command::of(ed), &approve(key)).await.unwrap();
    // An approval that was taken back is none.
    let back = EntrySendBack { entry: key.entry, locale: key.locale, comment: "No.".into() };
    store.newsroom().entry_send_back(Command::of(ed), &back).await.unwrap();
    assert_eq!(
        code(store.newsroom().entry_publish(Command::of(pia), &publish(key, None)).await),
        FourEyes,
        "{dialect:?}"
    );
}

#[apply(both_databases)]
#[tokio::test]
async fn a_machine_is_whoever_answers_for_it(dialect: Dialect) {
    let room = room(dialect).await;
    let store = &room.portal.store;
    let (_, hash) = opaque::generate(Kind::Api).unwrap();
    let grants = vec![Grant::everywhere(Role::Publisher)];
    let create = ApiTokenCreate { name: "Mine".into(), grants: grants.clone(), expires_at: None, hash };
    let id = store.accounts().api_token_create(Command::of(&room.admin), &create).await.unwrap().id;
    let machine = Viewer { actor: ActorId::token(id), name: "Mine".into(), grants };
    let key = written(&room, &machine, "by-machine").await;
    for by in [&machine, &room.admin] {
        assert_eq!(
            code(store.newsroom().entry_publish(Command::of(by), &publish(key, None)).await),
            FourEyes,
            "{dialect:?}"
        );
    }
    let key_of_admin = written(&room, &room.admin, "by-admin").await;
    let done = store.newsroom().entry_publish(Command::of(&machine), &publish(key_of_admin, None)).await;
    assert_eq!(code(done), FourEyes);
    store.newsroom().entry_publish(Command::of(&room.publisher), &publish(key, None)).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn the_schedule_looks_again_and_what_was_agreed_to_stays_where_it_is(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    // Scheduled alone while the site did not mind.
    let alone = written(&room, &room.publisher, "alone").await;
    store.newsroom().entry_schedule(Command::of(&room.publisher), &schedule(alone)).await.unwrap();
    room.four_eyes(true).await;
    let done = store.newsroom().due_run(at(20)).await.unwrap();
    assert!(matches!(&done[..], [(_, DueDone::Refused(why))] if why.contains("alone")), "{dialect:?}: {done:?}");

    let agreed = written(&room, &room.publisher, "agreed").await;
    store.newsroom().entry_submit(Command::of(&room.publisher), agreed).await.unwrap();
    store.newsroom().entry_approve(Command::of(&room.editor), &approve(agreed)).await.unwrap();
    store.newsroom().entry_schedule(Command::of(&room.publisher), &schedule(agreed)).await.unwrap();
    let file = EntryFile { entry: agreed.entry, category: Some(room.category("economy")), tags: None };
    assert_eq!(code(store.newsroom().entry_file(Command::of(&room.publisher), &file).await), WrongState);
    assert_eq!(store.newsroom().due_run(at(20)).await.unwrap(), [(agreed, DueDone::Published)]);
}

#[apply(both_databases)]
#[tokio::test]
async fn without_the_option_and_on_the_machine_itself_nobody_is_asked(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = written(&room, &room.publisher, "as-ever").await;
    store.newsroom().entry_submit(Command::of(&room.publisher), key).await.unwrap();
    store.newsroom().entry_approve(Command::of(&room.publisher), &approve(key)).await.unwrap();
    store.newsroom().entry_publish(Command::of(&room.publisher), &publish(key, None)).await.unwrap();
    room.four_eyes(true).await;
    let program = Viewer::program();
    let key = written(&room, &program, "by-program").await;
    store.newsroom().entry_publish(Command::of(&program), &publish(key, None)).await.unwrap();
    let site = room.portal.query("{ __type(name: \"Site\") { fields { name } } }").await;
    assert!(!site.text.contains("fourEyes"), "{dialect:?}: {}", site.text);
}
