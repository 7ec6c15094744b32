//! When a set time has come, it is asked whether who set it still may; and approvals end with the place they were for.

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    audit::Act,
    edition::Ending,
    patch::Patch,
    workflow::{State, WaitingFor},
};
use courant_identity::opaque::{self, Kind};
use courant_persistence::{
    ApiTokenCreate, CategoryMerge, CategoryMove, Command, Dialect, DueDone, EntryFile, EntrySchedule, EntryUnpublish,
    NewParent, VersionKey,
};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Newsroom, approve};

fn soon(minutes: i64) -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap() + SignedDuration::from_mins(minutes)
}

/// An article in politics that somebody who may publish there has scheduled.
async fn scheduled(room: &Newsroom, by: &Viewer, slug: &str) -> VersionKey {
    let key = room.draft(slug).await;
    let VersionKey { entry, locale } = key;
    let schedule = EntrySchedule { entry, locale, at: soon(10), revision: None, change_note: Patch::Keep };
    room.portal.store.newsroom().entry_schedule(Command::of(by), &schedule).await.unwrap();
    key
}

async fn refused_because(room: &Newsroom, key: VersionKey, why: &str) {
    let done = room.portal.store.newsroom().due_run(soon(20)).await.unwrap();
    let [(of, DueDone::Refused(reason))] = &done[..] else { panic!("{done:?}") };
    assert!(*of == key && reason.contains(why), "{reason}");
    assert_eq!(room.standing(key).await.0, State::Draft);
    assert_eq!(room.history(key).await.last(), Some(&Act::UnscheduleEntry), "the newsroom sees it");
    assert!(room.portal.store.newsroom().due_run(soon(20)).await.unwrap().is_empty(), "it is refused once");
}

async fn room(dialect: Dialect) -> (Newsroom, Viewer) {
    let room = Newsroom::new(dialect).await;
    let pol = room.user("Pol", vec![room.grant_in(Role::Publisher, "politics")]).await;
    (room, pol)
}

#[apply(both_databases)]
#[tokio::test]
async fn what_somebody_scheduled_who_is_kept_out_does_not_go_live(dialect: Dialect) {
    let (room, pol) = room(dialect).await;
    let key = scheduled(&room, &pol, "kept-out").await;
    room.disable(&pol).await;
    refused_because(&room, key, "kept out").await;
    assert!(room.route("/en/articles/kept-out").await.is_null());
}

#[apply(both_databases)]
#[tokio::test]
async fn what_somebody_scheduled_who_lost_the_role_does_not_go_live(dialect: Dialect) {
    let (room, pol) = room(dialect).await;
    let key = scheduled(&room, &pol, "demoted").await;
    room.set_grants(&pol, vec![Grant::everywhere(Role::Editor)]).await;
    refused_because(&room, key, "PUBLISH_ENTRY").await;
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_moved_out_of_the_reach_of_who_scheduled_it_does_not_go_live(dialect: Dialect) {
    let (room, pol) = room(dialect).await;
    let store = &room.portal.store;
    let key = scheduled(&room, &pol, "moved-away").await;
    let below = EntryFile { entry: key.entry, category: Some(room.category("politics/parliament")), tags: None };
    store.newsroom().entry_file(Command::of(&pol), &below).await.unwrap();
    let id = room.category("politics/parliament");
    let parent = NewParent::Under(room.category("economy"));
    let away = CategoryMove { id, parent, position: None };
    store.newsroom().category_move(Command::of(&room.publisher), &away).await.unwrap();
    refused_because(&room, key, "PUBLISH_ENTRY").await;
}

#[apply(both_databases)]
#[tokio::test]
async fn an_end_is_refused_in_the_same_way_and_what_is_live_stays(dialect: Dialect) {
    let (room, pol) = room(dialect).await;
    let key = room.draft("stays").await;
    room.publish(key, None).await.unwrap();
    let VersionKey { entry, locale } = key;
    let end = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(soon(10)) };
    room.portal.store.newsroom().entry_unpublish(Command::of(&pol), &end).await.unwrap();
    room.disable(&pol).await;
    let done = room.portal.store.newsroom().due_run(soon(20)).await.unwrap();
    assert!(matches!(&done[..], [(_, DueDone::Refused(_))]), "{dialect:?}: {done:?}");
    assert_eq!(room.route("/en/articles/stays").await["title"], "A new bridge");
    assert_eq!(room.whole_standing(key).await.expiry, None);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_a_machine_scheduled_waits_for_the_machine_to_hold_and_for_who_answers_for_it(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let token = async |name: &str| {
        let (_, hash) = opaque::generate(Kind::Api).unwrap();
        let grants = vec![Grant::everywhere(Role::Publisher)];
        let create = ApiTokenCreate { name: name.to_owned(), grants: grants.clone(), expires_at: None, hash };
        let id = store.accounts().api_token_create(Command::of(&room.admin), &create).await.unwrap().id;
        (id, Viewer { actor: ActorId::token(id), name: name.to_owned(), grants })
    };
    let (_, good) = token("good").await;
    let key = scheduled(&room, &good, "by-machine").await;
    assert_eq!(store.newsroom().due_run(soon(20)).await.unwrap(), [(key, DueDone::Published)], "{dialect:?}");
    let (id, revoked) = token("revoked").await;
    let key = scheduled(&room, &revoked, "by-none").await;
    store.accounts().api_token_revoke(Command::of(&room.admin), id).await.unwrap();
    refused_because(&room, key, "kept out").await;
    let key = scheduled(&room, &good, "by-demoted").await;
    room.set_grants(&room.admin, vec![Grant::everywhere(Role::Author)]).await;
    refused_because(&room, key, "PUBLISH_ENTRY").await;
}

#[apply(both_databases)]
#[tokio::test]
async fn an_approval_ends_when_what_it_was_for_is_filed_elsewhere(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let approved = async |slug: &str| {
        let key = room.draft(slug).await;
        store.newsroom().entry_submit(Command::of(&room.author), key).await.unwrap();
        store.newsroom().entry_approve(Command::of(&room.editor), &approve(key)).await.unwrap();
        assert_eq!(room.whole_standing(key).await.waiting_for(), Some(WaitingFor::Publication));
        key
    };
    let waits = async |key| room.whole_standing(key).await.waiting_for();
    let key = approved("refiled").await;
    let file = |category, tags| EntryFile { entry: key.entry, category, tags };
    let same = file(Some(room.category("politics")), Some(Vec::new()));
    store.newsroom().entry_file(Command::of(&room.author), &same).await.unwrap();
    assert_eq!(waits(key).await, Some(WaitingFor::Publication), "{dialect:?}: nothing has moved");
    store.newsroom().entry_file(Command::of(&room.author), &file(Some(room.category("economy")), None)).await.unwrap();
    assert_eq!(waits(key).await, Some(WaitingFor::Review), "{dialect:?}");
    store.newsroom().entry_approve(Command::of(&room.editor), &approve(key)).await.unwrap();
    let tags = Some(vec![store.reference().tags()[0].id]);
    store.newsroom().entry_file(Command::of(&room.author), &file(None, tags)).await.unwrap();
    assert_eq!(waits(key).await, Some(WaitingFor::Review));

    let key = approved("merged").await;
    let merge = CategoryMerge { sources: vec![room.category("politics")], target: room.category("economy") };
    store.newsroom().category_merge(Command::of(&room.publisher), &merge).await.unwrap();
    assert_eq!(waits(key).await, Some(WaitingFor::Review), "{dialect:?}");
    assert_eq!(room.portal.database.broken().await, Vec::<String>::new());
}
