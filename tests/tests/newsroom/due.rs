//! Schedules.

use courant_domain::{audit::Act, change::ChangeKey, edition::Ending, entry::EntryKind, patch::Patch, workflow::State};
use courant_persistence::{
    Command, Dialect, DueDone, EntrySchedule, EntryUnpublish, EntryUnschedule, Scheduled, Store, VersionKey,
};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Newsroom, article, refused};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// Times as the schedule keeps them: to the microsecond.
fn soon(minutes: i32) -> Timestamp {
    let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
    now + MINUTE * minutes
}

async fn schedule(room: &Newsroom, key: VersionKey, at: Timestamp, note: Option<&str>) {
    let change_note = note.map(str::to_owned);
    let input = EntrySchedule {
        entry: key.entry,
        locale: key.locale,
        at,
        revision: None,
        change_note: Patch::Set(change_note),
    };
    room.portal.store.newsroom().entry_schedule(Command::of(&room.publisher), &input).await.unwrap();
}

async fn expire(room: &Newsroom, key: VersionKey, at: Timestamp, ending: Ending) {
    let input = EntryUnpublish { entry: key.entry, locale: key.locale, ending, at: Some(at) };
    room.portal.store.newsroom().entry_unpublish(Command::of(&room.publisher), &input).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_due_goes_live_once_in_order_with_its_planned_time(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (late, early, never) = (room.draft("late").await, room.draft("early").await, room.draft("never").await);
    schedule(&room, late, soon(20), None).await;
    let planned = soon(10);
    schedule(&room, early, planned, None).await;
    schedule(&room, never, soon(90), None).await;
    assert_eq!(store.newsroom().due_next().await.unwrap().at, Some(planned), "{dialect:?}");
    assert_eq!(store.newsroom().due_run(planned - SignedDuration::from_micros(1)).await.unwrap(), []);
    assert!(room.route("/en/articles/early").await.is_null());

    // Two nodes at once, after an hour in which neither ran.
    let before = store.reference().seq;
    let other = Store::open(&room.portal.database.options).await.unwrap();
    let (here, there) = (store.newsroom(), other.newsroom());
    let (one, two) = tokio::join!(here.due_run(soon(60)), there.due_run(soon(60)));
    let mut done: Vec<_> = one.unwrap();
    done.extend(two.unwrap());
    done.retain(|(_, done)| *done != DueDone::Nothing);
    done.sort_by_key(|(key, _)| *key != early);
    assert_eq!(done, [(early, DueDone::Published), (late, DueDone::Published)], "{dialect:?}");
    store.refresh().await.unwrap();
    let changes: Vec<_> = store.changes(before, 100).await.unwrap().into_iter().map(|change| change.key).collect();
    let edition = |key: VersionKey| {
        let (entry, locale) = (key.entry, key.locale);
        ChangeKey::Edition { entry, locale, kind: EntryKind::Article }
    };
    assert_eq!(changes, [edition(early), edition(late)], "each once, the earlier one first");
    let live = room.route("/en/articles/early").await;
    assert_eq!(live["publishedAt"], planned.to_string());
    assert_eq!(room.standing(never).await.0, State::Scheduled);
    assert!(store.newsroom().due_run(soon(60)).await.unwrap().is_empty(), "nothing is done twice");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_scheduled_is_not_changed_until_it_is_taken_off(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = room.draft("fixed").await;
    schedule(&room, key, soon(10), None).await;
    refused(room.save(&room.author, key, Some(1), article(None, "Other", "Other.")).await);
    let by = Command::of(&room.publisher);
    let off = |scheduled| EntryUnschedule { entry: key.entry, locale: key.locale, scheduled };
    refused(store.newsroom().entry_unschedule(by, &off(Scheduled::Expiry)).await);
    store.newsroom().entry_unschedule(by, &off(Scheduled::Publishing)).await.unwrap();
    assert_eq!(room.standing(key).await, (State::Draft, 1), "{dialect:?}");
    assert!(store.newsroom().due_run(soon(60)).await.unwrap().is_empty());
    let at = Timestamp::now() - MINUTE;
    let past = EntrySchedule { entry: key.entry, locale: key.locale, at, revision: None, change_note: Patch::Keep };
    refused(store.newsroom().entry_schedule(by, &past).await);
}

#[apply(both_databases)]
#[tokio::test]
async fn an_embargo_and_an_end_can_be_set_together(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = room.draft("for-an-hour").await;
    schedule(&room, key, soon(10), None).await;
    expire(&room, key, soon(20), Ending::Redirect("/en".into())).await;
    let before_it_starts =
        EntryUnpublish { entry: key.entry, locale: key.locale, ending: Ending::Gone, at: Some(soon(5)) };
    refused(store.newsroom().entry_unpublish(Command::of(&room.publisher), &before_it_starts).await);
    // Both came due while nothing was running.
    let done: Vec<_> = store.newsroom().due_run(soon(30)).await.unwrap().into_iter().map(|(_, done)| done).collect();
    assert_eq!(done, [DueDone::Published, DueDone::Unpublished], "{dialect:?}");
    assert_eq!(room.route("/en/articles/for-an-hour").await["target"], "/en");
    assert_eq!(room.standing(key).await.0, State::Withdrawn);
}

#[apply(both_databases)]
#[tokio::test]
async fn an_end_leaves_alone_what_is_in_work(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = room.draft("ending").await;
    room.publish(key, None).await.unwrap();
    expire(&room, key, soon(5), Ending::Notice("Over.".into())).await;
    room.save(&room.author, key, Some(1), article(Some("ending"), "In work", "In work.")).await.unwrap();
    assert_eq!(store.newsroom().due_run(soon(6)).await.unwrap(), [(key, DueDone::Unpublished)], "{dialect:?}");
    assert_eq!(room.standing(key).await, (State::Draft, 2));
    let live = room.route("/en/articles/ending").await;
    assert_eq!((&live["title"], &live["withdrawal"]["notice"]), (&"A new bridge".into(), &"Over.".into()));
}

#[apply(both_databases)]
#[tokio::test]
async fn what_cannot_go_live_is_a_draft_again_and_holds_up_nothing(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (first, second, third) = (room.draft("same").await, room.draft("same").await, room.draft("third").await);
    schedule(&room, first, soon(1), None).await;
    schedule(&room, second, soon(2), Some("A note.")).await;
    schedule(&room, third, soon(3), None).await;
    let done = store.newsroom().due_run(soon(5)).await.unwrap();
    assert_eq!((done[0].1.clone(), done[2].1.clone()), (DueDone::Published, DueDone::Published), "{dialect:?}");
    assert!(matches!(&done[1].1, DueDone::Refused(reason) if reason.contains("same")), "{done:?}");
    assert_eq!(room.standing(second).await, (State::Draft, 1));
}

#[apply(both_databases)]
#[tokio::test]
async fn what_cannot_be_done_is_given_up_once_by_one_of_two_nodes(dialect: Dialect) {
    const DRAFTS: usize = 6;
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let at = soon(1);
    let mut drafts = Vec::new();
    for _ in 0..DRAFTS {
        let key = room.draft("same").await;
        schedule(&room, key, at, None).await;
        drafts.push(key);
    }
    let other = Store::open(&room.portal.database.options).await.unwrap();
    let (here, there) = (store.newsroom(), other.newsroom());
    let (one, two) = tokio::join!(here.due_run(soon(5)), there.due_run(soon(5)));
    let mut done = one.unwrap();
    done.extend(two.unwrap());
    done.retain(|(_, done)| *done != DueDone::Nothing);
    assert_eq!(done.len(), DRAFTS, "{dialect:?}: {done:?}");
    assert_eq!(done.iter().filter(|(_, done)| *done == DueDone::Published).count(), 1);
    for key in drafts {
        let acts = room.history(key).await;
        assert_eq!(acts.len(), 3, "{dialect:?}: {acts:?}");
    }
    assert_eq!(room.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn what_never_went_live_has_no_end(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (first, second) = (room.draft("same").await, room.draft("same").await);
    schedule(&room, second, soon(10), None).await;
    expire(&room, second, soon(20), Ending::Gone).await;
    room.publish(first, None).await.unwrap();
    let mut done = store.newsroom().due_run(soon(30)).await.unwrap();
    done.retain(|(_, done)| *done != DueDone::Nothing);
    assert!(matches!(&done[..], [(key, DueDone::Refused(_))] if *key == second), "{dialect:?}: {done:?}");
    assert_eq!(store.newsroom().due_next().await.unwrap().at, None, "nor is its end ahead");
    assert_eq!(room.history(second).await.last(), Some(&Act::UnscheduleEntry));
    assert_eq!(room.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn an_end_comes_however_fine_its_time_is(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let key = room.draft("fine").await;
    room.publish(key, None).await.unwrap();
    expire(&room, key, soon(5) + SignedDuration::from_nanos(7), Ending::Gone).await;
    assert_eq!(
        room.portal.store.newsroom().due_run(soon(6)).await.unwrap(),
        [(key, DueDone::Unpublished)],
        "{dialect:?}"
    );
}
